"""What happened to submitted rows meanwhile: nobody publishes what changed since they looked, or since it was submitted, unseen."""

from __future__ import annotations

import datetime
import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, cast

from django.contrib.auth.models import User
from django.db.models import Max
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from base.records.curators import curator_name
from base.records.locking import RowsByModel
from base.records.provenance import Cited
from base.records.publishing import Publishable
from base.records.records import Record
from base.records.row_changes import RowChange, changes_between
from base.records.second_person import histories_shown_with
from base.records.shown_changes import Labels, ShownRow, referred_keys, shown_rows, time_to_compare
from base.sql.prepared import AnyOf

MOST_CHANGES = 500  # versions of one kind that are looked at, the newest
MOST_COMPARED = 100  # rows whose changes are shown word by word

RowKey = tuple[type[Publishable], int]


@dataclass
class LaterChange:
    """What was changed of a row, and of the names, links or wordings that belong to it, since it was submitted."""

    at: datetime.datetime  # the newest
    who: str
    what: str  # the kind of the row that was changed then
    rows: list[ShownRow] = field(
        default_factory=list
    )  # the words that went and came; empty for those behind MOST_COMPARED


def _histories(model: type[Publishable]) -> Iterator[tuple[Any, str]]:
    """Yield the histories of a model and of what is shown with its rows, each with the column that names the row."""
    yield model.history, "id"  # type: ignore[attr-defined]
    if issubclass(model, Record):
        yield from histories_shown_with(model)


def version_digests(rows: RowsByModel) -> dict[RowKey, str]:
    """Return for each row what is another text after every change of it, of what is shown with it, and of what these cite.

    Some fifteen queries a model.
    """
    written: dict[RowKey, list[tuple[object, ...]]] = defaultdict(list)
    for model, keys in rows.items():
        for history, owner in _histories(model):
            newest = history.filter(AnyOf(owner, list(keys))).order_by().values_list(owner).annotate(Max("history_id"))
            for key, last in newest:
                written[model, key].append((history.model._meta.label, last))
            for key, *passage in _cited_passages(history.model.instance_type, owner, keys):
                written[model, key].append(("passage", *passage))
    return {
        (model, key): hashlib.sha256(repr(sorted(written[model, key])).encode()).hexdigest()[:16]
        for model, keys in rows.items()
        for key in keys
    }


def _cited_passages(part: type[Publishable], owner: str, keys: Collection[int]) -> Iterable[tuple[Any, ...]]:
    """Return where the passages are which the rows of a part cite, and their words, each after the key of the owner. One query."""
    if not issubclass(part, Cited):
        return []
    links = part.passages.through._base_manager
    row = f"{part._meta.get_field('passages').m2m_field_name()}__{owner}"
    columns = ("passage", "passage__source", "passage__start", "passage__end", "passage__sha256")
    return cast("Iterable[tuple[Any, ...]]", links.filter(AnyOf(row, list(keys))).order_by().values_list(row, *columns))


def digest_of_versions(versions: dict[RowKey, str]) -> str:
    """Return one text for the versions of all rows of a submission, which a form carries."""
    lines = sorted((model._meta.label, key, version) for (model, key), version in versions.items())
    return hashlib.sha256(repr(lines).encode()).hexdigest()[:16]


def changes_since(rows: RowsByModel, moment: datetime.datetime) -> dict[RowKey, LaterChange]:
    """Return what was changed of each row after a moment, if anything was. Some ten queries for each kind of row."""
    changes: dict[RowKey, LaterChange] = {}
    versions: dict[type[Publishable], dict[tuple[RowKey, int], list[int]]] = defaultdict(lambda: defaultdict(list))
    columns = ("id", "history_id", "history_date", "history_user")
    accounts: dict[RowKey, int | None] = {}
    for model, keys in rows.items():
        for history, owner in _histories(model):
            part = history.model.instance_type
            later = history.filter(AnyOf(owner, list(keys)), history_date__gt=moment)
            later = later.order_by("-history_date", "-history_id").values_list(owner, *columns)
            for key, part_key, version, at, account in later[:MOST_CHANGES]:
                row = (model, key)
                versions[part][row, part_key].append(version)
                if row not in changes or changes[row].at < at:
                    changes[row] = LaterChange(at, "", str(capfirst(part._meta.verbose_name)))
                    accounts[row] = account
    _name_curators(changes, accounts)
    _compare(changes, versions)
    return changes


def _name_curators(changes: dict[RowKey, LaterChange], accounts: dict[RowKey, int | None]) -> None:
    """Say who made each change. One query, none without changes by accounts."""
    keys = {account for account in accounts.values() if account is not None}
    users = User._base_manager.in_bulk(keys) if keys else {}
    for row, change in changes.items():
        account = accounts[row]
        change.who = curator_name(users.get(account)) if account is not None else _("The site")


def _compare(
    changes: dict[RowKey, LaterChange], versions: dict[type[Publishable], dict[tuple[RowKey, int], list[int]]]
) -> None:
    """Add the words that went and came to the changes, the newest first, as many as are shown.

    One query or two a kind, and one.
    """
    newest = sorted(changes, key=lambda row: changes[row].at, reverse=True)[:MOST_COMPARED]
    of_row: dict[RowKey, list[RowChange]] = {row: [] for row in newest}
    shown = {
        part: [(row, ids) for (row, _key), ids in written.items() if row in of_row]
        for part, written in versions.items()
    }
    compared = changes_between(
        {part: [(min(ids), max(ids)) for _row, ids in of_part] for part, of_part in shown.items()}
    )
    for part, of_part in shown.items():
        for (row, _ids), change in zip(of_part, compared[part], strict=True):
            of_row[row].append(change)
    labels = Labels(referred_keys(change for each in of_row.values() for change in each))
    deadline = time_to_compare()
    for row, of_this in of_row.items():
        changes[row].rows = shown_rows(of_this, row, labels, deadline)
