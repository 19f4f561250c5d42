"""How rows become documents: the one place that turns a serializer's declaration into queries and JSON.

A serializer says what an answer holds, and OpenAPI is made from it. A `Plan` is made from it too: which columns to read,
which rows hang on them, which records they refer to. A plan is made once and read with many requests. It loads rows, not
model instances, in a number of queries that depends on the shape alone:

    1  the records themselves
    1  for each kind of row that belongs to them (names, wordings, participants)
    1  for all links to passages and to other records together
    1  for the passages
    1  for every record that is referred to, of whatever kind
"""

from __future__ import annotations

import functools
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.db.models import CharField, QuerySet, Value
from django.urls import reverse
from rest_framework import serializers

from .rows import Link, Row, Rows, rows_of, union

Document = dict[str, Any]
Getter = Callable[[Row, "Answer"], Any]
Tree = dict[str, Any]  # names of members, each with those below it

# What is read of a record that another one refers to.
REFERENCE = ("slug", "name", "name_language", "labels", "sort_key")


class Many:
    """A nested list of rows with a plan of their own."""

    def __init__(self, plan: Plan, rows: Sequence[Rows]) -> None:
        self.plan, self.rows = plan, rows


class Reference:
    """A single record, brief or in full."""

    def __init__(self, plan: Plan, *, full: bool, key: int = -1, link: Link | None = None) -> None:
        self.plan, self.full, self.key, self.link = plan, full, key, link

    @property
    def model(self) -> Any:
        """The kind of record."""
        return self.plan.model


class Plan:
    """How documents of one shape are read and made. `wanted` and `expand` name members, nested ones below them.

    The first column is the key of the row. An empty `wanted` takes everything.
    """

    def __init__(self, shape: type[Any], model: Any, wanted: Tree, expand: Tree, rows: Sequence[Rows] = ()) -> None:
        self.model, self.rows = model, rows
        self.columns: list[str] = ["pk"]
        self.many: dict[tuple[str, str], Many] = {}
        self.links: list[Link] = []
        self.passages: list[tuple[Link, Plan]] = []
        self.references: list[Reference] = []
        self.parts: dict[str, Plan] = {}  # the plans of members that have members
        self.refers: set[str] = set()  # the members that are brief references
        if rows:
            self.column("owner")
        declared: Any = shape()
        self.members: list[tuple[str, Getter]] = [
            (name, self.getter(name, found, declared, wanted.get(name, {}), expand.get(name)))
            for name, found in declared.fields.items()
            if not wanted or name in wanted
        ]
        self.expressions: dict[str, Any] = shape.expressions() if hasattr(shape, "expressions") else {}

    def column(self, name: str) -> int:
        """Return where the column of this name stands in a row; it is read from now on."""
        if name not in self.columns:
            self.columns.append(name)
        return self.columns.index(name)

    def read(self, records: QuerySet[Any]) -> list[Row]:
        """Return the rows of these records. One query."""
        return list(records.values_list(*self.selected))

    @property
    def selected(self) -> list[Any]:
        """The columns, and what is read in their place."""
        return [self.expressions.get(name, name) for name in self.columns]

    def build(self, row: Row, at: Answer) -> Document:
        """Return the document of a row; everything it needs has been loaded."""
        return {name: get(row, at) for name, get in self.members}

    def getter(self, name: str, found: Any, declared: Any, wanted: Tree, expand: Tree | None) -> Getter:
        """Return how the value of one member is found."""
        if hasattr(found, "getter"):
            return found.getter(self, wanted)
        child = getattr(found, "child", None)
        shape = type(child or found)
        if getattr(shape, "refers", False):
            if expand is None:
                self.refers.add(name)
            return (self.all_referred if child else self.referred)(name, found, wanted, expand)
        if isinstance(child, serializers.Serializer):
            if found.source == "passages":
                return self.cited(name, shape, wanted)
            many = self.nested(shape, declared, found.source, wanted, expand or {})
            self.parts[name] = many.plan
            return lambda row, at: at.nested(many, row[0])
        column = self.column(found.source)
        return lambda row, at: row[column]

    def target(self, found: Any, model: Any, wanted: Tree, expand: Tree | None) -> Plan:
        """Return the plan of a record that is referred to."""
        if expand is None:
            shape: Any = type(getattr(found, "child", found))
            return plan_of(shape, model, frozenset(wanted), frozenset())
        return Plan(shape_of(model), model, wanted, {})

    def referred(self, name: str, found: Any, wanted: Tree, expand: Tree | None) -> Getter:
        """Return how the record at the other end of a foreign key is found."""
        model: Any = self.foreign_key(found.source).related_model
        plan = self.parts[name] = self.target(found, model, wanted, expand)
        reference = Reference(plan, full=expand is not None, key=self.column(f"{found.source}_id"))
        self.references.append(reference)
        return lambda row, at: at.referred[reference].get(row[reference.key])

    def all_referred(self, name: str, found: Any, wanted: Tree, expand: Tree | None) -> Getter:
        """Return how the records of a many-to-many relation are found, in the order of their names."""
        link = Link(self.model, found.source)
        plan = self.parts[name] = self.target(found, link.target, wanted, expand)
        reference = Reference(plan, full=expand is not None, link=link)
        self.links.append(link)
        self.references.append(reference)

        def get(row: Row, at: Answer) -> list[Document]:
            documents, order = at.referred[reference], at.order[reference.model]
            keys = [key for key in at.linked[link].get(row[0], ()) if key in documents]
            return [documents[key] for key in sorted(keys, key=order.__getitem__)]

        return get

    def cited(self, name: str, shape: type[Any], wanted: Tree) -> Getter:
        """Return how the public passages of a row are found, in the order of reading."""
        link = Link(self.model, "passages")
        plan = self.parts[name] = Plan(shape, link.target, wanted, {})
        self.passages.append((link, plan))

        def get(row: Row, at: Answer) -> list[Document]:
            documents = at.passages[plan]
            keys = [key for key in at.linked[link].get(row[0], ()) if key in documents]
            return [documents[key] for key in sorted(keys, key=at.reading_order.__getitem__)]

        return get

    def nested(self, shape: type[Any], declared: Any, source: str, wanted: Tree, expand: Tree) -> Many:
        """Return the nested list of this source; members that need the same rows share it."""
        rows = (declared.rows().get(source) if hasattr(declared, "rows") else None) or [rows_of(self.model, source)]
        if (source, repr((wanted, expand))) not in self.many:
            plan = Plan(shape, rows[0].query().model, wanted, expand, rows)
            self.many[source, repr((wanted, expand))] = Many(plan, rows)
        return self.many[source, repr((wanted, expand))]

    def foreign_key(self, source: str) -> Any:
        """Return the foreign key that stands for a source."""
        column = self.rows[0].columns.get(f"{source}_id", source) if self.rows else source
        return self.model._meta.get_field(column.removesuffix("_id"))


