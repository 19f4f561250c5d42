"""The shapes of statements on pages, in feeds and in other formats: those of the API, and what these show besides."""

from __future__ import annotations

from typing import Any

from django.db.models import CharField, F, Model, QuerySet, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce, NullIf
from rest_framework import serializers

from base.documents.base import Shape
from base.documents.plan import Document, FetchPlan, Getter, Tree
from base.documents.rows import Rows
from base.documents.shapes import PassageSerializer, WebAddressMember
from base.documents.texts import TranslatedTextMember
from base.pages.documents import list_plan
from base.pages.lines import PLACES, LineKind, register_line
from directory.models import Topic

from .api.segments import SegmentsField, SegmentTextField, SegmentTextSerializer
from .api.serializers import (
    EventSerializer,
    ReadingField,
    StatementSerializer,
    WordingSerializer,
    WordingTextSerializer,
)
from .models import Statement, StatementRelation, Wording
from .relation_lines import RELATION_LINE_MEMBERS, RelationLineSerializer
from .wordings import printed_beside, wording_to_read


def group_field() -> serializers.CharField:
    """Return the label of a group that speaks, as lists are filtered by it, whatever language it is shown in."""
    return serializers.CharField(source="speaker_label")


class CardWordingSerializer(WordingTextSerializer):
    """A wording in a list, with the words of its segments."""

    segments = SegmentsField(SegmentTextSerializer)


class PrintedField(serializers.Field):
    """The words as printed, but for those that are the wording to read."""

    def getter(self, plan: FetchPlan, wanted: Tree) -> Getter:
        """Return how the printed wordings are chosen."""
        many = plan.nested(CardWordingSerializer, StatementSerializer, "wordings", {}, {})
        return lambda rows, at: [
            printed_beside(wordings, wording_to_read(wordings, at.language or "en"))
            for wordings in at.nested(many, rows)
        ]


class CardPassageSerializer(PassageSerializer):
    """A passage, with the language of its source."""

    language = serializers.CharField(source="source__language")


class CardSerializer(StatementSerializer):
    """A statement in a list."""

    passages = CardPassageSerializer(many=True)
    group = group_field()
    reading = ReadingField(CardWordingSerializer)
    printed = PrintedField()
    wordings = CardWordingSerializer(many=True)


CARD_MEMBERS = (
    *("id", "url", "kind", "certainty", "note", "attribution_text"),
    *("speaker", "speaker_organization", "speaker_label", "group"),
    *("role_at_time", "on_behalf_of", "event", "topics", "reading", "printed", "wordings"),
    *("passages.source", "passages.paragraph", "passages.language"),
)


class TopicNameSerializer(Shape):
    """The first name of a topic."""

    name = serializers.CharField(source="topic__name")


class FeedEntrySerializer(StatementSerializer):
    """A statement in a feed. Topics and the `author` have their first names."""

    key = serializers.IntegerField(source="id")
    wordings = WordingTextSerializer(many=True)
    author = serializers.CharField()
    published_at = serializers.DateTimeField()
    tags = TopicNameSerializer(many=True, source="topics")

    @staticmethod
    def rows() -> dict[str, list[Rows]]:
        """Return the public wordings and the names of the public topics."""
        return {**StatementSerializer.rows(), "topics": [Rows("statement", topic_links)]}

    @staticmethod
    def expressions() -> dict[str, Combinable]:
        """Return the expression of the author: the first name of the speaker, else the id, else the label of the group."""
        names = [
            expression
            for record in ("speaker", "speaker_organization")
            for expression in (NullIf(f"{record}__name", Value("")), F(f"{record}__slug"))
        ]
        return {"author": Coalesce(*names, "speaker_label", output_field=CharField())}


def topic_links() -> QuerySet[Model]:
    """Return the links of statements with public topics, in the order of the topics."""
    links: Any = Statement.topics.through
    return links.objects.filter(Topic.published_q("topic__")).order_by("topic__sort_key", "topic__slug")


