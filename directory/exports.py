"""The columns of the CSV files of people, organizations, initiatives, topics and sources."""

from __future__ import annotations

from functools import partial
from operator import itemgetter

from base.documents.csv import MADE_OF_NAMES, NAMES, Column, CsvTable, joined, translated, without_rejected
from base.documents.plan import Document
from base.text.languages import CODES

from .api import serializers
from .models import Initiative, Organization, Person, Source, Topic


def _positions(person: Document, language: str = "") -> str:
    """Return the positions that are not rejected, the roles in this language where they have a translation into it."""
    positions = []
    for row in without_rejected(person["affiliations"]):
        name = row["organization"]["name"] if row["organization"] else ""
        role = row["translations"].get(language, {}).get("role", row["role"])
        positions.append(f"{role} ({', '.join(filter(None, (name, row['certainty'])))})")
    return joined(positions)


def _organizations(initiative: Document) -> str:
    rows = without_rejected(initiative["organizations"])
    return joined(f"{row['organization']['name']} ({row['role']}, {row['certainty']})" for row in rows)


def _title_in(code: str) -> Column:
    return lambda source: source["labels"].get(code, "")


# With the positions that are not rejected.
PEOPLE = CsvTable(
    Person,
    serializers.PersonSerializer,
    {
        **NAMES,
        "positions": _positions,
        "wikidata": itemgetter("wikidata"),
        **{f"positions_{code}": partial(_positions, language=code) for code in CODES},
    },
    (
        *(*MADE_OF_NAMES, "wikidata", "affiliations.role", "affiliations.translations", "affiliations.certainty"),
        "affiliations.organization.name",
    ),
)

ORGANIZATIONS = CsvTable(
    Organization,
    serializers.OrganizationSerializer,
    {**NAMES, "kind": itemgetter("kind"), "wikidata": itemgetter("wikidata")},
    (*MADE_OF_NAMES, "kind", "wikidata"),
)

# With the organizations that take part and are not rejected.
INITIATIVES = CsvTable(
    Initiative,
    serializers.InitiativeSerializer,
    {**NAMES, "organizations": _organizations},
    (*MADE_OF_NAMES, "organizations.role", "organizations.certainty", "organizations.organization.name"),
)

TOPICS = CsvTable(Topic, serializers.TopicSerializer, NAMES, MADE_OF_NAMES)

# Without the text of the source.
SOURCES = CsvTable(
    Source,
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
        "short_title": itemgetter("short_title"),
        **{f"title_{code}": _title_in(code) for code in CODES},
        **translated("short_title"),
    },
)
