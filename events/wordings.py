"""Which of a statement's wordings a reader is shown, for pages and the API alike."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from base.documents.plan import Document

from .models.statements import Nature


def wording_to_read(wordings: Sequence[Document], language: str) -> Document | None:
    """Return the wording to read: one in the reader's language, else in English, else any; None if there is none.

    Words as printed come last among equals: they stand beside it in any case. All wordings are public, so those are proven.
    It is the same one in whatever order they are.
    """
    if len(wordings) < 2:
        return wordings[0] if wordings else None

    def rank(wording: Document) -> tuple[int, bool, str, str]:
        nature, spoken = wording["nature"], wording["language"]
        return {language: 0, "en": 1}.get(spoken, 2), nature == Nature.VERBATIM, nature, spoken

    return min(wordings, key=rank)


def printed_beside(wordings: Iterable[Document], reading: Document | None) -> list[Document]:
    """Return the words as printed, without those that are the wording to read."""
    return [wording for wording in wordings if wording["nature"] == Nature.VERBATIM and wording is not reading]
