"""Moving rows from one record to another of the same kind: what uniting two records does to all rows, and splitting to some.

A row that the other record has already is united with its equal there, which gets its passages; its note says what differed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias, cast

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _

from base.records.bulk_saving import rows_in_parts, save_rows
from base.records.change_sets import ChangeSet
from base.records.history import keep_first_versions
from base.records.locking import lock_rows
from base.records.merge_plan import (
    NAMES,
    RelationPlan,
    ToMany,
    ToOne,
    columns_that_differ,
    find_twin,
    is_empty,
    label_of_translation,
    rows_with,
)
from base.records.moved_texts import (
    add_missing_translations,
    differing_translations,
    join_notes,
    take_translations,
)
from base.records.names import Name
from base.records.provenance import Certainty, Cited
from base.records.publishing import Publishable, Status
from base.records.records import Record
from base.records.row_changes import LineKey
from base.records.support import unfit

# Of two equal facts the firmer certainty stands, as its passages now prove both.
FIRMEST_FIRST = [Certainty.STATED, Certainty.INFERRED, Certainty.DISPUTED, Certainty.REJECTED]

# Whether the value of the row that goes is taken, by the column of that row. Columns that are not named keep the value of the row
# that stays, if it has one.
Choices: TypeAlias = Mapping[LineKey, bool]


@dataclass
class MoveCounts:
    """How many rows were changed, in what way, and the change set by which that is undone."""

    moved: int = 0
    united: int = 0
    left: int = 0  # rows that would now link a record to itself; they stay with the other one
    change_set: ChangeSet | None = None


class NotFit(Exception):
    """A public record that would not be fit for the public after the move, and why."""

    def __init__(self, row: models.Model, problems: list[str]) -> None:
        super().__init__(" ".join(problems))
        self.row, self.problems = row, problems


class ChangedMeanwhile(Exception):
    """Somebody else changed a row that was about to move, between the plan and its being locked."""


def move_rows(
    plan: RelationPlan, source: Record, target: Record, reason: str, counts: MoveCounts, choices: Choices
) -> None:
    """Make the rows of a plan refer to `target` instead of `source`, in a transaction of the caller.

    Raises NotFit and ChangedMeanwhile. Some 20 queries for 500 rows that move, and a few for every row that has an equal.
    """
    if isinstance(plan.column, models.ManyToManyField):
        _replace_in_lists(plan.column, plan.moved, source, target, reason)
        counts.moved += len(plan.moved)
    else:
        _repoint_rows(plan.column, plan, source, target, reason, counts, choices)


def _replace_in_lists(column: ToMany, keys: set[int], source: Record, target: Record, reason: str) -> None:
    """Put the target in the place of the source in every one of these rows that list it."""
    through = cast("type[models.Model]", column.remote_field.through)._base_manager
    of, other = column.m2m_field_name(), column.m2m_reverse_field_name()
    model = cast("type[Publishable]", column.model)
    for rows in rows_in_parts(model, keys):
        part = {row.pk: row for row in rows}
        keep_first_versions(model, list(part))
        links = through.filter(**{f"{of}__in": list(part)})
        have_both = set(links.filter(**{other: target}).values_list(of, flat=True))
        if set(links.filter(**{other: source}).values_list(of, flat=True)) != set(part):
            raise ChangedMeanwhile
        links.filter(**{other: source}).delete()
        through.bulk_create(
            through.model(**{of: row, other: target}) for pk, row in part.items() if pk not in have_both
        )
        save_rows(rows, [], reason)


def _repoint_rows(
    column: ToOne,
    plan: RelationPlan,
    source: Record,
    target: Record,
    reason: str,
    counts: MoveCounts,
    choices: Choices,
) -> None:
    """Make every row of the plan point at the target, or unite it with its equal there."""
    comes_first = issubclass(plan.model, Name) and choices.get(LineKey(source._meta.label, source.pk, NAMES), False)
    if comes_first:
        _put_behind(column, target, _last_position(column, source), reason)
        last_position: int | None = -1
    else:
        last_position = _last_position(column, target)
    fit_before = plan.moved - set(unfit(plan.model, plan.moved).values_list("pk", flat=True))
    lock_rows({plan.model: {*plan.united, *plan.united.values()}})
    united = list(rows_with(column, source).filter(pk__in=plan.united))
    if len(united) < len(plan.united):
        raise ChangedMeanwhile
    for row in united:
        setattr(row, column.name, target)
        twin = find_twin(row)
        if twin is None or twin.pk != plan.united[row.pk]:
            raise ChangedMeanwhile
        row._change_reason = twin._change_reason = reason[:100]
        if comes_first:
            twin.position = row.position  # type: ignore[attr-defined]  # names have one
        _unite(row, twin, choices)
        row.delete()
        counts.united += 1
    for rows in rows_in_parts(plan.model, plan.moved):
        if any(getattr(row, column.attname) != source.pk for row in rows):
            raise ChangedMeanwhile
        prefetch_related_objects(rows, *plan.model.public_parents)
        columns = {column.name}
        for row in rows:
            stored = {each.name: getattr(row, each.attname) for each in row._meta.concrete_fields}
            setattr(row, column.name, target)
            if last_position is not None:
                row.position += last_position + 1  # type: ignore[attr-defined]  # only of models with a position
            if hasattr(row, "derive"):
                row.derive()
            columns |= {name for name, value in stored.items() if getattr(row, _attname(row, name)) != value}
        save_rows(rows, columns, reason)
    counts.moved += len(plan.moved)
    counts.left += len(plan.left)
    broken = unfit(plan.model, fit_before).first()
    if isinstance(broken, Record) and target.status == Status.PUBLISHED:
        raise NotFit(broken, [str(problem) for problem in broken.publish_problems()])


def _attname(row: Publishable, name: str) -> str:
    return cast("models.Field[object, object]", row._meta.get_field(name)).attname


def _last_position(column: ToOne, record: Record) -> int | None:
    """Return the last position of the record's own rows, behind which others are put; None if rows have no position."""
    positions = [f for f in column.model._meta.fields if f.name == "position" and f.editable]
    if not positions:
        return None
    highest = rows_with(column, record).aggregate(last=models.Max("position"))["last"]
    return -1 if highest is None else int(highest)


