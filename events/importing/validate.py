"""What a row says, checked as far as that needs no question to the database: as a curator's form would check it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import sha256

from django.core.exceptions import ValidationError

from base.records.provenance import Certainty
from base.text.dates import UNDATED
from base.text.names import SLUG_LENGTH, key_from, validate_language
from events.models import Statement, Wording
from events.models.statements import Nature
from events.statement_fields import PLAIN_FIELDS

from .format import (
    EXPECTED,
    EXPECTED_WORDING,
    EXPORTED_WORDINGS,
    IGNORED,
    SEPARATOR,
    VERBATIM,
    FileRow,
    RowProblem,
    WordingText,
)
from .references import Day, RecordIds, References

NATURES = tuple(Nature.values)
STATED = Certainty.STATED.value
LONGEST_LABEL = Statement._meta.get_field("speaker_label").max_length or 0
LONGEST_BY = Wording._meta.get_field("by").max_length or 0
LONGEST_TAG = Wording._meta.get_field("language").max_length or 0
PLAIN_CELLS = [(plain.column, plain.name, plain.default) for plain in PLAIN_FIELDS]
LIMITED = [(plain.name, plain.longest) for plain in PLAIN_FIELDS if plain.longest and not plain.choices]
CHOICES = [(plain.column, plain.name, plain.choices) for plain in PLAIN_FIELDS if plain.choices]
# Feeds are XML, which cannot hold these. Surrogates stand for bytes that are not UTF-8.
_IMPOSSIBLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_ID = re.compile(rf"[-a-zA-Z0-9_]{{1,{SLUG_LENGTH + 12}}}")
_PASSAGE = re.compile(
    r"([-\w]+)(?:\s+[¶p]\s?|\.p)([1-9][0-9]{0,8})(?:[\s.]+\[?([0-9]{1,9})[-–]([0-9]{1,9})\]?(?:\s+([0-9a-fA-F]{64}))?)?"
)


@dataclass(slots=True)
class PassageReference:
    """A passage as a row names it. Without start and end: the only passage of that paragraph; without hash: one that is there."""

    cell: str
    source: int
    slug: str
    paragraph: int
    start: int | None
    end: int | None
    sha256: str

    @property
    def span(self) -> tuple[int, int, int]:
        """The key of the passage, where the row gives it whole."""
        return (self.source, self.start or 0, self.end or 0)


@dataclass(slots=True, kw_only=True)
class NewStatement:
    """A statement as a row gives it, valid by itself."""

    line: int
    slug: str
    plain: dict[str, str]  # the plain fields, by column of the table
    speaker: int | None
    speaker_organization: int | None
    on_behalf_of: int | None
    event: int | None
    sort_date: Day
    initiatives: list[int]
    topics: list[int]
    about_people: list[int]
    about_organizations: list[int]
    cited: list[PassageReference]
    wordings: list[WordingText]
    passages: list[int] = field(default_factory=list)  # primary keys; this and what follows is filled by `resolve`
    printed_in: list[int | None] = field(default_factory=list)  # of each wording: the passage that prints it
    position: int = 0


class InvalidRow(Exception):
    """A row that cannot become a statement."""

    def __init__(self, problems: list[RowProblem]) -> None:
        super().__init__(problems)
        self.problems = problems


class RowValidator:
    """Validates rows one after the other. `publish`: whether they are to be public at once, which asks for more."""

    def __init__(self, references: References, *, publish: bool) -> None:
        self.references, self.publish = references, publish
        self.problems: list[RowProblem] = []
        self.row = FileRow(0, {}, [])

    def validate(self, row: FileRow) -> NewStatement:
        """Return the statement that a row gives. Raises InvalidRow with everything that is wrong."""
        self.row, self.problems = row, []
        references, cells = self.references, row.cells
        self.check_characters()
        for name, longest in LIMITED:
            if name in cells and len(cells[name]) > longest:
                self.add_problem(name, f"It has {len(cells[name])} characters.")
        speaker = self.record("person_id", references.people)
        organization = self.record("organization_id", references.organizations)
        on_behalf_of = self.record("on_behalf_of_id", references.organizations)
        event = self.record("event_id", references.events)
        plain = {column: cells.get(name, default) for column, name, default in PLAIN_CELLS}
        if speaker is None and organization is None and not plain["speaker_label"]:
            plain["speaker_label"] = self.exported_label()
        if speaker is not None and organization is not None:
            wrong = "A person or an organization speaks, not both."
            self.add_problem("organization_id", wrong, "on_behalf_of_id for the organization")
        for column, name, choices in CHOICES:
            if plain[column] not in choices:
                self.add_problem(name, "This is none of the choices.")
        certainty = plain["certainty"]
        if certainty != STATED and not plain["note"]:
            self.add_problem("note", f"The certainty is {certainty}, and nothing says why.")
        plain["date"], sort_date = self.dates(event)
        cited = self.cited_passages()
        if self.publish:
            self.check_publishable(plain["speaker_label"])
        statement = NewStatement(
            line=row.line,
            slug=self.slug(),
            plain=plain,
            speaker=speaker,
            speaker_organization=organization,
            on_behalf_of=on_behalf_of,
            event=event,
            sort_date=sort_date,
            initiatives=self.records("initiative_ids", references.initiatives),
            topics=self.records("topic_ids", references.topics),
            about_people=self.records("about_people_ids", references.people),
            about_organizations=self.records("about_organization_ids", references.organizations),
            cited=cited,
            wordings=self.wordings(cited),
        )
        if self.problems:
            raise InvalidRow(self.problems)
        return statement

    def add_problem(self, column: str, wrong: str, right: str = "", value: str | None = None) -> None:
        """Note a problem of a column."""
        text = self.row.cells.get(column, "") if value is None else value
        expected = right or EXPECTED.get(column, EXPECTED_WORDING)
        self.problems.append(RowProblem(self.row.line, column, text, wrong, expected))

    def check_characters(self) -> None:
        """Refuse characters that cannot be stored or shown."""
        texts = [(one.column, part) for one in self.row.wordings for part in (one.text, one.by, one.language)]
        for column, value in (*self.row.cells.items(), *texts):
            if value.isprintable() or (match := _IMPOSSIBLE.search(value)) is None:
                continue
            code = ord(match[0])
            if 0xD800 <= code <= 0xDFFF:
                wrong, right = "This is not UTF-8.", "the file saved as “CSV UTF-8”"
            else:
                wrong, right = f"It holds the character U+{code:04X}, which nobody sees.", "the same without it"
            if (column, wrong) not in [(problem.column, problem.wrong) for problem in self.problems]:
                self.add_problem(column, wrong, right, _IMPOSSIBLE.sub("\ufffd", value))

    def check_publishable(self, speaker_label: str) -> None:
        """Note what is missing for the statement to be published."""
        cells = self.row.cells
        if not (cells.get("person_id") or cells.get("organization_id") or speaker_label):
            right = "person_id, organization_id or speaker_label"
            self.add_problem("person_id", "Nobody is named as the speaker.", right)
        if not cells.get("passages"):
            self.add_problem("passages", "No passage is cited.")
        if not self.row.wordings:
            self.add_problem("text", "It has no wording.", "a text in a column such as paraphrase_en")

    def slug(self) -> str:
        """Return the id: the one that is given, or one that the same row gets again, so that it never goes in twice."""
        given = self.row.cells.get("id", "")
        if given:
            if not _ID.fullmatch(given):
                self.add_problem("id", "This is no public id.")
            return given
        return f"st-{key_from(sha256(fingerprint(self.row).encode('utf-8', 'replace')).digest(), 10)}"

    def record(self, column: str, ids: RecordIds) -> int | None:
        """Return the record that a cell names."""
        slug = self.row.cells.get(column)
        return None if slug is None else self.key_of(column, slug, ids, public=self.publish)

    def records(self, column: str, ids: RecordIds) -> list[int]:
        """Return the records that a cell names, each once. What they are need not be public: a link waits for both its ends."""
        if (cell := self.row.cells.get(column)) is None:
            return []
        slugs = [slug for part in cell.split(SEPARATOR) if (slug := part.strip())]
        return list(dict.fromkeys(key for slug in slugs if (key := self.key_of(column, slug, ids)) is not None))

    def key_of(self, column: str, slug: str, ids: RecordIds, *, public: bool = False) -> int | None:
        """Return the record of this id, or note that there is none, or none that readers see."""
        key = ids.keys.get(slug)
        if key is None:
            self.add_problem(column, f"There is no {ids.label} with this id.", value=slug)
        elif public and key in ids.hidden:
            wrong = f"This {ids.label} is not published yet."
            self.add_problem(column, wrong, "publish it first, or import drafts", slug)
        return key

    def exported_label(self) -> str:
        """Return who speaks as the export has it, where it is neither a person nor an organization."""
        label = self.row.cells.get("speaker", "")
        if len(label) > LONGEST_LABEL:
            self.add_problem("speaker", f"It has {len(label)} characters.", EXPECTED["speaker_label"])
        return label

    def dates(self, event: int | None) -> tuple[str, Day]:
        """Return the statement's own date, if it differs from its event's, and the day by which it is sorted."""
        date = self.row.cells.get("date", "")
        of_event = self.references.dates.get(event, ("", "")) if event is not None else ("", "")
        if date in ("", of_event[0]):
            return "", of_event[1] or UNDATED.isoformat()
        try:
            return date, sort_day(date)
        except ValueError:
            self.add_problem("date", "This is not an EDTF date.")
            return "", ""

    def cited_passages(self) -> list[PassageReference]:
        """Return the passages that are cited, each once."""
        cell = self.row.cells.get("passages")
        if cell is None:
            return []
        cited: dict[tuple[object, ...], PassageReference] = {}
        for part in cell.split(SEPARATOR):
            value = part.strip()
            match = _PASSAGE.fullmatch(value)
            if match is None:
                self.add_problem("passages", "This names no passage.", value=value)
                continue
            slug, paragraph, start, end, digest = match.groups("")
            source = self.key_of("passages", slug, self.references.sources)
            if source is None:
                continue
            passage = PassageReference(
                cell=value,
                source=source,
                slug=slug,
                paragraph=int(paragraph),
                start=int(start) if start else None,
                end=int(end) if start else None,
                sha256=digest.lower(),
            )
            if start and not self.references.paragraphs.holds(source, passage.paragraph, int(start), int(end)):
                self.add_misplaced(passage)
            cited[source, int(paragraph), start, end] = passage
        return list(cited.values())

    def add_misplaced(self, passage: PassageReference) -> None:
        """Note that a span does not lie in its paragraph, and say where it lies."""
        _source, start, end = passage.span
        place = self.references.paragraphs.paragraph_of(passage.source, start, end)
        wrong = f"Paragraph {passage.paragraph} of this source does not hold all of {start}-{end}."
        right = f"¶{place}, which does" if place else "a span within one paragraph of the source"
        self.add_problem("passages", wrong, right, passage.cell)

    def wordings(self, cited: list[PassageReference]) -> list[WordingText]:
        """Return the wordings, one of each nature and language."""
        wordings: dict[tuple[str, str], WordingText] = {}
        for wording in self.row.wordings:
            self.check_wording(wording, cited)
            first = wordings.setdefault((wording.nature, wording.language), wording)
            if first.text != wording.text:
                wrong = "There is another wording of this nature in this language."
                self.add_problem(wording.column, wrong, value=wording.text)
        return list(wordings.values())

    def check_wording(self, wording: WordingText, cited: list[PassageReference]) -> None:
        """Note what is wrong with a wording by itself."""
        column = wording.column
        if wording.nature not in NATURES:
            self.add_problem("text_nature", "This is none of the choices.", ", ".join(NATURES))
        if not is_language_tag(wording.language):
            right = "a BCP 47 tag such as th, vi or en; one text, other languages in columns such as verbatim_en"
            tag_column = f"{column}_language" if column in EXPORTED_WORDINGS else column
            self.add_problem(tag_column, "This is no language tag.", right, wording.language)
        if len(wording.by) > LONGEST_BY:
            wrong = f"It has {len(wording.by)} characters."
            self.add_problem(f"{column}_by", wrong, f"at most {LONGEST_BY} characters", wording.by)
        if not wording.text.strip():
            self.add_problem(column, "A wording needs a text.", "the text, or no wording")
        if wording.nature == VERBATIM and not cited:
            wrong = "Words as printed need the passage they are printed in."
            self.add_problem(column, wrong, EXPECTED["passages"], wording.text)


def fingerprint(row: FileRow) -> str:
    """Return a text that is the same for all rows that say the same.

    Ids are made of it, so it must stay as it is, to the letter: another spelling would take lines in twice that are in already.
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


@lru_cache(maxsize=20_000)
def sort_day(date: str) -> Day:
    """Return the day by which a date is sorted. Raises ValueError for what is no date."""
    return (Statement.day_from(date) or UNDATED).isoformat()


@lru_cache(maxsize=1_000)
def is_language_tag(tag: str) -> bool:
    """Whether a tag is one that curators may use."""
    try:
        validate_language(tag)
    except ValidationError:
        return False
    return len(tag) <= LONGEST_TAG


def cited_spans(statements: Iterable[NewStatement]) -> set[tuple[int, int, int]]:
    """Return the keys of all passages that these statements name by start and end."""
    return {passage.span for statement in statements for passage in statement.cited if passage.start is not None}
