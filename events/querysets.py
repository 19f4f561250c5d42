"""What lists and pages load of statements, in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Self

from django.db.models import Manager, Prefetch, Q

from base.records.provenance import with_passages
from base.records.resolution import RecordQuerySet
from directory.models import Initiative, Organization, Person, Topic


class StatementQuerySet(RecordQuerySet):
    """Statements."""

    def for_title(self) -> Self:
        """Load what tells who said what: the public wordings, who spoke and where."""
        wordings = self.model._meta.get_field("wordings").related_model.objects.published().select_related("passage")
        return self.select_related("speaker", "speaker_organization", "event").prefetch_related(
            Prefetch("wordings", wordings)
        )

    def at(self, places: Iterable[tuple[int, int]]) -> Self:
        """Keep what cites any of these (source id, paragraph number)."""
        condition = Q()
        for source, paragraph in places:
            condition |= Q(passage__source=source, passage__paragraph=paragraph)
        return self.filter(pk__in=self.model.passages.through.objects.filter(condition).values("statement"))

    def for_detail(self) -> Self:
        """Load what is told of a single statement, on its page and in other forms."""
        return (
            self.for_title()
            .select_related("speaker", "speaker_organization", "on_behalf_of", "event")
            .prefetch_related(
                *with_passages(""),
                Prefetch("topics", Topic.objects.published()),
                Prefetch("initiatives", Initiative.objects.published()),
                Prefetch("about_people", Person.objects.published()),
                Prefetch("about_organizations", Organization.objects.published()),
            )
        )


StatementManager = Manager.from_queryset(StatementQuerySet)
