"""Finds what stands between quotation marks, of every kind and nested, in one walk over the text."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass

OPENING = {"“": "”", "‟": "”", "„": "“”‟", "«": "»", "「": "」", "『": "』", "‘": "’", "‚": "‘’", "‹": "›"}
STRAIGHT = "\"'"
_SINGLE = "‘‚'"
_CLOSING = frozenset("”“‟»」』’›‘")
_ENDS = ".,!?…;:"
_BEFORE_OPENING = "([{—–-:/,;=|>"
_UNSEEN = "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u00ad\u202a\u202b\u202c\u2066\u2067\u2068\u2069"
MOST_PARAGRAPHS = 30  # of one quotation that goes on over paragraphs


@dataclass(frozen=True)
class Quotation:
    """What stands between two marks. `start` and `end` leave the marks outside."""

    start: int
    end: int
    mark: str  # the opening mark, as printed
    is_closed: bool = True
    goes_on: bool = False  # the next quotation is its continuation in the next paragraph

    @property
    def outer(self) -> tuple[int, int]:
        """The span with its marks."""
        return self.start - 1 if self.mark else self.start, self.end + (1 if self.is_closed else 0)


@dataclass
class _Open:
    mark: str
    place: int  # of the mark


def quotations(text: str, paragraphs: list[tuple[int, int]]) -> list[Quotation]:
    """Return what stands between quotation marks, outermost only, in order. Time grows as the length of the text.

    Apostrophes are no marks. A paragraph that begins with a mark which it does not close goes on in the next one, if that begins
    with the same mark, or closes it. A mark that is never closed is none.
    """
    found: list[Quotation] = []
    pending: list[Quotation] = []  # parts of a quotation that earlier paragraphs left open
    for begin, end in paragraphs:
        inner, left_open = _in_paragraph(text, begin, end, pending[0].mark if pending else "")
        first = inner[0] if inner else None
        if pending:
            goes_on_with_mark = (first or left_open) and _first_seen(text, begin, end) == pending[0].mark
            closes = first is not None and not first.mark
            if goes_on_with_mark or closes:
                found += pending
                pending = []
            elif first is None and left_open is None and len(pending) < MOST_PARAGRAPHS and begin < end:
                pending.append(Quotation(begin, end, "", is_closed=False, goes_on=True))
            else:
                pending = []
                inner, left_open = _in_paragraph(text, begin, end, "")
        if inner:
            found += inner
        if left_open is not None and not pending and left_open.mark not in "'‚":
            pending = [Quotation(left_open.place + 1, end, left_open.mark, is_closed=False, goes_on=True)]
    return found


def _first_seen(text: str, begin: int, end: int) -> str:
    while begin < end and (text[begin].isspace() or text[begin] in _UNSEEN):
        begin += 1
    return text[begin] if begin < end else ""


def _in_paragraph(text: str, begin: int, end: int, awaited: str) -> tuple[list[Quotation], _Open | None]:
    """Return the outermost quotations of a paragraph, and the mark that it leaves open.

    `awaited` is the opening mark of a quotation that an earlier paragraph left open: a closing mark without an opening one
    closes it.
    """
    found: list[Quotation] = []
    stack: list[_Open] = []
    closers = [place for place in range(begin, end) if text[place] in "’'" and _may_close(text, place, begin, end)]
    sure = [place for place in closers if place > begin and text[place - 1] in _ENDS]
    for place in range(begin, end):
        char = text[place]
        if char in STRAIGHT or char in OPENING or char in _CLOSING:
            closed = _closes(text, place, begin, end, stack, sure)
            if closed is not None:
                opened = stack[closed]
                del stack[closed:]
                is_letter = opened.mark in _SINGLE and place - opened.place == 2 and char in "’'"  # rock 'n' roll
                if not stack and opened.place + 1 < place and not is_letter:
                    found.append(Quotation(opened.place + 1, place, opened.mark))
            elif _opens(text, place, begin, end):
                if stack and stack[-1].mark == char:
                    stack.pop()  # the earlier one was never closed
                stack.append(_Open(char, place))
            elif not stack and not found and awaited and char in (OPENING.get(awaited) or awaited):
                found.append(Quotation(begin, place, ""))
                awaited = ""
    left = next((one for one in stack if one.mark not in _SINGLE), stack[0] if stack else None)
    if left is not None and stack and left is stack[0]:
        found = [one for one in found if one.end <= left.place]
    if stack and left is stack[0] and left.mark in _SINGLE:
        # A single mark that is never closed was an apostrophe, and may have hidden what stands behind it.
        inner = _retried(text, left.place + 1, end)
        found += inner
    return found, left


def _retried(text: str, begin: int, end: int) -> list[Quotation]:
    """Return the quotations of a stretch by double marks alone."""
    found, opened = [], -1
    mark = ""
    for place in range(begin, end):
        char = text[place]
        if opened >= 0 and char in OPENING.get(mark, mark):
            if opened + 1 < place:
                found.append(Quotation(opened + 1, place, mark))
            opened = -1
        elif char not in _SINGLE and (char in OPENING or char == '"') and _opens(text, place, begin, end):
            opened, mark = place, char
    return found


def _closes(text: str, place: int, begin: int, end: int, stack: list[_Open], sure: list[int]) -> int | None:
    """Return which of the open marks is closed by the mark at this place, as its number in the stack."""
    char = text[place]
    for number in range(len(stack) - 1, max(-1, len(stack) - 6), -1):
        opened = stack[number]
        if char not in (OPENING.get(opened.mark) or opened.mark):
            continue
        if char in "’'":
            return number if _may_close(text, place, begin, end) and not _is_plural(text, place, sure, end) else None
        if char == '"' and place == opened.place + 1:
            return None
        return number
    return None


def _may_close(text: str, place: int, begin: int, end: int) -> bool:
    """Whether a single mark can close: it is not inside a word, and something stands before it."""
    if place == begin or text[place - 1].isspace():
        return False
    return place + 1 == end or not text[place + 1].isalnum()


def _is_plural(text: str, place: int, sure: list[int], end: int) -> bool:
    """Whether a mark behind an s is the apostrophe of a plural, because a mark that surely closes follows."""
    if text[place - 1] not in "sSzZx" or place + 2 >= end or not (text[place + 1] == " " and text[place + 2].islower()):
        return False
    following = bisect_left(sure, place + 1)
    return following < len(sure) and not any(
        char in '‘“"' for char in text[place + 1 : min(sure[following], place + 400)]
    )


def _opens(text: str, place: int, begin: int, end: int) -> bool:
    char = text[place]
    before = text[place - 1] if place > begin else " "
    after = text[place + 1] if place + 1 < end else " "
    if char in _SINGLE:
        if char == "'" and after.isdigit():
            return False
        return (
            not before.isalnum() and not after.isspace() and (before.isspace() or before in _BEFORE_OPENING + '“"«„「')
        )
    if char in OPENING:
        return True
    if char != '"':
        return False
    return not after.isspace() and (not before.isalnum() or "\u0e00" <= before <= "\u0e7f") and before not in ",.!?…"
