"""Merging two records that turned out to be the same person, organization, initiative, event or topic.

Everything that refers to the loser is made to refer to the winner. A row that the winner has already is united with its twin:
the twin gets its passages, and the note says what differs. Former ids stay with the loser, whose address leads to the winner.
The histories of all rows stay, so that the merge can be read and undone by hand.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar, cast

from django.db import models, transaction
from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _

from base.records.bulk_saving import rows_in_parts, save_rows
from base.records.change_reasons import MERGED
from base.records.merge_plan import (
    NEVER_COPIED,
    ToMany,
    ToOne,
    columns_to,
    find_twin,
    plan_merge,
    plan_relation,
    rows_with,
)
from base.records.provenance import Certainty, Cited
from base.records.publishing import Publishable, Status
from base.records.records import Record
from base.records.support import unfit

# Of two equal facts the firmer certainty stands, as its passages now prove both.
FIRMEST_FIRST = [Certainty.STATED, Certainty.INFERRED, Certainty.DISPUTED, Certainty.REJECTED]

R = TypeVar("R", bound=Record)


class CannotMerge(Exception):
    """The two rows cannot become one; the message says why."""


@dataclass
class MergeCounts:
    """How many rows that referred to the loser were changed, and in what way."""

    moved: int = 0
    united: int = 0
    left: int = 0  # rows that would now link the winner to itself; they stay with the withdrawn loser


@transaction.atomic
def merge(loser: R, winner: R, *, reason: str, expected: str | None = None) -> MergeCounts:
    """Move everything from `loser` to `winner` and withdraw `loser`, all or nothing.

    `reason` (at most 100 characters) goes into the history of every row. `expected` is the digest of the plan that the curator
    was shown. Raises CannotMerge, also if the plan is another one by now, or if a public row would not be fit for it afterwards.
    Costs some 20 queries for 500 rows that move, and a few for every row that has an equal at the winner.
    """
    model = type(loser)
    if type(winner) is not model or winner.pk == loser.pk:
        raise CannotMerge(_("Choose two different rows of the same kind."))
    rows = model._base_manager.select_for_update(of=("self",)).order_by("pk").in_bulk([loser.pk, winner.pk])
    if len(rows) < 2:
        raise CannotMerge(_("Somebody else has just deleted one of the two rows."))
    loser, winner = rows[loser.pk], rows[winner.pk]
    if winner.status == Status.WITHDRAWN or winner.merged_into_id:
        raise CannotMerge(_("“%s” is withdrawn; nothing can be merged into it.") % winner)
    if loser.merged_into_id:
        raise CannotMerge(_("“%s” was merged before.") % loser)
    if loser.published_at is not None and winner.status != Status.PUBLISHED:
        raise CannotMerge(_("“%s” has a public address that must lead somewhere: publish the other one first.") % loser)
    if expected is not None and plan_merge(loser, winner).digest != expected:
        raise CannotMerge(_("Meanwhile somebody changed one of them. Nothing was united; this is how it stands now."))
    before = set(winner.publish_problems())
    counts = MergeCounts()
    for column in columns_to(model):
        if isinstance(column, models.ManyToManyField):
            _replace_in_lists(column, loser, winner, reason, counts)
        else:
            _repoint_rows(column, loser, winner, reason, counts)
    _copy_missing_values(loser, winner)
    winner._change_reason = MERGED({"slug": loser.slug, "reason": reason})
    winner.save()
    loser.status, loser.merged_into = Status.WITHDRAWN, winner
    loser.withdrawn_reason = loser.withdrawn_reason or reason
    loser._change_reason = reason[:100]
    loser.save()
    if winner.status == Status.PUBLISHED:
        _require_fit(winner, [str(problem) for problem in winner.publish_problems() if problem not in before])
    return counts


def _require_fit(row: Record, problems: list[str]) -> None:
    """Raise CannotMerge, which takes everything back, if a public record would have these problems."""
    if problems:
        text = _("Nothing was united, because “%(row)s” would not be fit for the public any more: %(problems)s")
        raise CannotMerge(text % {"row": row, "problems": " ".join(problems)})


def _replace_in_lists(column: ToMany, loser: Record, winner: Record, reason: str, counts: MergeCounts) -> None:
    """Put the winner in the loser's place in every row that lists the loser."""
    through = cast("type[models.Model]", column.remote_field.through)._base_manager
    of, target = column.m2m_field_name(), column.m2m_reverse_field_name()
    keys = set(through.filter(**{target: loser}).values_list(of, flat=True))
    model = cast("type[Publishable]", column.model)
    for rows in rows_in_parts(model, keys):
        part = {row.pk: row for row in rows}
        links = through.filter(**{f"{of}__in": list(part)})
        have_both = set(links.filter(**{target: winner}).values_list(of, flat=True))
        links.filter(**{target: loser}).delete()
        through.bulk_create(
            through.model(**{of: row, target: winner}) for pk, row in part.items() if pk not in have_both
        )
        save_rows(rows, [], reason)
    counts.moved += len(keys)


