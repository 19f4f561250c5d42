"""The names of all records of a kind in memory, in the forms in which they are compared while a name is typed.

A process reads them once and again after a write; what was worked out for a spelling is kept. 20,000 names take about 10 MB.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from typing import NamedTuple, cast

from django.db import connections
from django.db.models import ManyToOneRel, Q
from rapidfuzz import fuzz, process

from base.changes.version import content_version, version_database
from base.records.names import Name, NamedRecord
from base.text.names import fold, romanised, without_signs

MOST_NAMES = 200_000  # of one kind, the newest: what a process keeps in memory has an end
MOST_ALIKE = 60  # rows that one comparison looks at more closely
# Words that an abbreviation leaves out: Association of Harbour Towns, AHT.
_SMALL_WORDS = frozenset(["of", "the", "and", "for", "in", "on", "de", "la", "du", "des", "va", "cua"])
# Consonants that transliterations write one way or the other. The order counts: PH before P.
_SOUNDS = tuple(zip(["ph", "th", "kh", "gi", "d", "v", "b"], "ftkztwp", strict=True))
_REPEATED = re.compile(r"(.)\1+")
_NO_CONSONANT = re.compile(r"[aeiouyw\s.:-]")


def consonant_skeleton(latin: str) -> str:
    """Return the consonants of a name in Latin letters, those that sound alike as one: the same for Michael and Maikheil."""
    for letters, sound in _SOUNDS:
        latin = latin.replace(letters, sound)
    return _NO_CONSONANT.sub("", _REPEATED.sub(r"\1", latin))


class NameForms:
    """One spelling in the forms in which it is compared."""

    __slots__ = ("bare", "distinct_words", "folded", "initials", "latin", "skeleton", "text", "words")

    def __init__(self, text: str) -> None:
        self.text = text
        self.folded = fold(text)
        self.bare = without_signs(self.folded).replace(" ", "")  # as Thai is often typed
        latin = romanised(text) or self.folded
        self.words = tuple(self.folded.split())
        self.distinct_words = frozenset(self.words)
        self.latin = " ".join(sorted(latin.split()))  # compared by `ratio`, this is `token_sort_ratio`
        self.skeleton = consonant_skeleton(latin)
        self.initials = "".join(word[0] for word in latin.split() if word not in _SMALL_WORDS)

    @property
    def is_latin(self) -> bool:
        """Whether it is written in Latin letters."""
        return self.folded.isascii()


class NameRow(NamedTuple):
    """One name of one record."""

    owner: int
    language: str
    forms: NameForms


class NameIndex:
    """All names of a kind. It is never changed: after a write another one takes its place."""

    def __init__(self, rows: list[NameRow]) -> None:
        self.rows = rows
        self.forms = [row.forms for row in rows]
        self._latin = [forms.latin for forms in self.forms]
        self._skeletons = [forms.skeleton for forms in self.forms]

    def same(self, name: NameForms) -> Iterator[NameRow]:
        """Yield the names that are the same but for marks, signs and blanks, or hold the same words in another order."""
        words, bare = name.distinct_words, name.bare
        return (row for row in self.rows if row.forms.distinct_words == words or row.forms.bare == bare)

    def sharing_words(self, name: NameForms) -> Iterator[NameRow]:
        """Yield the names that have a word in common with this one."""
        words = name.distinct_words
        return (row for row in self.rows if not words.isdisjoint(row.forms.distinct_words))

    def containing(self, name: NameForms) -> Iterator[NameRow]:
        """Yield the names of which this one is a part without blanks between, or that are a part of it, as Thai is written."""
        text = name.folded
        return (row for row in self.rows if text in row.forms.folded or row.forms.folded in text)

    def abbreviations(self, name: NameForms) -> Iterator[NameRow]:
        """Yield the names whose initials are this name, and those that are the initials of this name."""
        text, initials = name.folded, name.initials
        return (row for row in self.rows if row.forms.initials == text or row.forms.folded == initials)

    def spelled_nearly(self, name: NameForms, cutoff: float) -> Iterator[NameRow]:
        """Yield the names spelled nearly so in Latin letters, whatever the order of the words; the nearest first."""
        return self._nearest(name.latin, self._latin, cutoff)

    def sounding_nearly(self, name: NameForms, cutoff: float) -> Iterator[NameRow]:
        """Yield the names with nearly the same consonants; the nearest first."""
        return self._nearest(name.skeleton, self._skeletons, cutoff)

    def _nearest(self, text: str, texts: list[str], cutoff: float) -> Iterator[NameRow]:
        nearest = process.extract(text, texts, scorer=fuzz.ratio, score_cutoff=cutoff, limit=MOST_ALIKE)
        return (self.rows[number] for _text, _score, number in nearest)


_indexes: dict[type[NamedRecord], tuple[int, NameIndex]] = {}
_lock = threading.Lock()


def name_index_of(model: type[NamedRecord]) -> NameIndex:
    """Return the names of all records of a kind as they are now, drafts too. One query, or three after a write."""
    version = content_version()
    with _lock:  # two requests at once shall not both read everything
        known = _indexes.get(model)
        if known is not None and known[0] == version:
            return known[1]
        index = _read(model, {forms.text: forms for forms in known[1].forms} if known else {})
        # A transaction may be taken back, and its version come again.
        if not connections[version_database()].in_atomic_block:
            _indexes[model] = (version, index)
        return index


def name_model(model: type[NamedRecord]) -> type[Name]:
    """Return the model of the names of a kind of record. Its first public parent is the record."""
    relation = cast(ManyToOneRel, model._meta.get_field("names"))  # type: ignore[misc]  # each kind has a table of its own
    return cast("type[Name]", relation.related_model)


def _read(model: type[NamedRecord], known: dict[str, NameForms]) -> NameIndex:
    """Read the names of records that were not merged into others, and work out the forms of those that are new."""
    names, owner_column = name_model(model)._base_manager.order_by("-pk"), f"{name_model(model).public_parents[0]}_id"
    merged = {*model._base_manager.filter(~Q(merged_into=None)).values_list("pk", flat=True)}
    rows = []
    for owner, language, text in names.values_list(owner_column, "language", "text")[:MOST_NAMES]:
        if (forms := known.get(text)) is None:
            forms = known[text] = NameForms(text)
        if owner not in merged:
            rows.append(NameRow(owner, language, forms))
    return NameIndex(rows)
