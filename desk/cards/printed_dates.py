"""Dates as an article prints them, in EDTF: 14 May 2026, วันที่ 14 พฤษภาคม 2569, ngày 14 tháng 5 năm 2026."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from django.utils.translation import gettext as _

from base.text.dates import BUDDHIST_ERA, bounds
from base.text.names import fold_letters
from desk.proposals.dates import date_spans
from desk.proposals.rules import RulesFault, rules_for

FIRST_BUDDHIST_YEAR = 2400  # what is later than this is counted in the Buddhist era
_ENGLISH = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_NUMERIC = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
_ISO = re.compile(r"\d{4}-\d\d-\d\d")
_YEAR, _DAY = re.compile(r"(?<!\d)\d{4}(?!\d)"), re.compile(r"(?<!\d)\d{1,2}(?!\d)")


@dataclass(frozen=True)
class PrintedDate:
    """A date in EDTF, and the words that print it; `reason` says how it was read."""

    edtf: str
    words: str
    reason: str


def printed_dates(text: str, language: str) -> list[PrintedDate]:
    """Return the dates that words print with their year, in the order of the text; a day without a year is no date to keep.

    Years of the Buddhist era are put into the common era, and the reason says so.
    """
    short = language.split("-")[0]
    try:
        spans = sorted(date_spans(text, short))
    except (RulesFault, KeyError):
        return []
    return [date for begin, end in spans if (date := _read(text[begin:end], short)) is not None]


def _read(words: str, language: str) -> PrintedDate | None:
    folded = fold_letters(words)  # digits of any script become 0 to 9
    if match := _ISO.search(folded):
        return _date(words, *map(int, match[0].split("-")))
    if match := _NUMERIC.search(folded):
        day, month, year = map(int, match.groups())
        return _date(words, year, month, day)
    if (match := _YEAR.search(folded)) is None:
        return None
    rest = folded[: match.start()] + " " + folded[match.end() :]
    month, rest = _month(rest, language)
    days = _DAY.findall(rest)
    return _date(words, int(match[0]), month, int(days[0]) if month and len(days) == 1 else 0)


def _month(text: str, language: str) -> tuple[int, str]:
    """Return the month that a folded text names, and the text without it; 0 if it names none."""
    named = [(text.find(word), -len(word), word, number) for word, number in _months(language) if word in text]
    if not named:
        return 0, text
    _place, _length, word, number = min(named)
    return number, text.replace(word, " ", 1)


@cache
def _months(language: str) -> list[tuple[str, int]]:
    """Return the folded words for months, each with its number."""
    if language == "vi":
        words = ["giêng", "hai", "ba", "tư", "năm", "sáu", "bảy", "tám", "chín", "mười", "mười một", "chạp"]
        named = [(f"tháng {word}", number) for number, word in enumerate(words, 1)]
        named += [("tháng một", 1), ("tháng mười hai", 12)]
        named += [(f"tháng {number}", number) for number in range(1, 13)]
    elif language == "th":
        named = [(word, number % 12 + 1) for number, word in enumerate(rules_for("th").dates_month)]
    else:
        named = [(word, _ENGLISH.index(word[:3].lower()) + 1) for word in rules_for(language).dates_month]
    return [(fold_letters(word), number) for word, number in named]


def _date(words: str, year: int, month: int, day: int) -> PrintedDate | None:
    reason = f"“{words}”"
    if year > FIRST_BUDDHIST_YEAR:
        reason = _("“%(words)s”: %(year)s of the Buddhist era is %(common)s") % {
            "words": words,
            "year": year,
            "common": year - BUDDHIST_ERA,
        }
        year -= BUDDHIST_ERA
    edtf = "-".join([f"{year:04d}", *(f"{part:02d}" for part in (month, day) if part)])
    try:
        bounds(edtf)
    except ValueError:
        return None
    return PrintedDate(edtf, words, reason)
