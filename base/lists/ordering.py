"""How a list can be sorted: by a choice of columns, each upwards and downwards, and with no two rows in the same place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import django_filters
from django.core.exceptions import ValidationError
from django.db.models import F, Model, OrderBy, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django_filters.fields import BaseCSVField

from base.lists.link_counts import LinkCount

# What a list can be sorted by, upwards and downwards.
ORDERINGS: dict[str, tuple[Promise, Promise]] = {
    "name": (_("Name"), _("Name, from the end")),
    "title": (_("Title"), _("Title, from the end")),
    "date": (_("Date, oldest first"), _("Date, newest first")),
    "position": (_("Place in the source"), _("Place in the source, from the end")),
    "statements": (_("Fewest statements first"), _("Most statements first")),
    "updated": (_("Change, oldest first"), _("Change, newest first")),
}


COUNTED = "statement_number"  # no column: `link_counts.CountedRows` sorts by it


def ordering(*, statements: LinkCount | None = None, **fields: str) -> StableOrdering:
    """Return the ordering filter for these columns, given as public name = column, and for a number of statements."""
    columns = [(column, name) for name, column in fields.items()]
    if statements is not None:
        columns.append((COUNTED, "statements"))
    return StableOrdering(fields=columns, count=statements, label=_("Sort"))


class OrderField(BaseCSVField):
    """One or more orders; a number of links is an order by itself, because no query sorts by it."""

    def clean(self, value: Any) -> list[str] | None:
        """Return the orders. Raises ValidationError if there is another one beside a number of links."""
        orders: list[str] | None = super().clean(value)
        if orders and len(orders) > 1 and any(order.removeprefix("-") == "statements" for order in orders):
            raise ValidationError(_("“statements” is an order by itself: leave out the others."), code="alone")
        return orders


class StableOrdering(django_filters.OrderingFilter):
    """Orders by the chosen column, then by id, so that two pages never show the same row."""

    base_field_class = OrderField

    def __init__(self, *args: Any, count: LinkCount | None = None, **kwargs: Any) -> None:
        self.count = count
        super().__init__(*args, **kwargs)

    def build_choices(self, fields: Mapping[str, str], labels: object) -> list[tuple[str, Promise]]:
        """Return the choices with a label in the reader's language; django-filter would translate it only once, at the start."""
        return [(f"{sign}{name}", ORDERINGS[name][sign == "-"]) for name in fields.values() for sign in ("", "-")]

    def filter(self, qs: QuerySet[Model], value: list[str] | None) -> QuerySet[Model]:
        """Order the rows, empty values last on both databases; without a choice they keep the order of their kind.

        The id follows the direction of the last column, so that one index serves both. In the order of a number of links they
        are put by `paging.paged_rows` alone.
        """
        columns = self.columns(value)
        if not columns or columns[0].removeprefix("-") == COUNTED:
            return qs
        last = "-pk" if columns[-1].startswith("-") else "pk"
        return qs.order_by(*[_order(qs.model, column) for column in columns], last)

    def columns(self, value: list[str] | None) -> list[str]:
        """Return the columns of a choice, with a dash before those that go downwards."""
        return [str(self.get_ordering_value(choice)) for choice in value or () if choice]


def _order(model: type[Model], column: str) -> OrderBy:
    """Return the order of a column, empty values last. If it is never empty, that is left out, or no index would serve."""
    name = column.removeprefix("-")
    nulls = {"nulls_last": True} if model._meta.get_field(name).null else {}
    return F(name).desc(**nulls) if column != name else F(name).asc(**nulls)
