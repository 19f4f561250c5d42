"""Punctuation in search: it does not count, neither in texts nor in what is typed.

Quotation marks, apostrophes and dots are as if they were not there: O'Brien is obrien, U.S. is us. A dot or comma between
digits stays, for 4.0 is not 40; a dot before a longer word is a blank. Every other sign is a blank: Vietnam–US is two words. A
text has these two words as one besides (`divided_words`), so that VietnamUS finds it. The blank before the Thai sign of
repetition ๆ goes.
"""

from __future__ import annotations

import re
from unicodedata import category

# Everything that Unicode calls punctuation stands below these code points, but for scripts that nobody reads any more.
_PUNCTUATION = [
    chr(c)
    for a, b in ((0, 0x3200), (0xA600, 0xAC00), (0xFE00, 0x10000))
    for c in range(a, b)
    if category(chr(c))[0] == "P"
]
# Apostrophes and quotation marks, and what is typed in their place; one dot. Opening and closing ones are of their own categories.
_LEFT_OUT = "".join(
    [
        "'\"`.\u00b4\u0384\u201a\u201e\u02b9\u02ba\u02bb\u02bc\u02bd\u02c8\u2024\u300c\u300d\u300e\u300f\u301d\u301e\u301f"
    ]
    + [chr(c) for c in range(0x2032, 0x2038)]
    + [c for c in _PUNCTUATION if category(c) in ("Pi", "Pf")]
)
# The minus and two slashes are symbols of mathematics.
_BLANK = re.escape("".join(c for c in [*_PUNCTUATION, "\u2212", "\u2044", "\u2215"] if c not in _LEFT_OUT))
_SIGN = re.compile(
    rf"(?P<number>(?<=\d)[.,](?=\d))|(?P<stop>\.(?=[^\W\d_]{{2}}))|(?P<dots>\.{{2,}})"
    rf"|(?P<left_out>[{_LEFT_OUT}]+)|(?P<blank>[{_BLANK}]+)"
)
_QUOTES = re.compile(f"[{_LEFT_OUT}]+")
# An acute accent that stands alone, as Unicode has it and taken apart.
_ACUTE = re.compile("[\u00b4\u0384]| [\u0300-\u036f]*\u0301")
_WORD = r"[^\W_](?:[^\W_]|[\u0e00-\u0e7f])*+"
# It begins where a word does: tried at every letter, a text of one long word would cost the square of its length.
_DIVIDED = re.compile(rf"(?<![^\W_])(?<![\u0e00-\u0e7f]){_WORD}(?:[{_BLANK}]{_WORD})+")
_INITIALS = re.compile(r"(?<!\S)[a-z](?: [a-z])+(?!\S)")
_REPETITION = re.compile(r"\s+\u0e46")


def apostrophes(text: str) -> str:
    """Return a text in which an accent that stands alone is an apostrophe, before it is folded to a blank."""
    return text if text.isascii() else _ACUTE.sub("'", text)


def without_punctuation(folded: str) -> str:
    """Return folded text without its signs; words have one blank between them."""
    text = " ".join(_SIGN.sub(_in_place_of, folded).split())
    return text if text.isascii() else _REPETITION.sub("\u0e46", text)


def _in_place_of(sign: re.Match[str]) -> str:
    if sign.lastgroup == "number":
        return sign[0]
    return "" if sign.lastgroup == "left_out" else " "


def is_blank(cluster: str) -> bool:
    """Whether search takes a character as a blank: a space, or a sign that divides words."""
    return cluster.isspace() or without_punctuation(f"a{cluster}a") == "a a"


def divided_words(folded: str) -> str:
    """Return the words of a folded text that signs divide, each in one: vietnamus for vietnam-us, jf for j. f."""
    divided = [_SIGN.sub("", word) for word in _DIVIDED.findall(_QUOTES.sub("", folded))]
    initials = [word.replace(" ", "") for word in _INITIALS.findall(without_punctuation(folded))]
    return " ".join(dict.fromkeys(word for word in (*divided, *initials) if not word.isdecimal()))
