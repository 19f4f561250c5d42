"""Reading one page of a list, behind the row where the page before ended."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.db.models import Q, QuerySet

from directory.base.filters import BaseFilter
from directory.base.fixed import Fixed, FixedStretches, Row, Slot, read
from directory.base.headings import Headings, Under
from directory.base.publishing import published

from .keys import Key, behind, field_of, keys_of, stretches

if TYPE_CHECKING:
    from .documents import Plan


class Listed:
    """The rows of a query, in its order."""

    def __init__(self, rows: QuerySet[Any]) -> None:
        self._rows = rows

    @property
    def rows(self) -> QuerySet[Any]:
        """The rows of all pages together."""
        return self._rows

    @functools.cached_property
    def keys(self) -> Sequence[Key]:
        """The columns by which they are sorted."""
        return keys_of(self.rows)

    def read(self, plan: Plan, values: Sequence[Any], back: bool, most: int) -> list[Row]:
        """Return the columns of the plan, and those they are sorted by, of the first rows behind these values. One query."""
        rows = self.rows.filter(behind(self.keys, values, back)) if values else self.rows
        return read(_in_order(plan, rows, self.keys, back)[:most])


class ListedByFilters(Listed):
    """The public records that some filters leave, where the values of the filters are nothing but parameters."""

    def __init__(self, filterset: type[BaseFilter], told: dict[str, Any]) -> None:
        self.filterset, self.names, self.told = filterset, tuple(told), tuple(told.values())

    @property
    def rows(self) -> QuerySet[Any]:
        """The rows of all pages together."""
        conditions = [
            self.filterset.base_filters[name].at(value) for name, value in zip(self.names, self.told, strict=True)
        ]
        return published(self.filterset._meta.model).filter(*conditions)

    @property
    def keys(self) -> Sequence[Key]:
        """The columns by which they are sorted."""
        return _keys(self.filterset._meta.model)

    def read(self, plan: Plan, values: Sequence[Any], back: bool, most: int) -> list[Row]:
        """Return the columns of the plan, and those they are sorted by, of the first rows behind these values. One query."""
        there = tuple(value is not None for value in values)
        query = _fixed(plan, self.filterset, self.names, there, back, most)  # type: ignore[arg-type]  # classes have a hash
        return query.read(*self.told, *values)


class ListedUnder(Listed):
    """The public records under one heading, which is one range of an index."""

    def __init__(self, model: Any, under: Under) -> None:
        self.model, self.under = model, under

    @property
    def rows(self) -> QuerySet[Any]:
        """The rows of all pages together."""
        return self.under.kept(published(self.model))

    @property
    def keys(self) -> Sequence[Key]:
        """The columns by which they are sorted: those of the record, so that a cursor is the same in every list of its kind."""
        return _keys(self.model)

    def read(self, plan: Plan, values: Sequence[Any], back: bool, most: int) -> list[Row]:
        """Return the columns of the plan, and those they are sorted by, of the first rows behind these values. One query."""
        there = tuple(value is not None for value in values)
        query = _under(plan, self.under.headings, there, back, most)
        return query.read(self.under.relation, self.under.target, *values)


def listed(used: BaseFilter) -> Listed:
    """Return the records that these filters, which are valid, leave, read in the best way there is."""
    told, under = used.told(), used.under()
    if told is not None:
        return ListedByFilters(type(used), told)
    return Listed(used.qs) if under is None else ListedUnder(used.queryset.model, under)


@functools.cache
def _keys(model: Any) -> list[Key]:
    return keys_of(published(model))


# Clients choose which filters they use together, so not all that were asked for are kept.
@functools.lru_cache(maxsize=256)
def _fixed(
    plan: Plan, filterset: type[BaseFilter], names: tuple[str, ...], there: tuple[bool, ...], back: bool, most: int
) -> Fixed:
    """Return the query of a page: by these filters, behind a row that has a value `there` or none."""
    rows = published(plan.model)
    for number, name in enumerate(names):
        used = filterset.base_filters[name]
        rows = rows.filter(used.at(Slot(number, field_of(plan.model, used.columns[0]))))
    return _page(plan, rows.filter, _keys(plan.model), len(names), there, back, most)


@functools.lru_cache(maxsize=64)
def _under(plan: Plan, headings: type[Headings], there: tuple[bool, ...], back: bool, most: int) -> Fixed:
    """Return the query of a page under a heading, behind a row that has a value `there` or none."""
    rows = published(plan.model)
    at = headings.at(Slot(0, headings._meta.get_field("relation")), Slot(1, headings._meta.get_field("target")))
    keys = [replace(key, column=headings.column(key.column)) for key in _keys(plan.model)]
    # In one filter, or each would join headings of its own.
    return _page(plan, lambda found: rows.filter(at & found), keys, 2, there, back, most)


def _page(
    plan: Plan,
    rows: Callable[[Q], QuerySet[Any]],
    keys: Sequence[Key],
    first: int,
    there: tuple[bool, ...],
    back: bool,
    most: int,
) -> Fixed:
    """Return the query of a page of the rows that meet a condition more. The slots of the place begin with the `first`."""
    values = [
        Slot(first + number, key.field) if known else None
        for number, (key, known) in enumerate(zip(keys, there, strict=bool(there)))
    ]
    if not values:
        return Fixed(lambda: _in_order(plan, rows(Q()), keys, back)[:most])
    order = {place: key.order(back) for place, key in enumerate(keys, len(plan.selected) + 1)}
    return FixedStretches(
        lambda: [_in_order(plan, rows(found), keys, back) for found in stretches(keys, values, back)],
        order,
        most,
    )


def _in_order(plan: Plan, rows: QuerySet[Any], keys: Sequence[Key], back: bool) -> QuerySet[Any]:
    rows = rows.order_by(*[key.order(back) for key in keys])
    return rows.values_list(*plan.selected, *[key.column for key in keys])
