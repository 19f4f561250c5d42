"""Letters as readers count them: grapheme clusters (Unicode UAX 29), such as a Thai consonant with its vowel sign and tone.

The Thai vowels that are written before their consonant (เ แ โ ใ ไ) are letters of their own, as UAX 29 has it; SARA AM is not.
"""

from __future__ import annotations

from functools import lru_cache

import regex

_FLAG_HALF = "\U0001f1e6-\U0001f1ff"
# Flags are taken pair by pair: \X alone looks back over all halves at each of them.
_CLUSTER = regex.compile(rf"[{_FLAG_HALF}]{{2}}[\p{{GCB=Extend}}\u200d\p{{GCB=SpacingMark}}]*|\X")
# Before these it may depend on more than one character whether a letter goes on.
_NEEDS_CONTEXT = regex.compile(rf"[\p{{InCB=Consonant}}\p{{Extended_Pictographic}}{_FLAG_HALF}]")
_CONTEXT = 64  # characters before a place that decide whether a letter goes on there


def clusters(text: str) -> list[str]:
    """Return the letters of a text, in order; together they are the text."""
    return _CLUSTER.findall(text)


def is_inside_letter(text: str, place: int) -> bool:
    """Return whether a text that is cut at this place, a number of code points, is cut inside a letter."""
    if not 0 < place < len(text):
        return False
    joined, depends = _pair(text[place - 1], text[place])
    return len(clusters(text[max(0, place - _CONTEXT) : place + 1])[-1]) > 1 if depends else joined


@lru_cache(maxsize=4_000)
def _pair(before: str, after: str) -> tuple[bool, bool]:
    """Return whether two characters are one letter, and whether that depends on what stands before them."""
    return len(clusters(before + after)) == 1, bool(_NEEDS_CONTEXT.match(after)) and not before.isascii()


def letter_at(text: str, place: int) -> str:
    """Return the letter to which the character at this place belongs."""
    begin = max(0, place - _CONTEXT)
    end = begin
    for letter in clusters(text[begin : place + _CONTEXT]):
        end += len(letter)
        if end > place:
            return letter
    return ""


def cut_letter(text: str, start: int, end: int) -> str:
    """Return the letter of a text inside which this span begins or ends; empty if the span is of whole letters."""
    return next((letter_at(text, place) for place in (start, end) if is_inside_letter(text, place)), "")


def place_of_words(text: str, words: str, start: int = 0, end: int | None = None) -> int:
    """Return where the text has these words as whole letters, between `start` and `end`; -1 if nowhere."""
    place = text.find(words, start, end) if words else -1
    while place >= 0 and (is_inside_letter(text, place) or is_inside_letter(text, place + len(words))):
        place = text.find(words, place + 1, end)
    return place


def begins_inside_letter(words: str) -> bool:
    """Return whether words begin with a sign that belongs to the letter before it, such as a vowel sign or a tone."""
    return bool(words) and not words[0].isascii() and is_inside_letter(f"ก{words[0]}", 1)
