"""Why words are not found in a text that nearly has them: another apostrophe, a doubled blank, a letter taken apart or left out.

Words and text are compared letter by letter (grapheme clusters), each with a key in which quotation marks, dashes, blanks, case,
composition and what nobody sees make no difference. The words are looked for by these keys, whole or by a part of them; from
there both are walked along, and a difference is stepped over where they agree again. The cost grows with the lengths alone.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from base.text.characters import described, is_seen
from base.text.letters import clusters, cut_letter, place_of_words

LONGEST_WORDS = 10_000  # characters; for longer words nothing is looked for
LONGEST_TEXT = 50_000  # characters; of a longer text, only what stands around a part of the words is looked at
COUNTED = 100  # differences; behind them nobody goes on counting
TOLD = 3  # differences that a message names
_PARTS = 4  # of the words, one of which has to be in the text if the whole is not
_PLACES = 8  # where a part is tried
_STEP = 3  # letters that stand for up to as many others
_LONGEST_STEP = 6  # letters that are left out or added
_AGREED = 4  # letters that have to agree behind a difference
_LIKENED = {
    **dict.fromkeys("‘’‛′`´ʼ＇", "'"),
    **dict.fromkeys("“”„‟«»″＂", '"'),
    **dict.fromkeys("‐‑‒–—―−－", "-"),
    "…": "...",
}


@dataclass(frozen=True)
class Difference:
    """A place where words are not what a text prints: what it prints there and what was typed; either may be empty.

    `place` is the number of the first letter's first character in the words, from 1.
    """

    place: int
    printed: str
    typed: str

    def __str__(self) -> str:
        values = {"place": self.place, "printed": described(self.printed), "typed": described(self.typed)}
        if not self.printed:
            return _("at character %(place)s you typed %(typed)s, which is not printed there") % values
        if not self.typed:
            return _("at character %(place)s %(printed)s is printed, which you left out") % values
        if unicodedata.normalize("NFC", self.printed) == unicodedata.normalize("NFC", self.typed):
            return _("at character %(place)s the letter is made of %(printed)s, and you typed %(typed)s") % values
        return _("at character %(place)s %(printed)s is printed, and you typed %(typed)s") % values


class _Letters:
    """A text as letters with their keys; a letter that makes no difference has an empty one."""

    def __init__(self, text: str) -> None:
        self.letters = clusters(text)
        keys = [_key(letter) for letter in self.letters]
        after = [*keys[1:], ""]
        # Blanks that follow a blank, and the one before ๆ, do not count.
        self.keys = [
            "" if key == " " and (before == " " or next_key.startswith("ๆ")) else key
            for before, key, next_key in zip(["", *keys], keys, after, strict=False)
        ]
        self.joined = "".join(self.keys)
        self.ends = list(accumulate(map(len, self.keys)))

    def at(self, place: int) -> int:
        """Return the number of the letter whose key holds this place of the joined keys."""
        return bisect_right(self.ends, place)


@lru_cache(maxsize=4_000)
def _key(letter: str) -> str:
    if letter.isspace():
        return " "
    if not is_seen(letter):
        return ""
    return "".join(
        _LIKENED.get(sign, sign) for sign in unicodedata.normalize("NFC", letter.casefold()) if is_seen(sign)
    )


def differences(words: str, text: str) -> list[Difference]:
    """Return where words that a text nearly has are not what it prints; empty if it has nothing like them, or just them."""
    if not words or len(words) > LONGEST_WORDS or words in text:
        return []
    typed, printed = _Letters(words), _Letters(_surroundings(words, text))
    most = max(1, len(typed.letters) // 4)
    best: list[Difference] | None = None
    tried: set[int] = set()
    for start_typed, start_printed in _anchors(typed, printed):
        if start_printed - start_typed in tried:  # the way through another anchor was the same
            continue
        tried.add(start_printed - start_typed)
        found = _walked(typed, printed, start_typed, start_printed, most)
        if found is not None and (best is None or len(found) < len(best)):
            best = found
    return best or []


def near_miss(words: str, text: str) -> str:
    """Return a sentence about how words differ from what a text prints; empty if it has nothing like them, or just them."""
    place = text.find(words) if words else -1
    if place >= 0:
        letter = cut_letter(text, place, place + len(words))
        if not letter or place_of_words(text, words) >= 0:
            return ""
        return _("The words begin or end inside the letter %(letter)s.") % {"letter": described(letter)}
    found = differences(words, text)
    if not found:
        return ""
    parts = [str(difference) for difference in found[:TOLD]]
    if (more := len(found) - TOLD) > 0:
        parts.append(ngettext("and at %(count)s more place", "and at %(count)s more places", more) % {"count": more})
    sentence = "; ".join(parts)
    return f"{sentence[0].upper()}{sentence[1:]}."


def _surroundings(words: str, text: str) -> str:
    """Return a text, or the part of a long one that stands around a part of the words; empty if it has none."""
    if len(text) <= LONGEST_TEXT:
        return text
    size = -(-len(words) // _PARTS)
    for begin in range(0, len(words), size):
        place = text.find(words[begin : begin + size])
        if place >= 0:
            return text[max(0, place - 2 * len(words)) : place + 3 * len(words)]
    return ""


def _anchors(typed: _Letters, printed: _Letters) -> Iterator[tuple[int, int]]:
    """Yield pairs of letters, one of the words and one of the text, from which both may agree."""
    if not typed.joined:
        return
    place = printed.joined.find(typed.joined)
    if place >= 0:
        yield 0, printed.at(place)
        return
    size = -(-len(typed.joined) // _PARTS)
    for begin in range(0, len(typed.joined), size):
        part = typed.joined[begin : begin + size]
        place = printed.joined.find(part)
        for _attempt in range(_PLACES):
            if place < 0:
                break
            yield typed.at(begin), printed.at(place)
            place = printed.joined.find(part, place + 1)


def _walked(typed: _Letters, printed: _Letters, i: int, j: int, most: int) -> list[Difference] | None:
    """Return the differences on both sides of an anchor; None if there are more than a near miss has."""
    slack = _LONGEST_STEP * (most + 1)
    begin, end = max(0, j - 2 * i - slack), j + 2 * (len(typed.letters) - i) + slack
    left = _steps(
        typed.letters[:i][::-1], printed.letters[begin:j][::-1], typed.keys[:i][::-1], printed.keys[begin:j][::-1], most
    )
    if left is None:
        return None
    right = _steps(typed.letters[i:], printed.letters[j:end], typed.keys[i:], printed.keys[j:end], most)
    if right is None:
        return None
    places = [1, *accumulate((len(letter) for letter in typed.letters), initial=1)][1:]
    found = [
        Difference(places[i - at - len(mine)], "".join(theirs[::-1]), "".join(mine[::-1]))
        for at, mine, theirs in reversed(left)
    ]
    found += [Difference(places[i + at], "".join(theirs), "".join(mine)) for at, mine, theirs in right]
    serious = [one for one in found if _folded(one.printed) != _folded(one.typed)]
    return found if sum(max(len(clusters(one.printed)), len(clusters(one.typed))) for one in serious) <= most else None


def _folded(letters: str) -> str:
    return "".join(map(_key, clusters(letters))).replace(" ", "")


_Step = tuple[int, Sequence[str], Sequence[str]]  # where in the words, the letters there, those of the text


def _steps(
    typed: Sequence[str], printed: Sequence[str], typed_keys: Sequence[str], printed_keys: Sequence[str], most: int
) -> list[_Step] | None:
    """Return the differences from a common beginning to the end of the words; None if the two do not come together again."""
    found: list[_Step] = []
    serious = i = j = 0
    while i < len(typed) and len(found) < COUNTED:
        if j < len(printed) and typed[i] == printed[j]:
            i, j = i + 1, j + 1
            continue
        step = _next_agreement(typed_keys, printed_keys, i, j)
        if step is None:
            return None
        of_typed, of_printed = step
        found.append((i, typed[i : i + of_typed], printed[j : j + of_printed]))
        if "".join(typed_keys[i : i + of_typed]) != "".join(printed_keys[j : j + of_printed]):
            serious += max(step)
        if serious > most:
            return None
        i, j = i + of_typed, j + of_printed
    return found


def _next_agreement(typed: Sequence[str], printed: Sequence[str], i: int, j: int) -> tuple[int, int] | None:
    """Return how many letters of words and text to step over until their keys agree; None if they do not.

    A step over letters whose keys agree, such as a doubled blank, is better than any other, and one behind which letters agree is
    better than one to the end of the words.
    """
    steps: list[tuple[int, int]] = []
    last: tuple[int, int] | None = None
    for of_typed, of_printed in _STEPS:
        if i + of_typed > len(typed) or j + of_printed > len(printed):
            continue
        after = [key for key in typed[i + of_typed : i + of_typed + _AGREED + 2] if key][:_AGREED]
        there = [key for key in printed[j + of_printed : j + of_printed + _AGREED + 2] if key][: len(after)]
        if after == there:
            if "".join(typed[i : i + of_typed]) == "".join(printed[j : j + of_printed]):
                return of_typed, of_printed
            if after:
                steps.append((of_typed, of_printed))
            else:
                last = last or (of_typed, of_printed)
    return steps[0] if steps else last


# The shortest differences first; one letter for another before one left out or added.
_STEPS = sorted(
    {(a, b) for a in range(_STEP + 1) for b in range(_STEP + 1) if a or b}
    | {step for length in range(1, _LONGEST_STEP + 1) for step in ((0, length), (length, 0))},
    key=lambda step: (max(step), step[0] != step[1], sum(step), step),
)
