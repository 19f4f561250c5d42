"""Pages of a list. Only this file knows that pages are numbered; clients follow `next`."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404
from rest_framework.pagination import PageNumberPagination
from rest_framework.response import Response

from .errors import Fault, InvalidParameters

MOST_PAGES = 999_999


class Pages(PageNumberPagination):
    """Numbered pages; a wrong number or size is refused, never mended."""

    page_size = 50
    max_page_size = 200
    page_size_query_param = "page_size"
    parameters = ("page", "page_size")

    def paginate_queryset(self, queryset: Any, request: Any, view: Any = None) -> list[Any]:
        """Return the rows of the page asked for. One query for the count, one for the rows and those of their prefetches."""
        faults: list[Fault] = []
        size = _number(request, "page_size", self.page_size, self.max_page_size, faults)
        number = _number(request, "page", 1, MOST_PAGES, faults)
        if faults:
            raise InvalidParameters(faults)
        paginator = Paginator(queryset, size)
        if number > paginator.num_pages:
            raise Http404(f"There is no page {number}; the last one is {paginator.num_pages}.")
        self.request = request
        self.page = paginator.page(number)
        self.count = paginator.count
        return list(self.page)

    def get_paginated_response(self, data: Any) -> Response:
        """Return the envelope, and its links again as a header (RFC 8288)."""
        links = {"next": self.get_next_link(), "prev": self.get_previous_link()}
        header = ", ".join(f'<{address}>; rel="{name}"' for name, address in links.items() if address)
        body = {
            "count": self.count,
            "next": links["next"],
            "previous": links["prev"],
            "results": data,
        }
        return Response(body, headers={"Link": header} if header else None)

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        """Describe the envelope in OpenAPI 3.1, which has no `nullable`."""
        link = {"type": ["string", "null"], "format": "uri"}
        properties = {
            "count": {"type": "integer", "minimum": 0, "description": "Rows on all pages together."},
            "next": {**link, "description": "Address of the next page; null on the last."},
            "previous": {**link, "description": "Address of the previous page; null on the first."},
            "results": schema,
        }
        return {"type": "object", "required": list(properties), "properties": properties}

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        """Describe the two parameters, with their limits."""
        limits = {
            "page": (f"Number of the page, from 1. Better follow `next`. At most {MOST_PAGES}.", 1, MOST_PAGES),
            "page_size": (f"Rows on a page, at most {self.max_page_size}.", self.page_size, self.max_page_size),
        }
        return [
            {
                "name": name,
                "in": "query",
                "required": False,
                "description": text,
                "schema": {"type": "integer", "minimum": 1, "maximum": most, "default": default},
            }
            for name, (text, default, most) in limits.items()
        ]


def _number(request: Any, name: str, default: int, most: int, faults: list[Fault]) -> int:
    """Return a whole number of the query; what cannot be used is added to `faults`."""
    text = request.query_params.get(name, str(default))
    usable = text.isascii() and text.isdigit() and len(text) <= len(str(most)) and 1 <= int(text) <= most
    if usable:
        return int(text)
    faults.append(Fault(name, f"“{name}” is a whole number from 1 to {most}."))
    return default
