"""How a list is read page by page: behind the row where the page before ended, or by the number of the page.

`paged_rows` chooses the best way for the filters in use: a query that is compiled once (FilteredRows), a range of the list
index (IndexedRows), or the query of the filters as it is (PagedRows).
"""

from __future__ import annotations

import functools
from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from django.db.models import Field, Model, Q, QuerySet

from base.lists.cursor import SortKey, default_order, field_of, ranges_behind, sort_keys_of
from base.lists.filters import ValueFilter
from base.lists.filterset import BaseFilterSet
from base.lists.link_counts import CountedRows
from base.lists.list_index import IndexRange, ListIndex, list_index_of
from base.lists.ordering import COUNTED, StableOrdering
from base.lists.paged_rows import PagedRows, rows_in_key_order
from base.records.publishing import Publishable, published
from base.records.records import Record
from base.sql.prepared import Parameter, PreparedQuery, PreparedRanges, Row

if TYPE_CHECKING:
    from base.documents.plan import FetchPlan


def paged_rows(filterset: BaseFilterSet, version: int | None = None) -> PagedRows:
    """Return the records that the filters leave, to be read in pages. A filter whose value is not valid is left out.

    With a content `version`, which has to be read before, an order by a number of links is kept until the next write.
    """
    if filterset.form.is_valid():
        if (parameters := filterset.parameters()) is not None:
            return FilteredRows(type(filterset), parameters)
        if (index_range := _range_for(filterset)) is not None:
            return IndexedRows(filterset.queryset.model, index_range)
        if (counted := _counted_rows(filterset, version)) is not None:
            return counted
    return PagedRows(filterset.qs)


def _counted_rows(filterset: BaseFilterSet, version: int | None) -> CountedRows | None:
    """Return the rows in the order of a number of links, if that is the chosen order."""
    order = filterset.filter_of("ordering")
    if not isinstance(order, StableOrdering) or order.count is None:
        return None
    columns = order.columns(filterset.in_use().get("ordering"))
    if [column.removeprefix("-") for column in columns] != [COUNTED]:
        return None
    rows = filterset.narrow(filterset.queryset, ("ordering",)) if filterset.active else None
    return CountedRows(filterset.queryset.model, rows, order.count, columns[0].startswith("-"), version)


def linked_rows(model: type[Publishable], relation: str, key: int) -> PagedRows:
    """Return the public rows that are linked with the record of this key by a many-to-many field, to be read in pages."""
    index = list_index_of(model)
    if index is not None and (index_range := index.range_for(relation, key)) is not None:
        return IndexedRows(model, index_range)
    return PagedRows(published(model).filter(**{relation: key}))


def rows_in_order(filterset: BaseFilterSet, rows: QuerySet[Record], without: Collection[str] = ()) -> QuerySet[Record]:
    """Return the rows that the filters leave, but those named in `without`, in the order of their kind."""
    if (index_range := _range_for(filterset, without)) is not None:
        return index_range.narrow(rows)
    return filterset.narrow(rows, without).order_by(*default_order(rows.model))


def _range_for(filterset: BaseFilterSet, without: Collection[str] = ()) -> IndexRange | None:
    """Return the range of the list index that holds the rows; None if there is another filter in use, or a chosen order."""
    index = list_index_of(filterset.queryset.model)
    if index is None or len(in_use := filterset.in_use(without)) != 1:
        return None
    ((name, value),) = in_use.items()
    used = filterset.filters[name]
    link = used.link_with(value) if isinstance(used, ValueFilter) else None
    return index.range_for(*link) if link else None


class _PreparedRows(PagedRows):
    """Rows that are read by prepared queries: `source` writes them, `parameters` are the values of its parameters."""

    def __init__(
        self, model: type[Publishable], source: _FilterSource | _IndexSource, parameters: Sequence[object]
    ) -> None:
        self.model, self.source, self.parameters = model, source, parameters

    @property
    def sort_keys(self) -> Sequence[SortKey]:
        """The columns by which records of this kind are sorted, so that a cursor is good for every list of the kind."""
        return _sort_keys(self.model)

    def read(self, plan: FetchPlan, values: Sequence[object], back: bool, most: int) -> list[Row]:
        """Return a page by the values of its sort keys, as PagedRows does. One query."""
        has_value = tuple(value is not None for value in values)
        return _page_behind(plan, self.source, has_value, back, most).read(*self.parameters, *values)

    def read_from(self, plan: FetchPlan, start: int, most: int) -> list[Row]:
        """Return a page by the place of its first row, as PagedRows does. One query."""
        return _page_from(plan, self.source, start, most).read(*self.parameters)


