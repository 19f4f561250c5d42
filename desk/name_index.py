"""The names of all records of a kind in memory, in the forms in which they are compared while a name is typed.

A process reads them once, and after a write those that were written since. 20,000 names take about 10 MB.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from typing import Any, NamedTuple, cast

from django.db import connections
from django.db.models import Count, F, ManyToOneRel, QuerySet, Sum
from django.db.models.functions import Length
from rapidfuzz import fuzz, process
from simple_history.utils import get_history_manager_for_model

from base.changes.version import content_version, version_database
from base.records.names import Name, NamedRecord
from base.sql.prepared import AnyOf
from base.text.names import fold, romanised, without_signs

MOST_NAMES = 200_000  # of one kind, the newest: what a process keeps in memory has an end
MOST_WRITTEN = 1_000  # versions since the last reading; if there are more, all is read again
# Versions before the newest that are looked at once more: a transaction that ends later may have taken a lower number.
LATE_VERSIONS = 200
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
    """All names of a kind. It is never changed: after a write another one takes its place, with the rows that stayed the same.

    `rows_by_key` has the names by their keys; `newest_version` is the last version of a name that is taken into account.
    """

    def __init__(self, rows_by_key: dict[int, NameRow], newest_version: int) -> None:
        self.rows_by_key, self.newest_version = rows_by_key, newest_version
        self.rows = list(rows_by_key.values())
        forms = [row.forms for row in self.rows]
        self._latin = [each.latin for each in forms]
        self._skeletons = [each.skeleton for each in forms]
        self._words = [each.distinct_words for each in forms]

    def same(self, name: NameForms) -> Iterator[NameRow]:
        """Yield the names that are the same but for marks, signs and blanks, or hold the same words in another order."""
        words, bare = name.distinct_words, name.bare
        return (row for row in self.rows if row.forms.distinct_words == words or row.forms.bare == bare)

    def sharing_words(self, name: NameForms) -> Iterator[NameRow]:
        """Yield the names that have a word in common with this one."""
        has_no_word = name.distinct_words.isdisjoint
        return (row for row, words in zip(self.rows, self._words, strict=True) if not has_no_word(words))

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
    """Return the names of all records of a kind as they are now, drafts too. One query, or five after a write."""
    version = content_version()
    with _lock:  # two requests at once shall not both read everything
        known = _indexes.get(model)
        if known is not None and known[0] == version:
            return known[1]
        index = _read(model, known[1] if known else None)
        # A transaction may be taken back, and its version come again.
        if not connections[version_database()].in_atomic_block:
            _indexes[model] = (version, index)
        return index


def name_model(model: type[NamedRecord]) -> type[Name]:
    """Return the model of the names of a kind of record. Its first public parent is the record."""
    relation = cast(ManyToOneRel, model._meta.get_field("names"))  # type: ignore[misc]  # each kind has a table of its own
    return cast("type[Name]", relation.related_model)


def _read(model: type[NamedRecord], known: NameIndex | None) -> NameIndex:
    """Read the names of a kind: of those that are known already only what was written since. Two queries, or four."""
    names, history = _names_of(model), get_history_manager_for_model(name_model(model))
    newest = history.order_by("-history_id").values_list("history_id", flat=True).first() or 0
    if known is not None and known.newest_version <= newest:  # else a backup was restored
        last = history.filter(history_id__gt=known.newest_version - LATE_VERSIONS).order_by()
        written = {*last.values_list("id", flat=True)[:MOST_WRITTEN]}
        rows = {key: row for key, row in known.rows_by_key.items() if key not in written}
        rows |= _rows(names.filter(AnyOf("pk", written)), known.rows_by_key)
        if len(written) < MOST_WRITTEN and _are_all(names, rows):
            return NameIndex(rows, newest)
    known_rows = known.rows_by_key if known is not None else {}
    return NameIndex(_rows(names.order_by("-pk")[:MOST_NAMES], known_rows), newest)


def _names_of(model: type[NamedRecord]) -> QuerySet[Name]:
    """Return the names of the records that were not merged into others, with the key of the record as `owner_key`."""
    names = name_model(model)
    owner = names.public_parents[0]
    return names._base_manager.filter(**{f"{owner}__merged_into": None}).annotate(owner_key=F(f"{owner}_id"))


def _rows(names: QuerySet[Name], known: dict[int, NameRow]) -> dict[int, NameRow]:
    """Read names; the forms of a spelling that is known are not worked out again."""
    rows = {}
    columns: QuerySet[Any] = names
    for key, owner, language, text in columns.values_list("pk", "owner_key", "language", "text"):
        row = known.get(key)
        forms = row.forms if row is not None and row.forms.text == text else NameForms(text)
        rows[key] = NameRow(owner, language, forms)
    return rows


def _are_all(names: QuerySet[Name], rows: dict[int, NameRow]) -> bool:
    """Whether these are all names, by their number, owners and lengths: something may have been written without a history."""
    sums = names.aggregate(number=Count("pk"), owners=Sum("owner_key"), letters=Sum(Length("text")))
    owners, letters = sum(row.owner for row in rows.values()), sum(len(row.forms.text) for row in rows.values())
    return (sums["number"], sums["owners"] or 0, sums["letters"] or 0) == (len(rows), owners, letters)
