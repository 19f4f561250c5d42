"""Uniting two rows that turned out to be the same person, organization, initiative, event or topic.

Everything that refers to the loser is made to refer to the winner. A row the winner already has is united with its twin:
passages together, what differs in the note. Former ids stay with the loser, whose address leads to the winner. The
histories of all rows stay, so the merge can be read and undone by hand.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import UniqueConstraint
from django.utils.translation import gettext as _
from simple_history.models import HistoricalChanges

from base.records.provenance import Certainty, Cited
from base.records.publishing import Status
from base.records.resolution import FormerId

# Of two equal facts the firmer certainty stands, as its passages now prove both.
FIRMER = [Certainty.STATED, Certainty.INFERRED, Certainty.DISPUTED, Certainty.REJECTED]
NEVER_JOINED = {"uid", "status", "certainty", "note", "position"}


class CannotMerge(Exception):
    """The two rows cannot become one; the message says why."""


@dataclass
class Merged:
    """What became of the rows that referred to the loser."""

    moved: int = 0
    united: int = 0
    left: int = 0  # rows that would now link the winner to itself; they stay with the withdrawn loser


@transaction.atomic
def merge(loser: Any, winner: Any, *, reason: str) -> Merged:
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
    done = Merged()
    for relation in model._meta.related_objects:
        related: Any = relation.related_model
        if issubclass(related, FormerId | HistoricalChanges) or relation.field.name == "merged_into":
            continue
        work = _repoint_many if relation.many_to_many else _repoint_one
        work(relation.field, loser, winner, reason, done)
    _join(loser, winner)
    winner._change_reason = (_("Merged with %(slug)s: %(reason)s") % {"slug": loser.slug, "reason": reason})[:100]
    winner.save()
    loser.status, loser.merged_into = Status.WITHDRAWN, winner
    loser.withdrawn_reason = loser.withdrawn_reason or reason
    loser._change_reason = reason[:100]
    loser.save()
    return done


def _repoint_many(field: Any, loser: Any, winner: Any, reason: str, done: Merged) -> None:
    """Put the winner in the loser's place in every row that lists the loser."""
    for row in field.model._base_manager.filter(**{field.name: loser}):
        row._change_reason = reason[:100]
        links = getattr(row, field.name)
        links.add(winner)
        links.remove(loser)
        row.save()
        done.moved += 1


def _repoint_one(field: Any, loser: Any, winner: Any, reason: str, done: Merged) -> None:
    """Make every row that points at the loser point at the winner, or unite it with its twin there."""
    rows = field.model._base_manager
    after = _last_position(field, winner)
    for row in rows.filter(**{field.name: loser}):
        row._change_reason = reason[:100]
        setattr(row, field.name, winner)
        if (twin := _twin(row)) is not None:
            twin._change_reason = reason[:100]
            unite(row, twin)
            row.delete()
            done.united += 1
            continue
        if _links_to_itself(row, field):
            done.left += 1
            continue
        if after is not None:
            row.position += after + 1
        row.save()
        done.moved += 1


def _links_to_itself(row: Any, field: Any) -> bool:
    """Whether the row, now pointing at the winner, is refused because its other end is the winner too."""
    others = [f for f in row._meta.fields if f.related_model is field.related_model and f.name != field.name]
    if all(getattr(row, other.attname) != getattr(row, field.attname) for other in others):
        return False
    try:
        row.validate_constraints()
    except ValidationError:
        return True
    return False


def _last_position(field: Any, winner: Any) -> int | None:
    """Return the last position of the winner's own rows, so that what comes to them stands behind; None without order."""
    positions = [f for f in field.model._meta.fields if f.name == "position" and f.editable]
    if not positions:
        return None
    highest = field.model._base_manager.filter(**{field.name: winner}).aggregate(last=models.Max("position"))["last"]
    return -1 if highest is None else highest


def _twin(row: Any) -> Any:
    """Return the row that a unique constraint does not allow beside this one, or None."""
    rows = type(row)._base_manager
    for constraint in row._meta.constraints:
        if not isinstance(constraint, UniqueConstraint) or not constraint.fields:
            continue
        values = {name: getattr(row, row._meta.get_field(name).attname) for name in constraint.fields}
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


def unite(row: Any, twin: Any) -> None:
    """Give `twin` what only `row` had: passages, values where it has none, and in the note whatever differs."""
    _join(row, twin)
    if isinstance(twin, Cited):
        twin.certainty = min(row.certainty, twin.certainty, key=FIRMER.index)
    if row.status == Status.PUBLISHED and twin.status == Status.DRAFT:
        twin.status = Status.PUBLISHED
    twin.save()


def _join(row: Any, twin: Any) -> None:
    """Fill the empty columns of `twin` from `row`, add its passages and other links, and note what differs.

    Does not save the columns.
    """
    different = []
    for field in row._meta.fields:
        theirs, ours = getattr(row, field.attname), getattr(twin, field.attname)
        record_column = field.name in ("slug", "withdrawn_reason", "merged_into")
        if (
            not field.editable
            or field.primary_key
            or field.name in NEVER_JOINED
            or record_column
            or theirs in (None, "", ours)
        ):
            continue
        if ours in (None, ""):
            setattr(twin, field.attname, theirs)
        elif isinstance(twin, Cited):
            shown = getattr(row, field.name) if field.is_relation else theirs
            different.append(f"{field.verbose_name}: {shown}")
    if isinstance(twin, Cited):
        if row.certainty not in (Certainty.STATED, twin.certainty):
            different.append(f"{row._meta.get_field('certainty').verbose_name}: {row.get_certainty_display()}")
        notes = [twin.note, *([row.note] if row.note not in twin.note else [])]
        if different:
            notes.append(_("The double that was merged had %s.") % "; ".join(different))
        twin.note = "\n".join(filter(None, notes))
    for many in row._meta.many_to_many:
        getattr(twin, many.name).add(*getattr(row, many.name).all())
