"""Dates as sources give them: EDTF (ISO 8601-2) with a sortable earliest and latest day."""

import datetime
import re
from time import struct_time

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from edtf import parse_edtf
from edtf.parser.edtf_exceptions import EDTFParseException

UNDATED = datetime.date.min
_WHOLE_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_CERTAIN = re.compile(r"([0-9]{4})(?:-([0-9]{2}|XX))?(?:-([0-9]{2}|XX))?(?:T.*)?")


def bounds(text: str) -> tuple[datetime.date | None, datetime.date | None]:
    """Return the earliest and latest day an EDTF text can mean; None where that end is open or the text is empty.

    An end that is left empty ("2025/") is unknown, so it is None too. Raises ValueError for text that is not EDTF, for an interval
    that ends before it begins or has neither end, and for a date outside the years 1 to 9999.
    """
    if not text:
        return None, None
    if _WHOLE_DAY.fullmatch(text):  # the most frequent date by far; the parser takes a thousand times as long
        try:
            day = datetime.date.fromisoformat(text)
        except ValueError:
            raise ValueError(f"not an EDTF date: {text}") from None
        return day, day
    begin, interval, end = text.partition("/")
    try:
        parsed = parse_edtf(text)
        ends = parsed.lower_strict(), parsed.upper_strict()
    except (EDTFParseException, AttributeError, OverflowError) as error:
        raise ValueError(f"not an EDTF date: {text}") from error
    earliest = None if interval and not begin else _day(ends[0])
    latest = None if interval and not end else _day(ends[1])
    if text != text.strip() or (earliest or latest) is None or (earliest and latest and earliest > latest):
        raise ValueError(f"not an EDTF date: {text}")
    return earliest, latest


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


def validate_edtf(text: str) -> None:
    """Raise ValidationError for text that is not an EDTF date, with examples of what one looks like."""
    try:
        bounds(text)
    except ValueError:
        raise ValidationError(
            _("“%(value)s” is not an EDTF date. Write 2025, 2025-03, 2025-03-14, 2025~ (about) or 2025-03/2025-06."),
            params={"value": text},
            code="edtf",
        ) from None


class EDTFField(models.CharField):
    """A date as EDTF text; empty where the source gives none."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        kwargs = {"max_length": 60, "blank": True, "default": "", **kwargs}
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.validators.append(validate_edtf)