FEED_MEMBERS = (
    *("key", "id", "url", "kind", "certainty", "note", "author", "role_at_time", "on_behalf_of"),
    *("speaker", "speaker_organization", "speaker_label"),
    *("tags", "wordings", "published_at", "updated_at"),
)


class CalendarEventSerializer(EventSerializer):
    """An event in a calendar."""

    key = serializers.IntegerField(source="id")


CALENDAR_MEMBERS = (
    *("key", "id", "url", "name", "name_language", "date", "date_earliest", "date_latest", "place"),
    *("certainty", "note", "updated_at"),
)


class StatementPassageSerializer(PassageSerializer):
    """A passage, and what a page says about its source."""

    source_key = serializers.IntegerField(source="source_id")
    source_kind = serializers.CharField(source="source__source_kind")
    source_sha256 = serializers.CharField(source="source__sha256", help_text="Of the whole text.")
    original_url = WebAddressMember(source="source__url", help_text="Where the original is, or empty.")
    language = serializers.CharField(source="source__language")
    compared_on = serializers.DateField(source="source__compared_on", allow_null=True)


class PageSegmentSerializer(StatementPassageSerializer):
    """A part of a quote, and the passage that prints it."""

    text = SegmentTextField()


class PageWordingSerializer(WordingSerializer):
    """A wording, and where its segments stand."""

    segments = SegmentsField(PageSegmentSerializer)


class StatementPageSerializer(StatementSerializer):
    """A statement, with the time and place of its event."""

    event_date = serializers.CharField(source="event__date")
    event_place = TranslatedTextMember(source="event__place")
    key = serializers.IntegerField(source="id")
    group = group_field()
    position = serializers.IntegerField(help_text="Where it begins, in code points of its source.")
    created_at = serializers.DateTimeField()
    passages = StatementPassageSerializer(many=True)
    wordings = PageWordingSerializer(many=True)

    @staticmethod
    def rows() -> dict[str, list[Rows]]:
        """Return the public wordings by `uid`: an order that stays the same when a wording is added."""
        by_uid = [Rows("statement", lambda: Wording.objects.published(("statement",)))]
        return {**StatementSerializer.rows(), "wordings": by_uid}


STATEMENT_MEMBERS = (
    *(
        "key",
        "id",
        "url",
        "kind",
        "attribution",
        "attribution_text",
        "certainty",
        "note",
        "date",
        "created_at",
        "updated_at",
        "position",
    ),
    *("speaker", "speaker_organization", "speaker_label", "group", "role_at_time", "on_behalf_of"),
    *("event", "event_date", "event_place", "initiatives", "topics", "about_people", "about_organizations"),
    *("translations", "passages", "wordings"),
)
LINE_MEMBERS = (
    *("id", "url", "kind", "speaker", "speaker_organization", "speaker_label", "certainty", "note"),
    *("wordings.language", "wordings.nature", "wordings.text"),
    *(f"wordings.segments.{name}" for name in ("text", "source_key", "paragraph", "start", "end")),
    *PLACES,
)


def quotes_of_line(line: Document) -> list[Document]:
    """Return the segments of the words as printed of a statement, and whether each begins and ends its quote."""
    quotes = []
    for wording in printed_beside(line["wordings"], None):
        last = len(wording["segments"]) - 1
        for number, segment in enumerate(wording["segments"]):
            ends = {"begins": number == 0, "ends": number == last}
            quotes.append({**segment, "language": wording["language"], **ends})
    return quotes


register_line(
    LineKind(
        Statement,
        list_plan(StatementPageSerializer, Statement, LINE_MEMBERS),
        template="events/_line.html",
        mark="said",
        quotes=quotes_of_line,
    )
)
register_line(LineKind(StatementRelation, list_plan(RelationLineSerializer, StatementRelation, RELATION_LINE_MEMBERS)))
