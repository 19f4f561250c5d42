"""Answers that are made while they are sent: rows in pages, in bounded memory.

Rows are read in pages by primary key, which never changes: whatever is edited meanwhile, none is lost or doubled.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice

from django.db.models import QuerySet
from django.http import StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import translation
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request

from base.api.conditional import versioned
from base.api.views import PublicView
from base.changes.feed import cursor_of, last_position
from base.documents.csv import CsvTable
from base.documents.loader import documents_in_parts
from base.documents.plan import FetchPlan
from base.records.records import Record
from base.sql.prepared import Parameter, PreparedQuery, Row

PAGE = 250


def pages(rows: QuerySet[Record], plan: FetchPlan) -> Iterator[list[Row]]:
    """Yield the rows, as the plan reads them, in pages by primary key. The query of a page is compiled once."""
    rows = rows.order_by("pk").filter(pk__gt=Parameter(0, rows.model._meta.pk))
    query, last = PreparedQuery(lambda: rows.values_list(*plan.selected)[:PAGE]), 0
    while page := query.read(last):
        yield page
        last = page[-1][0]


def pages_of_keys(keys: Iterator[int], plan: FetchPlan) -> Iterator[list[Row]]:
    """Yield the rows of these keys, as the plan reads them, in pages in their order; what is not public any more is left out."""
    while some := list(islice(keys, PAGE)):
        by_key = {row[0]: row for row in plan.by_key.read(some)}
        yield [by_key[key] for key in some if key in by_key]


def csv_file(
    table: CsvTable, address: Callable[[str], str], pages_of: Callable[[FetchPlan], Iterator[list[Row]]]
) -> Iterator[bytes]:
    """Yield a CSV file: the names of the columns, then page by page what `pages_of` reads by a plan."""
    yield table.header().encode()
    plan = table.plan()
    for page in pages_of(plan):
        for _rows, documents in documents_in_parts(plan, page, address):
            yield table.lines(documents).encode()


def in_english(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """Make each chunk in English. A stream outlives the request, and another request may have set its language by then."""
    while True:
        with translation.override("en"):
            chunk = next(chunks, None)
        if chunk is None:
            return
        yield chunk


class StreamView(PublicView):
    """An answer that is made while it is sent."""

    fair_use = "heavy"
    reads_primary = True  # cut off in the middle, it could not begin again

    def perform_content_negotiation(self, request: Request, force: bool = False) -> tuple[JSONRenderer, str]:
        """Take any Accept header: the address says the form."""
        return JSONRenderer(), "application/json"

    def stream(self, chunks: Iterator[bytes], media: str, name: str) -> HttpResponseBase:
        """Return the answer; to HEAD only its headers, and 304 to a client that has it.

        Nothing is read of the rows before the content version is.
        """
        return versioned(self.request._request, lambda: self.streamed(chunks, media, name), weak=True)

    def streamed(self, chunks: Iterator[bytes], media: str, name: str) -> StreamingHttpResponse:
        """Return the answer."""
        body = iter(()) if self.request.method == "HEAD" else in_english(chunks)
        headers = {
            "Content-Disposition": f'attachment; filename="{name}"',
            "Change-Cursor": cursor_of(
                last_position()
            ),  # before the first row is read: what changes later is behind it
        }
        return StreamingHttpResponse(body, content_type=media, headers=headers)
