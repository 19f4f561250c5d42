"""Dates as sources give them: EDTF (ISO 8601-2) with a sortable earliest and latest day."""

from __future__ import annotations

import calendar
import datetime
import re
from functools import lru_cache
from time import struct_time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from edtf import parse_edtf

from base.text.confirmation import ConfirmedTextInput

UNDATED = datetime.date.min
_CERTAIN = re.compile(r"([0-9]{4})(?:-([0-9]{2}|XX))?(?:-([0-9]{2}|XX))?(?:T.*)?")
LONGEST_DATE = 60  # characters
YEARS_AHEAD = 20  # beyond which a date is asked about
BUDDHIST_ERA = 543  # years before the common era in which the Thai calendar begins
FIRST_LIKELY_YEAR = 1782  # of the common era: 2325 of the Buddhist era, when Bangkok became the capital
OPEN = ("", "..")  # an end of an interval that is unknown, or open

Bounds = tuple[datetime.date | None, datetime.date | None]

# A year, month or day, of which the last digits may be unknown: 2025, 202X, 2025-03, 2025-XX, 2025-03-14, 2025-03-XX.
_PLAIN = re.compile(r"([0-9]{4}|[0-9]{3}X|[0-9]{2}XX)(?:-([0-9]{2}|XX)(?:-([0-9]{2}|XX))?)?[~?%]?")
# The only characters of a date that the parser is given. Years of more than four digits and with exponents (Y1E400) would be
# counted out before they are compared with anything, and none of them lies in the years 1 to 9999.
_PARSED = re.compile(r"[0-9XTZS:.,/~?%+\-\[\]{} ]*")
_YEAR = re.compile(r"(?<![0-9])[0-9]{4}(?![0-9X])")
_LONG_NUMBER = re.compile(r"[0-9X]{5}")


def bounds(text: str) -> Bounds:
    """Return the earliest and latest day an EDTF text can mean; None where that end is open or the text is empty.

    An end that is left empty ("2025/") is unknown, so it is None too. Raises ValueError for text that is not EDTF, for one of
    more than LONGEST_DATE characters, for an interval that ends before it begins or has neither end, and for a date outside the
    years 1 to 9999.
    """
    if not text:
        return None, None
    days = _bounds_of_date(text) if len(text) <= LONGEST_DATE else None
    if days is None:
        raise ValueError(f"not an EDTF date: {text[:LONGEST_DATE]}")
    return days


@lru_cache(maxsize=4096)
def _bounds_of_date(text: str) -> Bounds | None:
    """Return the bounds of a date; None for what is none, so that this too is found out once for each text."""
    try:
        earliest, latest = plain_bounds(text) or _parsed_bounds(text)
    except ValueError:
        return None
    if (earliest or latest) is None or (earliest and latest and earliest > latest):
        return None
    return earliest, latest


def plain_bounds(text: str) -> Bounds | None:
    """Return the bounds of a day, month or year, or of an interval between two of them; None for any other text.

    These are nearly all dates there are, and they take microseconds, where the parser takes milliseconds. Raises ValueError for
    a day that no calendar has.
    """
    if len(text) > LONGEST_DATE:
        return None
    begin, interval, end = text.partition("/")
    if not interval:
        return _plain(text)
    first = (None, None) if begin in OPEN else _plain(begin)
    last = (None, None) if end in OPEN else _plain(end)
    return None if first is None or last is None else (first[0], last[1])


def _plain(text: str) -> Bounds | None:
    """Return the first and the last day of a day, month, year, decade or century; None for any other text."""
    if (parts := _PLAIN.fullmatch(text)) is None:
        return None
    year, month, day = parts.groups()
    if (masked := "X" in year) and month:
        return None
    if day and (month == "XX" != day):
        return None
    first, last = int(year.replace("X", "0")), int(year.replace("X", "9"))
    if masked or month in (None, "XX"):
        return datetime.date(first, 1, 1), datetime.date(last, 12, 31)
    if day in (None, "XX"):
        if not 1 <= int(month) <= 12:
            return None  # 21 to 24 are seasons
        return datetime.date(first, int(month), 1), datetime.date(
            first, int(month), calendar.monthrange(first, int(month))[1]
        )
    whole = datetime.date(first, int(month), int(day))
    return whole, whole


def _parsed_bounds(text: str) -> Bounds:
    """Return the bounds of a text that takes the parser: seasons, sets, doubt about a part. Raises ValueError."""
    if not _PARSED.fullmatch(text) or _LONG_NUMBER.search(text) or text != text.strip():
        raise ValueError(text)
    begin, interval, end = text.partition("/")
    try:
        parsed = parse_edtf(text)
        earliest, latest = _day(parsed.lower_strict()), _day(parsed.upper_strict())
    except Exception as error:  # of a parser of another's, which is told what people typed, any exception is a refusal
        raise ValueError(text) from error
    return None if interval and not begin else earliest, None if interval and not end else latest


