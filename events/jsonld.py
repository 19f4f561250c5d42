"""Events and statements as schema.org nodes, which say how certain they are."""

from __future__ import annotations

from base.documents.plan import Document
from base.pages.documents import held
from base.pages.jsonld import (
    Node,
    first_name,
    identity,
    node,
    other_names,
    pointer,
    pointers,
    qualified,
    with_note,
)
from base.records.doubt import certainty_label, is_doubtful
from base.text.date_words import date_in_words
from base.text.dates import exact_span

from .models.statements import StatementKind
from .qualifiers import credited, kind_label, qualifier_sentences
from .titles import speaker_of
from .wordings import printed_beside, wording_to_read

SPEAKING = ("opening_speaker", "speaker", "moderator")
ORGANIZING = ("organizer", "co_organizer")


def event(record: Document, site: str) -> Node:
    """Return an Event of schema.org. It has a startDate only if a source states one; what else it says of the date is described."""
    name, place = first_name(record), record["place"]
    speakers = [row for row in held(record["participants"]) if row["role"] in SPEAKING]
    hosts = [row for row in held(record["organizations"]) if row["role"] in ORGANIZING]
    start, end = exact_span(record["date"])
    doubts = [date_in_words(record["date"])] if record["date"] and not (start and end) else []
    if is_doubtful(record["certainty"]):
        doubts.append(with_note(certainty_label(record["certainty"]), record["note"]))
    return node(
        record,
        site,
        "Festival" if record["kind"] == "festival" else "Event",
        name=name,
        alternateName=other_names(name, record["names"]),
        description="; ".join(doubts),
        startDate=start,
        endDate=end,
        location={"@type": "Place", "name": place, "address": place} if place else None,
        organizer=pointers(hosts, "organization", site, "Organization", "organizer"),
        performer=pointers(speakers, "person", site, "Person", "performer"),
        superEvent=pointers(held(record["part_of"]), "event", site, "Event", "superEvent"),
    )


def statement(record: Document, site: str) -> Node:
    """Return a Quotation for words as printed, else a Claim: a paraphrase is never a Quotation.

    Kind and certainty stand in `genre`, `creativeWorkStatus` and `description`; whoever spoke, in a Role if that is doubtful.
    """
    source = next((passage["source"] for passage in record["passages"]), None)
    work = pointer(source, site, "CreativeWork") if source else None
    speaker: Node = {"@type": "Organization", "name": record["speaker_label"]}
    if record["speaker"] or record["speaker_organization"]:
        kind = "Person" if record["speaker"] else "Organization"
        speaker = pointer(record["speaker"] or record["speaker_organization"], site, kind)
    members = ("topics", "initiatives", "about_people", "about_organizations")
    subjects = [
        {"@id": identity(other, site), "name": first_name(other)} for member in members for other in record[member]
    ]
    behalf = record["on_behalf_of"]
    shared = {
        "genre": kind_label(record),
        "creativeWorkStatus": certainty_label(record["certainty"]),
        "description": " ".join(text for text in (qualifier_sentences(record), record["note"]) if text),
        "creditText": credited(speaker_of(record), record),
        "sourceOrganization": pointer(behalf, site, "Organization") if behalf else None,
        "about": subjects,
    }
    printed = printed_beside(record["wordings"], None)
    if record["kind"] == StatementKind.DIRECT and printed:
        return node(
            record,
            site,
            "Quotation",
            text=printed[0]["text"],
            inLanguage=printed[0]["language"],
            creator=qualified(speaker, "creator", record, record["role_at_time"]),
            isBasedOn=work,
            recordedAt=pointer(record["event"], site, "Event") if record["event"] else None,
            **shared,
        )
    reading = wording_to_read(record["wordings"], "en")
    return node(
        record,
        site,
        "Claim",
        text=reading["text"] if reading else None,
        inLanguage=reading["language"] if reading else None,
        author=qualified(speaker, "author", record, record["role_at_time"]),
        appearance=work,
        **shared,
    )
