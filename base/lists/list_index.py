"""Headings: many-to-many links with the place of their row in the order of lists, in one table.

A list by a topic is then one range of one index, as a list by a speaker is: nothing has to be looked up, and nothing walked
(docs/decisions/015). The app of the rows keeps the table (`events/headings.py`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q, QuerySet


@dataclass(frozen=True)
class Under:
    """One heading: the list of the rows that are linked with one record by one relation."""

    headings: type[Headings]
    relation: int
    target: int

    def kept(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Keep the rows under this heading, in the order of their kind."""
        signs = [("-" if name.startswith("-") else "", name.removeprefix("-")) for name in rows.model._meta.ordering]
        order = [f"{sign}{self.headings.column(name)}" for sign, name in signs]
        return rows.filter(self.headings.at(self.relation, self.target)).order_by(*order)


class Headings(models.Model):
    """A derived table of headings. Its only foreign key leads to the row; of each column that rows are sorted by it has a copy.

    `relations` names the many-to-many relations of the row; the number of a relation is its place there, counted from 1.
    """

    relations: ClassVar[tuple[str, ...]]

    relation = models.SmallIntegerField()
    target = models.BigIntegerField()

    class Meta:
        abstract = True

    @classmethod
    def column(cls, name: str) -> str:
        """Return the path from a row to a column of its headings; `pk` is the key of the row."""
        row: Any = next(field for field in cls._meta.fields if field.is_relation)
        return f"{row.related_query_name()}__{row.attname if name in ('pk', 'id') else name}"

    @classmethod
    def at(cls, relation: Any, target: Any) -> Q:
        """Return the condition that a row stands under a heading. More that is asked of the heading goes into the same filter."""
        return Q(**{cls.column("relation"): relation, cls.column("target"): target})

    @classmethod
    def under(cls, relation: str, target: int) -> Under:
        """Return the heading of a record in a relation of this name."""
        return Under(cls, cls.relations.index(relation) + 1, target)
