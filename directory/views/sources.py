"""The pages of sources: paragraph by paragraph, what was recorded from each."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from base.pages.evidence import Strip
from base.pages.views import RecordDetail, RecordList, site_of
from base.records.provenance import Certainty, Cited
from base.text.numbers import parse_digits
from directory import jsonld
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

    def rows(self) -> Any:
        """Return the sources without their words."""
        return super().rows().defer("text")


@dataclass
class Paragraph:
    """One paragraph: its words where they may be shown, and the rows that cite it."""

    number: int
    length: int
    text: str = ""
    quotes: list[Any] = field(default_factory=list)
    rows: list[Any] = field(default_factory=list)

    @property
    def bars(self) -> list[int]:
        """The widths, in percent, of the grey bars that stand for words that may not be shown."""
        full, rest = divmod(self.length, CHARACTERS_A_BAR)
        return [100] * min(full, 12) + ([round(rest / CHARACTERS_A_BAR * 100)] if rest and full < 12 else [])

    @property
    def said(self) -> bool:
        """Whether a statement was read here."""
        return any(row.evidence_mark == "said" for row in self.rows)

    @property
    def named(self) -> bool:
        """Whether anything but a statement was read here."""
        return any(row.evidence_mark != "said" for row in self.rows)

    @property
    def conflict(self) -> bool:
        """Whether anything read here is disputed or was rejected."""
        return any(row.certainty in (Certainty.DISPUTED, Certainty.REJECTED) for row in self.rows)


# What the page can be narrowed to: the word in its address, the property of a paragraph, what it is called.
SHOWN = (
    ("statements", "said", gettext_lazy("Statements")),
    ("names", "named", gettext_lazy("Names, roles and links")),
    ("conflicts", "conflict", gettext_lazy("Conflicts")),
)


def citing_models() -> list[Any]:
    """Return every kind of row that cites passages: statements first, the others by the name of their kind."""
    models = [model for model in apps.get_models() if issubclass(model, Cited)]
    return sorted(models, key=lambda model: (model.evidence_mark != "said", model._meta.verbose_name_plural))


class SourceDetail(RecordDetail):
    """One source: its facts, and for each paragraph what it proves. A fixed number of queries, whatever it holds."""

    model = Source
    template_name = "directory/source_detail.html"

    def records(self) -> Any:
        """Return the sources; their words come separately, if they may be shown at all."""
        return Source.objects.defer("text")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Load one page of paragraphs with everything that cites them."""
        source: Any = self.object
        pages = Paginator(source.paragraphs, PARAGRAPHS_A_PAGE)
        number = parse_digits(self.request.GET.get("page", "1"))
        if number is None or not 1 <= number <= pages.num_pages:
            raise Http404(_("This source has %(last)s pages.") % {"last": pages.num_pages})
        page = pages.page(number)
        words = source.text if source.text_is_public else ""
        paragraphs = [
            Paragraph(number, length, words[start : start + length])
            for number, (start, length) in enumerate(page.object_list, page.start_index())
        ]
        counts: dict[Any, int] = defaultdict(int)
        strip = Strip(source)
        self.fill(paragraphs, strip, counts)
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
            counts=dict(counts),
            jsonld=jsonld.source(self.object, site_of(self.request)),
            **kwargs,
        )

    def fill(self, paragraphs: list[Paragraph], strip: Strip, counts: dict[Any, int]) -> None:
        """Put every public row beside the paragraphs it cites."""
        by_number = {paragraph.number: paragraph for paragraph in paragraphs}
        passages = Passage.objects.filter(source=self.object, paragraph__in=by_number)
        for model in citing_models():
            rows = model.objects.published().filter(passages__in=passages).distinct()
            rows = rows.prefetch_related(Prefetch("passages", Passage.objects.filter(source=self.object)))
            if hasattr(model, "headline"):
                rows = rows.for_title()
            elif parents := getattr(model, "public_parents", ()):
                rows = rows.select_related(*parents)
            collected = list(rows)
            counts[model._meta.verbose_name_plural] += len(collected)
            for row in collected:
                for number in sorted({passage.paragraph for passage in row.passages.all()}):
                    if model.evidence_mark == "said" or number not in strip.marks:
                        strip.marks[number] = model.evidence_mark
                    if number in by_number:
                        by_number[number].rows.append(row)
                        by_number[number].quotes += row.printed_in(self.object, number)
