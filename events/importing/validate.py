"""Validates a row as the curator's form would, as far as that needs no query."""

from __future__ import annotations

import datetime
import re
from functools import lru_cache
from hashlib import sha256

from django.utils.translation import gettext as _

from base.records.provenance import Certainty
from base.text.dates import UNDATED, far_ahead, far_ahead_message
from base.text.names import SLUG_LENGTH, key_from
from events.models import Statement
from events.statement_fields import PLAIN_FIELDS

from .cells import RowCells, too_long
from .format import EXPECTED, IGNORED, FileRow, RowProblem
from .passages import cited_passages
from .references import Day, References
from .statement import NewStatement
from .translations import checked_translations
from .wordings import checked_wordings

STATED = Certainty.STATED.value
LONGEST_LABEL = Statement._meta.get_field("speaker_label").max_length or 0
PLAIN_CELLS = [(plain.column, plain.name, plain.default) for plain in PLAIN_FIELDS]
LIMITED = [(plain.name, plain.longest) for plain in PLAIN_FIELDS if plain.longest and not plain.choices]
CHOICES = [(plain.column, plain.name, plain.choices) for plain in PLAIN_FIELDS if plain.choices]
_ID = re.compile(rf"[-a-zA-Z0-9_]{{1,{SLUG_LENGTH + 12}}}")


class InvalidRow(Exception):
    """A row that cannot become a statement."""

    def __init__(self, problems: list[RowProblem]) -> None:
        super().__init__(problems)
        self.problems = problems


class RowValidator:
    """Validates rows one after the other.

    `publish`: whether they are to be public at once, which asks for more. `far_dates`: whether dates far in the future are meant.
    """

    def __init__(self, references: References, *, publish: bool, far_dates: bool = False) -> None:
        self.references, self.publish, self.far_dates = references, publish, far_dates

    def validate(self, row: FileRow) -> NewStatement:
        """Return the statement that a row gives. Raises InvalidRow with everything that is wrong."""
        references, values = self.references, row.cells
        cells = RowCells(row, public=self.publish)
        cells.check_characters()
        for name, longest in LIMITED:
            if name in values and len(values[name]) > longest:
                cells.add_problem(name, too_long(values[name]))
        speaker = cells.record("person_id", references.people)
        organization = cells.record("organization_id", references.organizations)
        on_behalf_of = cells.record("on_behalf_of_id", references.organizations)
        event = cells.record("event_id", references.events)
        plain = {column: cells.plain(name, default) for column, name, default in PLAIN_CELLS}
        if speaker is None and organization is None and not plain["speaker_label"]:
            plain["speaker_label"] = exported_label(cells)
        if speaker is not None and organization is not None:
            wrong = _("A person or an organization speaks, not both.")
            cells.add_problem("organization_id", wrong, _("on_behalf_of_id for the organization"))
        for column, name, choices in CHOICES:
            if plain[column] not in choices:
                cells.add_problem(name, _("This is none of the choices."))
        certainty = plain["certainty"]
        if certainty != STATED and not plain["note"]:
            cells.add_problem("note", _("The certainty is %s, and nothing says why.") % certainty)
        plain["date"], sort_date = self.dates(cells, event)
        cited = cited_passages(cells, references)
        if self.publish:
            check_publishable(cells, plain["speaker_label"])
        statement = NewStatement(
            line=row.line,
            slug=statement_id(cells),
            plain=plain,
            translated=checked_translations(cells, plain),
            speaker=speaker,
            speaker_organization=organization,
            on_behalf_of=on_behalf_of,
            event=event,
            sort_date=sort_date,
            initiatives=cells.records("initiative_ids", references.initiatives),
            topics=cells.records("topic_ids", references.topics),
            about_people=cells.records("about_people_ids", references.people),
            about_organizations=cells.records("about_organization_ids", references.organizations),
            cited=cited,
            wordings=checked_wordings(cells, cited),
        )
        if cells.problems:
            raise InvalidRow(cells.problems)
        return statement

    def dates(self, cells: RowCells, event: int | None) -> tuple[str, Day]:
        """Return the statement's own date, if it differs from its event's, and the day by which it is sorted."""
        date = cells.values.get("date", "")
        of_event = self.references.dates.get(event, ("", "")) if event is not None else ("", "")
        if date in ("", of_event[0]):
            return "", of_event[1] or UNDATED.isoformat()
        try:
            day = sort_day(date)
        except ValueError:
            cells.add_problem("date", _("This is not an EDTF date."))
            return "", ""
        if not self.far_dates and (wrong := question_about(date)):
            right = _("a year of the common era that is near; --allow-far-dates takes it as it is")
            cells.add_problem("date", wrong, right)
        return date, day


def exported_label(cells: RowCells) -> str:
    """Return the speaker from the column of the export, for a group that is neither a person nor an organization."""
    label = cells.plain("speaker", "")
    if len(label) > LONGEST_LABEL:
        cells.add_problem("speaker", too_long(label), str(EXPECTED["speaker_label"]))
    return label


def check_publishable(cells: RowCells, speaker_label: str) -> None:
    """Note what is missing for the statement to be published."""
    if not (cells.values.get("person_id") or cells.values.get("organization_id") or speaker_label):
        right = _("person_id, organization_id or speaker_label")
        cells.add_problem("person_id", _("Nobody is named as the speaker."), right)
    if not cells.values.get("passages"):
        cells.add_problem("passages", _("No passage is cited."))
    if not cells.row.wordings:
        cells.add_problem("text", _("It has no wording."), _("a text in a column such as paraphrase_en"))


def statement_id(cells: RowCells) -> str:
    """Return the id that a row gives, or one computed from the row, so that importing it again finds the same id."""
    given = cells.values.get("id", "")
    if given:
        if not _ID.fullmatch(given):
            cells.add_problem("id", _("This is no public id."))
        return given
    return f"st-{key_from(sha256(fingerprint(cells.row).encode('utf-8', 'replace')).digest(), 10)}"


def fingerprint(row: FileRow) -> str:
    """Return a text that is the same for all rows that say the same.

    Ids are made of it, so its spelling must never change: lines that were imported before would be imported again.
    """
    parts = sorted((name, value) for name, value in row.cells.items() if name not in IGNORED)
    parts += [
        (
            column,
            f"Text(column={column!r}, nature={nature!r}, language={language!r}, text={text!r}, by={by!r})",
        )
        for column, nature, language, text, by in row.wordings
        if column not in row.cells
    ]
    return repr(parts)


def question_about(date: str) -> str:
    """Return the question about a date that lies far in the future; empty for any other."""
    today = datetime.datetime.now(datetime.UTC).date()
    return far_ahead_message(date, today) if _is_far_ahead(date, today) else ""


@lru_cache(maxsize=20_000)
def _is_far_ahead(date: str, today: datetime.date) -> bool:
    return far_ahead(date, today)


@lru_cache(maxsize=20_000)
def sort_day(date: str) -> Day:
    """Return the day by which a date is sorted. Raises ValueError for what is no date."""
    return (Statement.day_from(date) or UNDATED).isoformat()
