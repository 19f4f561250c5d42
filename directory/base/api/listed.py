"""Reading one page of a list, behind the row where the page before ended."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet

from directory.base.filters import BaseFilter
from directory.base.fixed import Fixed, FixedStretches, Row, Slot, read
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

    def read_from(self, plan: Plan, start: int, most: int) -> list[Row]:
        """Return the columns of the plan of the rows from this place on, as pages with numbers do. One query."""
        return read(self.rows.values_list(*plan.selected)[start : start + most])


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

    def read_from(self, plan: Plan, start: int, most: int) -> list[Row]:
        """Return the columns of the plan of the rows from this place on, as pages with numbers do. One query."""
        return _fixed_from(plan, self.filterset, self.names, start, most).read(*self.told)  # type: ignore[arg-type]


@functools.cache
def _keys(model: Any) -> list[Key]:
    return keys_of(published(model))


# Clients choose which filters they use together, so not all that were asked for are kept.
@functools.lru_cache(maxsize=256)
def _fixed(
    plan: Plan, filterset: type[BaseFilter], names: tuple[str, ...], there: tuple[bool, ...], back: bool, most: int
) -> Fixed:
    """Return the query of a page: by these filters, behind a row that has a value `there` or none."""
    rows = _rows(plan.model, filterset, names)
    keys = _keys(plan.model)
    values = [
        Slot(len(names) + number, key.field) if known else None
        for number, (key, known) in enumerate(zip(keys, there, strict=bool(there)))
    ]
    if not values:
        return Fixed(lambda: _in_order(plan, rows, keys, back)[:most])
    order = {place: key.order(back) for place, key in enumerate(keys, len(plan.selected) + 1)}
    return FixedStretches(
        lambda: [_in_order(plan, rows.filter(found), keys, back) for found in stretches(keys, values, back)],
        order,
        most,
    )


@functools.lru_cache(maxsize=256)
def _fixed_from(plan: Plan, filterset: type[BaseFilter], names: tuple[str, ...], start: int, most: int) -> Fixed:
    """Return the query of a page with a number."""
    rows = _rows(plan.model, filterset, names)
    return Fixed(lambda: rows.values_list(*plan.selected)[start : start + most])


def _rows(model: Any, filterset: type[BaseFilter], names: tuple[str, ...]) -> QuerySet[Any]:
    """Return the public rows that these filters leave, with slots for their values."""
    rows: QuerySet[Any] = published(model)
    for number, name in enumerate(names):
        used = filterset.base_filters[name]
        rows = rows.filter(used.at(Slot(number, field_of(model, used.columns[0]))))
    return rows


def listed_by(filterset: BaseFilter) -> Listed:
    """Return the rows that filters in use leave; what cannot be used is left out."""
    told = filterset.told() if filterset.form.is_valid() else None
    return Listed(filterset.qs) if told is None else ListedByFilters(type(filterset), told)


def _in_order(plan: Plan, rows: QuerySet[Any], keys: Sequence[Key], back: bool) -> QuerySet[Any]:
    rows = rows.order_by(*[key.order(back) for key in keys])
    return rows.values_list(*plan.selected, *[key.column for key in keys])
