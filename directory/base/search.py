"""Search columns: folded text beside the original, found by substring on both databases."""

from django.contrib.postgres.indexes import GinIndex
from django.db.models import Q

from .names import fold


def trigram_index(name: str, column: str = "search") -> GinIndex:
    """Return the index that finds a substring of three characters or more on PostgreSQL."""
    return GinIndex(fields=[column], name=name, opclasses=["gin_trgm_ops"])


def matching(query: str, column: str = "search") -> Q:
    """Return the condition that every word of `query` occurs in the folded column, in any order."""
    condition = Q()
    for word in fold(query).split():
        condition &= Q(**{f"{column}__contains": word})
    return condition
