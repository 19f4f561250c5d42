"""Saves many rows of one model at once, leaving what saving each of them would leave: history, times, columns that follow."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, TypeVar, cast

from django.db.models import ForeignKey
from django.utils import timezone

from base.records.history import keep_first_versions, write_versions
from base.records.names import Name, NamedRecord, refresh_names_of
from base.records.publishing import Publishable, Status
from base.records.records import Record, note_times, touch_records
from base.sql.prepared import AnyOf

AT_ONCE = 500  # rows
MOST_GROUPS = 20  # of rows that get the same values, which is one query a group

RowT = TypeVar("RowT", bound=Publishable)


def rows_in_parts(model: type[RowT], keys: Iterable[int]) -> Iterator[list[RowT]]:
    """Yield the rows with these keys, locked, 500 at a time in the order of their keys."""
    ordered = iter(sorted(keys))
    while part := list(islice(ordered, AT_ONCE)):
        rows = model._base_manager.select_for_update(of=("self",)).filter(AnyOf("pk", part))
        yield list(rows.order_by("pk"))


def save_rows(rows: Sequence[Publishable], columns: Collection[str], reason: str) -> None:
    """Store these columns of some rows of one model, with a line of history each that gives `reason`.

    The caller changed the rows and filled the columns that follow from others, as `derive` does. Names of records are brought
    up to date, and the records that show the rows get a new time. About 15 queries for up to 500 rows.
    """
    if not rows:
        return
    model = type(rows[0])
    keep_first_versions(model, [row.pk for row in rows])
    now = timezone.now()  # behind the time of the first versions
    if issubclass(model, Record):
        note_times(model._base_manager.filter(AnyOf("pk", [row.pk for row in rows])), now)
        for row in cast("Sequence[Record]", rows):
            row.updated_at = now
        columns = [*columns, "updated_at"]
    _update(model, rows, columns)
    write_versions(model, rows, reason, now)
    if issubclass(model, Name):
        owner = cast("type[NamedRecord]", model._meta.get_field(model.public_parents[0]).related_model)
        refresh_names_of(owner, {getattr(row, f"{model.public_parents[0]}_id") for row in rows})
    elif issubclass(model, NamedRecord):
        refresh_names_of(model, {row.pk for row in rows})
    if not issubclass(model, Record):
        _touch_parents(model, rows, now)


def _update(model: type[Publishable], rows: Sequence[Publishable], columns: Collection[str]) -> None:
    """Write the columns: rows that get the same values in one query, rows that all differ by Django's bulk update."""
    fields = [cast(Any, model._meta.get_field(name)) for name in columns]
    if not fields:
        return
    groups: dict[str, list[Publishable]] = defaultdict(list)
    for row in rows:
        values = [getattr(row, each.attname) for each in fields]
        groups[repr(values)].append(row)  # a value may be JSON, which is no key itself
    if len(groups) > MOST_GROUPS:
        model._base_manager.bulk_update(rows, columns)
        return
    for alike in groups.values():
        assigned = {each.attname: getattr(alike[0], each.attname) for each in fields}
        model._base_manager.filter(AnyOf("pk", [row.pk for row in alike])).update(**assigned)


def _touch_parents(model: type[Publishable], rows: Sequence[Publishable], now: datetime.datetime) -> None:
    """Note on the public records at the ends of these facts that something shown on their pages changed."""
    for name in model.public_parents:
        column = model._meta.get_field(name)
        if isinstance(column, ForeignKey) and issubclass(column.related_model, Record):
            keys = {getattr(row, column.attname) for row in rows} - {None}
            public = column.related_model._base_manager.filter(AnyOf("pk", list(keys)), status=Status.PUBLISHED)
            touch_records(public, now)
