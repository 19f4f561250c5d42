"""A statement in the formats of other programs: citations, annotation, embedding."""

from __future__ import annotations

import json
from urllib.parse import SplitResult, urlsplit

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.urls import Resolver404, resolve
from django.utils import timezone
from django.utils.translation import get_language, override

from base.documents.plan import Document
from base.pages.conditional import ConditionalFile
from base.pages.documents import page_loader, page_plan
from base.pages.views import RecordDetail, site_of
from base.records.records import Record
from base.records.resolution import Gone, Moved
from base.text.languages import language_of, permanent_url
from base.text.numbers import parse_digits
from events.annotations import CONTENT_TYPE, annotation
from events.citations import Citation
from events.models import Statement
from events.pages import STATEMENT_MEMBERS, StatementPageSerializer
from events.titles import title_of


def citation_of(statement: Document, request: HttpRequest) -> Citation:
    """Return the citation of a statement as read today, in the language of the page."""
    address = site_of(request) + permanent_url(statement["url"])
    return Citation(statement, address, timezone.now().date(), get_language() or "en")


class StatementFormat(RecordDetail):
    """A statement as a file; the ending of the address says in which format: bib, ris, csl.json, txt or anno."""

    model = Statement
    shape = StatementPageSerializer
    members = STATEMENT_MEMBERS

    def address_of(self, record: Record) -> str:
        """Return the address of the file of a renamed statement."""
        return f"{record.get_absolute_url().rstrip('/')}.{self.kwargs['form']}"

    def get(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Return the file."""
        statement = self.get_object()
        form = self.kwargs["form"]
        if form == "anno":
            site = site_of(request)
            data = annotation(statement, site + statement["url"], site)
            return HttpResponse(json.dumps(data, ensure_ascii=False, indent=2), content_type=CONTENT_TYPE)
        citation = citation_of(statement, request)
        if form == "csl.json":
            body = json.dumps(citation.as_csl(), ensure_ascii=False, indent=2)
            return self.file_response(body, "application/vnd.citationstyles.csl+json", statement)
        if form == "bib":
            return self.file_response(citation.as_bibtex(), "application/x-bibtex; charset=utf-8", statement)
        if form == "ris":
            return self.file_response(
                citation.as_ris(), "application/x-research-info-systems; charset=utf-8", statement
            )
        return HttpResponse(citation.as_text() + "\n", content_type="text/plain; charset=utf-8")

    def file_response(self, body: str, content_type: str, statement: Document) -> HttpResponse:
        """Return a response that browsers save as a file."""
        name = f'attachment; filename="{statement["id"]}.{self.kwargs["form"]}"'
        return HttpResponse(body, content_type=content_type, headers={"Content-Disposition": name})


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
    """oEmbed 1.0: a statement as HTML that another site can embed."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Answer for the address of a statement; 404 for any other address, 501 for XML, as the standard says."""
        if request.GET.get("format", "json") != "json":
            return JsonResponse({"error": "Only format=json is offered."}, status=501)
        try:
            address = urlsplit(request.GET.get("url", ""))
        except ValueError:
            address = urlsplit("")
        with override(language_of(address.path)):  # a page in Thai is embedded in Thai
            return self.response(request, address)

    def response(self, request: HttpRequest, address: SplitResult) -> HttpResponse:
        """Return the statement at this address, in the language that is active."""
        statement = self.statement(request, address)
        if statement is None:
            return JsonResponse({"error": "url is not the address of a statement here."}, status=404)
        width = parse_digits(request.GET.get("maxwidth", ""), 5)
        html = render_to_string("events/_embed.html", {"statement": statement, "site": site_of(request)})
        data = {
            "version": "1.0",
            "type": "rich",
            "provider_name": "On the Record",
            "provider_url": f"{site_of(request)}/",
            "title": title_of(statement, get_language() or "en"),
            "html": html.strip(),
            "width": max(min(640 if width is None else width, 640), 1),
            "height": None,
        }
        return JsonResponse(data, headers={"Access-Control-Allow-Origin": "*"})

    def statement(self, request: HttpRequest, address: SplitResult) -> Document | None:
        """Return the public statement at this address, or None."""
        try:
            match = resolve(address.path)
        except Resolver404:
            return None
        if match.url_name != "statement-detail" or address.netloc not in ("", request.get_host()):
            return None
        return statement_at(match.kwargs["slug"])
