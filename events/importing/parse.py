"""Files of statements: CSV as spreadsheets write it, and NDJSON as our own export has it, one line at a time.

A line that cannot be read is a problem of its own; the lines after it are read all the same.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from .format import Header, Problem, Row, Text, WrongHeader

BYTE_ORDER_MARK = b"\xef\xbb\xbf"
OTHER_ENCODINGS = (b"\xff\xfe", b"\xfe\xff")
DELIMITERS = ",;\t"
WHOLE = "the whole line"


class Unreadable(Exception):
    """The file as a whole cannot be used; the message says why and what to do."""


def rows(path: Path) -> Iterator[Row | Problem]:
    """Yield what each line says, or what is wrong with it. Raises Unreadable before the first, for the file as a whole."""
    try:
        file = path.open("rb")
    except OSError as error:
        raise Unreadable(f"Cannot read {path}: {error.strerror}.") from None
    with file:
        start = file.read(3)
        if start.startswith(OTHER_ENCODINGS):
            raise Unreadable(f"{path} is UTF-16. Save it as “CSV UTF-8”.")
        file.seek(len(BYTE_ORDER_MARK) if start == BYTE_ORDER_MARK else 0)
        yield from (_objects(file) if path.suffix in (".ndjson", ".jsonl") else _lines(file, path))


class _Decoded:
    """The lines of a file as text. Bytes that are not UTF-8 become surrogates, which no check of a cell lets pass."""

    def __init__(self, file: BinaryIO) -> None:
        self.file = file

    def __iter__(self) -> Iterator[str]:
        return (line.decode("utf-8", "surrogateescape") for line in self.file)


def _lines(file: BinaryIO, path: Path) -> Iterator[Row | Problem]:
    lines = iter(_Decoded(file))
    first = next(lines, "")
    if not first.strip():
        raise Unreadable(f"{path} begins with an empty line; the first line names the columns.")
    delimiter = max(DELIMITERS, key=first.count)  # a spreadsheet may write ; or tabs, as the machine's language has it
    try:
        header = Header(next(csv.reader([first], delimiter=delimiter)))
    except WrongHeader as error:
        raise Unreadable(f"{path}, line 1: {error}") from None
    # strict: an open quotation mark swallows no lines without a word
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    width = len(header.names)
    while True:
        line = reader.line_num + 2
        try:
            values = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield Problem(line, WHOLE, "", f"This is not CSV: {error}.", _quoting(str(error)))
            continue
        if len(values) == width:
            yield header.row(line, values)
        elif values:  # an empty line is none
            wrong = f"The line has {len(values)} cells, the first line has {width}."
            yield Problem(
                line, WHOLE, values[0], wrong, "as many cells as columns; quotation marks round a cell with commas"
            )


def _quoting(error: str) -> str:
    if "end of data" in error:
        return "the closing quotation mark; the file may have been cut off"
    if "field limit" in error:
        return "cells of at most 131,072 characters; a quotation mark that is never closed swallows all that follows"
    return 'a quotation mark inside a quoted cell is written twice: ""'


def _objects(file: BinaryIO) -> Iterator[Row | Problem]:
    for line, text in enumerate(_Decoded(file), 1):
        if not text.strip():
            continue
        try:
            yield _row(line, json.loads(text))
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
            wrong = f"This is not a statement as the API answers it: {type(error).__name__} {error}."
            yield Problem(line, WHOLE, text.strip()[:60], wrong, "a line of the export statements.ndjson, unchanged")


def _row(line: int, document: dict[str, Any]) -> Row:
    """Return what a document of the API says, under the names of the columns."""

    def one(name: str) -> str:
        return document[name]["id"] if document.get(name) else ""

    def many(name: str) -> str:
        return ";".join(record["id"] for record in document.get(name, ()))

    passages = [
        f"{found['source']['id']} ¶{found['paragraph']} {found['start']}-{found['end']} {found['sha256']}"
        for found in document.get("passages", ())
    ]
    plain = (
        "id",
        "speaker_label",
        "role_at_time",
        "date",
        "kind",
        "attribution",
        "attribution_text",
        "certainty",
        "note",
    )
    cells = {
        **{name: document.get(name) or "" for name in plain},
        "person_id": one("speaker"),
        "organization_id": one("speaker_organization"),
        "on_behalf_of_id": one("on_behalf_of"),
        "event_id": one("event"),
        "topic_ids": many("topics"),
        "initiative_ids": many("initiatives"),
        "about_people_ids": many("about_people"),
        "about_organization_ids": many("about_organizations"),
        "passages": ";".join(passages),
    }
    texts = [
        Text(f"{found['nature']}_{found['language']}", found["nature"], found["language"], found["text"], found["by"])
        for found in document["wordings"]
    ]
    wrong = [name for name, value in cells.items() if not isinstance(value, str)]
    if wrong or not all(isinstance(part, str) for text in texts for part in text):
        raise TypeError("a text is no text")
    return Row(line, {name: value for name, value in cells.items() if value}, texts)
