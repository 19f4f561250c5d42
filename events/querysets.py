"""What lists and pages load of events and statements, in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Self

from django.apps import apps
from django.db.models import Prefetch, Q

from directory.base.counting import first_of_each
from directory.base.fixed import Row
from directory.base.provenance import with_passages
from directory.base.records import NamedQuerySet, RecordQuerySet
from directory.models import Initiative, Organization, Person, Topic


def _facts(model: str, relation: str, *related: str) -> Prefetch:
    """Return the prefetch of the first 50 public facts at `relation`, with the records they lead to."""
    rows = apps.get_model("events", model).objects.published()
    if related:
        rows = rows.select_related(*related)
    return Prefetch(relation, first_of_each(rows, relation).with_passages())


class EventQuerySet(NamedQuerySet):
    """Events."""

    def for_detail(self) -> Self:
        """Load what the page shows: names, descriptions and every link, with passages."""
        return (
            super()
            .for_detail()
            .prefetch_related(
                *with_passages(""),
                _facts("EventDescription", "descriptions"),
                _facts("EventOrganization", "organization_links", "organization"),
                _facts("EventInitiative", "initiative_links", "initiative"),
                _facts("EventPart", "parent_links", "parent"),
                _facts("EventPart", "part_links", "event"),
            )
        )


class StatementQuerySet(RecordQuerySet):
    """Statements."""

    def card_rows(self) -> list[Row]:
        """Return the rows of which lists are made. One query."""
        from .cards import PLAN

        return PLAN.read(self)

    def cards(self, rows: list[Row]) -> list[Any]:
        """Return the cards of such rows. Five queries."""
        from .cards import cards

        return cards(rows)

    def for_cards(self) -> Self:
        """Load what a list shows: the wordings, who spoke and where, passages, topics and initiatives."""
        wordings = apps.get_model("events", "Wording").objects.published().select_related("passage")
        return self.select_related("speaker", "speaker_organization", "on_behalf_of", "event").prefetch_related(
            Prefetch("wordings", wordings),
            *with_passages(""),
            Prefetch("topics", Topic.objects.published()),
            Prefetch("initiatives", Initiative.objects.published()),
        )

    def at(self, places: Iterable[tuple[int, int]]) -> Self:
        """Keep what cites any of these (source id, paragraph number)."""
        condition = Q()
        for source, paragraph in places:
            condition |= Q(passage__source=source, passage__paragraph=paragraph)
        return self.filter(pk__in=self.model.passages.through.objects.filter(condition).values("statement"))

    def for_source(self) -> Self:
        """Load what the page of a source says of each statement."""
        wordings = apps.get_model("events", "Wording").objects.published().select_related("passage")
        return self.select_related("speaker", "speaker_organization", "event").prefetch_related(
            Prefetch("wordings", wordings)
        )

    def for_detail(self) -> Self:
        """Load what the page shows: a list's row, and whom it is about."""
        return self.for_cards().prefetch_related(
            Prefetch("about_people", Person.objects.published()),
            Prefetch("about_organizations", Organization.objects.published()),
        )
