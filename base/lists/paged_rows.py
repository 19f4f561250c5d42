"""Rows of a query that are read page by page: behind the row where the page before ended, or by the number of the page."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from django.db.models import Model, QuerySet

from base.lists.cursor import SortKey, condition_behind, sort_keys_of
from base.sql.prepared import Row, read_queryset

if TYPE_CHECKING:
    from base.documents.plan import FetchPlan

KEYS_AT_ONCE = 250  # that are in memory


class PagedRows:
    """The rows of a query in its order, read in pages."""

    def __init__(self, rows: QuerySet[Model]) -> None:
        self._rows = rows

    @property
    def queryset(self) -> QuerySet[Model]:
        """The rows of all pages together."""
        return self._rows

    @functools.cached_property
    def sort_keys(self) -> Sequence[SortKey]:
        """The columns by which the rows are sorted."""
        return sort_keys_of(self.queryset)

    def keys(self) -> Iterator[int]:
        """Yield the keys of all rows in their order, as they are at the start: a cursor of the database reads them."""
        return self.queryset.values_list("pk", flat=True).iterator(chunk_size=KEYS_AT_ONCE)

    def read(self, plan: FetchPlan, values: Sequence[object], back: bool, most: int) -> list[Row]:
        """Return the first `most` rows behind these values of the sort keys, or from the beginning without values. One query.

        With `back` they are the rows before the values, the nearest first. A row has the columns of the plan, then its sort keys.
        """
        rows = self.queryset.filter(condition_behind(self.sort_keys, values, back)) if values else self.queryset
        return read_queryset(rows_in_key_order(plan, rows, self.sort_keys, back)[:most])

    def read_from(self, plan: FetchPlan, start: int, most: int) -> list[Row]:
        """Return the columns of the plan of at most `most` rows, from the one at this place (counted from 0) on. One query."""
        return read_queryset(self.queryset.values_list(*plan.selected)[start : start + most])


def rows_in_key_order(
    plan: FetchPlan, rows: QuerySet[Model], keys: Sequence[SortKey], back: bool
) -> QuerySet[Model, Row]:
    rows = rows.order_by(*[key.order(back) for key in keys])
    return rows.values_list(*plan.selected, *[key.column for key in keys])
