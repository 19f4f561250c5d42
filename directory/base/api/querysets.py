"""What an answer loads of a relation that may grow without bound."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, IntegerField, OuterRef, Prefetch, QuerySet, Subquery
from django.db.models.functions import Coalesce

EMBEDDED = 100


def first_rows(relation: str, rows: QuerySet[Any]) -> Prefetch:
    """Return the prefetch of the first rows of a relation for each record, in the order of `rows`.

    They are found at the attribute first_<relation>: Django loads a slice into no other.
    """
    return Prefetch(relation, rows[:EMBEDDED], to_attr=f"first_{relation}")


def number_of(rows: QuerySet[Any], key: str) -> Coalesce:
    """Return an annotation: how many of `rows` point at the record by the foreign key `key`."""
    counts = rows.filter(**{key: OuterRef("pk")}).order_by().values(key).annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counts, output_field=IntegerField()), 0)
