"""How far pages count: what a page costs shall not grow with the site."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.utils.functional import cached_property

MOST_COUNTED = 5000  # rows; of more a page says that there are more
MOST_ROWS = 50  # rows of a list on the page of a record
MOST_LINKED = 50  # rows of each kind that are loaded with a record: names, positions, parts


class Count(NamedTuple):
    """How many rows there are, as far as they were counted."""

    number: int
    more: bool  # whether there are more than that


def first_rows(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Return the keys of the rows that are counted: the first ones, in the order of their kind."""
    return rows.order_by(*rows.model._meta.ordering).values("pk")[:MOST_COUNTED]


def counted(rows: QuerySet[Any]) -> Count:
    """Return how many rows there are. One query."""
    number = rows.order_by().values("pk")[: MOST_COUNTED + 1].count()
    return Count(min(number, MOST_COUNTED), number > MOST_COUNTED)


class CountedPaginator(Paginator):
    """Pages of a list that is counted only so far; who knows the count already sets `counted`, or `known_count` of the rows.

    In the admin, fields that complete while one types are answered by it too.
    """

    @cached_property
    def counted(self) -> Count:
        """How many rows there are, as far as pages count. One query, if nobody knows."""
        rows: Any = self.object_list
        return getattr(rows, "known_count", None) or counted(rows)

    @property
    def count(self) -> int:
        """The number of rows on all pages together."""
        return self.counted.number

    @property
    def cut(self) -> bool:
        """Whether there are more rows than the pages show."""
        return self.counted.more
