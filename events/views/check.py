"""The page where readers compare their copy of a source with what is on record. The comparison is made in the browser alone."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from base.documents.plan import Document, FetchPlan
from base.pages.conditional import ConditionalPage
from base.pages.documents import list_plan, page_loader
from base.pages.evidence import PARAGRAPHS_A_PAGE
from base.pages.views import not_here
from base.records.records import Record
from base.records.resolution import Gone, Moved
from base.sql.prepared import Row
from directory.api.serializers import SourceSerializer
from directory.models import Source
from events.models import Statement
from events.pages import StatementPageSerializer
from events.passage_lines import PassageLine, passage_lines

MOST_SOURCES = 100  # in the list to choose from; of any other, its own page leads here
SOURCE = list_plan(SourceSerializer, Source, ("id", "url", "name", "name_language", "sha256", "length", "compared_on"))
STATEMENT = list_plan(
    StatementPageSerializer,
    Statement,
    (
        *("id", "url", "kind", "speaker", "speaker_organization", "speaker_label", "certainty", "attribution_text"),
        *("passages", "wordings"),
    ),
)


class CheckPage(ConditionalPage, TemplateView):
    """Takes `source` (its public id) or `statement`: what is compared. Without either, the reader chooses a source."""

    template_name = "check/check.html"

    def get(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Return the page. A search engine has no use for a page for each statement.

        An old id leads to the page with the new one, and what was withdrawn is told with 410; 404 is for what is not on record.
        """
        try:
            response = super().get(request, *args, **kwargs)
        except Moved as moved:
            query = request.GET.copy()
            query[moved.record.kind] = moved.record.slug
            return HttpResponsePermanentRedirect(f"{request.path}?{query.urlencode()}")
        except Gone as gone:
            return render(request, "pages/gone.html", {"record": gone.record, "reason": gone.reason}, status=410)
        if request.GET:
            response.headers["X-Robots-Tag"] = "noindex"
        return response

    def get_context_data(self, **kwargs: object) -> dict[str, Any]:
        """Load the statement and its source, the source, or the list of sources."""
        statement = self.chosen_statement()
        lines = passage_lines(statement) if statement else []
        named = self.request.GET.get("source", "") or (lines[0].passage["source"]["id"] if lines else "")
        lines = [line for line in lines if line.passage["source"]["id"] == named]
        sources = Source.objects.published()
        rows = rows_called(SOURCE, Source, named) if named else SOURCE.read(sources[: MOST_SOURCES + 1])
        if statement and named and not lines:
            raise Http404(_("This statement cites no passage of this source."))
        documents = page_loader().documents(SOURCE, rows)
        return super().get_context_data(
            statement=statement,
            source=documents[0] if named else None,
            lines=lines,
            sources=documents[:MOST_SOURCES],
            more_sources=len(documents) > MOST_SOURCES,
            chosen=[_as_json(line) for line in lines],
            example=lines[0].passage if lines else {"start": 0, "end": 100},
            per_page=PARAGRAPHS_A_PAGE,
            **kwargs,
        )

    def chosen_statement(self) -> Document | None:
        """Return the public statement that the address names; None if it names none."""
        slug = self.request.GET.get("statement", "")
        if not slug:
            return None
        return page_loader().documents(STATEMENT, rows_called(STATEMENT, Statement, slug))[0]


def rows_called(plan: FetchPlan, model: type[Record], slug: str) -> list[Row]:
    """Return the row of the public record of this id. Raises Moved, Gone, or Http404 for what is not on record."""
    rows = plan.read(model.objects.published().filter(slug=slug)) if "\0" not in slug else []
    if not rows:
        try:
            model.objects.raise_departed(slug)
        except model.DoesNotExist:
            raise not_here(slug) from None
    return rows


def _as_json(line: PassageLine) -> dict[str, object]:
    """Return a passage as the script of the page takes it."""
    values = {name: line.passage[name] for name in ("paragraph", "start", "end", "sha256")}
    return {"label": capfirst(str(line.label)), **values}
