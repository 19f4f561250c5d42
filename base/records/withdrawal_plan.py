"""What withdrawing some records takes with it, found before anything is changed.

What rests on them (`support.py`) goes with them, and what rests on that, to the end: a source takes the statements and names
that cite nothing else, a name the person who has no other, a person the statements that they made.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from django.db.models import Model, Q, QuerySet

from base.records.provenance import get_passage_model, get_source_model
from base.records.publishing import Publishable, Status
from base.records.records import Record
from base.records.support import Citations, cited_models, needed_rows, needs_of, publishable_models, rests_on_records
from base.sql.prepared import AnyOf

MOST_COUNTED = 5000  # rows that stay, as far as they are counted: of those that go every one is known

RowsByModel = dict[type[Publishable], set[int]]  # primary keys by model


@dataclass
class WithdrawalPlan:
    """What happens if `records` are withdrawn, by model. All but `withdrawn` is counted up to 5,000 rows a model."""

    records: RowsByModel
    states: list[tuple[object, ...]] = field(default_factory=list)  # of the records: status, reason, merged into what
    withdrawn: RowsByModel = field(default_factory=dict)  # rests on them alone, and goes with them
    supported: RowsByModel = field(default_factory=dict)  # rests on them and on other public rows too, and stays
    hidden: RowsByModel = field(
        default_factory=dict
    )  # facts that hang on what goes: shown again when it is public again
    mentions: RowsByModel = field(default_factory=dict)  # stays, and no longer shows its mention of what goes

    @property
    def digest(self) -> str:
        """A short text that is another one if other rows would be withdrawn, or somebody withdrew the records meanwhile."""
        rows = [
            (model._meta.label, sorted(keys)) for part in (self.records, self.withdrawn) for model, keys in part.items()
        ]
        return hashlib.sha256(repr((sorted(rows), self.states)).encode()).hexdigest()[:16]

    @property
    def takes_others(self) -> bool:
        """Whether anything else is withdrawn with the records."""
        return any(self.withdrawn.values())


def plan_withdrawal(records: Collection[Record]) -> WithdrawalPlan:
    """Return what withdrawing these records takes with it. Some dozen queries for each step from row to row."""
    roots: RowsByModel = defaultdict(set)
    for record in records:
        roots[type(record)].add(record.pk)
    gone = _Closure(roots).rows
    plan = WithdrawalPlan(dict(roots), _states_of(roots))
    plan.withdrawn = _without(gone, roots)
    plan.supported = _without(_citing(gone), gone)
    plan.hidden = _without(_hanging_on(gone), gone)
    plan.mentions = _without(_mentioning(gone), gone)
    return plan


def _states_of(records: RowsByModel) -> list[tuple[object, ...]]:
    """Return what a curator who withdraws these records has to know of each: whether somebody else has just done so."""
    columns = ("pk", "status", "withdrawn_reason", "merged_into")
    return [
        (model._meta.label, *row)
        for model, keys in sorted(records.items(), key=lambda item: item[0]._meta.label)
        for row in model._base_manager.filter(AnyOf("pk", list(keys))).order_by("pk").values_list(*columns)
    ]


def _without(rows: Mapping[type[Publishable], set[int]], others: Mapping[type[Publishable], set[int]]) -> RowsByModel:
    """Return the rows that are not among the others: records first, statements before all, and no model without rows."""
    models = sorted(publishable_models(), key=lambda model: model.listings.data if issubclass(model, Record) else 1000)
    left = {model: rows[model] - others.get(model, set()) for model in models if model in rows}
    return {model: keys for model, keys in left.items() if keys}


class _Closure:
    """Follows from row to row what can no longer be public, beginning with some records."""

    def __init__(self, roots: Mapping[type[Publishable], set[int]]) -> None:
        self.rows: RowsByModel = defaultdict(set)
        self.waiting: list[tuple[type[Publishable], set[int]]] = []
        for model, keys in roots.items():
            self.add(model, keys)
        while self.waiting:
            model, keys = self.waiting.pop()
            if model is get_source_model():
                self.follow_evidence(keys)
            self.follow_parents(model, keys)
            self.follow_needs(model, keys)

    def add(self, model: type[Publishable], keys: Iterable[int]) -> None:
        """Add rows that cannot stay public."""
        new = set(keys) - self.rows[model]
        if new:
            self.rows[model] |= new
            self.waiting.append((model, new))

    def follow_evidence(self, sources: set[int]) -> None:
        """Add what cites these sources and no other that is public, and what has no public wording without them."""
        for model in cited_models():
            citing = _citations_of(model, sources).values_list(Citations.by(model).of)
            keys = set(_standing(model).filter(pk__in=citing).values_list("pk", flat=True))
            self.add(model, keys - self.cited_elsewhere(model, keys))
        passages = get_passage_model()
        for model in publishable_models():
            for need in needs_of(model):
                columns = [each.name for each in need.model._meta.fields if each.related_model is passages]
                if hidden := [name for name in columns if name in need.model.public_parents]:
                    lost = need.model._base_manager.filter(_any(f"{name}__source" for name in hidden)(sources))
                    self.check_need(model, set(lost.values_list(need.owner, flat=True)))

    def cited_elsewhere(self, model: type[Publishable], keys: set[int]) -> set[int]:
        """Return those of these rows that cite a passage of a source that stays public."""
        citations = Citations.by(model)
        left = citations.of_public_sources().filter(AnyOf(citations.of, list(keys)))
        left = left.exclude(AnyOf(f"{citations.passage}__source", list(self.rows[get_source_model()])))
        return set(left.values_list(citations.of, flat=True))

    def follow_parents(self, model: type[Publishable], keys: set[int]) -> None:
        """Add the records that rest on these records: the statements of a person, at an event, on behalf of a body."""
        if not issubclass(model, Record):
            return
        for other in publishable_models():
            columns = [name for name, end in rests_on_records(other) if end is model]
            if columns and issubclass(other, Record):
                self.add(other, _standing(other).filter(_any(columns)(keys)).values_list("pk", flat=True))

    def follow_needs(self, model: type[Publishable], keys: set[int]) -> None:
        """Add the records that needed one of these rows and have no other left: people whose last name goes."""
        for owner in publishable_models():
            for need in needs_of(owner):
                if need.model is model:
                    rows = model._base_manager.filter(AnyOf("pk", list(keys)))
                    self.check_need(owner, set(rows.values_list(need.owner, flat=True)))

    def check_need(self, model: type[Publishable], keys: set[int]) -> None:
        """Add those of these records that would have no row left of a relation that they need."""
        keys = set(_standing(model).filter(AnyOf("pk", list(keys))).values_list("pk", flat=True))
        sources = list(self.rows[get_source_model()])
        for need in needs_of(model):
            left = needed_rows(need).filter(AnyOf(need.owner, list(keys)))
            left = left.exclude(AnyOf("pk", list(self.rows[need.model])))
            for name in need.model.public_parents:
                if need.model._meta.get_field(name).related_model is get_passage_model():
                    left = left.filter(Q(**{f"{name}__isnull": True}) | ~Q(AnyOf(f"{name}__source", sources)))
            self.add(model, keys - set(left.values_list(need.owner, flat=True)))


def _standing(model: type[Publishable]) -> QuerySet[Any]:
    """Return the rows that can be withdrawn: records that say “published”, and facts that readers see.

    A record says so even where a parent hides it. A fact of a draft is left to whoever publishes the draft.
    """
    return (
        model._base_manager.filter(status=Status.PUBLISHED) if issubclass(model, Record) else model.objects.published()
    )


def _any(columns: Iterable[str]) -> Any:
    """Return a function that makes the condition that one of these columns holds one of some keys."""
    names = list(columns)

    def condition(keys: Collection[int]) -> Q:
        wanted = Q(pk__in=[])
        for name in names:
            wanted |= Q(AnyOf(name, list(keys)))
        return wanted

    return condition


def _citations_of(model: type[Publishable], sources: Collection[int]) -> QuerySet[Any]:
    """Return the citations of passages of these sources by rows of a model."""
    passages = get_passage_model()._base_manager.filter(AnyOf("source", list(sources))).values("pk")
    citations = Citations.by(model)
    return citations.rows.filter(**{f"{citations.passage}__in": passages})


# What stays ---------------------------------------------------------------------------------------------------------------


def _counted(rows: QuerySet[Any]) -> set[int]:
    return set(rows.order_by("pk").values_list("pk", flat=True)[: MOST_COUNTED + 1])


def _citing(gone: RowsByModel) -> RowsByModel:
    """Return the public rows that cite a source that goes."""
    sources = gone.get(get_source_model(), set())
    rows: RowsByModel = {}
    for model in cited_models() if sources else []:
        citing = _citations_of(model, sources).values_list(Citations.by(model).of)
        standing = _standing(model).filter(pk__in=citing)
        rows[model] = _counted(standing.exclude(AnyOf("pk", list(gone.get(model, ())))))
    return rows


def _hanging_on(gone: RowsByModel) -> RowsByModel:
    """Return the public rows without a page of their own that are hidden when these rows are: names, links, wordings, passages."""
    rows: RowsByModel = {}
    for model in publishable_models():
        if issubclass(model, Record):
            continue
        condition = Q(pk__in=[])
        for name in model.public_parents:
            parent = model._meta.get_field(name).related_model
            if parent is get_passage_model():  # as public as its source
                parent, name = get_source_model(), f"{name}__source"
            if keys := gone.get(cast("type[Publishable]", parent)):
                condition |= _any([name])(keys)
        rows[model] = _counted(model.objects.published().filter(condition)) if condition != Q(pk__in=[]) else set()
    return rows


def _mentioning(gone: RowsByModel) -> RowsByModel:
    """Return the public records that mention these records: the statements on a topic, about a person."""
    rows: RowsByModel = defaultdict(set)
    for model in publishable_models():
        for many in model._meta.many_to_many:
            keys = gone.get(cast("type[Publishable]", many.related_model))
            if keys and issubclass(many.related_model, Record):
                through = cast("type[Model]", many.remote_field.through)._base_manager
                links = through.filter(AnyOf(many.m2m_reverse_field_name(), list(keys))).values(many.m2m_field_name())
                rows[model] |= _counted(model.objects.published().filter(pk__in=links))
    return rows
