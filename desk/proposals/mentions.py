"""Who and what an article names, and at which places."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from django.utils.translation import gettext as _

from .proposal import RecordReference, Span

NameKind = Literal["person", "organization", "event", "initiative"]


@dataclass(frozen=True)
class Mention:
    """A place where somebody or something is named. `who` is the longest name of the same person or body in the article."""

    start: int
    end: int
    kind: NameKind
    who: str
    score: float = 0.5
    reason: str = ""
    record: RecordReference | None = None
    gender: str = ""  # he, she, or empty where nothing tells

    @property
    def span(self) -> Span:
        return self.start, self.end


def short_mention(start: int, end: int, who: str, gender: str) -> Mention:
    """Return the mention of a person by a part of the name that the article gives in full elsewhere."""
    return Mention(start, end, "person", who, 0.7, _("A part of a name that is given in full."), None, gender)


class Mentions:
    """All mentions of an article in order; none overlaps another."""

    def __init__(self, mentions: Iterable[Mention]) -> None:
        self.all: list[Mention] = []
        for mention in sorted(mentions, key=lambda one: (one.start, -one.end)):
            if not self.all or mention.start >= self.all[-1].end:
                self.all.append(mention)
        self._starts = [mention.start for mention in self.all]
        self._ends = [mention.end for mention in self.all]
        self._genders: dict[str, str] = {}
        for mention in self.all:
            if mention.gender:
                self._genders.setdefault(mention.who, mention.gender)

    def between(self, begin: int, end: int) -> list[Mention]:
        """Return the mentions that lie whole between two places."""
        first, last = bisect_left(self._starts, begin), bisect_right(self._ends, end)
        return self.all[first:last]

    def before(self, place: int, most: int = 40) -> list[Mention]:
        """Return the last mentions that end before a place, in order."""
        number = bisect_right(self._ends, place)
        return self.all[max(0, number - most) : number]

    def covers(self, place: int) -> bool:
        """Whether a place lies inside a mention."""
        number = bisect_right(self._starts, place) - 1
        return number >= 0 and place < self._ends[number]

    def ending_at(self, place: int) -> Mention | None:
        """Return the mention that ends here."""
        number = bisect_left(self._ends, place)
        return self.all[number] if number < len(self.all) and self._ends[number] == place else None

    def starting_at(self, place: int) -> Mention | None:
        """Return the mention that begins here."""
        number = bisect_left(self._starts, place)
        return self.all[number] if number < len(self.all) and self._starts[number] == place else None

    def last_before(self, place: int, kind: NameKind, gender: str = "", most: int = 40) -> Mention | None:
        """Return the last mention of this kind that ends before a place, of a gender that fits."""
        number = bisect_right(self._ends, place)
        for mention in reversed(self.all[max(0, number - most) : number]):
            if mention.kind == kind and self.fits(mention.who, gender):
                return mention
        return None

    def fits(self, who: str, gender: str) -> bool:
        """Whether nothing in the article speaks against a person's being of this gender."""
        return not gender or self._genders.get(who, gender) == gender

    def note_gender(self, who: str, gender: str) -> None:
        """Keep which pronoun a person was once called by."""
        self._genders.setdefault(who, gender)

    def of_kind(self, kind: NameKind) -> dict[str, list[Mention]]:
        """Return the mentions of this kind by whom they name, in the order of the first."""
        grouped: dict[str, list[Mention]] = {}
        for mention in self.all:
            if mention.kind == kind:
                grouped.setdefault(mention.who, []).append(mention)
        return grouped
