"""Keyset paging: pages by position, not by number. Stable while rows come and go, and as quick at the end as at the start.

A cursor holds all values by which the last row of a page is sorted. The cursor of Django REST framework holds only the first of
them, so that it never gets to the end of a day with 2,500 statements.
"""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Callable
from typing import TYPE_CHECKING

import orjson
from django.core.exceptions import ValidationError
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.utils.urls import remove_query_param, replace_query_param
from rest_framework.views import APIView

from base.api.counts import COUNT_SCHEMA, COUNTS, FACETS_CUT_SCHEMA, FACETS_SCHEMA, LOOKED_THROUGH_SCHEMA
from base.api.errors import Fault, InvalidParameters
from base.api.filter_schemas import JsonSchema
from base.api.parameters import whole_number
from base.documents.rows import TooManyNested
from base.lists import counting
from base.lists.paged_rows import PagedRows
from base.sql.prepared import Row
from base.text.moments import json_bytes

if TYPE_CHECKING:
    from base.documents.plan import Document, FetchPlan

PAGE_SIZE, MOST_ROWS, LONGEST_CURSOR = 50, 500, 4000
MOST_BYTES = 16_000_000  # of the rows of a page; a page has one row at least, however large


class Pages(BasePagination):
    """Pages by cursor. What is no cursor of this list, or no possible size, is refused."""

    parameters = ("cursor", "page_size", "count")
    page_size, most_rows = PAGE_SIZE, MOST_ROWS

    def page(self, records: PagedRows, plan: FetchPlan, request: Request) -> list[Row]:
        """Return the rows of the page asked for: the columns of the plan, and those they are sorted by. One query."""
        faults: list[Fault] = []
        query = request.query_params
        size = whole_number(query, "page_size", self.page_size, self.most_rows, faults)
        self.count = query.get("count", "false")
        if self.count not in COUNTS:
            faults.append(Fault("count", "“count” is true, capped or false.", list(COUNTS)))
        self.keys = records.sort_keys
        back, values = self._position(query.get("cursor"), faults)
        if faults:
            raise InvalidParameters(faults)
        self.url, self.back = request.build_absolute_uri(), back
        rows = records.read(plan, values, back, size + 1)
        more, rows = len(rows) > size, rows[:size]
        if back:
            rows.reverse()
        self.next = self._link(rows[-1], False) if rows and (more or back) else None
        self.previous = self._link(rows[0], True) if rows and (more if back else bool(values)) else None
        return rows

    def results(self, rows: list[Row], documents: Callable[[list[Row]], list[Document]]) -> list[orjson.Fragment]:
        """Return the rows of the page as JSON. Where all together would be too large the page ends sooner, and the next begins.

        Raises TooManyNested if a single row is too large to be read, as it can be with `expand`.
        """
        kept = rows
        while True:
            try:
                made = documents(kept)
                break
            except TooManyNested:
                if len(kept) == 1:
                    raise
                kept = self._nearest(kept, len(kept) // 2)
        texts: list[bytes] = []
        size = 0
        for document in reversed(made) if self.back else made:
            text = json_bytes(document)
            size += len(text)
            if texts and size > MOST_BYTES:
                break
            texts.append(text)
        if self.back:
            texts.reverse()
        if len(texts) < len(rows):
            kept = self._nearest(kept, len(texts))
            if self.back:
                self.previous = self._link(kept[0], True)
            else:
                self.next = self._link(kept[-1], False)
        return [orjson.Fragment(text) for text in texts]

    def _nearest(self, rows: list[Row], number: int) -> list[Row]:
        """Return so many of the rows: those beside the place where the page begins."""
        return rows[-number:] if self.back else rows[:number]

    def envelope(self, results: list[orjson.Fragment], **members: object) -> dict[str, object]:
        """Return the page with the addresses of its neighbours."""
        return {"next": self.next, "previous": self.previous, **members, "results": results}

    def header(self) -> str:
        """Return the same addresses as a Link header (RFC 8288)."""
        links = {"next": self.next, "prev": self.previous, "first": remove_query_param(self.url, "cursor")}
        return ", ".join(f'<{address}>; rel="{name}"' for name, address in links.items() if address)

    def _link(self, row: Row, back: bool) -> str:
        values = [v if v is None or isinstance(v, (int, str)) else v.isoformat() for v in row[-len(self.keys) :]]
        text = json.dumps([self._order(), int(back), values], ensure_ascii=False, separators=(",", ":"))
        cursor = base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")
        return str(replace_query_param(self.url, "cursor", cursor))

    def _order(self) -> str:
        """Return a mark of the order that every cursor holds, since a cursor of another order would be meaningless here."""
        return f"{zlib.crc32(','.join(f'{key.column} {key.descending}' for key in self.keys).encode()):x}"

    def _position(self, cursor: str | None, faults: list[Fault]) -> tuple[bool, list[object]]:
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
            return bool(back), [key.clean(value) for key, value in zip(self.keys, values, strict=True)]
        except (ValueError, TypeError, OverflowError, RecursionError, ValidationError):
            faults.append(Fault("cursor", "This is no cursor; take the address from `next` or `previous`."))
            return False, []

    def get_paginated_response_schema(self, schema: JsonSchema) -> JsonSchema:
        """Describe the envelope in OpenAPI 3.1, which has no `nullable`."""
        link = {"type": ["string", "null"], "format": "uri"}
        properties = {
            "next": {**link, "description": "Address of the next page; null on the last."},
            "previous": {**link, "description": "Address of the page before; null on the first."},
            **COUNT_SCHEMA,
            **LOOKED_THROUGH_SCHEMA,
            "results": schema,
        }
        required = [name for name in properties if name not in (*COUNT_SCHEMA, *LOOKED_THROUGH_SCHEMA)]
        facets = {"facets_cut": FACETS_CUT_SCHEMA, "facets": FACETS_SCHEMA}
        return {"type": "object", "required": required, "properties": {**properties, **facets}}

    def get_schema_operation_parameters(self, view: APIView) -> list[JsonSchema]:
        """Describe the parameters, with their limits."""
        schemas: dict[str, tuple[str, JsonSchema]] = {
            "cursor": (
                "Where the page begins: part of the addresses in `next` and `previous`, never made by hand.",
                {"type": "string", "minLength": 1, "maxLength": LONGEST_CURSOR},
            ),
            "page_size": (
                f"Rows on a page, at most {self.most_rows}; fewer where they are very large.",
                {"type": "integer", "minimum": 1, "maximum": self.most_rows, "default": self.page_size},
            ),
            "count": (
                f"Whether to count the rows of all pages: `capped` counts the first {counting.MOST_COUNTED:,}, `true` counts all, "
                "which takes its time.",
                {"type": "string", "enum": list(COUNTS), "default": "false"},
            ),
        }
        return [
            {"name": name, "in": "query", "required": False, "description": text, "schema": schema}
            for name, (text, schema) in schemas.items()
        ]
