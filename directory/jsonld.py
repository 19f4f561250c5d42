"""People, organizations, initiatives, topics and sources as schema.org nodes."""

from __future__ import annotations

from typing import Any

from base.documents.plan import Document
from base.pages.jsonld import first_name, held, node, other_names, pointers


def person(record: Any, site: str, facts: Document) -> dict[str, Any]:
    """Return a Person, with the organizations of the positions that hold."""
    rows = held(facts["affiliations"])
    return node(
        record,
        site,
        "Person",
        name=record.name,
        alternateName=other_names(record.name, facts["names"]),
        jobTitle=list(dict.fromkeys(row["role"] for row in rows)),
        affiliation=pointers(rows, "organization", site, "Organization"),
    )


def organization(record: Any, site: str, facts: Document) -> dict[str, Any]:
    """Return an Organization."""
    parents = [row for row in held(facts["organization_links"]) if row["role_code"] == "part_of"]
    return node(
        record,
        site,
        "Organization",
        name=record.name,
        alternateName=other_names(record.name, facts["names"]),
        parentOrganization=pointers(parents, "related", site, "Organization"),
    )


def initiative(record: Any, site: str, facts: Document) -> dict[str, Any]:
    """Return a Project; in schema.org that is a kind of organization."""
    return node(
        record,
        site,
        "Project",
        name=record.name,
        alternateName=other_names(record.name, facts["names"]),
        description=" ".join(row["text"] for row in held(facts["descriptions"])),
        parentOrganization=pointers(held(facts["parent_links"]), "parent", site, "Project"),
    )


def topic(record: Document, site: str) -> dict[str, Any]:
    """Return a DefinedTerm of our list of topics."""
    name = first_name(record)
    return node(record, site, "DefinedTerm", name=name, alternateName=other_names(name, record["names"]))


def source(record: Any, site: str) -> dict[str, Any]:
    """Return the work a source is; nothing the source does not state."""
    kind = {"article": "NewsArticle", "report": "Report"}.get(record.source_kind, "CreativeWork")
    return node(
        record,
        site,
        kind,
        name=record.title,
        inLanguage=record.language,
        author=record.author,
        publisher={"@type": "Organization", "name": record.publisher} if record.publisher else None,
        datePublished=record.date,
        license=record.licence,
        sameAs=record.url,
    )
