"""Search columns: folded text beside the original, found by substring on both databases.

A column has four kinds of lines: the texts as they are compared (`fold`); their words that a sign divides, as one word
(`divided_words`); the same without the signs that Thai readers leave out (`loose`), where that differs; and for names, guesses
at what somebody may type: names of other scripts in Latin letters (`romanised`), and names of several words as one word, as Thai
is often written. Latin guesses are in full-width letters, which no folded text has. So they are found from the beginning of a
word only, and are never mistaken for a spelling.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from base.text.names import fold, fold_letters, loose, romanised, without_signs
from base.text.signs import divided_words

_FULL_WIDTH = str.maketrans({c: chr(ord(c) + 0xFEE0) for c in "abcdefghijklmnopqrstuvwxyz0123456789"})
LATIN_WORD = re.compile(r"[a-z][a-z0-9]*")


def full_width(word: str) -> str:
    """Return a word of Latin letters in full-width ones, the form in which guesses are kept."""
    return word.translate(_FULL_WIDTH)


def search_column(texts: Iterable[str], *, romanise: bool = False) -> str:
    """Return the search column of these texts; names are romanised too."""
    texts = [text for text in texts if text]
    folded = [fold(text) for text in texts]
    folded += [divided_words(fold_letters(text)) for text in texts]
    lines = folded + [without_signs(text) for text in folded]
    if romanise:
        lines += ["".join(f" {full_width(word)}" for word in romanised(text).split()) for text in texts]
        lines += [in_one_word(text) for text in texts]
    return "\n".join(dict.fromkeys(filter(None, lines)))


def in_one_word(text: str) -> str:
    """Return the line by which a name is found when it is typed without its spaces; empty if it has no spaces."""
    folded = loose(text)
    if " " not in folded:
        return ""
    joined = folded.replace(" ", "")
    return f" {full_width(joined)}" if LATIN_WORD.fullmatch(joined) else joined
