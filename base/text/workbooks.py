"""Workbooks (XLSX) that somebody hands in: the texts of their first sheet, read in a process of its own."""

from __future__ import annotations

import json
import threading
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from base.text.limited_process import output_of_module

WAIT = 10  # seconds until a workbook is read

_SIGN = b"PK\x03\x04"
_places = threading.BoundedSemaphore(2)  # workbooks that one server process has read at the same time

REFUSALS: dict[str, Promise] = {
    "too_many_rows": gettext_lazy("This workbook has very many empty rows. Delete them, or save the sheet as CSV."),
    "zip_bomb": gettext_lazy("Unpacked, this workbook is larger than 20 MB. Save it without pictures, or as CSV."),
    "no_xlsx": gettext_lazy("This is an archive or another kind of document. Save the sheet as .xlsx or as CSV."),
    "broken_xlsx": gettext_lazy("This workbook is damaged or locked. Open it in the spreadsheet, and save it anew."),
    "macros": gettext_lazy("This workbook has macros. Save it as .xlsx, which has none, or as CSV."),
    "several_sheets": gettext_lazy(
        "This workbook has several sheets with cells in them. Leave only one: delete the others."
    ),
    "too_costly": gettext_lazy("Reading this workbook took too long or too much memory. Save the sheet as CSV."),
    "busy": gettext_lazy("Other workbooks are being read just now. Try again in a few seconds; nothing was lost."),
}

Place = tuple[int, int]  # row and column, from 1


class Workbook(NamedTuple):
    """What the first sheet of a workbook holds."""

    rows: list[list[str]]
    formulas: list[Place]
    merged: list[Place]  # where cells were merged: the first of each


class WorkbookRefused(ValueError):
    """A workbook that cannot be read; the message says why and what would be right."""


def is_workbook(content: bytes) -> bool:
    """Return whether a file is a workbook or another archive by its first bytes."""
    return content.startswith(_SIGN)


def texts_of_workbook(content: bytes, most_rows: int) -> Workbook:
    """Return the rows of a workbook; of more than `most_rows` one more. Raises WorkbookRefused."""
    if not _places.acquire(timeout=WAIT):
        raise WorkbookRefused(REFUSALS["busy"])
    try:
        output = output_of_module("base.text.workbook_worker", str(most_rows), content=content)
    finally:
        _places.release()
    try:
        reading = json.loads(output)
        fault = reading["fault"]
    except (ValueError, TypeError, KeyError):
        raise WorkbookRefused(REFUSALS["too_costly"]) from None
    if fault:
        raise WorkbookRefused(REFUSALS[fault])
    formulas, merged = ([(row, column) for row, column in reading[name]] for name in ("formulas", "merged"))
    return Workbook(reading["rows"], formulas, merged)
