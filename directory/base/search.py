"""Search columns: folded text beside the original, found by substring on both databases.

A column has three kinds of lines: the texts as they are compared (`fold`); those again without the signs that Thai readers
leave out (`loose`), where that differs; and for names guesses at what somebody may type: names of other scripts in Latin
letters (`romanised`), and names of several words in one, as Thai is often written. Latin guesses are in full-width letters,
which no folded text has: they are found from the beginning of a word only, and never taken for a spelling.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.contrib.postgres.indexes import GinIndex
from django.db.models import Q, QuerySet

from .names import fold, loose, romanised, without_signs

_WIDE = str.maketrans({c: chr(ord(c) + 0xFEE0) for c in "abcdefghijklmnopqrstuvwxyz0123456789"})
_LATIN_WORD = re.compile(r"[a-z][a-z0-9]*")
_CLUSTER = re.compile("(?s).[\u0300-\u036f\u0e31\u0e34-\u0e3a\u0e47-\u0e4e]*\u0e33?")


def trigram_index(name: str, column: str = "search") -> GinIndex:
    """Return the index that finds a substring of three characters or more on PostgreSQL."""
    return GinIndex(fields=[column], name=name, opclasses=["gin_trgm_ops"])


def search_column(texts: Iterable[str], *, romanise: bool = False) -> str:
    """Return the search column of these texts; names are romanised too."""
    texts = [text for text in texts if text]
    folded = [fold(text) for text in texts]
    lines = folded + [without_signs(text) for text in folded]
    if romanise:
        lines += ["".join(f" {_wide(word)}" for word in romanised(text).split()) for text in texts]
        lines += [in_one_word(text) for text in texts]
    return "\n".join(dict.fromkeys(filter(None, lines)))


def in_one_word(text: str) -> str:
    """Return the line by which a name is found that is typed without its spaces; empty where it has none."""
    folded = loose(text)
    if " " not in folded:
        return ""
    joined = folded.replace(" ", "")
    return f" {_wide(joined)}" if _LATIN_WORD.fullmatch(joined) else joined


def words_of(query: str) -> list[str]:
    """Return the folded words of a query; a dash between words is no word, but a query of nothing else is looked for."""
    words = fold(query).split()
    return [word for word in words if any(c.isalnum() for c in word)] or words


def matching(query: str, column: str = "search", *, forgiving: bool = False) -> Q:
    """Return the condition that every word of `query` occurs in the folded column, in any order.

    Thai signs may be left out. Forgiving, for names, they may also be wrong, and the words may be a romanisation.
    """
    condition = Q()
    for word in words_of(query):
        found = Q(**{f"{column}__contains": (loose(word) or word) if forgiving else word})
        if forgiving and _LATIN_WORD.fullmatch(word):
            found |= Q(**{f"{column}__contains": f" {_wide(word)}"})
        condition &= found
    return condition


def found(rows: QuerySet[Any], query: str) -> QuerySet[Any]:
    """Return the rows that match: the one rule of search page, lists, exports and API."""
    return rows.filter(matching(query, forgiving=rows.model.forgiving_search))


def _wide(word: str) -> str:
    return word.translate(_WIDE)


def pieces(text: str, words: Iterable[str]) -> list[tuple[bool, str]]:
    """Cut `text` where one of the folded words occurs: (whether it matches, the piece), in order, nothing lost.

    Letters and their marks stay together. Where a word does not occur as typed, it is looked for without the Thai signs.
    """
    clusters = _CLUSTER.findall(text)
    matched = [False] * len(clusters)
    for word in words:
        for folding in (fold, loose):
            spans = _spans([_folded(folding, cluster) for cluster in clusters], folding(word))
            for start, end in spans:
                matched[start:end] = [True] * (end - start)
            if spans:
                break
    pairs = zip(matched, clusters, strict=True)
    return [(hit, "".join(cluster for _hit, cluster in run)) for hit, run in groupby(pairs, key=itemgetter(0))]


def excerpt(text: str, words: Iterable[str], around: int = 80) -> str:
    """Return the part of `text` around the first match, cut at spaces only; a script without them stays whole."""
    cut = pieces(text, words)
    start = len(cut[0][1]) if cut and not cut[0][0] else 0
    start = max(text.rfind(" ", 0, start - around), -1) + 1 if start > around else 0
    end = text.find(" ", start + 3 * around)
    return ("… " if start else "") + (text[start:end] + " …" if end >= 0 else text[start:])


@lru_cache(maxsize=8192)
def _folded(folding: Callable[[str], str], cluster: str) -> str:
    return folding(cluster) or (" " if cluster.isspace() else "")


def _spans(folded: list[str], wanted: str) -> list[tuple[int, int]]:
    """Return [start, end) of the clusters that hold each occurrence of `wanted`."""
    if not wanted:
        return []
    owner = [number for number, part in enumerate(folded) for _c in part]
    whole, spans, at = "".join(folded), [], -1
    while (at := whole.find(wanted, at + 1)) >= 0:
        spans.append((owner[at], owner[at + len(wanted) - 1] + 1))
    return spans
