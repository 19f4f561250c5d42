"""Events and statements as schema.org nodes."""

from __future__ import annotations

from typing import Any

from base.documents.plan import Document
from base.pages.documents import held
from base.pages.jsonld import first_name, identity, node, other_names, pointers, reference

from .models.statements import StatementKind


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


def statement(record: Any, site: str) -> dict[str, Any]:
    """Return a Quotation for words as printed, a Claim for what is only reported. A paraphrase is never a Quotation."""
    source = next((passage.source for passage in record.passages.all()), None)
    work = reference(source, site, "CreativeWork") if source else None
    speaker: Any = {"@type": "Organization", "name": record.speaker_label}
    if record.speaker or record.speaker_organization:
        kind = "Person" if record.speaker else "Organization"
        speaker = reference(record.speaker or record.speaker_organization, site, kind)
    about = [
        *record.topics.all(),
        *record.initiatives.all(),
        *record.about_people.all(),
        *record.about_organizations.all(),
    ]
    subjects = [{"@id": identity(other, site), "name": str(other)} for other in about]
    printed = record.printed()
    if record.statement_kind == StatementKind.DIRECT and printed:
        return node(
            record,
            site,
            "Quotation",
            text=printed[0].text,
            inLanguage=printed[0].language,
            creator=speaker,
            isBasedOn=work,
            recordedAt=reference(record.event, site, "Event") if record.event else None,
            about=subjects,
        )
    reading = record.reading("en")
    return node(
        record,
        site,
        "Claim",
        text=reading.text if reading else None,
        inLanguage=reading.language if reading else None,
        author=speaker,
        appearance=work,
        about=subjects,
    )
