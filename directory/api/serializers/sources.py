"""Sources: what was read, and how to check a copy of it. Never the words."""

from rest_framework import serializers

from base.documents.plan import register
from base.documents.shapes import AddressField, LabelledSerializer, WebAddressMember
from base.documents.texts import TextLanguageMember, TranslatedTextMember, TranslationsMember
from directory.models import Source
from directory.models.sources import SourceKind


class SourceSerializer(LabelledSerializer):
    """A text that was read."""

    kind = serializers.ChoiceField(SourceKind.choices, source="source_kind")
    title = serializers.CharField(help_text="As it is printed, or ours; `name` is the title in the language of `lang`.")
    short_title = TranslatedTextMember(help_text="A few words for lists, or empty.")
    title_language = serializers.CharField(help_text="BCP 47.")
    title_supplied = serializers.BooleanField(help_text="The source prints no title; this one is ours.")
    language = serializers.CharField(help_text="BCP 47 tag of the text.")
    translated_from = serializers.CharField(help_text="BCP 47; empty if it is no translation.")
    publisher = serializers.CharField()
    author = serializers.CharField()
    date = serializers.CharField(help_text="EDTF; empty if the source states none.")
    date_earliest = serializers.DateField(allow_null=True)
    date_latest = serializers.DateField(allow_null=True)
    original_url = WebAddressMember(source="url", help_text="Where the original is, or empty.")
    licence = serializers.CharField(help_text="Licence of the original's words, or empty.")
    note = TranslatedTextMember()
    text_language = TextLanguageMember()
    translations = TranslationsMember()
    sha256 = serializers.CharField(help_text="SHA-256 of the whole text as UTF-8, in hexadecimal.")
    length = serializers.IntegerField(help_text="Code points of the whole text.")
    paragraphs = serializers.ListField(
        child=serializers.ListField(child=serializers.IntegerField(), min_length=2, max_length=2),
        help_text="[start, length] of every paragraph, in code points of the whole text.",
    )
    text_is_public = serializers.BooleanField(help_text="Whether the page may show the words; the API never does.")
    compared_on = serializers.DateField(
        allow_null=True, help_text="When every passage on record was last compared with the text, and agreed; or null."
    )
    passages_url = AddressField("api:{kind}-passages", help_text="Every passage on record, to check a copy with.")
    statements_url = AddressField("api:statement-list", "source", help_text="Statements that cite it.")


register(Source, SourceSerializer)
