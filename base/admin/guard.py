"""Keeps what is public fit to be public: a change that would break a published record is refused as a whole."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TypeAlias

from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext as _

from base.records.locking import lock_support
from base.records.publishing import Publishable, Status
from base.records.records import Record
from base.records.resolution import FormerId
from base.records.support import unsupported


class ChangeRefused(Exception):
    """A change that was rolled back; `reasons` are sentences for the curator."""

    def __init__(self, reasons: list[str]) -> None:
        super().__init__(" ".join(reasons))
        self.reasons = reasons


def problems_of(record: Record) -> list[str]:
    """Return why this record cannot be published, as sentences; empty if nothing stands in the way."""
    return [str(problem) for problem in record.publish_problems()]


def records_resting_on(row: Model) -> list[Record]:
    """Return the records whose publication this row may carry: itself, its owners, or the records that cite it."""
    if isinstance(row, Record):
        return [row]
    parents: list[Model | None] = [getattr(row, name) for name in getattr(row, "public_parents", ())]
    for relation in row._meta.related_objects:
        model = relation.related_model
        rows = model._base_manager.filter(**{relation.field.name: row}).distinct()
        if issubclass(model, Record):
            parents += rows
        elif issubclass(model, Publishable):
            parents += [getattr(citing, name) for citing in rows for name in model.public_parents]
    return list({(type(r), r.pk): r for r in parents if isinstance(r, Record)}.values())


# Published records, each with the problems it already has.
Snapshot: TypeAlias = list[tuple[Record, list[str]]]


def snapshot(rows: Iterable[Model]) -> Snapshot:
    """Return the published records that rest on these rows, as they are before a change."""
    records = {(type(r), r.pk): r for row in rows for r in records_resting_on(row)}
    return [(record, problems_of(record)) for record in records.values() if record.status == Status.PUBLISHED]


def require_unbroken(before: Snapshot) -> None:
    """Raise ChangeRefused if a record of the snapshot has a problem it did not have. Two or more queries a record.

    What the records rest on is locked first, so that nobody withdraws it before the change is there.
    """
    lock_support(record for record, _problems in before)
    for record, old_problems in before:
        changed = type(record)._base_manager.filter(pk=record.pk, status=Status.PUBLISHED).first()
        if changed is None:
            continue
        if new_problems := [problem for problem in problems_of(changed) if problem not in old_problems]:
            intro = _("“%s” is published and has to stay fit for it. Withdraw it first, or mend this:") % changed
            raise ChangeRefused([intro, *new_problems])


def require_supported(row: Model) -> None:
    """Raise ChangeRefused if this row, which was just saved, is shown to readers and cites only what they cannot see."""
    if not isinstance(row, Publishable) or isinstance(row, Record):
        return
    lock_support([row])
    if unsupported(type(row), [row.pk]).exists():
        text = _(
            "The %(kind)s “%(row)s” cites only passages of sources that are not public. "
            "Publish the source, or make it a draft."
        )
        raise ChangeRefused([text % {"kind": row._meta.verbose_name, "row": row}])


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
            relation.related_model._meta,
            relation.related_model._base_manager.filter(**{relation.field.name: row}).count(),
        )
        for relation in row._meta.related_objects
        if not issubclass(relation.related_model, FormerId)
    ]
    return ", ".join(
        f"{count} {opts.verbose_name if count == 1 else opts.verbose_name_plural}" for opts, count in counts if count
    )


def citing_rows(row: Model) -> list[Model]:
    """Return what refers to this row by any relation, former ids aside; at most 20 of each kind."""
    rows: list[Model] = []
    for relation in row._meta.related_objects:
        if not issubclass(relation.related_model, FormerId):
            rows += relation.related_model._base_manager.filter(**{relation.field.name: row})[:20]
    return rows
