"""What a document needs beside its own row, loaded for a whole page at once."""

from __future__ import annotations

import functools
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from operator import itemgetter
from typing import TYPE_CHECKING, cast

from django.db.models import IntegerField, JSONField, Model, QuerySet, TextField, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast
from django.urls import get_script_prefix, reverse
from django.utils.translation import get_language

from base.documents.rows import Link, TooManyNested, union
from base.records.provenance import get_passage_model
from base.records.publishing import Publishable, published
from base.records.records import Record
from base.sql.prepared import AnyOf, KeysParameter, PreparedQuery, Row

if TYPE_CHECKING:
    from base.documents.plan import Document, FetchPlan, NestedList, Reference

# What is read of a record that another one refers to.
REFERENCE = ("slug", "name", "name_language", "labels", "short", "text_language", "translations", "sort_key")
SHORT_NAME = (
    "short",
    "text_language",
    "translations",
)  # of those, what only pages show, of kinds that have a short name
# What is read of every passage: where it stands.
PLACE = ("source_id", "start", "end")


class LoaderQueries:
    """The queries behind the documents of one plan or several, in the order in which they run.

    The plans and those of their nested lists are its `levels`. `below` says which list hangs on which level. The rows of a
    level may have links to other rows; all links together are one query, and so are all passages, and all records that are
    referred to.
    """

    def __init__(self, *plans: FetchPlan) -> None:
        self.levels: list[FetchPlan] = [*plans]
        self.below: list[tuple[int, NestedList]] = []
        for number, level in enumerate(self.levels):  # it grows meanwhile
            for many in level.many.values():
                self.below.append((number, many))
                self.levels.append(many.plan)
        self.passages = [pair for level in self.levels for pair in level.passages]
        self.passage_columns = [
            (number, column) for number, level in enumerate(self.levels) for column in level.passage_columns
        ]
        self.passage_plans = list(dict.fromkeys(plan for _link, plan in self.passages))  # levels mostly share one
        self.links: list[tuple[int, Link]] = [
            (number, link)
            for number, level in enumerate(self.levels)
            for link in [*level.links, *[link for link, _plan in level.passages]]
        ]
        self.references: list[tuple[int, Reference]] = [
            (number, reference)
            for number, level in enumerate([*self.levels, *self.passage_plans])
            for reference in level.references
        ]
        self.models = list(dict.fromkeys(reference.model for _number, reference in self.references))
        self.linked = PreparedQuery(
            lambda: union([link.pairs(slot) for slot, (_number, link) in enumerate(self.links)])
        )
        columns = dict.fromkeys(["pk", *PLACE, *[name for plan in self.passage_plans for name in plan.columns]])
        # Each with the key once more at its end: for a single column, an itemgetter would return no tuple.
        self.picks = [
            itemgetter(*[list(columns).index(name) for name in plan.columns], 0) for plan in self.passage_plans
        ]
        self.passage_rows = PreparedQuery(
            lambda: published(get_passage_model()).filter(AnyOf("pk")).order_by().values_list(*columns)
        )
        self.referred = {
            (spoken, pages): PreparedQuery(functools.partial(self._brief, spoken, pages))
            for spoken in (False, True)
            for pages in (False, True)
        }

    def _brief(self, spoken: bool, pages: bool) -> QuerySet[Model, object]:
        """Return what is read of records that are referred to. Their names in every language cost more than all else."""
        queries = []
        for slot, model in enumerate(self.models):
            rows = published(model).filter(AnyOf("pk", KeysParameter(slot))).order_by()
            columns = [_brief_column(model, column, spoken, pages) for column in REFERENCE]
            queries.append(rows.values_list(Value(slot, IntegerField()), "pk", *columns))
        return union(queries)


def _brief_column(model: type[Publishable], column: str, spoken: bool, pages: bool) -> str | Combinable:
    """Return what is read in a column of a record that is referred to: nothing, where it is of no use.

    A statement has no name; what refers to it has its id.
    """
    if column not in SHORT_NAME and all(field.name != column for field in model._meta.concrete_fields):
        return Value({}, JSONField()) if column == "labels" and spoken else Value("")
    if column == "labels":
        return column if spoken else Value("")
    if column not in SHORT_NAME:
        return column
    short_field = cast("type[Record]", model).short_field
    if not (pages and short_field):
        return Value("", TextField())
    if column == "translations":  # as text, which all parts of a union have in common
        return Cast(column, TextField())
    return short_field if column == "short" else column


