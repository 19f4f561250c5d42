"""The whole site as one archive: a CSV of every kind and a description (Frictionless Data Package 2), in bounded memory."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from django.http.response import HttpResponseBase
from rest_framework.request import Request

from base.api.streams import StreamView, csv_file, pages
from base.documents.csv import CsvTable
from base.documents.loader import Loader
from base.documents.plan import plan_of, shape_of
from base.records.records import Record

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

OLDEST = (1980, 1, 1, 0, 0, 0)  # of every file in the archive: the same rows give the same bytes
# Of columns that are no plain text.
TYPES = {
    "url": {"format": "uri"},
    "page": {"format": "uri"},
    "updated_at": {"type": "datetime"},
    "length": {"type": "integer"},
}


class DataPackage(StreamView):
    """The whole site: a CSV of every kind, and datapackage.json (Frictionless Data Package 2) that describes them."""

    schema = None
    tables: tuple[CsvTable, ...] = ()
    sources: type[Record] = Record  # type: ignore[type-abstract]  # as_view() is given the kind
    about: Mapping[str, object] = {}

    def get(self, request: Request) -> HttpResponseBase:
        """Send the archive."""
        return self.stream(self.archive(), "application/zip", "on-the-record.zip")

    def archive(self) -> Iterator[bytes]:
        """Yield the archive while it is written; the description comes last, as it holds the size of every file."""
        pipe, address = _Pipe(), self.request.build_absolute_uri
        resources = []
        with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as archive:
            for table in self.tables:
                name, size, digest = f"{table.model.plural}.csv", 0, hashlib.sha256()
                with archive.open(_entry(name), "w", force_zip64=True) as file:
                    for chunk in csv_file(table, address, partial(pages, table.model.objects.published())):
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


def resource(table: CsvTable, name: str, size: int, digest: str) -> dict[str, object]:
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
            "fields": fields(table),
            "primaryKey": ["id"],
        },
    }


def fields(table: CsvTable) -> list[dict[str, str]]:
    """Return the columns as a table schema describes them."""
    return [{"name": name, "type": "string", **TYPES.get(name, {})} for name in table.columns]


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
        return memoryview(data).nbytes

    def taken(self) -> bytes:
        """Return what was written since the last time."""
        data = bytes(self.held)
        self.held.clear()
        return data
