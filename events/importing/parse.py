"""Files of statements: CSV as spreadsheets write it, and NDJSON as our own export has it, one line at a time.

A line that cannot be read becomes a problem in the report; the lines after it are read all the same.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from base.documents.plan import Document
from events.statement_fields import PLAIN_FIELDS

from .format import FileHeader, FileRow, RowProblem, UnusableHeader, WordingText

BYTE_ORDER_MARK = b"\xef\xbb\xbf"
OTHER_ENCODINGS = (b"\xff\xfe", b"\xfe\xff")
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
        start = file.read(3)
        if start.startswith(OTHER_ENCODINGS):
            raise UnusableFile(f"{path} is UTF-16. Save it as “CSV UTF-8”.")
        file.seek(len(BYTE_ORDER_MARK) if start == BYTE_ORDER_MARK else 0)
        yield from (_ndjson_rows(file) if path.suffix in (".ndjson", ".jsonl") else _csv_rows(file, path))


class _DecodedLines:
    """The lines of a file as text. Bytes that are not UTF-8 become surrogates, which no check of a cell lets pass."""

    def __init__(self, file: BinaryIO) -> None:
        self.file = file

    def __iter__(self) -> Iterator[str]:
        return (line.decode("utf-8", "surrogateescape") for line in self.file)


def _csv_rows(file: BinaryIO, path: Path) -> Iterator[FileRow | RowProblem]:
    lines = iter(_DecodedLines(file))
    first = next(lines, "")
    if not first.strip():
        raise UnusableFile(f"{path} begins with an empty line; the first line names the columns.")
    delimiter = max(DELIMITERS, key=first.count)  # a spreadsheet may write ; or tabs, as the machine's language has it
    try:
        header = FileHeader(next(csv.reader([first], delimiter=delimiter)))
    except UnusableHeader as error:
        raise UnusableFile(f"{path}, line 1: {error}") from None
    # strict: a quotation mark that is never closed is an error, and does not swallow the lines after it silently
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    width = len(header.names)
    while True:
        line = reader.line_num + 2
        try:
            values = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield RowProblem(line, WHOLE_LINE, "", f"This is not CSV: {error}.", _expected_csv(str(error)))
            continue
        if len(values) == width:
            yield header.row(line, values)
        elif values:  # empty lines are skipped
            wrong = f"The line has {len(values)} cells, the first line has {width}."
            yield RowProblem(
                line, WHOLE_LINE, values[0], wrong, "as many cells as columns; quotation marks round a cell with commas"
            )


def _expected_csv(error: str) -> str:
    if "end of data" in error:
        return "the closing quotation mark; the file may have been cut off"
    if "field limit" in error:
        return "cells of at most 131,072 characters; a quotation mark that is never closed swallows all that follows"
    return 'a quotation mark inside a quoted cell is written twice: ""'


def _ndjson_rows(file: BinaryIO) -> Iterator[FileRow | RowProblem]:
    for line, text in enumerate(_DecodedLines(file), 1):
        if not text.strip():
            continue
        try:
            yield _document_row(line, json.loads(text))
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
            wrong = f"This is not a statement as the API answers it: {type(error).__name__} {error}."
            yield RowProblem(
                line, WHOLE_LINE, text.strip()[:60], wrong, "a line of the export statements.ndjson, unchanged"
            )


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
