"""One history of a record with its names, links and wordings: what was saved at once, who did it and why, the newest first.

Versions of one change set belong together. Those written without one, as all were before there were change sets, are grouped by
their user and second.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple, cast

from django.db.models import ForeignKey

from base.records.change_sets import ChangeSet
from base.records.history import has_history, versions_of
from base.records.publishing import Publishable
from base.records.records import Record
from base.records.row_changes import (
    RowChange,
    changes_between,
    changes_of,
    count_changed_rows,
    models_with_history,
)

MOST_VERSIONS = 400  # of one kind that are looked at for a page
MOST_ROWS_SHOWN = 50  # of one save


class VersionStub(NamedTuple):
    """A version, as far as it is needed to put it into a group."""

    at: datetime.datetime
    history_id: int
    row: int
    change_set: int | None
    user: int | None
    reason: str
    model: type[Publishable]

    @property
    def group(self) -> tuple[object, ...]:
        """What versions that were saved at once have in common."""
        return (self.change_set,) if self.change_set else (self.user, self.at.replace(microsecond=0))


@dataclass
class Save:
    """What was saved at once of one record and of the names, links and wordings that belong to it."""

    stubs: list[VersionStub]
    change_set: ChangeSet | None = None
    changes: list[RowChange] = field(default_factory=list)
    rows_left_out: int = 0

    @property
    def at(self) -> datetime.datetime:
        """When the last of it was written."""
        return self.stubs[0].at

    @property
    def user(self) -> int | None:
        """The primary key of the account."""
        return self.change_set.user_id if self.change_set else self.stubs[0].user

    @property
    def reason(self) -> str:
        """Why, as the curator typed it, else as the first row that was saved has it."""
        typed = self.change_set.reason if self.change_set else ""
        return typed or next((stub.reason for stub in reversed(self.stubs) if stub.reason), "")


@dataclass
class HistoryPage:
    """Some saves of a record. `older` is the time before which the next page goes on; None at the end."""

    saves: list[Save]
    older: datetime.datetime | None


def history_page(
    model: type[Publishable], pk: int, *, before: datetime.datetime | None = None, most: int = 20
) -> HistoryPage:
    """Return up to `most` saves of a row that came before a time; those that changed nothing of what a history keeps are left out.

    Some five queries for each kind of row that belongs to it, however long the history is.
    """
    stubs, horizon = _newest_stubs(model, pk, before)
    groups: dict[tuple[object, ...], list[VersionStub]] = defaultdict(list)
    for stub in stubs:
        groups[stub.group].append(stub)
    ordered = sorted(groups.values(), key=lambda group: (group[0].at, group[0].history_id), reverse=True)
    if horizon is not None:  # what goes on behind the last version that was read is left to the next page
        whole = [group for group in ordered if group[-1].at > horizon]
        ordered = whole or ordered[:1]
    shown, end = ordered[:most], most
    while end < len(ordered) and ordered[end][0].at >= min(group[-1].at for group in shown):
        shown.append(ordered[end])
        end += 1
    more = horizon is not None or len(shown) < len(ordered)
    saves = [Save(group) for group in shown]
    _load(saves)
    oldest = min((group[-1].at for group in shown), default=None)
    return HistoryPage([save for save in saves if save.changes], oldest if more else None)


def tables_of(model: type[Publishable], pk: int) -> Iterator[tuple[type[Publishable], str]]:
    """Yield the models whose versions tell of a row, each with the column of the versions that names the row.

    A name or a link that moved to another record, or came from one, belongs to the histories of both.
    """
    yield model, "id"
    if not issubclass(model, Record):
        return
    for relation in model._meta.related_objects:
        other = relation.related_model
        if (
            not isinstance(relation.field, ForeignKey)
            or not issubclass(other, Publishable)
            or issubclass(other, Record)
        ):
            continue
        if has_history(other) and relation.field.name in other.public_parents:
            yield other, relation.field.attname


def _newest_stubs(
    model: type[Publishable], pk: int, before: datetime.datetime | None
) -> tuple[list[VersionStub], datetime.datetime | None]:
    """Return the newest versions of a row and of what belongs to it, and the time up to which they are all of them.

    The time is None if there are no others. One query for each kind of row.
    """
    stubs: dict[tuple[type[Publishable], int], VersionStub] = {}
    horizon: datetime.datetime | None = None
    for table, column in tables_of(model, pk):
        rows = versions_of(table)._base_manager.order_by("-history_date", "-history_id")
        named = versions_of(table)._base_manager.filter(**{column: pk})
        rows = rows.filter(id=pk) if column == "id" else rows.filter(id__in=named.values("id"))
        if before is not None:
            rows = rows.filter(history_date__lt=before)
        names = ("history_date", "history_id", "id", "change_set", "history_user", "history_change_reason")
        some = list(rows.values_list(*names)[: MOST_VERSIONS + 1])
        if len(some) > MOST_VERSIONS:
            horizon = max(horizon or some[-1][0], some[-1][0])
        for at, history_id, row, change_set, user, reason in some:
            stub = VersionStub(at, history_id, row, change_set, user, reason or "", table)
            stubs[table, history_id] = stub
    return sorted(stubs.values(), key=lambda stub: (stub.at, stub.history_id), reverse=True), horizon


def _load(saves: list[Save]) -> None:
    """Read what each save changed. One query for each kind of row, and two."""
    keys = {stub.change_set for save in saves for stub in save.stubs[:1]} - {None}
    change_sets = ChangeSet.objects.select_related("user", "reverts").in_bulk(cast("set[int]", keys))
    wanted: dict[type[Publishable], list[tuple[Save, int, int]]] = defaultdict(list)
    for save in saves:
        save.change_set = change_sets.get(save.stubs[0].change_set or 0)
        ends: dict[tuple[type[Publishable], int], tuple[int, int]] = {}
        for stub in save.stubs:  # the newest first
            last = ends.get((stub.model, stub.row), (0, stub.history_id))[1]
            ends[stub.model, stub.row] = (stub.history_id, last)
        save.rows_left_out = max(0, len(ends) - MOST_ROWS_SHOWN)
        for (model, _row), (first, last) in list(ends.items())[:MOST_ROWS_SHOWN]:
            wanted[model].append((save, min(first, last), max(first, last)))
    changes = changes_between(
        {model: [(first, last) for _save, first, last in entries] for model, entries in wanted.items()}
    )
    for model, entries in wanted.items():
        for (save, _first, _last), change in zip(entries, changes[model], strict=True):
            if change.is_made or change.is_deleted or change.columns or change.links:
                save.changes.append(change)


def save_of(change_set: ChangeSet, start: int, most: int) -> tuple[list[RowChange], int]:
    """Return what a change set did to so many of its rows behind the first `start`, and to how many rows it did something.

    Records come first. One query for each model, and three for each whose rows are returned.
    """
    changes: list[RowChange] = []
    count = 0
    for model in reversed(models_with_history()):
        of_model = count_changed_rows(change_set, model)
        skipped, left = max(0, start - count), most - len(changes)
        if left > 0 and of_model > skipped:
            changes += changes_of(change_set, model, start=skipped, most=left)
        count += of_model
    return changes, count
