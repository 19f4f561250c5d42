"""The shapes that all kinds of record share: references, names, facts and the passages that prove them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import orjson
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from base.documents.base import Shape
from base.documents.loader import Loader
from base.documents.plan import FetchPlan, Getter, Tree
from base.documents.texts import (
    LanguageOfTextMember,
    TextLanguageMember,
    TranslatedTextMember,
    TranslationsMember,
    translated_texts,
)
from base.documents.values import RecordName
from base.records.names import NameKind
from base.records.provenance import Certainty
from base.records.records import Record
from base.sql.prepared import Row
from base.text.languages import label_in
from base.text.web_addresses import web_address

ADDRESS = {"type": "string", "format": "uri"}


@extend_schema_field(ADDRESS)
class AddressField(serializers.Field):
    """An absolute address made from the record. `route` is the name of a URL; {kind} in it is the record's kind.

    With `query` the id goes there and not into the path: the rows of another list that concern the record.
    """

    def __init__(self, route: str, query: str = "", *, help_text: str | None = None) -> None:
        self.route, self.query = route, query
        super().__init__(source="*", help_text=help_text)

    def getter(self, plan: FetchPlan, wanted: Tree) -> Getter:
        """Return how the address is made."""
        kind = cast(type[Record], plan.model).kind
        slug, key = plan.column("slug"), (self.route.format(kind=kind), self.query)

        def get(rows: Sequence[Row], at: Loader) -> list[str]:
            before, after = at.around[key]
            return [f"{before}{row[slug]}{after}" for row in rows]

        return get


class WebAddressMember(serializers.CharField):
    """The address of a page of another site, out of the column `source`; empty for what is stored there and must be no link."""

    def getter(self, plan: FetchPlan, wanted: Tree) -> Getter:
        """Return how the address is read."""
        column = plan.column(str(self.source))
        return lambda rows, at: [web_address(row[column]) for row in rows]


class LabelField(serializers.CharField):
    """What a record is called, in the language asked for if it has a name there; or which language that name is in."""

    def __init__(self, part: int, *, help_text: str) -> None:
        self.part = part
        super().__init__(source="*", help_text=help_text)

    def getter(self, plan: FetchPlan, wanted: Tree) -> Getter:
        """Return how the label is chosen."""
        part = self.part
        first, labels = [plan.column(column) for column in ("name", "name_language")], plan.column("labels")
        short_field = cast(type[Record], plan.model).short_field if part == 0 else ""
        shorts = translated_texts(plan, short_field) if short_field else None

        def get(rows: Sequence[Row], at: Loader) -> list[str]:
            if not at.language:
                return [row[first[part]] for row in rows]
            named = [(orjson.loads(row[labels]), (row[first[0]], row[first[1]])) for row in rows]
            names = [label_in(labels_of_row, first_name, at.language)[part] for labels_of_row, first_name in named]
            if at.pages and part == 0:
                short_names = shorts(rows, at) if shorts else [None] * len(rows)
                return [
                    RecordName(name, row[first[0]], short or None)
                    for name, row, short in zip(names, rows, short_names, strict=True)
                ]
            return names

        return get


def name_field() -> LabelField:
    """Return the name of a record."""
    return LabelField(
        0, help_text="Its first name that is not rejected; with `lang`, its name in that language if it has one."
    )


def name_language_field() -> LabelField:
    """Return the language of that name."""
    return LabelField(1, help_text="BCP 47 tag of `name`.")


@extend_schema_field({"type": "object", "additionalProperties": {"type": "string"}})
class LabelsField(serializers.Field):
    """The first name in each language."""

    def getter(self, plan: FetchPlan, wanted: Tree) -> Getter:
        """Return the labels by language; PostgreSQL keeps the keys of JSON in an order of its own."""
        at = plan.column("labels")
        return lambda rows, answer: [dict(sorted(orjson.loads(row[at]).items())) for row in rows]


class Ordered(Shape):
    """A serializer whose inherited evidence and time come after what a subclass adds."""

    last = ("certainty", "note", "text_language", "translations", "passages", "updated_at")

    def get_fields(self) -> dict[str, serializers.Field]:
        """Return the fields in the order of the answer."""
        fields = super().get_fields()
        rank = {name: number for number, name in enumerate(self.last, 1)}
        return {name: fields[name] for name in sorted(fields, key=lambda name: rank.get(name, 0))}


class RecordRefSerializer(Shape):
    """Another public record: where it is and what it is called. With `expand`, all of it."""

    refers = True

    id = serializers.CharField(source="slug", help_text="Public id, permanent.")
    url = AddressField("api:{kind}-detail", help_text="Address of the record in this API.")
    name = name_field()
    name_language = name_language_field()


class RecordSerializer(Ordered):
    """What every record has."""

    id = serializers.CharField(source="slug", help_text="Public id, permanent: a former one redirects here.")
    url = AddressField("api:{kind}-detail", help_text="Address of this record in the API.")
    page = AddressField("{kind}-detail", help_text="The same record as a page for people.")
    updated_at = serializers.DateTimeField(help_text="When the record itself was last changed, in UTC.")


class PassageSerializer(Shape):
    """A span of a source. Whoever holds the text can check it: SHA-256 of text[start:end] as UTF-8."""

    uid = serializers.CharField(help_text="Permanent identity of the passage.")
    source = RecordRefSerializer()  # type: ignore[assignment]  # a declared field, not the attribute of Field
    paragraph = serializers.IntegerField(help_text="Number of the paragraph, from 1.")
    start = serializers.IntegerField(help_text="In code points of the whole text, from 0.")
    end = serializers.IntegerField(help_text="Exclusive.")
    sha256 = serializers.CharField(help_text="SHA-256 of the exact words, in hexadecimal.")
    check = serializers.ChoiceField(
        ["unverified", "verified", "changed"],
        source="check_state",
        help_text="Whether it matched the text when that was last at hand.",
    )


class CitedSerializer(Ordered):
    """What every statement of fact has: how firm it is, why, and where it was read."""

    certainty = serializers.ChoiceField(Certainty.choices, help_text="How firmly the passages carry it.")
    note = TranslatedTextMember(help_text="Why it is inferred, disputed or rejected; any doubt.")
    text_language = TextLanguageMember()
    translations = TranslationsMember()
    passages = PassageSerializer(many=True)


class FactSerializer(CitedSerializer):
    """A cited row with an identity of its own."""

    id = serializers.CharField(source="uid", help_text="Permanent identity of this row.")


class NameSerializer(FactSerializer):
    """One spelling of a name, and where it is spelled so."""

    text = serializers.CharField()
    language = serializers.CharField(help_text="BCP 47.")
    kind = serializers.ChoiceField(NameKind.choices, help_text="What the spelling is to the record.")


class DescriptionSerializer(FactSerializer):
    """What a source says in its own voice, in the editors' words. Never a quotation."""

    text = TranslatedTextMember()
    language = LanguageOfTextMember("text", help_text="BCP 47 tag of `text` as it is given here.")


class LabelledSerializer(RecordSerializer):
    """What a record with names has."""

    name = name_field()
    name_language = name_language_field()
    labels = LabelsField(help_text="The first name in each language.")
