"""The words of a query, and the forms in which they stand in search columns (`base/text/search_column.py`)."""

from __future__ import annotations

import re
from unicodedata import category

from base.text.names import fold, loose
from base.text.search_column import LATIN_WORD, UNSPACED, full_width, is_short_word

_RUNS = re.compile(f"[{UNSPACED}]+|[^{UNSPACED}]+")
# Words that are written with and without a hyphen behind the prefix.
_PREFIX = re.compile(
    r"(?i)(?<![^\W_])(anti|co|de|e|ex|inter|mid|multi|non|post|pre|pro|re|sub|un)[-\u2010\u2011](?=[^\W\d_]{3})"
)
_INITIALS = re.compile(r"(?<!\S)[a-z](?: [a-z])+(?!\S)")


def words_of(query: str) -> list[str]:
    """Return the folded words of a query. What is nothing but punctuation has none, and finds nothing.

    Thai and its like are words of their own where they touch another script: “ด้านAI” is two words. Single letters in a row are
    one word: J. F., J.F. and JF are the same. So is a word with its prefix: texts hold co-operation as cooperation, too.
    """
    folded = _INITIALS.sub(lambda letters: letters[0].replace(" ", ""), fold(_PREFIX.sub(r"\1", query)))
    words = list(dict.fromkeys(run for word in folded.split() for run in _RUNS.findall(word)))
    return [word for word in words if any(c.isalnum() for c in word)] or words


def text_form(word: str) -> str:
    """Return what a text holds that has this word: a short word is a whole one, any other may be part of a longer word."""
    return f" {word} " if is_short_word(word) else word


def name_forms(word: str, *, whole: bool = False) -> list[str]:
    """Return the texts of which a name that has this word holds one. A word of Latin letters may be the sound of a name.

    Thai signs may be left out or wrong. A short word is the beginning of one, since names are searched while they are typed;
    with `whole`, it is a whole one.
    """
    if is_short_word(word):
        end = " " if whole else ""
        return [f" {word}{end}", *([f" {full_width(word)}{end}"] if LATIN_WORD.fullmatch(word) else [])]
    return [loose(word) or word, *([f" {full_width(word)}"] if LATIN_WORD.fullmatch(word) else [])]


def has_trigram(word: str) -> bool:
    """Whether the indexes of trigrams of both databases find a word: it is a whole one, or has three letters or digits in a row."""
    if is_short_word(word):
        return any(c.isalnum() for c in word)
    return any(len(run) >= 3 for run in "".join(c if category(c)[0] in "LMN" else " " for c in word).split())
