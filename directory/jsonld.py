"""People, organizations, initiatives, topics and sources as schema.org nodes (JSON-LD)."""

from __future__ import annotations

from base.documents.plan import Document
from base.pages.documents import held
from base.pages.jsonld import first_name, node, other_names, pointers
from base.records.doubt import with_doubt
from base.text.dates import exact_date


def person(record: Document, site: str) -> Document:
    """Return a Person, with the positions and organizations that are not rejected."""
    name, positions = first_name(record), held(record["affiliations"])
    return node(
        record,
        site,
        "Person",
        name=name,
        alternateName=other_names(name, record["names"]),
        jobTitle=list(dict.fromkeys(with_doubt(row["role"], row["certainty"]) for row in positions)),
        affiliation=pointers(positions, "organization", site, "Organization", "affiliation"),
    )


def organization(record: Document, site: str) -> Document:
    """Return an Organization, with the organizations it is part of."""
    name = first_name(record)
    parents = [row for row in held(record["organizations"]) if row["role"] == "part_of" and not row["inverse"]]
    return node(
        record,
        site,
        "Organization",
        name=name,
        alternateName=other_names(name, record["names"]),
        parentOrganization=pointers(parents, "organization", site, "Organization", "parentOrganization"),
    )


def initiative(record: Document, site: str) -> Document:
    """Return a Project, which schema.org counts among organizations."""
    name = first_name(record)
    return node(
        record,
        site,
        "Project",
        name=name,
        alternateName=other_names(name, record["names"]),
        description=" ".join(with_doubt(row["text"], row["certainty"]) for row in held(record["descriptions"])),
        parentOrganization=pointers(held(record["part_of"]), "initiative", site, "Project", "parentOrganization"),
    )


def topic(record: Document, site: str) -> Document:
    """Return a topic as a DefinedTerm."""
    name = first_name(record)
    return node(record, site, "DefinedTerm", name=name, alternateName=other_names(name, record["names"]))


def source(record: Document, site: str) -> Document:
    """Return a source as a CreativeWork, with nothing that the source does not state itself."""
    kind = {"article": "NewsArticle", "report": "Report"}.get(record["kind"], "CreativeWork")
    return node(
        record,
        site,
        kind,
        name=first_name(record),
        inLanguage=record["language"],
        author=record["author"],
        publisher={"@type": "Organization", "name": record["publisher"]} if record["publisher"] else None,
        datePublished=exact_date(record["date"]),
        license=record["licence"],
        sameAs=record["original_url"],
    )
