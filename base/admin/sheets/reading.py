"""Takes a sheet apart that somebody hands in: its rows as texts, if it is the sheet of this list and of this site."""

from __future__ import annotations

import csv
import io
import json
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from base.admin.sheets.cells import VERSION, tidied_cell
from base.documents.csv import text_of_cell
from base.text.files import HEAD, kind_of_binary
from base.text.limited_process import output_of_module

MOST_BYTES = 5_000_000  # of a file
MOST_ROWS = 1_000  # of a sheet, the first line aside
WAIT = 10  # seconds until a workbook is read

_WORKBOOK = b"PK\x03\x04"
_places = threading.BoundedSemaphore(2)  # workbooks that one server process has read at the same time

REFUSALS: dict[str, Promise] = {
    "empty": gettext_lazy("There is nothing in this file. Download the list, change it, and hand it in."),
    "too_big": gettext_lazy("This file is larger than 5 MB. A sheet holds up to 1,000 rows: divide it."),
    "too_many_rows": gettext_lazy(
        "This sheet has more than 1,000 rows. Divide it, and hand in one part after the other."
    ),
    "not_utf8": gettext_lazy("This file is no CSV in UTF-8. In the spreadsheet, save it as “CSV UTF-8” or as .xlsx."),
    "broken_csv": gettext_lazy("This CSV cannot be read: a quotation mark is not closed, or a cell is far too long."),
    "zip_bomb": gettext_lazy("Unpacked, this workbook is larger than 20 MB. Save it without pictures, or as CSV."),
    "no_xlsx": gettext_lazy("This is an archive or another kind of document. Save the sheet as .xlsx or as CSV."),
    "broken_xlsx": gettext_lazy("This workbook is damaged or locked. Open it in the spreadsheet, and save it anew."),
    "too_costly": gettext_lazy("Reading this workbook took too long or too much memory. Save the sheet as CSV."),
    "busy": gettext_lazy("Other workbooks are being read just now. Try again in a few seconds; nothing was lost."),
}


class SheetRefused(ValueError):
    """A sheet that cannot be taken as a whole; the message says why and what would be right."""


@dataclass(frozen=True)
class CellFault:
    """What is wrong with a cell, or, without a column, with a row."""

    row: int  # as spreadsheets count
    column: str
    value: str
    problem: str


@dataclass(frozen=True)
class SheetLine:
    """A row of a sheet that was handed in."""

    number: int  # as spreadsheets count: 2 is the first below the columns
    key: str  # empty for a new row
    version: str
    cells: dict[str, str]  # texts by column, those of columns that the sheet has

    @property
    def is_new(self) -> bool:
        """Return whether the row is to be added."""
        return not self.key


@dataclass
class Sheet:
    """A sheet that was handed in."""

    lines: list[SheetLine] = field(default_factory=list)
    faults: list[CellFault] = field(default_factory=list)


def read_sheet(content: bytes, head: str, columns: Sequence[str]) -> Sheet:
    """Return the rows of a CSV or XLSX file. Raises SheetRefused if it is not the sheet of the list whose first cell is `head`."""
    if len(content) > MOST_BYTES:
        raise SheetRefused(REFUSALS["too_big"])
    if not content.strip(b"\0 \t\r\n\f\xef\xbb\xbf"):
        raise SheetRefused(REFUSALS["empty"])
    rows, formulas = _workbook(content) if content.startswith(_WORKBOOK) else (_csv(content), [])
    filled = [(number, row) for number, row in enumerate(rows, 1) if any(map(tidied_cell, row))]
    if len(filled) > MOST_ROWS + 1:
        raise SheetRefused(REFUSALS["too_many_rows"])
    if not filled:
        raise SheetRefused(REFUSALS["empty"])
    first, names = filled[0]
    names = [tidied_cell(name) for name in names]
    while names and not names[-1]:
        names.pop()
    _check_columns(names, head, columns)
    sheet = Sheet(faults=[_formula_fault(names, row, column) for row, column in formulas if row > first])
    for number, row in filled[1:]:
        texts = [tidied_cell(text) for text in row]
        if stray := next(filter(None, texts[len(names) :]), ""):
            sheet.faults.append(_stray_fault(number, stray))
        cells = dict(zip(names, [*texts, *[""] * len(names)], strict=False))
        key, version = cells.pop(head), cells.pop(VERSION, "")
        sheet.lines.append(SheetLine(number, key, version, cells))
    return sheet


def _stray_fault(row: int, value: str) -> CellFault:
    problem = _("There is a cell to the right of the last column. Clear it; a comma in a CSV may have split a text.")
    return CellFault(row, "", value, problem)


def _formula_fault(names: Sequence[str], row: int, column: int) -> CellFault:
    name = names[column - 1] if column <= len(names) else ""
    problem = _("This cell is a formula or an error of one; formulas are never computed here. Paste its value as text.")
    return CellFault(row, name, "", problem)


def _check_columns(names: Sequence[str], head: str, columns: Sequence[str]) -> None:
    """Raise SheetRefused unless these are columns of the list."""
    if not names or names[0] != head:
        raise SheetRefused(
            _(
                "This is the sheet of another list or of another site: its first cell is “%(found)s”, and that of this list is "
                "“%(head)s”. Download this list, and enter your changes there."
            )
            % {"found": (names[0] if names else "")[:200], "head": head}
        )
    known = {head, VERSION, *columns}
    if unknown := [name for name in names if name not in known]:
        raise SheetRefused(
            _("This list has no column “%(name)s”. Its columns are: %(columns)s.")
            % {"name": unknown[0][:200], "columns": ", ".join([VERSION, *columns])}
        )
    if twice := [name for name in names if names.count(name) > 1]:
        raise SheetRefused(_("The column “%(name)s” is there twice. Keep one of them.") % {"name": twice[0]})


def _csv(content: bytes) -> list[list[str]]:
    """Return the rows of a CSV, whatever parts its cells: spreadsheets in some languages write semicolons."""
    try:
        if kind_of_binary(content[:HEAD]):
            raise SheetRefused(REFUSALS["not_utf8"])
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise SheetRefused(REFUSALS["not_utf8"]) from None
    first = text.lstrip().split("\n", 1)[0]
    separator = max(",;\t", key=first.count)
    rows: list[list[str]] = []
    filled = 0
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True):
            rows.append([text_of_cell(cell) for cell in row])
            filled += any(row)
            if filled > MOST_ROWS + 1:
                break
    except csv.Error:
        raise SheetRefused(REFUSALS["broken_csv"]) from None
    return rows


def _workbook(content: bytes) -> tuple[list[list[str]], list[tuple[int, int]]]:
    """Return the rows of a workbook and the places of its formulas, read in a process of its own."""
    if not _places.acquire(timeout=WAIT):
        raise SheetRefused(REFUSALS["busy"])
    try:
        output = output_of_module("base.text.workbook_worker", str(MOST_ROWS + 1), content=content)
    finally:
        _places.release()
    try:
        reading = json.loads(output)
        fault = reading["fault"]
    except (ValueError, TypeError, KeyError):
        raise SheetRefused(REFUSALS["too_costly"]) from None
    if fault:
        raise SheetRefused(REFUSALS[fault])
    return reading["rows"], [(row, column) for row, column in reading["formulas"]]
