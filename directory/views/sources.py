"""The pages of sources, which show for each paragraph what was recorded from it."""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import groupby, pairwise
from operator import attrgetter, itemgetter
from typing import NamedTuple

from django.apps import apps
from django.core.paginator import Paginator
from django.db.models import Case, Count, F, Model, Q, QuerySet, Value, When, Window
from django.db.models.functions import DenseRank
from django.http import Http404
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from base.changes.cache import cached_for
from base.documents.plan import Document
from base.documents.rows import Link
from base.lists.counting import MOST_ROWS
from base.pages.evidence import PARAGRAPHS_A_PAGE, Strip
from base.pages.lines import LineKind, RowLine, line_kind, row_lines
from base.pages.views import RecordDetail, RecordList, site_of
from base.records.provenance import Certainty, Cited
from base.records.publishing import published
from base.sql.prepared import Parameter, PreparedQuery
from base.text.letters import place_of_words
from base.text.numbers import parse_digits
from directory import jsonld
from directory.api.serializers import SourceSerializer
from directory.filters import SourceFilter
from directory.models import Passage, Source

MOST_LINES_OF_PAGE = 300  # of each kind of row, shared out among its paragraphs


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
    start: int  # in code points of the whole text
    length: int
    text: str = ""  # empty unless the text of the source is public
    quotes: list[Document] = field(default_factory=list)
    lines: list[RowLine] = field(default_factory=list)
    shown: Counter[LineKind] = field(default_factory=Counter)  # how many lines there are
    omitted: Counter[str] = field(default_factory=Counter)  # by the mark of a kind: how many rows have no line
    share: int = 100  # how long it is, in percent of the longest of the page
    next_notable: int | None = (
        None  # the number of the next paragraph with a quotation or a conflict, if it has one itself
    )

    @property
    def pieces(self) -> list[tuple[bool, str]]:
        """Its text cut where quotes of statements begin and end: whether it is quoted, and the piece."""
        quoted = [False] * len(self.text)
        for quote in self.quotes:
            passage = slice(quote["start"] - self.start, quote["end"] - self.start)
            place = place_of_words(self.text, quote["text"], passage.start, passage.stop)
            if place >= 0:
                quoted[place : place + len(quote["text"])] = [True] * len(quote["text"])
        runs = groupby(zip(quoted, self.text, strict=True), key=itemgetter(0))
        return [(is_quoted, "".join(letter for _quoted, letter in run)) for is_quoted, run in runs]

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
    def all_statements(self) -> int:
        """How many statements cite this paragraph, those without a line too."""
        return len(self.statements) + self.omitted["said"]

    @property
    def all_undisputed(self) -> int:
        """How many names, roles and links there are that are no conflicts, those without a line too."""
        return len(self.undisputed) + self.omitted["named"]

    @property
    def has_conflict(self) -> bool:
        """Whether a row that cites this paragraph is disputed or rejected."""
        return any(in_conflict(line) for line in self.lines)


CONFLICTS = (Certainty.DISPUTED, Certainty.REJECTED)


def in_conflict(line: RowLine) -> bool:
    """Return whether the row of this line is disputed or rejected."""
    return line.row["certainty"] in CONFLICTS


class ParagraphFilter(NamedTuple):
    """A choice of paragraphs that the page can be narrowed to."""

    value: str  # of the parameter `show`
    label: Promise
    matches: Callable[[Paragraph], object]  # true or false


CONFLICTS_FILTER = ParagraphFilter("conflicts", gettext_lazy("Conflicts"), attrgetter("has_conflict"))
QUOTES_FILTER = ParagraphFilter("quotes", gettext_lazy("Quotations"), attrgetter("quotes"))
PARAGRAPH_FILTERS = (
    CONFLICTS_FILTER,
    QUOTES_FILTER,
    ParagraphFilter("statements", gettext_lazy("Statements"), attrgetter("statements")),
    ParagraphFilter("names", gettext_lazy("Names, roles and links"), attrgetter("names")),
)


def link_notable(paragraphs: list[Paragraph]) -> list[tuple[ParagraphFilter, list[int]]]:
    """Lead from each paragraph with a quotation or a conflict to the next; return (filter, numbers) of those there are."""
    notable = [paragraph for paragraph in paragraphs if paragraph.quotes or paragraph.has_conflict]
    for paragraph, following in pairwise(notable):
        paragraph.next_notable = following.number
    kinds = [(each, [one.number for one in notable if each.matches(one)]) for each in (CONFLICTS_FILTER, QUOTES_FILTER)]
    return [(each, numbers) for each, numbers in kinds if numbers]


def citing_kinds() -> list[LineKind]:
    """Return how the rows of each model that cites passages are shown as lines."""
    return [line_kind(model) for model in apps.get_models() if issubclass(model, Cited)]


def citations_of(kind: LineKind) -> tuple[QuerySet[Model], str]:
    """Return the links of public rows of this kind with passages of a range of paragraphs, and their column for the row.

    The parameters of the query are the key of the source and the numbers of the first and the last paragraph.
    """
    paragraph = Passage._meta.get_field("paragraph")
    source, first, last = Parameter(0, Source._meta.pk), Parameter(1, paragraph), Parameter(2, paragraph)
    passages = Passage.objects.filter(source=source, paragraph__gte=first, paragraph__lte=last)
    link = Link(kind.model, "passages")
    public = published(kind.model).order_by().values("pk")
    return link.through._base_manager.filter(passage__in=passages, **{f"{link.owner}__in": public}), link.owner


