"""Every list as CSV: the same filters and rows as the page, in a stream that never holds more than a few hundred of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from operator import itemgetter
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import translation
from django.views import View

from base.documents.loader import Loader
from base.documents.plan import Document, FetchPlan, plan_of
from base.lists.filters import BaseFilter
from base.pages.documents import held
from base.pages.views import site_of

ROWS_AT_A_TIME = 500
BYTE_ORDER_MARK = "\ufeff"  # without it, Excel reads Thai as Latin
# A spreadsheet would run a cell that begins so. The apostrophe before it is how one says that it is text.
FORMULA = ("=", "+", "-", "@", "\t", "\r")
_BEGINS_SO = re.compile("\0[-=+@\t\r]")
_TO_QUOTE = ('"', ",", "\n", "\r")

Column = Callable[[Document], Any]


def cell(value: Any) -> str:
    """Return a value as a cell: text that no spreadsheet takes for a formula."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(FORMULA) else text


def lines(columns: Iterable[Iterable[Any]]) -> str:
    """Return columns of cells as lines of CSV (RFC 4180). There are several columns."""
    return "".join([",".join(line) + "\r\n" for line in zip(*map(_written, columns), strict=True)])


def _written(values: Iterable[Any]) -> list[str]:
    """Return the cells of a column as the file has them. In most columns there is nothing to do for any: one look says so."""
    texts = ["" if value is None else str(value) for value in values]
    whole = "\0".join(["", *texts])
    if not _BEGINS_SO.search(whole) and not any(mark in whole for mark in _TO_QUOTE):
        return texts
    return [_quoted(cell(text)) for text in texts]


def _quoted(text: str) -> str:
    if '"' in text:
        text = text.replace('"', '""')
    elif not ("," in text or "\n" in text or "\r" in text):
        return text
    return f'"{text}"'


def joined(values: Iterable[Any]) -> str:
    """Return several values as one cell."""
    return "; ".join(str(value) for value in values)


def spellings(record: Document) -> str:
    """Return every name that holds, once each, best first."""
    return joined(dict.fromkeys(name["text"] for name in held(record["names"])))


def _name_in(code: str) -> Column:
    return lambda record: record["labels"].get(code)


# What all kinds with names begin with. Columns are only ever added, at the end.
NAMES: dict[str, Column] = {
    "name": itemgetter("name"),
    "name_language": itemgetter("name_language"),
    **{f"name_{code}": _name_in(code) for code in ("en", "th", "vi")},
    "spellings": spellings,
}
MADE_OF_NAMES = ("name", "name_language", "labels", "names.text", "names.certainty")


class Table:
    """A kind of record as a table: what each column says of a record, as the API tells it in English.

    `members` are those of the API's answer that the columns are made of; all, if there are none.
    """

    def __init__(self, shape: Any, columns: dict[str, Column], members: Iterable[str] = ()) -> None:
        self.shape, self.columns, self.members = shape, columns, frozenset(members)

    def plan(self, model: Any) -> FetchPlan:
        """Return how the records are read."""
        always = {"id", "url", "page", "updated_at"} if self.members else set()
        return plan_of(self.shape, model, self.members | always, frozenset())


def documents(plan: FetchPlan, keys: list[int], address: Callable[[str], str]) -> list[Document]:
    """Return the documents of the public ones among these records, in this order."""
    with translation.override(settings.LANGUAGE_CODE):  # a stream outlives the request, and its language
        rows = {row[0]: row for row in plan.by_key.read(keys)}
        return Loader(address).documents(plan, [rows[key] for key in keys if key in rows])


class RecordCsv(View):
    """A list as CSV. A filter that cannot be used is answered with 400 and its name."""

    fair_use = "heavy"
    reads_primary = True  # cut off in the middle, it could not begin again
    model: Any
    filterset_class: type[BaseFilter]
    table: Table

    def get(self, request: HttpRequest) -> HttpResponseBase:
        """Stream all rows that the filters leave, in the order of the list."""
        filterset = self.filterset_class(request.GET, queryset=self.model.objects.published())
        if not filterset.form.is_valid():
            said = "; ".join(f"{name}: {' '.join(errors)}" for name, errors in filterset.form.errors.items())
            return HttpResponse(f"{said}\n", status=400, content_type="text/plain; charset=utf-8")
        chunks = self.chunks(filterset.qs, site_of(request))
        response = StreamingHttpResponse(chunks, content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="{self.model.plural}.csv"'
        return response

    def chunks(self, rows: QuerySet[Any], site: str) -> Iterator[str]:
        """Return the lines of the file, some hundred at a time."""
        plan, columns = self.table.plan(self.model), self.table.columns
        yield BYTE_ORDER_MARK + lines([name] for name in ("id", "url", *columns, "updated"))
        cells: list[Column] = [itemgetter("id"), itemgetter("page"), *columns.values(), _changed]
        keys = rows.values_list("pk", flat=True).iterator(chunk_size=ROWS_AT_A_TIME)
        while some := list(islice(keys, ROWS_AT_A_TIME)):
            records = documents(plan, some, lambda path: site + path)
            yield lines(map(column, records) for column in cells)


def _changed(record: Document) -> str:
    return str(record["updated_at"].isoformat())
