"""Results of a search by kind, best first, and why each matched."""

from __future__ import annotations

import functools
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from itertools import zip_longest
from urllib.parse import urlencode

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When
from django.http import HttpRequest
from django.urls import reverse

from base.changes.cache import cached_for
from base.documents.plan import Document, FetchPlan
from base.documents.shapes import RecordRefSerializer
from base.lists.counting import RowCount, count_each, count_rows
from base.lists.facets import Facet
from base.lists.ranking import matched_name, ranked
from base.lists.search import search_rows
from base.lists.search_words import words_of
from base.pages.conditional import cached_count
from base.pages.documents import list_plan, page_loader
from base.pages.lines import PLACES, NameLineSerializer
from base.records.kinds import kinds
from base.records.names import Name
from base.records.records import Record
from base.sql.prepared import Row, read_queryset
from base.text.names import fold
from directory.models import Initiative, Organization, Person, Topic
from directory.views.people import PersonList

from .cards import PLAN, other_matches
from .models import Event, Statement
from .search_reasons import Reason
from .statement_search import StatementSearch

MOST = 8
RANKED = 100  # texts that are looked at again for the words in a row
COUNTED = 1000  # statements of a record that are counted

# The filter of statements by a record of a kind, and the columns that lead to it.
STATEMENTS_OF: dict[type[Record], tuple[str, tuple[str, ...]]] = {
    Person: ("speaker", ("speaker",)),
    Organization: ("organization", ("speaker_organization", "on_behalf_of")),
    Initiative: ("initiative", ("initiatives",)),
    Topic: ("topic", ("topics",)),
    Event: ("event", ("event",)),
}


@dataclass(frozen=True)
class Hit:
    """One result (of a statement, its card), and the spelling that matched if it is not the name on the page.

    `statements` is how many statements there are by the record, or about it, and `statements_url` the list of them. `excerpt` is
    the part of a suggested statement that has the words.
    """

    model: type[Record]
    record: Document
    because: Document | None = None
    statements: RowCount | None = None
    statements_url: str = ""
    excerpt: str = ""


@dataclass(frozen=True)
class ResultGroup:
    """The results of one kind."""

    model: type[Record]
    hits: list[Hit]
    total: int
    more: bool = False  # whether there are more than were counted
    newest: int | None = None  # how many of the newest were searched; None: all
    facets: list[Facet] = field(default_factory=list)

    @property
    def records(self) -> list[Document]:
        """The records of the results."""
        return [hit.record for hit in self.hits]


@dataclass(frozen=True)
class Spelling:
    """A name as the ranking of results needs it, and its row."""

    text: str
    kind: str
    folded: str
    row: Row


@dataclass(frozen=True)
class KindResults:
    """The first results of a kind, before what they cite is loaded.

    `rows` are the rows that cite passages, as `plan` has read them: all statements, and of other kinds the spellings that matched.
    """

    model: type[Record]
    count: RowCount
    plan: FetchPlan | None = None
    rows: list[Row] = field(default_factory=list)
    records: list[Document] = field(default_factory=list)
    keys: list[int] = field(default_factory=list)
    spellings: list[Spelling | None] = field(default_factory=list)
    newest: int | None = None
    facets: list[Facet] = field(default_factory=list)
    reasons: dict[int, list[Reason]] = field(default_factory=dict)

    def group(self, cited: list[Document], words: Sequence[str]) -> ResultGroup:
        """Return the results with the documents of `rows`."""
        if self.model is Statement:
            hits = [
                Hit(self.model, {**card, **other_matches(card, words), "reasons": self.reasons.get(row[0], [])})
                for row, card in zip(self.rows, cited, strict=True)
            ]
        else:
            names = iter(cited)
            hits = [
                Hit(self.model, record, next(names) if spelling else None)
                for record, spelling in zip_longest(self.records, self.spellings)
            ]
        return ResultGroup(self.model, hits, self.count.number, self.count.more, self.newest, self.facets)


def search(query: str, request: HttpRequest | None = None) -> list[ResultGroup]:
    """Return the groups that have results. At most three queries a kind, nine more for statements, four for what all of them
    cite, and one for the numbers of statements.

    For a request, what was counted since the last write is not counted again.
    """
    if not words_of(query):
        return []
    search_of = _Search(query, request)
    results = [search_of.results(model) for model in kinds("search")]
    parts = [(each.plan, each.rows) for each in results if each.plan]
    documents = page_loader().together(*parts) if any(rows for _plan, rows in parts) else [[] for _part in parts]
    cited = {plan: of_plan for (plan, _rows), of_plan in zip(parts, documents, strict=True)}
    counts = search_of.statement_counts(results)
    groups = [
        _with_statements(each.group(cited[each.plan] if each.plan else [], words_of(query)), each.keys, counts)
        for each in results
    ]
    return [group for group in groups if group.hits]


def _with_statements(group: ResultGroup, keys: list[int], counts: dict[tuple[str, int], RowCount]) -> ResultGroup:
    """Return a group whose records have their number of statements and the address of the list of them."""
    if group.model not in STATEMENTS_OF:
        return group
    name, _columns = STATEMENTS_OF[group.model]
    address = reverse("statement-list")
    hits = [
        replace(
            hit,
            statements=counts.get((group.model.kind, key)),
            statements_url=f"{address}?{urlencode({name: hit.record['id']})}",
        )
        for hit, key in zip(group.hits, keys, strict=True)
    ]
    return replace(group, hits=hits)


def _plan(model: type[Record]) -> FetchPlan:
    """Return how the records of a kind are read where a result names them; people with their positions."""
    if model is Person:
        return list_plan(PersonList.shape, Person, PersonList.members)
    return list_plan(RecordRefSerializer, model, ())


