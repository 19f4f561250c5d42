"""Structured data: one schema.org node a page, with a stable identity that other pages refer to."""

from __future__ import annotations

from typing import Any

from .languages import permanent_url
from .provenance import Certainty

CONTEXT = "https://schema.org"
WIKIDATA = "http://www.wikidata.org/entity/"


def identity(record: Any, site: str) -> str:
    """Return the `@id` of a record, one for all languages: its address and #id. `site` begins all our addresses."""
    return f"{site}{permanent_url(record)}#id"


def reference(record: Any, site: str, kind: str) -> dict[str, Any]:
    """Return a node that only points at a record."""
    return {"@type": kind, "@id": identity(record, site), "name": str(record)}


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


def other_names(record: Any) -> list[str]:
    """Return every spelling but the headline and the rejected ones, once each."""
    names = [name.text for name in record.names.all() if name.certainty != Certainty.REJECTED]
    return [text for text in dict.fromkeys(names) if text != record.name]


def held(rows: Any) -> list[Any]:
    """Return the rows that hold: rejected readings are for people who see the note."""
    return [row for row in rows if row.certainty != Certainty.REJECTED]
