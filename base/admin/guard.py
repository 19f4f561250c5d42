"""Keeps what is public fit to be public: a change that would break a published record is refused as a whole."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext as _

from base.records.publishing import Publishable, Status
from base.records.records import FormerId, Record


class Refused(Exception):
    """A change that was rolled back; `reasons` are sentences for the curator."""

    def __init__(self, reasons: list[str]) -> None:
        super().__init__(" ".join(reasons))
        self.reasons = reasons


def problems_of(record: Any) -> list[str]:
    """Return why this record cannot be published, as sentences; empty if nothing stands in the way."""
    problems = [str(problem) for problem in record.publish_problems()]
    if record.merged_into_id:
        problems.append(_("It was merged into “%s”.") % record.merged_into)
    return problems


def records_resting_on(row: Any) -> list[Record]:
    """Return the records whose publication this row may carry: itself, its owners, or the records that cite it."""
    if isinstance(row, Record):
        return [row]
    parents = [getattr(row, name) for name in getattr(row, "public_parents", ())]
    for field in row._meta.related_objects:
        rows = field.related_model._base_manager.filter(**{field.field.name: row}).distinct()
        if issubclass(field.related_model, Record):
            parents += rows
        elif issubclass(field.related_model, Publishable):
            parents += [getattr(found, name) for found in rows for name in field.related_model.public_parents]
    return list({(type(r), r.pk): r for r in parents if isinstance(r, Record)}.values())


Snapshot = list[tuple[Record, list[str]]]


def snapshot(rows: Iterable[Any]) -> Snapshot:
    """Return the published records that rest on these rows, each with the problems it already has."""
    records = {(type(r), r.pk): r for row in rows for r in records_resting_on(row)}
    return [(record, problems_of(record)) for record in records.values() if record.status == Status.PUBLISHED]


def require_unbroken(before: Snapshot) -> None:
    """Raise Refused if a record of the snapshot has a problem it did not have. Two or more queries a record."""
    for record, known in before:
        fresh = type(record)._base_manager.filter(pk=record.pk, status=Status.PUBLISHED).first()
        if fresh is not None and (new := [p for p in problems_of(fresh) if p not in known]):
            intro = _("“%s” is published and has to stay fit for it. Withdraw it first, or mend this:") % fresh
            raise Refused([intro, *new])


@contextmanager
def keeping_published_valid(rows: Iterable[Any]) -> Iterator[None]:
    """Roll back and raise Refused if the block breaks a published record that rests on these rows."""
    with transaction.atomic():
        before = snapshot(rows)
        yield
        require_unbroken(before)


def citing_rows(row: Any) -> list[Model]:
    """Return what refers to this row by any relation, former ids aside; at most 20 of each kind."""
    found: list[Model] = []
    for field in row._meta.related_objects:
        if not issubclass(field.related_model, FormerId):
            found += field.related_model._base_manager.filter(**{field.field.name: row})[:20]
    return found
