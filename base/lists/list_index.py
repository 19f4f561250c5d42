"""A denormalised list index: many-to-many links with a copy of what their row is sorted by, in one table.

A list of the rows on one topic is then one range of one database index, as a list by a speaker is: it needs neither a lookup
nor a scan (docs/decisions/015). An app declares the index of a model by a model of its own, with triggers that keep it true;
`paging.py` reads lists by it wherever it serves. Nothing else knows of it.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import ClassVar, TypeVar

from django.db import models
from django.db.models import Model, Q, QuerySet
from django.db.models.expressions import Combinable

from base.lists.cursor import default_order

ModelT = TypeVar("ModelT", bound=Model)


@dataclass(frozen=True)
class IndexRange:
    """One range of a list index: the rows that are linked with one record by one relation, in the order of their kind."""

    index: type[ListIndex]
    relation: int  # the number of the relation
    target: int  # the key of the record

    def narrow(self, rows: QuerySet[ModelT]) -> QuerySet[ModelT]:
        """Return those of the rows that are in this range, in the order of their kind."""
        signs = [
            ("-" if name.startswith("-") else "", name.removeprefix("-"))
            for name in map(str, default_order(rows.model))
        ]
        order = [f"{sign}{self.index.column(name)}" for sign, name in signs]
        return rows.filter(self.index.condition(self.relation, self.target)).order_by(*order)


class ListIndex(models.Model):
    """The list index of a model: a row for each link, with the key of the record at its other end (`target`).

    The only foreign key leads to the row that is listed. Of each column that lists are sorted by, there is a copy of the same
    name. `relations` names the many-to-many fields that are indexed; the number of a relation is its place there, from 1.
    """

    relations: ClassVar[tuple[str, ...]]

    relation = models.SmallIntegerField()
    target = models.BigIntegerField()

    class Meta:
        abstract = True

    @classmethod
    def column(cls, name: str) -> str:
        """Return the path from a listed row to a column of its index entries; `pk` is the key of the row."""
        row = next(field for field in cls._meta.fields if isinstance(field, models.ForeignKey))
        return f"{row.related_query_name()}__{row.attname if name in ('pk', 'id') else name}"

    @classmethod
    def condition(cls, relation: int | Combinable, target: int | Combinable) -> Q:
        """Return the condition that a row has this entry. What else is asked of the entry goes into the same filter()."""
        return Q(**{cls.column("relation"): relation, cls.column("target"): target})

    @classmethod
    def range_for(cls, relation: str, target: int) -> IndexRange | None:
        """Return the range of the rows linked with a record by the many-to-many field; None if that is not indexed."""
        return IndexRange(cls, cls.relations.index(relation) + 1, target) if relation in cls.relations else None


@functools.cache
def list_index_of(model: type[Model]) -> type[ListIndex] | None:
    """Return the list index of a model: the one whose foreign key leads to it. None if the model has none."""
    related = [field.related_model for field in model._meta.get_fields(include_hidden=True) if field.auto_created]
    return next((entry for entry in related if isinstance(entry, type) and issubclass(entry, ListIndex)), None)
