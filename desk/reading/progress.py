"""How far an article is read: paragraphs are marked by hand, one by one or all up to one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from typing import Any

from desk.models import ReadParagraph
from desk.selections import digest_of_words
from directory.models import Source


def digests_of_paragraphs(source: Source) -> list[str]:
    """Return what stands for the words of each paragraph of a stored text, in their order; empty if the text is not stored."""
    if not source.text:
        return []
    return [digest_of_words(source.text[start : start + length]) for start, length in source.paragraphs]


def read_paragraphs(source: Source) -> set[int]:
    """Return the numbers of the paragraphs that are read, from 1. One query."""
    read = set(ReadParagraph.objects.filter(source=source).values_list("digest", flat=True))
    return {number for number, digest in enumerate(digests_of_paragraphs(source), 1) if digest in read}


def numbers_read(sources: Collection[int]) -> dict[int, int]:
    """Return how many paragraphs of each of these sources (by key) are read, if any are. Two queries."""
    read: dict[int, set[str]] = defaultdict(set)
    for key, digest in ReadParagraph.objects.filter(source__in=sources).values_list("source", "digest"):
        read[key].add(digest)
    rows = Source._base_manager.filter(pk__in=list(read)).only("text", "paragraphs")
    return {row.pk: sum(digest in read[row.pk] for digest in digests_of_paragraphs(row)) for row in rows}


def mark_read(source: Source, numbers: Collection[int], user: Any) -> None:
    """Remember that these paragraphs were read; who read one first stays. One query."""
    digests = digests_of_paragraphs(source)
    rows = {
        digests[number - 1]: ReadParagraph(source=source, digest=digests[number - 1], user=user) for number in numbers
    }
    ReadParagraph.objects.bulk_create(rows.values(), ignore_conflicts=True)


def mark_unread(source: Source, number: int) -> None:
    """Take it back for one paragraph, and for others of exactly its words."""
    ReadParagraph.objects.filter(source=source, digest=digests_of_paragraphs(source)[number - 1]).delete()
