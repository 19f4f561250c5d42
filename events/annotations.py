"""A statement as a W3C Web Annotation, and the link that opens a source at the words it prints."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote

from django.utils.translation import override

from base.documents.plan import Document
from base.pages.evidence import paragraph_address
from base.records.doubt import certainty_label
from base.records.permanent_ids import tag_uri
from base.text.languages import CODES, permanent_url
from base.text.moments import utc_text
from base.text.translated_text import language_of_text

from .models.statements import Nature
from .qualifiers import credited, kind_label, wording_source
from .titles import speaker_of
from .wordings import printed_beside

CONTEXT = "http://www.w3.org/ns/anno.jsonld"
CONTENT_TYPE = f'application/ld+json; profile="{CONTEXT}"'
# A longer text is given to browsers by its first and last words alone.
LONGEST_EXACT = 280
WORDS_AT_ENDS = 4


def annotation(statement: Document, address: str, site: str) -> dict[str, object]:
    """Return the annotation of a statement: its wordings, its kind and its certainty as bodies, its passages as targets.

    Each segment of a quote is a target with its words, whether or not the statement itself cites the passage. Only words as printed
    have a quote selector, because we may not reproduce the rest of the source. Positions count code points of the text with this
    SHA-256. `address` is the absolute address of the statement, `site` the beginning of all addresses here.
    """
    segments = [each for wording in printed_beside(statement["wordings"], None) for each in wording["segments"]]
    passages = {passage["uid"]: passage for passage in [*statement["passages"], *segments]}
    return {
        "@context": CONTEXT,
        "id": tag_uri("statement", statement["key"]),
        "type": "Annotation",
        "motivation": "describing",
        "created": utc_text(statement["created_at"]),
        "modified": utc_text(statement["updated_at"]),
        "creator": {"type": "Organization", "name": "On the Record", "id": f"{site}/"},
        "via": f"{address.rstrip('/')}.anno",
        "body": [
            *(_wording(wording) for wording in statement["wordings"]),
            *_qualifiers(statement),
            {"type": "SpecificResource", "source": address, "purpose": "linking"},
        ],
        "target": [_target(passage, segments, site) for passage in passages.values()],
    }


def _text(value: str, language: str, purpose: str) -> dict[str, object]:
    body = {"type": "TextualBody", "value": value, "format": "text/plain", "language": language, "purpose": purpose}
    return {name: text for name, text in body.items() if text}


def _wording(wording: Document) -> dict[str, object]:
    purpose = "highlighting" if wording["nature"] == Nature.VERBATIM else "describing"
    return {**_text(wording["text"], wording["language"], purpose), "label": wording_source(wording)}


def _qualifiers(statement: Document) -> list[dict[str, object]]:
    """Return the speaker with any doubt, kind as a tag, certainty as an assessment in every language, and why as a comment.

    A note has a comment for each language in which it is on record.
    """
    bodies = []
    for language in CODES:
        with override(language):
            bodies += [
                _text(kind_label(statement), language, "tagging"),
                _text(certainty_label(statement["certainty"]), language, "assessing"),
            ]
    bodies.append(_text(credited(speaker_of(statement), statement), "", "identifying"))
    notes = {language_of_text(statement["note"]): statement["note"]} if statement["note"] else {}
    notes |= {
        language: texts["note"] for language, texts in statement["translations"].items() if notes and "note" in texts
    }
    return [*bodies, *(_text(note, language, "commenting") for language, note in notes.items())]


def _target(passage: Document, segments: Sequence[Document], site: str) -> dict[str, object]:
    """Return a passage as a target, with the words of the segments that it prints."""
    page = f"{site}{permanent_url(passage['source']['url'])}"
    selectors: list[dict[str, object]] = [
        {"type": "TextPositionSelector", "start": passage["start"], "end": passage["end"]},
        *(
            {"type": "TextQuoteSelector", "exact": segment["text"]}
            for segment in segments
            if segment["uid"] == passage["uid"]
        ),
    ]
    return {
        "type": "SpecificResource",
        "source": passage["original_url"] or page,
        "scope": paragraph_address(page, passage["paragraph"]),
        "selector": selectors,
        "state": {"type": "State", "value": f"sha256:{passage['source_sha256']}"},
    }


def text_fragment(*texts: str) -> str:
    """Return the URL fragment that makes a browser scroll to the first of these texts and mark all of them.

    A text is cut at spaces only, so never inside a word, not even in Thai. Hyphens, commas and ampersands belong to the
    syntax of fragments, so they are percent-encoded.
    """
    return "#:~:" + "&".join(f"text={_ends_of(text)}" for text in texts)


def _ends_of(words: str) -> str:
    """Return words as a directive of a fragment has them: whole, or the first and the last of many."""
    if len(words) > LONGEST_EXACT and len(parts := words.split()) > 2 * WORDS_AT_ENDS:
        first, last = " ".join(parts[:WORDS_AT_ENDS]), " ".join(parts[-WORDS_AT_ENDS:])
        return f"{_encoded(first)},{_encoded(last)}"
    return _encoded(words)


def _encoded(words: str) -> str:
    return quote(words, safe="").replace("-", "%2D")
