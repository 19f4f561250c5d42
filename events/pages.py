"""What pages show of statements beyond the shape of the API."""

from __future__ import annotations

from rest_framework import serializers

from base.documents.plan import FetchPlan, Getter, Tree
from base.documents.shapes import PassageSerializer

from .api.serializers import StatementSerializer, WordingSerializer
from .wordings import printed_beside, wording_to_read


class PrintedField(serializers.Field):
    """The words as printed, but for those that are the wording to read."""

    def getter(self, plan: FetchPlan, wanted: Tree) -> Getter:
        """Return how they are chosen."""
        many = plan.nested(WordingSerializer, StatementSerializer, "wordings", {}, {})
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
    printed = PrintedField()


CARD_MEMBERS = (
    *("id", "url", "kind", "certainty", "attribution_text", "speaker", "speaker_organization", "speaker_label"),
    *("role_at_time", "on_behalf_of", "event", "topics", "reading", "printed", "wordings"),
    *("passages.source", "passages.paragraph", "passages.language"),
)
