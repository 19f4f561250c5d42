"""How many public rows of another kind point at each record of a kind, and lists of records in that order.

What is counted belongs to an app above: the reverse relations of a record lead to it by their names alone. To count a million
rows for each page would take a second, so the numbers of a kind are counted once after a write and kept beside the content
version; pages and cursors are then places in a list of keys.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from django.db.models import BooleanField, Count, F, Func, Model, Q, QuerySet
from django.db.models.fields.reverse_related import ForeignObjectRel

from base.changes.cache import facet_cache
from base.lists.counting import RowCount, count_each
from base.lists.cursor import SortKey
from base.lists.paged_rows import PagedRows
from base.records.publishing import Publishable, Status, published
from base.sql.prepared import AnyOf, Row, read_queryset

if TYPE_CHECKING:
    from base.documents.plan import FetchPlan

MOST_SHOWN = 200  # links that are counted for each record of a list, unless that is in the order of their number


@dataclass(frozen=True)
class LinkCount:
    """What is counted: the public rows that point at a record by one of its reverse relations, each row once."""

    relations: tuple[str, ...]

    def numbers(self, model: type[Model]) -> dict[int, int]:
        """Return the number for the key of each record that has any. A fixed number of queries.

        All rows are counted by an index alone, and those that are not public, which are few, are taken off.
        """
        numbers: Counter[int] = Counter()
        columns: list[str] = []  # foreign keys of the counted rows that were counted before
        for name in self.relations:
            relation = cast(ForeignObjectRel, model._meta.get_field(name))
            counted, column = cast(type[Publishable], relation.related_model), relation.field.name
            if relation.many_to_many:
                field: Any = relation.field
                rows, row = field.remote_field.through._base_manager.order_by(), field.m2m_field_name()
                column = field.m2m_reverse_field_name()
            else:
                rows, row = counted._base_manager.filter(**{f"{column}__isnull": False}).order_by(), "pk"
            hidden = {f"{row}__in": hidden_keys(counted)}
            numbers.update(_counts(rows, column))
            numbers.subtract(_counts(rows.filter(**hidden), column))
            for before in columns:  # a row that has the record in both columns counts once
                twice = rows.filter(**{before: F(column)})
                numbers.subtract(_counts(twice, column))
                numbers.update(_counts(twice.filter(**hidden), column))
            columns.append(column)
        return {key: number for key, number in numbers.items() if number > 0}

    def numbers_of(self, model: type[Model], keys: Sequence[int], version: int | None = None) -> dict[int, RowCount]:
        """Return the numbers for a few records, each up to MOST_SHOWN. One query, once after a write."""
        counts = facet_cache.get_or_make(
            version, ("links of", model, self.relations, tuple(keys)), lambda: self._few_numbers(model, keys)
        )
        return {key: RowCount(min(number, MOST_SHOWN), number > MOST_SHOWN) for key, number in counts.items()}

    def _few_numbers(self, model: type[Model], keys: Sequence[int]) -> dict[int, int]:
        counted = self._counted(model)
        queries = [(key, rows.filter(**{column: key}).values("pk")) for key in keys for rows, column in counted]
        return count_each(queries, MOST_SHOWN + 1)

    def _counted(self, model: type[Model]) -> list[tuple[QuerySet[Any, Any], str]]:
        """Return for each relation the rows to count and their column that leads to the record; no row is counted twice."""
        counted: list[tuple[QuerySet[Any, Any], str]] = []
        for name in self.relations:
            relation = cast(ForeignObjectRel, model._meta.get_field(name))
            rows, column = published(cast(type[Publishable], relation.related_model)), relation.field.name
            for _rows, before in counted:
                rows = rows.filter(Q(**{f"{before}__isnull": True}) | ~Q(**{before: F(column)}))
            counted.append((rows, column))
        return counted


def _counts(rows: QuerySet[Any, Any], column: str) -> dict[int, int]:
    return dict(rows.values(column).annotate(number=Count("pk")).values_list(column, "number"))


def hidden_keys(model: type[Publishable]) -> QuerySet[Any, Any]:
    """Return the query of the keys of the rows that are not public: for themselves, or because a public parent is not."""
    # Written out, since SQLite uses an index of some rows only for the very words of its condition, without a parameter.
    own = Func(F("status"), template=f"NOT (%(expressions)s = '{Status.PUBLISHED}')", output_field=BooleanField())
    rows = model._base_manager.order_by()
    parts = [rows.filter(own).values("pk")]
    for name in model.public_parents:
        parent = cast("type[Publishable]", model._meta.get_field(name).related_model)
        closed = parent._base_manager.exclude(parent.published_q()).order_by().values("pk")
        parts.append(rows.filter(**{f"{name}__in": closed}).values("pk"))
    return parts[0].union(*parts[1:]) if parts[1:] else parts[0]


class CountedRows(PagedRows):
    """Records in the order of a number of links, and of their keys where the number is the same."""

    def __init__(
        self, model: type[Model], rows: QuerySet[Model] | None, count: LinkCount, descending: bool, version: int | None
    ) -> None:
        """`rows` are those that filters leave; None for all public ones."""
        super().__init__(published(cast("type[Publishable]", model)) if rows is None else rows)
        self.model, self.is_narrowed = model, rows is not None
        self.count, self.descending, self.version = count, descending, version

    @property
    def sort_keys(self) -> Sequence[SortKey]:
        """The number of links, then the key."""
        return [SortKey("statement_number", self.descending, None), SortKey("pk", self.descending, None)]

    def places(self) -> list[tuple[int, int]]:
        """Return (number, key) of all the rows, the lowest first, as they were at the content version. One query if filters
        narrow them, and a few once after a write.

        Only the order of all is kept: whoever asks chooses filters, and there is no end of these.
        """
        every = facet_cache.get_or_make(self.version, ("places", self.model, self.count.relations), self._all_places)
        if not self.is_narrowed:
            return every
        keys = set(self.queryset.order_by().values_list("pk", flat=True))
        return [place for place in every if place[1] in keys]

    def keys(self) -> Iterator[int]:
        """Yield the keys of all rows in their order."""
        places = self.places()
        return (key for _number, key in (reversed(places) if self.descending else places))

    def read(self, plan: FetchPlan, values: Sequence[object], back: bool, most: int) -> list[Row]:
        """Return a page by the values of its sort keys, as PagedRows does. One query beside those of `places`."""
        places = self.places()
        if self.descending == back:  # upwards
            start = bisect_right(places, tuple(values)) if values else 0
            return self._rows_at(plan, places[start : start + most])
        end = bisect_left(places, tuple(values)) if values else len(places)
        return self._rows_at(plan, places[max(end - most, 0) : end][::-1])

    def read_from(self, plan: FetchPlan, start: int, most: int) -> list[Row]:
        """Return a page by the place of its first row, as PagedRows does. One query beside those of `places`."""
        places = self.places()
        return self._rows_at(plan, (places[::-1] if self.descending else places)[start : start + most])

    def _all_places(self) -> list[tuple[int, int]]:
        numbers = self.count.numbers(self.model)
        keys = published(cast("type[Publishable]", self.model)).order_by().values_list("pk", flat=True)
        return sorted((numbers.get(key, 0), key) for key in keys)

    def _rows_at(self, plan: FetchPlan, places: Sequence[tuple[int, int]]) -> list[Row]:
        """Return the columns of the plan and the sort keys of the rows at these places, in their order."""
        keys = [key for _number, key in places]
        rows = published(cast("type[Publishable]", self.model)).filter(AnyOf("pk", keys)).order_by()
        by_key = {row[0]: row for row in read_queryset(rows.values_list(*plan.selected))} if keys else {}
        return [(*by_key[key], number, key) for number, key in places if key in by_key]
