"""Files of statements: CSV as spreadsheets write it, and NDJSON as our own export has it, one line at a time.

A line that cannot be read becomes a problem in the report; the lines after it are read all the same.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.utils.translation import gettext as _

from base.documents.plan import Document
from base.text.files import HEAD, kind_of_binary
from events.statement_fields import PLAIN_FIELDS

from .csv_records import CsvRecord, CsvRecords
from .format import LANGUAGE_COLUMN, TRANSLATION_COLUMNS, FileHeader, FileRow, RowProblem, UnusableHeader, WordingText

BYTE_ORDER_MARK = b"\xef\xbb\xbf"
DELIMITERS = ",;\t"
WHOLE_LINE = "the whole line"


class UnusableFile(Exception):
    """The file as a whole cannot be used; the message says why and what to do."""


def read_rows(path: Path) -> Iterator[FileRow | RowProblem]:
    """Yield the row of each line, or what is wrong with it. Raises UnusableFile before the first if the file cannot be used."""
    try:
        file = path.open("rb")
    except OSError as error:
        raise UnusableFile(f"Cannot read {path}: {error.strerror}.") from None
    with file:
        yield from rows_of_text(file, str(path))


def rows_of_text(file: BinaryIO, name: str) -> Iterator[FileRow | RowProblem]:
    """Yield the row of each line of an open CSV or NDJSON, or what is wrong with it. Its name tells which it is.

    Raises UnusableFile before the first row if the file cannot be used.
    """
    head = file.read(HEAD)
    if kind := kind_of_binary(head):
        words = {"file": name, "kind": _(kind), "right": _("Save it as “CSV UTF-8”.")}
        raise UnusableFile(_("%(file)s is %(kind)s. %(right)s") % words)
    start = head.removeprefix(BYTE_ORDER_MARK)
    if name.lower().endswith((".ndjson", ".jsonl")):
        file.seek(len(BYTE_ORDER_MARK) if head.startswith(BYTE_ORDER_MARK) else 0)
        yield from _ndjson_rows(file)
        return
    if start.lstrip()[:1] in (b"{", b"["):
        text = _(
            "%s is JSON. Take a CSV, or the export statements.ndjson: one statement a line, in a file named .ndjson."
        )
        raise UnusableFile(text % name)
    if start.lstrip()[:1] == b"<":
        raise UnusableFile(_("%s is a web page or XML. Save the table itself as “CSV UTF-8”.") % name)
    file.seek(0)
    # A line may end with CR, LF or both, as systems have it.
    with io.TextIOWrapper(file, "utf-8-sig", "surrogateescape", newline="") as lines:
        yield from _csv_rows(lines, name)


class _DecodedLines:
    """The lines of a file as text. Bytes that are not UTF-8 become surrogates, which no check of a cell lets pass."""

    def __init__(self, file: BinaryIO) -> None:
        self.file = file

    def __iter__(self) -> Iterator[str]:
        return (line.decode("utf-8", "surrogateescape") for line in self.file)


def _csv_rows(lines: Iterator[str], name: str) -> Iterator[FileRow | RowProblem]:
    first = next(lines, "")
    if not first.strip():
        raise UnusableFile(_("%s begins with an empty line; the first line names the columns.") % name)
    delimiter = max(DELIMITERS, key=first.count)  # a spreadsheet may write ; or tabs, as the machine's language has it
    try:
        header = FileHeader(next(csv.reader([first], delimiter=delimiter)))
    except (UnusableHeader, csv.Error) as error:
        wrong = str(error).encode("utf-8", "replace").decode()
        if delimiter not in first and "|" in first:
            wrong = _("The columns are parted by |. Part them by commas, semicolons or tabs.")
        raise UnusableFile(
            _("%(file)s, line %(line)s: %(wrong)s") % {"file": name, "line": 1, "wrong": wrong}
        ) from None
    empty = True
    for record in CsvRecords(lines, delimiter, len(header.names), header.is_row):
        empty = empty and not (record.cells or record.fault)
        if problem := _problem_of(record, len(header.names)):
            yield problem
        elif record.cells:  # empty lines are skipped
            yield header.row(record.line, record.cells)
    if empty:
        raise UnusableFile(_("%s has no line below the names of its columns.") % name)


def _problem_of(record: CsvRecord, width: int) -> RowProblem | None:
    """Return what is wrong with the form of a record, if anything is."""
    if record.fault == "never closed":
        wrong = _("A quotation mark is opened in this line and never closed.")
        right = _("the closing quotation mark; inside a quoted cell it is written twice")
        return RowProblem(record.line, WHOLE_LINE, "", wrong, right)
    if record.fault:
        wrong = _("This is not CSV: %s.") % record.fault
        return RowProblem(record.line, WHOLE_LINE, "", wrong, _expected_csv(record.fault))
    if record.cells and len(record.cells) != width:
        counts = {"cells": len(record.cells), "columns": width}
        wrong = _("The line has %(cells)s cells, the first line has %(columns)s.") % counts
        right = _("as many cells as columns; quotation marks round a cell with commas")
        return RowProblem(record.line, WHOLE_LINE, record.cells[0], wrong, right)
    return None


def _expected_csv(error: str) -> str:
    if "end of data" in error:
        return _("the closing quotation mark; the file may have been cut off")
    if "field limit" in error:
        return _("cells of at most 131,072 characters; a quotation mark that is never closed swallows all that follows")
    return _('a quotation mark inside a quoted cell is written twice: ""')


def _ndjson_rows(file: BinaryIO) -> Iterator[FileRow | RowProblem]:
    for line, text in enumerate(_DecodedLines(file), 1):
        if not text.strip():
            continue
        try:
            yield _document_row(line, json.loads(text))
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
            wrong = _("This is not a statement as the API answers it: %s.") % f"{type(error).__name__} {error}"
            right = _("a line of the export statements.ndjson, unchanged")
            yield RowProblem(line, WHOLE_LINE, text.strip()[:60], wrong, right)


def _document_row(line: int, document: Document) -> FileRow:
    """Return the row that a document of the API gives, by the names of the columns.

    Raises TypeError, KeyError or AttributeError for what is no statement.
    """

    def record_id(name: str) -> str:
        return document[name]["id"] if document.get(name) else ""

    def record_ids(name: str) -> str:
        return ";".join(record["id"] for record in document.get(name, ()))

    passages = [
        f"{passage['source']['id']} ¶{passage['paragraph']} {passage['start']}-{passage['end']} {passage['sha256']}"
        for passage in document.get("passages", ())
    ]
    cells = {
        "id": document.get("id") or "",
        **{field.name: document.get(field.name) or "" for field in PLAIN_FIELDS},
        **_translation_cells(document),
        "person_id": record_id("speaker"),
        "organization_id": record_id("speaker_organization"),
        "on_behalf_of_id": record_id("on_behalf_of"),
        "event_id": record_id("event"),
        "topic_ids": record_ids("topics"),
        "initiative_ids": record_ids("initiatives"),
        "about_people_ids": record_ids("about_people"),
        "about_organization_ids": record_ids("about_organizations"),
        "passages": ";".join(passages),
    }
    wordings = [
        WordingText(f"{row['nature']}_{row['language']}", row["nature"], row["language"], row["text"], row["by"])
        for row in document["wordings"]
    ]
    wrong = [name for name, value in cells.items() if not isinstance(value, str)]
    if wrong or not all(isinstance(part, str) for wording in wordings for part in wording):
        raise TypeError("a text is no text")
    return FileRow(line, {name: value for name, value in cells.items() if value}, wordings)


def _translation_cells(document: Document) -> dict[str, str]:
    """Return the cells with the language of the texts of a document, where it says that, and their translations.

    Raises KeyError for a translation that has no column, TypeError or AttributeError for what is none.
    """
    language = document.get("text_language") or ""
    cells = {} if language == settings.LANGUAGE_CODE else {LANGUAGE_COLUMN: language}
    for language, texts in (document.get("translations") or {}).items():
        for name, text in texts.items():
            if (column := f"{name}_{language}") not in TRANSLATION_COLUMNS:
                raise KeyError(column)
            cells[column] = text or ""
    return cells
