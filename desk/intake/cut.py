"""The cut of a text into paragraphs: what each is proposed to be, and how a curator corrects it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TypedDict

from base.text.characters import is_seen
from base.text.letters import is_inside_letter
from desk.intake.reading import CAPTION, HEADING, KINDS, LEFT_OUT, TEXT, Line

_WORDS = Path(__file__).with_name("words.txt")
_LONG = 80  # letters of a paragraph that is certainly none of a menu
_SHORT = 24  # letters of what may stand in a menu
_WORDS_IN_A_MENU = 3  # in a row that blanks part
_MENU = 4  # short lines in a row at either end are a menu
_CAPTION_LENGTH, _LEFT_OUT_LENGTH = 400, 120  # letters, as words.txt says
_HEADER = 60  # letters of a line that stands on several pages
_PAGE_NUMBER = re.compile(r"(?:(?:page|trang|หน้า|p\.)\s*)?[0-9๐-๙]{1,4}(?:\s*(?:/|of|จาก|trên)\s*[0-9๐-๙]{1,4})?", re.I)
_COUNT = re.compile(r"\s*[(\[]?\s*[0-9๐-๙]+\s*[)\]]?\s*$|^[0-9๐-๙]+\s+")
_SEPARATED = re.compile(r"\s+[|›»•·/]\s+|[›»]")
_CREDIT = 80  # letters of the credit of a photographer at the end of a caption
_BEFORE_A_CREDIT = re.compile(r"[.!?…)\]”\"’–—|]\s*\(?$")


class DraftParagraph(TypedDict):
    """A paragraph of a draft."""

    text: str
    kind: str  # text, heading, caption or left_out


class WrongPlace(ValueError):
    """A correction that fits no paragraph of this text any more."""


@lru_cache(maxsize=1)
def _word_lists() -> dict[str, tuple[str, ...]]:
    """Return the lists of words.txt by the first words of their headings."""
    lists: dict[str, list[str]] = {}
    heading = ""
    for line in _WORDS.read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            heading = line.strip("[]")
        elif line.strip() and not line.startswith("#"):
            lists.setdefault(heading, []).append(line.strip().casefold())
    return {heading: tuple(words) for heading, words in lists.items()}


def _list_of(beginning: str) -> tuple[str, ...]:
    return next(words for heading, words in _word_lists().items() if heading.startswith(beginning))


def is_furniture(text: str) -> bool:
    """Return whether a line stands round articles and belongs to none: a menu, “Comments (0)”, the number of a page."""
    folded = _folded(text)
    if _is_word_of_furniture(folded) or _PAGE_NUMBER.fullmatch(folded):
        return True
    if len(text) <= _LEFT_OUT_LENGTH and folded.startswith(_list_of("left out: the beginning")):
        return True
    parts = [_folded(part) for part in _SEPARATED.split(text) if part.strip()]
    is_menu = len(parts) >= 3 and all(len(part) <= _SHORT for part in parts)
    return is_menu or (len(parts) > 1 and all(map(_is_word_of_furniture, parts)))


def _folded(text: str) -> str:
    return text.casefold().strip(" .:›»|•·-–—\t")


def _is_word_of_furniture(folded: str) -> bool:
    return {folded, _COUNT.sub("", folded).strip(" :")} & set(_list_of("left out: the whole")) != set()


def is_caption(text: str) -> bool:
    """Return whether a line says what a picture shows, or who took it."""
    if len(text) > _CAPTION_LENGTH:
        return False
    if text.casefold().startswith(_list_of("caption: the beginning")):
        return True
    folded = text.casefold()
    places = [folded.rfind(words) for words in _list_of("caption: the last")]
    return any(
        place >= 0 and len(text) - place <= _CREDIT and _BEFORE_A_CREDIT.search(folded, max(0, place - 4), place)
        for place in places
    )


def proposed(lines: Iterable[Line]) -> list[DraftParagraph]:
    """Return the paragraphs of a text, each with what it is proposed to be. Blank lines part them and are no paragraphs."""
    cleaned = [(text.strip(" \t\u00a0\u3000"), kind) for text, kind in lines]
    paragraphs = [DraftParagraph(text=text, kind=kind) for text, kind in cleaned if is_seen(text)]
    repeated = Counter(row["text"] for row in paragraphs if len(row["text"]) <= _HEADER)
    for row in paragraphs:
        if is_furniture(row["text"]) or repeated[row["text"]] >= 3:
            row["kind"] = LEFT_OUT
        elif row["kind"] == TEXT and is_caption(row["text"]):
            row["kind"] = CAPTION
    body = [number for number, row in enumerate(paragraphs) if len(row["text"]) >= _LONG]
    if body:
        _leave_out_menu(paragraphs[: body[0]])
        _leave_out_menu(paragraphs[body[-1] + 1 :])
    return paragraphs


def _may_be_in_a_menu(text: str) -> bool:
    return len(text) <= _SHORT and len(text.split()) <= _WORDS_IN_A_MENU and not any(map(str.isdecimal, text))


def _leave_out_menu(rows: Sequence[DraftParagraph]) -> None:
    """Leave out every run of at least four short lines."""
    run: list[DraftParagraph] = []
    for row in [*rows, None]:
        if row is not None and row["kind"] in (TEXT, LEFT_OUT) and _may_be_in_a_menu(row["text"]):
            run.append(row)
            continue
        if len(run) >= _MENU:
            for short in run:
                short["kind"] = LEFT_OUT
        run = []


# Corrections -----------------------------------------------------------------------------------------------------------
def _row(paragraphs: Sequence[DraftParagraph], number: int) -> DraftParagraph:
    if not 1 <= number <= len(paragraphs):
        raise WrongPlace
    return paragraphs[number - 1]


def mark_paragraph(paragraphs: list[DraftParagraph], number: int, kind: str) -> list[DraftParagraph]:
    """Return the paragraphs with this one (from 1) as a kind. Raises WrongPlace."""
    if kind not in KINDS:
        raise WrongPlace
    row = _row(paragraphs, number)
    return [*paragraphs[: number - 1], DraftParagraph(text=row["text"], kind=kind), *paragraphs[number:]]


def join_paragraph(paragraphs: list[DraftParagraph], number: int) -> list[DraftParagraph]:
    """Return the paragraphs with this one (from 2) joined to the one before, which keeps its kind. Raises WrongPlace."""
    if number < 2:
        raise WrongPlace
    before, row = _row(paragraphs, number - 1), _row(paragraphs, number)
    # Thai parts no words by blanks, but sentences: a blank is right at the end of a paragraph in every script.
    both = DraftParagraph(text=f"{before['text']} {row['text']}", kind=before["kind"])
    return [*paragraphs[: number - 2], both, *paragraphs[number:]]


def split_paragraph(paragraphs: list[DraftParagraph], number: int, place: int) -> list[DraftParagraph]:
    """Return the paragraphs with this one cut before the letter at `place`, in code points. Raises WrongPlace."""
    row = _row(paragraphs, number)
    first, second = row["text"][:place].rstrip(), row["text"][place:].lstrip()
    if not (is_seen(first) and is_seen(second)) or is_inside_letter(row["text"], place):
        raise WrongPlace
    parts = [DraftParagraph(text=first, kind=row["kind"]), DraftParagraph(text=second, kind=row["kind"])]
    return [*paragraphs[: number - 1], *parts, *paragraphs[number:]]


def rewrite_paragraph(paragraphs: list[DraftParagraph], number: int, text: str) -> list[DraftParagraph]:
    """Return the paragraphs with this one as it was typed, one paragraph a line; none if nothing was left of it."""
    row = _row(paragraphs, number)
    lines = [line.strip() for line in text.split("\n") if is_seen(line)]
    parts = [DraftParagraph(text=line, kind=row["kind"]) for line in lines]
    return [*paragraphs[: number - 1], *parts, *paragraphs[number:]]


def split_places(text: str, most: int = 200) -> list[int]:
    """Return where a paragraph can be split: behind its sentences; where none can be told, as in Thai, behind every blank."""
    sentences = [match.end() for match in re.finditer(r"[.!?…。][”\"’)]?\s+(?=\S)", text)]
    return (sentences or [match.end() for match in re.finditer(r"\s+(?=\S)", text)])[:most]


def text_of(paragraphs: Iterable[DraftParagraph]) -> str:
    """Return the text as it is stored: a line a paragraph, without what was left out."""
    return "\n".join(row["text"] for row in paragraphs if row["kind"] != LEFT_OUT)


def numbers_of(paragraphs: Iterable[DraftParagraph], kind: str) -> list[int]:
    """Return the numbers (from 1) that the paragraphs of a kind have in the stored text."""
    kept = [row for row in paragraphs if row["kind"] != LEFT_OUT]
    return [number for number, row in enumerate(kept, 1) if row["kind"] == kind]


# How the box for the whole text marks what is no plain paragraph. A dash would not do: talk begins with one.
SIGNS = {HEADING: "[h] ", CAPTION: "[c] ", LEFT_OUT: "[x] "}


def lines_of(paragraphs: Iterable[DraftParagraph]) -> str:
    """Return all paragraphs for a box to type in: a line each, with the sign of its kind before it."""
    return "\n".join(SIGNS.get(row["kind"], "") + row["text"] for row in paragraphs)


def typed_paragraphs(text: str) -> list[DraftParagraph]:
    """Return the paragraphs of what was typed into that box."""
    rows = []
    for line in text.replace("\r\n", "\n").split("\n"):
        words = line.strip()
        kind = next((kind for kind, sign in SIGNS.items() if words.casefold().startswith(sign.strip())), TEXT)
        words = words[len(SIGNS.get(kind, "").strip()) :].strip()
        if is_seen(words):
            rows.append(DraftParagraph(text=words, kind=kind))
    return rows
