"""The columns of a file of statements: their names, and how a line becomes cells and wordings.

Names are those of the CSV export. A wording has a column of its own for each nature and language (`verbatim_th`,
`paraphrase_en`), so that no cell has to be taken apart; the columns of the export that hold one wording each
(`text`, `as_printed`) are read too.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from django.utils.functional import Promise, lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from base.documents.csv import text_of_cell
from base.text.characters import stripped
from base.text.languages import CODES
from base.text.suggestions import near_choices
from events.models.statements import Nature, Statement
from events.statement_fields import PLAIN_FIELDS

VERBATIM = Nature.VERBATIM.value
SEPARATOR = ";"  # between several values of a cell

_expected_in = lazy(lambda field: field.expected, str)

LANGUAGE_COLUMN = "written_in"  # of the texts that have translations
# The columns of translations -> the name of the text, and the language.
TRANSLATION_COLUMNS = {
    f"{name}_{language}": (name, language) for name in Statement.translated_fields for language in CODES
}
# What belongs in each column; the report of problems says it where a cell is wrong.
EXPECTED: dict[str, Promise | str] = {
    "id": gettext_lazy("letters a-z, digits and hyphens, at most 92; or empty, then an id is made from the row"),
    "person_id": gettext_lazy("the id of a person, as in the address of the page"),
    "organization_id": gettext_lazy("the id of an organization that speaks, as in the address of the page"),
    "on_behalf_of_id": gettext_lazy("the id of an organization, as in the address of the page"),
    "event_id": gettext_lazy("the id of an event, as in the address of the page"),
    **{field.name: _expected_in(field) for field in PLAIN_FIELDS},
    LANGUAGE_COLUMN: gettext_lazy("the language of these texts as a BCP 47 tag such as th, vi or en; empty: en"),
    **dict.fromkeys(TRANSLATION_COLUMNS, gettext_lazy("the same text in this language, or nothing")),
    "topic_ids": gettext_lazy("ids of topics with ; between them"),
    "initiative_ids": gettext_lazy("ids of initiatives with ; between them"),
    "about_people_ids": gettext_lazy("ids of people with ; between them"),
    "about_organization_ids": gettext_lazy("ids of organizations with ; between them"),
    "passages": gettext_lazy(
        "source ¶paragraph start-end SHA-256, such as film-workshop ¶21 5051-5081 and 64 digits; several with ; between"
    ),
}
EXPECTED_WORDING = gettext_lazy("the text itself; verbatim only for words that a passage of the row prints exactly so")
EXPORTED_WORDINGS = ("text", "text_language", "text_nature", "text_by", "as_printed", "as_printed_language")
# The export has these for human readers; the import takes the ids beside them. `updated` is from exports of earlier versions.
# How statements stand to each other is recorded once both are there.
IGNORED = ("url", "page", "on_behalf_of", "event", "same_claim_ids", "contradicts_ids", "updated", "updated_at")
COLUMNS = (*EXPECTED, "speaker", *EXPORTED_WORDINGS, *IGNORED)
WORDING_COLUMN = re.compile(rf"({'|'.join(Nature.values)})_([A-Za-z0-9-]+?)(_by)?")

PASSAGE = re.compile(
    r"([-\w]+)(?:\s+[¶p]\s?|\.p)([1-9][0-9]{0,8})(?:[\s.]+\[?([0-9]{1,9})[-–]([0-9]{1,9})\]?(?:\s+([0-9a-fA-F]{64}))?)?"
)


class WordingText(NamedTuple):
    """One wording of a statement, and the column it stood in."""

    column: str
    nature: str
    language: str
    text: str
    by: str


class FileRow(NamedTuple):
    """One line of a file: its cells that are not empty, by column, and its wordings."""

    line: int
    cells: dict[str, str]
    wordings: list[WordingText]


class RowProblem(NamedTuple):
    """What is wrong with a line, and what would be right."""

    line: int
    column: str
    value: str
    wrong: str
    right: str


class UnusableHeader(ValueError):
    """The first line names columns that cannot be used; the message says which."""


class FileHeader:
    """The first line of a file. Raises UnusableHeader."""

    def __init__(self, names: Sequence[str]) -> None:
        self.names = [name.strip() for name in names]
        repeated = [name for name, count in Counter(self.names).items() if count > 1]
        if repeated:
            raise UnusableHeader(_("Column %s stands there twice.") % _quoted(repeated))
        self.wordings: list[tuple[str, str, str]] = []  # column, nature, language
        unknown = []
        for name in self.names:
            match = WORDING_COLUMN.fullmatch(name)
            if name not in COLUMNS and match is None:
                unknown.append(name)
            elif match and not match[3]:
                self.wordings.append((name, match[1], match[2]))
            elif match and name.removesuffix("_by") not in self.names:
                unknown.append(name)
        if unknown:
            raise UnusableHeader(_unknown_columns(unknown))
        if not self.wordings and "text" not in self.names:
            raise UnusableHeader(_("There is no column for a text, such as paraphrase_en or verbatim_th."))

    def is_row(self, values: list[str]) -> bool:
        """Whether these cells are a row by the look of the passages that they cite, and no part of a text."""
        if "passages" not in self.names:
            return False
        cited = values[self.names.index("passages")].split(SEPARATOR)
        return all(PASSAGE.fullmatch(part.strip()) for part in cited)

    def row(self, line: int, values: list[str]) -> FileRow:
        """Return the row of a line. The apostrophe that keeps a spreadsheet from running a cell as a formula is removed."""
        cells = {
            name: content
            for name, value in zip(self.names, values, strict=True)
            if (content := text_of_cell(stripped(value)))
        }
        wordings = [
            WordingText(column, nature, language, text, cells.get(f"{column}_by", ""))
            for column, nature, language in self.wordings
            if (text := cells.get(column))
        ]
        if "text" in cells:
            nature, language = cells.get("text_nature", ""), cells.get("text_language", "")
            wordings.append(WordingText("text", nature, language, cells["text"], cells.get("text_by", "")))
        if "as_printed" in cells:
            language = cells.get("as_printed_language", "")
            wordings.append(WordingText("as_printed", VERBATIM, language, cells["as_printed"], ""))
        return FileRow(line, cells, wordings)


def _unknown_columns(names: list[str]) -> str:
    """Return the message about these columns, with those that may have been meant."""
    message = _("Unknown column %s.") % _quoted(names)
    near = [match for name in names for match in near_choices(name, COLUMNS, 1, 0.7)]
    if near:
        message += " " + _("Did you mean %s?") % _quoted(near)
    advice = _(
        "A text has a column such as paraphrase_en or verbatim_th (nature, language); docs/curation.md, the guide for curators, "
        "has all."
    )
    return f"{message} {advice}"


def _quoted(names: list[str]) -> str:
    return ", ".join(f"“{name}”" for name in names)