class FilteredRows(_PreparedRows):
    """The public records that some filters leave whose values are nothing but parameters: name of a filter -> its parameter."""

    def __init__(self, filterset: type[BaseFilterSet], parameters: dict[str, object]) -> None:
        source = _FilterSource(filterset, tuple(parameters))
        super().__init__(filterset._meta.model, source, tuple(parameters.values()))
        self.conditions = [
            filterset.base_filters[name].parameterised_condition(value) for name, value in parameters.items()
        ]

    @property
    def queryset(self) -> QuerySet[Model]:
        """The rows of all pages together."""
        return published(self.model).filter(*self.conditions)


class IndexedRows(_PreparedRows):
    """The public records in one range of the list index."""

    def __init__(self, model: type[Publishable], index_range: IndexRange) -> None:
        super().__init__(model, _IndexSource(index_range.index), (index_range.relation, index_range.target))
        self.index_range = index_range

    @property
    def queryset(self) -> QuerySet[Model]:
        """The rows of all pages together."""
        return self.index_range.narrow(published(self.model))


class _FilterSource(NamedTuple):
    """Writes the query of the rows that the named filters leave; each filter has one parameter."""

    filterset: type[BaseFilterSet]
    names: tuple[str, ...]

    @property
    def parameter_count(self) -> int:
        return len(self.names)

    def sort_keys(self, model: type[Publishable]) -> Sequence[SortKey]:
        return _sort_keys(model)

    def rows(self, model: type[Publishable], behind: Q) -> QuerySet[Model]:
        filters = [self.filterset.base_filters[name] for name in self.names]
        conditions = [
            used.parameterised_condition(_parameter(number, field_of(model, used.columns[0])))
            for number, used in enumerate(filters)
        ]
        return published(model).filter(*conditions, behind)


class _IndexSource(NamedTuple):
    """Writes the query of the rows in a range of the list index, in the order of its copies; it has two parameters."""

    list_index: type[ListIndex]

    @property
    def parameter_count(self) -> int:
        return 2

    def sort_keys(self, model: type[Publishable]) -> Sequence[SortKey]:
        return [replace(key, column=self.list_index.column(key.column)) for key in _sort_keys(model)]

    def rows(self, model: type[Publishable], behind: Q) -> QuerySet[Model]:
        relation, target = (
            _parameter(number, field_of(self.list_index, name)) for number, name in enumerate(("relation", "target"))
        )
        # In one filter(), or each condition would join entries of its own.
        return published(model).filter(self.list_index.condition(relation, target) & behind)


def _parameter(number: int, field: Field | None) -> Parameter:
    assert field is not None  # a column, and no annotation
    return Parameter(number, field)


@functools.cache
def _sort_keys(model: type[Publishable]) -> list[SortKey]:
    return sort_keys_of(published(model))


# Clients choose which filters they use together, so only the queries used last are kept.
@functools.lru_cache(maxsize=256)
def _page_behind(
    plan: FetchPlan, source: _FilterSource | _IndexSource, has_value: tuple[bool, ...], back: bool, most: int
) -> PreparedQuery:
    """Return the query of a page behind a row, whose sort keys each have a value or are empty; of the first page without any."""
    model = plan.model
    keys = source.sort_keys(model)
    if not has_value:
        return PreparedQuery(lambda: rows_in_key_order(plan, source.rows(model, Q()), keys, back)[:most])
    values = [
        _parameter(source.parameter_count + number, key.field) if known else None
        for number, (key, known) in enumerate(zip(keys, has_value, strict=True))
    ]
    order = {column: key.order(back) for column, key in enumerate(keys, len(plan.selected) + 1)}
    return PreparedRanges(
        lambda: [rows_in_key_order(plan, source.rows(model, q), keys, back) for q in ranges_behind(keys, values, back)],
        order,
        most,
    )


@functools.lru_cache(maxsize=256)
def _page_from(plan: FetchPlan, source: _FilterSource | _IndexSource, start: int, most: int) -> PreparedQuery:
    """Return the query of a page by the place of its first row."""
    model = plan.model
    return PreparedQuery(
        lambda: rows_in_key_order(plan, source.rows(model, Q()), source.sort_keys(model), back=False)[
            start : start + most
        ]
    )
