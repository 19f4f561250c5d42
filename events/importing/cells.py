"""The cells of one row: the records they name, the characters they hold, and whatever is wrong with them."""

from __future__ import annotations

import re
from functools import lru_cache

from django.utils.translation import gettext as _

from base.text.characters import TextFault, TextKind, fault_of, legible, tidied
from events.statement_fields import PLAIN_FIELDS

from .format import (
    EXPECTED,
    EXPECTED_WORDING,
    IGNORED,
    SEPARATOR,
    TRANSLATION_COLUMNS,
    VERBATIM,
    WORDING_COLUMN,
    FileRow,
    RowProblem,
)
from .references import RecordIds

_NOT_UTF_8 = re.compile("[\udc80-\udcff]")  # how `parse` decodes bytes that are none
_SEVERAL_LINES = {field.name for field in PLAIN_FIELDS if field.longest is None}
_SEVERAL_LINES |= {column for column, (name, _language) in TRANSLATION_COLUMNS.items() if name in _SEVERAL_LINES}


@lru_cache(maxsize=1_000)
def kind_of(column: str) -> TextKind | None:
    """Return what the cells of a column are; None for wordings, which say it themselves."""
    if column in ("text", "as_printed") or ((match := WORDING_COLUMN.fullmatch(column)) and not match[3]):
        return None
    return TextKind.SOURCE if column in IGNORED else TextKind.LINES if column in _SEVERAL_LINES else TextKind.LINE


def kind_of_wording(nature: str) -> TextKind:
    """Return what the text of a wording is."""
    return TextKind.WORDS if nature == VERBATIM else TextKind.LINES


def too_long(text: str) -> str:
    """Return what is said of a text that has too many characters."""
    return _("It has %s characters.") % len(text)


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
        expected = right or str(EXPECTED.get(column, EXPECTED_WORDING))
        self.problems.append(RowProblem(self.row.line, column, text, wrong, expected))

    def check_characters(self) -> None:
        """Refuse characters that a form would refuse."""
        for column, value in self.values.items():
            if (kind := kind_of(column)) is not None and not (value.isascii() and value.isprintable()):
                self._note_fault(column, value, fault_of(tidied(value, kind), kind))
        for wording in self.row.wordings:
            kind = kind_of_wording(wording.nature)
            self._note_fault(
                wording.column,
                wording.text,
                fault_of(tidied(wording.text, kind), kind, required=bool(wording.text.strip())),
            )
            for part in (wording.by, wording.language):
                self._note_fault(wording.column, part, fault_of(part, TextKind.LINE))

    def _note_fault(self, column: str, value: str, fault: TextFault | None) -> None:
        """Note a fault of a text, if there is one and it was not noted for this column."""
        if fault is None:
            return
        wrong, right = fault.wrong, fault.right
        if _NOT_UTF_8.search(value):
            wrong, right = _("This is not UTF-8."), _("the file saved as “CSV UTF-8”")
        if (column, wrong) not in [(problem.column, problem.wrong) for problem in self.problems]:
            self.add_problem(column, wrong, right, legible(value))

    def plain(self, column: str, default: str) -> str:
        """Return the text of a cell in the form in which it is kept."""
        text = self.values.get(column, default)
        return text if text.isascii() and text.isprintable() else tidied(text, kind_of(column) or TextKind.LINES)

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
            self.add_problem(column, _("There is no %s with this id.") % ids.label, value=slug)
        elif public and key in ids.hidden:
            wrong = _("This %s is not published yet.") % ids.label
            self.add_problem(column, wrong, _("publish it first, or import drafts"), slug)
        return key
