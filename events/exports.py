"""What the CSV of events and statements holds."""

from __future__ import annotations

from collections.abc import Callable
from operator import itemgetter
from typing import Any

from rest_framework import serializers

from base.documents.plan import Document
from base.pages.csv import MADE_OF_NAMES, NAMES, RecordCsv, Table, joined

from .api.serializers import EventSerializer, StatementSerializer
from .filters import EventFilter, StatementFilter
from .models import Event, Statement
from .models.statements import Nature


class EventCsv(RecordCsv):
    """Events."""

    model = Event
    filterset_class = EventFilter
    table = Table(
        EventSerializer,
        {
            **NAMES,
            "kind": itemgetter("kind"),
            "date": itemgetter("date"),
            "date_note": itemgetter("date_note"),
            "place": itemgetter("place"),
            "certainty": itemgetter("certainty"),
        },
        (*MADE_OF_NAMES, "kind", "date", "date_note", "place", "certainty"),
    )


class StatementRow(StatementSerializer):
    """A statement with its own date beside the one that the API gives, which may be its event's."""

    own_date = serializers.CharField(source="date")


def _of(member: str, part: str) -> Callable[[Document], str]:
    return lambda statement: statement[member][part] if statement[member] else ""


def _speaker(statement: Document) -> str:
    speaker = statement["speaker"] or statement["speaker_organization"]
    return str(speaker["name"] if speaker else statement["speaker_label"])


def _printed(part: str) -> Callable[[Document], str]:
    return lambda statement: joined(row[part] for row in statement["wordings"] if row["nature"] == Nature.VERBATIM)


def _ids(member: str) -> Callable[[Document], str]:
    return lambda statement: joined(row["id"] for row in statement[member])


def _passages(statement: Document) -> str:
    places = [f"{row['source']['id']} ¶{row['paragraph']}" for row in statement["passages"] if row["source"]]
    return joined(dict.fromkeys(places))


class StatementCsv(RecordCsv):
    """Statements. Words as printed have columns of their own, so that nobody takes a translation for a quotation."""

    model = Statement
    filterset_class = StatementFilter
    columns: dict[str, Callable[[Document], Any]] = {
        "speaker": _speaker,
        "person_id": _of("speaker", "id"),
        "organization_id": _of("speaker_organization", "id"),
        "role_at_time": itemgetter("role_at_time"),
        "on_behalf_of": _of("on_behalf_of", "name"),
        "on_behalf_of_id": _of("on_behalf_of", "id"),
        "event": _of("event", "name"),
        "event_id": _of("event", "id"),
        "date": itemgetter("own_date"),
        "kind": itemgetter("kind"),
        "attribution": itemgetter("attribution"),
        "certainty": itemgetter("certainty"),
        "note": itemgetter("note"),
        "text": _of("reading", "text"),
        "text_language": _of("reading", "language"),
        "text_nature": _of("reading", "nature"),
        "as_printed": _printed("text"),
        "as_printed_language": _printed("language"),
        "topic_ids": _ids("topics"),
        "initiative_ids": _ids("initiatives"),
        "passages": _passages,
    }
    table = Table(
        StatementRow,
        columns,
        (
            *("speaker.id", "speaker.name", "speaker_organization.id", "speaker_organization.name", "speaker_label"),
            *("role_at_time", "on_behalf_of.id", "on_behalf_of.name", "event.id", "event.name", "own_date", "kind"),
            *("attribution", "certainty", "note", "reading", "wordings", "topics.id", "initiatives.id"),
            *("passages.paragraph", "passages.source.id"),
        ),
    )
