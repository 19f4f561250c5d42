"""Every kind of doubt that curators settle, each with the queries that find it. All of it is bounded."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache, partial
from itertools import islice
from typing import Any, Literal

from django.contrib.auth.models import AnonymousUser, User
from django.db.models import CharField, Exists, OuterRef, QuerySet, Value
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from base.admin import may
from base.lists.counting import CountingQuery
from base.records.names import NamedRecord
from base.records.provenance import Certainty
from desk.doubts.conflicts import are_different_roles, differ_in_a_figure, is_one_role
from desk.doubts.queries import (
    ModelClass,
    Queries,
    changed_passages,
    dates_in_doubt,
    figures_in_doubt,
    names_in_doubt,
    possible_namesakes,
    roles_in_doubt,
    rows_of_certainty,
)
from desk.models import DoubtAnswer, SettledDoubt

MOST_PAIRS = 1_000  # doubts of one kind that are listed
MOST_COMPARED = 3_000  # pairs of texts that are compared for one list

Shape = Literal["pair", "row", "double", "passage"]


@dataclass(frozen=True)
class Doubt:
    """Two rows of a model that contradict each other, or one row that is doubtful; then `second` is 0."""

    kind: str
    model: ModelClass
    first: int
    second: int = 0
    is_later: bool = False

    @property
    def keys(self) -> list[int]:
        """The primary keys of the rows."""
        return [self.first, self.second] if self.second else [self.first]

    @property
    def model_label(self) -> str:
        """The label of the model: "directory.Affiliation"."""
        return self.model._meta.label

    @property
    def is_about_records(self) -> bool:
        """Whether two records may be one."""
        return issubclass(self.model, NamedRecord) and self.second > 0

    @property
    def record_kind(self) -> str:
        """The kind of the records in doubt, "person"; empty where the rows are no records."""
        return str(getattr(self.model, "kind", "")) if issubclass(self.model, NamedRecord) else ""


@dataclass(frozen=True)
class DoubtKind:
    """One kind of doubt. `queries` find for each model the rows that are in doubt; `differ` says of the texts of each pair
    whether it is one.
    """

    key: str
    label: str | Promise
    meaning: str | Promise
    shape: Shape
    queries: Callable[[], Queries]
    waits: bool = True  # whether it is something to settle, and counted as such
    differ: Callable[[str, str], bool] | None = None

    def models(self, user: User | AnonymousUser) -> list[ModelClass]:
        """Return the models of the rows that a curator may see."""
        return [model for model in _made_once(self.queries) if may(user, "view", model)]

    def doubts(self, models: Collection[ModelClass], most: int = MOST_PAIRS) -> list[Doubt]:
        """Return the doubts about rows of these models without those that are kept, those that were put off last. One query."""
        texts = ("first_text", "second_text") if self.differ else ()
        by_label = {model._meta.label: model for model in models}
        parts = [
            rows.annotate(
                row_label=Value(model._meta.label, output_field=CharField()), is_later=self._answered(model, "later")
            ).values_list("is_later", "row_label", "first_key", "second_key", *texts)
            for model, rows in self._open(models)
        ]
        if not parts:
            return []
        union = parts[0].union(*parts[1:], all=True) if len(parts) > 1 else parts[0]
        rows = union.order_by("is_later", "row_label", "-first_key", "-second_key")
        rows = rows[: MOST_COMPARED if self.differ else most]
        doubts = (
            Doubt(self.key, by_label[label], first, second, bool(is_later))
            for is_later, label, first, second, *pair in rows
            if self.differ is None or self.differ(*pair)
        )
        return list(islice(doubts, most))

    def holds(self, doubt: Doubt) -> bool:
        """Return whether a doubt is one still: neither settled nor changed since. One query."""
        texts = ("first_text", "second_text") if self.differ else ()
        for _model, rows in self._open([doubt.model]):
            found = rows.filter(first_key=doubt.first, second_key=doubt.second).values_list("first_key", *texts).first()
            return found is not None and (self.differ is None or self.differ(*found[1:]))
        return False

    def waiting(self, models: Collection[ModelClass]) -> list[QuerySet[Any]]:
        """Return queries for the doubts that are neither kept nor put off."""
        return [
            rows.exclude(self._answered(model, "later")).values("first_key", "second_key")
            for model, rows in self._open(models)
        ]

    def _open(self, models: Collection[ModelClass]) -> list[tuple[ModelClass, QuerySet[Any]]]:
        """Return for each model the query for the rows in doubt that nobody wants to keep as they are."""
        return [
            (model, rows.order_by().exclude(self._answered(model, "keep")))
            for model, rows in _made_once(self.queries).items()
            if model in models
        ]

    def _answered(self, model: ModelClass, answer: str) -> Exists:
        """Return the condition that a doubt was answered so."""
        named = SettledDoubt.objects.filter(
            kind=self.key, model=model._meta.label, first=OuterRef("first_key"), second=OuterRef("second_key")
        )
        return Exists(named.filter(answer=DoubtAnswer(answer)).order_by())


@cache
def _made_once(queries: Callable[[], Queries]) -> Queries:
    """Return the queries of a kind, which are the same for every request."""
    return queries()


DOUBT_KINDS: dict[str, DoubtKind] = {
    kind.key: kind
    for kind in (
        DoubtKind(
            "roles",
            _("Roles"),
            _("Different sources call the position of one person at one organization differently, for the same time."),
            "pair",
            roles_in_doubt,
            differ=are_different_roles,
        ),
        DoubtKind(
            "dates",
            _("Dates"),
            _("Different sources date one thing differently, or a part took place before or after the whole."),
            "pair",
            dates_in_doubt,
            differ=is_one_role,
        ),
        DoubtKind(
            "names",
            _("Names"),
            _("Different sources give one record different official names in one language."),
            "pair",
            names_in_doubt,
        ),
        DoubtKind(
            "figures",
            _("Figures"),
            _("Different sources say the same of a record with different figures."),
            "pair",
            figures_in_doubt,
            differ=differ_in_a_figure,
        ),
        DoubtKind(
            "disputed",
            _("Disputed"),
            _("Passages contradict each other, and every reading is kept."),
            "row",
            partial(rows_of_certainty, Certainty.DISPUTED),
        ),
        DoubtKind(
            "doubles",
            _("Possible doubles"),
            _("Records of one kind that have a name in common."),
            "double",
            possible_namesakes,
        ),
        DoubtKind(
            "passages",
            _("Passages that no longer match"),
            _("The stored text has other words there now than when the passage was recorded."),
            "passage",
            changed_passages,
        ),
        DoubtKind(
            "inferred",
            _("Inferred"),
            _("A curator concluded it; the note says from what. A passage that says it would make it firm."),
            "row",
            partial(rows_of_certainty, Certainty.INFERRED),
            waits=False,
        ),
    )
}


@dataclass(frozen=True)
class DoubtCount:
    """How many doubts of one kind wait, without those that were put off."""

    kind: DoubtKind
    number: int
    is_more: bool  # whether there may be more than were counted


def doubt_counts(
    user: User | AnonymousUser, kinds: Sequence[DoubtKind] | None = None, most: int = MOST_PAIRS
) -> list[DoubtCount]:
    """Return how many doubts of each kind a curator may see, up to `most` of a kind.

    One query, and one more for each kind whose texts are compared.
    """
    visible = [(kind, models) for kind in kinds or DOUBT_KINDS.values() if (models := kind.models(user))]
    counted = tuple((kind.key, tuple(models)) for kind, models in visible if kind.differ is None)
    numbers = _counting_query(SettledDoubt.objects.db, counted, most).counts()
    for kind, models in visible:
        if kind.differ is not None:
            numbers[kind.key] = sum(not doubt.is_later for doubt in kind.doubts(models, most))
    return [DoubtCount(kind, numbers[kind.key], numbers[kind.key] >= most) for kind, _models in visible]


@lru_cache(maxsize=32)  # as many as there are sets of rights, or nearly
def _counting_query(using: str, kinds: tuple[tuple[str, tuple[ModelClass, ...]], ...], most: int) -> CountingQuery[str]:
    """Return the query that counts the doubts of these kinds about rows of these models."""
    queries = [(key, rows) for key, models in kinds for rows in DOUBT_KINDS[key].waiting(models)]
    return CountingQuery(using, queries, most)


def waiting_doubts(user: User | AnonymousUser, most: int) -> list[DoubtCount]:
    """Return how many doubts of each kind wait to be settled, up to `most` of a kind, for the first page."""
    return doubt_counts(user, [kind for kind in DOUBT_KINDS.values() if kind.waits], most)


def number_in_words(counts: Sequence[DoubtCount]) -> str:
    """Return how many doubts wait to be settled, as the header says it: “7”, “99+”; empty if none does."""
    waiting = [count for count in counts if count.kind.waits]
    number = sum(count.number for count in waiting)
    return f"{number}{'+' if any(count.is_more for count in waiting) else ''}" if number else ""
