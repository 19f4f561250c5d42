"""Search over everything, in any script: results by kind, best first, and why each matched."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import filterfalse
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Case, IntegerField, Prefetch, QuerySet, Value, When, prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.cache import patch_cache_control
from django.views import View

from base.lists.counting import RowCount, count_rows
from base.lists.filter_fields import QueryField
from base.lists.ranking import SPELLED, level_of, matched_name, ranked
from base.lists.search import NEWEST, search_rows, searches_newest_only, words_of
from base.pages.conditional import ConditionalPage, cached_count
from base.records.kinds import kinds
from base.records.provenance import with_passages
from base.records.records import NamedRecord, Record
from base.text.languages import CODES
from base.text.names import fold
from events.cards import PLAN, cards
from events.models import Statement

MOST = 8
RANKED = 100  # texts that are looked at again for the words in a row
SUGGESTIONS = 8
SHORTEST_SUGGESTED = 2
FRESH_FOR = 60  # seconds


@dataclass(frozen=True)
class Hit:
    """One result, of a statement its card, and the name that matched where it is not the one shown."""

    record: Any
    because: Any = None


@dataclass(frozen=True)
class ResultGroup:
    """The results of one kind."""

    model: type[Record]
    hits: list[Hit]
    total: int
    more: bool = False  # whether there are more than were counted
    newest: int | None = None  # in how many of the newest was looked; None: in all

    @property
    def records(self) -> list[Any]:
        """What was found."""
        return [hit.record for hit in self.hits]


class Search(ConditionalPage, View):
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
        groups = search(query, request) if fold(query) else []
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


class SearchSuggestions(View):
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


def search(query: str, request: HttpRequest | None = None) -> list[ResultGroup]:
    """Return the groups that have results. At most four queries a kind, of statements eight.

    For a request, what was counted since the last write is not counted again.
    """
    search_of = _Search(query, request)
    groups = [search_of.group(model) for model in kinds("search")]
    return [group for group in groups if group.hits]


def suggest(query: str) -> list[Hit]:
    """Return the records that somebody may be typing the name of, best first over all kinds. One query a kind."""
    hits: list[tuple[int, str, Hit]] = []
    models = [model for model in kinds("search") if issubclass(model, NamedRecord)]
    for model in filter(has_names, models):
        relation: Any = model._meta.get_field("names")  # type: ignore[misc]  # every kind that has_names
        best = ranked(model.objects.published(), query).values("pk")[:SUGGESTIONS]
        owner = relation.field.name
        names: dict[Any, list[Any]] = {}
        for name in relation.related_model.objects.published().filter(**{f"{owner}__in": best}).select_related(owner):
            names.setdefault(name.owner, []).append(name)
        for record, spellings in names.items():
            rank = min(level_of(name, query) for name in spellings)
            hits.append((rank, record.sort_key, Hit(record, matched_name(record, spellings, query))))
    for model in filterfalse(has_names, models):
        rows = search_rows(model.objects.for_title().published(), query)[:SUGGESTIONS]
        hits += [(SPELLED, record.sort_key, Hit(record)) for record in rows]
    return [hit for _rank, _key, hit in sorted(hits, key=lambda row: row[:2])][:SUGGESTIONS]


def has_names(model: type[Record]) -> bool:
    """Return whether records of this kind go by names in rows of their own; a source, for one, has a title alone."""
    return any(relation.name == "names" for relation in model._meta.related_objects)


class _Search:
    """Looks for one query in every kind."""

    def __init__(self, query: str, request: HttpRequest | None) -> None:
        self.query, self.request = query, request

    def group(self, model: type[Record]) -> ResultGroup:
        """Find records of a kind: by their names, or by their texts where they have no names."""
        if model is Statement:
            return self.statements()
        return self.named(model) if has_names(model) else self.titled(model)

    def statements(self) -> ResultGroup:
        """Find statements by their texts, as cards."""
        rows, every = self.texts(Statement)
        hits, count = self.first(Statement, rows, lambda: every, PLAN.read)
        newest = NEWEST if searches_newest_only(Statement, self.query) else None
        return ResultGroup(Statement, [Hit(card) for card in cards(hits, words_of(self.query))], *count, newest)

    def titled(self, model: type[Record]) -> ResultGroup:
        """Find records without names, such as sources: by title, publisher and author."""
        rows, every = self.texts(model)
        records, count = self.first(model, rows.for_title(), lambda: every)
        return ResultGroup(model, [Hit(record) for record in records], count.number, count.more)

    def texts(self, model: type[Record]) -> tuple[Any, QuerySet[Any]]:
        """Return (in the best order, all) texts that hold every word: of the first hundred, those with the words in a row first."""
        every = search_rows(model.objects.published(), self.query)
        if len(words_of(self.query)) < 2:
            return every, every
        in_a_row = Case(When(search__contains=fold(self.query), then=Value(0)), default=1, output_field=IntegerField())
        ordering: Any = model._meta.ordering
        first = every.order_by(*ordering).values("pk")[:RANKED]
        rows = model.objects.filter(pk__in=first).annotate(rank=in_a_row)
        return rows.order_by("rank", *ordering), every

    def named(self, model: type[Record]) -> ResultGroup:
        """Find records by any of their names."""
        relation: Any = model._meta.get_field("names")  # type: ignore[misc]  # group() saw that it has names
        names = relation.related_model.objects.published()
        every = model.objects.published()
        rows = ranked(every, self.query).prefetch_related(Prefetch("names", names))
        records, count = self.first(model, rows, lambda: search_rows(every, self.query))
        hits = [Hit(row, matched_name(row, row.names.all(), self.query)) for row in records]
        prefetch_related_objects([hit.because for hit in hits if hit.because], *with_passages(""))
        return ResultGroup(model, hits, count.number, count.more)

    def first(
        self, model: type[Record], rows: Any, every: Callable[[], Any], read: Callable[[Any], list[Any]] = list
    ) -> tuple[list[Any], RowCount]:
        """Return the first rows, and how many there are as far as pages count."""
        first = read(rows[: MOST + 1])
        if len(first) <= MOST:
            return first, RowCount(len(first), False)
        if self.request is None:
            return first[:MOST], count_rows(every())
        return first[:MOST], cached_count(self.request, (model, "found", self.query), every)
