"""The page where readers compare their copy of a source with what is on record. The comparison is made in the browser alone."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.text import capfirst
from django.views.generic import TemplateView

from base.documents.plan import Document
from base.pages.conditional import ConditionalPage
from base.pages.documents import list_plan, page_loader
from base.pages.evidence import PARAGRAPHS_A_PAGE
from base.pages.views import not_here
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
        """Return the page; 404 for what is not on record. A search engine has no use for a page for each statement."""
        response = super().get(request, *args, **kwargs)
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
        if named:
            rows = SOURCE.read(sources.filter(slug=named)) if "\0" not in named else []
            if not rows:
                raise not_here(named)
        else:
            rows = SOURCE.read(sources[: MOST_SOURCES + 1])
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
        """Return the public statement that the address names; None if it names none. Raises Http404 for an unknown one."""
        slug = self.request.GET.get("statement", "")
        if not slug:
            return None
        rows = STATEMENT.read(Statement.objects.published().filter(slug=slug)) if "\0" not in slug else []
        if not rows:
            raise not_here(slug)
        return page_loader().documents(STATEMENT, rows)[0]


def _as_json(line: PassageLine) -> dict[str, object]:
    """Return a passage as the script of the page takes it."""
    values = {name: line.passage[name] for name in ("paragraph", "start", "end", "sha256")}
    return {"label": capfirst(str(line.label)), **values}
