"""Statements that a query finds: the best first, each with why it was found, and how many there are by speaker, topic and so on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.db.models import ManyToManyField, QuerySet
from django.http import HttpRequest, QueryDict
from django.utils.functional import Promise
from django.utils.translation import get_language

from base.changes.version import version_for
from base.lists.counting import RowCount
from base.lists.facets import Facet, FacetCounts, count_facets, facets
from base.lists.search import NEWEST, WordSearch, newest_condition, searches_newest_only
from base.lists.search_links import SearchLink
from base.records.labels import named_by_keys
from base.records.records import Record
from base.sql.lookup_or_scan import choose_conditions
from base.sql.prepared import AnyOf, Row

from .cards import PLAN
from .filters import StatementFilter
from .models import Statement, StatementIndexEntry

RANKED = 200  # of statements that many words find, so many of the first are put into the order of how well they match
FACETS = ("kind", "speaker", "topic", "initiative", "event", "certainty", "on_behalf_of")
MOST_CHOICES = 6


@dataclass(frozen=True)
class Reason:
    """Why a statement was found: what it is linked with, as what, and the words of the query that name it."""

    label: str | Promise
    record: Record


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
        return count_facets(self.filterset, FACETS, MOST_CHOICES, version=version, language=get_language() or "en")

    @property
    def count(self) -> RowCount:
        """How many statements match, as far as pages count."""
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
        """Return for each of these statements the records by whose names it was found, the best first. Three queries."""
        if not any(self.words.links) or not keys:
            return {key: [] for key in keys}
        linked = _linked_keys(keys)
        named: dict[int, dict[tuple[SearchLink, int], None]] = {key: {} for key in keys}
        for key in keys:
            for links in self.words.links:
                for link, records in sorted(links.items(), key=lambda pair: pair[0].rank):
                    for record in linked[key][link.column]:
                        if record in records:
                            named[key][link, record] = None
        wanted: dict[type[Record], set[int]] = {}
        for pairs in named.values():
            for link, record in pairs:
                wanted.setdefault(_model_of(link), set()).add(record)
        labels = named_by_keys(wanted)
        return {
            key: _each_once(
                Reason(link.label, labels[_model_of(link)][record])
                for link, record in sorted(pairs, key=lambda pair: pair[0].rank)
                if record in labels[_model_of(link)]
            )
            for key, pairs in named.items()
        }


def _each_once(reasons: Iterable[Reason]) -> list[Reason]:
    """Return the first reason of each record: the organization that speaks may be named by two links."""
    best: dict[object, Reason] = {}
    for reason in reasons:
        best.setdefault((type(reason.record), reason.record.pk), reason)
    return list(best.values())


def _model_of(link: SearchLink) -> type[Record]:
    """Return the kind of record that a link of statements leads to."""
    model = Statement._meta.get_field(link.column).related_model
    assert isinstance(model, type)
    return model  # type: ignore[return-value]  # every link leads to a record


def _linked_keys(keys: Sequence[int]) -> dict[int, dict[str, list[int]]]:
    """Return for each statement the keys of what it is linked with, by the column of the link. Two queries."""
    columns = [
        field.name
        for field in Statement._meta.get_fields()
        if field.many_to_one and field.concrete and not isinstance(field, ManyToManyField)
    ]
    rows = Statement._base_manager.filter(pk__in=keys).values_list("pk", *[f"{column}_id" for column in columns])
    linked: dict[int, dict[str, list[int]]] = {
        key: {column: [value] if value else [] for column, value in zip(columns, values, strict=True)}
        for key, *values in rows
    }
    for of_statement in linked.values():
        of_statement.update({name: [] for name in StatementIndexEntry.relations})
    entries = StatementIndexEntry.objects.filter(statement__in=keys)
    for key, relation, target in entries.values_list("statement", "relation", "target"):
        linked[key][StatementIndexEntry.relations[relation - 1]].append(target)
    return linked
