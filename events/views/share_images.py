"""The picture of a statement that other sites show beside a link to it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language

from base.pages.conditional import ConditionalFile
from base.pages.views import RecordDetail
from base.records.records import Record
from events.models import Statement
from events.pages import STATEMENT_MEMBERS, StatementPageSerializer
from events.share_images.content import content_of
from events.share_images.drawing import png_of, svg_of


class ShareImage(ConditionalFile, RecordDetail):
    """The picture of a public statement, in the language of the address; 404, 410 and redirects as its page has them."""

    fair_use = "pages"
    kept = False  # under its address: it is kept as what it shows, whatever else an address says
    model = Statement
    shape = StatementPageSerializer
    members = STATEMENT_MEMBERS

    def address_of(self, record: Record) -> str:
        """Return the address of the picture of a renamed statement."""
        return reverse("statement-share-image", args=[record.slug])

    def get(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Return the picture; the one of the site where there are no words, or letters that our fonts lack."""
        content = content_of(self.get_object(), get_language() or "en")
        svg = svg_of(content) if content else None
        if svg is None:
            return redirect(static("preview.png"))
        return HttpResponse(png_of(svg), content_type="image/png")
