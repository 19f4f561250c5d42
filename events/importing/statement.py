"""A statement as a row gives it: what validation returns, and what is then resolved and stored."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from .format import WordingText
from .references import Day


@dataclass(slots=True)
class PassageReference:
    """A passage as a row names it.

    Without start and end it is the only passage of the paragraph; without a hash it is one that is recorded already.
    """

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
    """A statement as a row gives it. `resolve` fills the last three members."""

    line: int
    slug: str
    plain: dict[str, str]  # the plain fields, by column of the table
    translated: dict[str, str]  # the language of the texts and their translations, by column of the table
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
    passages: list[int] = field(default_factory=list)  # primary keys
    printed_in: list[list[int]] = field(default_factory=list)  # of each wording: the passages of its segments, in order
    position: int = 0


def cited_spans(statements: Iterable[NewStatement]) -> set[tuple[int, int, int]]:
    """Return the spans (source, start, end) of all passages that these statements name by start and end."""
    return {passage.span for statement in statements for passage in statement.cited if passage.start is not None}
