"""The guide for curators, docs/curation.md, as a page of the desk with its pictures."""

from __future__ import annotations

from django.conf import settings
from django.contrib.admin import AdminSite
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views import View

from base.pages.guides import guide_html

GUIDE = settings.BASE_DIR / "docs" / "curation.md"
FILES = settings.BASE_DIR / "docs" / "pictures"
TYPES = {".webp": "image/webp", ".txt": "text/plain; charset=utf-8"}


class GuideView(View):
    """Shows the guide."""

    site: AdminSite = None  # type: ignore[assignment]  # given by `as_view`

    def get(self, request: HttpRequest) -> HttpResponse:
        """Return the page."""
        request.current_app = self.site.name
        context = {**self.site.each_context(request), "title": _("Guide"), "guide": guide_html(GUIDE)}
        return TemplateResponse(request, "desk/guide.html", context)


class GuideFileView(View):
    """A picture of the guide, or the text of its article."""

    site: AdminSite = None  # type: ignore[assignment]  # given by `as_view`

    def get(self, request: HttpRequest, name: str) -> HttpResponse:
        """Return the file. Raises Http404 for a name that is none of the folder's own."""
        known = {path.name: path for path in FILES.iterdir() if path.suffix in TYPES}
        if name not in known:
            raise Http404(_("The guide has no such picture."))
        return HttpResponse(known[name].read_bytes(), content_type=TYPES[known[name].suffix])
