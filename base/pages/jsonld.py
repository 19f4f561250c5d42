"""Structured data: one schema.org node a page, with a stable identity that other pages refer to."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.conf import settings

from base.documents.plan import Document
from base.documents.values import RecordName
from base.pages.documents import held
from base.text.languages import address_in, permanent_url

CONTEXT = "https://schema.org"
WIKIDATA = "http://www.wikidata.org/entity/"


def identity(record: Any, site: str) -> str:
    """Return the `@id` of a record, one for all languages: its address and #id. `site` begins all our addresses."""
    url = address_in(record["url"], settings.LANGUAGE_CODE) if isinstance(record, dict) else permanent_url(record)
    return f"{site}{url}#id"


def reference(record: Any, site: str, kind: str) -> dict[str, Any]:
    """Return a node that only points at a record."""
    return {"@type": kind, "@id": identity(record, site), "name": str(record)}


def pointer(named: Document, site: str, kind: str) -> dict[str, Any]:
    """Return a node that only points at a record that a page names."""
    return {"@type": kind, "@id": identity(named, site), "name": first_name(named)}


def first_name(record: Document) -> str:
    """Return the first name of a record, on a page of any language."""
    name = record["name"]
    return name.first if isinstance(name, RecordName) else str(name)


def node(record: Any, site: str, kind: str, **facts: Any) -> dict[str, Any]:
    """Return the node of a page's record, without the facts that are empty."""
    as_document = isinstance(record, dict)
    wikidata = record.get("wikidata") if as_document else getattr(record, "wikidata", "")
    url = record["url"] if as_document else record.get_absolute_url()
    full = {
        "@context": CONTEXT,
        "@type": kind,
        "@id": identity(record, site),
        "url": f"{site}{url}",
        "sameAs": f"{WIKIDATA}{wikidata}" if wikidata else None,
        **facts,
    }
    return {key: value for key, value in full.items() if value not in (None, "", [], {})}


def other_names(name: str, names: Iterable[Document]) -> list[str]:
    """Return every spelling but this one and the rejected ones, once each."""
    return [text for text in dict.fromkeys(row["text"] for row in held(names)) if text != name]


def pointers(rows: Iterable[Document], member: str, site: str, kind: str) -> list[dict[str, Any]]:
    """Return nodes that point at the records that these rows name there, once each."""
    records = {row[member]["url"]: row[member] for row in rows if row[member]}
    return [pointer(named, site, kind) for named in records.values()]
