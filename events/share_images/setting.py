"""Texts in lines: where a line breaks, where a long text is cut, and which stretches of a line are words as printed."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import accumulate, pairwise

from base.text.letters import clusters
from base.text.line_breaks import break_places, with_firm_spaces

from .fonts import Font, drawable

ELLIPSIS = "…"
MOST_OF_A_LETTER = 20  # characters
FULL_ENOUGH = 0.7  # of the width of a line, to break it at a space rather than between two words of Thai


@dataclass(frozen=True)
class LinePart:
    """A stretch of a line, all of it words as printed or none of it; places in pixels from the beginning of the line."""

    text: str
    is_printed: bool
    x: float
    width: float


Line = tuple[LinePart, ...]


@dataclass(frozen=True)
class Setting:
    """A text in lines, and whether all of it is there."""

    lines: tuple[Line, ...]
    is_whole: bool


@dataclass(frozen=True)
class MarkedText:
    """A text, the stretches of it that a passage prints, as (begin, end) in code points, and whether there was more of it."""

    text: str
    printed: tuple[tuple[int, int], ...] = ()
    is_cut: bool = False

    @classmethod
    def of(cls, parts: Sequence[tuple[str, bool]], most: int) -> MarkedText:
        """Return the text of parts as (text, whether it is printed), as it is drawn, cut behind so many letters."""
        text, printed = "", []
        for part, is_printed in parts:
            begin = len(text)
            # What is far longer than the picture is not looked through to its end.
            text += with_firm_spaces(drawable(part[: most * MOST_OF_A_LETTER], trimmed=is_printed))
            if is_printed:
                printed.append((begin, len(text)))
        end = sum(map(len, clusters(text[: most * MOST_OF_A_LETTER])[:most]))
        return cls(text[:end], tuple((a, min(b, end)) for a, b in printed if a < end), is_cut=end < len(text))

    @cached_property
    def places(self) -> list[tuple[int, bool]]:
        """Where a line may be broken, and whether that is behind a space."""
        return break_places(self.text)

    def widths(self, font: Font) -> list[float]:
        """Return how wide the text is up to each of its places, at the size 1."""
        return _widths_up_to(self.text, font)


@lru_cache(maxsize=64)
def _widths_up_to(text: str, font: Font) -> list[float]:
    return list(accumulate((font.width(character, 1) for character in text), initial=0.0))


def set_in_lines(marked: MarkedText, font: Font, size: float, width: float, most: int, end: str = "") -> Setting:
    """Break a text into at most so many lines of a width in pixels.

    A text that is too long ends in “…”, which is no word as printed, and then in `end`, such as a closing quotation mark. No
    line and no text ends inside a letter. Takes time as the text is long, which whoever makes it has bounded.
    """
    text, lines, begin = marked.text, list[Line](), 0
    while begin < len(text):
        stop = _end_of_line(marked, begin, font, size, width)
        if marked.is_cut if stop == len(text) else len(lines) == most - 1:
            stop = _end_of_line(marked, begin, font, size, width - font.width(ELLIPSIS + end, size))
            line = _pieces(marked, begin, begin + len(text[begin:stop].rstrip()), font, size)
            return Setting((*lines, _with_piece(line, ELLIPSIS + end, font, size)), is_whole=False)
        lines.append(_pieces(marked, begin, begin + len(text[begin:stop].rstrip()), font, size))
        begin = stop
    return Setting(tuple(lines), is_whole=not marked.is_cut)


def in_one_line(text: str, font: Font, size: float, width: float) -> str:
    """Return a text that fits into one line, with an ellipsis if it is longer."""
    text = drawable(text)
    if font.width(text, size) <= width:
        return text
    letters = clusters(text[:2000])
    sums = list(accumulate(font.width(letter, size) for letter in letters))
    room = width - font.width(ELLIPSIS, size)
    return "".join(letter for letter, total in zip(letters, sums, strict=True) if total <= room).rstrip() + ELLIPSIS


def _end_of_line(marked: MarkedText, begin: int, font: Font, size: float, width: float) -> int:
    """Return where a line ends that begins at a place, with the space behind it."""
    text, sums, room = marked.text, marked.widths(font), width / size
    if sums[len(text)] - sums[begin] <= room:
        return len(text)
    at_space = anywhere = begin
    for place, is_space in marked.places[bisect_right(marked.places, (begin, True)) :]:
        if sums[place - is_space] - sums[begin] > room:
            break
        anywhere = place
        if is_space:
            at_space = place
    if at_space == anywhere or sums[at_space] - sums[begin] >= FULL_ENOUGH * room:
        anywhere = at_space
    return anywhere if anywhere > begin else begin + _letters_that_fit(text[begin:], font, size, width)


def _letters_that_fit(text: str, font: Font, size: float, width: float) -> int:
    """Return how much of a word that is longer than a line fits into it: whole letters, one at least."""
    letters = clusters(text[:2000])
    sums = accumulate(font.width(letter, size) for letter in letters)
    fitting = sum(1 for total in sums if total <= width)
    return sum(map(len, letters[: max(fitting, 1)]))


def _pieces(marked: MarkedText, begin: int, end: int, font: Font, size: float) -> Line:
    """Return a line of the text as stretches of printed words and of others."""
    cuts = sorted({begin, end, *(place for span in marked.printed for place in span if begin < place < end)})
    line: Line = ()
    for start, stop in pairwise(cuts):
        is_printed = any(a <= start and stop <= b for a, b in marked.printed)
        line = _with_piece(line, marked.text[start:stop], font, size, is_printed)
    return line


def _with_piece(line: Line, text: str, font: Font, size: float, is_printed: bool = False) -> Line:
    x = line[-1].x + line[-1].width if line else 0
    return (*line, LinePart(text, is_printed, x, font.width(text, size)))
