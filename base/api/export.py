"""Everything at once: any filtered set as NDJSON or CSV, page by page, in bounded memory."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from itertools import islice
from typing import Any

from django.db.models import QuerySet
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path, reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer

from base.api.answers import note_handed_out, placeholder_address, with_absolute_addresses
from base.api.data_package import DataPackage
from base.api.errors import PROBLEM
from base.api.filter_schemas import JsonSchema
from base.api.openapi import (
    ALWAYS,
    PRECONDITION,
    ProblemSerializer,
    PublicSchema,
    conditional_parameters,
    fair_use_headers,
)
from base.api.parameters import StrictFilterBackend
from base.api.streams import StreamView, csv_file, pages, pages_of_keys
from base.api.views import PublicView, RecordViewSet
from base.changes.feed import has_begun
from base.changes.version import version_for
from base.documents.csv import BYTE_ORDER_MARK, CsvTable
from base.documents.loader import documents_in_parts
from base.documents.plan import FetchPlan, plan_of
from base.lists.filterset import BaseFilterSet
from base.lists.paging import paged_rows
from base.records.records import Record
from base.sql.prepared import Row
from base.text.moments import json_bytes

LINES = 50  # that are sent at once: three copies of them are made before
MEDIA = {"ndjson": "application/x-ndjson", "csv": "text/csv; charset=utf-8"}


class ExportFilterBackend(StrictFilterBackend):
    """The filters of a list. A CSV may have one of its orders; NDJSON has always that of the primary key."""

    def get_schema_operation_parameters(self, view: Export) -> list[JsonSchema]:  # type: ignore[override]
        """Describe every filter, and the order where there are several."""
        allowed = view.allowed_parameters()
        return [each for each in super().get_schema_operation_parameters(view) if each["name"] in allowed]


class ExportSchema(PublicSchema):
    """Describes an export."""

    def _is_list_view(self, serializer: object = None) -> bool:
        """Return whether filters apply; the answer itself is no JSON array."""
        return serializer is None

    def get_operation_id(self) -> str:
        """Return exportPeopleNdjson."""
        return f"export{self.view.model.plural.title()}{self.view.form.title()}"

    def get_summary(self) -> str:
        """Return what the operation does, in a line."""
        return f"All {self.view.model.plural} as {self.view.form.upper()}"

    def get_description(self) -> str:  # type: ignore[override]  # as drf-spectacular has it
        """Return what a line of the file is."""
        if self.view.form == "ndjson":
            return (
                "Each line is the record as the list and the detail answer it, byte for byte. Ends with a line break."
            )
        return (
            "UTF-8 with a byte order mark. A cell that a spreadsheet would run as a formula begins with an apostrophe."
        )

    def get_override_parameters(self) -> list[OpenApiParameter | Serializer | type[Serializer]]:
        """Describe conditional requests and the headers of fair use."""
        return [*conditional_parameters(), *fair_use_headers()]

    def get_response_serializers(self) -> dict[int | tuple[int, str], OpenApiResponse]:  # type: ignore[override]
        """Return the shape of a line, and of a refusal."""
        line = self.view.viewset.serializer_class() if self.view.form == "ndjson" else OpenApiTypes.STR
        media = MEDIA[self.view.form].partition(";")[0]
        problems = {400: "A parameter was not understood.", **PRECONDITION, **ALWAYS}
        return {
            (200, media): OpenApiResponse(line, description=self.get_summary() + "."),
            304: OpenApiResponse(description="Not changed."),
            **{
                (status, PROBLEM): OpenApiResponse(ProblemSerializer, description=text)
                for status, text in problems.items()
            },
        }


class Export(StreamView):
    """All records of one kind that the filters leave."""

    schema = ExportSchema()
    filter_backends = [ExportFilterBackend]
    filterset: BaseFilterSet
    action = "list"
    viewset: type[RecordViewSet] = RecordViewSet
    table: CsvTable | None = None
    form = "ndjson"

    @property
    def model(self) -> type[Record]:
        """The kind of record."""
        return self.viewset.model

    @property
    def filterset_class(self) -> type[BaseFilterSet]:
        """The filters of the kind."""
        return self.viewset.filterset_class

    def allowed_parameters(self) -> list[str]:
        """Return the filters, and for CSV the order: a table is read from above, NDJSON by programs."""
        names = set(self.filterset_class.base_filters)
        return sorted(names if self.form == "csv" else names - {"ordering"})

    def get(self, request: Request) -> HttpResponseBase:
        """Refuse what is wrong before the first byte; then send page by page."""
        name = f"{self.model.plural}.{self.form}"
        rows = ExportFilterBackend().filter_queryset(request, self.model.objects.published(), self)
        if self.table and self.form == "csv":
            return self.stream(self.csv(request, self.table, rows), MEDIA["csv"], name)
        return self.stream(self.lines(rows), MEDIA["ndjson"], name)

    def csv(self, request: Request, table: CsvTable, rows: QuerySet[Record]) -> Iterator[bytes]:
        """Yield the table behind a byte order mark."""
        yield BYTE_ORDER_MARK.encode()
        yield from csv_file(
            table,
            request.build_absolute_uri,
            self.ordered_pages if request.query_params.get("ordering") else partial(pages, rows),
        )

    def ordered_pages(self, plan: FetchPlan) -> Iterator[list[Row]]:
        """Yield the rows in the order that is asked for, page by page."""
        keys = paged_rows(self.filterset, version_for(self.request._request)).keys()
        return pages_of_keys(keys, plan)

    def lines(self, rows: QuerySet[Record]) -> Iterator[bytes]:
        """Yield the lines of each page."""
        shape: Any = self.viewset.serializer_class
        plan = plan_of(shape, self.model, frozenset(), frozenset())
        parts = (part for page in pages(rows, plan) for part in documents_in_parts(plan, page, placeholder_address))
        for part, documents in parts:
            answers = {}
            for row, document in zip(part, documents, strict=True):
                answers[row[0]] = (document["id"], json_bytes(document))
            if has_begun():  # asked for each part, after it was read
                note_handed_out(self.model, answers)
            lines = (line for _id, line in answers.values())
            while some := list(islice(lines, LINES)):
                yield with_absolute_addresses(b"\n".join([*some, b""]), self.request.build_absolute_uri)


class Exports(PublicView):
    """Where the exports are."""

    schema = None
    kinds: tuple[tuple[type[RecordViewSet], CsvTable], ...] = ()

    def get(self, request: Request) -> Response:
        """Return the addresses of all exports."""
        base = request.build_absolute_uri(reverse("api:export"))
        addresses: dict[str, dict[str, str]] = {
            view.model.plural: {f"{form}_url": f"{base}{view.model.plural}.{form}" for form in MEDIA}
            for view, _table in self.kinds
        }
        return Response({**addresses, "datapackage_url": f"{base}datapackage.zip"})


def export_urls(
    kinds: tuple[tuple[type[RecordViewSet], CsvTable], ...], sources: type[Record], about: Mapping[str, object]
) -> list[URLPattern]:
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
