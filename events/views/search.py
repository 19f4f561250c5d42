"""Search over everything, in any script, and what a search box suggests."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.cache import patch_cache_control
from django.views import View

from base.lists.filter_fields import QueryField
from base.lists.search_words import words_of
from base.pages.conditional import ConditionalPage
from base.text.characters import legible
from base.text.languages import CODES
from base.text.names import fold
from events.did_you_mean import query_meant
from events.search import search
from events.suggestions import suggest

SHORTEST_SUGGESTED = 2
FRESH_FOR = 60  # seconds


class Search(ConditionalPage, View):
    """One box for names and texts in Thai, Vietnamese and English."""

    fair_use = "pages"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Answer a search; without a query, show only the box. A query that is too long is named and answered with 400."""
        field = QueryField(required=False)
        typed = request.GET.get("q", "")
        error, query, status = "", "", 200
        try:
            query = field.clean(typed)
        except ValidationError as problem:
            error, status = " ".join(problem.messages), 400
        groups = search(query, request) if fold(query) else []
        context = {
            "query": query or legible(typed[: field.max_length]),
            "words": words_of(query),
            "error": error,
            "groups": groups,
            "total": sum(group.total for group in groups),
            "more": any(group.more for group in groups),
            "searched": bool(fold(query)),
            "meant": query_meant(query, groups) if words_of(query) else "",
            "facets": next((group.facets for group in groups if group.facets), []),
        }
        response = render(request, "search/search.html", context, status=status)
        response.headers["X-Robots-Tag"] = "noindex"
        return response


class SearchSuggestions(View):
    """What a search box offers while somebody types: a few names, each with its kind. A fragment of HTML.

    The address has no language of its own; `lang` says in which one the page is. Anything it cannot use gives no names.
    """

    fair_use = "pages"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Answer with at most eight names. At most six queries."""
        language = request.GET.get("lang", "")
        try:
            query = QueryField(required=False).clean(request.GET.get("q", ""))
        except ValidationError:
            query = ""
        with translation.override(language if language in CODES else "en"):
            hits = suggest(query) if len(fold(query)) >= SHORTEST_SUGGESTED else []
            response = render(request, "search/_suggestions.html", {"hits": hits, "words": words_of(query)})
        patch_cache_control(response, public=True, max_age=FRESH_FOR)
        return response
