"""What the CSV of each kind in `directory` holds."""

from __future__ import annotations

from typing import Any

from django.db.models import Prefetch, QuerySet

from .base.exports import NAMES, RecordCsv, held, joined
from .filters import InitiativeFilter, OrganizationFilter, PersonFilter, SourceFilter, TopicFilter
from .models import Initiative, InitiativeOrganization, Organization, Person, Source, Topic


class PersonCsv(RecordCsv):
    """People, with the positions that hold."""

    model = Person
    filterset_class = PersonFilter
    columns = {
        **NAMES,
        "positions": lambda person: joined(
            f"{row.role} ({', '.join(str(part) for part in (row.organization, row.certainty) if part)})"
            for row in held(person.affiliations.all())
        ),
        "wikidata": lambda person: person.wikidata,
    }

    def loaded(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Load names and positions."""
        return super().loaded(rows.for_cards())  # type: ignore[attr-defined]


class OrganizationCsv(RecordCsv):
    """Organizations."""

    model = Organization
    filterset_class = OrganizationFilter
    columns = {
        **NAMES,
        "kind": lambda organization: organization.organization_kind,
        "wikidata": lambda organization: organization.wikidata,
    }


class InitiativeCsv(RecordCsv):
    """Initiatives, with the organizations that stand behind them."""

    model = Initiative
    filterset_class = InitiativeFilter
    columns = {
        **NAMES,
        "organizations": lambda initiative: joined(
            f"{row.organization} ({row.role}, {row.certainty})" for row in held(initiative.organization_links.all())
        ),
    }

    def loaded(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Load names and organizations."""
        links = InitiativeOrganization.objects.published().select_related("organization")
        return super().loaded(rows.prefetch_related(Prefetch("organization_links", links)))


class TopicCsv(RecordCsv):
    """Topics."""

    model = Topic
    filterset_class = TopicFilter
    columns = NAMES


class SourceCsv(RecordCsv):
    """Sources; never their words."""

    model = Source
    filterset_class = SourceFilter
    columns = {
        "title": lambda source: source.title,
        "title_language": lambda source: source.title_language,
        "title_is_ours": lambda source: "yes" if source.title_supplied else "no",
        "kind": lambda source: source.source_kind,
        "language": lambda source: source.language,
        "translated_from": lambda source: source.translated_from,
        "publisher": lambda source: source.publisher,
        "author": lambda source: source.author,
        "date": lambda source: source.date,
        "address": lambda source: source.url,
        "licence": lambda source: source.licence,
        "sha256": lambda source: source.sha256,
        "length": lambda source: source.length,
    }

    def loaded(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Leave the stored text where it is."""
        return rows.for_cards()  # type: ignore[attr-defined]
