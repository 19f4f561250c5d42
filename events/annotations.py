"""A statement as a W3C Web Annotation, and the link that opens a source at the very words."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from base.documents.plan import Document

from .models.statements import Nature
from .wordings import printed_beside

CONTEXT = "http://www.w3.org/ns/anno.jsonld"
CONTENT_TYPE = f'application/ld+json; profile="{CONTEXT}"'
# Browsers find a long text by its first and last words; beyond this it is cut so.
LONGEST_EXACT = 280
WORDS_AT_ENDS = 4


def annotation(statement: Document, address: str, site: str) -> dict[str, Any]:
    """Return the annotation of a statement: our wordings about each of its passages.

    `address` is the statement's, `site` the beginning of all our addresses. A quote selector is given only for words as
    printed, because the others are not ours to show; positions count code points of the text with the SHA-256 told.
    """
    return {
        "@context": CONTEXT,
        "id": f"{address.rstrip('/')}.anno",
        "type": "Annotation",
        "motivation": "describing",
        "created": statement["created_at"].isoformat(),
        "modified": statement["updated_at"].isoformat(),
        "creator": {"type": "Organization", "name": "On the Record", "id": f"{site}/"},
        "canonical": address,
        "body": [_body(wording) for wording in statement["wordings"]],
        "target": [_target(statement, passage, site) for passage in statement["passages"]],
    }


def _body(wording: Document) -> dict[str, Any]:
    return {
        "type": "TextualBody",
        "value": wording["text"],
        "format": "text/plain",
        "language": wording["language"],
        "purpose": "highlighting" if wording["nature"] == Nature.VERBATIM else "describing",
    }


def _target(statement: Document, passage: Document, site: str) -> dict[str, Any]:
    page = f"{site}{passage['source']['url']}"
    selectors: list[dict[str, Any]] = [
        {"type": "TextPositionSelector", "start": passage["start"], "end": passage["end"]},
        *(
            {"type": "TextQuoteSelector", "exact": wording["text"]}
            for wording in printed_beside(statement["wordings"], None)
            if wording["passage"] == passage["uid"]
        ),
    ]
    return {
        "type": "SpecificResource",
        "source": passage["original_url"] or page,
        "scope": f"{page}#p{passage['paragraph']}",
        "selector": selectors,
        "state": {"type": "State", "value": f"sha256:{passage['source_sha256']}"},
    }


def text_fragment(words: str) -> str:
    """Return the URL fragment that makes a browser scroll to these words and mark them.

    Nothing is ever cut inside a word, in Thai neither: cuts are made at spaces only. Hyphens, commas and ampersands are
    part of the fragment's own syntax, so they are percent-encoded.
    """
    if len(words) > LONGEST_EXACT and len(parts := words.split()) > 2 * WORDS_AT_ENDS:
        first, last = " ".join(parts[:WORDS_AT_ENDS]), " ".join(parts[-WORDS_AT_ENDS:])
        return f"#:~:text={_encoded(first)},{_encoded(last)}"
    return f"#:~:text={_encoded(words)}"


def _encoded(words: str) -> str:
    return quote(words, safe="").replace("-", "%2D")
