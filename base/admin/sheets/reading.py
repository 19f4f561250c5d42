"""Takes a sheet apart that somebody hands in: its rows as texts, if it is the sheet of this list and of this site."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from base.admin.sheets.cells import VERSION, tidied_cell
from base.documents.csv import text_of_cell
from base.text.files import HEAD, kind_of_binary
from base.text.workbooks import Workbook, WorkbookRefused, is_workbook, texts_of_workbook

MOST_BYTES = 5_000_000  # of a file
MOST_ROWS = 1_000  # of a sheet, the first line aside
MOST_BLANK_ROWS = 20_000  # between others, before the file is refused

REFUSALS: dict[str, Promise] = {
    "empty": gettext_lazy("There is nothing in this file. Download the list, change it, and hand it in."),
    "too_big": gettext_lazy("This file is larger than 5 MB. A sheet holds up to 1,000 rows: divide it."),
    "too_many_rows": gettext_lazy(
        "This sheet has more than 1,000 rows. Divide it, and hand in one part after the other."
    ),
    "blank_rows": gettext_lazy("This sheet has very many empty rows. Delete them, and hand it in again."),
    "not_utf8": gettext_lazy("This file is no CSV in UTF-8. In the spreadsheet, save it as “CSV UTF-8” or as .xlsx."),
    "broken_csv": gettext_lazy("This CSV cannot be read: a quotation mark is not closed, or a cell is far too long."),
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
    try:
        book = texts_of_workbook(content, MOST_ROWS + 1) if is_workbook(content) else Workbook(_csv(content), [], [])
    except WorkbookRefused as refused:
        raise SheetRefused(str(refused)) from None
    filled = [(number, row) for number, row in enumerate(book.rows, 1) if any(map(tidied_cell, row))]
    if len(filled) > MOST_ROWS + 1:
        raise SheetRefused(REFUSALS["too_many_rows"])
    if not filled:
        raise SheetRefused(REFUSALS["empty"])
    first, names = filled[0]
    names = [tidied_cell(name) for name in names]
    while names and not names[-1]:
        names.pop()
    _check_columns(names, head, columns)
    problems = dict.fromkeys(book.merged, _("Cells were merged here. Split them, and fill in each by itself."))
    problems |= dict.fromkeys(
        (place for place in book.formulas if place[0] > first),
        _("This cell is a formula or an error of one; formulas are never computed here. Paste its value as text."),
    )
    sheet = Sheet(faults=[_fault_at(names, place, problem) for place, problem in problems.items()])
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


def _fault_at(names: Sequence[str], place: tuple[int, int], problem: str) -> CellFault:
    row, column = place
    return CellFault(row, names[column - 1] if column <= len(names) else "", "", problem)


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
            filled += any(map(tidied_cell, row))
            if len(rows) - filled > MOST_BLANK_ROWS:
                raise SheetRefused(REFUSALS["blank_rows"])
            if filled > MOST_ROWS + 1:
                break
    except csv.Error:
        raise SheetRefused(REFUSALS["broken_csv"]) from None
    return rows
