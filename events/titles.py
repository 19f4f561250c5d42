"""The title of a statement on its page, in citations, feeds and other sites: who spoke, how certain that is, how it begins."""

from __future__ import annotations

from base.documents.plan import Document
from base.records.names import NamedRecord
from base.text.languages import name_in
from base.text.letters import clusters

from .models import Statement
from .qualifiers import short_qualifiers
from .wordings import wording_to_read

LONGEST_HEADLINE = 90  # letters
CHARACTERS_OF_A_LETTER = 20  # more than any has; a long text is not looked through to its end


def shortened(text: str, most: int) -> str:
    """Return the beginning of a text in one line, with an ellipsis if there is more. No letter loses its marks."""
    line = " ".join(text[: most * CHARACTERS_OF_A_LETTER].split())
    letters = clusters(line)
    return "".join(letters) if len(letters) <= most else "".join(letters[: most - 1]).rstrip() + "…"


def speaker_of(statement: Document) -> str:
    """Return who spoke, by the name in the language of the document."""
    speaker = statement["speaker"] or statement["speaker_organization"]
    return (speaker["name"] or speaker["id"]) if speaker else statement["speaker_label"]


def headline(statement: Document, language: str) -> str:
    """Return the beginning of the wording that a reader of this language reads; without any, the id of the statement."""
    reading = wording_to_read(statement["wordings"], language)
    return shortened(reading["text"], LONGEST_HEADLINE) if reading else str(statement["id"])


def title_of(statement: Document, language: str) -> str:
    """Return who said it, of which kind and how certain that is, and how it begins: "Ann Lee (narrated, inferred): Films…"."""
    return titled(speaker_of(statement), statement, language)


def titled(speaker: str, statement: Document, language: str) -> str:
    """Return the title of a statement with the speaker by this name."""
    reading = wording_to_read(statement["wordings"], language)
    return f"{speaker} ({', '.join(short_qualifiers(statement, reading))}): {headline(statement, language)}"


def title_document(statement: Statement, language: str) -> Document:
    """Return what the title of a statement is made of, where it was loaded as an instance with `for_title`."""

    def named(record: NamedRecord | None) -> Document | None:
        return {"id": record.slug, "name": name_in(record, language)[0]} if record else None

    return {
        "id": statement.slug,
        "kind": statement.statement_kind,
        "certainty": statement.certainty,
        "speaker": named(statement.speaker),
        "speaker_organization": named(statement.speaker_organization),
        "speaker_label": statement.text_in("speaker_label", language),
        "wordings": [
            {"language": wording.language, "nature": wording.nature, "text": wording.text}
            for wording in statement.wordings.all()
        ],
    }
