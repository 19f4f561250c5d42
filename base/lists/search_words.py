"""The words of a query, and the forms in which they stand in search columns (`base/text/search_column.py`)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import reduce
from itertools import pairwise
from operator import or_
from unicodedata import category, normalize

from django.db.models import Q

from base.text.names import fold, loose
from base.text.search_column import LATIN_WORD, UNSPACED, full_width, is_short_word

_RUNS = re.compile(f"[{UNSPACED}]+|[^{UNSPACED}]+")
_INITIALS = re.compile(r"(?<!\S)[a-z](?: [a-z])+(?!\S)")
_LATIN = re.compile(r"[^\W\d_\u0e00-\u0eff]+")
# Words that only connect others. Readers type them, while texts and names have others in their place. They are compared with
# their marks: “tại” connects, “Tài” is a name.
_CONNECTING = frozenset(
    {"a", "and", "at", "by", "for", "from", "in", "of", "on", "or", "the", "with"}
    | {"ของ", "ที่", "ใน", "และ", "กับ", "โดย", "จาก", "แห่ง"}
    | {"của", "tại", "và", "ở", "trong", "về", "với", "bởi"}
)
# These may be names as well (Tô, Tài, Và), so that they only connect where they stand between two other words.
_CONNECTING_BETWEEN = frozenset({"to", "cua", "tai", "va", "o"})


class QueryWord(str):
    """A folded word of a query.

    `joined` has it and the next or the last word as one word, if it is a short one: Ha of “Ha Noi” stands in Hanoi, too.
    """

    joined: tuple[str, ...]

    def __new__(cls, word: str, joined: tuple[str, ...] = ()) -> QueryWord:
        """Make a word of its text."""
        made = super().__new__(cls, word)
        made.joined = joined
        return made


def words_of(query: str) -> list[QueryWord]:
    """Return the folded words of a query that are looked for. What is nothing but punctuation has none, and finds nothing.

    Words that only connect others (of, ของ, của) are left out where others remain. Thai and its like are words of their own where
    they touch another script: “ด้านAI” is two words. Single letters in a row are one word: J. F., J.F. and JF are the same.
    """
    if isinstance(query, QueryWord):  # a query of one word, as the admin asks for each of several
        return [query]
    typed = typed_words(query)
    left_out = _connecting_words(query, typed)
    joined: dict[str, list[str]] = {}
    for first, second in pairwise(typed):
        if {first, second}.isdisjoint(left_out) and _may_be_joined(first, second):
            for word in (first, second):
                joined.setdefault(word, []).append(first + second)
    return [
        QueryWord(word, tuple(dict.fromkeys(joined.get(word, ()))) if is_short_word(word) else ())
        for word in dict.fromkeys(typed)
        if word not in left_out
    ]


def typed_words(query: str) -> list[str]:
    """Return all folded words of a query in their order, those too that only connect others."""
    folded = _INITIALS.sub(lambda letters: letters[0].replace(" ", ""), fold(query))
    words = [run for word in folded.split() for run in _RUNS.findall(word)]
    return [word for word in words if any(c.isalnum() for c in word)] or words


def _connecting_words(query: str, typed: list[str]) -> set[str]:
    """Return the typed words that only connect others; none where no other word would remain."""
    marked: dict[str, set[str]] = {}  # folded word -> as it was typed
    for word in _LATIN.findall(normalize("NFC", query).casefold()):
        marked.setdefault(fold(word), set()).add(word)
    between = set(typed[1:-1]) - {typed[0], typed[-1]} if typed else set()
    connecting = {
        word
        for word in typed
        if (forms := marked.get(word, {word})) <= _CONNECTING - ({"trong"} if query.isascii() else set())
        or (word in between and forms <= _CONNECTING_BETWEEN)
    }
    return connecting if any(word not in connecting for word in typed) else set()


def _may_be_joined(first: str, second: str) -> bool:
    """Whether two words next to each other may be one word elsewhere: one is short, and both are of scripts with blanks."""
    return (is_short_word(first) or is_short_word(second)) and all(
        word.isalnum() and not re.search(f"[{UNSPACED}]", word) for word in (first, second)
    )


def text_forms(word: str) -> list[str]:
    """Return the texts of which a row that has this word holds one: a short word is a whole one, any other may be part of a
    longer word. What it is joined to begins a word: “to be” is not in October.
    """
    if not is_short_word(word):
        return [word]
    return [f" {word} ", *joined_forms(word)]


def joined_forms(word: str) -> list[str]:
    """Return the texts in which a short word of a query stands as one word with its neighbour."""
    return [f" {joined} " if is_short_word(joined) else f" {joined}" for joined in getattr(word, "joined", ())]


def name_forms(word: str, *, whole: bool = False) -> list[str]:
    """Return the texts of which a name that has this word holds one. A word of Latin letters may be the sound of a name.

    Thai signs may be left out or wrong. A short word is the beginning of one, since names are searched while they are typed;
    with `whole`, it is a whole one.
    """
    if is_short_word(word):
        end = " " if whole else ""
        sounds = [f" {full_width(word)}{end}"] if LATIN_WORD.fullmatch(word) else []
        return [f" {word}{end}", *sounds, *joined_forms(word)]
    return [loose(word) or word, *([f" {full_width(word)}"] if LATIN_WORD.fullmatch(word) else [])]


def holds_any(forms: Sequence[str], column: str = "search") -> Q:
    """Return the condition that a column holds one of these texts."""
    return reduce(or_, (Q(**{f"{column}__contains": form}) for form in forms))


def has_trigram(word: str) -> bool:
    """Whether the indexes of trigrams of both databases find a word: it is a whole one, or has three letters or digits in a row."""
    if is_short_word(word):
        return any(c.isalnum() for c in word)
    return any(len(run) >= 3 for run in "".join(c if category(c)[0] in "LMN" else " " for c in word).split())
