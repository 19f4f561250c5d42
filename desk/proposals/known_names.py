"""All spellings on record, as a dictionary of beginnings: what stands of them in an article is found in one walk."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from base.records.publishing import Status
from base.text.names import fold
from base.text.signs import is_blank
from directory.models import InitiativeName, OrganizationName, PersonName
from events.models import EventName

from .proposal import RecordReference

_BEGINNING = 3  # folded characters by which spellings are looked up
_LEADING_VOWELS = "เแโใไ"
_NOT_ALONE = ("\u0e30", "\u0e3a")  # Thai vowel signs: a word does not begin with one
OwnKind = Literal["person", "organization", "event", "initiative"]


@dataclass(frozen=True)
class KnownName:
    """A record that goes by a spelling."""

    kind: OwnKind
    id: str
    name: str

    def reference(self) -> RecordReference:
        """Return the record as a proposal names it."""
        return {"kind": self.kind, "id": self.id}


@dataclass(frozen=True)
class FoundName:
    """A spelling on record, where it stands in a text. Several records may go by it; the first is the one that is proposed."""

    start: int
    end: int
    records: tuple[KnownName, ...]


class KnownNames:
    """The spellings of many records. Building takes about a second for 40,000; an article is searched in a few hundredths."""

    def __init__(self, spellings: Iterable[tuple[str, KnownName]]) -> None:
        self._records: dict[str, list[KnownName]] = {}
        lengths: dict[str, set[int]] = {}
        for text, record in spellings:
            folded = _folded(text)
            if len(folded) < _BEGINNING:
                continue
            records = self._records.setdefault(folded, [])
            if record not in records:
                records.append(record)
            lengths.setdefault(folded[:_BEGINNING], set()).add(len(folded))
        self._lengths = {beginning: sorted(some, reverse=True) for beginning, some in lengths.items()}

    @classmethod
    def from_database(cls) -> KnownNames:
        """Return every spelling of people, organizations, initiatives and events that is not withdrawn. Four queries."""
        return cls(_spellings())

    def __len__(self) -> int:
        return len(self._records)

    def find(self, text: str) -> Iterator[FoundName]:
        """Yield the spellings that stand in a text as whole words, the longest first where several begin."""
        folded, places = _fold_with_places(text)
        at, length = 0, len(folded)
        while at < length - _BEGINNING + 1:
            for size in self._lengths.get(folded[at : at + _BEGINNING], ()):
                end = at + size
                if end <= length and folded[at:end] in self._records and _is_whole(folded, at, end):
                    stop = places[end - 1] + 1
                    while stop < len(text) and not _fold_character(text[stop]):
                        stop += 1  # a mark that folding leaves out
                    yield FoundName(places[at], stop, tuple(self._records[folded[at:end]]))
                    at = end - 1
                    break
            at += 1


def _spellings() -> Iterator[tuple[str, KnownName]]:
    for model, owner, kind in (
        (PersonName, "person", "person"),
        (OrganizationName, "organization", "organization"),
        (InitiativeName, "initiative", "initiative"),
        (EventName, "event", "event"),
    ):
        rows = model._base_manager.exclude(status=Status.WITHDRAWN).exclude(**{f"{owner}__status": Status.WITHDRAWN})
        for text, slug, name in rows.order_by("pk").values_list("text", f"{owner}__slug", f"{owner}__name").iterator():
            yield text, KnownName(kind, slug, name or text)  # type: ignore[arg-type]


def _folded(text: str) -> str:
    """Return a spelling as the walk compares it, character by character."""
    return "".join(_fold_with_places(text)[0]).strip()


@lru_cache(maxsize=8_192)
def _fold_character(char: str) -> str:
    """Return one character as it is compared: folded, without Thai tones, and any sign that divides words as a blank."""
    if char.isspace() or (not char.isalnum() and is_blank(char)):
        return " "
    folded = (
        fold(char).replace("\u0e33", "\u0e32").replace("\u0e41", "\u0e40\u0e40")
    )  # SARA AM and SARA AE, whole or taken apart
    return "".join(one for one in folded if not "\u0e47" <= one <= "\u0e4e")


def _fold_with_places(text: str) -> tuple[str, list[int]]:
    """Return the folded text, and for each of its characters the place in the text."""
    pieces: list[str] = []
    places: list[int] = []
    last = ""
    for place, char in enumerate(text):
        for one in _fold_character(char):
            if one == " " and last == " ":
                continue
            last = one
            pieces.append(one)
            places.append(place)
    return "".join(pieces), places


def _is_whole(folded: str, at: int, end: int) -> bool:
    """Whether a stretch begins and ends where words may: Thai has no blanks, but never parts a vowel from its consonant."""
    begins = at == 0 or (_is_edge(folded[at - 1], folded[at]) and folded[at - 1] not in _LEADING_VOWELS)
    low, high = _NOT_ALONE
    return begins and (
        end == len(folded) or (_is_edge(folded[end - 1], folded[end]) and not low <= folded[end] <= high)
    )


def _is_edge(before: str, after: str) -> bool:
    return not (before.isalnum() and after.isalnum() and min(before, after) < "\u0e00")
