"""People, organizations, initiatives, topics and sources as schema.org nodes."""

from __future__ import annotations

from typing import Any

from .base.jsonld import held, node, other_names, reference


def person(record: Any, site: str) -> dict[str, Any]:
    """Return a Person, with the organizations of the positions that hold."""
    rows = [row for row in held(record.affiliations.all()) if row.organization]
    return node(
        record,
        site,
        "Person",
        name=record.name,
        alternateName=other_names(record),
        jobTitle=list(dict.fromkeys(row.role for row in held(record.affiliations.all()))),
        affiliation=list(
            {row.organization_id: reference(row.organization, site, "Organization") for row in rows}.values()
        ),
    )


def organization(record: Any, site: str) -> dict[str, Any]:
    """Return an Organization."""
    parents = [row.related for row in held(record.organization_links.all()) if row.role == "part_of"]
    return node(
        record,
        site,
        "Organization",
        name=record.name,
        alternateName=other_names(record),
        parentOrganization=[reference(parent, site, "Organization") for parent in parents],
    )


def initiative(record: Any, site: str) -> dict[str, Any]:
    """Return a Project; in schema.org that is a kind of organization."""
    parents = [row.parent for row in held(record.parent_links.all())]
    return node(
        record,
        site,
        "Project",
        name=record.name,
        alternateName=other_names(record),
        description=" ".join(row.text for row in held(record.descriptions.all())),
        parentOrganization=[reference(parent, site, "Project") for parent in parents],
    )


def topic(record: Any, site: str) -> dict[str, Any]:
    """Return a DefinedTerm of our list of topics."""
    return node(record, site, "DefinedTerm", name=record.name, alternateName=other_names(record))


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
