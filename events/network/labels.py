"""The labels of the picture: names broken into lines that fit into their boxes, as wide as the fonts of the site draw them."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from events.share_images.fonts import SANS, Font
from events.share_images.setting import MarkedText, set_in_lines

_BEFORE_ELLIPSIS = re.compile(r"[\s·,;:–—-]+(?=…$)")  # signs that lead to what is left out
MOST_LETTERS = 400  # of a name that are looked at
# A reader's machine may draw with another font until ours has come, and ours in bold; Thai is drawn a little larger.
ROOM_FOR_OTHER_FONTS = 1.1


@dataclass(frozen=True)
class LabelFont(Font):
    """A font that takes a letter it does not have for as wide as the widest of other fonts."""

    def width(self, text: str, size: float) -> float:
        """Return how wide a text is at a size, both in pixels."""
        known = super().width(text, size)
        return known + sum(size for character in text if not self.has(character) and _takes_room(character))


def _takes_room(character: str) -> bool:
    return unicodedata.category(character) not in ("Mn", "Me", "Cf", "Cc")


FONT = LabelFont(SANS.family, SANS.name)


@lru_cache(maxsize=4096)
def label_lines(text: str, size: float, width: float, most: int) -> tuple[str, ...]:
    """Break a text at a size into at most so many lines of a width, in pixels; what is longer ends with an ellipsis.

    A line ends between words; a word is cut only if it is wider than the line, and then between two letters.
    """
    setting = set_in_lines(MarkedText.of([(text, False)], MOST_LETTERS), FONT, size * ROOM_FOR_OTHER_FONTS, width, most)
    lines = ["".join(part.text for part in line) for line in setting.lines]
    return tuple(_BEFORE_ELLIPSIS.sub("", line) for line in lines)
