"""Statements that a query finds: the best first, each with why it was found, and how many there are by speaker, topic and so on."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from django.db.models import QuerySet
from django.http import HttpRequest, QueryDict
from django.utils.translation import get_language

from base.changes.version import version_for
from base.lists.counting import RowCount
from base.lists.facets import Facet, FacetCounts, count_facets, facets
from base.lists.search import NEWEST, WordSearch, newest_condition, searches_newest_only
from base.sql.lookup_or_scan import choose_conditions
from base.sql.prepared import AnyOf, Row

from .cards import PLAN
from .filters import StatementFilter
from .models import Statement
from .search_reasons import Reason, reasons_of

RANKED = 200  # of statements that many words find, so many of the first are put into the order of how well they match
FACETS = ("kind", "speaker", "topic", "initiative", "event", "certainty", "on_behalf_of")
MOST_CHOICES = 6
COUNTED = 1000  # statements beside the results of a search: to count more takes longer than to find them


class StatementSearch:
    """Looks for one query among the public statements."""

    def __init__(self, query: str, request: HttpRequest | None = None) -> None:
        self.query, self.request = query, request
        data = QueryDict(mutable=True)
        data["q"] = query
        self.filterset = StatementFilter(data, queryset=Statement.objects.published())
        self.words = WordSearch(Statement, query, self.filterset.queryset.db)

    @property
    def newest(self) -> int | None:
        """How many of the newest statements are searched; None if all are."""
        return NEWEST if searches_newest_only(Statement, self.query) else None

    @cached_property
    def matches(self) -> QuerySet[Statement]:
        """The statements that match, in the order of lists. At most three queries are made to write it."""
        rows = self.filterset.queryset
        if self.newest:
            newest = newest_condition(rows)
            self.filterset.conditions.know_newest(newest, self.words.scan)
            return rows.filter(newest, self.words.scan)
        (condition,) = choose_conditions(rows.db, [self.words.lookup_or_scan()])
        self.filterset.conditions.know("q", condition)
        self.few = isinstance(condition, AnyOf)
        return rows.filter(condition)

    few = False  # whether the keys of all statements that match are known

    def first(self, most: int) -> list[Row]:
        """Return the rows of the best matches, as PLAN reads them. One query, beside those of `matches`."""
        ordering = Statement._meta.ordering or ()
        rows = self.matches
        if not self.few:
            first = rows.order_by(*ordering).values("pk")[:RANKED]
            rows = Statement.objects.filter(pk__in=first)
        return PLAN.read(rows.annotate(rank=self.words.rank()).order_by("rank", *ordering)[:most])

    @cached_property
    def counts(self) -> FacetCounts:
        """How many statements there are, and how many for each choice of a facet. One query, or none if it is kept."""
        assert self.matches is not None  # what it decided is known to the filters
        version = version_for(self.request) if self.request else None
        language = get_language() or "en"
        return count_facets(self.filterset, FACETS, MOST_CHOICES, version=version, language=language, counted=COUNTED)

    @property
    def count(self) -> RowCount:
        """How many statements match, as far as they are counted beside results."""
        return self.counts.rows

    def facets(self) -> list[Facet]:
        """Return the facets that would leave fewer statements than there are."""
        total = self.counts.rows.number
        return [
            facet
            for facet in facets(self.filterset, self.counts)
            if any(choice.count < total for choice in facet.choices)
        ]

    def reasons(self, keys: Sequence[int]) -> dict[int, list[Reason]]:
        """Return for each of these statements the records by whose names it was found, the best first. Four queries."""
        return reasons_of(keys, self.words.words, self.words.links)
