"""A statement by itself: the document that its page, its citation, its annotation and its embedded text are made of."""

from __future__ import annotations

from rest_framework import serializers

from base.documents.plan import Document
from base.documents.rows import Rows
from base.documents.shapes import PassageSerializer
from base.pages.documents import page_loader, page_plan
from base.records.records import Gone, Moved

from .api.serializers import StatementSerializer, WordingSerializer
from .models import Statement, Wording


class StatementPassageSerializer(PassageSerializer):
    """A passage, and what is told of its source."""

    source_key = serializers.IntegerField(source="source_id")
    source_kind = serializers.CharField(source="source__source_kind")
    source_sha256 = serializers.CharField(source="source__sha256", help_text="Of the whole text.")
    original_url = serializers.CharField(source="source__url", help_text="Where the original is, or empty.")
    language = serializers.CharField(source="source__language")


class PrintedWordingSerializer(WordingSerializer):
    """A wording, and the passage that prints it."""

    passage = serializers.CharField(source="passage__uid", allow_null=True)


class StatementPageSerializer(StatementSerializer):
    """A statement, with the time and place of its event."""

    event_date = serializers.CharField(source="event__date")
    event_place = serializers.CharField(source="event__place")
    created_at = serializers.DateTimeField()
    passages = StatementPassageSerializer(many=True)
    wordings = PrintedWordingSerializer(many=True)

    @staticmethod
    def rows() -> dict[str, list[Rows]]:
        """Return the public wordings in the order of their identities, which no new wording changes."""
        return {"wordings": [Rows("statement", lambda: Wording.objects.published(("statement",)))]}


MEMBERS = (
    *("id", "url", "kind", "attribution", "attribution_text", "certainty", "note", "date", "created_at", "updated_at"),
    *("speaker", "speaker_organization", "speaker_label", "role_at_time", "on_behalf_of"),
    *("event", "event_date", "event_place", "initiatives", "topics", "about_people", "about_organizations"),
    *("passages", "wordings"),
)


def statement_at(slug: str) -> Document | None:
    """Return the public statement that has or had this id, or None. At most nine queries, five if it still has it."""
    plan = page_plan(StatementPageSerializer, Statement, MEMBERS, ())
    rows = plan.by_slug.read(slug) if "\0" not in slug else []
    try:
        if not rows:
            Statement.objects.raise_departed(slug)
    except Moved as moved:
        rows = plan.by_slug.read(moved.record.slug)
    except (Gone, Statement.DoesNotExist):
        return None
    return page_loader().documents(plan, rows)[0] if rows else None
