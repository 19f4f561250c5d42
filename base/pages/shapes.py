"""What pages show of rows: shapes whose members a template prints as they are, read by the same plans as the API's.

A plan (`api/documents.py`) says which columns are read and what hangs on them; a shape of a page says what is made of them: names
in the reader's language and linked, roles in words, passages as ¶4, ¶21. What several rows have in common (a record that
they name, an address) is made once for a page.
"""

from __future__ import annotations

from typing import Any, ClassVar

import orjson
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from rest_framework import serializers

from base.documents.loader import Loader
from base.documents.plan import Document, FetchPlan, Getter, Tree, plan_of
from base.documents.shapes import AddressField
from base.lists.counting import MOST_LINKED
from base.lists.paging import PagedRows
from base.records.provenance import Certainty
from base.sql.prepared import Row
from base.text.languages import label_in


def for_reader() -> Loader:
    """Return what loads the documents of a page: paths for addresses, names in the language of the page."""
    return Loader(str, get_language() or "en")


def in_language(text: str, language: str, page: str) -> SafeString:
    """Show a text, marked with its language where that is not the page's."""
    return format_html("{}", text) if language == page else format_html('<span lang="{}">{}</span>', language, text)


class LabelField(serializers.Field):
    """A record's name as the page says it: plain, marked with its language where that is not the page's, or linked as well."""

    def __init__(self, form: str) -> None:
        self.form = form
        super().__init__(source="*")

    def getter(self, plan: FetchPlan, wanted: Tree) -> Getter:
        """Return how the name is found and drawn."""
        slug, name, language, labels = (plan.column(column) for column in ("slug", "name", "name_language", "labels"))
        address, form = (f"{plan.model.kind}-detail", ""), self.form

        def named(row: Row, at: Loader) -> str:
            page = at.language or "en"
            first = (row[name] or row[slug], row[language] or page)
            text, spoken = label_in(orjson.loads(row[labels]), first, page)
            if form == "plain":
                return text
            shown = in_language(text, spoken, page)
            before, after = at.around[address]
            return (
                shown if form == "marked" else format_html('<a href="{}{}{}">{}</a>', before, row[slug], after, shown)
            )

        return lambda rows, at: [named(row, at) for row in rows]


class LinkedSerializer(serializers.Serializer[Any]):
    """Another record, where a page links it."""

    refers = True

    link = LabelField("linked")


class ReferredSerializer(LinkedSerializer):
    """Another record, where structured data names it as well: by its first name."""

    url = AddressField("{kind}-detail")
    name = serializers.CharField()
    label = LabelField("marked")  # type: ignore[assignment]  # a declared field, not the attribute of Field


class TagSerializer(serializers.Serializer[Any]):
    """Another record, where the template draws the link."""

    refers = True

    url = AddressField("{kind}-detail")
    label = LabelField("marked")  # type: ignore[assignment]  # a declared field, not the attribute of Field


class ListedSerializer(serializers.Serializer[Any]):
    """A record in a list of its kind."""

    slug = serializers.CharField()
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

    uid = serializers.CharField()
    source = SourceSerializer()  # type: ignore[assignment]  # a declared field, not the attribute of Field
    language = serializers.CharField(source="source__language")
    paragraph = serializers.IntegerField()


class RefsField(serializers.Field):
    """The passages of a row as links: ¶4, ¶21."""

    def __init__(self) -> None:
        super().__init__(source="*")

    def getter(self, plan: FetchPlan, wanted: Tree) -> Getter:
        """Return how they are drawn."""
        passages = plan.cited("passages", PlaceSerializer, {})
        return lambda rows, at: map(refs, passages(rows, at))


class CitedSerializer(serializers.Serializer[Any]):
    """A row that cites passages. They are loaded for `refs`, and for the evidence of the page."""

    passages = PlaceSerializer(many=True)
    refs = RefsField()


class ChoiceField(serializers.Field):
    """A value of a fixed list, in words."""

    def __init__(self, source: str, *, capital: bool = False) -> None:
        self.column, self.capital = source, capital
        super().__init__(source="*")

    def getter(self, plan: FetchPlan, wanted: Tree) -> Getter:
        """Return how the words are found: they are those of the model, translated once."""
        column, form = plan.column(self.column), capfirst if self.capital else str
        words = dict(plan.model._meta.get_field(self.column).flatchoices)
        said: dict[tuple[str | None, str], str] = {}

        def told(value: str, language: str | None) -> str:
            if (language, value) not in said:
                said[language, value] = form(str(words.get(value, value)))
            return said[language, value]

        return lambda rows, at: [told(row[column], at.language) for row in rows]


class DoubtField(serializers.Field):
    """How certain a row is, where it is not simply stated; and its note, unless that is told elsewhere."""

    def __init__(self, *, tell: bool = True) -> None:
        self.tell = tell
        super().__init__(source="*")

    def getter(self, plan: FetchPlan, wanted: Tree) -> Getter:
        """Return how it is drawn."""
        certainty, note, tell = plan.column("certainty"), plan.column("note"), self.tell
        words = dict(Certainty.choices)

        def drawn(row: Row, at: Loader) -> str:
            doubtful, noted = row[certainty] != Certainty.STATED, bool(row[note] and tell)
            mark = format_html('<span class="doubt">{}</span>', words[row[certainty]]) if doubtful else SafeString("")
            if not noted:
                return mark
            said = in_language(row[note], "en", at.language or "en")
            return format_html('{}{}<span class="note">{}</span>', mark, " " if mark else "", said)

        return lambda rows, at: [drawn(row, at) for row in rows]


class FactSerializer(CitedSerializer):
    """A cited row that hangs on a record."""

    certainty = serializers.CharField()
    note = serializers.CharField()
    doubt = DoubtField()
    mark = DoubtField(tell=False)


class NameSerializer(FactSerializer):
    """One spelling of a name."""

    text = serializers.CharField()
    language = serializers.CharField()
    kind = ChoiceField("kind")


class DescriptionSerializer(FactSerializer):
    """What a source says in its own voice, in our words."""

    text = serializers.CharField()
    language = serializers.CharField()


class FactsSerializer(serializers.Serializer[Any]):
    """What hangs on the record of a page: of each kind the first rows. Of those in `lists`, one more tells that there are more."""

    lists: ClassVar[dict[str, int]] = {}

    @classmethod
    def most(cls, source: str) -> int:
        """Return how many rows of a relation are loaded."""
        return cls.lists[source] + 1 if source in cls.lists else MOST_LINKED


class DocumentList:
    """What a list shows, to be cut into pages."""

    def __init__(self, listed: PagedRows, plan: FetchPlan) -> None:
        self.listed, self.plan = listed, plan

    def __getitem__(self, place: slice) -> list[Document]:
        """Return the documents of some of its rows. A fixed number of queries, or none for none."""
        start = place.start or 0
        return self.made(self.listed.read_from(self.plan, start, place.stop - start)) if place.stop > start else []

    def made(self, rows: list[Row]) -> list[Document]:
        """Return the documents of rows that the plan has read."""
        return for_reader().documents(self.plan, rows)


def facts_plan(shape: type[FactsSerializer], model: Any) -> FetchPlan:
    """Return how what hangs on a record is read; its row is the key of the record alone."""
    return plan_of(shape, model, frozenset(), frozenset())


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
