"""How rows become documents: the one place that turns the declaration of a shape into queries and JSON.

A shape (`base.py`) says what an answer holds, and OpenAPI is made from it. A `FetchPlan` is made from it too: which columns to
read, which rows hang on them, which records they refer to. A plan is made once and read with many requests. It loads rows, not
model instances, in a number of queries that depends on the shape alone:

    1  the records themselves
    1  for each kind of row that belongs to them (names, wordings, participants)
    1  for all links to passages and to other records together
    1  for the passages
    1  for every record that is referred to, of whatever kind

All but the first are written once (`base/sql/prepared.py`). `loader.py` has what they load.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from operator import itemgetter
from typing import TYPE_CHECKING, Any, TypeAlias, cast

import orjson
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Field, ForeignKey, JSONField, Model, QuerySet
from django.db.models.expressions import Combinable
from rest_framework import serializers

from base.documents.base import (
    PlannedField,
    Shape,
    ShapeError,
    UnreadableField,
    check_column_field,
    is_column,
    shape_class,
)
from base.documents.loader import LoaderQueries
from base.documents.rows import Link, Nested, Rows, rows_of
from base.documents.values import ChoiceValue
from base.records.publishing import Publishable, published
from base.sql.prepared import AnyOf, Parameter, PreparedQuery, Row, read_queryset

if TYPE_CHECKING:
    from base.documents.loader import Loader

Document = dict[str, Any]
# How a member is made of many rows: a value for each.
ValueGetter = Callable[[Sequence[Row], "Loader"], Iterable[object]]
Getter = ValueGetter | int  # that, or just where it stands in a row
Tree: TypeAlias = "dict[str, Tree]"  # names of members, each with those below it


class NestedList:
    """A nested list of rows with a plan of their own."""

    def __init__(self, plan: FetchPlan, sources: Sequence[Rows]) -> None:
        self.plan = plan
        self.rows = Nested(sources, plan.columns)

    def read(self, owners: Sequence[int], *, bounded: bool = False) -> list[Row]:
        """Return the rows that belong to these records. One query. Raises TooManyNested if `bounded`."""
        return self.rows.read(owners, bounded=bounded) if owners else []


class Reference:
    """A single record, brief or in full."""

    def __init__(self, plan: FetchPlan, *, full: bool, key: int = -1, link: Link | None = None) -> None:
        self.plan, self.full, self.key, self.link = plan, full, key, link

    @property
    def model(self) -> type[Publishable]:
        """The kind of record."""
        return self.plan.model


@dataclass(frozen=True)
class Limits:
    """How many rows of each nested list of a document are read: `rows`, but of those in `lists` as many as it says."""

    rows: int
    lists: tuple[tuple[str, int], ...] = ()

    def of(self, source: str) -> int:
        """Return the number for the list of this source."""
        return dict(self.lists).get(source, self.rows)


class FetchPlan:
    """How documents of one shape are read and made. `wanted` and `expand` name members, nested ones below them.

    The first column is the key of the row. An empty `wanted` takes everything. Raises ShapeError for a field that cannot be read.
    """

    def __init__(
        self,
        shape: type[Shape],
        model: type[Publishable],
        wanted: Tree,
        expand: Tree,
        rows: Sequence[Rows] = (),
        limits: Limits | None = None,
    ) -> None:
        self.shape, self.model, self.rows, self.limits = shape, model, rows, limits
        self.columns: list[str] = ["pk", "owner"] if rows else ["pk"]
        self.expressions: dict[str, Combinable] = shape.expressions()
        self.many: dict[tuple[str, str], NestedList] = {}
        self.links: list[Link] = []
        self.passages: list[tuple[Link, FetchPlan]] = []
        self.passage_columns: list[int] = []  # columns that hold the key of a passage
        self.cites: dict[tuple[type[Shape], str], ValueGetter] = {}
        self.references: list[Reference] = []
        self.parts: dict[str, FetchPlan] = {}  # the plans of members that have members
        self.refers: set[str] = set()  # the members that are brief references
        if unknown := sorted(wanted.keys() - shape().fields.keys()):
            raise ShapeError(f"{shape.__name__} has no members {', '.join(unknown)}; name those that it declares.")
        members: dict[str, Getter] = {
            name: self.member(name, field, wanted.get(name, {}), expand.get(name))
            for name, field in shape().fields.items()
            if not wanted or name in wanted
        }
        self.members = tuple(members)
        self.getters = [column_getter(get) if isinstance(get, int) else get for get in members.values()]

    def column(self, name: str) -> int:
        """Return where the column of this name stands in a row; it is read from now on. Raises UnreadableField if there is none."""
        if name not in self.columns:
            if not self.can_read(name):
                raise UnreadableField(
                    f"{self.model.__name__} has no column “{name}”; give the field the `source` of one, or say what is read "
                    f"instead in {self.shape.__name__}.expressions(), in the columns of its Rows, or in its `annotations`"
                )
            self.columns.append(name)
        return self.columns.index(name)

    def can_read(self, name: str) -> bool:
        """Whether a column of this name is in the rows or can be read for them."""
        if is_column(self.model, name):
            return True
        if not self.rows:
            return name in self.expressions or name in self.shape.annotations
        return all(name in rows.columns or name in rows.query().query.annotations for rows in self.rows)

    @property
    def selected(self) -> list[str | Combinable]:
        """The columns, and what is read in their place."""
        return [self.expressions.get(name, name) for name in self.columns]

    @functools.cached_property
    def queries(self) -> LoaderQueries:
        """What has to be loaded beside the rows."""
        return LoaderQueries(self)

    @functools.cached_property
    def by_key(self) -> PreparedQuery:
        """The query of the public records with certain keys."""
        return PreparedQuery(lambda: published(self.model).filter(AnyOf("pk")).order_by().values_list(*self.selected))

    @functools.cached_property
    def by_slug(self) -> PreparedQuery:
        """The query of the public record with a certain public id."""
        slug = Parameter(0, self.model_field("slug"))
        return PreparedQuery(lambda: published(self.model).filter(slug=slug).order_by().values_list(*self.selected))

    def read(self, records: QuerySet[Model]) -> list[Row]:
        """Return the rows of these records. One query."""
        return read_queryset(records.values_list(*self.selected))

    def build(self, rows: Sequence[Row], at: Loader) -> list[Document]:
        """Return the documents of rows, in their order; everything they need has been loaded.

        Member by member, each for all rows: to call a function for each member of each row takes twice as long.
        """
        values = [get(rows, at) for get in self.getters]
        return [dict(zip(self.members, of_row, strict=True)) for of_row in zip(*values, strict=True)]

    def member(self, name: str, field: serializers.Field, wanted: Tree, expand: Tree | None) -> Getter:
        """Return how the value of one member is found. Raises ShapeError if it cannot be."""
        try:
            return self.getter(name, field, wanted, expand)
        except (UnreadableField, FieldDoesNotExist) as fault:
            raise ShapeError(f"{self.shape.__name__}.{name}: {fault}.") from fault

    def getter(self, name: str, field: serializers.Field, wanted: Tree, expand: Tree | None) -> Getter:
        """Return how the value of one member is found. Raises UnreadableField or FieldDoesNotExist if it cannot be."""
        if isinstance(field, PlannedField):
            return field.getter(self, wanted)
        source = str(field.source)
        if isinstance(field, serializers.ListSerializer):
            return self.list_getter(name, shape_class(field.child), source, wanted, expand)
        if isinstance(field, serializers.BaseSerializer):
            shape = shape_class(field)
            if not shape.refers:
                raise UnreadableField(
                    f"one {shape.__name__} alone cannot be read; use many=True, or a shape that `refers`"
                )
            if expand is None:
                self.refers.add(name)
            return self.referred(name, shape, source, wanted, expand)
        check_column_field(field)
        column = self.column(source)
        if self.holds_json(source):
            return lambda rows, at: [orjson.loads(row[column]) for row in rows]
        return self.choice(source, column) if isinstance(field, serializers.ChoiceField) else column

    def list_getter(self, name: str, shape: type[Shape], source: str, wanted: Tree, expand: Tree | None) -> Getter:
        """Return how the rows of a list are found: records of a many-to-many relation, passages, or rows that belong to the row."""
        if shape.refers:
            if expand is None:
                self.refers.add(name)
            return self.all_referred(name, shape, source, wanted, expand)
        if source == "passages":
            return self.cited(name, shape, wanted)
        many = self.nested(shape, self.shape, source, wanted, expand or {})
        self.parts[name] = many.plan
        return lambda rows, at: at.nested(many, rows)

    def choice(self, source: str, column: int) -> Getter:
        """Return how a value of a fixed list is read. On a page it has its label: the words of the model, translated once."""
        labels = dict(self.model_field(source).flatchoices)
        choices: dict[tuple[str | None, str], ChoiceValue] = {}
        pick = itemgetter(column)

        def labelled(value: str, language: str | None) -> ChoiceValue:
            if (language, value) not in choices:
                choices[language, value] = ChoiceValue(value, str(labels.get(value, value)))
            return choices[language, value]

        return lambda rows, at: [labelled(row[column], at.language) for row in rows] if at.pages else map(pick, rows)

    def holds_json(self, source: str) -> bool:
        """Whether a column is JSON, which rows hold as text."""
        fields = {field.name: field for field in self.model._meta.concrete_fields}
        return isinstance(fields.get(source), JSONField)

    def model_field(self, name: str) -> Field:
        """Return a field of the model itself. Raises UnreadableField or FieldDoesNotExist."""
        field = self.model._meta.get_field(name)
        if not isinstance(field, Field):
            raise UnreadableField(f"“{name}” is no column of {self.model.__name__}, but a relation")
        return field

    def target(self, shape: type[Shape], model: type[Publishable], wanted: Tree, expand: Tree | None) -> FetchPlan:
        """Return the plan of a record that is referred to."""
        if expand is None:
            return plan_of(shape, model, frozenset(wanted), frozenset())
        return FetchPlan(shape_of(model), model, wanted, {})

    def referred(self, name: str, shape: type[Shape], source: str, wanted: Tree, expand: Tree | None) -> ValueGetter:
        """Return how the record at the other end of a foreign key is found."""
        model = cast(type[Publishable], self.foreign_key(source).related_model)
        plan = self.parts[name] = self.target(shape, model, wanted, expand)
        key = self.column(f"{source}_id")
        reference = Reference(plan, full=expand is not None, key=key)
        self.references.append(reference)
        return lambda rows, at: map(at.referred[reference].get, map(itemgetter(key), rows))

    def all_referred(
        self, name: str, shape: type[Shape], source: str, wanted: Tree, expand: Tree | None
    ) -> ValueGetter:
        """Return how the records of a many-to-many relation are found, in the order of their names."""
        link = Link(self.model, source)
        plan = self.parts[name] = self.target(shape, link.target, wanted, expand)
        reference = Reference(plan, full=expand is not None, link=link)
        self.links.append(link)
        self.references.append(reference)

        def get(rows: Sequence[Row], at: Loader) -> list[list[Document]]:
            return in_order(rows, at.linked[link], at.referred[reference], at.order[reference.model])

        return get

    def cited(self, name: str, shape: type[Shape], wanted: Tree) -> ValueGetter:
        """Return how the public passages of a row are found, in the order of reading; members that need the same share them."""
        if (shape, repr(wanted)) in self.cites:
            return self.cites[shape, repr(wanted)]
        link = Link(self.model, "passages")
        plan = self.passage_plan(name, link, shape, wanted)

        def get(rows: Sequence[Row], at: Loader) -> list[list[Document]]:
            return in_order(rows, at.linked[link], at.passages[plan], at.reading_order)

        self.cites[shape, repr(wanted)] = get
        return get

    def passage_plan(self, name: str, link: Link, shape: type[Shape], wanted: Tree) -> FetchPlan:
        """Return the plan of the passages behind a link, which are read from now on; they are parts of the member `name`."""
        plan = self.parts[name] = plan_of(shape, link.target, frozenset(paths(wanted)), frozenset())
        self.passages.append((link, plan))
        return plan

    def passage_column(self, name: str) -> int:
        """Return where the column of this name stands, a foreign key to a passage, which is read from now on too."""
        column = self.column(f"{name}_id")
        if column not in self.passage_columns:
            self.passage_columns.append(column)
        return column

    def nested(self, shape: type[Shape], declared: type[Shape], source: str, wanted: Tree, expand: Tree) -> NestedList:
        """Return the nested list of this source, from the rows that `declared` has for it; members that need the same share it."""
        rows = declared.rows().get(source) or [rows_of(self.model, source)]
        if self.limits is not None:
            rows = [replace(each, cut=self.limits.of(source)) for each in rows]
        if (source, repr((wanted, expand))) not in self.many:
            # A table of links between two kinds is none itself; all that is asked of it here are its columns.
            model = cast(type[Publishable], rows[0].query().model)
            plan = FetchPlan(shape, model, wanted, expand, rows)
            self.many[source, repr((wanted, expand))] = NestedList(plan, rows)
        return self.many[source, repr((wanted, expand))]

    def foreign_key(self, source: str) -> ForeignKey[Model, Model]:
        """Return the foreign key that stands for a source. Raises UnreadableField if it is none."""
        column = self.rows[0].columns.get(f"{source}_id", source) if self.rows else source
        key = self.model_field(str(column).removesuffix("_id"))
        if not isinstance(key, ForeignKey):
            raise UnreadableField(
                f"{self.model.__name__}.{key.name} is no foreign key, as the record of one shape needs it"
            )
        return key


def column_getter(column: int) -> ValueGetter:
    """Return how a member is found that is a column."""
    pick = itemgetter(column)
    return lambda rows, at: map(pick, rows)


def in_order(
    rows: Sequence[Row], linked: dict[int, list[int]], documents: dict[int, Document], order: dict[int, Row]
) -> list[list[Document]]:
    """Return for each row the documents that it is linked to, of those that there are."""
    lists = []
    for row in rows:
        keys = [key for key in linked.get(row[0], ()) if key in documents]
        if len(keys) > 1:
            keys.sort(key=order.__getitem__)
        lists.append([documents[key] for key in keys])
    return lists


_shapes: dict[type[Publishable], type[Shape]] = {}


def register(model: type[Publishable], shape: type[Shape]) -> None:
    """Note the shape of a kind of record, for where another record shows it in full."""
    _shapes[model] = shape


def shape_of(model: type[Publishable]) -> type[Shape]:
    """Return the shape of a kind of record."""
    return _shapes[model]


# Clients choose what is kept here. A plan with everything in full takes 250 kB and 30 ms to make.
@functools.lru_cache(maxsize=128)
def plan_of(
    shape: type[Shape],
    model: type[Publishable],
    wanted: frozenset[str],
    expand: frozenset[str],
    limits: Limits | None = None,
) -> FetchPlan:
    """Return the plan of a shape with these members alone (`a`, `a.b`), some in full; `limits` bounds its nested lists."""
    return FetchPlan(shape, model, tree(wanted), tree(expand), limits=limits)


def tree(paths: Iterable[str]) -> Tree:
    """Return dotted names as a tree: a.b and a.c are b and c below a."""
    names: Tree = {}
    for path in paths:
        below = names
        for name in path.split("."):
            below = below.setdefault(name, {})
    return names


def paths(wanted: Tree) -> Iterator[str]:
    """Return the dotted names of a tree."""
    for name, below in wanted.items():
        yield from (f"{name}.{path}" for path in paths(below)) if below else (name,)
