"""Who spoke and how it begins: the title of a statement on its page, in citations, feeds and other sites."""

from __future__ import annotations

from django.utils.text import Truncator

from base.documents.plan import Document
from base.records.names import NamedRecord
from base.text.languages import name_in

from .models import Statement
from .wordings import wording_to_read

LONGEST_HEADLINE = 90  # characters


def speaker_of(statement: Document) -> str:
    """Return who spoke, by the name in the language of the document."""
    speaker = statement["speaker"] or statement["speaker_organization"]
    return (speaker["name"] or speaker["id"]) if speaker else statement["speaker_label"]


def headline(statement: Document, language: str) -> str:
    """Return the beginning of the wording that a reader of this language reads; without any, the id of the statement."""
    reading = wording_to_read(statement["wordings"], language)
    return Truncator(reading["text"]).chars(LONGEST_HEADLINE) if reading else statement["id"]


def title_of(statement: Document, language: str) -> str:
    """Return who said it and how it begins."""
    return f"{speaker_of(statement)}: {headline(statement, language)}"


def title_document(statement: Statement, language: str) -> Document:
    """Return what the title of a statement is made of, where it was loaded as an instance with `for_title`."""

    def named(record: NamedRecord | None) -> Document | None:
        return {"id": record.slug, "name": name_in(record, language)[0]} if record else None

    return {
        "id": statement.slug,
        "speaker": named(statement.speaker),
        "speaker_organization": named(statement.speaker_organization),
        "speaker_label": statement.speaker_label,
        "wordings": [
            {"language": wording.language, "nature": wording.nature, "text": wording.text}
            for wording in statement.wordings.all()
        ],
    }
