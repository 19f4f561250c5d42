"""What readers could see change of a public record: the same history as curators have, without drafts and without names.

A change is shown if the row was public before it or after it, at a time when its record was public. The words of a row that is not
public today are never shown again: it says only that such a row was changed or taken away.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, cast

from django.db.models import CharField, Value

from base.records.change_sets import ChangeAction
from base.records.history import versions_of
from base.records.provenance import get_passage_model
from base.records.publishing import Publishable, Status
from base.records.record_history import MOST_ROWS_SHOWN, MOST_VERSIONS, Save, history_page
from base.records.records import Record
from base.records.row_changes import ChangeKind, RowChange, ends_of
from base.records.shown_changes import Labels, ShownRow, referred_keys, shown_rows, time_to_compare
from base.sql.prepared import AnyOf

PAGES_READ = 3  # of the whole history for one page of what readers could see; a link leads on, even if it shows nothing

# Columns that say where a row stands; a public row is public, whatever they were in between.
OF_THE_DESK = ("status", "merged_into_id", "withdrawn_reason")


@dataclass
class PublicChange:
    """What readers saw change at once: when, why, and the rows."""

    at: datetime.datetime
    reason: str
    rows: list[ShownRow]
    has_more: bool  # whether there may be rows that are not listed


@dataclass
class PublicHistory:
    """A page of changes, the newest first. `older` is the time before which the next page goes on; None at the end."""

    changes: list[PublicChange]
    older: datetime.datetime | None


def public_history(record: Record, before: datetime.datetime | None = None, most: int = 20) -> PublicHistory:
    """Return up to `most` changes of a public record that came before a time. Some ten queries for each kind of its rows."""
    visible, older = _visible_saves(record, before, most)
    shown = visible[:most]
    labels = Labels(referred_keys([change for save in shown for change in save.changes]), public=True)
    public = public_today([change for save in shown for change in save.changes])
    deadline = time_to_compare()
    changes = []
    for save in shown:
        rows = shown_rows(
            [without_hidden_links(each, labels) for each in save.changes], (type(record), record.pk), labels, deadline
        )
        rows = [row for each in rows if (row := for_readers(each, public)) is not None]
        if rows:
            reason = public_reason(save)
            has_more = save.rows_left_out > 0 and len(save.changes) == MOST_ROWS_SHOWN
            # Times of these rows alone: what else was saved with them is nobody's.
            at = max(change.last.history_date for change in save.changes)
            changes.append(PublicChange(at, reason, rows, has_more))
    if len(visible) > most:
        older = min(change.first.history_date for change in shown[-1].changes)
    return PublicHistory(changes, older)


def public_reason(save: Save) -> str:
    """Return why something was saved, as the curator told readers. What an editor answered to who submitted it is for curators."""
    act = save.change_set
    return act.reason if act is not None and act.action != ChangeAction.REVIEW else ""


def _visible_saves(
    record: Record, before: datetime.datetime | None, most: int
) -> tuple[list[Save], datetime.datetime | None]:
    """Return the saves that changed something readers could see, with these changes alone: more than `most` if there are.

    Then the time before which the history goes on, or None if all of it was read. Of a long history so many pages are read.
    """
    saves: list[Save] = []
    for _page in range(PAGES_READ):
        page = history_page(type(record), record.pk, before=before)
        if page.saves:
            readers = _Readers(record, page.saves)
            for save in page.saves:
                visible = [shown for change in save.changes if (shown := readers.see(save, change))]
                if visible:
                    saves.append(replace(save, changes=visible))
        before = page.older
        if before is None or (record.published_at is not None and before < record.published_at):
            return saves, None
        if len(saves) > most:
            break
    return saves, before


class _Readers:
    """What readers could see at a time. At most two queries, and one for each kind of record at the other ends of facts."""

    def __init__(self, record: Record, saves: Sequence[Save]) -> None:
        self.record = record
        versions = versions_of(type(record))._base_manager.filter(id=record.pk)
        newest = versions.filter(history_date__lte=saves[0].at).order_by("-history_date", "-history_id")
        self.known = list(newest.values_list("history_date", "status")[: MOST_VERSIONS + 1])
        first = None
        if len(self.known) <= MOST_VERSIONS:
            first = versions.order_by("history_date", "history_id").values_list("history_type", "status").first()
        # A record that was loaded stood until its first version as that one tells, or stands so still.
        loaded = first[1] if first is not None and first[0] == "~" else None if first is not None else record.status
        self.public_in_the_beginning = loaded == Status.PUBLISHED
        self.first_public = first_public([change for save in saves for change in save.changes])

    def see(self, save: Save, change: RowChange) -> RowChange | None:
        """Return a change as readers saw it: what was not public came, what is not public afterwards went; None if neither."""
        if change.model is get_passage_model() or change.kind == "nothing":
            return None
        was = self._is_shown(change, change.before, save.at) and self._record_was_public(save.stubs[-1].at, before=True)
        after = None if change.is_deleted else change.last
        becomes = self._is_shown(change, after, save.at) and self._record_was_public(save.at, before=False)
        if not was and not becomes:
            return None
        if was and becomes and change.kind == "changed":
            columns = {name: pair for name, pair in change.columns.items() if name not in hidden_columns(change.model)}
            return replace(change, columns=columns) if columns or change.links else None
        kind: ChangeKind = "made" if becomes else "deleted"
        return replace(change, kind=kind, columns={}, links=change.links if becomes else {})

    def _record_was_public(self, at: datetime.datetime, *, before: bool) -> bool:
        """Return whether the record was public right before a time, or right after it."""
        for moment, status in self.known:
            if moment < at or (moment == at and not before):
                return bool(status == Status.PUBLISHED)
        return self.public_in_the_beginning

    def _is_shown(self, change: RowChange, version: Any, at: datetime.datetime) -> bool:
        """Return whether a version is public and belongs to the record, and its other ends had been public by then."""
        if version is None or getattr(version, "status", Status.PUBLISHED) != Status.PUBLISHED:
            return False
        if issubclass(change.model, Record):
            return True
        belongs = False
        for model, key in ends_of(change.model, version):
            if (model, key) == (type(self.record), self.record.pk):
                belongs = True
            elif (since := self.first_public.get((model, key))) is None or since > at:
                return False
        return belongs


def first_public(changes: Sequence[RowChange]) -> dict[tuple[type[Publishable], int], datetime.datetime]:
    """Return when the records at the ends of facts were first public, of those that ever were. One query a kind.

    A record that rests on others, as a statement on its speaker, was so when the last of them was.
    """
    keys: dict[type[Publishable], set[int]] = {}
    for change in changes:
        for version in (change.before, change.last):
            for model, key in ends_of(change.model, version) if version is not None else ():
                keys.setdefault(model, set()).add(key)
    since: dict[tuple[type[Publishable], int], datetime.datetime] = {}
    for model, of_model in keys.items():
        parents = [column for name in model.public_parents for column in (f"{name}_id", f"{name}__published_at")]
        records = cast("type[Record]", model)._base_manager.filter(AnyOf("pk", list(of_model)))
        for pk, at, *of_parents in records.values_list("pk", "published_at", *parents):
            there = zip(of_parents[::2], of_parents[1::2], strict=True)
            times = [at, *(time for key, time in there if key is not None)]
            if None not in times:
                since[model, pk] = max(times)
    return since


def hidden_columns(model: type[Publishable]) -> tuple[str, ...]:
    return (*OF_THE_DESK, *getattr(model, "private_columns", ()))


def without_hidden_links(change: RowChange, labels: Labels) -> RowChange:
    """Return a change without links to rows that are not public."""
    links = {}
    for name, (before, after) in change.links.items():
        known = labels.rows.get(cast(Any, change.model._meta.get_field(name)).related_model, {})
        shown = {key for key in before | after if key in known}
        links[name] = (before & shown, after & shown)
    return replace(change, links=links)


def public_today(changes: Sequence[RowChange]) -> set[tuple[type[Publishable], int]]:
    """Return the rows of these changes that are public today. One query."""
    keys: dict[type[Publishable], set[int]] = {}
    for change in changes:
        keys.setdefault(change.model, set()).add(change.pk)
    models = {model._meta.label: model for model in keys}
    parts = [
        model.objects.published()
        .order_by()
        .filter(AnyOf("pk", list(of_model)))
        .values_list(Value(model._meta.label, CharField()), "pk")
        for model, of_model in keys.items()
    ]
    return {(models[label], pk) for label, pk in parts[0].union(*parts[1:], all=True)} if parts else set()


def for_readers(row: ShownRow, public: set[tuple[type[Publishable], int]]) -> ShownRow | None:
    """Return a row without what only curators may know of it; None if nothing is left to tell."""
    is_record = issubclass(row.change.model, Record)
    hidden = hidden_columns(row.change.model)
    lines = [line for line in row.lines if line.key.column not in hidden]
    if (row.change.model, row.change.pk) not in public:  # its words are not said again
        return replace(row, label="", language="", lines=[])
    if is_record and row.kind != "changed":  # all of it is on its page; what its drafts held is nobody's
        return replace(row, lines=[])
    if row.kind == "changed" and not lines:
        return None
    return replace(row, lines=lines)
