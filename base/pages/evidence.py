"""Evidence of a page: which paragraphs of which sources hold what it says."""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Exists, OuterRef, QuerySet

from base.documents.plan import Document, FetchPlan, shape_of
from base.lists.counting import first_keys
from base.pages.documents import list_plan, page_loader
from base.pages.first_rows import CitedPlaces, FirstRows
from base.records.provenance import Cited, get_passage_model, get_source_model
from base.sql.prepared import AnyOf, PreparedQuery

MOST_STRIPS = 6  # of one page: those with the most evidence
# A strip of more bars than this is no picture any more; the list of paragraphs beside it says the same.
MOST_BARS = 300
BAR, GAP, HEIGHT = 9, 1, 40
# What a paragraph may hold: words by the record or about its matter, words about the record, names and roles. The first outweighs.
MARKS = ("said", "about", "named")
PARAGRAPHS_A_PAGE = 100  # of the page of a source


def paragraph_address(source_url: str, number: int) -> str:
    """Return the address of a paragraph on the page of its source: of the page of paragraphs that has it."""
    page = (number - 1) // PARAGRAPHS_A_PAGE + 1
    return f"{source_url}?page={page}#p{number}" if page > 1 else f"{source_url}#p{number}"


def note_mark(marks: dict[int, str], paragraph: int, mark: str) -> None:
    """Note what a paragraph holds, unless it holds what outweighs it."""
    if paragraph not in marks or MARKS.index(mark) < MARKS.index(marks[paragraph]):
        marks[paragraph] = mark


@dataclass(frozen=True)
class Bar:
    """One paragraph in a strip: where it is drawn, and what it holds (one of MARKS, or nothing)."""

    number: int
    x: int
    y: float
    height: float
    mark: str


@dataclass
class Strip:
    """The paragraphs of one source, and which of them hold evidence. The source is a document with its `paragraphs`."""

    source: Document
    marks: dict[int, str] = field(default_factory=dict)

    def mark(self, paragraph: int, mark: str) -> None:
        """Note what a paragraph holds, unless it holds what outweighs it."""
        note_mark(self.marks, paragraph, mark)

    @property
    def id(self) -> str:
        """The public id of the source."""
        return str(self.source["id"])

    @property
    def url(self) -> str:
        """The address of the source."""
        return str(self.source["url"])

    @property
    def width(self) -> int:
        """The width of the picture, in its own units."""
        return max(len(self.source["paragraphs"]) * (BAR + GAP), 1)

    @property
    def drawable(self) -> bool:
        """Whether there are few enough paragraphs for a picture."""
        return 0 < len(self.source["paragraphs"]) <= MOST_BARS

    @property
    def bars(self) -> list[Bar]:
        """Every paragraph, as tall as it is long (by square root, so that short ones can be seen)."""
        lengths = [length for _start, length in self.source["paragraphs"]]
        longest = max(lengths, default=1) or 1
        bars = []
        for number, length in enumerate(lengths, 1):
            height = round(max(3.0, (length / longest) ** 0.7 * HEIGHT), 1)
            x = (number - 1) * (BAR + GAP)
            bars.append(Bar(number, x, round(HEIGHT - height, 1), height, self.marks.get(number, "")))
        return bars

    @property
    def with_statements(self) -> list[int]:
        """The paragraphs that hold statements, in order."""
        return self._with("said")

    @property
    def with_statements_about(self) -> list[int]:
        """The paragraphs that hold statements about the record, and none by it, in order."""
        return self._with("about")

    @property
    def with_names(self) -> list[int]:
        """The paragraphs that hold only names, roles and the like, in order."""
        return self._with("named")

    def _with(self, mark: str) -> list[int]:
        return sorted(number for number, own in self.marks.items() if own == mark)


class Evidence:
    """Collects the passages of what a page shows, source by source."""

    def __init__(self) -> None:
        self._marks: dict[str, dict[int, str]] = {}  # id of a source -> paragraph -> mark
        self.cut = False  # whether a list cites more than was read, so that paragraphs may be missing

    def add(self, rows: Iterable[Document], mark: str = "named") -> Evidence:
        """Note the passages of these cited rows; a statement outweighs a name in the same paragraph."""
        for row in rows:
            for passage in row["passages"]:
                if passage["source"]:
                    self._add(passage["source"]["id"], passage["paragraph"], mark)
        return self

    def add_places(self, places: Iterable[tuple[str, int]], mark: str = "named") -> Evidence:
        """Note places as (id of a source, number of a paragraph)."""
        for source, paragraph in places:
            self._add(source, paragraph, mark)
        return self

    def add_list(self, first: FirstRows, mark: str = "named") -> Evidence:
        """Note the passages of a list of cited rows: of all of them, not only of those shown."""
        if not first.more:
            return self.add(first.rows, mark)
        places, cut = first.cited()
        self.add_places(places, mark)
        self.cut = self.cut or cut
        return self

    def _add(self, source: str, paragraph: int, mark: str) -> None:
        note_mark(self._marks.setdefault(source, {}), paragraph, mark)

    @functools.cached_property
    def strips(self) -> list[Strip]:
        """One strip a source, of those with the most paragraphs, in the order of their titles. At most one query."""
        most = sorted(self._marks, key=lambda source: (-len(self._marks[source]), source))[:MOST_STRIPS]
        if not most:
            return []
        plan, query = _sources()
        return [Strip(source, self._marks[source["id"]]) for source in page_loader().documents(plan, query.read(most))]

    @property
    def left_out(self) -> int:
        """The number of sources that have no strip here."""
        return max(len(self._marks) - MOST_STRIPS, 0)


def cited_places(rows: QuerySet[Cited], long: bool) -> CitedPlaces:
    """Return the paragraphs of public passages that these rows cite. One query, two for a `long` list.

    A list is long if it has more rows than are counted. Those that are counted then only tell its sources; of these with the most
    paragraphs, each passage is looked up: whether any row cites it, which is known as soon as one does, however many there are.
    """
    links = rows.model.passages.through.objects
    owner = rows.model._meta.get_field("passages").m2m_field_name()
    passages = get_passage_model().objects.published().order_by()
    counted = passages.filter(pk__in=links.filter(**{f"{owner}__in": first_keys(rows)}).values("passage"))
    places = set(counted.values_list("source__slug", "paragraph").distinct())
    if long:
        most = [source for source, _number in Counter(source for source, _paragraph in places).most_common(MOST_STRIPS)]
        citing = links.filter(Exists(rows.order_by().filter(pk=OuterRef(f"{owner}_id"))), passage=OuterRef("pk"))
        cited = passages.filter(Exists(citing), source__slug__in=most)
        places.update(cited.values_list("source__slug", "paragraph").distinct())
    return CitedPlaces(sorted(places), long)


@functools.cache
def _sources() -> tuple[FetchPlan, PreparedQuery]:
    """Return how the sources with certain ids are read, in the order of their titles."""
    source = get_source_model()
    plan = list_plan(shape_of(source), source, ("id", "url", "name", "name_language", "paragraphs"))
    return plan, PreparedQuery(lambda: source.objects.published().filter(AnyOf("slug")).values_list(*plan.selected))
