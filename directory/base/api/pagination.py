"""Pages of a list by position, not by number: stable while rows come and go, and as quick at the end as at the beginning.

A cursor holds the values by which the last row of a page is sorted. Django REST framework has cursors too, but theirs holds
the first value alone, so that a day with 2,500 statements is never walked to its end.
"""

from __future__ import annotations

import base64
import datetime
import json
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db.models import F, OrderBy, Q, QuerySet
from rest_framework.pagination import BasePagination
from rest_framework.utils.urls import remove_query_param, replace_query_param

from .errors import Fault, InvalidParameters
from .parameters import FACETS_SCHEMA, whole_number

PAGE_SIZE, MOST_ROWS, LONGEST_CURSOR = 50, 500, 4000


@dataclass(frozen=True)
class Key:
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


def keys_of(rows: QuerySet[Any]) -> list[Key]:
    """Return the columns by which rows are sorted, ending in one that no two rows share."""
    model: Any = rows.model
    keys: list[Key] = []
    orders: list[Any] = [*(rows.query.order_by or model._meta.ordering), "pk"]
    for order in orders:
        if isinstance(order, str):
            column, descending = order.removeprefix("-"), order.startswith("-")
        else:  # F("date").desc(): the only other form that lists use
            column, descending = order.expression.name, order.descending
        if column == "id":
            column = "pk"
        if all(key.column != column for key in keys):
            keys.append(Key(column, descending, field_of(model, column)))
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


def behind(keys: Sequence[Key], values: Sequence[Any], back: bool) -> Q:
    """Return the condition for standing behind these values.

    The first column is bounded by itself beside the nested comparison: only so do both databases use the index.
    """
    condition = Q(pk__in=[])
    for key, value in zip(reversed(keys), reversed(values), strict=True):
        condition = key.behind(value, back) | (key.at(value) & condition)
    return keys[0].behind(values[0], back, or_at=True) & condition


class Pages(BasePagination):
    """Pages by cursor; a cursor that is not one, or a wrong size, is refused."""

    parameters = ("cursor", "page_size", "count")
    page_size, most_rows = PAGE_SIZE, MOST_ROWS

    def page(self, records: QuerySet[Any], columns: Sequence[Any], request: Any) -> list[tuple[Any, ...]]:
        """Return the rows of the page asked for: these columns, and those they are sorted by. One query, two with `count`."""
        faults: list[Fault] = []
        query = request.query_params
        size = whole_number(query, "page_size", self.page_size, self.most_rows, faults)
        counted = query.get("count", "false")
        if counted not in ("true", "false"):
            faults.append(Fault("count", "“count” is true or false.", ["true", "false"]))
        self.keys = keys_of(records)
        back, values = self._position(query.get("cursor"), faults)
        if faults:
            raise InvalidParameters(faults)
        self.url = request.build_absolute_uri()
        self.count = records.order_by().count() if counted == "true" else None
        if values:
            records = records.filter(behind(self.keys, values, back))
        found = records.order_by(*[key.order(back) for key in self.keys])
        rows = list(found.values_list(*columns, *[key.column for key in self.keys])[: size + 1])
        more, rows = len(rows) > size, rows[:size]
        if back:
            rows.reverse()
        self.next = self._link(rows[-1], False) if rows and (more or back) else None
        self.previous = self._link(rows[0], True) if rows and (more if back else bool(values)) else None
        return rows

    def envelope(self, results: list[Any], **members: Any) -> dict[str, Any]:
        """Return the page with the addresses of its neighbours."""
        count = {} if self.count is None else {"count": self.count}
        return {"next": self.next, "previous": self.previous, **count, **members, "results": results}

    def header(self) -> str:
        """Return the same addresses as a Link header (RFC 8288)."""
        links = {"next": self.next, "prev": self.previous, "first": remove_query_param(self.url, "cursor")}
        return ", ".join(f'<{address}>; rel="{name}"' for name, address in links.items() if address)

    def _link(self, row: tuple[Any, ...], back: bool) -> str:
        values = [v if v is None or isinstance(v, (int, str)) else v.isoformat() for v in row[-len(self.keys) :]]
        text = json.dumps([self._order(), int(back), values], ensure_ascii=False, separators=(",", ":"))
        cursor = base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")
        return str(replace_query_param(self.url, "cursor", cursor))

    def _order(self) -> str:
        """Return a mark of the order: a cursor of another one says nothing here."""
        return f"{zlib.crc32(','.join(f'{key.column} {key.descending}' for key in self.keys).encode()):x}"

    def _position(self, cursor: str | None, faults: list[Fault]) -> tuple[bool, list[Any]]:
        """Return the direction of a cursor and its values; none without a cursor."""
        if cursor is None:
            return False, []
        try:
            if len(cursor) > LONGEST_CURSOR:
                raise ValueError(cursor)
            text = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
            order, back, values = json.loads(text)
            if order != self._order():
                detail = "This cursor belongs to a list in another order; begin without one."
                faults.append(Fault("cursor", detail))
                return False, []
            return bool(back), [key.value(value) for key, value in zip(self.keys, values, strict=True)]
        except (ValueError, TypeError, OverflowError, RecursionError, ValidationError):
            faults.append(Fault("cursor", "This is no cursor; take the address from `next` or `previous`."))
            return False, []

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        """Describe the envelope in OpenAPI 3.1, which has no `nullable`."""
        link = {"type": ["string", "null"], "format": "uri"}
        properties = {
            "next": {**link, "description": "Address of the next page; null on the last."},
            "previous": {**link, "description": "Address of the page before; null on the first."},
            "count": {"type": "integer", "minimum": 0, "description": "Rows on all pages together, with `count=true`."},
            "looked_through": {
                "type": "integer",
                "description": "Only if the words of `q` were looked for in the newest records alone: in how many.",
            },
            "results": schema,
        }
        required = [name for name in properties if name not in ("count", "looked_through")]
        return {"type": "object", "required": required, "properties": {**properties, "facets": FACETS_SCHEMA}}

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        """Describe the parameters, with their limits."""
        schemas: dict[str, tuple[str, dict[str, Any]]] = {
            "cursor": (
                "Where the page begins: part of the addresses in `next` and `previous`, never made by hand.",
                {"type": "string", "maxLength": LONGEST_CURSOR},
            ),
            "page_size": (
                f"Rows on a page, at most {self.most_rows}.",
                {"type": "integer", "minimum": 1, "maximum": self.most_rows, "default": self.page_size},
            ),
            "count": (
                "Whether to count the rows of all pages. The count is exact and takes its time.",
                {"type": "boolean", "default": False},
            ),
        }
        return [
            {"name": name, "in": "query", "required": False, "description": text, "schema": schema}
            for name, (text, schema) in schemas.items()
        ]
