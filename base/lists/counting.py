"""How far pages count. What a page costs must not grow with the site, so totals stop at MOST_COUNTED rows."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from typing import Generic, NamedTuple, TypeVar

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


class CountingQuery(Generic[K]):
    """One query that tells how many rows several queries have, each counted up to `most`, by their names.

    Numbers of queries with one name are added up. It is compiled once, and may be kept and asked as often as one likes.
    """

    def __init__(self, using: str, queries: Iterable[tuple[K, QuerySet[Model, object]]], most: int) -> None:
        self.using, self.most = using, most
        self._names: list[K] = []
        self._counted: list[K] = []
        self._parameters: list[object] = []
        parts: list[str] = []
        for name, rows in queries:
            self._names.append(name)
            try:
                sql, parameters = sql_of(rows.order_by()[:most], connections[using])
            except EmptyResultSet:
                continue
            self._counted.append(name)
            parts.append(f"(SELECT COUNT(*) FROM ({sql}) AS counted)")
            self._parameters += parameters
        self._sql = f"SELECT {', '.join(parts)}" if parts else ""

    def counts(self) -> dict[K, int]:
        """Return the numbers of rows. One query; none if nothing can be found."""
        counts = dict.fromkeys(self._names, 0)
        if self._sql:
            with connections[self.using].cursor() as cursor:
                cursor.execute(self._sql, self._parameters)  # type: ignore[arg-type]  # any value that the driver takes
                for name, number in zip(self._counted, cursor.fetchone(), strict=True):
                    counts[name] = min(counts[name] + number, self.most)
        return counts


def count_each(queries: Sequence[tuple[K, QuerySet[Model, object]]], most: int) -> dict[K, int]:
    """Return how many rows queries have, each counted up to `most`, by their names. One query for all of them."""
    return CountingQuery(queries[0][1].db, queries, most).counts() if queries else {}


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
