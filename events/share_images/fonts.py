"""The fonts of share images: how wide a text is in them, and whether they have its letters. scripts/make_share_fonts makes them."""

from __future__ import annotations

import functools
import json
import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent / "fonts"
_WHITE_SPACE = re.compile(r"[^\S\u00a0]+")
# Of no width and drawn by no font: joiners, marks of direction, places to break.
_INVISIBLE = frozenset("\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u00ad")


@dataclass(frozen=True)
class Font:
    """A font by the name of its family in the SVG and of its files, without their ending."""

    family: str
    name: str

    @property
    def file(self) -> Path:
        """The file that is drawn with."""
        return FOLDER / f"{self.name}.ttf"

    def width(self, text: str, size: float) -> float:
        """Return how wide a text is at a size, both in pixels; kerning, which makes up to one hundredth, is left out."""
        widths = _widths(self.name)
        return sum(widths.get(character, 0) for character in _composed(text)) * size / 1000

    def has(self, text: str) -> bool:
        """Return whether the font has every letter of a text."""
        widths = _widths(self.name)
        return all(character in widths for character in _composed(text))


SERIF = Font("Record Serif", "record-serif")
SANS = Font("Record Sans", "record-sans")
BOLD = Font("Record Sans Bold", "record-sans-bold")


def drawable(text: str, *, trimmed: bool = True) -> str:
    """Return a text as it is drawn: composed, without what has no shape, every stretch of white space as one space.

    A no-break space stays one, so that ๆ and dashes do not begin a line.
    """
    text = "".join(character for character in _composed(text) if character not in _INVISIBLE)
    text = _WHITE_SPACE.sub(" ", text)
    return text.strip(" ") if trimmed else text


def _composed(text: str) -> str:
    return unicodedata.normalize("NFC", text)


@functools.cache
def _widths(name: str) -> dict[str, int]:
    widths = json.loads((FOLDER / f"{name}.json").read_text())
    return {chr(int(code)): width for code, width in widths.items()}
