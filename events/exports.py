"""What the CSV of events and statements holds."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from directory.base.exports import NAMES, RecordCsv, joined

from .filters import EventFilter, StatementFilter
from .models import Event, Statement


class EventCsv(RecordCsv):
    """Events."""

    model = Event
    filterset_class = EventFilter
    columns = {
        **NAMES,
        "kind": lambda event: event.event_kind,
        "date": lambda event: event.date,
        "date_note": lambda event: event.date_note,
        "place": lambda event: event.place,
        "certainty": lambda event: event.certainty,
    }


def _reading(statement: Any, what: str) -> str:
    reading = statement.reading("en")
    return str(getattr(reading, what)) if reading else ""


def _end(relation: str, what: str) -> Any:
    return lambda statement: getattr(getattr(statement, relation), what, "")


class StatementCsv(RecordCsv):
    """Statements. Words as printed have columns of their own, so that nobody takes a translation for a quotation."""

    model = Statement
    filterset_class = StatementFilter
    columns = {
        "speaker": lambda statement: statement.speaker_name,
        "person_id": _end("speaker", "slug"),
        "organization_id": _end("speaker_organization", "slug"),
        "role_at_time": lambda statement: statement.role_at_time,
        "on_behalf_of": _end("on_behalf_of", "name"),
        "on_behalf_of_id": _end("on_behalf_of", "slug"),
        "event": _end("event", "name"),
        "event_id": _end("event", "slug"),
        "date": lambda statement: statement.date,
        "kind": lambda statement: statement.statement_kind,
        "attribution": lambda statement: statement.attribution,
        "certainty": lambda statement: statement.certainty,
        "note": lambda statement: statement.note,
        "text": lambda statement: _reading(statement, "text"),
        "text_language": lambda statement: _reading(statement, "language"),
        "text_nature": lambda statement: _reading(statement, "nature"),
        "as_printed": lambda statement: joined(wording.text for wording in statement.printed()),
        "as_printed_language": lambda statement: joined(wording.language for wording in statement.printed()),
        "topic_ids": lambda statement: joined(topic.slug for topic in statement.topics.all()),
        "initiative_ids": lambda statement: joined(initiative.slug for initiative in statement.initiatives.all()),
        "passages": lambda statement: joined(
            dict.fromkeys(f"{passage.source.slug} ¶{passage.paragraph}" for passage in statement.passages.all())
        ),
    }

    def loaded(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Load what a list shows."""
        return rows.for_cards()  # type: ignore[attr-defined]
