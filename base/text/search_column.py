"""Search columns: folded text beside the original, found by substring on both databases.

A column has five kinds of lines: the texts as they are compared (`fold`); their words that a sign divides, as one word
(`divided_words`); their short words that nothing divides from the next letters (`short_words`); the same without the signs that
Thai readers leave out (`loose`), where that differs; and for names, guesses at what somebody may type: names of other scripts in
Latin letters (`romanised`), and names of several words as one word, as Thai is often written. Latin guesses are in full-width
letters, which no folded text has. So they are found from the beginning of a word only, and are never mistaken for a spelling.

Every line begins and ends with a blank, so that a whole word is found as a text with a blank on either side.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from base.text.names import fold, fold_letters, loose, romanised, without_signs
from base.text.signs import divided_words

_FULL_WIDTH = str.maketrans({c: chr(ord(c) + 0xFEE0) for c in "abcdefghijklmnopqrstuvwxyz0123456789"})
LATIN_WORD = re.compile(r"[a-z][a-z0-9]*")
# Thai, Lao, Burmese, Khmer, kana and Chinese have no blanks between words.
UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff"
SHORT = 3  # letters; a word of so many is found as a whole word: ai is not in pai, nor mit in permits
_UNSPACED_LETTER = re.compile(f"[{UNSPACED}]")
_NUMBER = r"(?:[.,][0-9]++)?+"
# It begins where a word does: tried at every letter, a text of one long word would cost the square of its length.
_BESIDE_UNSPACED = re.compile(
    rf"(?<=[{UNSPACED}])[^\W{UNSPACED}]++{_NUMBER}|(?<![^\W{UNSPACED}])[^\W{UNSPACED}]++{_NUMBER}(?=[{UNSPACED}])"
)
_BESIDE_APOSTROPHE = re.compile(r"(?<![^\W_])[^\W_]{1,3}(?=['\u2019][^\W_])|(?<=[^\W_]['\u2019])[^\W_]{1,3}(?![^\W_])")


def is_short_word(word: str) -> bool:
    """Whether a folded word is found as a whole word alone: it is short, and of a script with blanks between words."""
    return len(word) <= SHORT and not _UNSPACED_LETTER.search(word)


def is_unspaced(letter: str) -> bool:
    """Whether a letter is of a script without blanks between words."""
    return bool(_UNSPACED_LETTER.match(letter))


def full_width(word: str) -> str:
    """Return a word of Latin letters in full-width ones, the form in which guesses are kept."""
    return word.translate(_FULL_WIDTH)


def search_column(texts: Iterable[str], *, romanise: bool = False) -> str:
    """Return the search column of these texts; names are romanised too."""
    texts = [text for text in texts if text]
    folded = [fold(text) for text in texts]
    folded += [divided_words(fold_letters(text)) for text in texts]
    folded += [short_words(text) for text in texts]
    lines = folded + [without_signs(text) for text in folded]
    if romanise:
        lines += ["".join(f" {full_width(word)}" for word in romanised(text).split()) for text in texts]
        lines += [in_one_word(text) for text in texts]
    return "\n".join(dict.fromkeys(f" {line.strip()} " for line in lines if line))


def short_words(text: str) -> str:
    """Return the short words of a text that no blank divides from the next letters: ai of “ด้านAI”, us of “US's”, o of “O'Brien”."""
    if text.isascii() and "'" not in text:
        return ""
    words = _BESIDE_APOSTROPHE.findall(fold_letters(text)) + _BESIDE_UNSPACED.findall(fold(text))
    return " ".join(dict.fromkeys(word for word in words if is_short_word(word)))


def in_one_word(text: str) -> str:
    """Return the line by which a name is found when it is typed without its spaces; empty if it has no spaces."""
    folded = loose(text)
    if " " not in folded:
        return ""
    joined = folded.replace(" ", "")
    return f" {full_width(joined)}" if LATIN_WORD.fullmatch(joined) else joined
