"""How far pages count: what a page costs shall not grow with the site."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.db.models import QuerySet

MOST_COUNTED = 5000  # rows; of more a page says that there are more


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
