"""Dates as an article prints them: a day or a month with its name, in figures, in the Christian or the Buddhist era."""

from __future__ import annotations

import re
from functools import cache

from .proposal import Span
from .rules import Rules, alternatives, rules_for

_YEAR = r"(?:\d{4}|[๐-๙]{4})"
_DAY = r"(?:\d{1,2}|[๐-๙]{1,2})"


def date_spans(text: str, language: str) -> list[Span]:
    """Return where dates stand."""
    found = [_bare(text, *match.span()) for match in _pattern(language).finditer(text)]
    if language == "vi":
        taken = {place for begin, end in found for place in range(begin, end)}
        found += [match.span(1) for match in _short_vietnamese().finditer(text) if match.start(1) not in taken]
    return found


def _bare(text: str, begin: int, end: int) -> Span:
    """Return a date without the word for “day” before it and the blanks round it."""
    word = re.match(r"\(?(?:ngày|mùng) ", text[begin:end], re.IGNORECASE)
    begin += len(word[0]) if word else 0
    return begin, begin + len(text[begin:end].rstrip())


@cache
def _short_vietnamese() -> re.Pattern[str]:
    """A day and a month in figures, behind a word that says that it is one: “sáng 12/8”."""
    words = alternatives(rules_for("vi").dates_word)
    return re.compile(rf"(?<!\w){words} ((?:0?[1-9]|[12]\d|3[01])[/-](?:0?[1-9]|1[0-2]))(?![/\d])", re.IGNORECASE)


@cache
def _pattern(language: str) -> re.Pattern[str]:
    rules: Rules = rules_for(language)
    month, weekday, word = (alternatives(words) for words in (rules.dates_month, rules.dates_weekday, rules.dates_word))
    iso = r"(?<![\w-])\d{4}-\d\d-\d\d(?![\w-])"
    if language == "en":
        day = rf"{_DAY}(?:st|nd|rd|th)?"
        forms = [
            rf"(?:{weekday},? )?(?:the )?{day}(?:[-–]{day})? (?:of )?{month}(?:,? {_YEAR}(?: {word})?)?",
            rf"(?:{weekday},? )?{month} {day}(?:[-–]{day})?(?:, {_YEAR}|(?!\d| \d{{4}}))",
            rf"(?:{weekday},? )?{month} {day},? {_YEAR}",
            rf"{month} {_YEAR}",
        ]
        return re.compile(rf"(?<!\w)(?:{'|'.join(forms)})(?!\w)|{iso}")
    if language == "vi":
        forms = [
            rf"(?:{weekday},? ?)?(?:\(?ngày )?{_DAY}[/.-]\d{{1,2}}[/.-]{_YEAR}",
            rf"(?:{weekday},? ?)?(?:ngày |mùng ){_DAY}[/-]\d{{1,2}}(?![/\d])",
            rf"(?:{weekday},? ?\(?)(?:0?[1-9]|[12]\d|3[01])[/-](?:0?[1-9]|1[0-2])(?![/\d])",
            rf"(?:{weekday},? ?)?(?:ngày |mùng )?{_DAY} {month}(?: năm {_YEAR}|,? {_YEAR})?",
            rf"{month}(?: năm | )?[/]?{_YEAR}",
            rf"tháng \d{{1,2}}[/-]{_YEAR}",
        ]
        return re.compile(rf"(?<!\w)(?:{'|'.join(forms)})(?!\w)|{iso}", re.IGNORECASE)
    forms = [
        rf"(?:{_DAY} ?[-–] ?)?{_DAY} ?{month}(?: ?(?:{word}) ?{_YEAR}| ?{_YEAR}(?!\d)| \d\d(?![\d.:]))?",
        rf"{month} ?(?:(?:{word}) ?)?{_YEAR}",
        r"(?<!\d)\d{1,2}/\d{1,2}/\d{2,4}(?!\d)",
    ]
    return re.compile(rf"(?:{'|'.join(forms)})|{iso}")
