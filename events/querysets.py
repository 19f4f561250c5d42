"""What lists and pages load of statements, in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Self

from django.apps import apps
from django.db.models import Prefetch, Q

from base.documents.plan import Document, FetchPlan
from base.pages.shapes import for_reader
from base.records.provenance import with_passages
from base.records.records import RecordQuerySet
from base.sql.prepared import Row
from directory.models import Initiative, Organization, Person, Topic


class StatementQuerySet(RecordQuerySet):
    """Statements."""

    def first_rows(self, columns: Sequence[str], key: int, most: int) -> list[Row]:
        """Return the rows of the first public statements that have this record in one of the columns. One query a column."""
        from .cards import first_by

        found = {row[0]: row for column in columns for row in first_by(column, most).read(key)}
        # What stands at the end of a row is what it is sorted by.
        return sorted(found.values(), key=lambda row: (-row[-2].toordinal(), row[-1], row[0]))[:most]

    def first_linked(self, relation: str, key: int, most: int) -> list[Row]:
        """Return the rows of the first public statements that are linked with this record by the relation. One query."""
        from .cards import first_linked

        return first_linked(relation, key, most)

    def cards_beside(self, plan: FetchPlan, key: int, rows: list[Row]) -> tuple[Document, list[Document]]:
        """Return what this plan says of the record with this key, and the cards of such rows."""
        from .cards import PLAN, finished

        at = for_reader()
        (found,), documents = at.together((plan, [(key,)]), (PLAN, rows))
        return found, finished(documents, at)

    def for_title(self) -> Self:
        """Load what tells who said what: the public wordings, who spoke and where."""
        wordings = apps.get_model("events", "Wording").objects.published().select_related("passage")
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