@functools.cache
def _spelling_plan(model: type[Record]) -> FetchPlan:
    """Return how the names of a kind are read where a result shows the name that matched."""
    return list_plan(NameLineSerializer, names_model(model)[0], ("text", "language", "certainty", *PLACES))


def names_model(model: type[Record]) -> tuple[type[Name], str]:
    """Return (model of the names of a kind, its foreign key to the record)."""
    relation = model._meta.get_field("names")  # type: ignore[misc]  # of a kind that has_names
    return relation.related_model, relation.field.name


def displayed_name(record: Document) -> str:
    """Return the name of a record on this page."""
    return str(record["name"] or record["id"])


def has_names(model: type[Record]) -> bool:
    """Return whether records of this kind have names in rows of their own; a source, for instance, has a title alone."""
    return any(relation.name == "names" for relation in model._meta.related_objects)


class _Search:
    """Looks for one query in every kind."""

    def __init__(self, query: str, request: HttpRequest | None) -> None:
        self.query, self.request = query, request

    def results(self, model: type[Record]) -> KindResults:
        """Find records of a kind: by their names, or by their texts where they have no names."""
        if model is Statement:
            return self.statements()
        return self.named(model) if has_names(model) else self.titled(model)

    def statements(self) -> KindResults:
        """Find statements by their texts and by the names of what they are linked with, as cards."""
        found = StatementSearch(self.query, self.request)
        first = found.first(MOST + 1)
        if not first:
            return KindResults(Statement, RowCount(0, False), PLAN)
        rows = first[:MOST]
        return KindResults(
            Statement,
            found.count,
            PLAN,
            rows,
            newest=found.newest,
            facets=found.facets() if len(first) > 1 else [],
            reasons=found.reasons([row[0] for row in rows]),
        )

    def titled(self, model: type[Record]) -> KindResults:
        """Find records without names, such as sources: by title, publisher and author."""
        rows, every = self.texts(model)
        first, count = self.first(model, rows, lambda: every, _plan(model))
        return KindResults(model, count, records=page_loader().documents(_plan(model), first))

    def texts(self, model: type[Record]) -> tuple[QuerySet[Record], QuerySet[Record]]:
        """Return (in the best order, all) texts that hold every word: of the first hundred, those with the words in a row first."""
        every = search_rows(model.objects.published(), self.query)
        if len(words_of(self.query)) < 2:
            return every, every
        in_a_row = Case(When(search__contains=fold(self.query), then=Value(0)), default=1, output_field=IntegerField())
        ordering = model._meta.ordering or ()
        first = every.order_by(*ordering).values("pk")[:RANKED]
        rows = model.objects.filter(pk__in=first).annotate(rank=in_a_row)
        return rows.order_by("rank", *ordering), every

    def named(self, model: type[Record]) -> KindResults:
        """Find records by any of their names."""
        every = model.objects.published()
        rows, count = self.first(model, ranked(every, self.query), lambda: search_rows(every, self.query), _plan(model))
        records = page_loader().documents(_plan(model), rows)
        names = self.spellings(model, [row[0] for row in rows]) if rows else {}
        spellings = [
            matched_name(displayed_name(record), names.get(row[0], []), self.query)
            for row, record in zip(rows, records, strict=True)
        ]
        matched = [spelling.row for spelling in spellings if spelling]
        keys = [row[0] for row in rows]
        return KindResults(model, count, _spelling_plan(model), matched, records, keys, spellings)

    def spellings(self, model: type[Record], keys: list[int]) -> dict[int, list[Spelling]]:
        """Return the names of these records, by key. One query."""
        names, owner = names_model(model)
        plan = _spelling_plan(model)
        rows = names.objects.published().filter(**{f"{owner}__in": keys})
        text, spellings = plan.columns.index("text"), defaultdict(list)
        for *row, kind, folded, key in read_queryset(rows.values_list(*plan.selected, "kind", "folded", f"{owner}_id")):
            spellings[key].append(Spelling(row[text], kind, folded, tuple(row)))
        return spellings

    def first(
        self, model: type[Record], rows: QuerySet[Record], every: Callable[[], QuerySet[Record]], plan: FetchPlan
    ) -> tuple[list[Row], RowCount]:
        """Return the first rows, and how many there are as far as pages count."""
        first = plan.read(rows[: MOST + 1])
        if len(first) <= MOST:
            return first, RowCount(len(first), False)
        if self.request is None:
            return first[:MOST], count_rows(every())
        return first[:MOST], cached_count(self.request, (model, "found", self.query), every)

    def statement_counts(self, results: list[KindResults]) -> dict[tuple[str, int], RowCount]:
        """Return how many statements there are of each record that was found, by kind and key. One query, or none if it is kept."""

        keys = [(each.model, key) for each in results if each.model in STATEMENTS_OF for key in each.keys]

        def count() -> dict[tuple[str, int], int]:
            statements = Statement.objects.published()
            queries = [
                ((model.kind, key), statements.filter(_any_column(STATEMENTS_OF[model][1], key)).values("pk"))
                for model, key in keys
            ]
            return count_each(queries, COUNTED + 1)

        # The keys are part of what it is kept by: a write may change what is found while this page is made.
        counts = cached_for(self.request, ("statements of", keys), count) if self.request else count()
        return {key: RowCount(min(number, COUNTED), number > COUNTED) for key, number in counts.items()}


def _any_column(columns: tuple[str, ...], key: int) -> Q:
    """Return the condition that one of the columns leads to a record."""
    return Q(*[Q(**{column: key}) for column in columns], _connector=Q.OR)
