"""Rows of any kind as lines: what a list of mixed rows shows of each, be it a name, a link, an event or a statement.

Most kinds need nothing for it: their line names the records at their ends and the role. An app whose rows say more has its
own shape and template (`register_line`).
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import cast

from django.db.models import Field, Model
from django.utils.text import capfirst
from rest_framework import serializers

from base.documents.loader import Loader
from base.documents.plan import Document, FetchPlan, Getter, Tree
from base.documents.shapes import CitedSerializer, RecordRefSerializer
from base.documents.texts import TranslatedTextMember
from base.pages.documents import list_plan, page_loader
from base.records.names import Name, NamedRecord
from base.records.publishing import Publishable
from base.sql.prepared import Row

PLACES = ("passages.source", "passages.paragraph", "passages.start", "passages.end")


class EndsField(serializers.Field):
    """The records that a row belongs to or links, of those that are there."""

    def __init__(self) -> None:
        super().__init__(source="*")

    def getter(self, plan: FetchPlan, wanted: Tree) -> Getter:
        """Return how they are found: by the foreign keys on which it depends whether the row is public."""
        ends = [plan.referred(name, RecordRefSerializer, name, {}, None) for name in plan.model.public_parents]

        def get(rows: Sequence[Row], at: Loader) -> list[list[Document]]:
            columns = [end(rows, at) for end in ends]
            return [[record for record in records if record] for records in zip(*columns, strict=True)]

        return get


class RecordLineSerializer(RecordRefSerializer, CitedSerializer):
    """A record that cites passages itself."""

    refers = False


class FactLineSerializer(CitedSerializer):
    """A fact about one record or two."""

    ends = EndsField()


class NameLineSerializer(FactLineSerializer):
    """A name of a record."""

    text = serializers.CharField()
    language = serializers.CharField()


class WrittenTextLineSerializer(FactLineSerializer):
    """A text of the editors about a record: a description."""

    written_text = TranslatedTextMember(source="text")


class RoleLineSerializer(FactLineSerializer):
    """A fact with a role of a fixed list."""

    role = serializers.ChoiceField([])  # those of the model


class WrittenRoleLineSerializer(FactLineSerializer):
    """A fact whose role is a text of the editors."""

    written_role = TranslatedTextMember(source="role")


def no_quotes(line: Document) -> list[Document]:
    """Return that a row prints no words of its source."""
    return []


@dataclass(frozen=True)
class LineKind:
    """How rows of a kind are shown as lines.

    `template` draws a line where the default does not; `mark` is how a paragraph with such a row is marked in a strip of
    evidence. `quotes` returns the words as printed of a line, part by part: `text` and `language`, where they stand
    (`source_key`, `paragraph`, and `start` and `end` of their passage), and whether the part `begins` and `ends` its quote.
    """

    model: type[Model]
    plan: FetchPlan
    template: str = ""
    mark: str = "named"
    quotes: Callable[[Document], list[Document]] = no_quotes

    @property
    def name(self) -> str:
        """What a row of this kind is called."""
        return str(capfirst(self.model._meta.verbose_name))


@dataclass(frozen=True)
class RowLine:
    """A row by its key, what its line shows, and how."""

    kind: LineKind
    key: int
    row: Document


_kinds: dict[type[Model], LineKind] = {}


def register_line(kind: LineKind) -> None:
    """Note how rows of a kind are shown as lines."""
    _kinds[kind.model] = kind


def line_kind(model: type[Model]) -> LineKind:
    """Return how rows of this kind are shown as lines."""
    return _kinds.get(model) or _default_kind(model)


@functools.cache
def _default_kind(model: type[Model]) -> LineKind:
    shape, members = _default_shape(model)
    return LineKind(model, list_plan(shape, cast(type[Publishable], model), members))


def _default_shape(model: type[Model]) -> tuple[type[CitedSerializer], tuple[str, ...]]:
    """Return the shape of a line and the members of it that are shown."""
    doubt = ("certainty", "note", *PLACES)
    if issubclass(model, NamedRecord):
        return RecordLineSerializer, ("id", "url", "name", "name_language", *doubt)
    if "text" in getattr(model, "translated_fields", ()):
        return WrittenTextLineSerializer, ("ends", "written_text", *doubt)
    if issubclass(model, Name) or (hasattr(model, "text") and hasattr(model, "language")):
        return NameLineSerializer, ("text", "language", "ends", *doubt)
    if not hasattr(model, "role"):
        return FactLineSerializer, ("ends", *doubt)
    role = model._meta.get_field("role")
    if isinstance(role, Field) and role.choices:
        return RoleLineSerializer, ("ends", "role", *doubt)
    return WrittenRoleLineSerializer, ("ends", "written_role", *doubt)


def row_lines(rows: Iterable[tuple[LineKind, list[Row]]]) -> list[RowLine]:
    """Return the lines of rows that the plans of their kinds have read. Four queries, and those of nested lists."""
    parts = list(rows)
    documents = page_loader().together(*[(kind.plan, read) for kind, read in parts]) if parts else []
    return [
        RowLine(kind, row[0], document)
        for (kind, read), of_kind in zip(parts, documents, strict=True)
        for row, document in zip(read, of_kind, strict=True)
    ]