def _day(moment: struct_time | float) -> datetime.date | None:
    if isinstance(moment, float):  # an open end is plus or minus infinity
        return None
    return datetime.date(moment.tm_year, moment.tm_mon, moment.tm_mday)


def exact_date(text: str) -> str:
    """Return the year, month or day that an EDTF date states, as ISO 8601 has it: "2025-03" of 2025-03 and of 2025-03-XX.

    What is approximate or uncertain, and what is less than a year, gives nothing. A season gives its year.
    """
    parts = _CERTAIN.fullmatch(text)
    if parts is None:
        return ""
    year, month, day = parts.groups()
    if month is None or month == "XX" or not 1 <= int(month) <= 12:
        return year
    return f"{year}-{month}" if day is None or day == "XX" else f"{year}-{month}-{day}"


def exact_span(text: str) -> tuple[str, str]:
    """Return the beginning and the end that an EDTF date or interval states, each as `exact_date` does."""
    begin, interval, end = text.partition("/")
    return exact_date(begin), exact_date(end if interval else begin)


def far_ahead(text: str, today: datetime.date) -> bool:
    """Whether a date lies more than YEARS_AHEAD years after today: a year of another era, or a slip. False for what is no date."""
    try:
        days = bounds(text)
    except ValueError:
        return False
    return any(day is not None and day.year > today.year + YEARS_AHEAD for day in days)


def in_common_era(text: str, today: datetime.date) -> str:
    """Return a date with its years of the Buddhist era (2569) in the common era (2026); empty if no such date is near."""
    limit = today.year + YEARS_AHEAD
    shifted = _YEAR.sub(lambda year: _common_year(int(year[0]), limit), text)
    return shifted if shifted != text and not far_ahead(shifted, today) and _is_date(shifted) else ""


def _common_year(year: int, limit: int) -> str:
    """Return a year; one of the Buddhist era as that of the common era, if it is one that sources are likely to speak of."""
    common = year - BUDDHIST_ERA
    return f"{common:04d}" if year > limit and FIRST_LIKELY_YEAR <= common <= limit else f"{year:04d}"


def _is_date(text: str) -> bool:
    return len(text) <= LONGEST_DATE and _bounds_of_date(text) is not None


def far_ahead_message(text: str, today: datetime.date) -> str:
    """Return what to tell a person about a date that lies far ahead, in the language of the thread."""
    if meant := in_common_era(text, today):
        return _("“%(value)s” lies far in the future. Did you mean %(meant)s? Years are those of the common era.") % {
            "value": text,
            "meant": meant,
        }
    return _("“%(value)s” lies more than %(years)s years in the future.") % {"value": text, "years": YEARS_AHEAD}


def validate_edtf(text: str) -> None:
    """Raise ValidationError for text that is not an EDTF date, with examples of what one looks like."""
    try:
        bounds(text)
    except ValueError:
        raise ValidationError(
            gettext_lazy(
                "“%(value)s” is not an EDTF date. Write 2025, 2025-03, 2025-03-14, 2025~ (about) or 2025-03/2025-06."
            ),
            params={"value": text[:LONGEST_DATE]},
            code="edtf",
        ) from None


def _today() -> datetime.date:
    return datetime.datetime.now(datetime.UTC).date()


class DateTextField(forms.CharField):
    """A date as EDTF text, in a form. One that lies far in the future is taken once whoever typed it says that it is meant."""

    widget: ConfirmedTextInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"widget": ConfirmedTextInput, **kwargs})

    def get_bound_field(self, form: forms.BaseForm, field_name: str) -> forms.BoundField:
        """Return the field of a form; a date far ahead that is stored already counts as meant, one of an address does not."""
        instance = getattr(form, "instance", None)
        stored = str(getattr(instance, field_name, "")) if instance is not None and instance.pk else ""
        if stored and far_ahead(stored, _today()):
            self.widget.confirmed = stored
        return super().get_bound_field(form, field_name)

    def clean(self, value: str | None) -> str:
        """Return the text. Raises ValidationError with a question, for which the widget then shows a box to tick."""
        text = super().clean(value)
        today = _today()
        if text and not self.widget.is_confirmed(text) and far_ahead(text, today):
            self.widget.ask(text)
            raise ValidationError(far_ahead_message(text, today), code="far_ahead")
        return text


class EDTFField(models.CharField):
    """A date as EDTF text; empty where the source gives none."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        kwargs = {"max_length": LONGEST_DATE, "blank": True, "default": "", **kwargs}
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.validators.append(validate_edtf)

    def formfield(self, **kwargs: Any) -> forms.Field | None:
        """Return a field that asks about a date far in the future."""
        kwargs.pop("widget", None)
        return super().formfield(**{"form_class": DateTextField, **kwargs})
