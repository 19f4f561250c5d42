"""What only the database can say of a batch: which ids and passages are there, and whether words are printed where they should be.

Looking up asks a fixed number of questions for a batch; settling then needs none, so that it can be done while another batch
is written. What that other batch brings is not in the database yet: it is remembered here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from base.records.provenance import sha256_of
from base.sql.bulk import reserve, select_by_keys
from directory.models import Passage, Source
from directory.models.sources import Check
from events.models import Statement, StatementFormerId

from .checking import VERBATIM, Citation, Draft, spans
from .columns import RIGHT, Problem
from .known import Known

Span = tuple[int, int, int]  # source, start, end


class Place(NamedTuple):
    """A passage: one that is there, or a new one. `words` is what a stored text of its source has there."""

    key: int
    source: int
    slug: str  # of the source; empty for a passage that is there
    paragraph: int
    start: int
    end: int
    sha256: str
    check: str
    words: str = ""
    line: int = 0  # of the file that makes it

    @property
    def span(self) -> Span:
        """Where it is."""
        return (self.source, self.start, self.end)


@dataclass
class Found:
    """What was looked up for a batch."""

    ids: dict[str, int]  # public ids that are taken: the statement that has or had them
    passages: dict[Span, Place]
    in_paragraph: dict[tuple[int, int], list[Place]]
    words: dict[Span, str]
    numbers: dict[Span, int]  # primary keys for passages that are not there


@dataclass
class Settled:
    """The statements of a batch that can be stored, the passages that have to be made for them, and what is wrong with others.

    Of statements whose rows are made, only the number is kept.
    """

    drafts: list[Draft] = field(default_factory=list)
    made: list[Place] = field(default_factory=list)
    good: int = 0
    skipped: int = 0
    problems: list[Problem] = field(default_factory=list)


def look_up(drafts: Sequence[Draft], known: Known) -> Found:
    """Ask the database about a batch: four queries, a fifth for passages named by paragraph, one more for each stored text."""
    slugs = [(draft.slug,) for draft in drafts]
    ids: dict[str, int] = dict(select_by_keys(Statement, ["slug"], slugs, "slug", "id"))
    ids = {**dict(select_by_keys(StatementFormerId, ["slug"], slugs, "slug", "record_id")), **ids}
    columns = ("id", "source_id", "paragraph", "start", "end", "sha256", "check_state")
    wanted = spans(drafts)
    rows = select_by_keys(Passage, ["source_id", "start", "end"], wanted, *columns)
    only = {
        (citation.source, citation.paragraph)
        for draft in drafts
        for citation in draft.citations
        if citation.start is None
    }
    in_paragraph: dict[tuple[int, int], list[Place]] = {}
    for key, source, *rest in select_by_keys(Passage, ["source_id", "paragraph"], only, *columns):
        in_paragraph.setdefault((source, rest[0]), []).append(Place(key, source, "", *rest))
    passages = {(row[1], row[3], row[4]): Place(row[0], row[1], "", *row[2:]) for row in rows}
    quoted = {*wanted, *(place.span for places in in_paragraph.values() for place in places)}
    words = {
        span: text_of(span[0])[span[1] : span[2]] for span in sorted(quoted) if span[0] in known.paragraphs.with_text
    }
    missing = [span for span in wanted if span not in passages]
    numbers = reserve({Passage: len(missing)})[Passage]
    return Found(ids, passages, in_paragraph, words, dict(zip(missing, numbers, strict=True)))


@lru_cache(maxsize=16)
def text_of(source: int) -> str:
    """Return the stored text of a source."""
    return str(Source.objects.values_list("text", flat=True).get(pk=source))


class Settler:
    """Settles batches one after the other.

    `skip`: whether a statement that is there already is left as it is, or a problem. `remember`: whether nothing is written, so
    that the database cannot tell which ids earlier lines had; that takes about 100 bytes a line.
    """

    def __init__(self, *, skip: bool, remember: bool = False) -> None:
        self.skip = skip
        self.seen: set[int] | None = set() if remember else None
        # Of this batch and the one before it, which may still be on its way into the database.
        self.lines: tuple[dict[str, int], dict[str, int]] = ({}, {})
        self.made: tuple[dict[Span, Place], dict[Span, Place]] = ({}, {})
        self.first: int | None = None  # the first statement of this run

    def began_at(self, numbers: Sequence[int]) -> None:
        """Take note of the first primary keys that were reserved: whatever has them or later ones is of this run."""
        if self.first is None and numbers:
            self.first = numbers[0]

    def settle(self, drafts: list[Draft], found: Found) -> Settled:
        """Return what becomes of a batch."""
        self.lines, self.made = (self.lines[1], {}), (self.made[1], {})
        settled = Settled()
        for draft in drafts:
            if self.is_there(draft, found, settled):
                continue
            new: list[Place] = []
            places = [self.place(draft, citation, found, new, settled) for citation in draft.citations]
            good = [place for place in places if place is not None]
            if len(good) < len(places) or not self.printed(draft, good, found, settled):
                continue
            draft.passages = list(dict.fromkeys(place.key for place in good))
            draft.position = self.position(draft, good)
            self.lines[1][draft.slug] = draft.line
            if self.seen is not None:
                self.seen.add(hash(draft.slug))
            self.made[1].update((place.span, place) for place in new)
            settled.made += new
            settled.drafts.append(draft)
        settled.good = len(settled.drafts)
        return settled

    def is_there(self, draft: Draft, found: Found, settled: Settled) -> bool:
        """Note a statement whose id is taken, by an earlier line, or by a statement that was there before."""
        line = self.lines[1].get(draft.slug) or self.lines[0].get(draft.slug)
        taken = found.ids.get(draft.slug)
        ours = taken is not None and self.first is not None and taken >= self.first
        ours = ours or (self.seen is not None and hash(draft.slug) in self.seen)
        if line is None and not ours and taken is None:
            return False
        if line is None and not ours and self.skip:
            settled.skipped += 1
            return True
        if line is not None:
            wrong = f"Line {line} gives the same statement."
        elif ours:
            wrong = "An earlier line of this file gives the same statement."
        else:
            wrong = "A statement has or had this id already."
        right = "an id of its own, or none; --existing skip leaves out what is there"
        settled.problems.append(Problem(draft.line, "id", draft.slug, wrong, right))
        return True

    def place(self, draft: Draft, citation: Citation, found: Found, new: list[Place], settled: Settled) -> Place | None:
        """Return the passage that a row cites, a new one if need be; or note what is wrong with it."""

        def refuse(wrong: str, right: str) -> None:
            settled.problems.append(Problem(draft.line, "passages", citation.column_value, wrong, right))

        if citation.start is None:
            there = found.in_paragraph.get((citation.source, citation.paragraph), [])
            if len(there) == 1:
                return there[0]
            refuse(f"This paragraph has {len(there)} passages.", RIGHT["passages"])
            return None
        span = citation.span
        place = found.passages.get(span) or self.made[1].get(span) or self.made[0].get(span)
        place = place or next((other for other in new if other.span == span), None)
        words = found.words.get(span)
        if place is not None:
            if place.paragraph != citation.paragraph:
                refuse("This passage is recorded in another paragraph.", f"¶{place.paragraph}")
                return None
            if citation.sha256 not in ("", place.sha256):
                refuse("This passage is recorded with another SHA-256.", place.sha256)
                return None
            return place._replace(words=words) if words else place
        digest = sha256_of(words) if words is not None else citation.sha256
        if not digest:
            refuse(
                "This passage is not recorded yet, and the text of its source is not stored.",
                "the SHA-256 of its words",
            )
            return None
        if citation.sha256 not in ("", digest):
            refuse("The stored text has other words there than this SHA-256 says.", digest)
            return None
        check = Check.UNVERIFIED if words is None else Check.VERIFIED
        made = (citation.slug, citation.paragraph, span[1], span[2], digest, check.value, words or "", draft.line)
        new.append(Place(found.numbers[span], span[0], *made))
        return new[-1]

    def printed(self, draft: Draft, places: list[Place], found: Found, settled: Settled) -> bool:
        """Find the passage of all words as printed; note those that no passage of the row prints."""
        sound = True
        draft.printed = []
        for text in draft.texts:
            if text.nature != VERBATIM:
                draft.printed.append(None)
                continue
            digest = sha256_of(text.text)
            length = len(text.text)
            place = next((p for p in places if p.sha256 == digest and p.end - p.start == length), None) or next(
                (place for place in places if self.contains(place, text.text)), None
            )
            if place is None:
                wrong = "No passage of this row prints exactly these words."
                right = "the words character by character, and the passage that holds only them"
                settled.problems.append(Problem(draft.line, text.column, text.text, wrong, right))
                sound = False
            draft.printed.append(place.key if place else None)
        return sound

    @staticmethod
    def contains(place: Place, words: str) -> bool:
        """Whether the stored text of a source has these words within the passage, and the passage still matches it."""
        return bool(place.words) and sha256_of(place.words) == place.sha256 and words in place.words

    @staticmethod
    def position(draft: Draft, places: list[Place]) -> int:
        """Return where the printed words start, else the first passage."""
        printed = {key for key in draft.printed if key is not None}
        starts = [place.start for place in places if not printed or place.key in printed]
        return min(starts, default=0)
