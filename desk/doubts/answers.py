"""What curators answer to a doubt: prefer one of two facts, keep both, put it off, or ask again."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import Any, cast

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Model

from base.admin import keeping_published_valid
from base.records.change_sets import ChangeAction, change_set
from base.records.names import NamedRecord
from base.records.provenance import Certainty, Fact
from base.records.records import Record
from base.sql.prepared import AnyOf
from desk.doubts.kinds import DOUBT_KINDS, Doubt, DoubtKind
from desk.doubts.queries import ModelClass
from desk.doubts.sides import shown_doubts
from desk.models import DifferentRecords, DoubtAnswer, SettledDoubt

LONGEST_CHANGE_REASON = 100  # characters that a history keeps


class DoubtIsSettled(Exception):
    """That a doubt was settled meanwhile, or one of its rows was changed or deleted. Nothing was written."""


def prefer(doubt: Doubt, preferred: int, user: User, reason: str, seen: str) -> int:
    """Reject the other of two contradictory facts, with the reason in its note; return the key of the change set.

    The fact that is preferred stays as it is, and the other one stays too, for readers to see. `seen` is the digest of the doubt as
    the curator saw it. Raises DoubtIsSettled if somebody was quicker, and ChangeRefused if a public record would not be fit for
    readers any more.
    """
    (other_key,) = [key for key in doubt.keys if key != preferred]
    with change_set(user, ChangeAction.SAVE, reason) as act, _still_open(doubt, user, seen) as rows:
        other = rows[other_key]
        if not isinstance(other, Fact):
            raise TypeError("Only facts can be rejected.")
        with keeping_published_valid([other]):
            other.certainty = Certainty.REJECTED
            other.note = f"{other.note}\n{reason}" if other.note else reason
            other.__dict__["_change_reason"] = reason[:LONGEST_CHANGE_REASON]
            other.save()
        return int(act.row().pk)


def keep_both(doubt: Doubt, user: User, seen: str) -> None:
    """Remember that both stand, and ask nobody again; of two records, that they are not the same. Raises DoubtIsSettled."""
    with _still_open(doubt, user, seen) as rows:
        if doubt.is_about_records:
            DifferentRecords.note(rows[doubt.first], rows[doubt.second], user)
        else:
            _remember(doubt, DoubtAnswer.KEEP, user)


def put_off(doubt: Doubt, user: User, seen: str) -> None:
    """Put a doubt behind all others. Raises DoubtIsSettled."""
    with _still_open(doubt, user, seen):
        _remember(doubt, DoubtAnswer.LATER, user)


def ask_again(doubt: Doubt) -> None:
    """Take an answer back."""
    SettledDoubt.objects.filter(**_name(doubt)).delete()
    if doubt.is_about_records:
        records = cast("list[Record]", list(doubt.model._base_manager.filter(AnyOf("pk", doubt.keys)).order_by("pk")))
        if len(records) == len(doubt.keys):
            DifferentRecords.forget(*records)


def kept_doubts(kind: DoubtKind, models: Collection[ModelClass], most: int) -> list[Doubt]:
    """Return what was kept last of a kind, about rows of these models. One query."""
    if kind.shape == "double":
        by_kind = {str(model.kind): model for model in models if issubclass(model, NamedRecord)}
        pairs = DifferentRecords.objects.filter(kind__in=by_kind).order_by("-at", "-pk")[:most]
        return [Doubt(kind.key, by_kind[pair.kind], pair.first, pair.second) for pair in pairs]
    by_label = {model._meta.label: model for model in models}
    rows = SettledDoubt.objects.filter(kind=kind.key, model__in=by_label, answer=DoubtAnswer.KEEP)[:most]
    return [Doubt(kind.key, by_label[row.model], row.first, row.second) for row in rows]


@contextmanager
def _still_open(doubt: Doubt, user: User, seen: str) -> Iterator[dict[int, Any]]:
    """Lock the rows of a doubt for the block, in a transaction, and yield them by key.

    Raises DoubtIsSettled if it is a doubt no longer, or not as the user saw it: `seen` is the digest that the page had.
    """
    with transaction.atomic():
        rows = {row.pk: row for row in _locked(doubt.model, doubt.keys)}
        if not DOUBT_KINDS[doubt.kind].holds(doubt):
            raise DoubtIsSettled
        if [shown.digest for shown in shown_doubts([doubt], user)] != [seen]:
            raise DoubtIsSettled
        yield rows


def _remember(doubt: Doubt, answer: DoubtAnswer, user: User) -> None:
    SettledDoubt.objects.update_or_create(**_name(doubt), defaults={"answer": answer, "user": user})


def _name(doubt: Doubt) -> dict[str, str | int]:
    return {"kind": doubt.kind, "model": doubt.model._meta.label, "first": doubt.first, "second": doubt.second}


def _locked(model: type[Model], keys: list[int]) -> list[Model]:
    """Return rows, locked until the transaction ends."""
    return list(model._base_manager.select_for_update(of=("self",)).filter(AnyOf("pk", keys)).order_by("pk"))
