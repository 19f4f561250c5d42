"""Writes the sheet of a list: as CSV, or as a workbook in which every cell is text."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _

from base.admin.sheets.cells import VERSION, SheetRow
from base.admin.sheets.reading import SheetRefused
from base.documents.csv import BYTE_ORDER_MARK, cell

MOST_LETTERS = 32_000  # of a cell; spreadsheets cut a text off after 32,767
_WIDTH = 24  # letters


def _lines(head: str, columns: Sequence[str], rows: Iterable[SheetRow]) -> Iterable[list[str]]:
    yield [head, VERSION, *columns]
    for row in rows:
        yield [row.key, row.version, *(row.cells[name] for name in columns)]


def csv_of(head: str, columns: Sequence[str], rows: Iterable[SheetRow]) -> bytes:
    """Return a sheet as CSV in UTF-8 with the mark by which spreadsheets know it. No cell begins like a formula."""
    file = io.StringIO(newline="")
    csv.writer(file).writerows([cell(text) for text in line] for line in _lines(head, columns, rows))
    return (BYTE_ORDER_MARK + file.getvalue()).encode()


def xlsx_of(head: str, columns: Sequence[str], rows: Iterable[SheetRow]) -> bytes:
    """Return a sheet as a workbook. Raises SheetRefused for a text that no cell of a workbook can hold."""
    import openpyxl
    from openpyxl.styles import Font
    from openpyxl.utils.exceptions import IllegalCharacterError

    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for number, line in enumerate(_lines(head, columns, rows), 1):
        for column, text in enumerate(line, 1):
            if len(text) > MOST_LETTERS:
                raise SheetRefused(
                    _("Row %(row)s holds a text that is too long for a workbook. Download the list as CSV.")
                    % {"row": number}
                )
            place = sheet.cell(number, column)
            try:
                place.value, place.data_type = text or None, "s" if text else "n"
            except IllegalCharacterError:
                raise SheetRefused(
                    _("Row %(row)s holds a control character, which no workbook can. Download the list as CSV.")
                    % {"row": number}
                ) from None
            place.number_format = "@"  # text: what is typed into it later stays as it was typed
            if number == 1:
                place.font = Font(bold=True)
    for column in range(1, len(columns) + 3):
        sheet.column_dimensions[openpyxl.utils.get_column_letter(column)].width = _WIDTH
    sheet.freeze_panes = "C2"
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()
