"""Everything at once: any filtered set as NDJSON or CSV, page by page, in bounded memory."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

import orjson
from django.db.models import QuerySet
from django.http import StreamingHttpResponse
from django.urls import path, reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse
from rest_framework.request import Request
from rest_framework.response import Response

from base.api.answers import absolute, here, tell
from base.api.data_package import DataPackage
from base.api.errors import PROBLEM
from base.api.openapi import ALWAYS, ProblemSerializer, PublicSchema, fair_use_headers
from base.api.parameters import StrictFilters
from base.api.streams import StreamView, csv_file, pages
from base.api.views import PublicView, RecordViewSet
from base.changes.feed import has_begun
from base.documents.csv import BYTE_ORDER_MARK, CsvTable
from base.documents.loader import Loader
from base.documents.plan import plan_of

LINES = 50  # a copy of them is made three times before they are sent
MEDIA = {"ndjson": "application/x-ndjson", "csv": "text/csv; charset=utf-8"}


class ExportFilters(StrictFilters):
    """The filters of a list. A CSV may have one of its orders; NDJSON has always that of the primary key."""

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        """Describe every filter, and the order where there are several."""
        allowed = view.allowed_parameters()
        return [found for found in super().get_schema_operation_parameters(view) if found["name"] in allowed]


class ExportSchema(PublicSchema):
    """Describes an export."""

    def _is_list_view(self, serializer: Any = None) -> bool:
        """Return whether filters apply; the answer itself is no JSON array."""
        return serializer is None

    def get_operation_id(self) -> str:
        """Return exportPeopleNdjson."""
        return f"export{self.view.model.plural.title()}{self.view.form.title()}"

    def get_summary(self) -> str:
        """Return what the operation does, in a line."""
        return f"All {self.view.model.plural} as {self.view.form.upper()}"

    def get_description(self) -> str:  # type: ignore[override]  # as drf-spectacular has it
        """Return what a line is."""
        if self.view.form == "ndjson":
            return (
                "Each line is the record as the list and the detail answer it, byte for byte. Ends with a line break."
            )
        return (
            "UTF-8 with a byte order mark. A cell that a spreadsheet would run as a formula begins with an apostrophe."
        )

    def get_override_parameters(self) -> list[Any]:
        """Describe the headers of fair use; a stream has no ETag."""
        return fair_use_headers()

    def get_response_serializers(self) -> Any:
        """Return the shape of a line, and of a refusal."""
        line = self.view.viewset.serializer_class() if self.view.form == "ndjson" else OpenApiTypes.STR
        media = MEDIA[self.view.form].partition(";")[0]
        problems = {400: "A parameter was not understood.", **ALWAYS}
        return {
            (200, media): OpenApiResponse(line, description=self.get_summary() + "."),
            **{
                (status, PROBLEM): OpenApiResponse(ProblemSerializer, description=text)
                for status, text in problems.items()
            },
        }


class Export(StreamView):
    """All records of one kind that the filters leave."""

    schema = ExportSchema()
    filter_backends = [ExportFilters]
    action = "list"
    viewset: type[RecordViewSet] = RecordViewSet
    table: CsvTable | None = None
    form = "ndjson"

    @property
    def model(self) -> Any:
        """The kind of record."""
        return self.viewset.model

    @property
    def filterset_class(self) -> Any:
        """The filters of the kind."""
        return self.viewset.filterset_class

    def allowed_parameters(self) -> list[str]:
        """Return the filters, and for CSV the order: a table is read from above, NDJSON by programs."""
        names = set(self.filterset_class.base_filters)
        return sorted(names if self.form == "csv" else names - {"ordering"})

    def get(self, request: Request) -> StreamingHttpResponse:
        """Refuse what is wrong before the first byte; then send page by page."""
        name = f"{self.model.plural}.{self.form}"
        rows = ExportFilters().filter_queryset(request, self.model.objects.published(), self)
        if self.table and self.form == "csv":
            return self.stream(self.csv(request, self.table, rows), MEDIA["csv"], name)
        return self.stream(self.lines(rows), MEDIA["ndjson"], name)

    def csv(self, request: Request, table: CsvTable, rows: QuerySet[Any]) -> Iterator[bytes]:
        """Yield the table behind a byte order mark."""
        yield BYTE_ORDER_MARK.encode()
        ordered = bool(request.query_params.get("ordering"))
        yield from csv_file(table, rows, request.build_absolute_uri, ordered=ordered)

    def lines(self, rows: QuerySet[Any]) -> Iterator[bytes]:
        """Yield the lines of each page."""
        shape: Any = self.viewset.serializer_class
        plan = plan_of(shape, self.model, frozenset(), frozenset())
        for page in pages(rows, plan):
            made = {}
            for row, document in zip(page, Loader(here).documents(plan, page), strict=True):
                made[row[0]] = (document["id"], orjson.dumps(document, option=orjson.OPT_UTC_Z))
            if has_begun():  # asked for each page, after it was read
                tell(self.model, made)
            answers = iter(made.values())
            while some := [line for _id, line in islice(answers, LINES)]:
                yield absolute(b"\n".join([*some, b""]), self.request.build_absolute_uri)


class Exports(PublicView):
    """Where the exports are."""

    schema = None
    kinds: tuple[tuple[type[RecordViewSet], CsvTable], ...] = ()

    def get(self, request: Request) -> Response:
        """Return the addresses."""
        base = request.build_absolute_uri(reverse("api:export"))
        found: dict[str, Any] = {
            view.model.plural: {f"{form}_url": f"{base}{view.model.plural}.{form}" for form in MEDIA}
            for view, _table in self.kinds
        }
        return Response({**found, "datapackage_url": f"{base}datapackage.zip"})


def export_urls(kinds: tuple[tuple[type[RecordViewSet], CsvTable], ...], sources: Any, about: Any) -> list[Any]:
    """Return the addresses of the exports of these kinds."""
    tables = tuple(table for _view, table in kinds)
    return [
        path("export/", Exports.as_view(kinds=kinds), name="export"),
        *[
            path(
                f"export/{view.model.plural}.{form}",
                Export.as_view(viewset=view, table=table, form=form),
                name=f"{view.model.kind}-{form}",
            )
            for view, table in kinds
            for form in MEDIA
        ],
        path("export/datapackage.zip", DataPackage.as_view(tables=tables, sources=sources, about=about)),
    ]
