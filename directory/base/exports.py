"""Every list as CSV: the same filters and rows as the page, in a stream that never holds more than a few hundred of them."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.views import View

from .filters import BaseFilter
from .languages import permanent_url
from .provenance import Certainty
from .views import site_of

ROWS_AT_A_TIME = 500
BYTE_ORDER_MARK = "\ufeff"  # without it, Excel reads Thai as Latin
# A spreadsheet would run a cell that begins so. The apostrophe before it is how one says that it is text.
FORMULA = ("=", "+", "-", "@", "\t", "\r")

Column = Callable[[Any], Any]


def cell(value: Any) -> str:
    """Return a value as a cell: text that no spreadsheet takes for a formula."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(FORMULA) else text


def joined(values: Iterable[Any]) -> str:
    """Return several values as one cell."""
    return "; ".join(str(value) for value in values)


def held(rows: Iterable[Any]) -> list[Any]:
    """Leave out rejected readings: a cell has no room to explain them."""
    return [row for row in rows if row.certainty != Certainty.REJECTED]


def spellings(record: Any) -> str:
    """Return every name that holds, once each, best first."""
    return joined(dict.fromkeys(name.text for name in held(record.names.all())))


def _name_in(code: str) -> Column:
    return lambda record: record.labels.get(code)


# What all kinds with names begin with. Columns are only ever added, at the end.
NAMES: dict[str, Column] = {
    "name": lambda record: record.name,
    "name_language": lambda record: record.name_language,
    **{f"name_{code}": _name_in(code) for code in ("en", "th", "vi")},
    "spellings": spellings,
}


class RecordCsv(View):
    """A list as CSV. A filter that cannot be used is answered with 400 and its name."""

    fair_use = "heavy"
    reads_primary = True  # cut off in the middle, it could not begin again
    model: Any
    filterset_class: type[BaseFilter]
    columns: dict[str, Column]

    def get(self, request: HttpRequest) -> HttpResponseBase:
        """Stream all rows that the filters leave, in the order of the list."""
        filterset = self.filterset_class(request.GET, queryset=self.model.objects.published())
        if not filterset.form.is_valid():
            said = "; ".join(f"{name}: {' '.join(errors)}" for name, errors in filterset.form.errors.items())
            return HttpResponse(f"{said}\n", status=400, content_type="text/plain; charset=utf-8")
        lines = self.lines(self.loaded(filterset.qs), site_of(request))
        response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="{self.model.plural}.csv"'
        return response

    def loaded(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Load what the columns show: a kind with names, all of them."""
        names = self.model._meta.get_field("names").related_model.objects.published()
        return rows.prefetch_related(Prefetch("names", names))

    def lines(self, rows: QuerySet[Any], site: str) -> Iterator[str]:
        """Return the lines of the file, one at a time."""
        writer = csv.writer(_Echo())
        yield BYTE_ORDER_MARK + writer.writerow(["id", "url", *self.columns, "updated"])
        for row in rows.iterator(chunk_size=ROWS_AT_A_TIME):
            values = [row.slug, site + permanent_url(row), *(column(row) for column in self.columns.values())]
            yield writer.writerow([cell(value) for value in (*values, row.updated_at.isoformat())])


class _Echo:
    """A file that hands back what is written to it."""

    def write(self, line: str) -> str:
        return line
