"""Files of statements as the page of the import takes them: CSV, NDJSON or XLSX, small enough to be undone in one act."""

from __future__ import annotations

import io
from collections.abc import Iterator

from django.utils.translation import gettext as _

from base.text.workbooks import WorkbookRefused, is_workbook, texts_of_workbook

from .format import FileHeader, FileRow, RowProblem, UnusableHeader
from .parse import WHOLE_LINE, UnusableFile, rows_of_text

MOST_BYTES = 5_000_000
MOST_LINES = 1_000

Rows = Iterator[FileRow | RowProblem]


def rows_of_content(content: bytes, name: str) -> Rows:
    """Yield the row of each line of a file, or what is wrong with it. Raises UnusableFile before the first if it cannot be used."""
    if is_workbook(content):
        return _rows_of_workbook(content, name)
    return rows_of_text(io.BytesIO(content), name)


def count_lines(content: bytes, name: str) -> int:
    """Return how many lines a file has below the names of its columns. Raises UnusableFile if it has none or too many."""
    count = 0
    for count, _row in enumerate(rows_of_content(content, name), 1):  # the last one is told
        if count > MOST_LINES:
            raise UnusableFile(too_many_lines())
    if not count:
        raise UnusableFile(_("%s has no line below the names of its columns.") % name)
    return count


def too_many_lines() -> str:
    """Return what is said to somebody who hands in more than can be undone at once."""
    return _(
        "This file is larger than this page takes: at most 1,000 lines and 5 MB, so that all of it can be undone at once. Divide "
        "it; or ask whoever runs the site to take it in with the command import_statements, which takes a million lines."
    )


def _rows_of_workbook(content: bytes, name: str) -> Rows:
    try:
        book = texts_of_workbook(content, MOST_LINES + 1)
    except WorkbookRefused as refused:
        raise UnusableFile(str(refused)) from None
    filled = [(number, row) for number, row in enumerate(book.rows, 1) if any(cell.strip() for cell in row)]
    if not filled:
        raise UnusableFile(_("There is nothing in this file."))
    first, names = filled[0]
    width = max(place for place, cell in enumerate(names, 1) if cell.strip())
    try:
        header = FileHeader(names[:width])
    except UnusableHeader as error:
        place = _("row %s") % first
        raise UnusableFile(f"{name}, {place}: {error}") from None
    formula = (
        _("This cell is a formula or an error of one; formulas are never computed here."),
        _("its value, pasted as text"),
    )
    merged = (_("Cells were merged here."), _("cells that are split, and each filled in by itself"))
    faults = {row: (column, *formula) for row, column in reversed(book.formulas)}
    faults |= {row: (column, *merged) for row, column in reversed(book.merged)}
    for number, row in filled[1:]:
        cells = [*row, *[""] * width][: max(width, len(row))]
        if number in faults:
            column, wrong, right = faults[number]
            where = header.names[column - 1] if column <= width else WHOLE_LINE
            yield RowProblem(number, where, "", wrong, right)
        elif stray := next((cell for cell in cells[width:] if cell.strip()), ""):
            wrong, right = (
                _("There is a cell to the right of the last column."),
                _("an empty cell, or a name for its column"),
            )
            yield RowProblem(number, WHOLE_LINE, stray, wrong, right)
        else:
            yield header.row(number, cells[:width])
