"""What the home page shows of the record: a quote, one statement a speaker, what they speak about, doubts, what to search for.

Every choice reads a bounded number of rows by an index, and is the same for the same record. Choices are keys and rows of
queries, which are kept until the next write; documents are made of them in the reader's language.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Count, QuerySet
from django.db.models.functions import Length

from base.documents.plan import plan_of
from base.lists.counting import first_keys
from base.pages.lines import line_kind
from base.records.names import NameKind
from base.records.provenance import Certainty
from base.records.publishing import Publishable, published
from base.sql.prepared import AnyOf, Row
from directory.models import Affiliation, InitiativeName, OrganizationName, Topic
from directory.pages import TopicCountSerializer

from .models import Statement, Wording
from .models.statements import Nature, StatementKind

# Statements of each kind among which is chosen: the first of a list by kind, which an index has in its order.
CANDIDATES = {StatementKind.DIRECT: 60, StatementKind.REPORTED: 240, StatementKind.NARRATED: 60}
CERTAINTIES = [Certainty.STATED, Certainty.INFERRED, Certainty.DISPUTED, Certainty.REJECTED]
MOST_SPEAKERS, MOST_TOPICS, MOST_DOUBTS = 5, 8, 3
# Characters of a statement that says something and is read at a glance.
GOOD_LENGTH = 100
SPOKEN_TOPIC = plan_of(TopicCountSerializer, Topic, frozenset(), frozenset())


@dataclass(frozen=True)
class HomeStatement:
    """A statement that may be shown: its key, who speaks, how good a choice it is, and the words there are of it."""

    key: int
    kind: str
    certainty: str
    speaker: tuple[str, int | str]
    length: int = 0  # characters of the words that most readers read: English if there are any
    printed: bool = False
    translated: bool = False

    @property
    def rank(self) -> tuple[int, int, bool]:
        """The place of its kind and certainty, and whether a group speaks: lower is better."""
        return list(CANDIDATES).index(StatementKind(self.kind)), self.doubt, self.speaker[0] == "label"

    @property
    def doubt(self) -> int:
        """The place of its certainty, from stated to rejected."""
        return CERTAINTIES.index(Certainty(self.certainty))


def candidates() -> list[HomeStatement]:
    """Return the statements among which is chosen, in the order of lists, kind by kind. Four queries."""
    columns = ("pk", "statement_kind", "certainty", "speaker", "speaker_organization", "speaker_label")
    rows = [
        row
        for kind, most in CANDIDATES.items()
        for row in published(Statement).filter(statement_kind=kind).values_list(*columns)[:most]
    ]
    words = Wording.objects.published(known=("statement",)).filter(AnyOf("statement", [row[0] for row in rows]))
    texts: dict[int, list[tuple[str, str, int]]] = {row[0]: [] for row in rows}
    for key, language, nature, length in words.values_list("statement", "language", "nature", Length("text")):
        texts[key].append((language, nature, length))
    return [
        _candidate(key, kind, certainty, _speaker(person, body, label), texts[key])
        for key, kind, certainty, person, body, label in rows
        if texts[key]
    ]


def _speaker(person: int | None, body: int | None, label: str) -> tuple[str, int | str]:
    if person is not None:
        return "person", person
    return ("organization", body) if body is not None else ("label", label)


def _candidate(
    key: int, kind: str, certainty: str, speaker: tuple[str, int | str], texts: list[tuple[str, str, int]]
) -> HomeStatement:
    _other, _nature, _language, length = min(
        (language != "en", nature == Nature.VERBATIM, language, length) for language, nature, length in texts
    )
    natures = {nature for _language, nature, _length in texts}
    printed, translated = Nature.VERBATIM in natures, Nature.TRANSLATION in natures
    return HomeStatement(key, kind, certainty, speaker, length, printed, translated)


def chosen_quote(among: Iterable[HomeStatement]) -> HomeStatement | None:
    """Return the direct quote to show with its words as printed: stated, translated, and short; None if there is none."""
    quotes = [one for one in among if one.kind == StatementKind.DIRECT and one.printed]
    return min(quotes, key=lambda one: (one.doubt, not one.translated, one.length), default=None)


def one_a_speaker(among: Iterable[HomeStatement], without: HomeStatement | None) -> list[HomeStatement]:
    """Return one statement of each speaker: direct before reported, stated before inferred, of a length that is read at a glance.

    The speaker of the statement `without` is left out. Persons come before groups; at most MOST_SPEAKERS.
    """
    best: dict[tuple[str, int | str], HomeStatement] = {}
    for one in among:
        if without is not None and one.speaker == without.speaker:
            continue
        before = best.get(one.speaker)
        if before is None or _worth(one) < _worth(before):
            best[one.speaker] = one
    return sorted(best.values(), key=_worth)[:MOST_SPEAKERS]


def _worth(one: HomeStatement) -> tuple[object, ...]:
    return *one.rank, abs(one.length - GOOD_LENGTH)


def spoken_topics() -> list[Row]:
    """Return the topics that most is said about, with the numbers of statements and of people who speak. One query.

    As on every page, the first 5,000 statements are counted.
    """
    topics = (
        Topic.objects.published()
        .filter(statements__in=first_keys(Statement.objects.published()))
        .annotate(uses=Count("statements", distinct=True), people=Count("statements__speaker", distinct=True))
        .order_by("-uses", "sort_key", "slug")
    )
    return SPOKEN_TOPIC.read(topics[:MOST_TOPICS])


def doubtful_rows() -> list[tuple[type[Publishable], Row]]:
    """Return rows in doubt, each with its model: a disputed and a rejected position, and an inferred statement. Three queries.

    Where one of them is not on record, another of the same sort stands in its place.
    """
    positions = published(Affiliation).order_by("pk")
    groups: list[list[tuple[type[Publishable], Row]]] = [
        _rows(Affiliation, positions.filter(certainty=Certainty.DISPUTED)),
        _rows(Affiliation, positions.filter(certainty=Certainty.REJECTED)),
        _rows(Statement, published(Statement).filter(certainty=Certainty.INFERRED)),
    ]
    turns = [row for turn in range(MOST_DOUBTS) for group in groups for row in group[turn : turn + 1]]
    return turns[:MOST_DOUBTS]


def _rows(model: type[Publishable], rows: QuerySet[Publishable]) -> list[tuple[type[Publishable], Row]]:
    return [(model, row) for row in line_kind(model).plan.read(rows[:MOST_DOUBTS])]


def abbreviation() -> tuple[str, str]:
    """Return an abbreviation of an organization or an initiative, and its language; empty without any. At most two queries."""
    for model in (OrganizationName, InitiativeName):
        names = model.objects.firm().filter(kind=NameKind.ABBREVIATION).order_by("pk")
        for text, language in names.values_list("text", "language")[:5]:
            if len(text) > 2:
                return str(text), str(language)
    return "", ""


def printed_places(statement: int) -> list[tuple[str, int]]:
    """Return where the words of a statement are printed, as (id of the source, number of the paragraph). One query.

    Other passages of the statement, such as one that names the speaker, are left out.
    """
    wordings = published(Wording).filter(statement=statement, nature=Nature.VERBATIM)
    of_passage = ("source__slug", "paragraph")
    columns = [f"{passage}__{name}" for passage in ("passage", "further_passages") for name in of_passage]
    places: set[tuple[str, int]] = set()
    for row in wordings.values_list(*columns):
        places.update((source, paragraph) for source, paragraph in (row[:2], row[2:]) if source)
    return sorted(places)


def first_clause(text: str, shortest: int = 12, longest: int = 60) -> str:
    """Return the beginning of a text that somebody might paste: its first clause, or nothing if that is too short or too long.

    Thai, which has no signs between clauses, has a space there.
    """
    ends = " " if any("\u0e00" <= letter <= "\u0e7f" for letter in text) else ";,.:!?–—"
    at = next((at for at, letter in enumerate(text) if letter in ends and at >= shortest), len(text))
    return text[:at].strip() if at <= longest else ""


def quoted(among: Iterable[HomeStatement], shown: HomeStatement | None) -> list[int]:
    """Return the keys of a few direct quotes to take an example from; the one that is shown already comes last."""
    quotes = [one.key for one in among if one.kind == StatementKind.DIRECT and one.doubt == 0]
    return sorted(quotes[:6], key=lambda key: shown is not None and key == shown.key)


def people_of(chosen: Sequence[HomeStatement]) -> list[int]:
    """Return the keys of the people among the speakers of these statements, in their order."""
    return [int(key) for kind, key in (one.speaker for one in chosen) if kind == "person"]
