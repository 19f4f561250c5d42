"""What splitting a record does: which of its names, links, statements and values belong to somebody else."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeVar, cast

from django.db import models

from base.records.merge_plan import (
    NEVER_COPIED,
    RelationPlan,
    ToMany,
    ToOne,
    columns_to,
    is_empty,
    plan_column,
    rows_with,
    states_of,
    value_in_words,
)
from base.records.names import Name
from base.records.publishing import Publishable
from base.records.records import Record
from base.sql.prepared import AnyOf

ValueChoice = Literal["stays", "goes", "both"]
R = TypeVar("R", bound=Record)


def column_key(column: ToOne | ToMany) -> str:
    """Return how a choice names the column of other rows by which they refer to the record: "events.statement.speaker"."""
    return f"{column.model._meta.label_lower}.{column.name}"


@dataclass
class SplitChoices:
    """What a curator chose; rows and values that are not named stay."""

    rows: Mapping[str, set[int]] = field(default_factory=dict)  # keys of rows that go, by `column_key` their column
    names_of_both: set[int] = field(default_factory=set)  # keys of names that both bear
    values: Mapping[str, ValueChoice] = field(default_factory=dict)  # by the name of the column of the record


@dataclass
class ValueMove:
    """A value of the record that goes, or that both have from now on, and what the other record has today."""

    column: models.Field[object, object]
    choice: ValueChoice
    value: str
    replaced: str  # as words; empty if there is none
    is_chosen: bool = True  # a new record gets what it cannot do without, chosen or not


@dataclass
class SplitPlan:
    """What happens if `source` is split. `target` is None for a record that is yet to be made."""

    source: Record
    target: Record | None
    relations: list[RelationPlan]
    copied: dict[type[Publishable], set[int]]  # names that both bear
    values: list[ValueMove]

    @property
    def is_empty(self) -> bool:
        """Whether nothing goes."""
        return not (
            any(each.moved or each.united for each in self.relations)
            or self.copied
            or any(each.is_chosen for each in self.values)
        )

    @property
    def digest(self) -> str:
        """A short text that is another one if other rows would go, or either record holds other values."""
        copied = [(model._meta.label, sorted(keys)) for model, keys in self.copied.items()]
        values = [(each.column.name, each.choice, each.value, each.replaced) for each in self.values]
        target = self.target.pk if self.target else None
        state = (self.source.pk, target, states_of(self.relations), copied, values)
        return hashlib.sha256(repr(state).encode()).hexdigest()[:16]


def columns_to_split(model: type[Record]) -> list[ToOne | ToMany]:
    """Return the columns of other rows that hold records of this model, names first."""
    return sorted(columns_to(model), key=lambda column: not issubclass(column.model, Name))


def values_to_split(record: Record) -> list[models.Field[object, object]]:
    """Return the columns of the record that hold a value, which may go or be given to both."""
    return [
        column
        for column in record._meta.fields
        if column.editable
        and not column.primary_key
        and column.name not in NEVER_COPIED
        and not is_empty(getattr(record, column.attname))
    ]


def may_be_empty(column: models.Field[object, object]) -> bool:
    """Return whether a record can do without a value in this column, so that its value can go."""
    return column.null or (column.blank and column.empty_strings_allowed)


def plan_split(source: R, target: R | None, choices: SplitChoices) -> SplitPlan:
    """Return what the choices do. Keys of rows that do not refer to the record (any more) are passed over."""
    relations: list[RelationPlan] = []
    copied: dict[type[Publishable], set[int]] = {}
    for column in columns_to_split(type(source)):
        if keys := choices.rows.get(column_key(column)):
            plan = _moved_to_new(column, source, keys) if target is None else plan_column(column, source, target, keys)
            if plan.moved or plan.united or plan.left:
                relations.append(plan)
        if choices.names_of_both and issubclass(column.model, Name):
            names = rows_with(column, source).filter(AnyOf("pk", list(choices.names_of_both)))
            if both := set(names.values_list("pk", flat=True)) - choices.rows.get(column_key(column), set()):
                copied[cast("type[Publishable]", column.model)] = both
    return SplitPlan(source, target, relations, copied, _value_moves(source, target, choices.values))


def _moved_to_new(column: ToOne | ToMany, source: Record, keys: set[int]) -> RelationPlan:
    rows = rows_with(column, source).filter(AnyOf("pk", list(keys)))
    return RelationPlan(column, moved=set(rows.values_list("pk", flat=True)))


def _value_moves(source: Record, target: Record | None, choices: Mapping[str, ValueChoice]) -> list[ValueMove]:
    moves = []
    for column in values_to_split(source):
        choice = choices.get(column.name, "stays")
        if not may_be_empty(column) and choice == "goes":
            choice = "both"
        is_chosen = choice != "stays"
        if target is None and not may_be_empty(column):
            choice = "both"
        if choice != "stays":
            replaced = "" if target is None else value_in_words(target, column)
            moves.append(ValueMove(column, choice, value_in_words(source, column), replaced, is_chosen))
    return moves
