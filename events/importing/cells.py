"""The cells of one row: the records they name, the characters they hold, and whatever is wrong with them."""

from __future__ import annotations

import re

from .format import EXPECTED, EXPECTED_WORDING, SEPARATOR, FileRow, RowProblem
from .references import RecordIds

# Feeds are XML, which cannot hold these. Surrogates stand for bytes that are not UTF-8.
_IMPOSSIBLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


class RowCells:
    """The cells of a row by column, read one by one; what is wrong with them is collected in `problems`.

    `public`: whether the records that a statement depends on, such as its speaker, have to be public already.
    """

    def __init__(self, row: FileRow, *, public: bool) -> None:
        self.row, self.values, self.public = row, row.cells, public
        self.problems: list[RowProblem] = []

    def add_problem(self, column: str, wrong: str, right: str = "", value: str | None = None) -> None:
        """Note a problem of a column."""
        text = self.values.get(column, "") if value is None else value
        expected = right or EXPECTED.get(column, EXPECTED_WORDING)
        self.problems.append(RowProblem(self.row.line, column, text, wrong, expected))

    def check_characters(self) -> None:
        """Refuse characters that cannot be stored or shown."""
        texts = [(one.column, part) for one in self.row.wordings for part in (one.text, one.by, one.language)]
        for column, value in (*self.values.items(), *texts):
            if value.isprintable() or (match := _IMPOSSIBLE.search(value)) is None:
                continue
            code = ord(match[0])
            if 0xD800 <= code <= 0xDFFF:
                wrong, right = "This is not UTF-8.", "the file saved as “CSV UTF-8”"
            else:
                wrong, right = f"It holds the character U+{code:04X}, which nobody sees.", "the same without it"
            if (column, wrong) not in [(problem.column, problem.wrong) for problem in self.problems]:
                self.add_problem(column, wrong, right, _IMPOSSIBLE.sub("\ufffd", value))

    def record(self, column: str, ids: RecordIds) -> int | None:
        """Return the key of the record that a cell names, or None."""
        slug = self.values.get(column)
        return None if slug is None else self.key_of(column, slug, ids, public=self.public)

    def records(self, column: str, ids: RecordIds) -> list[int]:
        """Return the keys of the records that a cell names, each once.

        They need not be public: a link is shown once both its ends are.
        """
        if (cell := self.values.get(column)) is None:
            return []
        slugs = [slug for part in cell.split(SEPARATOR) if (slug := part.strip())]
        return list(dict.fromkeys(key for slug in slugs if (key := self.key_of(column, slug, ids)) is not None))

    def key_of(self, column: str, slug: str, ids: RecordIds, *, public: bool = False) -> int | None:
        """Return the key of the record with this id; note if there is none, or if it is not public and has to be."""
        key = ids.keys.get(slug)
        if key is None:
            self.add_problem(column, f"There is no {ids.label} with this id.", value=slug)
        elif public and key in ids.hidden:
            wrong = f"This {ids.label} is not published yet."
            self.add_problem(column, wrong, "publish it first, or import drafts", slug)
        return key
