"""Who spoke and how it begins: the title of a statement on its page, in citations, feeds and other sites."""

from __future__ import annotations

from django.utils.text import Truncator

from base.documents.plan import Document

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
