"""The base of all views of the desk that are about one source."""

from __future__ import annotations

from typing import Any

from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import NoReverseMatch, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views import View

from base.records.publishing import Publishable
from base.records.records import Record
from base.records.submissions import rows_in_review
from directory.models import Source


class SourceView(View):
    """A view about one source, for those who may look at sources. Its answers are kept by nobody: they hold a private text."""

    site: AdminSite = None  # type: ignore[assignment]  # given by `as_view`

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Remember the request, and say to templates in which admin site they are."""
        super().setup(request, *args, **kwargs)
        request.current_app = self.site.name

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Answer those who may look at sources, and forbid to keep the answer."""
        if not request.user.has_perm("directory.view_source"):
            raise PermissionDenied
        response = super().dispatch(request, *args, **kwargs)
        response.headers["Cache-Control"] = "private, no-store"
        return response

    def sources(self) -> QuerySet[Source]:
        """Return the sources to choose from. Overridden where the text is not needed."""
        return Source._base_manager.all()

    @cached_property
    def source(self) -> Source:
        """The source that the address names. Raises Http404."""
        source = self.sources().filter(slug=self.kwargs["slug"]).first()
        if source is None:
            raise Http404(_("There is no source with this id."))
        return source

    def saved_line(self, row: Model, sentence: str) -> HttpResponse:
        """Return the line that says what was saved of a row; the page is told that its marks changed."""
        opts = row._meta
        try:
            url = reverse(f"admin:{opts.app_label}_{opts.model_name}_change", args=[row.pk])
        except NoReverseMatch:  # a row without a page of its own stands on that of its record
            url = ""
        rows = (
            [row]
            if isinstance(row, Record)
            else [row, *(getattr(row, name) for name in getattr(row, "public_parents", ()))]
        )
        is_in_review = bool(rows_in_review(each for each in rows if isinstance(each, Publishable)))
        response = self.render(
            "desk/cards/_saved.html", {"sentence": sentence, "url": url, "is_in_review": is_in_review}
        )
        response.headers["HX-Trigger"] = "marks-changed"
        return response

    def render(self, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
        """Return a page or a fragment."""
        return TemplateResponse(self.request, template, {"source": self.source, **context}, status=status)