def _repoint_rows(column: ToOne, loser: Record, winner: Record, reason: str, counts: MergeCounts) -> None:
    """Make every row that points at the loser point at the winner, or unite it with its twin there."""
    plan = plan_relation(column, loser, winner)
    last_position = _last_position(column, winner)
    fit_before = plan.moved - set(unfit(plan.model, plan.moved).values_list("pk", flat=True))
    for row in rows_with(column, loser).filter(pk__in=plan.united):
        setattr(row, column.name, winner)
        if (twin := find_twin(row)) is not None:
            row._change_reason = twin._change_reason = reason[:100]
            _unite(row, twin)
            row.delete()
            counts.united += 1
    for rows in rows_in_parts(plan.model, plan.moved):
        prefetch_related_objects(rows, *plan.model.public_parents)
        columns = {column.name}
        for row in rows:
            stored = {each.name: getattr(row, each.attname) for each in row._meta.concrete_fields}
            setattr(row, column.name, winner)
            if last_position is not None:
                row.position += last_position + 1  # type: ignore[attr-defined]  # only of models with a position
            if hasattr(row, "derive"):
                row.derive()
            columns |= {name for name, value in stored.items() if getattr(row, _attname(row, name)) != value}
        save_rows(rows, columns, reason)
    counts.moved += len(plan.moved)
    counts.left += len(plan.left)
    broken = unfit(plan.model, fit_before).first()
    if isinstance(broken, Record) and winner.status == Status.PUBLISHED:
        _require_fit(broken, [str(problem) for problem in broken.publish_problems()])


def _attname(row: Publishable, name: str) -> str:
    return cast("models.Field[object, object]", row._meta.get_field(name)).attname


def _last_position(field: ToOne, winner: Record) -> int | None:
    """Return the last position of the winner's own rows, behind which the loser's are put; None if rows have no position."""
    positions = [f for f in field.model._meta.fields if f.name == "position" and f.editable]
    if not positions:
        return None
    highest = rows_with(field, winner).aggregate(last=models.Max("position"))["last"]
    return -1 if highest is None else int(highest)


def _unite(row: Publishable, twin: Publishable) -> None:
    """Give `twin` what only `row` has: passages, values of empty columns, the firmer certainty; it is public if either was."""
    _copy_missing_values(row, twin)
    if isinstance(twin, Cited) and isinstance(row, Cited):
        certainties = [Certainty(row.certainty), Certainty(twin.certainty)]
        twin.certainty = min(certainties, key=FIRMEST_FIRST.index)
    if row.status == Status.PUBLISHED and twin.status == Status.DRAFT:
        twin.status = Status.PUBLISHED
    twin.save()


def _copy_missing_values(row: Publishable, twin: Publishable) -> None:
    """Fill the empty columns of `twin` from `row`, add its passages and other links, and say in the note what differs.

    Links are saved, columns are not.
    """
    differences = []
    for field in row._meta.fields:
        if not field.editable or field.primary_key or field.name in NEVER_COPIED:
            continue
        value, own_value = getattr(row, field.attname), getattr(twin, field.attname)
        if value in (None, "", own_value):
            continue
        if own_value in (None, ""):
            setattr(twin, field.attname, value)
        elif isinstance(twin, Cited):
            text = getattr(row, field.name) if field.is_relation else value
            differences.append(f"{field.verbose_name}: {text}")
    if isinstance(twin, Cited) and isinstance(row, Cited):
        _join_notes(row, twin, differences)
    for many in row._meta.many_to_many:
        if many.name in row.own_links:
            continue
        getattr(twin, many.name).add(*getattr(row, many.name).all())


def _join_notes(row: Cited, twin: Cited, differences: list[str]) -> None:
    """Add to the note of `twin` the note of `row` and what differed between the two."""
    if row.certainty not in (Certainty.STATED, twin.certainty):
        label = Cited._meta.get_field("certainty").verbose_name
        differences = [*differences, f"{label}: {row.get_certainty_display()}"]
    notes = [twin.note, *([row.note] if row.note not in twin.note else [])]
    if differences:
        notes.append(_("The double that was merged had %s.") % "; ".join(differences))
    twin.note = "\n".join(filter(None, notes))
