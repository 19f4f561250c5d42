"""Search over everything, in any script: results by kind, best first, and why each matched."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Case, Exists, IntegerField, OuterRef, Prefetch, Value, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views import View

from directory.base.filters import QueryField
from directory.base.names import fold
from directory.base.search import matching
from directory.base.views import shown
from directory.models import Initiative, Organization, Person, Source, Topic
from events.models import Event, Statement

MOST = 8


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


class Search(View):
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
            "error": error,
            "groups": groups,
            "total": sum(group.total for group in groups),
            "searched": bool(fold(query)),
        }
        return render(request, "search/search.html", context, status=status)


def search(query: str) -> list[Group]:
    """Return the groups that have results. At most four queries a kind."""
    groups = [_named(model, query) for model in (Person, Organization, Initiative, Event)]
    groups.append(_texts(Statement.objects.published().filter(matching(query)).for_cards()))
    groups.append(_texts(Source.objects.published().filter(matching(query)).for_cards()))
    groups.append(_named(Topic, query))
    return [group for group in groups if group.hits]


def _texts(rows: Any) -> Group:
    found = shown(rows, MOST)
    return Group(rows.model, [Hit(row) for row in found.rows], found.total)


def _named(model: Any, query: str) -> Group:
    """Find records by any of their names: exact first, then names that begin so, then the rest."""
    folded = fold(query)
    relation = model._meta.get_field("names")
    names = relation.related_model.objects.published()
    mine = names.filter(**{relation.field.name: OuterRef("pk")})
    rank = Case(
        When(Exists(mine.filter(folded=folded)), then=Value(0)),
        When(Exists(mine.filter(folded__startswith=folded)), then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    rows = model.objects.published().filter(matching(query))
    ranked = rows.annotate(rank=rank).order_by("rank", "sort_key", "slug")
    found = shown(ranked.prefetch_related(Prefetch("names", names.with_passages())), MOST)
    return Group(model, [Hit(record, _because(record, folded)) for record in found.rows], found.total)


def _because(record: Any, folded: str) -> Any:
    """Return the name that matched best, or None if the one shown matches as well."""
    words = folded.split()
    if all(word in fold(record.name) for word in words):
        return None
    matched = [name for name in record.names.all() if all(word in name.folded for word in words)]
    return min(matched, key=lambda name: (name.folded != folded, not name.folded.startswith(folded)), default=None)
