"""Where the passages of a source stand in a newer version of its text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db import models
from django.utils.translation import gettext_lazy as _

from base.text.letters import cut_letter
from directory.models import Passage, Source
from directory.stored_texts import TextSpan, spans_of

from .places import Places

MOST_PLACES = 10  # at which the words of one passage are offered


class Finding(models.TextChoices):
    """What became of the words of a passage. Not stored."""

    SAME = "same", _("the same words, where they are expected")
    ELSEWHERE = "elsewhere", _("the same words, at another place")
    CHANGED = "changed", _("other words stand there now")
    GONE = "gone", _("nothing stands there any more")


@dataclass
class Move:
    """A passage, and the places at which it may stand in the newer text, the likeliest first."""

    passage: Passage
    words: str  # as the old text prints them
    finding: Finding
    places: list[TextSpan] = field(default_factory=list)

    @property
    def is_moved(self) -> bool:
        """Whether the likeliest place is another one than it has."""
        place = self.places[0] if self.places else None
        return place is None or (place.paragraph, place.start, place.end) != (
            self.passage.paragraph,
            self.passage.start,
            self.passage.end,
        )


def find_passages(passages: Iterable[Passage], old_text: str, newer: Source, places: Places) -> list[Move]:
    """Return where each passage of the old text stands in the newer one. `newer` carries the newer text and its paragraphs."""
    return [_find(passage, old_text[passage.start : passage.end], newer, places) for passage in passages]


def _find(passage: Passage, words: str, newer: Source, places: Places) -> Move:
    start, end = places.span(passage.start, passage.end)
    expected = span_at(newer, start, end)
    if expected is not None and newer.text[expected.start : expected.end] == words:
        return Move(passage, words, Finding.SAME, [expected])
    if elsewhere := spans_of(words, newer):
        nearest = sorted(elsewhere, key=lambda span: abs(span.start - start))
        return Move(passage, words, Finding.ELSEWHERE, nearest[:MOST_PLACES])
    if expected is not None:
        return Move(passage, words, Finding.CHANGED, [expected])
    return Move(passage, words, Finding.GONE)


def span_at(source: Source, start: int, end: int) -> TextSpan | None:
    """Return a span without the blanks at its ends; None if it is empty, cuts a letter or is not within one paragraph."""
    words = source.text[start:end]
    start, end = start + len(words) - len(words.lstrip()), end - len(words) + len(words.rstrip())
    paragraph = source.paragraph_of(start, end) if start < end else None
    if paragraph is None or cut_letter(source.text, start, end):
        return None
    return TextSpan(paragraph, start, end)


def in_findings(moves: Sequence[Move]) -> dict[str, int]:
    """Return how many passages there are of each finding."""
    return {str(finding): sum(move.finding == finding for move in moves) for finding in Finding}
