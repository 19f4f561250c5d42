"""EDTF dates in the words of the reader's language. Thai counts years in the Buddhist era: 2025 is พ.ศ. 2568."""

from __future__ import annotations

import re

from django.utils.translation import get_language, pgettext, pgettext_lazy
from django.utils.translation import gettext as _

from base.text.dates import BUDDHIST_ERA, bounds

MONTHS = (
    pgettext_lazy("in a date", "January"),
    pgettext_lazy("in a date", "February"),
    pgettext_lazy("in a date", "March"),
    pgettext_lazy("in a date", "April"),
    pgettext_lazy("in a date", "May"),
    pgettext_lazy("in a date", "June"),
    pgettext_lazy("in a date", "July"),
    pgettext_lazy("in a date", "August"),
    pgettext_lazy("in a date", "September"),
    pgettext_lazy("in a date", "October"),
    pgettext_lazy("in a date", "November"),
    pgettext_lazy("in a date", "December"),
)
SEASONS = {
    "21": pgettext_lazy("in a date", "spring"),
    "22": pgettext_lazy("in a date", "summer"),
    "23": pgettext_lazy("in a date", "autumn"),
    "24": pgettext_lazy("in a date", "winter"),
}
_PARTS = re.compile(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?(?:T.*)?")
_PARTLY_KNOWN = re.compile(r"(\d{2,3})(XX?)|(\d{4})-XX(?:-XX)?|(\d{4})-(\d\d)-XX")


def date_in_words(text: str) -> str:
    """Return an EDTF date for readers: "March 2025", "about 2025", "2025 to 2026"; "date not stated" for none.

    A date that has no words here (a set, masked digits in the middle) is described by the first and the last day it can mean.
    """
    if not text:
        return _("date not stated")
    begin, interval, end = text.partition("/")
    return _interval(begin, end) if interval else _single(text)


def span_in_words(begin: str, end: str) -> str:
    """Return the words of a span between two EDTF dates, each of which may be empty or an interval itself."""
    if "/" in f"{begin}{end}":
        return " – ".join(date_in_words(text) for text in (begin, end) if text)
    return date_in_words(f"{begin}/{end}" if begin or end else "")


def _interval(begin: str, end: str) -> str:
    ends = {"begin": _single(begin), "end": _single(end)}
    if begin in ("", ".."):
        words = _("until %(end)s, beginning not stated") if not begin else _("until %(end)s")
    elif end in ("", ".."):
        words = _("from %(begin)s, end not stated") if not end else _("from %(begin)s on")
    else:
        words = _("%(begin)s to %(end)s")
    return words % ends


def _single(text: str) -> str:
    if text in ("", ".."):
        return ""
    mark = text[-1] if text[-1] in "~?%" else ""
    words = _plain(text.removesuffix(mark)) or _outer(text)
    if mark == "~":
        return _("about %(date)s") % {"date": words}
    if mark == "?":
        return _("%(date)s (uncertain)") % {"date": words}
    return _("about %(date)s (uncertain)") % {"date": words} if mark else words


def _plain(text: str) -> str:
    """Return the words of a day, month, season, year, decade or century; empty if a text is none of them."""
    if parts := _PARTS.fullmatch(text):
        return _day(*parts.groups())
    if not (parts := _PARTLY_KNOWN.fullmatch(text)):
        return ""
    digits, masked, year, of_year, month = parts.groups()
    if digits and len(digits + masked) == 4:
        first, span = int(digits.ljust(4, "0")), 10 ** len(masked)
        years = {"first": _year(first), "last": _year(first + span - 1)}
        return pgettext("in a date", "between %(first)s and %(last)s") % years
    if year or of_year:
        return _day(year or of_year, month, None)
    return ""


def _day(year: str, month: str | None, day: str | None) -> str:
    if month is None:
        return _year(int(year))
    if month in SEASONS:
        return pgettext("in a date", "%(season)s %(year)s") % {"season": SEASONS[month], "year": _year(int(year))}
    if not 1 <= int(month) <= 12:
        return ""
    facts = {"month": str(MONTHS[int(month) - 1]), "year": _year(int(year)), "day": int(day or 0)}
    if day is None:
        return pgettext("in a date", "%(month)s %(year)s") % facts
    return pgettext("in a date", "%(day)s %(month)s %(year)s") % facts


def _year(year: int) -> str:
    shown = year + BUDDHIST_ERA if get_language() == "th" else year
    return pgettext("in a date", "%(year)s") % {"year": shown}


def _outer(text: str) -> str:
    """Return the words of the days between which a date lies; the notation itself if its days are unknown."""
    try:
        first, last = bounds(text)
    except ValueError:
        return text
    if first is None or last is None:
        return text
    if first == last:  # a doubt inside the date, such as 2004-06~-11
        return _("about %(date)s") % {"date": _plain(first.isoformat())}
    days = {"first": _plain(first.isoformat()), "last": _plain(last.isoformat())}
    return pgettext("in a date", "between %(first)s and %(last)s") % days
