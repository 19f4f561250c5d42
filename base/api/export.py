"""Everything at once: any filtered set as NDJSON or CSV, and the whole site as a data package, in bounded memory.

Rows are read in pages by primary key, which never changes: whatever is edited meanwhile, none is lost or doubled.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Iterator, Mapping
from itertools import islice
from operator import itemgetter
from typing import TYPE_CHECKING, Any

import orjson
from django.db.models import Model, QuerySet
from django.http import StreamingHttpResponse
from django.urls import URLPattern, path, reverse
from django.utils import translation
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer

from base.api.answers import note_handed_out, placeholder_address, with_absolute_addresses
from base.api.errors import PROBLEM
from base.api.filter_schemas import JsonSchema
from base.api.openapi import ALWAYS, ProblemSerializer, PublicSchema, fair_use_headers
from base.api.parameters import FilteredView, StrictFilterBackend
from base.api.views import PublicView, RecordViewSet
from base.changes.feed import cursor_of, has_begun, last_position
from base.documents.loader import Loader
from base.documents.plan import Document, FetchPlan, plan_of, shape_of
from base.lists.filterset import BaseFilterSet
from base.pages.csv import BYTE_ORDER_MARK, Column, RecordCsv, lines
from base.records.records import Record
from base.sql.prepared import Parameter, PreparedQuery, Row

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

PAGE = 250  # rows
LINES = 50  # that are sent at once: three copies of them are made before
MEDIA = {"ndjson": "application/x-ndjson", "csv": "text/csv; charset=utf-8"}
OLDEST = (1980, 1, 1, 0, 0, 0)  # of every file in the archive: the same rows give the same bytes


def pages(rows: QuerySet[Model], plan: FetchPlan) -> Iterator[list[Row]]:
    """Yield the rows, as the plan reads them, in pages by primary key. The query of a page is compiled once."""
    rows = rows.order_by("pk").filter(pk__gt=Parameter(0, rows.model._meta.pk))
    query, last = PreparedQuery(lambda: rows.values_list(*plan.selected)[:PAGE]), 0
    while page := query.read(last):
        yield page
        last = page[-1][0]


def in_english(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """Make each chunk in English. A stream outlives the request, and another request may have set its language by then."""
    while True:
        with translation.override("en"):
            chunk = next(chunks, None)
        if chunk is None:
            return
        yield chunk


class ExportFilterBackend(StrictFilterBackend):
    """The filters of a list. An export has one order, that of the primary key."""

    def get_schema_operation_parameters(self, view: FilteredView) -> list[JsonSchema]:  # type: ignore[override]
        """Describe every filter but the order."""
        return [each for each in super().get_schema_operation_parameters(view) if each["name"] != "ordering"]


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
        """Describe the headers of fair use. A stream has no ETag."""
        return [*fair_use_headers()]

    def get_response_serializers(self) -> dict[int | tuple[int, str], OpenApiResponse]:  # type: ignore[override]
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


class Streamed(PublicView):
    """An answer that is made while it is sent."""

    fair_use = "heavy"
    reads_primary = True  # cut off in the middle, it could not begin again

    def perform_content_negotiation(self, request: Request, force: bool = False) -> tuple[Any, str]:
        """Take any Accept header: the address says the form."""
        return JSONRenderer(), "application/json"

    def stream(self, chunks: Iterator[bytes], media: str, name: str) -> StreamingHttpResponse:
        """Return the answer; to HEAD only its headers."""
        body = iter(()) if self.request.method == "HEAD" else in_english(chunks)
        headers = {
            "Content-Disposition": f'attachment; filename="{name}"',
            "Change-Cursor": cursor_of(
                last_position()
            ),  # before the first row is read: what changes later is behind it
        }
        return StreamingHttpResponse(body, content_type=media, headers=headers)


class Export(Streamed):
    """All records of one kind that the filters leave."""

    schema = ExportSchema()
    filter_backends = [ExportFilterBackend]
    filterset: BaseFilterSet
    action = "list"
    viewset: type[RecordViewSet] = RecordViewSet
    table: type[RecordCsv] = RecordCsv
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
        """Return the names of the filters, without the order."""
        return sorted(set(self.filterset_class.base_filters) - {"ordering"})

    def get(self, request: Request) -> StreamingHttpResponse:
        """Refuse what is wrong before the first byte; then send page by page."""
        name = f"{self.model.plural}.{self.form}"
        if self.form == "csv":
            rows = ExportFilterBackend().filter_queryset(request, self.model.objects.published(), self)
            table = File(self.table, request)
            head = BYTE_ORDER_MARK.encode()
            return self.stream(prefixed(head, table.chunks(rows)), MEDIA["csv"], name)
        rows = ExportFilterBackend().filter_queryset(request, self.model.objects.published(), self)
        return self.stream(self.lines(rows), MEDIA["ndjson"], name)

    def lines(self, rows: QuerySet[Record]) -> Iterator[bytes]:
        """Yield the lines of each page."""
        shape: Any = self.viewset.serializer_class
        plan = plan_of(shape, self.model, frozenset(), frozenset())
        for page in pages(rows, plan):
            answers = {}
            for row, document in zip(page, Loader(placeholder_address).documents(plan, page), strict=True):
                answers[row[0]] = (document["id"], orjson.dumps(document, option=orjson.OPT_UTC_Z))
            if has_begun():  # asked for each page, after it was read
                note_handed_out(self.model, answers)
            lines = (line for _id, line in answers.values())
            while some := list(islice(lines, LINES)):
                yield with_absolute_addresses(b"\n".join([*some, b""]), self.request.build_absolute_uri)


def prefixed(head: bytes, chunks: Iterator[bytes]) -> Iterator[bytes]:
    """Yield `head` before the chunks."""
    yield head
    yield from chunks


class File:
    """The CSV of a kind: the columns of its page's CSV, with the address in the API and the exact time beside them."""

    integers = ("length",)

    def __init__(self, source: type[RecordCsv], request: Request) -> None:
        self.table, self.request = source.table, request
        self.model: type[Record] = source.model

    @property
    def columns(self) -> list[str]:
        """The names of the columns. They are only ever added to."""
        return ["id", "url", "page", *self.table.columns, "updated_at"]

    def fields(self) -> list[dict[str, str]]:
        """Return the columns as a table schema describes them."""
        types = {"url": {"format": "uri"}, "page": {"format": "uri"}, "updated_at": {"type": "datetime"}}
        types |= {name: {"type": "integer"} for name in self.integers}
        return [{"name": name, "type": "string", **types.get(name, {})} for name in self.columns]

    def chunks(self, rows: QuerySet[Record]) -> Iterator[bytes]:
        """Yield the file: the names of the columns, then page by page."""
        yield lines([name] for name in self.columns).encode()
        own: list[Column] = [itemgetter(name) for name in ("id", "url", "page")]
        columns: list[Column] = [*own, *self.table.columns.values(), _changed]
        plan, address = self.table.plan(self.model), self.request.build_absolute_uri
        for page in pages(rows, plan):
            records = Loader(address).documents(plan, page)
            yield lines(map(column, records) for column in columns).encode()


