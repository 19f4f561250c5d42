"""The marks of an article: which of its words are on record, as names, as words printed, as passages, or are only proposed."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypedDict

from django.urls import reverse
from django.utils.translation import gettext as _

from base.records.publishing import Status
from desk.proposals import Proposal
from directory.models import Passage, Source
from events.models import Wording
from events.models.statements import Nature

from .known import names_in

NAME, WORDS, PASSAGE, PROPOSAL = "name", "words", "passage", "proposal"
# Of which proposals a card is made, by their kind; the others are only shown.
CARD_OF = {
    "quote": "quote",
    "reported": "reported",
    "name": "name",
    "organization": "organization",
    "role": "role",
    "event": "event",
    "initiative": "name",
}


@dataclass(frozen=True)
class Mark:
    """A stretch of the text and what is known of it. `start` and `end` count code points of the whole text."""

    start: int
    end: int
    kind: str  # NAME, WORDS, PASSAGE or PROPOSAL
    label: str  # what it is, for curators
    group: str = ""  # of a name, the kind of its record; of a proposal, what is proposed
    href: str = ""  # the form of the row; empty for what is only proposed
    card: str = ""  # the card that a proposal opens
    parts: tuple[tuple[int, int], ...] = ()  # of a proposal, all its stretches


class MarkDocument(TypedDict):
    """A mark as JSON; places count code points of its paragraph."""

    paragraph: int
    start: int
    end: int
    kind: str
    label: str
    href: str
    card: str


def marks_of(source: Source, proposals: Sequence[Proposal] = ()) -> list[Mark]:
    """Return the marks of a source whose text is stored, by place. Four queries, beside those for names that were written."""
    printed = _printed(source)
    marks = [*_names(source, proposals), *printed, *_passages(source, {(mark.start, mark.end) for mark in printed})]
    marks += _proposed(proposals, marks)
    return sorted(marks, key=lambda mark: (mark.start, -mark.end, mark.kind))


def by_paragraph(source: Source, marks: list[Mark]) -> dict[int, list[Mark]]:
    """Return the marks of each paragraph that has any, by its number. `marks` are in the order of `marks_of`."""
    found: dict[int, list[Mark]] = {}
    number, spans = 0, source.paragraphs
    for mark in marks:
        while number + 1 < len(spans) and spans[number + 1][0] <= mark.start:
            number += 1
        begin, length = spans[number] if spans else (0, 0)
        if begin <= mark.start and mark.end <= begin + length:
            found.setdefault(number + 1, []).append(mark)
    return found


def documents_of(source: Source, marks: list[Mark]) -> list[MarkDocument]:
    """Return the marks as JSON has them."""
    return [
        {
            "paragraph": number,
            "start": mark.start - source.paragraphs[number - 1][0],
            "end": mark.end - source.paragraphs[number - 1][0],
            "kind": mark.kind,
            "label": mark.label,
            "href": mark.href,
            "card": mark.card,
        }
        for number, some in by_paragraph(source, marks).items()
        for mark in some
    ]


def _names(source: Source, proposals: Sequence[Proposal]) -> list[Mark]:
    """Return the names on record, whatever their spelling, and the short forms that the rules could tell: “Ms Aldana”."""
    address = reverse("admin:desk_record")
    kinds = {
        "person": _("person"),
        "organization": _("organization"),
        "event": _("event"),
        "initiative": _("initiative"),
    }
    made: dict[tuple[str, str, int], tuple[str, str]] = {}  # label and address of each record, made once

    def mark(start: int, end: int, kind: str, slug: str, name: str, others: int = 0) -> Mark:
        if (kind, slug, others) not in made:
            label = f"{name}, {kinds[kind]}"
            if others:
                label = _("%(label)s, or one of %(count)s others of this name") % {"label": label, "count": others}
            made[kind, slug, others] = label, f"{address}?kind={kind}&id={slug}"  # see `RecordView`
        label, href = made[kind, slug, others]
        return Mark(start, end, NAME, label, kind, href)

    marks: dict[tuple[int, int], Mark] = {}
    for found in names_in(source):
        record, others = found.records[0], len(found.records) - 1
        marks[found.start, found.end] = mark(found.start, found.end, record.kind, record.id, record.name, others)
    full = Spans(marks)
    for proposal in proposals:
        reference = proposal.record
        if reference is None or reference["kind"] not in kinds:
            continue
        for start, end in proposal.mentions:
            if not full.touch(start, end):
                marks[start, end] = mark(start, end, reference["kind"], reference["id"], proposal.text)
    return list(marks.values())


def _printed(source: Source) -> list[Mark]:
    """Return the words that are on record as printed, with who said them."""
    rows = Wording._base_manager.filter(nature=Nature.VERBATIM, passage__source=source).exclude(status=Status.WITHDRAWN)
    rows = rows.exclude(statement__status=Status.WITHDRAWN)
    marks = []
    rows = rows.select_related("statement__speaker", "statement__speaker_organization", "passage")
    for wording in rows.prefetch_related("further_passages"):
        statement = wording.statement
        label = _("words of %(speaker)s, %(status)s") % {
            "speaker": statement.speaker_name or _("nobody named yet"),
            "status": statement.get_status_display(),
        }
        href = reverse("admin:events_statement_change", args=[statement.pk])
        parts = [wording.passage, *wording.further_passages.all()]
        marks += [Mark(part.start, part.end, WORDS, label, href=href) for part in parts if part is not None]
    return marks


def _passages(source: Source, printed: set[tuple[int, int]]) -> list[Mark]:
    """Return the other passages of the source."""
    rows = Passage._base_manager.filter(source=source).order_by("start", "end").values_list("pk", "start", "end")
    label = _("passage")
    return [
        Mark(start, end, PASSAGE, label, href=reverse("admin:directory_passage_change", args=[pk]))
        for pk, start, end in rows
        if (start, end) not in printed
    ]


def _proposed(proposals: Sequence[Proposal], marks: list[Mark]) -> list[Mark]:
    """Return what the rules propose and is not on record: quotes and speech that nobody recorded, names without a record."""
    said = Spans((mark.start, mark.end) for mark in marks if mark.kind in (WORDS, PASSAGE))
    named = Spans((mark.start, mark.end) for mark in marks if mark.kind == NAME)
    return [
        Mark(
            start,
            end,
            PROPOSAL,
            _label_of_proposal(proposal),
            proposal.kind,
            card=CARD_OF[proposal.kind],
            parts=proposal.spans,
        )
        for proposal in proposals
        if proposal.kind in CARD_OF and proposal.record is None
        for start, end in proposal.spans
        if not (said.hold(start, end) if proposal.kind in ("quote", "reported", "role") else named.touch(start, end))
    ]


def _label_of_proposal(proposal: Proposal) -> str:
    kinds = {
        "quote": _("quote"),
        "reported": _("reported speech"),
        "name": _("person"),
        "organization": _("organization"),
        "role": _("role"),
        "event": _("event"),
        "initiative": _("initiative"),
    }
    return _("proposed: %(kind)s. %(reason)s") % {"kind": kinds[proposal.kind], "reason": proposal.reason}


class Spans:
    """Stretches of a text, to be asked whether others touch them or lie in them. What overlaps counts as one."""

    def __init__(self, spans: Iterable[tuple[int, int]]) -> None:
        self.begins: list[int] = []
        self.ends: list[int] = []
        for begin, end in sorted(spans):
            if self.ends and begin < self.ends[-1]:
                self.ends[-1] = max(self.ends[-1], end)
            else:
                self.begins.append(begin)
                self.ends.append(end)

    def touch(self, start: int, end: int) -> bool:
        """Whether one of them shares a character with this one."""
        place = bisect_left(self.begins, end) - 1
        return place >= 0 and self.ends[place] > start

    def hold(self, start: int, end: int) -> bool:
        """Whether this one lies in one of them."""
        place = bisect_right(self.begins, start) - 1
        return place >= 0 and self.ends[place] >= end
