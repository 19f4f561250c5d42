"""Structured data: one schema.org node a page, with a stable identity that other pages refer to."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.conf import settings

from base.documents.plan import Document
from base.records.provenance import Certainty
from base.text.languages import address_in, permanent_url

CONTEXT = "https://schema.org"
WIKIDATA = "http://www.wikidata.org/entity/"


def identity(record: Any, site: str) -> str:
    """Return the `@id` of a record, one for all languages: its address and #id. `site` begins all our addresses."""
    return f"{site}{permanent_url(record)}#id"


def reference(record: Any, site: str, kind: str) -> dict[str, Any]:
    """Return a node that only points at a record."""
    return {"@type": kind, "@id": identity(record, site), "name": str(record)}


def pointer(named: Document, site: str, kind: str) -> dict[str, Any]:
    """Return a node that only points at a record that a page names."""
    return {"@type": kind, "@id": f"{site}{address_in(named['url'], settings.LANGUAGE_CODE)}#id", "name": named["name"]}


def node(record: Any, site: str, kind: str, **facts: Any) -> dict[str, Any]:
    """Return the node of a page's record, without the facts that are empty."""
    wikidata = getattr(record, "wikidata", "")
    full = {
        "@context": CONTEXT,
        "@type": kind,
        "@id": identity(record, site),
        "url": f"{site}{record.get_absolute_url()}",
        "sameAs": f"{WIKIDATA}{wikidata}" if wikidata else None,
        **facts,
    }
    return {key: value for key, value in full.items() if value not in (None, "", [], {})}


def other_names(record: Any, facts: Document) -> list[str]:
    """Return every spelling but the headline and the rejected ones, once each."""
    return [text for text in dict.fromkeys(name["text"] for name in held(facts["names"])) if text != record.name]


def held(rows: Iterable[Document]) -> list[Document]:
    """Return the rows that hold: rejected readings are for people who see the note."""
    return [row for row in rows if row["certainty"] != Certainty.REJECTED]


def pointers(rows: Iterable[Document], member: str, site: str, kind: str) -> list[dict[str, Any]]:
    """Return nodes that point at the records that these rows name there, once each."""
    found = {row[member]["url"]: row[member] for row in rows if row[member]}
    return [pointer(named, site, kind) for named in found.values()]
