"""The guide for curators, docs/curation.md, as a page of the desk with its pictures."""

from __future__ import annotations

from functools import cache
from itertools import pairwise

from django.conf import settings
from django.contrib.admin import AdminSite
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views import View
from markdown_it import MarkdownIt

GUIDE = settings.BASE_DIR / "docs" / "curation.md"
FILES = settings.BASE_DIR / "docs" / "pictures"
TYPES = {".webp": "image/webp", ".txt": "text/plain; charset=utf-8"}


@cache
def guide_html() -> SafeString:
    """Return the guide as HTML. Its headings have the ids that links within it name; the title of the page is its first heading."""
    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = parser.parse(GUIDE.read_text(encoding="utf-8"))
    for heading, words in pairwise(tokens):
        if heading.type == "heading_open":
            heading.attrSet("id", slugify(words.content))
    return mark_safe(parser.renderer.render(tokens, parser.options, {}))


class GuideView(View):
    """Shows the guide."""

    site: AdminSite = None  # type: ignore[assignment]  # given by `as_view`

    def get(self, request: HttpRequest) -> HttpResponse:
        """Return the page."""
        request.current_app = self.site.name
        context = {**self.site.each_context(request), "title": _("Guide"), "guide": guide_html()}
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
