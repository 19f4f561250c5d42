"""The shapes that all kinds of record share: references, names, facts and the passages that prove them."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from directory.base.provenance import Certainty
from directory.base.records import NameKind

ADDRESS = {"type": "string", "format": "uri"}


@extend_schema_field(ADDRESS)
class AddressField(serializers.Field):
    """An absolute address made from the record. `route` is the name of a URL; {kind} in it is the record's kind.

    With `query` the id goes there and not into the path: the rows of another list that concern the record.
    """

    def __init__(self, route: str, query: str = "", **kwargs: Any) -> None:
        self.route, self.query = route, query
        super().__init__(source="*", **kwargs)

    def to_representation(self, record: Any) -> str:
        """Return the address."""
        route = self.route.format(kind=record.kind)
        path = f"{reverse(route)}?{self.query}={record.slug}" if self.query else reverse(route, args=[record.slug])
        return self.context["request"].build_absolute_uri(path)


class Ordered(serializers.Serializer[Any]):
    """A serializer whose inherited evidence and time come after what a subclass adds."""

    last = ("certainty", "note", "passages", "updated_at")

    def get_fields(self) -> dict[str, serializers.Field]:
        """Return the fields in the order of the answer."""
        fields = super().get_fields()
        rank = {name: number for number, name in enumerate(self.last, 1)}
        return {name: fields[name] for name in sorted(fields, key=lambda name: rank.get(name, 0))}


class RecordRefSerializer(serializers.Serializer[Any]):
    """Another public record: where it is and what it is called."""

    id = serializers.CharField(source="slug", help_text="Public id, permanent.")
    url = AddressField("api:{kind}-detail", help_text="Address of the record in this API.")
    name = serializers.CharField(help_text="The name it goes by; `labels` of the record has it in other languages.")


class RecordSerializer(Ordered):
    """What every record has."""

    id = serializers.CharField(source="slug", help_text="Public id, permanent: a former one redirects here.")
    url = AddressField("api:{kind}-detail", help_text="Address of this record in the API.")
    page = AddressField("{kind}-detail", help_text="The same record as a page for people.")
    updated_at = serializers.DateTimeField(help_text="When the record itself was last changed, in UTC.")


class PassageSerializer(serializers.Serializer[Any]):
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
    note = serializers.CharField(help_text="Why it is inferred, disputed or rejected; any doubt.")
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

    text = serializers.CharField()
    language = serializers.CharField(help_text="BCP 47.")


class LabelledSerializer(RecordSerializer):
    """What a record with names has."""

    name = serializers.CharField(help_text="The first of its names that is not rejected.")
    name_language = serializers.CharField(help_text="BCP 47 tag of `name`.")
    labels = serializers.SerializerMethodField(help_text="The first name in each language.")

    @extend_schema_field({"type": "object", "additionalProperties": {"type": "string"}})
    def get_labels(self, record: Any) -> dict[str, str]:
        """Return the labels by language; PostgreSQL keeps the keys of JSON in an order of its own."""
        return dict(sorted(record.labels.items()))
