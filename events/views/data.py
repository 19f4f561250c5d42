"""What can be taken and how, under which licence, and how good it is."""

from __future__ import annotations

from typing import Any, cast

from django.core.paginator import Paginator
from django.http import Http404
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from base.changes.cache import cached_for
from base.lists.counting import MOST_COUNTED, RowCount, count_rows
from base.pages.conditional import ConditionalPage
from base.pages.views import site_of
from base.records.kinds import kinds
from base.text.numbers import parse_digits
from events.quality import CHECKS, QualityRows, figures

ROWS_A_PAGE = 50


class Data(ConditionalPage, TemplateView):
    """The page of data: forms, licence, citation and figures that lead to the rows behind them."""

    template_name = "data/data.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Count; nothing is loaded."""
        numbers = cached_for(self.request, "data", self.numbers)
        return super().get_context_data(
            kinds=[
                {
                    "model": kind,
                    "count": count,
                    "list": f"{kind.kind}-list",
                    "csv": f"api:{kind.kind}-csv",
                    "api": f"api:{kind.kind}-list",
                }
                for kind, count in numbers["kinds"]
            ],
            figures=numbers["figures"],
            unknown=any(figure.count is None for figure in numbers["figures"]),
            counted_at=min((one.counted_at for one in numbers["figures"] if one.counted_at), default=None),
            most=MOST_COUNTED,
            site=site_of(self.request),
            today=timezone.now().date(),
            **kwargs,
        )

    def numbers(self) -> dict[str, Any]:
        """Count the records of each kind and the figures; of what is long, what was counted before."""
        quality = figures()
        totals = {part.model: part.total for figure in quality for part in figure.parts if part.total is not None}
        counts = [(kind, count_rows(kind.objects.published())) for kind in kinds("data")]
        return {
            "figures": quality,
            "kinds": [
                (kind, RowCount(totals[kind], False) if count.more and kind in totals else count)
                for kind, count in counts
            ],
        }


class Quality(ConditionalPage, TemplateView):
    """The rows behind one figure, page by page."""

    template_name = "data/quality.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Load one page of rows."""
        check = CHECKS.get(self.kwargs["key"])
        if check is None:
            raise Http404(_("There is no figure “%s”.") % str(self.kwargs["key"])[:40])
        rows = QualityRows(check)
        pages: Paginator[Any] = Paginator(cast(Any, rows), ROWS_A_PAGE)
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
