"""What pages ask of kinds in `directory`, beyond what all records can be asked."""

from __future__ import annotations

from typing import Any, Self

from django.db.models import Count, Manager, QuerySet

from base.lists.counting import first_keys
from base.records.records import RecordQuerySet


class SourceQuerySet(RecordQuerySet):
    """Sources."""

    def for_title(self) -> Self:
        """Leave the stored text where it is."""
        return self.defer("text")


class AboutQuerySet(RecordQuerySet):
    """What statements are about: topics and initiatives."""

    def most_used(self, statements: QuerySet[Any], most: int = 12) -> Self:
        """Return those of these statements, most frequent first, with `uses`. One query.

        Only the first statements are counted, as on every page; of more, the numbers are the least there are.
        """
        return (
            self.published()
            .filter(statements__in=first_keys(statements))
            .annotate(uses=Count("statements"))
            .order_by("-uses", "sort_key", "slug")[:most]
        )


SourceManager = Manager.from_queryset(SourceQuerySet)
AboutManager = Manager.from_queryset(AboutQuerySet)
