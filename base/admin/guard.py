"""Keeps what is public fit to be public: a change that would break a published record is refused as a whole."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.db import transaction
from django.db.models import Model

from base.records.count_labels import count_label
from base.records.fitness import Snapshot, new_problems, snapshot, support_problems
from base.records.resolution import FormerId


class ChangeRefused(Exception):
    """A change that was rolled back; `reasons` are sentences for the curator."""

    def __init__(self, reasons: list[str]) -> None:
        super().__init__(" ".join(reasons))
        self.reasons = reasons


def require_unbroken(before: Snapshot) -> None:
    """Raise ChangeRefused if a record of the snapshot has a problem it did not have. Two or more queries a record."""
    if problems := new_problems(before):
        raise ChangeRefused(problems)


def require_supported(row: Model) -> None:
    """Raise ChangeRefused if this row, which was just saved, is shown to readers and cites only what they cannot see."""
    if problems := support_problems(row):
        raise ChangeRefused(problems)


@contextmanager
def keeping_published_valid(rows: Iterable[Model]) -> Iterator[None]:
    """Roll back and raise ChangeRefused if the block breaks a published record that rests on these rows."""
    with transaction.atomic():
        before = snapshot(rows)
        yield
        require_unbroken(before)


def citing_counts(row: Model) -> str:
    """Return in words how many rows of each kind refer to this one by any relation: “3 statements, 1 wording”."""
    counts = [
        (
            relation.related_model,
            relation.related_model._base_manager.filter(**{relation.field.name: row}).count(),
        )
        for relation in row._meta.related_objects
        if not issubclass(relation.related_model, FormerId)
    ]
    return ", ".join(count_label(model, count) for model, count in counts if count)


def citing_rows(row: Model) -> list[Model]:
    """Return what refers to this row by any relation, former ids aside; at most 20 of each kind."""
    rows: list[Model] = []
    for relation in row._meta.related_objects:
        if not issubclass(relation.related_model, FormerId):
            rows += relation.related_model._base_manager.filter(**{relation.field.name: row})[:20]
    return rows
