"""Structured data: one schema.org node a page, with a stable identity that other pages refer to."""

from __future__ import annotations

from collections.abc import Iterable

from base.documents.plan import Document
from base.documents.values import RecordName
from base.pages.documents import held
from base.records.doubt import certainty_label, is_doubtful
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
    """Return the first name of a record, on a page of any language; its id if it has no name."""
    name = record["name"]
    return (name.first if isinstance(name, RecordName) else str(name)) or str(record["id"])


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


def pointers(rows: Iterable[Document], member: str, site: str, kind: str, fact: str) -> list[Node]:
    """Return nodes that point at the records that these rows name there, once each, for the property `fact` of a node.

    What no passage states stands inside a Role that says so. Of several rows about one record the firmest counts.
    """
    firmest: dict[str, Document] = {}
    for row in rows:
        if row[member] and (row[member]["url"] not in firmest or not is_doubtful(row["certainty"])):
            firmest[row[member]["url"]] = row
    return [qualified(pointer(row[member], site, kind), fact, row) for row in firmest.values()]


def qualified(value: Node, fact: str, row: Document, role: str = "") -> Node:
    """Return the value of the property `fact`; inside a Role of schema.org if it is doubtful or has the name of a role.

    A Role stands between a node and the value of its property, and qualifies it.
    """
    doubt = with_note(certainty_label(row["certainty"]), row["note"]) if is_doubtful(row["certainty"]) else ""
    if not (doubt or role):
        return value
    full = {"@type": "Role", "roleName": role, "description": doubt, fact: value}
    return {name: text for name, text in full.items() if text}


def with_note(label: str, note: str) -> str:
    """Return a certainty and why it is not firmer."""
    return f"{label}: {note}" if note else label
