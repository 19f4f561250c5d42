"""The paragraphs of an article with their marks in place, cut where marks begin and end: the text stays what it is."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import pairwise

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from directory.models import Source

from .marks import NAME, PASSAGE, PROPOSAL, WORDS, Mark, by_paragraph

MOST_AT_A_PLACE = 12  # marks that lie over each other and are drawn


@dataclass(frozen=True)
class Piece:
    """A stretch of a paragraph that is all inside the same marks; without any it is plain text."""

    text: str
    marks: tuple[Mark, ...]


@dataclass(frozen=True)
class MarkedParagraph:
    """A paragraph of an article as the page shows it."""

    number: int  # from 1
    start: int  # code points from the beginning of the whole text
    text: str
    marks: tuple[Mark, ...]
    kind: str = ""  # "caption" or "heading"; empty for all others
    is_read: bool = False  # a curator has marked it so

    @property
    def is_used(self) -> bool:
        """Whether something is cited from here."""
        return any(mark.kind in (WORDS, PASSAGE) for mark in self.marks)

    def pieces(self) -> list[Piece]:
        """Return the text, cut where marks begin and end; together the pieces are the text."""
        begins: dict[int, list[int]] = {}
        places = {0, len(self.text)}
        for number, mark in enumerate(self.marks):
            begins.setdefault(mark.start - self.start, []).append(number)
            places |= {mark.start - self.start, mark.end - self.start}
        open_marks: list[int] = []
        pieces = []
        for place, end in pairwise(sorted(places)):
            open_marks = [number for number in open_marks if self.marks[number].end - self.start > place]
            open_marks += begins.get(place, [])
            shown = tuple(self.marks[number] for number in open_marks[:MOST_AT_A_PLACE])
            pieces.append(Piece(self.text[place:end], shown))
        return pieces

    def html(self) -> SafeString:
        """Return the text as HTML: a `mark` for each piece inside marks; Tab reaches those of the paragraph in focus."""
        return format_html_join("", "{}", ((_html_of(piece),) for piece in self.pieces()))


# Which of several marks at a place decides what a click opens.
_FIRST = {PROPOSAL: 0, NAME: 1, WORDS: 2, PASSAGE: 3}


def _html_of(piece: Piece) -> str:
    if not piece.marks:
        return piece.text
    by_weight = sorted(piece.marks, key=lambda mark: (_FIRST[mark.kind], mark.end - mark.start))
    first = by_weight[0]
    groups = [f"of-{mark.group}" for mark in piece.marks if mark.group]
    classes = " ".join(dict.fromkeys([*(mark.kind for mark in piece.marks), *groups]))
    if first.kind == PASSAGE:  # nothing to press: it is in the list beside
        return format_html('<mark class="{}">{}</mark>', classes, piece.text)
    title = "; ".join(dict.fromkeys(mark.label for mark in by_weight))
    target = format_html(' data-href="{}"', first.href) if first.href else ""
    if first.card:
        spans = " ".join(f"{start}-{end}" for start, end in first.parts)
        target = format_html(' data-card="{}" data-spans="{}"', first.card, spans)
    return format_html(
        '<mark class="{}" role="button" aria-description="{}" title="{}"{}>{}</mark>',
        classes,
        title,
        title,
        target,
        piece.text,
    )


def marked_paragraphs(
    source: Source,
    marks: list[Mark],
    captions: Collection[int] = (),
    headings: Collection[int] = (),
    read: Collection[int] = (),
) -> Iterator[MarkedParagraph]:
    """Yield the paragraphs of a source, each with its marks."""
    of_paragraph = by_paragraph(source, marks)
    for number, (start, length) in enumerate(source.paragraphs, 1):
        kind = "caption" if number in captions else "heading" if number in headings else ""
        text = source.text[start : start + length]
        yield MarkedParagraph(number, start, text, tuple(of_paragraph.get(number, ())), kind, number in read)