def _put_behind(column: ToOne, record: Record, last_position: int | None, reason: str) -> None:
    """Put the record's own rows behind a position."""
    keys = set(rows_with(column, record).values_list("pk", flat=True))
    for rows in rows_in_parts(cast("type[Publishable]", column.model), keys):
        for row in rows:
            row.position += (last_position or 0) + 1  # type: ignore[attr-defined]  # names have one
        save_rows(rows, ["position"], reason)


def _unite(row: Publishable, twin: Publishable, choices: Choices) -> None:
    """Give `twin` what only `row` has: passages, values of empty columns, the firmer certainty; it is public if either was."""
    copy_values(row, twin, choices)
    if isinstance(twin, Cited) and isinstance(row, Cited):
        certainties = [Certainty(row.certainty), Certainty(twin.certainty)]
        twin.certainty = min(certainties, key=FIRMEST_FIRST.index)
    if row.status == Status.PUBLISHED and twin.status == Status.DRAFT:
        twin.status = Status.PUBLISHED
    twin.save()


def copy_values(row: Publishable, twin: Publishable, choices: Choices) -> None:
    """Fill the empty columns of `twin` from `row`, take what was chosen, add passages and other links; the note says what differed.

    Links are saved, columns are not. Raises NotFit if `twin` may not hold what was chosen.
    """
    lost: list[str] = []
    replaced: list[str] = []
    copied: list[str] = []
    chosen = False
    add_missing_translations(row, twin)
    for each in differing_translations(row, twin):
        label = label_of_translation(row, each.name, each.language)
        if choices.get(LineKey(row._meta.label, row.pk, each.column)):
            twin.translations[each.language][each.name] = each.of_row  # type: ignore[attr-defined]  # both have some
            replaced.append(f"{label}: {each.of_twin}")
        else:
            lost.append(f"{label}: {each.of_row}")
    for column in columns_that_differ(row, twin):
        value, own_value = getattr(row, column.attname), getattr(twin, column.attname)
        taken = choices.get(LineKey(row._meta.label, row.pk, column.name))
        if is_empty(own_value) and taken is not False:
            setattr(twin, column.attname, value)
            copied.append(column.name)
        elif taken:
            replaced.append(f"{column.verbose_name}: {_as_noted(twin, column)}")
            setattr(twin, column.attname, value)
            copied.append(column.name)
            chosen = True
        else:
            lost.append(f"{column.verbose_name}: {_as_noted(row, column)}")
    if copied:
        take_translations(twin, row, copied)
    if isinstance(twin, Cited) and isinstance(row, Cited):
        _join_notes(row, twin, lost, replaced)
    for many in row._meta.many_to_many:
        if many.name in row.own_links:
            continue
        getattr(twin, many.name).add(*getattr(row, many.name).all())
    if chosen:
        try:
            twin.clean()
            twin.validate_constraints()
        except ValidationError as error:
            raise NotFit(twin, error.messages) from error


def _as_noted(row: Publishable, column: models.Field[object, object]) -> object:
    return getattr(row, column.name if column.is_relation else column.attname)


def _join_notes(row: Cited, twin: Cited, lost: list[str], replaced: list[str]) -> None:
    """Add to the note of `twin` the note of `row` and the values of either that are not kept."""
    if row.certainty not in (Certainty.STATED, twin.certainty):
        label = Cited._meta.get_field("certainty").verbose_name
        lost = [*lost, f"{label}: {row.get_certainty_display()}"]
    sentences = []
    if lost:
        sentences.append(_("The double that was merged had %s.") % "; ".join(lost))
    if replaced:
        sentences.append(_("Before a double was merged into it, it had %s.") % "; ".join(replaced))
    join_notes(row, twin, sentences)
