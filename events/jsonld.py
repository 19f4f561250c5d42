"""Events and statements as schema.org nodes."""

from __future__ import annotations

from typing import Any

from base.documents.plan import Document
from base.pages.documents import held
from base.pages.jsonld import first_name, identity, node, other_names, pointer, pointers

from .models.statements import StatementKind
from .wordings import printed_beside, wording_to_read


def event(record: Document, site: str) -> dict[str, Any]:
    """Return an Event. Without a stated day there is no startDate: none is invented."""
    name, people, bodies = first_name(record), held(record["participants"]), held(record["organizations"])
    speaking = [row for row in people if row["role"] in ("opening_speaker", "speaker", "moderator")]
    hosts = [row for row in bodies if row["role"] in ("organizer", "co_organizer")]
    place = record["place"]
    return node(
        record,
        site,
        "Festival" if record["kind"] == "festival" else "Event",
        name=name,
        alternateName=other_names(name, record["names"]),
        startDate=_day(record["date"], record["date_earliest"]),
        endDate=_day(record["date"], record["date_latest"]),
        location={"@type": "Place", "name": place, "address": place} if place else None,
        organizer=pointers(hosts, "organization", site, "Organization"),
        performer=pointers(speaking, "person", site, "Person"),
        superEvent=pointers(held(record["part_of"]), "event", site, "Event"),
    )


def _day(date: str, bound: Any) -> str | None:
    """Return a date schema.org understands: a year or a month stays one."""
    if not bound:
        return None
    return date if len(date) in (4, 7) and date.replace("-", "").isdigit() else bound.isoformat()


def statement(record: Document, site: str) -> dict[str, Any]:
    """Return a Quotation for words as printed, a Claim for what is only reported. A paraphrase is never a Quotation."""
    source = next((passage["source"] for passage in record["passages"]), None)
    work = pointer(source, site, "CreativeWork") if source else None
    speaker: Any = {"@type": "Organization", "name": record["speaker_label"]}
    if record["speaker"] or record["speaker_organization"]:
        kind = "Person" if record["speaker"] else "Organization"
        speaker = pointer(record["speaker"] or record["speaker_organization"], site, kind)
    members = ("topics", "initiatives", "about_people", "about_organizations")
    subjects = [
        {"@id": identity(other, site), "name": first_name(other)} for member in members for other in record[member]
    ]
    printed = printed_beside(record["wordings"], None)
    if record["kind"] == StatementKind.DIRECT and printed:
        return node(
            record,
            site,
            "Quotation",
            text=printed[0]["text"],
            inLanguage=printed[0]["language"],
            creator=speaker,
            isBasedOn=work,
            recordedAt=pointer(record["event"], site, "Event") if record["event"] else None,
            about=subjects,
        )
    reading = wording_to_read(record["wordings"], "en")
    return node(
        record,
        site,
        "Claim",
        text=reading["text"] if reading else None,
        inLanguage=reading["language"] if reading else None,
        author=speaker,
        appearance=work,
        about=subjects,
    )