@functools.cache
def rows_citing(kind: LineKind) -> PreparedQuery:
    """Return the query for the public rows that cite one of a range of paragraphs, as many as a page shows.

    Of each paragraph the conflicts come first, then what was recorded first; every paragraph gets its first row before any gets
    its second. The parameters are those of `citations_of`.
    """
    links, owner = citations_of(kind)
    conflict = Q(**{f"{owner.removesuffix('_id')}__certainty__in": CONFLICTS})
    place = Window(
        DenseRank(),
        partition_by=F("passage__paragraph"),
        order_by=[Case(When(conflict, then=Value(0)), default=Value(1)).asc(), F(owner).asc()],
    )
    first = links.annotate(place=place).filter(place__lte=MOST_ROWS).order_by("place", "passage__paragraph")
    cited = first.values(owner)[:MOST_LINES_OF_PAGE]
    return PreparedQuery(lambda: kind.model._default_manager.filter(pk__in=cited).values_list(*kind.plan.selected))


@functools.cache
def counts_citing(kind: LineKind) -> PreparedQuery:
    """Return the query for (number of a paragraph, how many public rows cite it). The parameters are those of `citations_of`."""
    links, owner = citations_of(kind)
    counts = links.order_by().values("passage__paragraph").annotate(rows=Count(owner, distinct=True))
    return PreparedQuery(lambda: counts.values_list("passage__paragraph", "rows"))


def cited_paragraphs_of(source: int) -> list[tuple[str, int]]:
    """Return (mark, number) of every paragraph of a source that public rows cite. One query for rows of all kinds."""
    parts = []
    for kind in citing_kinds():
        link = Link(kind.model, "passages")
        public = {f"{link.owner}__in": published(kind.model).order_by().values("pk")}
        rows = link.through._base_manager.filter(passage__source=source, **public).order_by()
        parts.append(rows.annotate(mark=Value(kind.mark)).values_list("mark", "passage__paragraph"))
    return list(parts[0].union(*parts[1:]))


class SourceDetail(RecordDetail):
    """The page of a source: what is known of it, and its paragraphs. The number of queries does not grow with the source."""

    model = Source
    feed_filter = "source"
    template_name = "directory/source_detail.html"
    shape = SourceSerializer
    members = (
        *("id", "url", "name", "name_language", "kind", "title_supplied", "language", "translated_from", "publisher"),
        *(
            "author",
            "date",
            "original_url",
            "licence",
            "note",
            "sha256",
            "length",
            "paragraphs",
            "text_is_public",
            "compared_on",
        ),
    )

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        """Add one page of paragraphs with the rows that cite them. Raises Http404 for a page that does not exist."""
        source = self.object
        pages = Paginator(source["paragraphs"], PARAGRAPHS_A_PAGE)
        number = parse_digits(self.request.GET.get("page", "1"))
        if number is None or not 1 <= number <= pages.num_pages:
            raise Http404(_("This source has %(last)s pages.") % {"last": pages.num_pages})
        page = pages.page(number)
        words = self.text() if source["text_is_public"] else ""
        paragraphs = [
            Paragraph(number, start, length, words[start : start + length])
            for number, (start, length) in enumerate(page.object_list, page.start_index())
        ]
        longest = max((length for _start, length in page.object_list), default=1) or 1
        for paragraph in paragraphs:
            paragraph.share = max(2, round(paragraph.length / longest * 100))
        strip = Strip(source)
        self.add_citing_rows(paragraphs, strip)
        if page.has_other_pages() and strip.drawable:
            key = ("paragraphs with rows", self.key)
            for mark, cited in cached_for(self.request, key, lambda: cited_paragraphs_of(self.key)):
                strip.mark(cited, mark)
        choices = [
            (each.value, each.label, sum(bool(each.matches(paragraph)) for paragraph in paragraphs))
            for each in PARAGRAPH_FILTERS
        ]
        show = self.request.GET.get("show", "")
        narrowed_by = next((each for each in PARAGRAPH_FILTERS if each.value == show), None)
        if narrowed_by:
            paragraphs = list(filter(narrowed_by.matches, paragraphs))
        notable = link_notable(paragraphs)
        return super().get_context_data(
            paragraphs=paragraphs,
            notable=notable,
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
        """Add the public rows to the paragraphs that they cite, and mark these in the strip.

        One query for each kind of row, five for what their lines show, and one for each kind of which some have no line.
        """
        by_number = {paragraph.number: paragraph for paragraph in paragraphs}
        if not by_number:
            return
        span = min(by_number), max(by_number)
        rows = {kind: rows_citing(kind).read(self.key, *span) for kind in citing_kinds()}
        lines = row_lines(rows.items())
        # Statements first, then the other kinds by name.
        lines.sort(key=lambda line: (line.kind.mark != "said", str(line.kind.model._meta.verbose_name_plural)))
        for line in lines:
            cited = [passage for passage in line.row["passages"] if passage["source"]]
            for quote in line.kind.quotes(line.row):
                if quote["source_key"] == self.key and quote["paragraph"] in by_number:
                    by_number[quote["paragraph"]].quotes.append(quote)
            for number in sorted({passage["paragraph"] for passage in cited if passage["source"]["id"] == strip.id}):
                strip.mark(number, line.kind.mark)
                if number in by_number:
                    paragraph = by_number[number]
                    paragraph.shown[line.kind] += 1
                    paragraph.lines.append(line)
        for kind, read in rows.items():
            if len(read) >= MOST_LINES_OF_PAGE or any(one.shown[kind] >= MOST_ROWS for one in paragraphs):
                for number, count in counts_citing(kind).read(self.key, *span):
                    paragraph = by_number[number]
                    paragraph.omitted[kind.mark] += count - paragraph.shown[kind]
