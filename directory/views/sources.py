"""The pages of sources, which show for each paragraph what was recorded from it."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass, field
from operator import attrgetter
from typing import NamedTuple

from django.apps import apps
from django.core.paginator import Paginator
from django.http import Http404
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from base.documents.plan import Document
from base.documents.rows import Link
from base.pages.evidence import Strip
from base.pages.lines import LineKind, RowLine, line_kind, row_lines
from base.pages.views import RecordDetail, RecordList, site_of
from base.records.provenance import Certainty, Cited
from base.records.publishing import published
from base.sql.prepared import Parameter, PreparedQuery
from base.text.numbers import parse_digits
from directory import jsonld
from directory.api.serializers import SourceSerializer
from directory.filters import SourceFilter
from directory.models import Passage, Source

PARAGRAPHS_PER_PAGE = 100
CHARACTERS_PER_LINE = 60  # of the grey bars
MOST_LINES = 12


class SourceList(RecordList):
    """The list of sources."""

    model = Source
    filterset_class = SourceFilter
    facet_names = ("kind",)
    template_name = "directory/source_list.html"
    shape = SourceSerializer
    members = ("id", "url", "name", "name_language", "kind", "language", "date")


@dataclass
class Paragraph:
    """One paragraph of a source, with a line for each row that cites it."""

    number: int
    length: int  # in code points
    text: str = ""  # empty unless the text of the source is public
    quotes: list[Document] = field(default_factory=list)
    lines: list[RowLine] = field(default_factory=list)

    @property
    def bars(self) -> list[int]:
        """The widths, in percent, of the grey bars that stand for words that may not be shown."""
        full, rest = divmod(self.length, CHARACTERS_PER_LINE)
        last = [round(rest / CHARACTERS_PER_LINE * 100)] if rest and full < MOST_LINES else []
        return [100] * min(full, MOST_LINES) + last

    @property
    def statements(self) -> list[RowLine]:
        """The statements that cite this paragraph."""
        return [line for line in self.lines if line.kind.mark == "said"]

    @property
    def names(self) -> list[RowLine]:
        """The names, roles and links, and everything else but statements, that cite this paragraph."""
        return [line for line in self.lines if line.kind.mark != "said"]

    @property
    def doubtful(self) -> list[RowLine]:
        """Those of the names, roles and links that are disputed or rejected."""
        return [line for line in self.names if in_conflict(line)]

    @property
    def undisputed(self) -> list[RowLine]:
        """Those of the names, roles and links that are neither disputed nor rejected."""
        return [line for line in self.names if not in_conflict(line)]

    @property
    def has_conflict(self) -> bool:
        """Whether a row that cites this paragraph is disputed or rejected."""
        return any(in_conflict(line) for line in self.lines)


def in_conflict(line: RowLine) -> bool:
    """Return whether the row of this line is disputed or rejected."""
    return line.row["certainty"] in (Certainty.DISPUTED, Certainty.REJECTED)


class ParagraphFilter(NamedTuple):
    """A choice of paragraphs that the page can be narrowed to."""

    value: str  # of the parameter `show`
    label: Promise
    matches: Callable[[Paragraph], object]  # true or false


PARAGRAPH_FILTERS = (
    ParagraphFilter("statements", gettext_lazy("Statements"), attrgetter("statements")),
    ParagraphFilter("names", gettext_lazy("Names, roles and links"), attrgetter("names")),
    ParagraphFilter("conflicts", gettext_lazy("Conflicts"), attrgetter("has_conflict")),
)


def citing_kinds() -> list[LineKind]:
    """Return how the rows of each model that cites passages are shown as lines."""
    return [line_kind(model) for model in apps.get_models() if issubclass(model, Cited)]


@functools.cache
def rows_citing(kind: LineKind) -> PreparedQuery:
    """Return the query for the public rows that cite one of a range of paragraphs of a source.

    Its parameters are the key of the source and the numbers of the first and the last paragraph.
    """
    paragraph = Passage._meta.get_field("paragraph")
    source, first, last = Parameter(0, Source._meta.pk), Parameter(1, paragraph), Parameter(2, paragraph)
    passages = Passage.objects.filter(source=source, paragraph__gte=first, paragraph__lte=last)
    link = Link(kind.model, "passages")
    cited = link.through._base_manager.filter(passage__in=passages).values(link.owner)
    return PreparedQuery(lambda: published(kind.model).filter(pk__in=cited).values_list(*kind.plan.selected))


class SourceDetail(RecordDetail):
    """The page of a source: what is known of it, and its paragraphs. The number of queries does not grow with the source."""

    model = Source
    template_name = "directory/source_detail.html"
    shape = SourceSerializer
    members = (
        *("id", "url", "name", "name_language", "kind", "title_supplied", "language", "translated_from", "publisher"),
        *("author", "date", "original_url", "licence", "note", "sha256", "length", "paragraphs", "text_is_public"),
    )

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        """Add one page of paragraphs with the rows that cite them. Raises Http404 for a page that does not exist."""
        source = self.object
        pages = Paginator(source["paragraphs"], PARAGRAPHS_PER_PAGE)
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
        self.add_citing_rows(paragraphs, strip)
        choices = [
            (each.value, each.label, sum(bool(each.matches(paragraph)) for paragraph in paragraphs))
            for each in PARAGRAPH_FILTERS
        ]
        show = self.request.GET.get("show", "")
        narrowed_by = next((each for each in PARAGRAPH_FILTERS if each.value == show), None)
        if narrowed_by:
            paragraphs = list(filter(narrowed_by.matches, paragraphs))
        return super().get_context_data(
            paragraphs=paragraphs,
            choices=choices,
            show=narrowed_by.value if narrowed_by else "",
            page_obj=page,
            strip=strip,
            jsonld=jsonld.source(source, site_of(self.request)),
            **kwargs,
        )

    def text(self) -> str:
        """Return the stored text. One query."""
        return str(Source.objects.values_list("text", flat=True).get(pk=self.key))

    def add_citing_rows(self, paragraphs: list[Paragraph], strip: Strip) -> None:
        """Add every public row to the paragraphs that it cites, and mark these in the strip.

        One query for each kind of row, and five for what their lines show.
        """
        by_number = {paragraph.number: paragraph for paragraph in paragraphs}
        if not by_number:
            return
        span = min(by_number), max(by_number)
        lines = row_lines((kind, rows_citing(kind).read(self.key, *span)) for kind in citing_kinds())
        # Statements first, then the other kinds by name.
        lines.sort(key=lambda line: (line.kind.mark != "said", str(line.kind.model._meta.verbose_name_plural)))
        for line in lines:
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
