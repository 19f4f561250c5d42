"""The queries of every kind of doubt, all of one shape: the keys of the rows in doubt as `first_key` and `second_key`.

`second_key` is 0 where one row alone is in doubt. Where texts are compared, these are `first_text` and `second_text`.
"""

from __future__ import annotations

from typing import Any, TypeAlias, cast

from django.db.models import BigIntegerField, CharField, Exists, F, Model, OuterRef, QuerySet, Subquery, Value

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
    parts_out_of_time,
)
from desk.models import DifferentRecords
from desk.name_index import name_model
from directory.models import Affiliation, Initiative, Passage
from directory.models.sources import PassageCheck
from events.models import Event, EventPart
from events.quality import checked_models

ModelClass: TypeAlias = type[Model]
Queries: TypeAlias = dict[ModelClass, QuerySet[Any]]  # by the model of the rows in doubt


def _pairs(pairs: QuerySet[Any], text: str = "") -> QuerySet[Any]:
    """Return pairs of facts in the shape of all queries; `text` is the column that is compared, if any is."""
    texts = {"first_text": F(text), "second_text": F(f"other_{text}")} if text else {}
    return pairs.annotate(first_key=F("pk"), second_key=F("other"), **texts)


def _single(rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows.annotate(first_key=F("pk"), second_key=Value(0, output_field=BigIntegerField()))


def roles_in_doubt() -> Queries:
    """Return the query for contradictory roles."""
    return {Affiliation: _pairs(contradictory_roles(), "role")}


def dates_in_doubt() -> Queries:
    """Return the queries for contradictory dates, and for parts outside the time of the whole."""
    no_text = Value("", output_field=CharField())
    parts = _single(parts_out_of_time()).annotate(first_text=no_text, second_text=no_text)
    return {Affiliation: _pairs(contradictory_dates(), "role"), EventPart: parts}


def names_in_doubt() -> Queries:
    """Return the queries for contradictory official names."""
    return {names: _pairs(contradictory_names(names)) for names in map(name_model, NAMED_KINDS.values())}


def figures_in_doubt() -> Queries:
    """Return the queries for descriptions with figures, which are then compared."""
    relations = [model._meta.get_field("descriptions") for model in (Initiative, Event)]
    models = [cast("type[Description]", relation.related_model) for relation in relations]
    return {model: _pairs(descriptions_with_figures(model), "text") for model in models}


def rows_of_certainty(certainty: Certainty) -> Queries:
    """Return the queries for rows of this certainty."""
    return {
        model: _single(model._base_manager.filter(certainty=certainty).exclude(status=Status.WITHDRAWN))
        for model in checked_models()
    }


def possible_namesakes() -> Queries:
    """Return the queries for records that have a name in common."""
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


def changed_passages() -> Queries:
    """Return the query for passages whose stored text changed."""
    return {Passage: _single(Passage._base_manager.filter(check_state=PassageCheck.CHANGED))}
