"""The segments of quotes in documents: read with the passages of an answer, so at the cost of no query of their own."""

from __future__ import annotations

from collections.abc import Sequence

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from base.documents.base import Shape
from base.documents.loader import Loader
from base.documents.plan import Document, FetchPlan, Getter, Tree
from base.documents.rows import Link
from base.sql.prepared import Row
from events.models.segments import texts_of_segments
from events.models.statements import Nature


@extend_schema_field(serializers.CharField(help_text="The words of this part."))
class SegmentTextField(serializers.Field):
    """The words of a segment. A passage does not have them; `SegmentsField` fills them in."""

    def __init__(self) -> None:
        super().__init__(source="*")

    def getter(self, plan: FetchPlan, wanted: Tree) -> Getter:
        """Return that no passage has words."""
        return lambda rows, at: [""] * len(rows)


class SegmentTextSerializer(Shape):
    """A part of a quotation, by its words alone."""

    text = SegmentTextField()


class SegmentSerializer(Shape):
    """A part of a quotation, and the passage of the source that prints it."""

    passage = serializers.CharField(source="uid", help_text="Identity of the passage, one of the source's.")
    text = SegmentTextField()
    start = serializers.IntegerField(
        help_text="Of the passage, in code points of the whole text of the source, from 0."
    )
    end = serializers.IntegerField(help_text="Of the passage, exclusive.")
    sha256 = serializers.CharField(help_text="SHA-256 of the words of the passage.")


@extend_schema_field(SegmentSerializer(many=True))
class SegmentsField(serializers.Field):
    """The segments of a wording as passages in this shape, with the words of each; none of what is not verbatim."""

    def __init__(self, shape: type[Shape], *, help_text: str = "") -> None:
        self.shape = shape
        super().__init__(source="*", help_text=help_text)

    def getter(self, plan: FetchPlan, wanted: Tree) -> Getter:
        """Return how the words are taken apart: by the lengths of the passages, in the order of reading."""
        link = Link(plan.model, "further_passages")
        nature, words, first = plan.column("nature"), plan.column("text"), plan.passage_column("passage")
        passages = plan.passage_plan(str(self.field_name), link, self.shape, wanted)
        has_text = "text" in passages.members

        def segments(row: Row, at: Loader) -> list[Document]:
            if row[nature] != Nature.VERBATIM:
                return []
            places, documents = at.reading_order, at.passages[passages]
            keys = [row[first], *at.linked[link].get(row[0], ())]
            if not all(key in places for key in keys):
                return []
            keys.sort(key=places.__getitem__)
            texts = texts_of_segments(row[words], [places[key][2] - places[key][1] for key in keys])
            shown = [documents[key] for key in keys]
            return [{**each, "text": text} if has_text else each for each, text in zip(shown, texts, strict=False)]

        def get(rows: Sequence[Row], at: Loader) -> list[list[Document]]:
            return [segments(row, at) for row in rows]

        return get
