"""What is public stays fit for the public: what rests on a row is looked at before the row is written, and again afterwards."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias

from django.db.models import Model
from django.utils.translation import gettext as _

from base.records.locking import lock_support
from base.records.publishing import Publishable, Status
from base.records.records import Record
from base.records.support import unsupported

# Published records, each with the problems it already has.
Snapshot: TypeAlias = list[tuple[Record, list[str]]]


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


def snapshot(rows: Iterable[Model]) -> Snapshot:
    """Return the published records that rest on these rows, as they are before a change."""
    records = {(type(r), r.pk): r for row in rows for r in records_resting_on(row)}
    return [(record, problems_of(record)) for record in records.values() if record.status == Status.PUBLISHED]


def new_problems(before: Snapshot) -> list[str]:
    """Return, as sentences, what a change broke of the first record of the snapshot that it broke; empty if it broke none.

    What the records rest on is locked first, so that nobody withdraws it before the change is there. Two or more queries a record.
    """
    lock_support(record for record, _problems in before)
    for record, old_problems in before:
        changed = type(record)._base_manager.filter(pk=record.pk, status=Status.PUBLISHED).first()
        if changed is None:
            continue
        if problems := [problem for problem in problems_of(changed) if problem not in old_problems]:
            intro = _("“%s” is published and has to stay fit for it. Withdraw it first, or mend this:") % changed
            return [intro, *problems]
    return []


def support_problems(row: Model) -> list[str]:
    """Return a sentence if this row, which was just saved, is shown to readers and cites only what they cannot see.

    Records are left out: their `publish_problems` say it.
    """
    if not isinstance(row, Publishable) or isinstance(row, Record):
        return []
    lock_support([row])
    if not unsupported(type(row), [row.pk]).exists():
        return []
    text = _(
        "The %(kind)s “%(row)s” cites only passages of sources that are not public. "
        "Publish the source, or make it a draft."
    )
    return [text % {"kind": row._meta.verbose_name, "row": row}]
