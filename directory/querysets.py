"""What lists and pages load of each kind in `directory`, in a fixed number of queries."""

from __future__ import annotations

from typing import Any, Self

from django.apps import apps
from django.db.models import Count, Prefetch, QuerySet

from .base.counting import first_of_each, first_rows
from .base.records import NamedQuerySet, RecordQuerySet


def _facts(model: str, relation: str, *related: str, passages: bool = True) -> Prefetch:
    """Return the prefetch of the public facts at `relation`, with the records they lead to; with passages, for a page, the
    first 50 of them.
    """
    rows = apps.get_model(model).objects.published()
    if related:
        rows = rows.select_related(*related)
    return Prefetch(relation, first_of_each(rows, relation).with_passages() if passages else rows)


class SourceQuerySet(RecordQuerySet):
    """Sources. Their stored text is never loaded with a list."""

    def for_cards(self) -> Self:
        """Load what a list shows."""
        return self.defer("text")

    def for_detail(self) -> Self:
        """Load what the page shows; its words come separately, if they may be shown at all."""
        return self.defer("text")


class AboutQuerySet(NamedQuerySet):
    """What statements are about: topics and initiatives."""

    def most_used(self, statements: QuerySet[Any], most: int = 12) -> Self:
        """Return those of these statements, most frequent first, with `uses`. One query.

        Only the first statements are counted, as on every page; of more, the numbers are the least there are.
        """
        return (
            self.published()
            .filter(statements__in=first_rows(statements))
            .annotate(uses=Count("statements"))
            .order_by("-uses", "sort_key", "slug")[:most]
        )


class TopicQuerySet(AboutQuerySet):
    """Topics."""


class PersonQuerySet(NamedQuerySet):
    """People."""

    def for_cards(self) -> Self:
        """Load what a list shows: names and positions."""
        return self.prefetch_related(_facts("directory.Affiliation", "affiliations", "organization", passages=False))

    def for_detail(self) -> Self:
        """Load what the page shows: every spelling and every position, with passages."""
        return super().for_detail().prefetch_related(_facts("directory.Affiliation", "affiliations", "organization"))


class OrganizationQuerySet(NamedQuerySet):
    """Organizations."""

    def for_detail(self) -> Self:
        """Load what the page shows: names, initiatives and other organizations, with passages; people come bounded."""
        return (
            super()
            .for_detail()
            .prefetch_related(
                _facts("directory.InitiativeOrganization", "initiative_links", "initiative"),
                _facts("directory.OrganizationLink", "organization_links", "related"),
                _facts("directory.OrganizationLink", "related_links", "organization"),
            )
        )


class InitiativeQuerySet(AboutQuerySet):
    """Initiatives."""

    def for_detail(self) -> Self:
        """Load what the page shows: names, descriptions, organizations and other initiatives, with passages."""
        return (
            super()
            .for_detail()
            .prefetch_related(
                _facts("directory.InitiativeDescription", "descriptions"),
                _facts("directory.InitiativeOrganization", "organization_links", "organization"),
                _facts("directory.InitiativePart", "parent_links", "parent"),
                _facts("directory.InitiativePart", "part_links", "initiative"),
            )
        )
