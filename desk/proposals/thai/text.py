"""Stretches of Thai text: chunks between blanks, and where a name inside one ends."""

from __future__ import annotations

import re
from functools import cache

from desk.proposals.rules import alternatives, rules_for

THAI = "\u0e01-\u0e3a\u0e40-\u0e4e"
_CHUNK = re.compile(f"[{THAI}]+")
_VOWEL_AHEAD = "เแโใไ"
_NEVER_FIRST = re.compile("[\u0e30-\u0e3a\u0e45-\u0e4e]")


def thai_chunk(text: str, place: int) -> int:
    """Return where the Thai letters end that begin at a place."""
    match = _CHUNK.match(text, place, place + 200)
    return match.end() if match else place


@cache
def name_end_pattern() -> re.Pattern[str]:
    """Words that end a name where no blank does."""
    rules = rules_for("th")
    verbs = [word for word in (*rules.speech_say, *rules.speech_quote) if len(word) > 3]
    return re.compile(alternatives([*rules.names_end, *verbs]))


@cache
def _speech_words() -> frozenset[str]:
    rules = rules_for("th")
    return frozenset([*rules.speech_say, *rules.speech_quote, *rules.speech_between])


def cut_name(text: str, begin: int, end: int, fewest: int = 3) -> int:
    """Return where a name ends that stands at the beginning of a chunk: before the first word that cannot be part of it."""
    match = name_end_pattern().search(text, begin + fewest - 1, end)
    while match is not None:
        place = match.start()
        torn = text[place - 1] in _VOWEL_AHEAD or (match.end() < end and _NEVER_FIRST.match(text[match.end()]))
        says = text.startswith("ว่า", match.end())
        # เจนจบ and บุญมา are names; a verb that is none of speech has its object right behind it.
        at_end = match.end() == end and (text[end : end + 1] != " " or match[0] in _speech_words())
        if not torn and (says or _is_sure(match[0]) or at_end):
            return place
        match = name_end_pattern().search(text, place + 1, end)
    return end


@cache
def _is_sure(word: str) -> bool:
    """Whether a word is hardly ever inside a name: long ones, and a few short ones."""
    return len(word) >= 5 or word in (
        "และ",
        "ซึ่ง",
        "จาก",
        "กับ",
        "โดย",
        "กล่าว",
        "บอก",
        "ระบุ",
        "เล่า",
        "ย้ำ",
        "เผย",
        "เป็น",
        "ที่",
        "ตอบ",
        "ถาม",
        "ของ",
        "ไม่",
        "เคย",
        "วัย",
        "จึง",
        "ยัง",
        "อายุ",
    )
