"""What uniting two records does to the rows that refer to the double, found before anything is changed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, TypeAlias, cast

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import UniqueConstraint
from simple_history.models import HistoricalChanges

from base.records.provenance import Cited
from base.records.publishing import Publishable
from base.records.records import Record
from base.records.resolution import FormerId

NEVER_COPIED = {"uid", "status", "certainty", "note", "position", "slug", "withdrawn_reason", "merged_into"}

# A column of a row that holds a record, or one that holds several.
ToOne: TypeAlias = "models.ForeignKey[Record, Record]"
ToMany: TypeAlias = "models.ManyToManyField[Record, models.Model]"


@dataclass
class RelationPlan:
    """What happens to the rows that refer to the loser by one column; primary keys."""

    column: ToOne | ToMany
    moved: set[int] = field(default_factory=set)
    united: dict[int, int] = field(default_factory=dict)  # the row, and its equal at the winner
    left: set[int] = field(default_factory=set)  # would link the winner to itself, and stays with the loser

    @property
    def model(self) -> type[Publishable]:
        """The model of the rows."""
        return cast("type[Publishable]", self.column.model)


@dataclass
class ColumnDifference:
    """A column in which the two records differ. `kept` says what becomes of the loser's value: it fills, notes or drops it."""

    label: str
    loser: str
    winner: str
    kept: str  # "filled": the winner has none; "noted": it goes into the winner's note; "dropped"


@dataclass
class MergePlan:
    """What happens if `loser` is united with `winner`, which stays."""

    loser: Record
    winner: Record
    relations: list[RelationPlan]
    differences: list[ColumnDifference]

    @property
    def digest(self) -> str:
        """A short text that is another one if other rows would be changed, or either record holds other values."""
        rows = [
            (str(each.column), sorted(each.moved), sorted(each.united.items()), sorted(each.left))
            for each in self.relations
        ]
        values = [(each.label, each.loser, each.winner) for each in self.differences]
        return hashlib.sha256(repr((self.winner.pk, rows, values)).encode()).hexdigest()[:16]


def plan_merge(loser: Record, winner: Record) -> MergePlan:
    """Return what uniting these two would do. About five queries a relation, and a few for every row that has an equal."""
    relations = [_plan_of(column, loser, winner) for column in columns_to(type(loser))]
    relations = [each for each in relations if each.moved or each.united or each.left]
    return MergePlan(loser, winner, relations, column_differences(loser, winner))


def columns_to(model: type[Record]) -> Iterator[ToOne | ToMany]:
    """Yield the columns of other rows that hold records of this model."""
    for relation in model._meta.related_objects:
        if issubclass(relation.related_model, FormerId | HistoricalChanges) or relation.field.name == "merged_into":
            continue
        yield cast("ToOne | ToMany", relation.field)


def rows_with(column: ToOne | ToMany, record: Record) -> models.QuerySet[Publishable]:
    """Return the rows whose column holds the record."""
    rows = cast("models.Manager[Publishable]", column.model._base_manager)
    return rows.filter(**{column.name: record})


def _plan_of(column: ToOne | ToMany, loser: Record, winner: Record) -> RelationPlan:
    if isinstance(column, models.ManyToManyField):
        return RelationPlan(column, moved=set(rows_with(column, loser).values_list("pk", flat=True)))
    return plan_relation(column, loser, winner)


def plan_relation(column: ToOne, loser: Record, winner: Record) -> RelationPlan:
    """Return what happens to the rows whose column holds the loser."""
    plan = RelationPlan(column)
    rows = rows_with(column, loser)
    special = _rows_to_look_at(column, loser, winner)
    plan.moved = set(rows.values_list("pk", flat=True)) - special
    for row in rows.filter(pk__in=special):
        setattr(row, column.name, winner)
        if (twin := find_twin(row)) is not None:
            plan.united[row.pk] = twin.pk
        elif _links_to_itself(row, column):
            plan.left.add(row.pk)
        else:
            plan.moved.add(row.pk)
    return plan


def _rows_to_look_at(column: ToOne, loser: Record, winner: Record) -> set[int]:
    """Return the keys of the loser's rows that may have an equal at the winner, or link the two. Two queries a constraint."""
    keys: set[int] = set()
    for constraint in column.model._meta.constraints:
        if isinstance(constraint, UniqueConstraint) and column.name in constraint.fields:
            others = [name for name in constraint.fields if name != column.name]
            at_winner = set(rows_with(column, winner).values_list(*others))
            for pk, *values in rows_with(column, loser).values_list("pk", *others):
                if tuple(values) in at_winner or _names(column, others, values, loser, winner) in at_winner:
                    keys.add(pk)
    for other in _other_ends(column):
        keys.update(rows_with(column, loser).filter(**{other.name: winner}).values_list("pk", flat=True))
    return keys


def _names(column: ToOne, names: list[str], values: list[Any], loser: Record, winner: Record) -> tuple[Any, ...]:
    """Return the values with the winner in the place of the loser at the other ends of a link between two of a kind."""
    ends = {other.name for other in _other_ends(column)}
    return tuple(
        winner.pk if name in ends and value == loser.pk else value for name, value in zip(names, values, strict=True)
    )


def _other_ends(column: ToOne) -> list[ToOne]:
    """Return the other columns of the row that hold records of the same kind."""
    fields = column.model._meta.fields
    return [
        cast(ToOne, each) for each in fields if each.related_model is column.related_model and each.name != column.name
    ]


def _links_to_itself(row: Publishable, column: ToOne) -> bool:
    """Return whether the row, now pointing at the winner, is refused because its other end is the winner too."""
    others = _other_ends(column)
    if all(getattr(row, other.attname) != getattr(row, column.attname) for other in others):
        return False
    try:
        row.validate_constraints()
    except ValidationError:
        return True
    return False


def find_twin(row: Publishable) -> Publishable | None:
    """Return the row that a unique constraint does not allow beside this one, or None."""
    rows = type(row)._base_manager
    for constraint in row._meta.constraints:
        if not isinstance(constraint, UniqueConstraint) or not constraint.fields:
            continue
        columns = {name: cast("models.Field[object, object]", row._meta.get_field(name)) for name in constraint.fields}
        values = {name: getattr(row, column.attname) for name, column in columns.items()}
        if None in values.values():
            continue  # databases hold that an empty value equals none other
        twins = rows.filter(**values).exclude(pk=row.pk)
        if constraint.condition is not None:
            if not rows.filter(constraint.condition, pk=row.pk).exists():
                continue
            twins = twins.filter(constraint.condition)
        if (twin := twins.first()) is not None:
            return twin
    return None


def column_differences(row: Publishable, twin: Publishable) -> list[ColumnDifference]:
    """Return the columns in which `row` has a value that `twin` has not. Names, links and status are told elsewhere."""
    found = []
    for column in row._meta.fields:
        if not column.editable or column.primary_key or column.name in NEVER_COPIED:
            continue
        value, own_value = getattr(row, column.attname), getattr(twin, column.attname)
        if value in (None, "", own_value):
            continue
        kept = "filled" if own_value in (None, "") else "noted" if isinstance(twin, Cited) else "dropped"
        texts = [_as_text(each, column) for each in (row, twin)]
        found.append(ColumnDifference(str(column.verbose_name), texts[0], texts[1], kept))
    return found


def _as_text(row: Publishable, column: models.Field[object, object]) -> str:
    display = getattr(row, f"get_{column.name}_display", None)
    value = display() if display else getattr(row, column.name if column.is_relation else column.attname)
    return "" if value is None else str(value)
