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
from events.models import Statement
from events.models.statements import Attribution, Nature, StatementKind

from .format import EXPORTED_TEXTS, READ_OVER, RIGHT, SEPARATOR, WORDING_RIGHT, Problem, Row, Text
from .references import Day, Ids, Known

LONGEST = {"speaker_label": 200, "role_at_time": 200, "attribution_text": 200, "date": 60}
LONGEST_BY = 200
NATURES = tuple(Nature.values)
VERBATIM, STATED = Nature.VERBATIM.value, Certainty.STATED.value
CHOICES = {
    "kind": (StatementKind.values, StatementKind.REPORTED.value),
    "attribution": (Attribution.values, Attribution.EXPLICIT.value),
    "certainty": (Certainty.values, Certainty.STATED.value),
}
# Feeds are XML, which cannot hold these. Surrogates stand for bytes that are not UTF-8.
_IMPOSSIBLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_ID = re.compile(rf"[-a-zA-Z0-9_]{{1,{SLUG_LENGTH + 12}}}")
_PASSAGE = re.compile(
    r"([-\w]+)(?:\s+[¶p]\s?|\.p)([1-9][0-9]{0,8})(?:[\s.]+\[?([0-9]{1,9})[-–]([0-9]{1,9})\]?(?:\s+([0-9a-fA-F]{64}))?)?"
)


@dataclass(slots=True)
class Citation:
    """A passage as a row names it. Without start and end: the only passage of that paragraph; without hash: one that is there."""

    column_value: str
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


@dataclass(slots=True)
class Draft:
    """A statement as a row gives it, valid by itself."""

    line: int
    slug: str
    speaker: int | None
    organization: int | None
    behalf: int | None
    event: int | None
    label: str
    role: str
    kind: str
    attribution: str
    attribution_text: str
    certainty: str
    note: str
    date: str
    day: Day
    initiatives: list[int]
    topics: list[int]
    about_people: list[int]
    about_organizations: list[int]
    citations: list[Citation]
    texts: list[Text]
    passages: list[int] = field(default_factory=list)  # primary keys, filled by settling
    printed: list[int | None] = field(default_factory=list)  # of each text: the passage that prints it
    position: int = 0