class Answer:
    """Everything loaded for one answer. `address` makes an absolute address of a path; `language` is the reader's, if told."""

    def __init__(self, address: Callable[[str], str], language: str | None = None) -> None:
        self.address, self.language = address, language
        self.children: dict[Many, dict[int, list[Row]]] = {}
        self.linked: dict[Link, dict[int, list[int]]] = {}
        self.passages: dict[Plan, dict[int, Document]] = {}
        self.reading_order: dict[int, Row] = {}
        self.referred: dict[Reference, dict[int, Document]] = {}
        self.order: dict[Any, dict[int, Row]] = defaultdict(dict)
        self._affixes: dict[tuple[str, str], tuple[str, str]] = {}

    def url(self, route: str, slug: str, query: str = "") -> str:
        """Return the address of a record at a route; with `query` the id goes into that parameter."""
        affixes = self._affixes.get((route, query))
        if affixes is None:
            path = f"{reverse(route)}?{query}=-" if query else reverse(route, args=["-"])
            before, _dash, after = self.address(path).rpartition("-")
            affixes = self._affixes[route, query] = (before, after)
        return f"{affixes[0]}{slug}{affixes[1]}"

    def documents(self, plan: Plan, rows: list[Row]) -> list[Document]:
        """Return the documents of rows that the plan has read."""
        levels = self._rows_below(plan, rows)
        self._load_links(levels)
        passages = self._load_passages(levels)
        self._load_references([*levels, *passages])
        for below, found in passages:
            self.passages[below] = {row[0]: below.build(row, self) for row in found}
        return [plan.build(row, self) for row in rows]

    def nested(self, many: Many, key: int) -> list[Document]:
        """Return the documents of the rows that belong to a record."""
        return [many.plan.build(row, self) for row in self.children[many].get(key, ())]

    def _rows_below(self, plan: Plan, rows: list[Row]) -> list[tuple[Plan, list[Row]]]:
        """Return the rows, and the rows that belong to them, each with their plan."""
        levels, at = [(plan, rows)], 0
        while at < len(levels):
            plan, rows = levels[at]
            at += 1
            owners = [row[0] for row in rows]
            for many in plan.many.values():
                found = (
                    [row for source in many.rows for row in source.read(owners, many.plan.columns)] if owners else []
                )
                grouped = self.children[many] = defaultdict(list)
                for row in found:
                    grouped[row[1]].append(row)
                levels.append((many.plan, found))
        return levels

    def _load_links(self, levels: list[tuple[Plan, list[Row]]]) -> None:
        links: dict[str, Link] = {}
        pairs: list[QuerySet[Any]] = []
        for plan, rows in levels:
            for link in [*plan.links, *[link for link, _plan in plan.passages]]:
                self.linked[link] = defaultdict(list)
                if rows:
                    tag = str(len(links))
                    links[tag] = link
                    pairs.append(link.pairs([row[0] for row in rows], tag))
        for tag, owner, target in union(pairs):
            self.linked[links[tag]][owner].append(target)

    def _load_passages(self, levels: list[tuple[Plan, list[Row]]]) -> list[tuple[Plan, list[Row]]]:
        """Return the public passages that the rows cite, for every plan of a passage."""
        plans = [pair for plan, _rows in levels for pair in plan.passages]
        wanted = {key for link, _plan in plans for keys in self.linked[link].values() for key in keys}
        if not wanted:
            for _link, plan in plans:
                self.passages[plan] = {}
            return []
        columns = list(
            dict.fromkeys(["pk", "source_id", "start", "end", *[c for _l, plan in plans for c in plan.columns]])
        )
        model: Any = plans[0][1].model
        rows = list(model.objects.published().filter(pk__in=wanted).order_by().values_list(*columns))
        self.reading_order = {row[0]: row[1:4] for row in rows}
        found = []
        for _link, plan in plans:
            pick = [columns.index(name) for name in plan.columns]
            found.append((plan, [tuple([row[at] for at in pick]) for row in rows]))
        return found

    def _load_references(self, levels: list[tuple[Plan, list[Row]]]) -> None:
        """Load every record that the rows refer to; of those that are not public, nothing."""
        wanted: dict[Any, set[int]] = defaultdict(set)
        keys: dict[Reference, set[int]] = defaultdict(set)
        for plan, rows in levels:
            for reference in plan.references:
                if reference.link is None:
                    found = {row[reference.key] for row in rows}
                else:
                    linked = self.linked[reference.link]
                    found = {key for row in rows for key in linked.get(row[0], ())}
                keys[reference] |= found - {None}
                wanted[reference.model] |= keys[reference]
        models = {str(number): model for number, model in enumerate(wanted)}
        queries = [
            model.objects.published()
            .filter(pk__in=wanted[model])
            .order_by()
            .values_list(Value(tag, CharField()), "pk", *REFERENCE)
            for tag, model in models.items()
            if wanted[model]
        ]
        brief: dict[Any, dict[int, Row]] = defaultdict(dict)
        for tag, key, *row in union(queries):
            brief[models[tag]][key] = (key, *row)
            self.order[models[tag]][key] = (row[-1], row[0])
        made: dict[Plan, dict[int, Document]] = defaultdict(dict)
        for reference, found in keys.items():
            public = found & brief[reference.model].keys()
            if reference.full:
                self.referred[reference] = self._in_full(reference, public)
            else:
                documents = made[reference.plan]
                pick = [0, *[1 + REFERENCE.index(name) for name in reference.plan.columns[1:]]]
                for key in public - documents.keys():
                    whole = brief[reference.model][key]
                    documents[key] = reference.plan.build(tuple([whole[at] for at in pick]), self)
                self.referred[reference] = documents

    def _in_full(self, reference: Reference, keys: set[int]) -> dict[int, Document]:
        """Return the documents of records that stand in full where they are referred to."""
        rows = reference.plan.read(reference.model.objects.published().filter(pk__in=keys).order_by())
        documents = Answer(self.address, self.language).documents(reference.plan, rows)
        return {row[0]: document for row, document in zip(rows, documents, strict=True)}


_shapes: dict[Any, type[Any]] = {}


def register(model: Any, shape: type[Any]) -> None:
    """Note the shape of a kind of record, for where another record shows it in full."""
    _shapes[model] = shape


def shape_of(model: Any) -> type[Any]:
    """Return the shape of a kind of record."""
    return _shapes[model]


# Clients choose what is kept here. A plan with everything in full takes 250 kB and 30 ms to make.
@functools.lru_cache(maxsize=128)
def plan_of(shape: Any, model: Any, wanted: frozenset[str], expand: frozenset[str]) -> Plan:
    """Return the plan of a shape with these members alone (`a`, `a.b`), some in full."""
    return Plan(shape, model, tree(wanted), tree(expand))


def tree(paths: Iterable[str]) -> Tree:
    """Return dotted names as a tree: a.b and a.c are b and c below a."""
    found: Tree = {}
    for path in paths:
        below = found
        for name in path.split("."):
            below = below.setdefault(name, {})
    return found