def _changed(record: Document) -> str:
    return str(record["updated_at"].isoformat().replace("+00:00", "Z"))


class DataPackage(Streamed):
    """The whole site: a CSV of every kind, and datapackage.json (Frictionless Data Package 2) that describes them."""

    schema = None
    tables: tuple[type[RecordCsv], ...] = ()
    sources: type[Record] = Record
    about: Mapping[str, object] = {}

    def get(self, request: Request) -> StreamingHttpResponse:
        """Send the archive."""
        return self.stream(self.archive(), "application/zip", "on-the-record.zip")

    def archive(self) -> Iterator[bytes]:
        """Yield the archive while it is written; the description comes last, as it holds the size of every file."""
        pipe = _Pipe()
        resources = []
        with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as archive:
            for source in self.tables:
                table = File(source, self.request)
                name, size, digest = f"{table.model.plural}.csv", 0, hashlib.sha256()
                with archive.open(_entry(name), "w", force_zip64=True) as file:
                    for chunk in table.chunks(table.model.objects.published()):
                        file.write(chunk)
                        digest.update(chunk)
                        size += len(chunk)
                        yield pipe.taken()
                resources.append(resource(table, name, size, digest.hexdigest()))
            with archive.open(_entry("datapackage.json"), "w", force_zip64=True) as file:
                for text in self.description(resources):
                    file.write(text.encode())
                    yield pipe.taken()
        yield pipe.taken()

    def description(self, resources: list[dict[str, object]]) -> Iterator[str]:
        """Yield datapackage.json; there may be many sources, so they are written one page at a time."""
        head = {**self.about, "homepage": self.request.build_absolute_uri("/"), "resources": resources}
        yield json.dumps(head, ensure_ascii=False, indent=1).removesuffix("\n}") + ',\n "sources": ['
        comma = ""
        shape: Any = shape_of(self.sources)
        plan = plan_of(shape, self.sources, frozenset(("title", "original_url", "page")), frozenset())
        for page in pages(self.sources.objects.published(), plan):
            texts = []
            for source in Loader(self.request.build_absolute_uri).documents(plan, page):
                address = source["original_url"] or source["page"]
                texts.append(json.dumps({"title": source["title"], "path": address}, ensure_ascii=False))
            yield comma + "\n  " + ",\n  ".join(texts)
            comma = ","
        yield "]\n}\n"