class Refused(Exception):
    """A row that cannot become a statement."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(problems)
        self.problems = problems


class Checker:
    """Checks rows one after the other. `publish`: whether they are to be public at once, which asks for more."""

    def __init__(self, known: Known, *, publish: bool) -> None:
        self.known, self.publish = known, publish
        self.problems: list[Problem] = []
        self.row = Row(0, {}, [])

    def check(self, row: Row) -> Draft:
        """Return the statement that a row gives. Raises Refused with everything that is wrong."""
        self.row, self.problems = row, []
        known, cells = self.known, row.cells
        self.characters()
        for name, most in LONGEST.items():
            if name in cells and len(cells[name]) > most:
                self.wrong(name, f"It has {len(cells[name])} characters.")
        speaker = self.one("person_id", known.people)
        organization = self.one("organization_id", known.organizations)
        behalf, event = self.one("on_behalf_of_id", known.organizations), self.one("event_id", known.events)
        label = cells.get("speaker_label", "")
        if speaker is None and organization is None and not label:
            label = self.exported_label()
        if speaker is not None and organization is not None:
            self.wrong(
                "organization_id",
                "A person or an organization speaks, not both.",
                "on_behalf_of_id for the organization",
            )
        kind, attribution, certainty = (self.choice(name) for name in CHOICES)
        note = cells.get("note", "")
        if certainty != STATED and not note:
            self.wrong("note", f"The certainty is {certainty}, and nothing says why.")
        date, day = self.when(event)
        citations = self.citations()
        if self.publish:
            if not (cells.get("person_id") or cells.get("organization_id") or label):
                self.wrong(
                    "person_id", "Nobody is named as the speaker.", "person_id, organization_id or speaker_label"
                )
            if not cells.get("passages"):
                self.wrong("passages", "No passage is cited.")
            if not row.texts:
                self.wrong("text", "It has no wording.", "a text in a column such as paraphrase_en")
        draft = Draft(
            row.line,
            self.slug(),
            speaker,
            organization,
            behalf,
            event,
            label,
            cells.get("role_at_time", ""),
            kind,
            attribution,
            cells.get("attribution_text", ""),
            certainty,
            note,
            date,
            day,
            self.many("initiative_ids", known.initiatives),
            self.many("topic_ids", known.topics),
            self.many("about_people_ids", known.people),
            self.many("about_organization_ids", known.organizations),
            citations,
            self.texts(citations),
        )
        if self.problems:
            raise Refused(self.problems)
        return draft

    def wrong(self, column: str, wrong: str, right: str = "", value: str | None = None) -> None:
        """Note a problem of a column."""
        found = self.row.cells.get(column, "") if value is None else value
        self.problems.append(Problem(self.row.line, column, found, wrong, right or RIGHT.get(column, WORDING_RIGHT)))

    def characters(self) -> None:
        """Refuse characters that cannot be stored or shown."""
        texts = [(text.column, part) for text in self.row.texts for part in (text.text, text.by, text.language)]
        for column, value in (*self.row.cells.items(), *texts):
            if value.isprintable() or (found := _IMPOSSIBLE.search(value)) is None:
                continue
            code = ord(found[0])
            if 0xD800 <= code <= 0xDFFF:
                wrong, right = "This is not UTF-8.", "the file saved as “CSV UTF-8”"
            else:
                wrong, right = f"It holds the character U+{code:04X}, which nobody sees.", "the same without it"
            if (column, wrong) not in [(problem.column, problem.wrong) for problem in self.problems]:
                self.wrong(column, wrong, right, _IMPOSSIBLE.sub("\ufffd", value))

    def slug(self) -> str:
        """Return the id: the one that is given, or one that the same row gets again, so that it never goes in twice."""
        given = self.row.cells.get("id", "")
        if given:
            if not _ID.fullmatch(given):
                self.wrong("id", "This is no public id.")
            return given
        said = sorted((name, value) for name, value in self.row.cells.items() if name not in READ_OVER)
        said += [(text.column, repr(text)) for text in self.row.texts if text.column not in self.row.cells]
        return f"st-{key_from(sha256(repr(said).encode('utf-8', 'replace')).digest(), 10)}"

    def one(self, column: str, ids: Ids) -> int | None:
        """Return the record that a cell names."""
        slug = self.row.cells.get(column)
        return None if slug is None else self.found(column, slug, ids, public=self.publish)

    def many(self, column: str, ids: Ids) -> list[int]:
        """Return the records that a cell names, each once. What they are need not be public: a link waits for both its ends."""
        if (cell := self.row.cells.get(column)) is None:
            return []
        slugs = [slug for part in cell.split(SEPARATOR) if (slug := part.strip())]
        return list(dict.fromkeys(key for slug in slugs if (key := self.found(column, slug, ids)) is not None))

    def found(self, column: str, slug: str, ids: Ids, *, public: bool = False) -> int | None:
        """Return the record of this id, or note that there is none, or none that readers see."""
        key = ids.keys.get(slug)
        if key is None:
            self.wrong(column, f"There is no {ids.label} with this id.", value=slug)
        elif public and key in ids.hidden:
            self.wrong(column, f"This {ids.label} is not published yet.", "publish it first, or import drafts", slug)
        return key

    def choice(self, column: str) -> str:
        """Return one of the values that a column knows."""
        values, default = CHOICES[column]
        value = self.row.cells.get(column, default)
        if value not in values:
            self.wrong(column, "This is none of the choices.")
        return value

    def exported_label(self) -> str:
        """Return who speaks as the export has it, where it is neither a person nor an organization."""
        label = self.row.cells.get("speaker", "")
        if len(label) > LONGEST["speaker_label"]:
            self.wrong("speaker", f"It has {len(label)} characters.", RIGHT["speaker_label"])
        return label

    def when(self, event: int | None) -> tuple[str, Day]:
        """Return the statement's own date, if it differs from its event's, and the day by which it is sorted."""
        date = self.row.cells.get("date", "")
        of_event = self.known.dates.get(event, ("", "")) if event is not None else ("", "")
        if date in ("", of_event[0]):
            return "", of_event[1] or UNDATED.isoformat()
        try:
            return date, day_from(date)
        except ValueError:
            self.wrong("date", "This is not an EDTF date.")
            return "", ""

    def citations(self) -> list[Citation]:
        """Return the passages that are cited, each once."""
        cell = self.row.cells.get("passages")
        if cell is None:
            return []
        found: dict[tuple[object, ...], Citation] = {}
        for part in cell.split(SEPARATOR):
            value = part.strip()
            match = _PASSAGE.fullmatch(value)
            if match is None:
                self.wrong("passages", "This names no passage.", value=value)
                continue
            slug, paragraph, start, end, digest = match.groups("")
            source = self.found("passages", slug, self.known.sources)
            if source is None:
                continue
            begins, ends = (int(start), int(end)) if start else (None, None)
            citation = Citation(value, source, slug, int(paragraph), begins, ends, digest.lower())
            if start and not self.known.paragraphs.holds(source, citation.paragraph, int(start), int(end)):
                self.misplaced(citation)
            found[source, int(paragraph), start, end] = citation
        return list(found.values())

    def misplaced(self, citation: Citation) -> None:
        """Say where a span really lies."""
        _source, start, end = citation.span
        place = self.known.paragraphs.place_of(citation.source, start, end)
        wrong = f"Paragraph {citation.paragraph} of this source does not hold all of {start}-{end}."
        right = f"¶{place}, which does" if place else "a span within one paragraph of the source"
        self.wrong("passages", wrong, right, citation.column_value)

    def texts(self, citations: list[Citation]) -> list[Text]:
        """Return the wordings, one of each nature and language."""
        found: dict[tuple[str, str], Text] = {}
        for text in self.row.texts:
            key = (text.nature, text.language)
            if text.nature not in NATURES:
                self.wrong("text_nature", "This is none of the choices.", ", ".join(NATURES))
            if not is_language(text.language):
                right = "a BCP 47 tag such as th, vi or en; one text, other languages in columns such as verbatim_en"
                column = f"{text.column}_language" if text.column in EXPORTED_TEXTS else text.column
                self.wrong(column, "This is no language tag.", right, text.language)
            if len(text.by) > LONGEST_BY:
                self.wrong(
                    f"{text.column}_by",
                    f"It has {len(text.by)} characters.",
                    f"at most {LONGEST_BY} characters",
                    text.by,
                )
            if not text.text.strip():
                self.wrong(text.column, "A wording needs a text.", "the text, or no wording")
            if text.nature == VERBATIM and not citations:
                self.wrong(
                    text.column, "Words as printed need the passage they are printed in.", RIGHT["passages"], text.text
                )
            if key in found and found[key].text != text.text:
                self.wrong(text.column, "There is another wording of this nature in this language.", value=text.text)
            found.setdefault(key, text)
        return list(found.values())


@lru_cache(maxsize=20_000)
def day_from(date: str) -> Day:
    """Return the day by which a date is sorted. Raises ValueError for what is no date."""
    return (Statement.day_from(date) or UNDATED).isoformat()


@lru_cache(maxsize=1_000)
def is_language(tag: str) -> bool:
    """Whether a tag is one that curators may use."""
    try:
        validate_language(tag)
    except ValidationError:
        return False
    return len(tag) <= 35


def spans(drafts: Iterable[Draft]) -> set[tuple[int, int, int]]:
    """Return the keys of all passages that these statements name by start and end."""
    return {citation.span for draft in drafts for citation in draft.citations if citation.start is not None}
