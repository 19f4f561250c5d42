"""Structured data: one schema.org node a page, with a stable identity that other pages refer to."""

from __future__ import annotations

from collections.abc import Iterable

from base.documents.plan import Document
from base.documents.values import RecordName
from base.pages.documents import held
from base.text.languages import permanent_url

CONTEXT = "https://schema.org"
WIKIDATA = "http://www.wikidata.org/entity/"
Node = dict[str, object]


def identity(record: Document, site: str) -> str:
    """Return the `@id` of a record, one for all languages: its address and #id. `site` begins all our addresses."""
    return f"{site}{permanent_url(record['url'])}#id"


def pointer(named: Document, site: str, kind: str) -> Node:
    """Return a node that only points at a record that a page names."""
    return {"@type": kind, "@id": identity(named, site), "name": first_name(named)}


def first_name(record: Document) -> str:
    """Return the first name of a record, on a page of any language."""
    name = record["name"]
    return name.first if isinstance(name, RecordName) else str(name)


def node(record: Document, site: str, kind: str, **facts: object) -> Node:
    """Return the node of a page's record, without the facts that are empty."""
    wikidata = record.get("wikidata")
    full = {
        "@context": CONTEXT,
        "@type": kind,
        "@id": identity(record, site),
        "url": f"{site}{record['url']}",
        "sameAs": f"{WIKIDATA}{wikidata}" if wikidata else None,
        **facts,
    }
    return {key: value for key, value in full.items() if value not in (None, "", [], {})}


def other_names(name: str, names: Iterable[Document]) -> list[str]:
    """Return every spelling but this one and the rejected ones, once each."""
    return [text for text in dict.fromkeys(row["text"] for row in held(names)) if text != name]


def pointers(rows: Iterable[Document], member: str, site: str, kind: str) -> list[Node]:
    """Return nodes that point at the records that these rows name there, once each."""
    records = {row[member]["url"]: row[member] for row in rows if row[member]}
    return [pointer(named, site, kind) for named in records.values()]
