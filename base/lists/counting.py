"""How far pages count. What a page costs must not grow with the site, so totals stop at MOST_COUNTED rows."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from typing import NamedTuple, TypeVar

from django.core.exceptions import EmptyResultSet
from django.core.paginator import Paginator
from django.db import connections
from django.db.models import Model, QuerySet
from django.utils.functional import cached_property

from base.lists.cursor import default_order
from base.sql.prepared import sql_of

K = TypeVar("K", bound=Hashable)

MOST_COUNTED = 5000  # rows; where there are more, a page only says so
MOST_ROWS = 50  # rows of a list on the page of a record
MOST_LINKED = 50  # rows of each kind that are loaded with a record: names, positions, parts


class RowCount(NamedTuple):
    """How many rows there are, as far as they were counted."""

    number: int
    more: bool  # whether there are more than that


def first_keys(rows: QuerySet[Model]) -> QuerySet[Model, dict[str, int]]:
    """Return the keys of the rows that are counted: the first MOST_COUNTED in the order of their kind."""
    return rows.order_by(*default_order(rows.model)).values("pk")[:MOST_COUNTED]


def count_rows(rows: QuerySet[Model, object]) -> RowCount:
    """Return how many rows there are, as far as pages count. One query."""
    number = rows.order_by().values("pk")[: MOST_COUNTED + 1].count()
    return RowCount(min(number, MOST_COUNTED), number > MOST_COUNTED)


def count_each(queries: Iterable[tuple[K, QuerySet[Model, object]]], most: int) -> dict[K, int]:
    """Return how many rows queries have, each counted up to `most`, by their names. One query for all of them.

    Numbers of queries with one name are added up. Of a query for values its distinct values are counted if it asks for these.
    """
    counts: dict[K, int] = {}
    names: list[K] = []
    parts: list[str] = []
    parameters: list[object] = []
    using = ""
    for name, rows in queries:
        counts[name] = 0
        using = using or rows.db
        try:
            sql, values = sql_of(rows.order_by()[:most], connections[rows.db])
        except EmptyResultSet:
            continue
        names.append(name)
        parts.append(f"(SELECT COUNT(*) FROM ({sql}) AS counted)")
        parameters += values
    if parts:
        with connections[using].cursor() as cursor:
            cursor.execute(f"SELECT {', '.join(parts)}", parameters)  # type: ignore[arg-type]  # any value that the driver takes
            for name, number in zip(names, cursor.fetchone(), strict=True):
                counts[name] = min(counts[name] + number, most)
    return counts


class CappedPaginator(Paginator):
    """Pages of a list whose rows are counted up to MOST_COUNTED.

    A view that has counted them already sets `row_count` of the paginator, or `known_count` of the queryset. In the admin
    it also answers the fields that complete while one types.
    """

    object_list: QuerySet[Model]

    @cached_property
    def row_count(self) -> RowCount:
        """How many rows there are, as far as pages count. One query, unless they were counted before."""
        return getattr(self.object_list, "known_count", None) or count_rows(self.object_list)

    @property
    def count(self) -> int:
        """The number of rows on all pages together, at most MOST_COUNTED."""
        return self.row_count.number

    @property
    def cut(self) -> bool:
        """Whether there are more rows than the pages show."""
        return self.row_count.more
