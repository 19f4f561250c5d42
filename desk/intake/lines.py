"""Lines that end where the page did become paragraphs again: a proposal, which a curator can take back."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from itertools import pairwise

from desk.intake.reading import TEXT, Line

NARROWEST, WIDEST = 30, 130  # columns of a text that was wrapped; what is wider has a line for each paragraph
_NEARLY_FULL = 0.8  # of the usual width, from which a printed line counts as full
_LONGEST_WORD = 12  # columns that are taken for a word where blanks do not part them
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
    """Return whether a text was wrapped at some column: most lines end where the first word of the next would not have fitted."""
    filled = [line for line in lines if line.strip()]
    width = max(map(columns, filled), default=0)
    if len(filled) < _FEW or not NARROWEST <= width <= WIDEST:
        return False
    followed = [pair for pair in pairwise(lines) if all(line.strip() for line in pair)]
    full = [pair for pair in followed if _is_full(*pair, width)]
    return len(full) >= _FEW - 1 and len(full) >= 0.6 * len(followed)


def _is_full(line: str, following: str, width: int) -> bool:
    """Return whether the first word of the next line would not have fitted into this one. Of Thai it is a guess."""
    first = following.split(maxsplit=1)[0]
    return columns(line.rstrip()) + min(columns(first), _LONGEST_WORD) + (0 if _UNSPACED.match(first) else 1) > width


def join_wrapped(lines: Sequence[Line], *, is_printed: bool = False) -> list[Line]:
    """Return paragraphs: a full line goes on in the next one, unless a blank line, another kind or a new beginning parts them.

    `is_printed`: whether lines are as long as their letters are wide, as in a PDF; then nearly full is full.
    """
    texts = [text.strip() for text, _kind in lines]
    width = max(map(columns, texts), default=0)
    usual = width_of(texts)
    whole = " ".join(texts)
    paragraphs: list[Line] = []
    before = ""  # the line before, if it is one of plain text
    for text, (_text, kind) in zip(texts, lines, strict=True):
        if not text:
            before = ""
            continue
        goes_on = bool(before) and (
            columns(before) >= _NEARLY_FULL * usual if is_printed else _is_full(before, text, width)
        )
        if goes_on and kind == TEXT and not _begins_again(before, text):
            paragraphs[-1] = (_joined(paragraphs[-1][0], text, whole), TEXT)
        else:
            paragraphs.append((text, kind))
        before = text if kind == TEXT else ""
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
