"""A statement as a W3C Web Annotation, and the link that opens a source at the words it prints."""

from __future__ import annotations

from urllib.parse import quote

from base.documents.plan import Document

from .models.statements import Nature
from .wordings import printed_beside

CONTEXT = "http://www.w3.org/ns/anno.jsonld"
CONTENT_TYPE = f'application/ld+json; profile="{CONTEXT}"'
# A longer text is given to browsers by its first and last words alone.
LONGEST_EXACT = 280
WORDS_AT_ENDS = 4


def annotation(statement: Document, address: str, site: str) -> dict[str, object]:
    """Return the annotation of a statement: its wordings as bodies, its passages as targets.

    `address` is the absolute address of the statement, `site` the beginning of all addresses here. Only words as printed have a
    quote selector, because we may not reproduce the rest of the source. Positions count code points of the text with this SHA-256.
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


def _body(wording: Document) -> dict[str, object]:
    return {
        "type": "TextualBody",
        "value": wording["text"],
        "format": "text/plain",
        "language": wording["language"],
        "purpose": "highlighting" if wording["nature"] == Nature.VERBATIM else "describing",
    }


def _target(statement: Document, passage: Document, site: str) -> dict[str, object]:
    page = f"{site}{passage['source']['url']}"
    selectors: list[dict[str, object]] = [
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

    The text is cut at spaces only, so never inside a word, not even in Thai. Hyphens, commas and ampersands belong to the
    syntax of fragments, so they are percent-encoded.
    """
    if len(words) > LONGEST_EXACT and len(parts := words.split()) > 2 * WORDS_AT_ENDS:
        first, last = " ".join(parts[:WORDS_AT_ENDS]), " ".join(parts[-WORDS_AT_ENDS:])
        return f"#:~:text={_encoded(first)},{_encoded(last)}"
    return f"#:~:text={_encoded(words)}"


def _encoded(words: str) -> str:
    return quote(words, safe="").replace("-", "%2D")
