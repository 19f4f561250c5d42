"""Querysets and managers of sources, and of topics and initiatives."""

from __future__ import annotations

from typing import Self

from django.db.models import Count, Manager, QuerySet

from base.lists.counting import first_keys
from base.records.records import Record
from base.records.resolution import RecordQuerySet


class SourceQuerySet(RecordQuerySet):
    """Selects sources."""

    def for_title(self) -> Self:
        """Leave out the stored text, which may be long."""
        return self.defer("text")


class AboutQuerySet(RecordQuerySet):
    """Selects what statements are about: topics and initiatives."""

    def most_used(self, statements: QuerySet[Record], most: int = 12) -> Self:
        """Return the public records that most of these statements are about, with their number as `uses`. One query.

        Only the first 5,000 statements are counted, as on every page; for more statements, the numbers are lower bounds.
        """
        return (
            self.published()
            .filter(statements__in=first_keys(statements))
            .annotate(uses=Count("statements"))
            .order_by("-uses", "sort_key", "slug")[:most]
        )


SourceManager = Manager.from_queryset(SourceQuerySet)
AboutManager = Manager.from_queryset(AboutQuerySet)
