"""What uniting two records does to the rows that refer to the double, found before anything is changed."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, TypeAlias, cast

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import BaseConstraint, F, Q, UniqueConstraint
from django.utils.translation import gettext as _
from simple_history.models import HistoricalChanges

from base.records.moved_texts import differing_translations
from base.records.provenance import Cited
from base.records.publishing import Publishable
from base.records.records import Record
from base.records.resolution import FormerId
from base.records.row_changes import LineKey
from base.sql.prepared import AnyOf
from base.text.language_names import language_name

NAMES = "names"  # in the place of a column: whose names stand first
MOST_UNITED_SHOWN = 50  # rows with an equal at the winner of which the differing columns are offered
# Looked at by themselves; translations go where their texts go.
NEVER_COPIED = {"uid", "status", "certainty", "note", "position", "slug", "withdrawn_reason", "merged_into"}
NEVER_COPIED |= {"text_language", "translations"}

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
    """A column in which a row that goes and the row that stays differ, with the values of both as words."""

    key: LineKey  # the column of the row that goes
    label: str
    loser: str
    winner: str
    kept: str  # what becomes of the loser's value if nothing is chosen: it fills the column, is noted, dropped, or put behind


@dataclass
class UnitedRow:
    """A row that has an equal at the winner, and in what the two differ."""

    label: str
    differences: list[ColumnDifference]


@dataclass
class MergePlan:
    """What happens if `loser` is united with `winner`, which stays."""

    loser: Record
    winner: Record
    relations: list[RelationPlan]
    differences: list[ColumnDifference]
    united: list[UnitedRow]  # the first of those that differ

    @property
    def digest(self) -> str:
        """A short text that is another one if other rows would be changed, or either record holds other values."""
        values = [
            (str(each.key), each.loser, each.winner)
            for each in [*self.differences, *(each for row in self.united for each in row.differences)]
        ]
        return hashlib.sha256(repr((self.winner.pk, states_of(self.relations), values)).encode()).hexdigest()[:16]


def states_of(relations: Iterable[RelationPlan]) -> list[tuple[object, ...]]:
    """Return what happens to which rows, in an order that is always the same."""
    return [
        (str(each.column), sorted(each.moved), sorted(each.united.items()), sorted(each.left)) for each in relations
    ]


def plan_merge(loser: Record, winner: Record) -> MergePlan:
    """Return what uniting these two would do. About five queries a relation, and a few for every row that has an equal."""
    relations = [plan_column(column, loser, winner) for column in columns_to(type(loser))]
    relations = [each for each in relations if each.moved or each.united or each.left]
    differences = [*_names_that_differ(relations, loser, winner), *column_differences(loser, winner)]
    return MergePlan(loser, winner, relations, differences, _united_rows(relations))


def _names_that_differ(relations: Iterable[RelationPlan], loser: Record, winner: Record) -> list[ColumnDifference]:
    """Return the choice whose names stand first, if the two are called otherwise."""
    if str(loser) == str(winner) or not any(each.column.remote_field.name == NAMES for each in relations):
        return []
    key = LineKey(loser._meta.label, loser.pk, NAMES)
    return [ColumnDifference(key, _("name that stands first"), str(loser), str(winner), "behind")]


def _united_rows(relations: Iterable[RelationPlan]) -> list[UnitedRow]:
    """Return in what the rows that are united with an equal differ from it, for the first of them. Two queries a relation."""
    rows: list[UnitedRow] = []
    for relation in relations:
        keys = dict(sorted(relation.united.items())[:MOST_UNITED_SHOWN])
        of_both = relation.model._base_manager.in_bulk({*keys, *keys.values()}) if keys else {}
        for key, twin_key in keys.items():
            row, twin = of_both.get(key), of_both.get(twin_key)
            if row is None or twin is None:
                continue
            setattr(
                row, relation.column.attname, getattr(twin, relation.column.attname)
            )  # it refers to the winner then
            if differences := column_differences(row, twin):
                rows.append(UnitedRow(str(twin), differences))
    return rows


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


def plan_column(
    column: ToOne | ToMany, loser: Record, winner: Record, only: Collection[int] | None = None
) -> RelationPlan:
    """Return what happens to the rows whose column holds the loser, or to those of them with these keys."""
    plan = RelationPlan(column)
    rows = rows_with(column, loser)
    if only is not None:
        rows = rows.filter(AnyOf("pk", list(only)))
    keys = set(rows.values_list("pk", flat=True))
    if isinstance(column, models.ManyToManyField):
        plan.moved = keys
        return plan
    special = _rows_to_look_at(column, loser, winner) & keys
    plan.moved = keys - special
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
        columns = _columns_once(constraint)
        if column.name in columns:
            others = [name for name in columns if name != column.name]
            at_winner = set(rows_with(column, winner).values_list(*others))
            for end in _ends_turned(column):
                turned = [column.name if name == end.name else name for name in others]
                at_winner.update(rows_with(end, winner).values_list(*turned))
            for pk, *values in rows_with(column, loser).values_list("pk", *others):
                if tuple(values) in at_winner or _names(column, others, values, loser, winner) in at_winner:
                    keys.add(pk)
    for other in _other_ends(column):
        keys.update(rows_with(column, loser).filter(**{other.name: winner}).values_list("pk", flat=True))
    return keys


def _columns_once(constraint: BaseConstraint) -> list[str]:
    """Return the columns whose values a unique constraint allows once, those in its expressions too; else none."""
    if not isinstance(constraint, UniqueConstraint):
        return []
    expressions: Any = constraint.expressions  # Django's types know nothing of what is in them
    parts = [part for each in expressions for part in ([each] if isinstance(each, F) else each.flatten())]
    named = [cast(Any, part).name for part in parts if isinstance(part, F)]
    return list(dict.fromkeys([*constraint.fields, *named]))


def _ends_turned(column: ToOne) -> list[ToOne]:
    """Return the other end of a link that says the same whichever end comes first, if the column is one of its ends."""
    ends = cast("type[Publishable]", column.model).either_way
    return [other for other in _other_ends(column) if {column.name, other.name} <= {*ends}]


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
        if not isinstance(constraint, UniqueConstraint):
            continue
        fields = [cast("models.Field[object, object]", row._meta.get_field(name)) for name in _columns_once(constraint)]
        values = {field.name: getattr(row, field.attname) for field in fields}
        if None in values.values():
            continue  # databases hold that an empty value equals none other
        same = Q(**values)
        if row.either_way:
            one, other = row.either_way
            same |= Q(**{**values, one: values[other], other: values[one]})
        twins = rows.filter(same).exclude(pk=row.pk)
        if constraint.condition is not None:
            if not rows.filter(constraint.condition, pk=row.pk).exists():
                continue
            twins = twins.filter(constraint.condition)
        if (twin := twins.first()) is not None:
            return twin
    return None


def is_empty(value: object) -> bool:
    """Return whether a column holds nothing."""
    return value is None or value == ""


def columns_that_differ(row: Publishable, twin: Publishable) -> list[models.Field[object, object]]:
    """Return the columns in which `row` has a value that `twin` has not. Names, links and status are looked at elsewhere."""
    return [
        column
        for column in row._meta.fields
        if column.editable
        and not column.primary_key
        and column.name not in (*NEVER_COPIED, *row.either_way)
        and getattr(row, column.attname) not in (None, "", getattr(twin, column.attname))
    ]


def column_differences(row: Publishable, twin: Publishable) -> list[ColumnDifference]:
    """Return the columns in which `row` has a value that `twin` has not, as words."""
    differences = _translation_differences(row, twin)
    for column in columns_that_differ(row, twin):
        empty = is_empty(getattr(twin, column.attname))
        kept = "filled" if empty else "noted" if isinstance(twin, Cited) else "dropped"
        key = LineKey(row._meta.label, row.pk, column.name)
        differences.append(
            ColumnDifference(
                key, str(column.verbose_name), value_in_words(row, column), value_in_words(twin, column), kept
            )
        )
    return differences


def _translation_differences(row: Publishable, twin: Publishable) -> list[ColumnDifference]:
    """Return the translations of the same texts in which the rows differ; those of other texts go where their texts go."""
    kept = "noted" if isinstance(twin, Cited) else "dropped"
    return [
        ColumnDifference(
            LineKey(row._meta.label, row.pk, each.column),
            label_of_translation(row, each.name, each.language),
            each.of_row,
            each.of_twin,
            kept,
        )
        for each in differing_translations(row, twin)
    ]


def label_of_translation(row: Publishable, name: str, language: str) -> str:
    """Return what the translation of a text of a row is called: “role in Thai”."""
    text = cast("models.Field[object, object]", row._meta.get_field(name)).verbose_name
    return _("%(text)s in %(language)s") % {"text": text, "language": language_name(language)}


def value_in_words(row: Publishable, column: models.Field[object, object]) -> str:
    """Return the value of a column as a curator reads it."""
    display = getattr(row, f"get_{column.name}_display", None)
    value = display() if display else getattr(row, column.name if column.is_relation else column.attname)
    return "" if value is None else str(value)