def _brief_place(plan: FetchPlan, name: str) -> int:
    """Return where a column of a plan stands in what is read of a record that is referred to."""
    short_field = cast("type[Record]", plan.model).short_field
    return ("slot", "pk", *REFERENCE).index("short" if short_field and name == short_field else name)


@functools.lru_cache(maxsize=32)  # one for each kind of page; the plan itself keeps what it needs alone
def _queries_of(*plans: FetchPlan) -> LoaderQueries:
    return LoaderQueries(*plans)


class UrlTemplates(dict[tuple[str, str], tuple[str, str]]):
    """What stands before and behind a public id in the addresses of one answer, by (route, query parameter or nothing)."""

    def __init__(self, address: Callable[[str], str], *, pages: bool = False) -> None:
        self.address, self.pages = address, pages

    def __missing__(self, key: tuple[str, str]) -> tuple[str, str]:
        """Find it out, once for an answer. A page leads to pages where the API leads to itself."""
        route, query = key
        route = route.removeprefix("api:") if self.pages else route
        before, _dash, after = self.address(_path(route, query, get_script_prefix(), get_language())).rpartition("-")
        self[key] = (before, after)
        return self[key]


@functools.cache
def _path(route: str, query: str, prefix: str, language: str | None) -> str:
    """Return the path of a route with a dash for the id; Django knows the prefix and the language by itself."""
    return f"{reverse(route)}?{query}=-" if query else reverse(route, args=["-"])


