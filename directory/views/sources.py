"""The pages of sources, which show for each paragraph what was recorded from it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from operator import attrgetter
from typing import NamedTuple, Protocol, cast

from django.apps import apps
from django.core.paginator import Paginator
from django.db.models import Prefetch, QuerySet
from django.http import Http404
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from base.pages.evidence import Strip
from base.pages.views import RecordDetail, RecordList, site_of
from base.records.provenance import Certainty, Cited
from base.records.publishing import published
from base.records.records import RecordQuerySet
from base.text.numbers import parse_digits
from directory import jsonld
from directory.filters import SourceFilter
from directory.models import Passage, Source
from directory.querysets import SourceQuerySet

PARAGRAPHS_PER_PAGE = 100
CHARACTERS_PER_LINE = 60  # of the grey bars
MOST_LINES = 12


class SourceList(RecordList):
    """The list of sources."""

    model = Source
    filterset_class = SourceFilter
    facet_names = ("kind",)
    template_name = "directory/source_list.html"

    def rows(self) -> QuerySet[Source]:
        """Return the sources without their texts."""
        return super().rows().defer("text")


class Quote(Protocol):
    """Words as printed, which may be shown even where the text of the source may not."""

    text: str
    language: str


@dataclass
class Paragraph:
    """One paragraph of a source, with the rows that cite it."""

    number: int
    length: int  # in code points
    text: str = ""  # empty unless the text of the source is public
    quotes: list[Quote] = field(default_factory=list)
    rows: list[Cited] = field(default_factory=list)

    @property
    def bars(self) -> list[int]:
        """The widths, in percent, of the grey bars that stand for words that may not be shown."""
        full, rest = divmod(self.length, CHARACTERS_PER_LINE)
        last = [round(rest / CHARACTERS_PER_LINE * 100)] if rest and full < MOST_LINES else []
        return [100] * min(full, MOST_LINES) + last

    @property
    def has_statements(self) -> bool:
        """Whether a statement cites this paragraph."""
        return any(row.evidence_mark == "said" for row in self.rows)

    @property
    def has_names(self) -> bool:
        """Whether a name, role or link, or anything else but a statement, cites this paragraph."""
        return any(row.evidence_mark != "said" for row in self.rows)

    @property
    def has_conflicts(self) -> bool:
        """Whether a row that cites this paragraph is disputed or rejected."""
        return any(row.certainty in (Certainty.DISPUTED, Certainty.REJECTED) for row in self.rows)


class ParagraphFilter(NamedTuple):
    """A choice of paragraphs that the page can be narrowed to."""

    value: str  # of the parameter `show`
    label: Promise
    matches: Callable[[Paragraph], bool]


PARAGRAPH_FILTERS = (
    ParagraphFilter("statements", gettext_lazy("Statements"), attrgetter("has_statements")),
    ParagraphFilter("names", gettext_lazy("Names, roles and links"), attrgetter("has_names")),
    ParagraphFilter("conflicts", gettext_lazy("Conflicts"), attrgetter("has_conflicts")),
)


def citing_models() -> list[type[Cited]]:
    """Return the models whose rows cite passages: statements first, then the others by name."""
    models = [model for model in apps.get_models() if issubclass(model, Cited)]
    return sorted(models, key=lambda model: (model.evidence_mark != "said", model._meta.verbose_name_plural))


class SourceDetail(RecordDetail):
    """The page of a source: what is known of it, and its paragraphs. The number of queries does not grow with the source."""

    model = Source
    template_name = "directory/source_detail.html"

    def records(self) -> SourceQuerySet:
        """Return the sources without their texts; a text that is public is read on access."""
        return Source.objects.defer("text")

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        """Add one page of paragraphs with the rows that cite them. Raises Http404 for a page that does not exist."""
        source: Source = self.object
        pages = Paginator(source.paragraphs, PARAGRAPHS_PER_PAGE)
        number = parse_digits(self.request.GET.get("page", "1"))
        if number is None or not 1 <= number <= pages.num_pages:
            raise Http404(_("This source has %(last)s pages.") % {"last": pages.num_pages})
        page = pages.page(number)
        words = source.text if source.text_is_public else ""
        paragraphs = [
            Paragraph(number, length, words[start : start + length])
            for number, (start, length) in enumerate(page.object_list, page.start_index())
        ]
        strip = Strip(source)
        self.add_citing_rows(paragraphs, strip)
        choices = [(each.value, each.label, sum(map(each.matches, paragraphs))) for each in PARAGRAPH_FILTERS]
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
            jsonld=jsonld.source(self.object, site_of(self.request)),
            **kwargs,
        )

    def add_citing_rows(self, paragraphs: list[Paragraph], strip: Strip) -> None:
        """Add every public row to the paragraphs that it cites, and mark these in the strip.

        A fixed number of queries for each model.
        """
        by_number = {paragraph.number: paragraph for paragraph in paragraphs}
        passages = Passage.objects.filter(source=self.object, paragraph__in=by_number)
        for model in citing_models():
            rows = published(model).filter(passages__in=passages).distinct()
            rows = rows.prefetch_related(Prefetch("passages", Passage.objects.filter(source=self.object)))
            if model.evidence_mark == "said":
                rows = cast("RecordQuerySet", rows).for_title()
            elif parents := getattr(model, "public_parents", ()):
                rows = rows.select_related(*parents)
            for row in rows:
                for number in sorted({passage.paragraph for passage in row.passages.all()}):
                    if model.evidence_mark == "said" or number not in strip.marks:
                        strip.marks[number] = model.evidence_mark
                    if number in by_number:
                        by_number[number].rows.append(row)
                        by_number[number].quotes += row.printed_in(self.object, number)
