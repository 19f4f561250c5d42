"""Every kind of doubt that curators settle, each with the queries that find it. All of it is bounded."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal, TypeAlias, cast

from django.contrib.auth.models import AnonymousUser, User
from django.db.models import (
    BigIntegerField,
    CharField,
    Exists,
    F,
    ManyToOneRel,
    Model,
    OuterRef,
    QuerySet,
    Subquery,
    Value,
)
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from base.admin import may
from base.records.descriptions import Description
from base.records.names import NamedRecord
from base.records.provenance import Certainty
from base.records.publishing import Status
from desk.doubles import NAMED_KINDS
from desk.doubts.conflicts import (
    contradictory_dates,
    contradictory_names,
    contradictory_roles,
    descriptions_with_figures,
    differ_in_a_figure,
    parts_out_of_time,
)
from desk.models import DifferentRecords, DoubtAnswer, SettledDoubt
from desk.name_index import name_model
from directory.models import Affiliation, Initiative, Passage
from directory.models.sources import PassageCheck
from events.models import Event, EventPart
from events.quality import checked_models

MOST_PAIRS = 1_000  # doubts of one kind that are read at once

Shape = Literal["pair", "row", "double", "passage"]
ModelClass = type[Model]


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


Queries: TypeAlias = dict[
    ModelClass, QuerySet[Any]
]  # for rows with `first_key` and `second_key`, by the model in doubt
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


def _pairs(pairs: QuerySet[Any]) -> QuerySet[Any]:
    return pairs.annotate(first_key=F("pk"), second_key=F("other"))


def _single(rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows.annotate(first_key=F("pk"), second_key=Value(0, output_field=BigIntegerField()))


def _roles() -> Queries:
    return {Affiliation: _pairs(contradictory_roles())}


def _dates() -> Queries:
    return {Affiliation: _pairs(contradictory_dates()), EventPart: _single(parts_out_of_time())}


def _names() -> Queries:
    return {names: _pairs(contradictory_names(names)) for names in map(name_model, NAMED_KINDS.values())}


def _figures() -> Queries:
    relations = [cast(ManyToOneRel, model._meta.get_field("descriptions")) for model in (Initiative, Event)]  # type: ignore[misc]
    models = [cast("type[Description]", relation.related_model) for relation in relations]
    return {model: _pairs(descriptions_with_figures(model)) for model in models}


def _of_certainty(certainty: Certainty) -> Queries:
    return {
        model: _single(model._base_manager.filter(certainty=certainty).exclude(status=Status.WITHDRAWN))
        for model in checked_models()
    }


def _doubles() -> Queries:
    return {model: _namesakes(model) for model in NAMED_KINDS.values()}


def _namesakes(model: type[NamedRecord]) -> QuerySet[Any]:
    """Return the names of records that another record has too of which nobody said that it is not the same."""
    names = name_model(model)
    owner = names.public_parents[0]
    rows = names._base_manager.exclude(status=Status.WITHDRAWN).exclude(certainty=Certainty.REJECTED)
    rows = rows.exclude(**{f"{owner}__status": Status.WITHDRAWN}).exclude(folded="").order_by()
    known = DifferentRecords.objects.filter(kind=model.kind, first=OuterRef(OuterRef(owner)), second=OuterRef(owner))
    others = rows.filter(**{"folded": OuterRef("folded"), f"{owner}__gt": OuterRef(owner)}).filter(~Exists(known))
    pairs = rows.annotate(second_key=Subquery(others.order_by(owner).values(owner)[:1])).exclude(second_key=None)
    return pairs.annotate(first_key=F(f"{owner}_id")).distinct()


def _passages() -> Queries:
    return {Passage: _single(Passage._base_manager.filter(check_state=PassageCheck.CHANGED))}


DOUBT_KINDS: dict[str, DoubtKind] = {
    kind.key: kind
    for kind in (
        DoubtKind(
            "roles",
            _("Roles"),
            _("Different sources call the position of one person at one organization differently, for the same time."),
            "pair",
            _roles,
        ),
        DoubtKind(
            "dates",
            _("Dates"),
            _("Different sources date one thing differently, or a part took place before or after the whole."),
            "pair",
            _dates,
        ),
        DoubtKind(
            "names",
            _("Names"),
            _("Different sources give one record different official names in one language."),
            "pair",
            _names,
        ),
        DoubtKind(
            "figures",
            _("Figures"),
            _("Different sources say the same of a record with different figures."),
            "pair",
            _figures,
            differ=differ_in_a_figure,
        ),
        DoubtKind(
            "disputed",
            _("Disputed"),
            _("Passages contradict each other, and every reading is kept."),
            "row",
            partial(_of_certainty, Certainty.DISPUTED),
        ),
        DoubtKind(
            "doubles",
            _("Possible doubles"),
            _("Records of one kind that have a name in common."),
            "double",
            _doubles,
        ),
        DoubtKind(
            "passages",
            _("Passages that no longer match"),
            _("The stored text has other words there now than when the passage was recorded."),
            "passage",
            _passages,
        ),
        DoubtKind(
            "inferred",
            _("Inferred"),
            _("A curator concluded it; the note says from what. A passage that says it would make it firm."),
            "row",
            partial(_of_certainty, Certainty.INFERRED),
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
