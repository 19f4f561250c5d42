"""What pages show of rows: shapes whose members a template prints as they are, read by the same plans as the API's.

A plan (`api/documents.py`) says which columns are read and what hangs on them; a shape of a page says what is made of them: names
in the reader's language and linked, roles in words, passages as ¶4, ¶21. What several rows have in common (a record that
they name, an address) is made once for a page.
"""

from __future__ import annotations

from typing import Any

import orjson
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from rest_framework import serializers

from .api.documents import Document, Getter, Plan, Tree
from .api.loading import Answer
from .api.serializers import AddressField
from .fixed import Row
from .languages import label_in


def for_reader() -> Answer:
    """Return what loads the documents of a page: paths for addresses, names in the language of the page."""
    return Answer(str, get_language() or "en")


class LabelField(serializers.Field):
    """A record's name as the page says it: plain, marked with its language where that is not the page's, or linked as well."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        super().__init__(source="*")

    def getter(self, plan: Plan, wanted: Tree) -> Getter:
        """Return how the name is found and drawn."""
        slug, name, language, labels = (plan.column(column) for column in ("slug", "name", "name_language", "labels"))
        address, kind = (f"{plan.model.kind}-detail", ""), self.kind

        def named(row: Row, at: Answer) -> str:
            page = at.language or "en"
            first = (row[name] or row[slug], row[language] or page)
            text, spoken = label_in(orjson.loads(row[labels]), first, page)
            if kind == "plain":
                return text
            shown = (
                format_html("{}", text) if spoken == page else format_html('<span lang="{}">{}</span>', spoken, text)
            )
            before, after = at.around[address]
            return (
                shown if kind == "marked" else format_html('<a href="{}{}{}">{}</a>', before, row[slug], after, shown)
            )

        return lambda rows, at: [named(row, at) for row in rows]


class LinkedSerializer(serializers.Serializer[Any]):
    """Another record, where a page links it."""

    refers = True

    link = LabelField("linked")


class TagSerializer(serializers.Serializer[Any]):
    """Another record, where the template draws the link."""

    refers = True

    url = AddressField("{kind}-detail")
    label = LabelField("marked")  # type: ignore[assignment]  # a declared field, not the attribute of Field


class SourceSerializer(serializers.Serializer[Any]):
    """The source of a passage."""

    refers = True

    slug = serializers.CharField()
    sort_key = serializers.CharField()
    url = AddressField("{kind}-detail")
    title = LabelField("plain")


class PlaceSerializer(serializers.Serializer[Any]):
    """A passage: in which paragraph of which source, and the language of that."""

    source = SourceSerializer()  # type: ignore[assignment]  # a declared field, not the attribute of Field
    language = serializers.CharField(source="source__language")
    paragraph = serializers.IntegerField()


class RefsField(serializers.Field):
    """The passages of a row as links: ¶4, ¶21."""

    def __init__(self) -> None:
        super().__init__(source="*")

    def getter(self, plan: Plan, wanted: Tree) -> Getter:
        """Return how they are drawn."""
        passages = plan.cited("passages", PlaceSerializer, {})
        return lambda rows, at: map(refs, passages(rows, at))


class CitedSerializer(serializers.Serializer[Any]):
    """A row that cites passages. They are loaded for `refs`, and for the evidence of the page."""

    passages = PlaceSerializer(many=True)
    refs = RefsField()


class ChoiceField(serializers.Field):
    """A value of a fixed list, in words."""

    def __init__(self, choices: Any, source: str, *, capital: bool = False) -> None:
        self.words, self.column, self.capital = dict(choices), source, capital
        super().__init__(source="*")

    def getter(self, plan: Plan, wanted: Tree) -> Getter:
        """Return how the words are found."""
        column, words, form = plan.column(self.column), self.words, capfirst if self.capital else str
        return lambda rows, at: [form(str(words.get(row[column], row[column]))) for row in rows]


def refs(passages: list[Document]) -> SafeString:
    """Show passages as links, each paragraph once, in the order of reading."""
    places = {
        (passage["source"]["slug"], passage["paragraph"]): passage["source"]
        for passage in passages
        if passage["source"]
    }
    if not places:
        return format_html('<span class="refs">{}</span>', _("no passage"))
    said = _("Paragraph %(number)s of %(source)s")
    links = format_html_join(
        ", ",
        '<a href="{}#p{}" title="{}">¶{}</a>',
        (
            (source["url"], number, said % {"number": number, "source": source["title"]}, number)
            for (_slug, number), source in places.items()
        ),
    )
    return format_html('<span class="refs">{}</span>', links)
