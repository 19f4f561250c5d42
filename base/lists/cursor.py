"""The order of a list, and the condition for standing behind one of its rows."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db.models import F, OrderBy, Q, QuerySet


@dataclass(frozen=True)
class SortKey:
    """One column that rows are sorted by; empty values come last, whatever the direction."""

    column: str
    descending: bool
    field: Any

    @property
    def nullable(self) -> bool:
        """Whether there are empty values."""
        return bool(self.field is not None and self.field.null)

    def order(self, back: bool) -> OrderBy:
        """Return the order, or the opposite one."""
        nulls = {} if not self.nullable else {"nulls_first": True} if back else {"nulls_last": True}
        column = F(self.column)
        return column.desc(**nulls) if self.descending != back else column.asc(**nulls)

    def behind(self, value: Any, back: bool, *, or_at: bool = False) -> Q:
        """Return the condition for standing behind `value` (before it, going back), or at it too."""
        if value is None:
            if or_at:
                return Q() if back else Q(**{f"{self.column}__isnull": True})
            return Q(**{f"{self.column}__isnull": False}) if back else Q(pk__in=[])
        lookup = ("lt" if self.descending != back else "gt") + ("e" if or_at else "")
        condition = Q(**{f"{self.column}__{lookup}": value})
        return condition | Q(**{f"{self.column}__isnull": True}) if self.nullable and not back else condition

    def stretches(self, value: Any, back: bool) -> list[Q]:
        """Return the same condition as ranges that follow each other in the order of the list."""
        if value is None:
            return [Q(**{f"{self.column}__isnull": False})] if back else []
        lookup = "lt" if self.descending != back else "gt"
        found = [Q(**{f"{self.column}__{lookup}": value})]
        return [*found, Q(**{f"{self.column}__isnull": True})] if self.nullable and not back else found

    def at(self, value: Any) -> Q:
        """Return the condition for having this value."""
        return Q(**{f"{self.column}__isnull": True}) if value is None else Q(**{self.column: value})

    def value(self, given: Any) -> Any:
        """Return the value of a cursor as the column has it. Raises ValueError or ValidationError."""
        if given is None and self.nullable:
            return None
        if given is None or isinstance(given, bool) or not isinstance(given, (str, int)):
            raise ValueError(given)
        if (
            "\0" in str(given) or not str(given).encode()
        ):  # a lone surrogate raises here, in the query it would be too late
            raise ValueError(given)
        if self.field is None:
            return int(given)
        found = self.field.to_python(given)
        if isinstance(found, datetime.datetime):
            if found.tzinfo is None:
                raise ValueError(given)
            found = found.astimezone(datetime.UTC)  # raises here if there is no such moment in UTC
        self.field.run_validators(found)
        return found


def keys_of(rows: QuerySet[Any]) -> list[SortKey]:
    """Return the columns by which rows are sorted, ending in one that no two rows share."""
    model: Any = rows.model
    keys: list[SortKey] = []
    orders: list[Any] = [*(rows.query.order_by or model._meta.ordering), "pk"]
    for order in orders:
        if isinstance(order, str):
            column, descending = order.removeprefix("-"), order.startswith("-")
        else:  # F("date").desc(): the only other form that lists use
            column, descending = order.expression.name, order.descending
        if column == "id":
            column = "pk"
        if all(key.column != column for key in keys):
            keys.append(SortKey(column, descending, field_of(model, column)))
        if getattr(keys[-1].field, "unique", False):
            break
    return keys


def field_of(model: Any, column: str) -> Any:
    """Return the field at the end of a path; None for an annotation, which has to be a whole number."""
    if column == "pk":
        return model._meta.pk
    try:
        *path, last = column.split("__")
        for name in path:
            model = model._meta.get_field(name).related_model
        return model._meta.get_field(last)
    except FieldDoesNotExist:
        return None


def behind(keys: Sequence[SortKey], values: Sequence[Any], back: bool) -> Q:
    """Return the condition for standing behind these values.

    The first column is bounded by itself beside the nested comparison: only so do both databases use the index.
    """
    condition = Q(pk__in=[])
    for key, value in zip(reversed(keys), reversed(values), strict=True):
        condition = key.behind(value, back) | (key.at(value) & condition)
    return keys[0].behind(values[0], back, or_at=True) & condition


def stretches(keys: Sequence[SortKey], values: Sequence[Any], back: bool) -> list[Q]:
    """Return the same condition as ranges that follow each other in the order of the list, each one range of its index.

    So a page is as quick behind the last of thousands of rows with the same date as behind the first.
    """
    found: list[Q] = []
    for place in reversed(range(len(keys))):
        before = [key.at(value) for key, value in zip(keys[:place], values, strict=False)]
        found += [Q(*before, condition) for condition in keys[place].stretches(values[place], back)]
    return found
