"""The columns of the CSV of events and statements."""

from __future__ import annotations

from operator import itemgetter

from rest_framework import serializers

from base.documents.csv import MADE_OF_NAMES, NAMES, TRANSLATED, Column, CsvTable, joined, translated, without_rejected
from base.documents.plan import Document

from .api.serializers import EventSerializer, ReadingField, StatementSerializer, WordingTextSerializer
from .models import Event, Statement
from .models.relations import StatementRelationKind
from .models.statements import Nature
from .statement_fields import PLAIN_FIELDS

EVENTS = CsvTable(
    Event,
    EventSerializer,
    {
        **NAMES,
        "kind": itemgetter("kind"),
        "date": itemgetter("date"),
        "date_note": itemgetter("date_note"),
        "place": itemgetter("place"),
        "certainty": itemgetter("certainty"),
        "note": itemgetter("note"),
        "short_name": itemgetter("short_name"),
        **translated("short_name", "date_note", "place", "note"),
    },
    (*MADE_OF_NAMES, *TRANSLATED, "short_name", "kind", "date", "date_note", "place", "certainty", "note"),
)


class StatementCsvSerializer(StatementSerializer):
    """A statement with its own date beside the one that the API gives, which may be its event's."""

    own_date = serializers.CharField(source="date")
    reading = ReadingField(WordingTextSerializer)
    wordings = WordingTextSerializer(many=True)


def _of(member: str, part: str) -> Column:
    return lambda statement: statement[member][part] if statement[member] else ""


def _speaker(statement: Document) -> str:
    speaker = statement["speaker"] or statement["speaker_organization"]
    return str(speaker["name"] if speaker else statement["speaker_label"])


def _printed(part: str) -> Column:
    return lambda statement: joined(row[part] for row in statement["wordings"] if row["nature"] == Nature.VERBATIM)


def _ids(member: str) -> Column:
    return lambda statement: joined(row["id"] for row in statement[member])


def _related(kind: str) -> Column:
    return lambda statement: joined(
        row["statement"]["id"] for row in without_rejected(statement["relations"]) if row["kind"] == kind
    )


def _passages(statement: Document) -> str:
    """Return the paragraphs that are cited; of one with several passages, such as those of a divided quote, each passage."""
    cited = [row for row in statement["passages"] if row["source"]]
    places = [f"{row['source']['id']} ¶{row['paragraph']}" for row in cited]
    spans = [f"{place} {row['start']}-{row['end']}" for place, row in zip(places, cited, strict=True)]
    return joined(place if places.count(place) == 1 else span for place, span in zip(places, spans, strict=True))


RELATED_COLUMNS = {
    StatementRelationKind.SAME_CLAIM: "same_claim_ids",
    StatementRelationKind.CONTRADICTS: "contradicts_ids",
}
_plain = {field.name: itemgetter(field.name) for field in PLAIN_FIELDS if field.in_csv}
# Words as printed have columns of their own, so that nobody takes a translation for a quotation.
_columns: dict[str, Column] = {
    "speaker": _speaker,
    "person_id": _of("speaker", "id"),
    "organization_id": _of("speaker_organization", "id"),
    "role_at_time": _plain["role_at_time"],
    "on_behalf_of": _of("on_behalf_of", "name"),
    "on_behalf_of_id": _of("on_behalf_of", "id"),
    "event": _of("event", "name"),
    "event_id": _of("event", "id"),
    "date": itemgetter("own_date"),
    "kind": _plain["kind"],
    "attribution": _plain["attribution"],
    "certainty": _plain["certainty"],
    "note": _plain["note"],
    "text": _of("reading", "text"),
    "text_language": _of("reading", "language"),
    "text_nature": _of("reading", "nature"),
    "as_printed": _printed("text"),
    "as_printed_language": _printed("language"),
    "topic_ids": _ids("topics"),
    "initiative_ids": _ids("initiatives"),
    "passages": _passages,
    **_plain,  # those above keep their place; a new field is added at the end, so that no column moves
    "text_by": _of("reading", "by"),
    **translated("speaker_label", "role_at_time", "note"),
    **{column: _related(kind) for kind, column in RELATED_COLUMNS.items()},
}

STATEMENTS = CsvTable(
    Statement,
    StatementCsvSerializer,
    _columns,
    (
        *("speaker.id", "speaker.name", "speaker_organization.id", "speaker_organization.name", "speaker_label"),
        *("on_behalf_of.id", "on_behalf_of.name", "event.id", "event.name", "own_date", *_plain, *TRANSLATED),
        *("reading", "wordings", "topics.id", "initiatives.id", "passages.source.id"),
        *("passages.paragraph", "passages.start", "passages.end"),
        *("relations.kind", "relations.certainty", "relations.statement.id"),
    ),
)
