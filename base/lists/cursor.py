"""The order of a list, and the condition for standing behind one of its rows: what keyset paging is made of.

In this file `back` means that a list is read from its end to its beginning; "behind" then is before.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.core.exceptions import FieldDoesNotExist
from django.db.models import F, Field, Model, OrderBy, Q, QuerySet
from django.db.models.expressions import Combinable


@dataclass(frozen=True)
class SortKey:
    """One column that rows are sorted by. Empty values come last, whatever the direction."""

    column: str
    descending: bool
    field: Field | None  # None for an annotation, which is a whole number

    @property
    def nullable(self) -> bool:
        """Whether the column may be empty."""
        return bool(self.field is not None and self.field.null)

    def order(self, back: bool) -> OrderBy:
        """Return the order of this column, for order_by()."""
        nulls = {} if not self.nullable else {"nulls_first": True} if back else {"nulls_last": True}
        column = F(self.column)
        return column.desc(**nulls) if self.descending != back else column.asc(**nulls)

    def behind(self, value: object, back: bool, *, or_equal: bool = False) -> Q:
        """Return the condition that the column stands behind `value`; with `or_equal`, also that it has this value."""
        if value is None:
            if or_equal:
                return Q() if back else Q(**{f"{self.column}__isnull": True})
            return Q(**{f"{self.column}__isnull": False}) if back else Q(pk__in=[])
        lookup = ("lt" if self.descending != back else "gt") + ("e" if or_equal else "")
        condition = Q(**{f"{self.column}__{lookup}": value})
        return condition | Q(**{f"{self.column}__isnull": True}) if self.nullable and not back else condition

    def ranges_behind(self, value: object, back: bool) -> list[Q]:
        """Return the condition of `behind` as ranges that follow each other in the order of the list."""
        if value is None:
            return [Q(**{f"{self.column}__isnull": False})] if back else []
        lookup = "lt" if self.descending != back else "gt"
        ranges = [Q(**{f"{self.column}__{lookup}": value})]
        return [*ranges, Q(**{f"{self.column}__isnull": True})] if self.nullable and not back else ranges

    def equal(self, value: object) -> Q:
        """Return the condition that the column has this value."""
        return Q(**{f"{self.column}__isnull": True}) if value is None else Q(**{self.column: value})

    def clean(self, value: object) -> object:
        """Return the value of a cursor as the column has it. Raises ValueError or ValidationError if it cannot have it."""
        if value is None and self.nullable:
            return None
        if value is None or isinstance(value, bool) or not isinstance(value, (str, int)):
            raise ValueError(value)
        # A lone surrogate raises here, when it is encoded; in the query it would be too late.
        if "\0" in str(value) or not str(value).encode():
            raise ValueError(value)
        if self.field is None:
            return int(value)
        cleaned = self.field.to_python(value)
        if isinstance(cleaned, datetime.datetime):
            if cleaned.tzinfo is None:
                raise ValueError(value)
            cleaned = cleaned.astimezone(datetime.UTC)  # raises here if there is no such moment in UTC
        self.field.run_validators(cleaned)
        return cleaned


def default_order(model: type[Model]) -> Sequence[str | Combinable]:
    """Return what rows of a kind are sorted by unless another order is chosen: "-sort_date", or F("date").desc()."""
    return model._meta.ordering or ()


def sort_keys_of(rows: QuerySet[Model]) -> list[SortKey]:
    """Return the columns by which rows are sorted, up to the first one of which no two rows have the same value."""
    model = rows.model
    keys: list[SortKey] = []
    for order in (*(rows.query.order_by or default_order(model)), "pk"):
        if isinstance(order, OrderBy):  # F("date").desc(): the only other form that lists use
            column, descending = str(getattr(order.expression, "name", "")), order.descending
        else:
            column, descending = str(order).removeprefix("-"), str(order).startswith("-")
        if column == "id":
            column = "pk"
        if all(key.column != column for key in keys):
            keys.append(SortKey(column, descending, field_of(model, column)))
        if getattr(keys[-1].field, "unique", False):
            break
    return keys


def field_of(model: type[Model], path: str) -> Field | None:
    """Return the field at the end of a path such as `event__sort_date`; None for an annotation."""
    if path == "pk":
        return model._meta.pk
    field: Field | None = None
    try:
        for name in path.split("__"):
            if field is not None:
                model = field.related_model  # type: ignore[assignment]  # the path goes on, so the field is a relation
            field = model._meta.get_field(name)  # type: ignore[assignment]  # lists are sorted by columns alone
    except FieldDoesNotExist:
        return None
    return field


def condition_behind(keys: Sequence[SortKey], values: Sequence[object], back: bool) -> Q:
    """Return the condition that a row stands behind these values of the sort keys.

    The first column is bounded by itself beside the nested comparison: otherwise neither database would use the index.
    """
    condition = Q(pk__in=[])
    for key, value in zip(reversed(keys), reversed(values), strict=True):
        condition = key.behind(value, back) | (key.equal(value) & condition)
    return keys[0].behind(values[0], back, or_equal=True) & condition


def ranges_behind(keys: Sequence[SortKey], values: Sequence[object], back: bool) -> list[Q]:
    """Return the same condition as ranges that follow each other in the order of the list, each one range of its index.

    So a page is as quick behind the last of thousands of rows with the same date as behind the first.
    """
    ranges: list[Q] = []
    for place in reversed(range(len(keys))):
        before = [key.equal(value) for key, value in zip(keys[:place], values, strict=False)]
        ranges += [Q(*before, condition) for condition in keys[place].ranges_behind(values[place], back)]
    return ranges
