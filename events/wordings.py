"""Which of a statement's wordings a reader is shown, for pages and the API alike."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Case, OuterRef, QuerySet, Subquery, Value, When

from base.documents.plan import Document
from base.records.publishing import Status

from .models import Wording
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


def translations_beside(wordings: Iterable[Document], reading: Document | None) -> list[Document]:
    """Return the translations and paraphrases, without the one that is the wording to read."""
    return [wording for wording in wordings if wording["nature"] != Nature.VERBATIM and wording is not reading]


def with_words(statements: QuerySet[Any], language: str) -> QuerySet[Any]:
    """Return statements for curators, with the text of a wording as `words` and its language as `words_language`.

    It is one in the reader's language, else in English, else any; drafts too. Both are None where there is no wording.
    """
    rank = Case(When(language=language, then=Value(0)), When(language="en", then=Value(1)), default=Value(2))
    is_printed = Case(When(nature=Nature.VERBATIM, then=Value(1)), default=Value(0))
    wordings = Wording._base_manager.filter(statement=OuterRef("pk")).exclude(status=Status.WITHDRAWN)
    wordings = wordings.order_by(rank, is_printed, "pk")
    return statements.annotate(
        words=Subquery(wordings.values("text")[:1]), words_language=Subquery(wordings.values("language")[:1])
    )
