"""Events and statements as schema.org nodes."""

from __future__ import annotations

import datetime

from base.documents.plan import Document
from base.pages.documents import held
from base.pages.jsonld import first_name, identity, node, other_names, pointer, pointers

from .models.statements import StatementKind
from .wordings import printed_beside, wording_to_read


def event(record: Document, site: str) -> dict[str, object]:
    """Return an Event of schema.org. It has a startDate only if a source states one."""
    name, place = first_name(record), record["place"]
    speakers = [
        row for row in held(record["participants"]) if row["role"] in ("opening_speaker", "speaker", "moderator")
    ]
    hosts = [row for row in held(record["organizations"]) if row["role"] in ("organizer", "co_organizer")]
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
        performer=pointers(speakers, "person", site, "Person"),
        superEvent=pointers(held(record["part_of"]), "event", site, "Event"),
    )


def _day(date: str, bound: datetime.date | None) -> str | None:
    """Return a date as schema.org wants it: a year or month as it is stated, else the earliest or latest day; None without any."""
    if not bound:
        return None
    return date if len(date) in (4, 7) and date.replace("-", "").isdigit() else bound.isoformat()


def statement(record: Document, site: str) -> dict[str, object]:
    """Return a Quotation for words as printed, else a Claim: a paraphrase is never a Quotation."""
    source = next((passage["source"] for passage in record["passages"]), None)
    work = pointer(source, site, "CreativeWork") if source else None
    speaker: dict[str, object] = {"@type": "Organization", "name": record["speaker_label"]}
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
