"""The pages of sources: paragraph by paragraph, what was recorded from each."""

from __future__ import annotations

import functools
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.core.paginator import Paginator
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from base.documents.plan import Document
from base.pages.evidence import Strip
from base.pages.lines import LineKind, RowLine, line_kind, row_lines
from base.pages.views import RecordDetail, RecordList, site_of
from base.records.provenance import Certainty, Cited
from base.sql.prepared import Parameter, PreparedQuery
from base.text.numbers import parse_digits
from directory import jsonld
from directory.api.serializers import SourceSerializer
from directory.filters import SourceFilter
from directory.models import Passage, Source

PARAGRAPHS_A_PAGE = 100
CHARACTERS_A_BAR = 60


class SourceList(RecordList):
    """Every source that was read."""

    model = Source
    filterset_class = SourceFilter
    facet_names = ("kind",)
    template_name = "directory/source_list.html"
    shape = SourceSerializer
    members = ("id", "url", "name", "name_language", "kind", "language", "date")


@dataclass
class Paragraph:
    """One paragraph: its words where they may be shown, and the lines of the rows that cite it."""

    number: int
    length: int
    text: str = ""
    quotes: list[Document] = field(default_factory=list)
    lines: list[RowLine] = field(default_factory=list)

    @property
    def bars(self) -> list[int]:
        """The widths, in percent, of the grey bars that stand for words that may not be shown."""
        full, rest = divmod(self.length, CHARACTERS_A_BAR)
        return [100] * min(full, 12) + ([round(rest / CHARACTERS_A_BAR * 100)] if rest and full < 12 else [])

    @property
    def said(self) -> bool:
        """Whether a statement was read here."""
        return any(line.kind.mark == "said" for line in self.lines)

    @property
    def named(self) -> bool:
        """Whether anything but a statement was read here."""
        return any(line.kind.mark != "said" for line in self.lines)

    @property
    def said_lines(self) -> list[RowLine]:
        """What was said here."""
        return [line for line in self.lines if line.kind.mark == "said"]

    @property
    def doubtful_lines(self) -> list[RowLine]:
        """Of what is named here, what is disputed or was rejected."""
        return [line for line in self.lines if line.kind.mark != "said" and in_conflict(line)]

    @property
    def firm_lines(self) -> list[RowLine]:
        """The rest of what is named here."""
        return [line for line in self.lines if line.kind.mark != "said" and not in_conflict(line)]

    @property
    def conflict(self) -> bool:
        """Whether anything read here is disputed or was rejected."""
        return any(in_conflict(line) for line in self.lines)


def in_conflict(line: RowLine) -> bool:
    """Whether a row is disputed or was rejected."""
    return line.row["certainty"] in (Certainty.DISPUTED, Certainty.REJECTED)


# What the page can be narrowed to: the word in its address, the property of a paragraph, what it is called.
SHOWN = (
    ("statements", "said", gettext_lazy("Statements")),
    ("names", "named", gettext_lazy("Names, roles and links")),
    ("conflicts", "conflict", gettext_lazy("Conflicts")),
)


def citing_kinds() -> list[LineKind]:
    """Return every kind of row that cites passages."""
    return [line_kind(model) for model in apps.get_models() if issubclass(model, Cited)]


@functools.cache
def rows_citing(kind: LineKind) -> PreparedQuery:
    """Return the query of the public rows that cite paragraphs of a source, from a first one to a last one."""
    paragraph = Passage._meta.get_field("paragraph")
    source, first, last = Parameter(0, Source._meta.pk), Parameter(1, paragraph), Parameter(2, paragraph)
    passages = Passage.objects.filter(source=source, paragraph__gte=first, paragraph__lte=last)
    relation = kind.model._meta.get_field("passages")
    cited = relation.remote_field.through.objects.filter(passage__in=passages).values(relation.m2m_field_name())
    return PreparedQuery(lambda: kind.model.objects.published().filter(pk__in=cited).values_list(*kind.plan.selected))


class SourceDetail(RecordDetail):
    """One source: its facts, and for each paragraph what it proves. A fixed number of queries, whatever it holds."""

    model = Source
    template_name = "directory/source_detail.html"
    shape = SourceSerializer
    members = (
        *("id", "url", "name", "name_language", "kind", "title_supplied", "language", "translated_from", "publisher"),
        *("author", "date", "original_url", "licence", "note", "sha256", "length", "paragraphs", "text_is_public"),
    )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Load one page of paragraphs with everything that cites them."""
        source = self.object
        pages = Paginator(source["paragraphs"], PARAGRAPHS_A_PAGE)
        number = parse_digits(self.request.GET.get("page", "1"))
        if number is None or not 1 <= number <= pages.num_pages:
            raise Http404(_("This source has %(last)s pages.") % {"last": pages.num_pages})
        page = pages.page(number)
        words = self.text() if source["text_is_public"] else ""
        paragraphs = [
            Paragraph(number, length, words[start : start + length])
            for number, (start, length) in enumerate(page.object_list, page.start_index())
        ]
        strip = Strip(source)
        self.fill(paragraphs, strip)
        wanted = self.request.GET.get("show", "")
        choices = [
            (word, label, sum(getattr(paragraph, what) for paragraph in paragraphs)) for word, what, label in SHOWN
        ]
        for word, what, _label in SHOWN:
            if word == wanted:
                paragraphs = [paragraph for paragraph in paragraphs if getattr(paragraph, what)]
        return super().get_context_data(
            paragraphs=paragraphs,
            choices=choices,
            shown=wanted if any(wanted == word for word, _label, _count in choices) else "",
            page_obj=page,
            strip=strip,
            jsonld=jsonld.source(source, site_of(self.request)),
            **kwargs,
        )

    def text(self) -> str:
        """Return the stored words. One query."""
        return str(Source.objects.values_list("text", flat=True).get(pk=self.key))

    def fill(self, paragraphs: list[Paragraph], strip: Strip) -> None:
        """Put every public row beside the paragraphs it cites. A query a kind, and five for what the lines show."""
        by_number = {paragraph.number: paragraph for paragraph in paragraphs}
        if not by_number:
            return
        span = min(by_number), max(by_number)
        found = row_lines((kind, rows_citing(kind).read(self.key, *span)) for kind in citing_kinds())
        # Statements first, then the kinds in the order of what they are called.
        found.sort(key=lambda line: (line.kind.mark != "said", str(line.kind.model._meta.verbose_name_plural)))
        for line in found:
            cited = [passage for passage in line.row["passages"] if passage["source"]]
            quotes = line.kind.quotes(line.row)
            for number in sorted({passage["paragraph"] for passage in cited if passage["source"]["id"] == strip.id}):
                if line.kind.mark == "said" or number not in strip.marks:
                    strip.marks[number] = line.kind.mark
                if number in by_number:
                    by_number[number].lines.append(line)
                    by_number[number].quotes += [
                        quote for quote in quotes if (quote["source_key"], quote["paragraph"]) == (self.key, number)
                    ]
