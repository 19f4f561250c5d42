"""Reading one page of a list: behind the row where the page before ended, or by its number."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db.models import Q, QuerySet

from base.lists.cursor import SortKey, behind, field_of, keys_of, stretches
from base.lists.filters import BaseFilter
from base.lists.list_index import Headings, Under
from base.records.publishing import published
from base.sql.prepared import Parameter, PreparedQuery, PreparedRanges, Row, read

if TYPE_CHECKING:
    from base.documents.plan import FetchPlan


class PagedRows:
    """The rows of a query, in its order."""

    def __init__(self, rows: QuerySet[Any]) -> None:
        self._rows = rows

    @property
    def rows(self) -> QuerySet[Any]:
        """The rows of all pages together."""
        return self._rows

    @functools.cached_property
    def keys(self) -> Sequence[SortKey]:
        """The columns by which they are sorted."""
        return keys_of(self.rows)

    def read(self, plan: FetchPlan, values: Sequence[Any], back: bool, most: int) -> list[Row]:
        """Return the columns of the plan, and those they are sorted by, of the first rows behind these values. One query."""
        rows = self.rows.filter(behind(self.keys, values, back)) if values else self.rows
        return read(_in_order(plan, rows, self.keys, back)[:most])

    def read_from(self, plan: FetchPlan, start: int, most: int) -> list[Row]:
        """Return the columns of the plan of the rows from this place on, as pages with numbers do. One query."""
        return read(self.rows.values_list(*plan.selected)[start : start + most])


class _Written(PagedRows):
    """Rows that are read by queries that are written once, as `way` says; `told` is what goes into their first slots."""

    def __init__(self, model: Any, way: _ByFilters | _UnderHeading, told: Sequence[Any]) -> None:
        self.model, self.way, self.told = model, way, told

    @property
    def keys(self) -> Sequence[SortKey]:
        """The columns by which they are sorted: those of the record, so that a cursor is the same in every list of its kind."""
        return _keys(self.model)

    def read(self, plan: FetchPlan, values: Sequence[Any], back: bool, most: int) -> list[Row]:
        """Return the columns of the plan, and those they are sorted by, of the first rows behind these values. One query."""
        there = tuple(value is not None for value in values)
        return _page(plan, self.way, there, back, most).read(*self.told, *values)

    def read_from(self, plan: FetchPlan, start: int, most: int) -> list[Row]:
        """Return the columns of the plan of the rows from this place on, as pages with numbers do. One query."""
        return _page_from(plan, self.way, start, most).read(*self.told)


class FilteredRows(_Written):
    """The public records that some filters leave, where the values of the filters are nothing but parameters."""

    def __init__(self, filterset: type[BaseFilter], told: dict[str, Any]) -> None:
        super().__init__(filterset._meta.model, _ByFilters(filterset, tuple(told)), tuple(told.values()))
        self.conditions = [filterset.base_filters[name].at(value) for name, value in told.items()]

    @property
    def rows(self) -> QuerySet[Any]:
        """The rows of all pages together."""
        return published(self.model).filter(*self.conditions)


class IndexedRows(_Written):
    """The public records under one heading, which is one range of an index."""

    def __init__(self, model: Any, under: Under) -> None:
        super().__init__(model, _UnderHeading(under.headings), (under.relation, under.target))
        self.under = under

    @property
    def rows(self) -> QuerySet[Any]:
        """The rows of all pages together."""
        return self.under.kept(published(self.model))


def listed(used: BaseFilter) -> PagedRows:
    """Return the records that these filters leave, read in the best way there is; what cannot be used is left out."""
    if used.form.is_valid():
        if (told := used.told()) is not None:
            return FilteredRows(type(used), told)
        if (under := used.under()) is not None:
            return IndexedRows(used.queryset.model, under)
    return PagedRows(used.qs)


class _ByFilters(NamedTuple):
    """How rows are found by filters."""

    filterset: type[BaseFilter]
    names: tuple[str, ...]

    @property
    def slots(self) -> int:
        return len(self.names)

    def keys(self, model: Any) -> Sequence[SortKey]:
        return _keys(model)

    def rows(self, model: Any, more: Q) -> QuerySet[Any]:
        used = [self.filterset.base_filters[name] for name in self.names]
        slots = [Parameter(number, field_of(model, found.columns[0])) for number, found in enumerate(used)]
        return published(model).filter(*[found.at(slot) for found, slot in zip(used, slots, strict=True)], more)


class _UnderHeading(NamedTuple):
    """How rows are found under a heading, in the order of the copies that it has."""

    headings: type[Headings]

    @property
    def slots(self) -> int:
        return 2

    def keys(self, model: Any) -> Sequence[SortKey]:
        return [replace(key, column=self.headings.column(key.column)) for key in _keys(model)]

    def rows(self, model: Any, more: Q) -> QuerySet[Any]:
        relation, target = (
            Parameter(number, self.headings._meta.get_field(name)) for number, name in enumerate(("relation", "target"))
        )
        # In one filter, or each would join headings of its own.
        return published(model).filter(self.headings.at(relation, target) & more)


@functools.cache
def _keys(model: Any) -> list[SortKey]:
    return keys_of(published(model))


# Clients choose which filters they use together, so not all that were asked for are kept.
@functools.lru_cache(maxsize=256)
def _page(
    plan: FetchPlan, way: _ByFilters | _UnderHeading, there: tuple[bool, ...], back: bool, most: int
) -> PreparedQuery:
    """Return the query of a page behind a row that has a value `there` or none."""
    model, keys = plan.model, way.keys(plan.model)
    values = [
        Parameter(way.slots + number, key.field) if known else None
        for number, (key, known) in enumerate(zip(keys, there, strict=bool(there)))
    ]
    if not values:
        return PreparedQuery(lambda: _in_order(plan, way.rows(model, Q()), keys, back)[:most])
    order = {place: key.order(back) for place, key in enumerate(keys, len(plan.selected) + 1)}
    return PreparedRanges(
        lambda: [_in_order(plan, way.rows(model, found), keys, back) for found in stretches(keys, values, back)],
        order,
        most,
    )


@functools.lru_cache(maxsize=256)
def _page_from(plan: FetchPlan, way: _ByFilters | _UnderHeading, start: int, most: int) -> PreparedQuery:
    """Return the query of a page with a number."""
    return PreparedQuery(
        lambda: _in_order(plan, way.rows(plan.model, Q()), way.keys(plan.model), back=False)[start : start + most]
    )


def _in_order(plan: FetchPlan, rows: QuerySet[Any], keys: Sequence[SortKey], back: bool) -> QuerySet[Any]:
    rows = rows.order_by(*[key.order(back) for key in keys])
    return rows.values_list(*plan.selected, *[key.column for key in keys])
