"""The segments of a quote: a quote that is interrupted, as by “she said”, has a passage for each part of it.

A wording with one passage is one segment. Further passages follow in the order in which they stand in the source, and each holds
exactly the words of its segment. So the words of a wording are taken apart by the lengths of its passages alone, whether or not
the text of the source is stored, and each part is proven by the SHA-256 of its own passage.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

from django.utils.translation import gettext as _

from directory.models import Passage
from directory.models.sources import PassageCheck

JOINER = " … "  # between the segments of a quote, wherever it is shown, stored or taken


class Segment(NamedTuple):
    """A part of a quote, and the passage that prints it."""

    passage: Passage
    text: str


def texts_of_segments(words: str, lengths: Sequence[int]) -> list[str]:
    """Return the text of each segment of a quote, given the lengths of its passages in order; empty if they do not fit.

    A quote in one passage is one segment, even if the passage holds more than its words.
    """
    if len(lengths) < 2:
        return [words]
    texts, start = [], 0
    for length in lengths:
        texts.append(words[start : start + length])
        start += length + len(JOINER)
    return texts if JOINER.join(texts) == words and [len(text) for text in texts] == list(lengths) else []


def segments_of(words: str, passages: Sequence[Passage]) -> list[Segment]:
    """Return the segments of a quote in these passages; empty if its words cannot be taken apart so."""
    texts = texts_of_segments(words, [passage.end - passage.start for passage in passages])
    return [Segment(passage, text) for passage, text in zip(passages, texts, strict=False)]


def in_reading_order(passages: Iterable[Passage]) -> list[Passage]:
    """Return passages in the order in which they stand in their source, each once."""
    return sorted(set(passages), key=lambda passage: (passage.start, passage.end))


def fault_of_passages(passages: Sequence[Passage]) -> str:
    """Return what is wrong with passages as those of one quote, as a sentence; empty if nothing is."""
    if len({passage.source_id for passage in passages}) > 1:
        sources = ", ".join(f"“{slug}”" for slug in sorted({passage.source.slug for passage in passages}))
        return _("A quote is printed in one source; these passages are of several: %s.") % sources
    for before, after in pairwise(passages):
        if after.start < before.end:
            places = {"first": place_of(before), "second": place_of(after)}
            if after.start >= before.start:
                return _("The passages %(first)s and %(second)s overlap; a quote has its words once.") % places
            return _("The passage %(second)s stands before %(first)s; a quote keeps the order of its source.") % places
    return ""


def are_proven(words: str, passages: Sequence[Passage]) -> bool:
    """Return whether the passages print these words, segment by segment."""
    segments = segments_of(words, passages)
    return (
        bool(segments) and not fault_of_passages(passages) and all(each.passage.proves(each.text) for each in segments)
    )


def printed_words(passages: Sequence[Passage]) -> str:
    """Return the words of a quote in these passages, out of the stored text of its source; empty where that is not at hand."""
    texts = []
    for passage in passages:
        text = passage.source.text
        if not text or passage.examine(text) != PassageCheck.VERIFIED:
            return ""
        texts.append(text[passage.start : passage.end])
    return JOINER.join(texts)


def place_of(passage: Passage) -> str:
    """Return where a passage stands, in a few characters."""
    return f"¶{passage.paragraph} [{passage.start}–{passage.end}]"
