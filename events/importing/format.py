"""The columns of a file of statements: their names, and how a line becomes cells and texts.

Names are those of the CSV export. A text has a column of its own for each nature and language (`verbatim_th`,
`paraphrase_en`), so that nothing has to be cut out of a cell; the columns of the export that hold one text each
(`text`, `as_printed`) are understood too.
"""

from __future__ import annotations

import difflib
import re
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from base.documents.csv import FORMULA
from events.models.statements import Nature

VERBATIM = Nature.VERBATIM.value
SEPARATOR = ";"  # between several values of a cell

# What each column says, and what is right there: shown to whoever filled it wrongly.
RIGHT = {
    "id": "letters a-z, digits and hyphens, at most 92; or empty, then an id is made from the row",
    "person_id": "the id of a person, as in the address of the page",
    "organization_id": "the id of an organization that speaks, as in the address of the page",
    "speaker_label": "the group that speaks, at most 200 characters",
    "role_at_time": "at most 200 characters",
    "on_behalf_of_id": "the id of an organization, as in the address of the page",
    "event_id": "the id of an event, as in the address of the page",
    "date": "an EDTF date: 2025, 2025-03, 2025-03-14, 2025~ or 2025-03/2025-06",
    "kind": "direct, reported or narrated",
    "attribution": "explicit, anaphoric or contextual",
    "attribution_text": "at most 200 characters",
    "certainty": "stated, inferred, disputed or rejected",
    "note": "why it is inferred, disputed or rejected",
    "topic_ids": "ids of topics with ; between them",
    "initiative_ids": "ids of initiatives with ; between them",
    "about_people_ids": "ids of people with ; between them",
    "about_organization_ids": "ids of organizations with ; between them",
    "passages": "source ¶paragraph start-end SHA-256, such as film-workshop ¶21 5051-5081 and 64 digits; several with ; between",
}
EXPORTED_TEXTS = ("text", "text_language", "text_nature", "as_printed", "as_printed_language")
# The export says these for people who read it; an import takes the ids beside them.
READ_OVER = ("url", "page", "on_behalf_of", "event", "updated", "updated_at")
NAMED = (*RIGHT, "speaker", *EXPORTED_TEXTS, *READ_OVER)
WORDING = re.compile(rf"({'|'.join(Nature.values)})_([A-Za-z0-9-]+?)(_by)?")
WORDING_RIGHT = "the text itself; verbatim only for words that a passage of the row prints exactly so"


class Text(NamedTuple):
    """One text of a statement, and the column it stood in."""

    column: str
    nature: str
    language: str
    text: str
    by: str


class Row(NamedTuple):
    """What one line of a file says: cells that are not empty, by column, and the texts."""

    line: int
    cells: dict[str, str]
    texts: list[Text]


class Problem(NamedTuple):
    """What is wrong with a line, and what would be right."""

    line: int
    column: str
    value: str
    wrong: str
    right: str


class WrongHeader(ValueError):
    """The first line names columns that cannot be used; the message says which."""


class Header:
    """The first line of a file."""

    def __init__(self, names: Sequence[str]) -> None:
        self.names = [name.strip() for name in names]
        twice = [name for name, count in Counter(self.names).items() if count > 1]
        if twice:
            raise WrongHeader(f"Column {_quoted(twice)} stands there twice.")
        self.wordings: list[tuple[str, str, str]] = []
        unknown = []
        for name in self.names:
            found = WORDING.fullmatch(name)
            if name not in NAMED and found is None:
                unknown.append(name)
            elif found and not found[3]:
                self.wordings.append((name, found[1], found[2]))
            elif found and name.removesuffix("_by") not in self.names:
                unknown.append(name)
        if unknown:
            raise WrongHeader(_unknown(unknown))
        if not self.wordings and "text" not in self.names:
            raise WrongHeader("There is no column for a text, such as paraphrase_en or verbatim_th.")

    def row(self, line: int, values: list[str]) -> Row:
        """Return what a line says. An apostrophe that keeps a spreadsheet from running a cell is taken off."""
        cells = {name: _said(value) for name, value in zip(self.names, values, strict=True) if value}
        texts = [
            Text(column, nature, language, text, cells.get(f"{column}_by", ""))
            for column, nature, language in self.wordings
            if (text := cells.get(column))
        ]
        if "text" in cells:
            texts.append(Text("text", cells.get("text_nature", ""), cells.get("text_language", ""), cells["text"], ""))
        if "as_printed" in cells:
            texts.append(Text("as_printed", VERBATIM, cells.get("as_printed_language", ""), cells["as_printed"], ""))
        return Row(line, cells, texts)


def _said(value: str) -> str:
    value = value.strip()
    return value[1:] if value[:1] == "'" and value[1:].startswith(FORMULA) else value


def _unknown(names: list[str]) -> str:
    said = f"Unknown column {_quoted(names)}."
    near = [found for name in names for found in difflib.get_close_matches(name, NAMED, n=1, cutoff=0.7)]
    if near:
        said += f" Did you mean {_quoted(near)}?"
    return (
        f"{said} A text has a column such as paraphrase_en or verbatim_th (nature, language); docs/curation.md has all."
    )


def _quoted(names: list[str]) -> str:
    return ", ".join(f"“{name}”" for name in names)
