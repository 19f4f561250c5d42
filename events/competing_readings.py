"""Readings that compete: disputed and rejected rows side by side, with the rows that read the same words otherwise.

Two rows compete if passages of theirs share words: at least half of the shorter passage.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple, cast

from django.db.models import Model, Q

from base.documents.plan import Document
from base.documents.rows import Link
from base.lists.counting import MOST_ROWS
from base.pages.lines import LineKind, RowLine, line_kind, row_lines
from base.records.names import Name
from base.records.provenance import Certainty
from base.records.publishing import Publishable, published
from base.sql.prepared import Row
from directory.models import Passage

from .quality import QualityRows

MOST_SPANS = 12  # passages of a row that are compared with others
MOST_PASSAGES = 500  # that share words with the rows of a page
MOST_BESIDE = 4  # other rows of the same record that a group shows
IN_CONFLICT = (Certainty.DISPUTED, Certainty.REJECTED)


class Span(NamedTuple):
    """Where a passage stands: the id of its source, its paragraph, its first character and the one behind its last."""

    source: str
    paragraph: int
    start: int
    end: int

    def competes_with(self, other: Span) -> bool:
        """Return whether two passages share at least half of the shorter one."""
        shared = min(self.end, other.end) - max(self.start, other.start)
        shorter = min(self.end - self.start, other.end - other.start)
        return self.source == other.source and shared > 0 and 2 * shared >= shorter


@dataclass(eq=False)
class Reading:
    """One reading: its line, where it was read, and the record that it is about."""

    line: RowLine
    spans: list[Span]

    @classmethod
    def of(cls, line: RowLine) -> Reading:
        """Return the reading of a line."""
        places = [passage for passage in line.row["passages"] if passage["source"]][:MOST_SPANS]
        return cls(line, [Span(one["source"]["id"], one["paragraph"], one["start"], one["end"]) for one in places])

    @property
    def place(self) -> tuple[type[Model], int]:
        """The kind and the key of its row."""
        return self.line.kind.model, self.line.key

    @property
    def is_in_conflict(self) -> bool:
        """Whether it is disputed or rejected."""
        return self.line.row["certainty"] in IN_CONFLICT

    @property
    def ends(self) -> list[Document]:
        """The records that it is about: those that it links, or the record itself."""
        row = self.line.row
        if "ends" in row:
            return list(row["ends"])
        if "speaker" in row:
            return [record for record in (row["speaker"], row["speaker_organization"]) if record]
        return [row] if row.get("url") else []

    def competes_with(self, other: Reading) -> bool:
        """Return whether it reads the same words."""
        return any(mine.competes_with(theirs) for mine in self.spans for theirs in other.spans)


@dataclass(eq=False)
class Group:
    """Readings of the same words: those in conflict, and `beside` them what is on record of the same words or records."""

    readings: list[Reading]
    beside: list[Reading] = field(default_factory=list)

    @property
    def about(self) -> list[Document]:
        """The records that the readings in conflict are about, those of several readings first; at most three."""
        records = [record for reading in self.readings for record in reading.ends]
        ids = [record["url"] for record in records]
        first = {record["url"]: record for record in reversed(records)}
        return sorted(first.values(), key=lambda record: (-ids.count(record["url"]), ids.index(record["url"])))[:3]

    @property
    def ordered(self) -> list[Reading]:
        """All its readings: those in conflict as they are on record, then what stands beside them."""
        return [*self.readings, *self.beside]


def groups_of(lines: Iterable[RowLine]) -> list[Group]:
    """Return the groups of readings that the disputed and rejected rows of a page make.

    At most two queries for each kind of row among them, one for passages, and what their lines cost.
    """
    readings = [Reading.of(line) for line in lines]
    others = [Reading.of(line) for line in row_lines(_each_kind_once(_rows_beside(readings)))]
    conflicts, firm = _parted([*readings, *others])
    groups: list[Group] = []
    for reading in conflicts:
        joined = [group for group in groups if any(reading.competes_with(one) for one in group.readings)]
        groups = [group for group in groups if group not in joined]
        groups.append(Group([*(one for group in joined for one in group.readings), reading]))
    shown = {reading.place for reading in readings}
    groups = [group for group in groups if any(reading.place in shown for reading in group.readings)]
    for group in groups:
        group.beside = list(_beside(group, firm))
    order = {reading.place: number for number, reading in enumerate(readings)}
    return sorted(groups, key=lambda group: min(order.get(reading.place, len(order)) for reading in group.readings))


def _parted(readings: list[Reading]) -> tuple[list[Reading], list[Reading]]:
    """Return the readings in conflict, and the others, each row once."""
    each: dict[tuple[type[Model], int], Reading] = {}
    for reading in readings:
        each.setdefault(reading.place, reading)
    in_order = each.values()
    return [one for one in in_order if one.is_in_conflict], [one for one in in_order if not one.is_in_conflict]


def _beside(group: Group, firm: list[Reading]) -> Iterator[Reading]:
    """Yield the firm readings of the same words, then a few others of the same record, all of the kinds of the group."""
    models = {reading.line.kind.model for reading in group.readings}
    of_kind = [reading for reading in firm if reading.line.kind.model in models]
    same_words = [one for one in of_kind if any(one.competes_with(reading) for reading in group.readings)]
    yield from same_words
    records = {reading.ends[0]["url"] for reading in group.readings if reading.ends}
    same_record = [one for one in of_kind if one not in same_words and one.ends and one.ends[0]["url"] in records]
    yield from [one for one in same_record if one.line.row["certainty"] == Certainty.STATED][:MOST_BESIDE]


def _rows_beside(readings: list[Reading]) -> Iterator[tuple[LineKind, list[Row]]]:
    """Yield (kind, rows) of what is on record of the words of these readings, and of their records, a kind after the other."""
    passages = _passages_shared([span for reading in readings for span in reading.spans])
    for model in dict.fromkeys(reading.line.kind.model for reading in readings):
        of_model = [reading for reading in readings if reading.line.kind.model is model]
        kind, link = line_kind(model), Link(model, "passages")
        others = published(model).exclude(pk__in=[reading.line.key for reading in of_model]).order_by("pk")
        citing = link.through._base_manager.filter(passage__in=passages).values(link.owner)
        yield kind, kind.plan.read(others.filter(pk__in=citing)[:MOST_ROWS])
        if issubclass(model, Name) or hasattr(model, "role"):
            record = cast("type[Publishable]", model).public_parents[0]
            ids = {reading.ends[0]["id"] for reading in of_model if reading.ends}
            same_record = others.filter(**{f"{record}__slug__in": ids}, certainty=Certainty.STATED)
            yield kind, kind.plan.read(same_record[:MOST_ROWS])


def _each_kind_once(parts: Iterable[tuple[LineKind, list[Row]]]) -> list[tuple[LineKind, list[Row]]]:
    """Return the rows of each kind in one list, each row once: the loader takes a plan once."""
    rows: dict[LineKind, dict[int, Row]] = {}
    for kind, read in parts:
        rows.setdefault(kind, {}).update({row[0]: row for row in read})
    return [(kind, list(of_kind.values())) for kind, of_kind in rows.items()]


def _passages_shared(spans: list[Span]) -> list[int]:
    """Return the keys of the public passages that share words with these spans. One query."""
    if not spans:
        return []
    places = (
        Q(source__slug=span.source, paragraph=span.paragraph, start__lt=span.end, end__gt=span.start)
        for span in dict.fromkeys(spans)
    )
    found = Passage.objects.published().filter(functools.reduce(Q.__or__, places)).order_by()
    rows = found.values_list("pk", "source__slug", "paragraph", "start", "end")[:MOST_PASSAGES]
    return [
        key
        for key, source, paragraph, start, end in rows
        if any(Span(source, paragraph, start, end).competes_with(span) for span in spans)
    ]


class ConflictRows:
    """The disputed rows, then the rejected ones, as one sequence that is read a page at a time."""

    def __init__(self, *parts: QualityRows) -> None:
        self.parts = parts

    def count(self) -> int:
        """Return how many rows the sequence has."""
        return sum(part.count() for part in self.parts)

    __len__ = count

    def __getitem__(self, place: slice) -> list[RowLine]:
        """Return the lines of one page."""
        start, stop, pages = place.start, place.stop, []
        for part in self.parts:
            if stop > 0 and start < part.count():
                pages += part.read(max(start, 0), min(stop, part.count()))
            start, stop = start - part.count(), stop - part.count()
        return row_lines(_each_kind_once(pages))
