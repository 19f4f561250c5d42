"""What the CSV of each kind in `directory` holds."""

from __future__ import annotations

from operator import itemgetter

from base.documents.plan import Document
from base.pages.csv import MADE_OF_NAMES, NAMES, RecordCsv, Table, joined
from base.pages.documents import held

from .api import serializers
from .filters import InitiativeFilter, OrganizationFilter, PersonFilter, SourceFilter, TopicFilter
from .models import Initiative, Organization, Person, Source, Topic


def _positions(person: Document) -> str:
    told = []
    for row in held(person["affiliations"]):
        name = row["organization"]["name"] if row["organization"] else ""
        told.append(f"{row['role']} ({', '.join(filter(None, (name, row['certainty'])))})")
    return joined(told)


def _organizations(initiative: Document) -> str:
    rows = held(initiative["organizations"])
    return joined(f"{row['organization']['name']} ({row['role']}, {row['certainty']})" for row in rows)


class PersonCsv(RecordCsv):
    """People, with the positions that hold."""

    model = Person
    filterset_class = PersonFilter
    table = Table(
        serializers.PersonSerializer,
        {**NAMES, "positions": _positions, "wikidata": itemgetter("wikidata")},
        (
            *(*MADE_OF_NAMES, "wikidata"),
            *("affiliations.role", "affiliations.certainty", "affiliations.organization.name"),
        ),
    )


class OrganizationCsv(RecordCsv):
    """Organizations."""

    model = Organization
    filterset_class = OrganizationFilter
    table = Table(
        serializers.OrganizationSerializer,
        {**NAMES, "kind": itemgetter("kind"), "wikidata": itemgetter("wikidata")},
        (*MADE_OF_NAMES, "kind", "wikidata"),
    )


class InitiativeCsv(RecordCsv):
    """Initiatives, with the organizations that stand behind them."""

    model = Initiative
    filterset_class = InitiativeFilter
    table = Table(
        serializers.InitiativeSerializer,
        {**NAMES, "organizations": _organizations},
        (
            *MADE_OF_NAMES,
            *("organizations.role", "organizations.certainty", "organizations.organization.name"),
        ),
    )


class TopicCsv(RecordCsv):
    """Topics."""

    model = Topic
    filterset_class = TopicFilter
    table = Table(serializers.TopicSerializer, NAMES, MADE_OF_NAMES)


class SourceCsv(RecordCsv):
    """Sources; never their words."""

    model = Source
    filterset_class = SourceFilter
    table = Table(
        serializers.SourceSerializer,
        {
            "title": itemgetter("title"),
            "title_language": itemgetter("title_language"),
            "title_is_ours": lambda source: "yes" if source["title_supplied"] else "no",
            "kind": itemgetter("kind"),
            "language": itemgetter("language"),
            "translated_from": itemgetter("translated_from"),
            "publisher": itemgetter("publisher"),
            "author": itemgetter("author"),
            "date": itemgetter("date"),
            "address": itemgetter("original_url"),
            "licence": itemgetter("licence"),
            "sha256": itemgetter("sha256"),
            "length": itemgetter("length"),
        },
    )
