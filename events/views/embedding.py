"""A statement on other sites: oEmbed 1.0, as text in the type of that site or as a card in a frame, and the card itself."""

from __future__ import annotations

import re
from urllib.parse import SplitResult, unquote, urlsplit

from csp.decorators import csp_replace
from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.urls import Resolver404, get_script_prefix, resolve, reverse
from django.utils.decorators import method_decorator
from django.utils.html import strip_tags
from django.utils.translation import get_language, override
from django.views.decorators.clickjacking import xframe_options_exempt

from base.documents.plan import Document
from base.pages.conditional import ConditionalFile
from base.pages.documents import page_loader, page_plan
from base.pages.outputs import open_to_scripts
from base.pages.views import RecordDetail, site_of
from base.records.records import Record
from base.records.resolution import Gone, Moved
from base.text.languages import language_of
from base.text.numbers import parse_digits
from events.models import Statement
from events.pages import STATEMENT_MEMBERS, StatementPageSerializer
from events.titles import title_of

WIDEST, NARROWEST = 640, 1  # pixels
STYLES = ("text", "card")
# How much room a browser needs for text in its usual type, so that nothing is cut off.
LETTER, LINE, MARGIN = 7, 24, 16
CARD_FRAME = 60  # pixels around the text of a card
DEFAULT_PORT = re.compile(r":(80|443)$")


def statement_at(slug: str) -> Document | None:
    """Return the public statement that has or had this id, or None. At most nine queries, five if it still has it."""
    plan = page_plan(StatementPageSerializer, Statement, STATEMENT_MEMBERS, ())
    rows = plan.by_slug.read(slug) if "\0" not in slug else []
    try:
        if not rows:
            Statement.objects.raise_departed(slug)
    except Moved as moved:
        rows = plan.by_slug.read(moved.record.slug)
    except (Gone, Statement.DoesNotExist):
        return None
    return page_loader().documents(plan, rows)[0] if rows else None


class OEmbed(ConditionalFile):
    """Answers for the address of a statement, in any of its languages, with or without its last slash."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Answer for the address of a statement; 404 for any other address, 501 for XML, as the standard says."""
        if request.GET.get("format", "json") != "json":
            return open_to_scripts(JsonResponse({"error": "Only format=json is offered."}, status=501))
        style = request.GET.get("style", "text")
        if style not in STYLES:
            fault = f"style: There is no “{style[:40]}”; choose {' or '.join(STYLES)}."
            return open_to_scripts(JsonResponse({"error": fault}, status=400))
        try:
            address = urlsplit(request.GET.get("url", "").strip())
        except ValueError:
            address = urlsplit("")
        with override(language_of(address.path)):  # a page in Thai is embedded in Thai
            return open_to_scripts(self.response(request, address, style))

    def response(self, request: HttpRequest, address: SplitResult, style: str) -> HttpResponse:
        """Return the statement at this address, in the language that is active."""
        statement = self.statement(request, address)
        if statement is None:
            return JsonResponse({"error": "url is not the address of a statement here."}, status=404)
        site = site_of(request)
        html = embedded_text(statement, site)
        width = most(request, "maxwidth", WIDEST)
        height = most(request, "maxheight", height_of(html, width))
        if style == "card":
            height = most(request, "maxheight", height_of(html, width - 2 * MARGIN) + CARD_FRAME)
            html = embedded_frame(statement, site, width, height)
        data = {
            "version": "1.0",
            "type": "rich",
            "provider_name": "On the Record",
            "provider_url": f"{site}/",
            "title": title_of(statement, get_language() or "en"),
            "html": html,
            "width": width,
            "height": height,
        }
        return JsonResponse(data)

    def statement(self, request: HttpRequest, address: SplitResult) -> Document | None:
        """Return the public statement at this address, or None. What stands behind ? and # makes no difference."""
        if address.scheme not in ("", "http", "https") or not is_ours(request, address.netloc):
            return None
        path = unquote(address.path).removeprefix(get_script_prefix()).rstrip("/")
        try:
            match = resolve(f"/{path}/")
        except Resolver404:
            return None
        return statement_at(match.kwargs["slug"]) if match.url_name == "statement-detail" else None


@method_decorator([xframe_options_exempt, csp_replace({"frame-ancestors": ["*"]})], name="dispatch")
class EmbeddedStatement(RecordDetail):
    """A public statement as a card, which any other page may show in a frame."""

    model = Statement
    shape = StatementPageSerializer
    members = STATEMENT_MEMBERS
    template_name = "events/embedded_card.html"

    def address_of(self, record: Record) -> str:
        """Return the address of the card of a renamed statement."""
        return reverse("statement-card", args=[record.slug])


def embedded_text(statement: Document, site: str) -> str:
    """Return a statement as HTML without a style of its own."""
    return render_to_string("events/_embed.html", {"statement": statement, "site": site}).strip()


def embedded_frame(statement: Document, site: str, width: int = WIDEST, height: int = 0) -> str:
    """Return the frame with the card of a statement; without a height, of about the height that the card needs."""
    height = height or height_of(embedded_text(statement, site), width - 2 * MARGIN) + CARD_FRAME
    context = {"statement": statement, "site": site, "width": width, "height": height}
    return render_to_string("events/_embedded_frame.html", context).strip()


def is_ours(request: HttpRequest, host: str) -> bool:
    """Return whether a host is the one asked or that of the canonical addresses, whatever the case and the usual port."""
    ours = (request.get_host(), urlsplit(settings.CANONICAL_ORIGIN).netloc)
    hosts = {DEFAULT_PORT.sub("", each.lower()) for each in ours if each}
    return not host or DEFAULT_PORT.sub("", host.lower()) in hosts


def most(request: HttpRequest, name: str, size: int) -> int:
    """Return a size in pixels that is not above the parameter of this name; one that is no number is no bound."""
    bound = parse_digits(request.GET.get(name, ""), 5)
    return size if bound is None else max(min(size, bound), NARROWEST)


def height_of(html: str, width: int) -> int:
    """Return about how high an embedded statement is, in pixels: its lines at this width, and the room between them."""
    paragraphs = [text for text in strip_tags(html).splitlines() if text.strip()]
    lines = sum(-(-len(text) * LETTER // max(width - 2 * MARGIN, LETTER)) for text in paragraphs)
    return lines * LINE + (len(paragraphs) + 1) * MARGIN
