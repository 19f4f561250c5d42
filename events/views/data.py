"""What can be taken and how, under which licence, and how good it is."""

from __future__ import annotations

from typing import Any, cast

from django.core.paginator import Paginator
from django.http import Http404
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from directory.base.caching import Revalidated
from directory.base.views import site_of
from directory.models import Initiative, Organization, Person, Source, Topic
from events.models import Event, Statement
from events.quality import CHECKS, Rows, figures

ROWS_A_PAGE = 50


class Data(Revalidated, TemplateView):
    """The page of data: forms, licence, citation and figures that lead to the rows behind them."""

    template_name = "data/data.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Count; nothing is loaded."""
        kinds: list[Any] = [Statement, Event, Person, Organization, Initiative, Topic, Source]
        return super().get_context_data(
            kinds=[
                {
                    "model": kind,
                    "count": kind.objects.published().count(),
                    "list": f"{kind.kind}-list",
                    "csv": f"{kind.kind}-csv",
                    "api": f"api:{kind.kind}-list",
                }
                for kind in kinds
            ],
            figures=figures(),
            site=site_of(self.request),
            today=timezone.now().date(),
            **kwargs,
        )


class Quality(Revalidated, TemplateView):
    """The rows behind one figure, page by page."""

    template_name = "data/quality.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Load one page of rows."""
        check = CHECKS.get(self.kwargs["key"])
        if check is None:
            raise Http404(_("There is no figure “%s”.") % str(self.kwargs["key"])[:40])
        rows = Rows(check)
        pages: Paginator[Any] = Paginator(cast(Any, rows), ROWS_A_PAGE)
        asked = self.request.GET.get("page", "1")
        if not (asked.isascii() and asked.isdigit() and len(asked) < 10 and 1 <= int(asked) <= pages.num_pages):
            raise Http404(_("This list has %(last)s pages.") % {"last": pages.num_pages})
        page = pages.page(int(asked))
        return super().get_context_data(
            check=check,
            checks=CHECKS.values(),
            kinds=[(capfirst(model._meta.verbose_name_plural), count) for model, count in rows.counts if count],
            rows=list(page.object_list),
            total=len(rows),
            page_obj=page,
            **kwargs,
        )
