"""Results of a search by kind, best first, and why each matched; names that somebody may be typing."""

from __future__ import annotations

import functools
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import zip_longest

from django.db.models import Case, IntegerField, Model, QuerySet, Value, When
from django.http import HttpRequest

from base.documents.plan import Document, FetchPlan
from base.documents.shapes import RecordRefSerializer
from base.lists.counting import RowCount, count_rows
from base.lists.ranking import SPELLED, level_of, matched_name, ranked
from base.lists.search import NEWEST, search_rows, searches_newest_only, words_of
from base.pages.conditional import cached_count
from base.pages.documents import list_plan, page_loader
from base.pages.lines import PLACES, NameLineSerializer
from base.records.kinds import kinds
from base.records.names import Name, NamedRecord
from base.records.records import Record
from base.sql.prepared import Row, read_queryset
from base.text.names import fold

from .cards import PLAN, other_matches
from .models import Statement

MOST = 8
RANKED = 100  # texts that are looked at again for the words in a row
SUGGESTIONS = 8


@dataclass(frozen=True)
class Hit:
    """One result (of a statement, its card), and the spelling that matched if it is not the name on the page."""

    model: type[Record]
    record: Document
    because: Document | None = None


@dataclass(frozen=True)
class ResultGroup:
    """The results of one kind."""

    model: type[Record]
    hits: list[Hit]
    total: int
    more: bool = False  # whether there are more than were counted
    newest: int | None = None  # how many of the newest were searched; None: all

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
    spellings: list[Spelling | None] = field(default_factory=list)
    newest: int | None = None

    def group(self, cited: list[Document], words: list[str]) -> ResultGroup:
        """Return the results with the documents of `rows`."""
        if self.model is Statement:
            hits = [Hit(self.model, {**card, **other_matches(card, words)}) for card in cited]
        else:
            names = iter(cited)
            hits = [
                Hit(self.model, record, next(names) if spelling else None)
                for record, spelling in zip_longest(self.records, self.spellings)
            ]
        return ResultGroup(self.model, hits, self.count.number, self.count.more, self.newest)


def search(query: str, request: HttpRequest | None = None) -> list[ResultGroup]:
    """Return the groups that have results. At most three queries a kind, and four for what all of them cite.

    For a request, what was counted since the last write is not counted again.
    """
    if not words_of(query):
        return []
    search_of = _Search(query, request)
    results = [search_of.results(model) for model in kinds("search")]
    parts = [(each.plan, each.rows) for each in results if each.plan]
    documents = page_loader().together(*parts) if any(rows for _plan, rows in parts) else [[] for _part in parts]
    cited = {plan: of_plan for (plan, _rows), of_plan in zip(parts, documents, strict=True)}
    groups = [each.group(cited[each.plan] if each.plan else [], words_of(query)) for each in results]
    return [group for group in groups if group.hits]


def suggest(query: str) -> list[Hit]:
    """Return the records that somebody may be typing the name of, best first over all kinds. One query a kind."""
    if not words_of(query):
        return []
    hits: list[tuple[int, str, Hit]] = []
    models = [model for model in kinds("search") if issubclass(model, NamedRecord)]
    for model in models:
        if has_names(model):
            best = ranked(model.objects.published(), query).values("pk")[:SUGGESTIONS]
            rows = _suggested(model, best)
        else:
            titled = search_rows(model.objects.published(), query)[:SUGGESTIONS]
            rows = [
                (tuple(row), key, [])
                for *row, key in read_queryset(titled.values_list(*_plan(model).selected, "sort_key"))
            ]
        records = page_loader().documents(_plan(model), [row for row, _key, _spellings in rows])
        for record, (_row, key, spellings) in zip(records, rows, strict=True):
            rank = min((level_of(name, query) for name in spellings), default=SPELLED)
            spelling = matched_name(_displayed_name(record), spellings, query) if spellings else None
            because = {"text": spelling.text, "language": spelling.row[0]} if spelling else None
            hits.append((rank, key, Hit(model, record, because)))
    return [hit for _rank, _key, hit in sorted(hits, key=lambda row: row[:2])][:SUGGESTIONS]


def _suggested(model: type[NamedRecord], best: QuerySet[Model, object]) -> list[tuple[Row, str, list[Spelling]]]:
    """Return (row of the plan, sort key, names) of the records with these keys. One query."""
    names, owner = _names(model)
    columns = [f"{owner}__{column}" for column in _plan(model).columns]
    rows = names.objects.published().filter(**{f"{owner}__in": best})
    spellings: dict[int, tuple[Row, str, list[Spelling]]] = {}
    for text, kind, folded, language, key, *record in read_queryset(
        rows.values_list("text", "kind", "folded", "language", f"{owner}__sort_key", *columns)
    ):
        spellings.setdefault(record[0], (tuple(record), key, []))[2].append(Spelling(text, kind, folded, (language,)))
    return list(spellings.values())


def _plan(model: type[Record]) -> FetchPlan:
    """Return how the records of a kind are read where a result names them."""
    return list_plan(RecordRefSerializer, model, ())


@functools.cache
def _spelling_plan(model: type[Record]) -> FetchPlan:
    """Return how the names of a kind are read where a result shows the name that matched."""
    return list_plan(NameLineSerializer, _names(model)[0], ("text", "language", "certainty", *PLACES))


def _names(model: type[Record]) -> tuple[type[Name], str]:
    """Return (model of the names of a kind, its foreign key to the record)."""
    relation = model._meta.get_field("names")  # type: ignore[misc]  # of a kind that has_names
    return relation.related_model, relation.field.name


def _displayed_name(record: Document) -> str:
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
        """Find statements by their texts, as cards."""
        rows, every = self.texts(Statement)
        first, count = self.first(Statement, rows, lambda: every, PLAN)
        newest = NEWEST if searches_newest_only(Statement, self.query) else None
        return KindResults(Statement, count, PLAN, first, newest=newest)

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
            matched_name(_displayed_name(record), names.get(row[0], []), self.query)
            for row, record in zip(rows, records, strict=True)
        ]
        matched = [spelling.row for spelling in spellings if spelling]
        return KindResults(model, count, _spelling_plan(model), matched, records, spellings)

    def spellings(self, model: type[Record], keys: list[int]) -> dict[int, list[Spelling]]:
        """Return the names of these records, by key. One query."""
        names, owner = _names(model)
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
