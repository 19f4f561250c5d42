"""What a curator does with the sheet of a list: downloads it, changes it in a spreadsheet, hands it in, confirms."""

from __future__ import annotations

import csv
import io
from typing import Any

import openpyxl
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.curation import url_of

Rows = list[dict[str, str]]


def downloaded(client: Client, model: Any, ending: str = "csv", query: str = "") -> Rows:
    """Return the rows of the sheet of a list; the first column is "id"."""
    response = client.get(url_of(model, "sheet_file", ending) + query)
    assert response.status_code == 200, response.headers.get("Location")
    if ending == "csv":
        lines = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"), newline="")))
    else:
        sheet = openpyxl.load_workbook(io.BytesIO(response.content)).worksheets[0]
        lines = [[str(cell.value or "") for cell in row] for row in sheet.iter_rows()]
    return [dict(zip(lines[0], line, strict=True)) for line in lines[1:]]


def head(client: Client, model: Any) -> list[str]:
    text = client.get(url_of(model, "sheet_file", "csv")).content.decode("utf-8-sig")
    return next(csv.reader(io.StringIO(text)))


def csv_file(rows: Rows, delimiter: str = ",") -> bytes:
    file = io.StringIO(newline="")
    writer = csv.DictWriter(file, list(rows[0]), delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows)
    return file.getvalue().encode("utf-8-sig")


def xlsx_file(rows: Rows, formula: str = "") -> bytes:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append(list(rows[0]))
    for number, row in enumerate(rows, 2):
        for column, text in enumerate(row.values(), 1):
            place = sheet.cell(number, column)
            place.value, place.data_type = text, "s"
    if formula:
        sheet[formula] = "=SUM(1)"
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def handed_in(client: Client, model: Any, content: bytes, name: str = "sheet.csv") -> Any:
    """Hand a file in, and return the page that shows what it would change."""
    return client.post(url_of(model, "sheet"), {"file": SimpleUploadedFile(name, content)})


def taken_over(client: Client, model: Any, looked_at: Any, reason: str = "Spelling.") -> Any:
    """Confirm what that page shows."""
    assert looked_at.status_code == 200, faults(looked_at)
    return client.post(url_of(model, "sheet"), {"rows": looked_at.context["signed"], "reason": reason})


def faults(response: Any) -> list[tuple[int, str, str]]:
    outcome = response.context["outcome"]
    return [(f.row, f.column, f.problem) for f in outcome.faults] if outcome else [(0, "", response.context["problem"])]
