"""The text of an article as the rules read it, and where each of its characters stands in the text as it was given.

Marks that stand behind their letter, as some systems write “é” and “ộ”, are put together with it. Lines that were broken in the
middle of a sentence are joined.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from .article import normalised
from .proposal import Span

_CLUSTER = re.compile("[^\u0300-\u036f][\u0300-\u036f]+")  # a letter with the marks behind it
_LINE_END = re.compile(r"(?<=[^\s.!?…:])[ ]?\n(?=[ ]?[“‘\"']?([^\W\d_]))")
_LEAST_WIDTH, _MOST_WIDTH = 50, 100  # characters of a line that was broken to fit a page
_FEWEST_LINES = 4
_ALMOST_ALL = 0.8


@dataclass(frozen=True)
class PrintedText:
    """A text as given (`printed`), and as it is read (`text`)."""

    printed: str
    text: str
    places: (
        tuple[int, ...] | None
    )  # in `printed`, of every character of `text` and of its end; None if they are the same

    def span(self, span: Span) -> Span:
        """Return a span of `text` as one of `printed`."""
        return span if self.places is None else (self.places[span[0]], self.places[span[1]])


def printed_text(printed: str) -> PrintedText:
    """Return a text with its marks put together and its broken lines joined. Time grows as the length of the text."""
    text, places = _composed(printed)
    return PrintedText(printed, _joined(normalised(text)), places)


def _composed(text: str) -> tuple[str, tuple[int, ...] | None]:
    if unicodedata.is_normalized("NFC", text):
        return text, None
    pieces: list[str] = []
    places: list[int] = []
    at = 0
    for match in _CLUSTER.finditer(text):
        whole = unicodedata.normalize("NFC", match[0])
        if len(whole) == len(match[0]):
            continue
        pieces += [text[at : match.start()], whole]
        places += [*range(at, match.start()), *(min(match.start() + n, match.end() - 1) for n in range(len(whole)))]
        at = match.end()
    pieces.append(text[at:])
    places += range(at, len(text) + 1)
    return "".join(pieces), tuple(places)


def _joined(text: str) -> str:
    """Return a text of the same length in which a blank stands for the end of a line inside a sentence."""
    blocks = re.split(r"(\n\s*\n)", text)
    if len(blocks) > 1:
        blocks = [_as_one_line(block) if _is_broken(block) else block for block in blocks]
    return _LINE_END.sub(_blank_before_small_letter, "".join(blocks))


def _blank_before_small_letter(match: re.Match[str]) -> str:
    return match[0].replace("\n", " ") if match[1].islower() else match[0]


def _is_broken(block: str) -> bool:
    """Whether the lines of a paragraph end where the page did: nearly as long as each other, but for the last one."""
    lines = block.strip("\n").split("\n")[:-1]
    fitting = sum(_LEAST_WIDTH <= len(line) <= _MOST_WIDTH for line in lines)
    return len(lines) + 1 >= _FEWEST_LINES and fitting >= _ALMOST_ALL * len(lines)


def _as_one_line(block: str) -> str:
    begin, end = len(block) - len(block.lstrip("\n")), len(block.rstrip("\n"))
    return block[:begin] + block[begin:end].replace("\n", " ") + block[end:]
