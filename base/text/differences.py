"""What differs between two versions of a text: the words that went and those that came. No letter is ever cut."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import regex
from diff_match_patch import diff_match_patch

# Words of scripts that write blanks between them, numbers, blanks; of Thai and all else, whole letters with their marks and the
# vowel that is written before them. Nothing is ever cut inside a letter.
TOKENS = regex.compile(r"[\p{Latin}\p{M}’']+|\p{N}+|[^\S\n]+|\n|[เ-ไເ-ໄ]?\X")
FIRST_STAND_IN = 0x100
SURROGATES = range(0xD800, 0xE000)
MOST_STAND_INS = 0x110000 - FIRST_STAND_IN - len(SURROGATES)
SECONDS = 1.0  # for one comparison
SHORT = 1_000  # characters of both texts together that are shown whole
CONTEXT = 60  # characters shown on either side of a change


@dataclass(frozen=True)
class Stretch:
    """A stretch of the old text and what became of it. Offsets are code points of the whole texts, ends exclusive."""

    old_start: int
    old_end: int
    new_start: int
    new_end: int
    is_same: bool


@dataclass(frozen=True)
class DifferencePiece:
    """Words of a line of the comparison: as they are in both texts, gone, or new."""

    kind: Literal["same", "gone", "new", "left out"]
    text: str


def stretches(old: str, new: str, seconds: float = SECONDS) -> list[Stretch]:
    """Return both texts as stretches that are the same and stretches that differ, in order.

    Takes about so many seconds at most; after that the rest counts as changed.
    """
    stand_ins: dict[str, str] = {}

    def encoded(text: str) -> str:
        return "".join(_stand_in(token, stand_ins) for token in TOKENS.findall(text))

    comparison = diff_match_patch()
    comparison.Diff_Timeout = seconds
    differences = comparison.diff_main(encoded(old), encoded(new), False)
    comparison.diff_cleanupSemantic(differences)
    lengths = {stand_in: len(token) for token, stand_in in stand_ins.items()}
    rows: list[Stretch] = []
    at_old = at_new = 0
    for operation, text in differences:
        length = sum(lengths[stand_in] for stand_in in text)
        old_end = at_old + (length if operation <= 0 else 0)
        new_end = at_new + (length if operation >= 0 else 0)
        if rows and operation and not rows[-1].is_same:  # what went and what came at one place is one change
            rows[-1] = Stretch(rows[-1].old_start, old_end, rows[-1].new_start, new_end, is_same=False)
        else:
            rows.append(Stretch(at_old, old_end, at_new, new_end, is_same=operation == 0))
        at_old, at_new = old_end, new_end
    return rows


def _stand_in(token: str, stand_ins: dict[str, str]) -> str:
    """Return the one character that stands for a token while two texts are compared."""
    if token not in stand_ins:
        number = FIRST_STAND_IN + len(stand_ins) % MOST_STAND_INS
        stand_ins[token] = chr(number if number < SURROGATES.start else number + len(SURROGATES))
    return stand_ins[token]


def shown_changes(old: str, new: str, rows: Sequence[Stretch]) -> Iterator[list[DifferencePiece]]:
    """Yield every change with the words round it, as a list of pieces; changes that stand close together are one."""
    line: list[DifferencePiece] = []
    for number, row in enumerate(rows):
        if not row.is_same:
            gone, come = old[row.old_start : row.old_end], new[row.new_start : row.new_end]
            line += [piece for piece in (DifferencePiece("gone", gone), DifferencePiece("new", come)) if piece.text]
            continue
        text = old[row.old_start : row.old_end]
        is_first, is_last = number == 0, number == len(rows) - 1
        if is_first and is_last:
            return
        if not (is_first or is_last) and len(text) <= 2 * CONTEXT:
            line.append(DifferencePiece("same", text))
            continue
        if not is_first:
            line += _beginning(text)
            yield line
        line = [] if is_last else _ending(text)
    if line:
        yield line


def _beginning(text: str) -> list[DifferencePiece]:
    letters = regex.findall(r"\X", text[: 2 * CONTEXT])
    kept = "".join(letters[:CONTEXT])
    return [DifferencePiece("same", kept), *([DifferencePiece("left out", "…")] if len(kept) < len(text) else [])]


def _ending(text: str) -> list[DifferencePiece]:
    letters = regex.findall(r"\X", text[-2 * CONTEXT :])
    kept = "".join(letters[-CONTEXT:])
    return [*([DifferencePiece("left out", "…")] if len(kept) < len(text) else []), DifferencePiece("same", kept)]


def word_differences(old: str, new: str, seconds: float = SECONDS) -> list[DifferencePiece]:
    """Return what went and what came, in one line, with the words round each change; all of a short text."""
    if not old or not new:
        return [piece for piece in (DifferencePiece("gone", old), DifferencePiece("new", new)) if piece.text]
    rows = stretches(old, new, seconds)
    if len(old) + len(new) > SHORT:
        return [piece for line in shown_changes(old, new, rows) for piece in line]
    pieces: list[DifferencePiece] = []
    for row in rows:
        gone, come = old[row.old_start : row.old_end], new[row.new_start : row.new_end]
        pieces += (
            [DifferencePiece("same", gone)]
            if row.is_same
            else [DifferencePiece("gone", gone), DifferencePiece("new", come)]
        )
    return [piece for piece in pieces if piece.text]
