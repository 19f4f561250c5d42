"""Which records are named in selected words, and beside them in their paragraph."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from base.records.names import NamedRecord
from base.records.publishing import Status
from desk.doubles import NAMED_KINDS
from desk.reading.known import known_names
from desk.selections import Selection

from .guessing import with_title


@dataclass(frozen=True)
class NamedInText:
    """A record that is named in a text: where, and by which words."""

    record: NamedRecord
    text: str  # with the title before it
    start: int  # in the selected words, or outside of them in the paragraph
    end: int
    distance: int = 0  # characters from the selected words


def named_in(selection: Selection, *, inside: bool) -> list[NamedInText]:
    """Return the records named in the selected words, or beside them in their paragraph, in the order of the text.

    Withdrawn ones are left out. At most a query for each kind, and those of `known_names`.
    """
    begin, _length = selection.source.paragraphs[selection.paragraph - 1]
    start, end = selection.start - begin, selection.end - begin
    text = selection.words if inside else selection.paragraph_text
    found = [
        (name.start, name.end, name.records[0])
        for name in known_names().find(text)
        if inside or name.end <= start or name.start >= end
    ]
    slugs: dict[str, set[str]] = defaultdict(set)
    for _start, _end, record in found:
        slugs[record.kind].add(record.id)
    records = {
        (kind, row.slug): row
        for kind, some in slugs.items()
        for row in NAMED_KINDS[kind]._base_manager.filter(slug__in=some).exclude(status=Status.WITHDRAWN)
    }
    return [
        NamedInText(
            records[record.kind, record.id],
            text[a:b] if inside else with_title(text, a, b),
            a,
            b,
            0 if inside else max(start - b, a - end),
        )
        for a, b, record in found
        if (record.kind, record.id) in records
    ]
