"""Merging two records that turned out to be the same person, organization, initiative, event or topic.

Everything that refers to the loser is made to refer to the winner. A row that the winner has already is united with its twin:
the twin gets its passages, and the note says what differs. Former ids stay with the loser, whose address leads to the winner.
The histories of all rows stay, so that the merge can be read and undone by hand.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias, TypeVar, cast

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import UniqueConstraint
from django.utils.translation import gettext as _
from simple_history.models import HistoricalChanges

from base.records.provenance import Certainty, Cited
from base.records.publishing import Publishable, Status
from base.records.records import Record
from base.records.resolution import FormerId

# Of two equal facts the firmer certainty stands, as its passages now prove both.
FIRMEST_FIRST = [Certainty.STATED, Certainty.INFERRED, Certainty.DISPUTED, Certainty.REJECTED]
NEVER_COPIED = {"uid", "status", "certainty", "note", "position", "slug", "withdrawn_reason", "merged_into"}

R = TypeVar("R", bound=Record)
# A column of a row that holds a record, or one that holds several.
ToOne: TypeAlias = "models.ForeignKey[Record, Record]"
ToMany: TypeAlias = "models.ManyToManyField[Record, models.Model]"


class CannotMerge(Exception):
    """The two rows cannot become one; the message says why."""


@dataclass
class MergeCounts:
    """How many rows that referred to the loser were changed, and in what way."""

    moved: int = 0
    united: int = 0
    left: int = 0  # rows that would now link the winner to itself; they stay with the withdrawn loser


@transaction.atomic
def merge(loser: R, winner: R, *, reason: str) -> MergeCounts:
    """Move everything from `loser` to `winner` and withdraw `loser`, all or nothing.

    `reason` (at most 100 characters) goes into the history of every row. Raises CannotMerge. Costs a few queries for every
    row that refers to the loser.
    """
    model = type(loser)
    if type(winner) is not model or winner.pk == loser.pk:
        raise CannotMerge(_("Choose two different rows of the same kind."))
    rows = model._base_manager.select_for_update(of=("self",)).order_by("pk").in_bulk([loser.pk, winner.pk])
    loser, winner = rows[loser.pk], rows[winner.pk]
    if winner.status == Status.WITHDRAWN or winner.merged_into_id:
        raise CannotMerge(_("“%s” is withdrawn; nothing can be merged into it.") % winner)
    if loser.merged_into_id:
        raise CannotMerge(_("“%s” was merged before.") % loser)
    if loser.published_at is not None and winner.status != Status.PUBLISHED:
        raise CannotMerge(_("“%s” has a public address that must lead somewhere: publish the other one first.") % loser)
    counts = MergeCounts()
    for relation in model._meta.related_objects:
        if issubclass(relation.related_model, FormerId | HistoricalChanges) or relation.field.name == "merged_into":
            continue
        if relation.many_to_many:
            _replace_in_lists(cast(ToMany, relation.field), loser, winner, reason, counts)
        else:
            _repoint_rows(cast(ToOne, relation.field), loser, winner, reason, counts)
    _copy_missing_values(loser, winner)
    winner._change_reason = (_("Merged with %(slug)s: %(reason)s") % {"slug": loser.slug, "reason": reason})[:100]
    winner.save()
    loser.status, loser.merged_into = Status.WITHDRAWN, winner
    loser.withdrawn_reason = loser.withdrawn_reason or reason
    loser._change_reason = reason[:100]
    loser.save()
    return counts


def _rows_with(field: ToOne | ToMany, record: Record) -> models.QuerySet[Publishable]:
    """Return the rows whose column `field` holds the record."""
    rows = cast("models.Manager[Publishable]", field.model._base_manager)
    return rows.filter(**{field.name: record})


def _replace_in_lists(field: ToMany, loser: Record, winner: Record, reason: str, counts: MergeCounts) -> None:
    """Put the winner in the loser's place in every row that lists the loser."""
    for row in _rows_with(field, loser):
        row._change_reason = reason[:100]
        links = getattr(row, field.name)
        links.add(winner)
        links.remove(loser)
        row.save()
        counts.moved += 1


def _repoint_rows(field: ToOne, loser: Record, winner: Record, reason: str, counts: MergeCounts) -> None:
    """Make every row that points at the loser point at the winner, or unite it with its twin there."""
    last_position = _last_position(field, winner)
    for row in _rows_with(field, loser):
        row._change_reason = reason[:100]
        setattr(row, field.name, winner)
        if (twin := _twin(row)) is not None:
            twin._change_reason = reason[:100]
            _unite(row, twin)
            row.delete()
            counts.united += 1
            continue
        if _links_to_itself(row, field):
            counts.left += 1
            continue
        if last_position is not None:
            row.position += last_position + 1  # type: ignore[attr-defined]  # only of models with a position
        row.save()
        counts.moved += 1


def _links_to_itself(row: Publishable, field: ToOne) -> bool:
    """Return whether the row, now pointing at the winner, is refused because its other end is the winner too."""
    others = [f for f in row._meta.fields if f.related_model is field.related_model and f.name != field.name]
    if all(getattr(row, other.attname) != getattr(row, field.attname) for other in others):
        return False
    try:
        row.validate_constraints()
    except ValidationError:
        return True
    return False


def _last_position(field: ToOne, winner: Record) -> int | None:
    """Return the last position of the winner's own rows, behind which the loser's are put; None if rows have no position."""
    positions = [f for f in field.model._meta.fields if f.name == "position" and f.editable]
    if not positions:
        return None
    highest = _rows_with(field, winner).aggregate(last=models.Max("position"))["last"]
    return -1 if highest is None else int(highest)


def _twin(row: Publishable) -> Publishable | None:
    """Return the row that a unique constraint does not allow beside this one, or None."""
    rows = type(row)._base_manager
    for constraint in row._meta.constraints:
        if not isinstance(constraint, UniqueConstraint) or not constraint.fields:
            continue
        columns = {name: cast("models.Field[object, object]", row._meta.get_field(name)) for name in constraint.fields}
        values = {name: getattr(row, column.attname) for name, column in columns.items()}
        if None in values.values():
            continue  # databases hold that an empty value equals none other
        twins = rows.filter(**values).exclude(pk=row.pk)
        if constraint.condition is not None:
            if not rows.filter(constraint.condition, pk=row.pk).exists():
                continue
            twins = twins.filter(constraint.condition)
        if (twin := twins.first()) is not None:
            return twin
    return None


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
