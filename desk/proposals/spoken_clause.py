"""A verb of speech, or what stands for one, with the words that it governs."""

from __future__ import annotations

import re
from dataclasses import dataclass

from .article import COVER, COVER_CLOSE, COVER_OPEN
from .proposal import Span
from .references import SpeakingSubject

QUOTED = re.compile(f"{COVER_OPEN}?{COVER}+{COVER_CLOSE}?|{COVER_OPEN}{COVER}*{COVER_CLOSE}?")
_NO_NAME = 0.15  # less sure where nobody is named who speaks


@dataclass(frozen=True)
class SpokenClause:
    """A verb of speech with its subject and the stretches of the text that it governs."""

    subject: SpeakingSubject | None
    cue: Span
    content: tuple[Span, ...]  # of the covered text, in order
    is_whole_quote: bool  # the content is nothing but quotations
    strength: float
    cue_kind: str = ""


def spoken_clause(
    covered: str, subject: SpeakingSubject | None, cue: Span, content: list[Span | None], strength: float
) -> SpokenClause | None:
    """Return the clause of a verb at `cue` in the covered text of an article; None if nothing is left of its content."""
    spans = [span for span in content if span is not None]
    if not spans:
        return None
    whole = not any(char.isalnum() for span in spans for char in QUOTED.sub("", covered[slice(*span)]))
    if subject is not None and subject.who is None and not whole:
        strength -= _NO_NAME
    return SpokenClause(subject, cue, tuple(spans), whole, strength)
