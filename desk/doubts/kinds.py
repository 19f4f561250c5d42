"""Every kind of doubt that curators settle, each with the queries that find it. All of it is bounded."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Literal, TypeAlias

from django.contrib.auth.models import AnonymousUser, User
from django.db.models import CharField, Value
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from base.admin import may
from base.records.names import NamedRecord
from base.records.provenance import Certainty
from desk.doubts.conflicts import differ_in_a_figure
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

MOST_PAIRS = 1_000  # doubts of one kind that are read at once

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
    def record_kind(self) -> str:
        """The kind of the records in doubt, "person"; empty where the rows are no records."""
        return str(getattr(self.model, "kind", "")) if issubclass(self.model, NamedRecord) else ""


Answers: TypeAlias = dict[tuple[str, str, int, int], str]  # by kind, model, first and second


@dataclass(frozen=True)
class DoubtKind:
    """One kind of doubt. `queries` find for each model the rows that are in doubt; `differ` looks at the texts of each pair."""

    key: str
    label: str | Promise
    meaning: str | Promise
    shape: Shape
    queries: Callable[[], Queries]
    waits: bool = True  # whether it is something to settle, and counted as such
    differ: Callable[[str, str], bool] | None = None

    def models(self, user: User | AnonymousUser) -> list[ModelClass]:
        """Return the models of the rows that a curator may see."""
        return [model for model in self.queries() if may(user, "view", model)]

    def doubts(self, models: Collection[ModelClass], answers: Answers | None = None) -> list[Doubt]:
        """Return the doubts about rows of these models, those that were put off last; MOST_PAIRS at most. Two queries.

        `answers` are those that were given, if they are known already.
        """
        if answers is None:
            answers = given_answers()
        by_label = {model._meta.label: model for model in models}
        doubts = []
        for label, first, second in self._keys(models):
            answer = answers.get((self.key, label, first, second))
            if answer != DoubtAnswer.KEEP:
                doubts.append(Doubt(self.key, by_label[label], first, second, answer == DoubtAnswer.LATER))
        return sorted(doubts, key=lambda doubt: doubt.is_later)

    def _keys(self, models: Collection[ModelClass]) -> list[tuple[str, int, int]]:
        texts = ("text", "other_text") if self.differ else ()
        parts = [
            rows.order_by()
            .annotate(row_label=Value(model._meta.label, output_field=CharField()))
            .values_list("row_label", "first_key", "second_key", *texts)
            for model, rows in self.queries().items()
            if model in models
        ]
        if not parts:
            return []
        union = parts[0].union(*parts[1:], all=True) if len(parts) > 1 else parts[0]
        rows = union.order_by("row_label", "-first_key", "-second_key")[:MOST_PAIRS]
        return [
            (label, first, second) for label, first, second, *pair in rows if self.differ is None or self.differ(*pair)
        ]


def given_answers() -> Answers:
    """Return what was answered to doubts without a change. One query."""
    rows = SettledDoubt.objects.order_by().values_list("kind", "model", "first", "second", "answer")
    return {(kind, model, first, second): answer for kind, model, first, second, answer in rows}


DOUBT_KINDS: dict[str, DoubtKind] = {
    kind.key: kind
    for kind in (
        DoubtKind(
            "roles",
            _("Roles"),
            _("Different sources call the position of one person at one organization differently, for the same time."),
            "pair",
            roles_in_doubt,
        ),
        DoubtKind(
            "dates",
            _("Dates"),
            _("Different sources date one thing differently, or a part took place before or after the whole."),
            "pair",
            dates_in_doubt,
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
    """How many doubts of one kind wait, those that were put off aside."""

    kind: DoubtKind
    number: int
    later: int

    @property
    def is_more(self) -> bool:
        """Whether there may be more than were counted."""
        return self.number + self.later >= MOST_PAIRS


def doubt_counts(user: User | AnonymousUser, kinds: Sequence[DoubtKind] | None = None) -> list[DoubtCount]:
    """Return how many doubts of each kind a curator may see, at most MOST_PAIRS of a kind. A query a kind, and one."""
    counts, answers = [], given_answers()
    for kind in DOUBT_KINDS.values() if kinds is None else kinds:
        if models := kind.models(user):
            doubts = kind.doubts(models, answers)
            later = sum(doubt.is_later for doubt in doubts)
            counts.append(DoubtCount(kind, len(doubts) - later, later))
    return counts


def waiting_doubts(user: User | AnonymousUser) -> list[DoubtCount]:
    """Return how many doubts of each kind wait to be settled, for the first page."""
    return doubt_counts(user, [kind for kind in DOUBT_KINDS.values() if kind.waits])
