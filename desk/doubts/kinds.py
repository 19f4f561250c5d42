"""Every kind of doubt that curators settle, each with the queries that find it. All of it is bounded."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal, cast

from django.contrib.auth.models import AnonymousUser, User
from django.db.models import Exists, ManyToOneRel, Model, OuterRef, QuerySet, Subquery
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from base.admin import may
from base.records.descriptions import Description
from base.records.names import Name, NamedRecord
from base.records.provenance import Certainty, Fact
from base.records.publishing import Status
from desk.doubles import NAMED_KINDS
from desk.doubts.conflicts import (
    MOST_PAIRS,
    PairKeys,
    contradictory_dates,
    contradictory_figures,
    contradictory_names,
    contradictory_roles,
    keys_of,
    parts_out_of_time,
)
from desk.models import DifferentRecords, DoubtAnswer, SettledDoubt
from desk.name_index import name_model
from directory.models import Affiliation, Initiative, Passage
from directory.models.sources import PassageCheck
from events.models import Event, EventPart, Statement
from events.quality import checked_models

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


@dataclass(frozen=True)
class DoubtKind:
    """One kind of doubt. `finders` return for each model the pairs that are in doubt, or single rows as (key, 0)."""

    key: str
    label: str | Promise
    meaning: str | Promise
    shape: Shape
    finders: Callable[[], dict[ModelClass, Callable[[], Iterable[PairKeys]]]]
    waits: bool = True  # whether it is something to settle, and counted as such

    def models(self, user: User | AnonymousUser) -> list[ModelClass]:
        """Return the models of the rows that a curator may see."""
        return [model for model in self.finders() if may(user, "view", model)]

    def doubts(self, models: Collection[ModelClass]) -> list[Doubt]:
        """Return the doubts about rows of these models, those that were put off last. A query a model, and one."""
        answers: dict[tuple[str, int, int], str] = {
            (model, first, second): answer
            for model, first, second, answer in SettledDoubt.objects.filter(kind=self.key)
            .order_by()
            .values_list("model", "first", "second", "answer")
        }
        doubts = []
        for model, finder in self.finders().items():
            for first, second in finder() if model in models else ():
                answer = answers.get((model._meta.label, first, second))
                if answer != DoubtAnswer.KEEP:
                    later = answer == DoubtAnswer.LATER
                    doubts.append(Doubt(self.key, model, first, second, later))
        return sorted(doubts, key=lambda doubt: doubt.is_later)


def _single(rows: QuerySet[Any]) -> Iterator[PairKeys]:
    return ((key, 0) for key in rows.values_list("pk", flat=True)[:MOST_PAIRS])


def _roles() -> dict[ModelClass, Callable[[], Iterable[PairKeys]]]:
    return {Affiliation: lambda: keys_of(contradictory_roles())}


def _dates() -> dict[ModelClass, Callable[[], Iterable[PairKeys]]]:
    return {Affiliation: lambda: keys_of(contradictory_dates()), EventPart: lambda: _single(parts_out_of_time())}


def _names() -> dict[ModelClass, Callable[[], Iterable[PairKeys]]]:
    def finder(names: type[Name]) -> Iterable[PairKeys]:
        return keys_of(contradictory_names(names))

    return {names: partial(finder, names) for names in map(name_model, NAMED_KINDS.values())}


def _figures() -> dict[ModelClass, Callable[[], Iterable[PairKeys]]]:
    relations = [cast(ManyToOneRel, model._meta.get_field("descriptions")) for model in (Initiative, Event)]  # type: ignore[misc]
    models = [cast("type[Description]", relation.related_model) for relation in relations]
    return {model: partial(contradictory_figures, model) for model in models}


def _of_certainty(certainty: Certainty) -> dict[ModelClass, Callable[[], Iterable[PairKeys]]]:
    return {model: partial(_doubtful_rows, model, certainty) for model in checked_models()}


def _doubtful_rows(model: type[Fact], certainty: Certainty) -> Iterator[PairKeys]:
    rows = model._base_manager.filter(certainty=certainty).exclude(status=Status.WITHDRAWN)
    # Of a million statements an index holds the doubtful ones in this order.
    return _single(rows.order_by("-sort_date", "position", "id") if model is Statement else rows.order_by("-pk"))


def _doubles() -> dict[ModelClass, Callable[[], Iterable[PairKeys]]]:
    return {model: partial(_namesakes, model) for model in NAMED_KINDS.values()}


def _namesakes(model: type[NamedRecord]) -> list[PairKeys]:
    """Return the pairs of records with a name in common of which nobody said that they are not the same, each record once."""
    names = name_model(model)
    owner = names.public_parents[0]
    rows = names._base_manager.exclude(status=Status.WITHDRAWN).exclude(certainty=Certainty.REJECTED)
    rows = rows.exclude(**{f"{owner}__status": Status.WITHDRAWN}).exclude(folded="").order_by()
    known = DifferentRecords.objects.filter(kind=model.kind, first=OuterRef(OuterRef(owner)), second=OuterRef(owner))
    others = rows.filter(**{"folded": OuterRef("folded"), f"{owner}__gt": OuterRef(owner)}).filter(~Exists(known))
    pairs = rows.annotate(other=Subquery(others.order_by(owner).values(owner)[:1])).exclude(other=None)
    keys = pairs.order_by(f"-{owner}", "other").values_list(owner, "other").distinct()[:MOST_PAIRS]
    return list(cast("Iterable[PairKeys]", keys))


def _passages() -> dict[ModelClass, Callable[[], Iterable[PairKeys]]]:
    return {Passage: lambda: _single(Passage._base_manager.filter(check_state=PassageCheck.CHANGED).order_by("-pk"))}


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
    """Return how many doubts of each kind a curator may see, at most MOST_PAIRS of a kind of row. Queries of a constant number."""
    counts = []
    for kind in DOUBT_KINDS.values() if kinds is None else kinds:
        if models := kind.models(user):
            by_state: dict[bool, int] = defaultdict(int)
            for doubt in kind.doubts(models):
                by_state[doubt.is_later] += 1
            counts.append(DoubtCount(kind, by_state[False], by_state[True]))
    return counts


def waiting_doubts(user: User | AnonymousUser) -> list[DoubtCount]:
    """Return how many doubts of each kind wait to be settled, for the first page."""
    return doubt_counts(user, [kind for kind in DOUBT_KINDS.values() if kind.waits])
