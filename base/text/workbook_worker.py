"""Reads one workbook (XLSX) in a process of its own: `python -m base.text.workbook_worker ROWS < file`, and writes JSON.

The answer is {"rows": lists of texts, "formulas": [row, column] of each cell that is computed, "merged": those of the first cell
wherever cells were merged, "fault": a code or ""}. Rows and columns count from 1, as spreadsheets do. Nothing is computed: of a
formula only its place is told. Of very many formulas and merged cells the first are told.
"""

from __future__ import annotations

import datetime
import io
import json
import os
import re
import sys
import zipfile
from typing import Any, TypedDict

from base.text.limited_process import limit_resources

MOST_UNPACKED = 20_000_000  # bytes of all files inside
MOST_COLUMNS = 200
MOST_BLANK_ROWS = 20_000  # between others, before the file is refused
MOST_LETTERS = 5_000_000  # of all cells: a text that the file holds once may stand in every cell
MOST_PLACES = (
    500  # of formulas and of merged cells; more than there are columns, as those of the first row are no faults
)
ROWS_LOOKED_AT = 1_000  # of the second sheet and those after it
MERGED = re.compile(rb"<(?:\w+:)?mergeCell\s[^>]*?ref=[\"']([A-Z]+[0-9]+):")


class WorkbookReading(TypedDict):
    """What a workbook holds."""

    rows: list[list[str]]
    formulas: list[tuple[int, int]]
    merged: list[tuple[int, int]]
    fault: str


def _refused(fault: str) -> WorkbookReading:
    return WorkbookReading(rows=[], formulas=[], merged=[], fault=fault)


def text_of_value(value: object) -> str:
    """Return the value of a cell as one would type it: no “3.0” for a 3, no time of day for a day."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime.datetime) and value.time() == datetime.time():
        return value.date().isoformat()
    if isinstance(value, datetime.datetime | datetime.date | datetime.time):
        return value.isoformat()
    return str(value)


def _has_cells(sheet: Any) -> bool:
    """Return whether anything stands in the first rows of a sheet."""
    sheet.reset_dimensions()
    rows = sheet.iter_rows(max_row=ROWS_LOOKED_AT, max_col=MOST_COLUMNS, values_only=True)
    return any(value is not None for row in rows for value in row)


def _merged_places(content: bytes, sheet: Any) -> list[tuple[int, int]]:
    """Return the first cell of each stretch of merged cells. openpyxl does not tell while it reads row by row."""
    from openpyxl.utils.cell import coordinate_to_tuple

    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        text = archive.read(sheet._worksheet_path)
    return [coordinate_to_tuple(match[1].decode()) for match in MERGED.finditer(text)]


def read_workbook(content: bytes, most_rows: int) -> WorkbookReading:
    """Return the rows of the first sheet. With more than `most_rows`, one more is returned."""
    import openpyxl
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > MOST_UNPACKED:
                return _refused("zip_bomb")
            if "xl/workbook.xml" not in archive.namelist():
                return _refused("no_xlsx")
            if any(name.lower().endswith("vbaproject.bin") for name in archive.namelist()):
                return _refused("macros")
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
        sheet = book.worksheets[0]
        if any(_has_cells(other) for other in book.worksheets[1:]):
            return _refused("several_sheets")
        sheet.reset_dimensions()  # what the file says of its size may be wrong
        reading = WorkbookReading(rows=[], formulas=[], merged=[], fault="")
        filled: set[int] = set()
        letters = 0
        for number, row in enumerate(sheet.iter_rows(max_col=MOST_COLUMNS), 1):
            texts = [text_of_value(cell.value) for cell in row]
            letters += sum(map(len, texts))
            if letters > MOST_LETTERS:
                return _refused("too_costly")
            places = [(number, column) for column, cell in enumerate(row, 1) if cell.data_type in ("f", "e")]
            reading["formulas"] += places[: MOST_PLACES - len(reading["formulas"])]
            reading["rows"].append(texts)
            if any(map(str.strip, texts)):
                filled.add(number)
            if number - len(filled) > MOST_BLANK_ROWS:
                return _refused("too_many_rows")
            if len(filled) > most_rows:
                break
        # Those of rows that are taken over come first, wherever the file names them.
        merged = sorted(_merged_places(content, sheet), key=lambda place: place[0] not in filled)
        reading["merged"] = merged[:MOST_PLACES]
        return reading
    except (
        InvalidFileException,
        zipfile.BadZipFile,
        zipfile.LargeZipFile,
        NotImplementedError,
        LookupError,
        RuntimeError,
        TypeError,
        AttributeError,
        EOFError,
        OSError,
        SyntaxError,  # ParseError of ElementTree, XMLSyntaxError of lxml
        ValueError,
    ):
        return _refused("broken_xlsx")


if __name__ == "__main__":
    os.environ["OPENBLAS_NUM_THREADS"] = "1"  # openpyxl loads numpy if it is there, which reserves memory per processor
    limit_resources()
    try:
        outcome = read_workbook(sys.stdin.buffer.read(), int(sys.argv[1]))
    except (MemoryError, RecursionError):
        outcome = _refused("too_costly")
    sys.stdout.write(json.dumps(outcome))
