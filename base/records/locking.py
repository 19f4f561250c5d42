"""Locks on what public rows rest on, so that nobody withdraws it while somebody else publishes or changes what rests on it.

Whoever makes a row rest on others locks these before looking whether they are public; whoever withdraws them locks them before
looking what rests on them. So one of both waits for the other and then sees what it did. Writers of SQLite take turns anyway.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.db import DatabaseError, connection
from django.db.models import QuerySet

from base.records.provenance import Fact, get_passage_model, get_source_model
from base.records.publishing import Publishable
from base.records.support import Citations, cited_models, rests_on_records
from base.sql.prepared import AnyOf
from base.sql.timeouts import state_of

RowsByModel = Mapping[type[Publishable], Collection[int]]  # primary keys by model

HELD_BY_OTHERS = ("55P03", "40P01")  # PostgreSQL: a lock not obtained, a deadlock


def held_by_others(error: DatabaseError) -> bool:
    """Whether the database says that another transaction has locked the rows."""
    return state_of(error) in HELD_BY_OTHERS


def lock_rows(rows: RowsByModel, nowait: bool = False) -> None:
    """Lock rows until the transaction ends, in an order that is the same for everybody. One query a model.

    With `nowait` a row that another transaction has locked is an OperationalError at once (`held_by_others`).
    """
    if not connection.features.has_select_for_update:
        return
    for model in sorted(rows, key=lambda model: model._meta.label):
        if keys := rows[model]:
            of_model = model._base_manager.select_for_update(no_key=True, nowait=nowait).filter(AnyOf("pk", list(keys)))
            list(of_model.order_by("pk").values_list("pk"))


def lock_support(rows: Iterable[Publishable]) -> None:
    """Lock what these rows rest on, and what the facts on their pages cite."""
    keys: dict[type[Publishable], set[int]] = defaultdict(set)
    for row in rows:
        keys[type(row)].add(row.pk)
    lock_support_of_keys(keys)


def lock_support_of_keys(keys: RowsByModel) -> None:
    """Lock what the rows with these keys rest on, and what the facts on their pages cite. Some ten queries a kind of record."""
    if not connection.features.has_select_for_update:
        return
    support: dict[type[Publishable], set[int]] = defaultdict(set)
    for model, of_model in keys.items():
        selected = model._base_manager.filter(AnyOf("pk", list(of_model)))
        for name, kind in rests_on_records(model):
            support[kind] |= set(selected.values_list(name, flat=True)) - {None}
        support[get_source_model()] |= _sources_of(model, selected)
        for relation in model._meta.related_objects:
            fact, name = relation.related_model, relation.field.name
            if issubclass(fact, Fact) and name in fact.public_parents:
                hanging = fact._base_manager.filter(AnyOf(name, list(of_model)))
                support[get_source_model()] |= _sources_of(fact, hanging)
    lock_rows(support)


def _sources_of(model: type[Publishable], rows: QuerySet[Any]) -> set[int]:
    """Return the sources of the passages that rows of a model cite, or that their foreign keys name."""
    sources: set[int] = set()
    if model in cited_models():
        citations = Citations.by(model)
        citing = citations.rows.filter(**{f"{citations.of}__in": rows.values("pk")})
        sources |= set(citing.values_list(f"{citations.passage}__source", flat=True))
    for name in model.public_parents:
        if model._meta.get_field(name).related_model is get_passage_model():
            sources |= set(rows.values_list(f"{name}__source", flat=True))
    if model is get_passage_model():
        sources |= set(rows.values_list("source", flat=True))
    return sources - {None}