def resource(table: File, name: str, size: int, digest: str) -> dict[str, object]:
    """Return the description of one file of the package."""
    return {
        "name": table.model.plural,
        "type": "table",
        "path": name,
        "scheme": "file",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": size,
        "hash": f"sha256:{digest}",
        "schema": {
            "$schema": "https://datapackage.org/profiles/2.0/tableschema.json",
            "fields": table.fields(),
            "primaryKey": ["id"],
        },
    }


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, OLDEST)
    entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
    return entry


class _Pipe(io.RawIOBase):
    """A file to write to that holds what was written until it is taken."""

    def __init__(self) -> None:
        self.held = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: ReadableBuffer) -> int:
        self.held += data
        return len(memoryview(data))

    def taken(self) -> bytes:
        """Return what was written since the last time."""
        data = bytes(self.held)
        self.held.clear()
        return data


class Exports(PublicView):
    """Where the exports are."""

    schema = None
    kinds: tuple[tuple[type[RecordViewSet], type[RecordCsv]], ...] = ()

    def get(self, request: Request) -> Response:
        """Return the addresses of all exports."""
        base = request.build_absolute_uri(reverse("api:export"))
        addresses: dict[str, dict[str, str] | str] = {
            view.model.plural: {f"{form}_url": f"{base}{view.model.plural}.{form}" for form in MEDIA}
            for view, _table in self.kinds
        }
        return Response({**addresses, "datapackage_url": f"{base}datapackage.zip"})


def urls(
    kinds: tuple[tuple[type[RecordViewSet], type[RecordCsv]], ...], sources: type[Record], about: Mapping[str, object]
) -> list[URLPattern]:
    """Return the addresses of the exports of these kinds."""
    tables = tuple(table for _view, table in kinds)
    return [
        path("export/", Exports.as_view(kinds=kinds), name="export"),
        *[
            path(f"export/{view.model.plural}.{form}", Export.as_view(viewset=view, table=table, form=form))
            for view, table in kinds
            for form in MEDIA
        ],
        path("export/datapackage.zip", DataPackage.as_view(tables=tables, sources=sources, about=about)),
    ]