class Loader:
    """Everything loaded for one answer. `address` makes the address to show of a path; `language` is the reader's, if known.

    With `pages` the answer is a page: addresses are those of pages, and values of fixed lists have a label
    (`base/documents/values.py`). If it is `bounded`, TooManyNested is raised for records that have too many rows between them.
    """

    def __init__(
        self,
        address: Callable[[str], str],
        language: str | None = None,
        *,
        pages: bool = False,
        bounded: bool = False,
    ) -> None:
        self.address, self.language, self.pages, self.bounded = address, language, pages, bounded
        self.nested_documents: dict[NestedList, dict[int, list[Document]]] = {}
        self.linked: dict[Link, dict[int, list[int]]] = {}
        self.passages: dict[FetchPlan, dict[int, Document]] = {}
        self.reading_order: dict[int, Row] = {}
        self.referred: dict[Reference, dict[int, Document]] = {}
        self.order: dict[type[Publishable], dict[int, Row]] = {}
        self.around = UrlTemplates(address, pages=pages)

    def documents(self, plan: FetchPlan, rows: list[Row]) -> list[Document]:
        """Return the documents of rows that the plan has read."""
        return self.together((plan, rows))[0] if rows else []

    def together(self, *asked: tuple[FetchPlan, list[Row]]) -> list[list[Document]]:
        """Return the documents of rows that several plans have read. What they cite and name is loaded once for all of them."""
        queries = asked[0][0].queries if len(asked) == 1 else _queries_of(*[plan for plan, _rows in asked])
        levels = [rows for _plan, rows in asked]
        for number, many in queries.below:
            levels.append(many.read([row[0] for row in levels[number]], bounded=self.bounded))
        self._load_links(queries, levels)
        passages = self._load_passages(queries, levels)
        self._load_references(queries, [*levels, *passages])
        for below, rows in zip(queries.passage_plans, passages, strict=True):
            self.passages[below] = self._by_key(below, rows)
        for (_number, many), rows in zip(reversed(queries.below), reversed(levels[len(asked) :]), strict=True):
            of_owner = self.nested_documents[many] = defaultdict(list)
            for row, document in zip(rows, many.plan.build(rows, self), strict=True):
                of_owner[row[1]].append(document)
        return [plan.build(rows, self) for plan, rows in asked]

    def nested(self, many: NestedList, rows: Sequence[Row]) -> list[list[Document]]:
        """Return for each record the documents of the rows that belong to it."""
        of_owner = self.nested_documents[many]
        return [of_owner.get(row[0]) or [] for row in rows]

    def _by_key(self, plan: FetchPlan, rows: list[Row]) -> dict[int, Document]:
        return dict(zip([row[0] for row in rows], plan.build(rows, self), strict=True))

    def _load_links(self, queries: LoaderQueries, levels: Sequence[list[Row]]) -> None:
        if not queries.links:
            return
        targets: list[dict[int, list[int]]] = [defaultdict(list) for _link in queries.links]
        keys = [[row[0] for row in rows] for rows in levels]
        for slot, owner, target in queries.linked.read(*[keys[number] for number, _link in queries.links]):
            targets[slot][owner].append(target)
        self.linked = {link: pairs for (_number, link), pairs in zip(queries.links, targets, strict=True)}

    def _load_passages(self, queries: LoaderQueries, levels: Sequence[list[Row]]) -> list[list[Row]]:
        """Return the public passages that the rows cite or are printed in, for every plan of a passage."""
        wanted = {key for link, _plan in queries.passages for keys in self.linked[link].values() for key in keys}
        wanted |= {row[column] for number, column in queries.passage_columns for row in levels[number]}
        wanted.discard(None)
        rows = queries.passage_rows.read(wanted) if wanted else []
        self.reading_order = {row[0]: row[1:4] for row in rows}
        return [[pick(row) for row in rows] for pick in queries.picks]

    def _load_references(self, queries: LoaderQueries, levels: Sequence[list[Row]]) -> None:
        """Load every record that the rows refer to; of those that are not public, nothing."""
        wanted: dict[type[Publishable], set[int]] = {model: set() for model in queries.models}
        keys: list[set[int]] = []
        for number, reference in queries.references:
            if reference.link is None:
                targets = {row[reference.key] for row in levels[number]}
                targets.discard(None)
            else:
                targets = {key for pairs in self.linked[reference.link].values() for key in pairs}
            keys.append(targets)
            wanted[reference.model] |= targets
        brief: dict[type[Publishable], dict[int, Row]] = {model: {} for model in queries.models}
        if any(wanted.values()):
            of_slot = list(brief.values())
            for row in queries.referred[self.language is not None, self.pages].read(*wanted.values()):
                of_slot[row[0]][row[1]] = row
        self.order = {model: {key: (row[-1], row[2]) for key, row in rows.items()} for model, rows in brief.items()}
        documents: dict[FetchPlan, dict[int, Document]] = {}
        for (_number, reference), targets in zip(queries.references, keys, strict=True):
            rows = brief[reference.model]
            if reference.full:
                self.referred[reference] = self._in_full(reference, targets & rows.keys())
            else:
                if reference.plan not in documents:
                    documents[reference.plan] = self._brief(reference.plan, rows)
                self.referred[reference] = documents[reference.plan]

    def _brief(self, plan: FetchPlan, rows: dict[int, Row]) -> dict[int, Document]:
        """Return the documents of records that are only named where they are referred to."""
        pick = itemgetter(*[_brief_place(plan, name) for name in plan.columns], 0)
        return dict(zip(rows, plan.build([pick(row) for row in rows.values()], self), strict=True))

    def _in_full(self, reference: Reference, keys: set[int]) -> dict[int, Document]:
        """Return the documents of records that stand in full where they are referred to."""
        rows = reference.plan.by_key.read(keys) if keys else []
        loader = Loader(self.address, self.language, pages=self.pages, bounded=self.bounded)
        documents = loader.documents(reference.plan, rows)
        return {row[0]: document for row, document in zip(rows, documents, strict=True)}


def documents_in_parts(
    plan: FetchPlan, rows: list[Row], address: Callable[[str], str]
) -> Iterator[tuple[list[Row], list[Document]]]:
    """Yield all rows with their documents: together, or half by half where they have too many nested rows between them."""
    try:
        documents = Loader(address, bounded=len(rows) > 1).documents(plan, rows)
    except TooManyNested:
        middle = len(rows) // 2
        yield from documents_in_parts(plan, rows[:middle], address)
        yield from documents_in_parts(plan, rows[middle:], address)
    else:
        yield rows, documents
