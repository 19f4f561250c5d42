"""The page of data: what can be downloaded and how, under which licence, and figures on its quality."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

from django.core.paginator import Paginator
from django.db.models import Model
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from base.changes.cache import cached_for
from base.lists.counting import MOST_COUNTED, RowCount, count_rows
from base.pages.conditional import ConditionalPage
from base.pages.lines import RowLine
from base.pages.views import site_of
from base.records.kinds import kinds
from base.records.publishing import published
from base.records.records import Record
from base.text.languages import permanent_url
from base.text.numbers import parse_digits
from events.citations import citation_of_site
from events.quality import CHECKS, Figure, QualityRows, figures

ROWS_A_PAGE = 50


@dataclass(frozen=True)
class DataCounts:
    """The numbers of the page of data: of records, by kind, and the figures on quality."""

    kinds: list[tuple[type[Record], RowCount]]
    figures: list[Figure]


class DataPage(ConditionalPage, TemplateView):
    """The page of data: downloads, licence, citation, and figures that lead to the rows behind them."""

    template_name = "data/data.html"

    def get_context_data(self, **kwargs: object) -> dict[str, Any]:
        """Count the records and the figures; no record is loaded."""
        counts, site = cached_for(self.request, "data", self.counts), site_of(self.request)
        return super().get_context_data(
            kinds=[
                {
                    "model": kind,
                    "count": count,
                    "list": f"{kind.kind}-list",
                    "csv": f"api:{kind.kind}-csv",
                    "api": f"api:{kind.kind}-list",
                }
                for kind, count in counts.kinds
            ],
            figures=counts.figures,
            unknown=any(figure.count is None for figure in counts.figures),
            counted_at=min((figure.counted_at for figure in counts.figures if figure.counted_at), default=None),
            most=MOST_COUNTED,
            citation=citation_of_site(site + permanent_url(reverse("home")), timezone.now().date()),
            **kwargs,
        )

    def counts(self) -> DataCounts:
        """Count the records of each kind and the figures; for long tables take the numbers that were stored."""
        quality = figures()
        totals: dict[type[Model], int] = {
            part.model: part.total for figure in quality for part in figure.parts if part.total is not None
        }
        counts = [(kind, count_rows(published(kind))) for kind in kinds("data")]
        return DataCounts(
            [
                (kind, RowCount(totals[kind], False) if count.more and kind in totals else count)
                for kind, count in counts
            ],
            quality,
        )


class QualityPage(ConditionalPage, TemplateView):
    """The rows behind one figure, page by page."""

    template_name = "data/quality.html"

    def get_context_data(self, **kwargs: object) -> dict[str, Any]:
        """Load one page of rows."""
        check = CHECKS.get(self.kwargs["key"])
        if check is None:
            raise Http404(_("There is no figure “%s”.") % str(self.kwargs["key"])[:40])
        rows = QualityRows(check)
        pages: Paginator[RowLine] = Paginator(cast(Any, rows), ROWS_A_PAGE)  # whatever has count() and slices will do
        number = parse_digits(self.request.GET.get("page", "1"))
        if number is None or not 1 <= number <= pages.num_pages:
            raise Http404(_("This list has %(last)s pages.") % {"last": pages.num_pages})
        page = pages.page(number)
        return super().get_context_data(
            check=check,
            checks=CHECKS.values(),
            kinds=[
                (capfirst(part.model._meta.verbose_name_plural), part.count) for part in rows.figure.parts if part.count
            ],
            rows=list(page.object_list),
            figure=rows.figure,
            figure_unknown=rows.figure.count is None,
            most=MOST_COUNTED,
            page_obj=page,
            **kwargs,
        )
