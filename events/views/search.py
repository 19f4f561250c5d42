"""Search over everything, in any script: results by kind, best first, and why each matched."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Case, IntegerField, Prefetch, QuerySet, Value, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.cache import patch_cache_control
from django.views import View

from directory.base.caching import Revalidated
from directory.base.counting import counted
from directory.base.filter_fields import QueryField
from directory.base.finding import SPELLED, level_of, ranked, reason
from directory.base.languages import CODES
from directory.base.names import fold
from directory.base.search import NEWEST, bounded, found, words_of
from directory.models import Initiative, Organization, Person, Source, Topic
from events.models import Event, Statement

MOST = 8
RANKED = 100  # texts that are looked at again for the words in a row
SUGGESTIONS = 8
SHORTEST_SUGGESTED = 2
FRESH_FOR = 60  # seconds


@dataclass(frozen=True)
class Hit:
    """One result, and the name that matched where it is not the one shown."""

    record: Any
    because: Any = None


@dataclass(frozen=True)
class Group:
    """The results of one kind."""

    model: Any
    hits: list[Hit]
    total: int
    more: bool = False  # whether there are more than were counted
    newest: int | None = None  # in how many of the newest was looked; None: in all


class Search(Revalidated, View):
    """One box for names and texts in Thai, Vietnamese and English."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Answer a search; without a query, show only the box. A query that is too long is named and answered with 400."""
        field = QueryField(required=False)
        typed = request.GET.get("q", "")
        error, query, status = "", "", 200
        try:
            query = field.clean(typed)
        except ValidationError as problem:
            error, status = " ".join(problem.messages), 400
        groups = search(query) if fold(query) else []
        context = {
            "query": query or typed[: field.max_length],
            "words": words_of(query),
            "error": error,
            "groups": groups,
            "total": sum(group.total for group in groups),
            "more": any(group.more for group in groups),
            "searched": bool(fold(query)),
        }
        return render(request, "search/search.html", context, status=status)


class Suggest(View):
    """What a search box offers while somebody types: a few names, each with its kind. A fragment of HTML.

    The address has no language of its own; `lang` says in which one the page is. Anything it cannot use gives no names.
    """

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


def search(query: str) -> list[Group]:
    """Return the groups that have results. At most four queries a kind."""
    groups = [_named(model, query) for model in (Person, Organization, Initiative, Event)]
    groups += [_texts(Statement, query), _texts(Source, query), _named(Topic, query)]
    return [group for group in groups if group.hits]


def suggest(query: str) -> list[Hit]:
    """Return the records that somebody may be typing the name of, best first over all kinds. One query a kind."""
    hits: list[tuple[int, str, Hit]] = []
    for model in (Person, Organization, Initiative, Event, Topic):
        relation: Any = model._meta.get_field("names")
        best = ranked(model.objects.published(), query).values("pk")[:SUGGESTIONS]
        owner = relation.field.name
        names: dict[Any, list[Any]] = {}
        for name in relation.related_model.objects.published().filter(**{f"{owner}__in": best}).select_related(owner):
            names.setdefault(name.owner, []).append(name)
        for record, spellings in names.items():
            rank = min(level_of(name, query) for name in spellings)
            hits.append((rank, record.sort_key, Hit(record, reason(record, spellings, query))))
    sources = found(Source.objects.published(), query).defer("text")[:SUGGESTIONS]
    hits += [(SPELLED, source.sort_key, Hit(source)) for source in sources]
    return [hit for _rank, _key, hit in sorted(hits, key=lambda row: row[:2])][:SUGGESTIONS]


def _texts(model: Any, query: str) -> Group:
    """Find texts that hold every word. Of the first hundred of the list, those with the words in a row come first."""
    every: QuerySet[Any] = found(model.objects.published(), query)
    rows = every
    if len(words_of(query)) > 1:
        in_a_row = Case(When(search__contains=fold(query), then=Value(0)), default=1, output_field=IntegerField())
        first = every.order_by(*model._meta.ordering).values("pk")[:RANKED]
        rows = model.objects.filter(pk__in=first).annotate(rank=in_a_row).order_by("rank", *model._meta.ordering)
    hits, total, more = _first(rows.for_cards(), every)  # type: ignore[attr-defined]
    return Group(model, [Hit(row) for row in hits], total, more, NEWEST if bounded(model, query) else None)


def _named(model: Any, query: str) -> Group:
    """Find records by any of their names."""
    names = model._meta.get_field("names").related_model.objects.published().with_passages()
    every = model.objects.published()
    rows = ranked(every, query).prefetch_related(Prefetch("names", names))
    hits, total, more = _first(rows, found(every, query))
    return Group(model, [Hit(row, reason(row, row.names.all(), query)) for row in hits], total, more)


def _first(rows: QuerySet[Any], every: QuerySet[Any]) -> tuple[list[Any], int, bool]:
    """Return the first rows, how many there are as far as pages count, and whether there are more than that."""
    first = list(rows[: MOST + 1])
    if len(first) <= MOST:
        return first, len(first), False
    return first[:MOST], *counted(every)
