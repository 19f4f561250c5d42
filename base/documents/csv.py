"""Records as CSV: safe cells (no spreadsheet runs them as formulas), lines, and the columns that a kind of record has."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from operator import itemgetter

from base.documents.base import Shape
from base.documents.plan import Document, FetchPlan, plan_of
from base.records.provenance import Certainty
from base.records.records import Record
from base.text.languages import CODES
from base.text.moments import utc_text
from base.text.translated_text import base_language

BYTE_ORDER_MARK = "\ufeff"  # without it, Excel reads Thai as Latin
# A spreadsheet would run a cell that begins with one of these. The apostrophe before it is how one says that it is text.
_FORMULA = re.compile("'*[-=+@\t\r]")
_BEGINS_AS_FORMULA = re.compile("\0'*[-=+@\t\r]")
_TO_QUOTE = ('"', ",", "\n", "\r")

Column = Callable[[Document], object]


def cell(value: object) -> str:
    """Return a value as a cell: text that no spreadsheet takes for a formula. `text_of_cell` gives the text back.

    A text that has apostrophes before such a beginning gets one more, so that no two texts are the same cell.
    """
    text = "" if value is None else str(value)
    return f"'{text}" if _FORMULA.match(text) else text


def text_of_cell(cell: str) -> str:
    """Return the text of a cell: without the apostrophe that `cell` put before it."""
    return cell[1:] if cell[:1] == "'" and _FORMULA.match(cell, 1) else cell


def lines(columns: Iterable[Iterable[object]]) -> str:
    """Return columns of cells as lines of CSV (RFC 4180). There are several columns."""
    return "".join([",".join(line) + "\r\n" for line in zip(*map(_cells, columns), strict=True)])


def _cells(values: Iterable[object]) -> list[str]:
    """Return the cells of a column as the file has them. In most columns there is nothing to do for any: one look says so."""
    texts = ["" if value is None else str(value) for value in values]
    whole = "\0".join(["", *texts])
    if not _BEGINS_AS_FORMULA.search(whole) and not any(mark in whole for mark in _TO_QUOTE):
        return texts
    return [_quoted(cell(text)) for text in texts]


def _quoted(text: str) -> str:
    if '"' in text:
        text = text.replace('"', '""')
    elif not ("," in text or "\n" in text or "\r" in text):
        return text
    return f'"{text}"'


def joined(values: Iterable[object]) -> str:
    """Return several values as one cell."""
    return "; ".join(str(value) for value in values)


def without_rejected(rows: Iterable[Document]) -> list[Document]:
    """Leave out rejected readings: a cell has no room to explain them."""
    return [row for row in rows if row["certainty"] != Certainty.REJECTED]


def spellings(record: Document) -> str:
    """Return every name that holds, once each, best first."""
    return joined(dict.fromkeys(name["text"] for name in without_rejected(record["names"])))


def _name_in(code: str) -> Column:
    return lambda record: record["labels"].get(code)


def translated(*names: str) -> dict[str, Column]:
    """Return the columns with texts of the editors in each language of the site (`note_th`), and the language they wrote in.

    A cell is empty where the text is not on record in the language.
    """
    columns = {f"{name}_{code}": _text_in(name, code) for name in names for code in CODES}
    return {"written_in": itemgetter("text_language"), **columns}


def _text_in(name: str, code: str) -> Column:
    def text(record: Document) -> str:
        if base_language(record["text_language"]) == code:
            return str(record[name])
        return str(record["translations"].get(code, {}).get(name, ""))

    return text


TRANSLATED = ("text_language", "translations")  # the members that these columns are made of, beside the texts

# What all kinds with names begin with. Columns are only ever added, at the end.
NAMES: dict[str, Column] = {
    "name": itemgetter("name"),
    "name_language": itemgetter("name_language"),
    **{f"name_{code}": _name_in(code) for code in ("en", "th", "vi")},
    "spellings": spellings,
}
MADE_OF_NAMES = ("name", "name_language", "labels", "names.text", "names.certainty")


class CsvTable:
    """A kind of record as a CSV file: what each column says of a record, as the API tells it in English.

    `members` are those of the API's answer that the columns are made of; all, if there are none. The columns of every file begin
    with id and addresses and end with the time of the last change; `columns` stand between.
    """

    def __init__(
        self,
        model: type[Record],
        shape: type[Shape],
        columns: Mapping[str, Column],
        members: Iterable[str] = (),
    ) -> None:
        self.model, self.shape, self.members = model, shape, frozenset(members)
        first = {name: itemgetter(name) for name in ("id", "url", "page")}
        self.columns: dict[str, Column] = {**first, **columns, "updated_at": _updated_at}

    def plan(self) -> FetchPlan:
        """Return how the records are read."""
        always = {"id", "url", "page", "updated_at"} if self.members else set()
        return plan_of(self.shape, self.model, self.members | always, frozenset())

    def header(self) -> str:
        """Return the first line of the file: the names of the columns. They are only ever added to."""
        return lines([name] for name in self.columns)

    def lines(self, records: Sequence[Document]) -> str:
        """Return the lines of these records."""
        return lines(map(column, records) for column in self.columns.values())


def _updated_at(record: Document) -> str:
    return utc_text(record["updated_at"])
