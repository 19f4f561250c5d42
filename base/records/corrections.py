"""What was corrected in public: changes of what readers had seen, over all records, newest first, without names of curators.

What is new is no correction, nor is what was never public. Words that are not public any more are not said again.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import cast

from django.db.models import CharField, OuterRef, Subquery, Value

from base.records.change_sets import ChangeSet
from base.records.history import versions_of
from base.records.provenance import get_passage_model
from base.records.public_history import (
    first_public,
    for_readers,
    hidden_columns,
    public_reason,
    public_today,
    without_hidden_links,
)
from base.records.publishing import Publishable, Status
from base.records.record_history import Save, VersionStub
from base.records.records import Record
from base.records.row_changes import RowChange, changes_between, ends_of, models_with_history
from base.records.shown_changes import Labels, ShownRow, referred_keys, shown_rows, time_to_compare
from base.sql.prepared import AnyOf

MOST_VERSIONS_READ = 200  # of one kind, for a page
MOST_ROWS = 20  # of one correction
RecordKeys = set[tuple[type[Publishable], int]]


@dataclass
class Correction:
    """What was corrected at once: when, why, in which public records, and what they say now.

    `identity` is the kind and the primary key of what it was saved as, which never changes.
    """

    identity: tuple[str, int]
    at: datetime.datetime
    reason: str
    records: list[Record]
    withdrawn: list[Record]
    rows: list[ShownRow]
    has_more: bool


@dataclass
class PublicCorrections:
    """Some corrections. `older` is the time before which the next page goes on; None at the end."""

    corrections: list[Correction]
    older: datetime.datetime | None


def public_corrections(before: datetime.datetime | None = None, most: int = 20) -> PublicCorrections:
    """Return up to `most` corrections from before a time.

    One query for each kind of row that was corrected, three for each kind of record, and a few: as many however much is on
    record. A page may be empty while there are older ones, as of each kind so many versions are read and no more.
    """
    stubs, horizon = _stubs(before)
    groups: dict[tuple[object, ...], list[VersionStub]] = defaultdict(list)
    for stub in stubs:
        if horizon is None or stub.at > horizon:
            groups[stub.group].append(stub)
    saves = [Save(group) for group in groups.values()]
    shown, older = saves[:most], horizon
    if len(saves) > most:
        older = min(stub.at for save in shown for stub in save.stubs)
    _load_changes(shown)
    return PublicCorrections(_for_people(shown), older)


def _stubs(before: datetime.datetime | None) -> tuple[list[VersionStub], datetime.datetime | None]:
    """Return the newest versions of rows that were published before them, and the time up to which they are all of them.

    One query.
    """
    models = {
        model._meta.label: model for model in models_with_history() if model is not get_passage_model()
    }  # a passage is not published itself
    parts = []
    for label, model in models.items():
        versions = versions_of(model)._base_manager
        earlier = versions.filter(id=OuterRef("id"), history_id__lt=OuterRef("history_id")).order_by("-history_id")
        later = versions.exclude(history_type="+").order_by("-history_date", "-history_id")
        if before is not None:
            later = later.filter(history_date__lt=before)
        rows = versions.order_by().filter(history_id__in=Subquery(later.values("history_id")[:MOST_VERSIONS_READ]))
        parts.append(
            rows.values_list(
                *(Value(label, CharField()), "history_date", "history_id", "id"),
                *("change_set", "history_user", "history_change_reason", Subquery(earlier.values("status")[:1])),
            )
        )
    stubs: list[VersionStub] = []
    times: dict[str, list[datetime.datetime]] = defaultdict(list)
    for label, at, history_id, row, change_set, user, reason, was in parts[0].union(*parts[1:], all=True):
        times[label].append(at)
        if was == Status.PUBLISHED:
            stubs.append(VersionStub(at, history_id, row, change_set, user, reason or "", models[label]))
    horizon = max((min(of_kind) for of_kind in times.values() if len(of_kind) == MOST_VERSIONS_READ), default=None)
    return sorted(stubs, key=lambda stub: (stub.at, stub.model._meta.label, stub.history_id), reverse=True), horizon


def _load_changes(saves: list[Save]) -> None:
    """Read what each save changed, of so many rows, as far as readers saw it."""
    keys = {save.stubs[0].change_set for save in saves} - {None}
    change_sets = ChangeSet.objects.in_bulk(cast("set[int]", keys))
    wanted: dict[type[Publishable], list[tuple[Save, int, int]]] = defaultdict(list)
    for save in saves:
        save.change_set = change_sets.get(save.stubs[0].change_set or 0)
        ends: dict[tuple[type[Publishable], int], list[int]] = defaultdict(list)
        for stub in save.stubs:
            ends[stub.model, stub.row].append(stub.history_id)
        save.rows_left_out = max(0, len(ends) - MOST_ROWS)
        records_first = sorted(ends.items(), key=lambda entry: not issubclass(entry[0][0], Record))
        for (model, _row), ids in records_first[:MOST_ROWS]:
            wanted[model].append((save, min(ids), max(ids)))
    changes = changes_between(
        {model: [(first, last) for _save, first, last in entries] for model, entries in wanted.items()}
    )
    loaded: list[tuple[Save, RowChange]] = []
    for model, entries in wanted.items():
        loaded += [(save, change) for (save, _first, _last), change in zip(entries, changes[model], strict=True)]
    since = first_public([change for _save, change in loaded])
    for save, change in loaded:
        if seen := _as_readers_saw(change, since):
            save.changes.append(seen)


def _as_readers_saw(
    change: RowChange, since: dict[tuple[type[Publishable], int], datetime.datetime]
) -> RowChange | None:
    """Return a change of a row that was public, as going if it is not public afterwards; None of any other."""
    if change.before is None or change.before.status != Status.PUBLISHED:
        return None
    at = change.first.history_date
    if any(since.get(end) is None or since[end] > at for end in ends_of(change.model, change.before)):
        return None
    if change.is_deleted or change.last.status != Status.PUBLISHED:
        return replace(change, kind="deleted", columns={}, links={})
    columns = {name: pair for name, pair in change.columns.items() if name not in hidden_columns(change.model)}
    return replace(change, columns=columns) if columns or change.links else None


def _for_people(saves: list[Save]) -> list[Correction]:
    """Return saves for people to read, without those of which nothing can be told."""
    changes = [change for save in saves for change in save.changes]
    labels, deadline = Labels(referred_keys(changes), public=True), time_to_compare()
    public = public_today(changes)
    records = _records(changes)
    corrections = []
    for save in saves:
        rows = [
            row
            for each in shown_rows(
                [without_hidden_links(change, labels) for change in save.changes], None, labels, deadline
            )
            if (row := for_readers(each, public)) is not None and _is_of_a_known_record(row.change, records)
        ]
        if rows:
            own = {key: records[key] for row in rows for key in _owners(row.change) if key in records}
            corrections.append(
                Correction(
                    identity=_identity(save),
                    at=max(row.change.last.history_date for row in rows),
                    reason=public_reason(save),
                    records=[record for record in own.values() if record.status == Status.PUBLISHED],
                    withdrawn=[record for record in own.values() if record.status != Status.PUBLISHED],
                    rows=rows,
                    has_more=save.rows_left_out > 0,
                )
            )
    return corrections


def _identity(save: Save) -> tuple[str, int]:
    """Return what identifies a save: its change set, else the first version that was written."""
    if save.change_set is not None:
        return "change-set", save.change_set.pk
    first = save.stubs[-1]
    return f"{first.model._meta.model_name}-version", first.history_id


def _owners(change: RowChange) -> RecordKeys:
    """Return the record that was changed, or those at the ends of the fact."""
    if issubclass(change.model, Record):
        return {(change.model, change.pk)}
    return ends_of(change.model, change.before)


def _is_of_a_known_record(change: RowChange, records: dict[tuple[type[Publishable], int], Record]) -> bool:
    """Return whether readers can know of which record it is. A fact that went with its record is not told beside it."""
    owners = [records.get(key) for key in _owners(change)]
    if issubclass(change.model, Record):
        return owners[0] is not None
    return bool(owners) and all(owner is not None and owner.status == Status.PUBLISHED for owner in owners)


def _records(changes: Iterable[RowChange]) -> dict[tuple[type[Publishable], int], Record]:
    """Return the records of changes that are public, or were and are withdrawn. Some queries for each kind."""
    keys: dict[type[Record], set[int]] = defaultdict(set)
    for change in changes:
        for model, key in _owners(change):
            keys[cast("type[Record]", model)].add(key)
    records: dict[tuple[type[Publishable], int], Record] = {}
    for model, of_model in keys.items():
        public = set(model.objects.published().filter(AnyOf("pk", list(of_model))).values_list("pk", flat=True))
        for record in model.objects.for_title().filter(AnyOf("pk", list(of_model))):
            is_withdrawn = record.status == Status.WITHDRAWN and record.published_at is not None
            if record.pk in public or is_withdrawn:
                records[model, record.pk] = record
    return records
