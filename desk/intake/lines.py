"""Lines that end where the page did become paragraphs again: a proposal, which a curator can take back."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from itertools import pairwise

from desk.intake.reading import TEXT, Line

WIDEST = 130  # columns of a text that was wrapped; what is wider has a line for each paragraph
_FULL = 0.8  # of the width, from which a line counts as full
_FEW = 4  # lines, below which nothing tells
_UNSPACED = re.compile("[\u0e00-\u0eff\u1780-\u17ff\u1000-\u109f\u3040-\u30ff\u4e00-\u9fff]")
_ENDS_A_SENTENCE = re.compile(r"[.!?…。？！:][\"'”’»)\]]*$")
_BEGINS_AGAIN = re.compile(r"^(?:[-•*–—]\s|\d+[.)]\s|[“\"«‘])")
_HYPHENATED = re.compile(r"(\w+)-$")


def columns(line: str) -> int:
    """Return how many columns a line takes: marks above and below letters take none."""
    return sum(not unicodedata.combining(letter) and unicodedata.category(letter) != "Mn" for letter in line)


def width_of(lines: Sequence[str]) -> int:
    """Return the number of columns at which most of the longer lines end: that of the line that nine in ten do not exceed."""
    widths = sorted(columns(line) for line in lines if line.strip())
    return widths[int(len(widths) * 0.9)] if widths else 0


def is_wrapped(lines: Sequence[str]) -> bool:
    """Return whether a text was wrapped at some column: hardly a line is wider, and those that go on in the next are full."""
    filled = [line for line in lines if line.strip()]
    if len(filled) < _FEW or max(map(columns, filled)) > WIDEST:
        return False
    width = width_of(filled)
    followed = [line for line, following in pairwise(lines) if line.strip() and following.strip()]
    full = [line for line in followed if columns(line) >= 0.75 * width]
    return width >= 40 and len(full) >= _FEW - 1 and len(full) >= 0.6 * len(followed)


def join_wrapped(lines: Sequence[Line]) -> list[Line]:
    """Return paragraphs: a full line goes on in the next one, unless a blank line, another kind or a new beginning parts them."""
    width = width_of([text for text, _kind in lines])
    whole = " ".join(text for text, _kind in lines)
    paragraphs: list[Line] = []
    goes_on = False
    for text, kind in lines:
        text = text.strip()
        if not text:
            goes_on = False
            continue
        if goes_on and kind == TEXT and not _begins_again(paragraphs[-1][0], text):
            paragraphs[-1] = (_joined(paragraphs[-1][0], text, whole), TEXT)
        else:
            paragraphs.append((text, kind))
        # A word may be too long for what is left of its line, so a line that is nearly full goes on as well.
        goes_on = kind == TEXT and columns(text) >= _FULL * width
    return paragraphs


def _begins_again(before: str, line: str) -> bool:
    """Return whether a line begins a paragraph although the one before is full: behind a sentence, like a list or a quote."""
    return bool(_ENDS_A_SENTENCE.search(before) and _BEGINS_AGAIN.match(line))


def _joined(before: str, line: str, whole: str) -> str:
    """Return two parts of a paragraph as one: with a blank between words that blanks part, without a hyphen of the wrapping."""
    if before.endswith("\u00ad"):
        return before[:-1] + line
    if (match := _HYPHENATED.search(before)) and line[:1].islower():
        following = re.match(r"\w+", line)
        word = following[0] if following else ""
        is_kept = f"{match[1]}-{word}" in whole or f"{match[1]}{word}" not in whole
        return (before if is_kept else before[:-1]) + line
    if _UNSPACED.search(before[-1:]) and _UNSPACED.search(line[:1]):
        return before + line
    return f"{before} {line}"
