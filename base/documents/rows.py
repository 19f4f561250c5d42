"""Where the rows of a document come from: nested lists, links between two tables, several queries in one."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import cast

from django.core.exceptions import FieldDoesNotExist
from django.db.models import (
    Count,
    F,
    IntegerField,
    ManyToManyField,
    Model,
    OuterRef,
    QuerySet,
    Subquery,
    Value,
    Window,
)
from django.db.models.expressions import Combinable
from django.db.models.fields.reverse_related import ManyToOneRel
from django.db.models.functions import Coalesce, RowNumber

from base.records.publishing import Publishable
from base.sql.prepared import AnyOf, KeysParameter, PreparedQuery, PreparedUnion, Row

__all__ = ["EMBEDDED", "MOST_NESTED", "Link", "Nested", "Row", "Rows", "TooManyNested", "number_of", "rows_of", "union"]
EMBEDDED = 100  # rows of a list inside a record that may grow without bound; the rest has an address of its own
MOST_NESTED = 20_000  # rows of one nested list that are in memory at once for several records


class TooManyNested(Exception):
    """Records have more rows of one nested list between them than are read at once; fewer records have to be read."""


@dataclass(frozen=True)
class Rows:
    """Where the rows of a nested list come from: public rows with a foreign key `owner` to the record, in order.

    `columns` says which column stands for a source of the serializer, if it is not the one of that name. If they are `cut`,
    each record holds the first so many alone.
    """

    owner: str
    query: Callable[[], QuerySet[Model, object]]
    columns: Mapping[str, str | Combinable] = field(default_factory=dict)
    cut: int = 0

    def of(self, columns: Sequence[str], *, cut: int = 0, placed: bool = False) -> QuerySet[Model, object]:
        """Return these columns of the rows that belong to the records of a slot; if `placed`, each with its place among them."""
        rows = self.query().filter(AnyOf(f"{self.owner}_id"))
        if placed:
            order = rows.query.order_by or rows.model._meta.ordering
            rows = rows.annotate(place_in_list=Window(RowNumber(), order_by=list(order)))  # type: ignore[arg-type]  # as below
            columns = [*columns, "place_in_list"]
        if cut:
            number = Window(RowNumber(), partition_by=F(self.owner), order_by=list(rows.query.order_by))  # type: ignore[arg-type]  # strings all
            rows = rows.annotate(row_number=number).filter(row_number__lte=cut)
        stands_for: dict[str, str | Combinable] = {"owner": f"{self.owner}_id", **self.columns}
        return rows.values_list(*[stands_for.get(name, name) for name in columns])


class Nested:
    """The query of a nested list, with the columns of its plan; one query, however many sources its rows have."""

    def __init__(self, sources: Sequence[Rows], columns: Sequence[str]) -> None:
        several = len(sources) > 1

        def query(*, cut: bool = True, most: Callable[[Rows], int] | None = None) -> PreparedQuery:
            def parts() -> list[QuerySet[Model, object]]:
                queries = [rows.of(columns, cut=rows.cut if cut else 0, placed=several) for rows in sources]
                return [
                    rows[: most(source) or None] if most else rows
                    for source, rows in zip(sources, queries, strict=True)
                ]

            return PreparedUnion(parts) if several else PreparedQuery(lambda: parts()[0])

        self.every = query()
        # To number the rows of every record takes longer than to stop where those of the only one are enough.
        self.of_one = query(cut=False, most=lambda rows: rows.cut) if any(rows.cut for rows in sources) else self.every
        self.first = query(most=lambda _rows: MOST_NESTED + 1)
        self.most = MOST_NESTED

    def read(self, owners: Collection[int], *, bounded: bool = False) -> list[Row]:
        """Return the rows of these records, in order. One query. The rows of a single record are always read.

        `bounded`: raises TooManyNested if several records have more than MOST_NESTED of them.
        """
        if len(owners) == 1:
            return self.of_one.read(owners)
        if not bounded:
            return self.every.read(owners)
        rows = self.first.read(owners)
        if len(rows) > self.most:
            raise TooManyNested
        return rows


class Link:
    """Pairs of keys in the table between two models: a record's topics, a fact's passages."""

    def __init__(self, model: type[Model], name: str) -> None:
        relation = model._meta.get_field(name)
        if not isinstance(relation, ManyToManyField):
            raise FieldDoesNotExist(
                f"{model.__name__}.{name} is no many-to-many field, as a list of references needs it"
            )
        self.through = cast(type[Model], relation.remote_field.through)
        self.target = cast(type[Publishable], relation.related_model)
        self.owner, self.to = f"{relation.m2m_field_name()}_id", f"{relation.m2m_reverse_field_name()}_id"

    def pairs(self, slot: int) -> QuerySet[Model, object]:
        """Return (number of the slot, key of the owner, key of the target)."""
        rows = self.through._base_manager.order_by().filter(AnyOf(self.owner, KeysParameter(slot)))
        return rows.values_list(Value(slot, IntegerField()), self.owner, self.to)


def rows_of(model: type[Publishable], source: str) -> Rows:
    """Return the public rows of a relation in the order of their kind. Raises FieldDoesNotExist for what is no such relation."""
    relation = model._meta.get_field(source)
    if not isinstance(relation, ManyToOneRel):
        raise FieldDoesNotExist(f"{model.__name__}.{source} is no relation of rows that have a foreign key to it")
    owner, related = relation.field.name, cast(type[Publishable], relation.related_model)
    order = related._meta.ordering or ()
    return Rows(owner, lambda: related.objects.published(known=(owner,)).order_by(*order))


def number_of(rows: QuerySet[Model, object], key: str) -> Coalesce:
    """Return an annotation: how many of `rows` point at the record by the foreign key `key`."""
    counts = rows.filter(**{key: OuterRef("pk")}).order_by().values(key).annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counts, output_field=IntegerField()), 0)


def union(queries: Sequence[QuerySet[Model, object]]) -> QuerySet[Model, object]:
    """Return the rows of all these queries as one query."""
    return queries[0].union(*queries[1:], all=True) if len(queries) > 1 else queries[0]
