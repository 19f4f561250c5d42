"""The choices of a page that splits a record: what of it can go, and what a form says of each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, QueryDict
from django.utils.text import capfirst

from base.admin.addresses import is_key
from base.admin.pages import CurationAdmin
from base.admin.row_groups import RowLink, row_links
from base.records.merge_plan import ToMany, ToOne, rows_with, value_in_words
from base.records.names import Name
from base.records.records import Record
from base.records.split_plan import (
    SplitChoices,
    SplitPlan,
    ValueChoice,
    column_key,
    columns_to_split,
    may_be_empty,
    values_to_split,
)

MOST_ROWS_OFFERED = 200  # of each kind; all of a kind can be chosen at once, however many there are
VALUE_CHOICES: tuple[ValueChoice, ...] = ("stays", "goes", "both")


@dataclass
class OfferedRow:
    """A row that can be chosen. `choice` is stays, goes or, of names alone, both."""

    key: int
    link: RowLink
    choice: ValueChoice


@dataclass
class OfferedRows:
    """The rows that refer to the record by one column."""

    key: str
    label: str
    count: int
    rows: list[OfferedRow]
    are_names: bool
    all_chosen: bool

    @property
    def not_shown(self) -> int:
        """How many rows can only be chosen together with all others."""
        return self.count - len(self.rows)


@dataclass
class OfferedValue:
    """A value of the record itself."""

    name: str
    label: str
    value: str
    choice: ValueChoice
    can_go: bool


def _value_choice(text: str | None) -> ValueChoice:
    return next((each for each in VALUE_CHOICES if each == text), "stays")


def _radios(column: ToMany | ToOne, sent: QueryDict) -> dict[str, str]:
    """Return what a form chooses for each name, by what it gives as the key of the name."""
    prefix = f"{column_key(column)}-"
    return {name.removeprefix(prefix): str(value) for name, value in sent.items() if name.startswith(prefix)}


def chosen_rows(record: Record, sent: QueryDict) -> SplitChoices:
    """Return what the form chooses. Keys that are none are passed over. One query for each kind of which all are chosen."""
    rows: dict[str, set[int]] = {}
    both: set[int] = set()
    for column in columns_to_split(type(record)):
        key = column_key(column)
        if f"all-{key}" in sent:
            rows[key] = set(rows_with(column, record).values_list("pk", flat=True))
        elif issubclass(column.model, Name):
            chosen = _radios(column, sent)
            rows[key] = {int(pk) for pk, value in chosen.items() if is_key(pk) and value == "goes"}
            both |= {int(pk) for pk, value in chosen.items() if is_key(pk) and value == "both"}
        else:
            rows[key] = {int(pk) for pk in sent.getlist(key) if is_key(pk)}
    values = {column.name: _value_choice(sent.get(f"value-{column.name}")) for column in values_to_split(record)}
    return SplitChoices({key: keys for key, keys in rows.items() if keys}, both, values)


def has_unknown_choice(record: Record, sent: QueryDict) -> bool:
    """Return whether a form names a row by what is no key, or chooses what no page offers."""
    choices = [value for name, value in sent.items() if name.startswith("value-")]
    keys: list[str] = []
    for column in columns_to_split(type(record)):
        if issubclass(column.model, Name):
            chosen = _radios(column, sent)
            keys += chosen.keys()
            choices += chosen.values()
        else:
            keys += sent.getlist(column_key(column))
    return not (all(map(is_key, keys)) and all(choice in VALUE_CHOICES for choice in choices))


def names_other_rows(plan: SplitPlan, choices: SplitChoices) -> bool:
    """Return whether rows were chosen that do not belong to the record, or not any more."""
    known = {column_key(each.column): {*each.moved, *each.united, *each.left} for each in plan.relations}
    copied = {key for keys in plan.copied.values() for key in keys}
    return any(keys - known.get(column, set()) for column, keys in choices.rows.items()) or not (
        choices.names_of_both <= copied
    )


def offered_values(record: Record, choices: SplitChoices) -> list[OfferedValue]:
    """Return the values of the record to choose from."""
    return [
        OfferedValue(
            f"value-{column.name}",
            str(column.verbose_name),
            value_in_words(record, column),
            choices.values.get(column.name, "stays"),
            may_be_empty(column),
        )
        for column in values_to_split(record)
    ]


def label_of(column: ToOne | ToMany) -> str:
    """Return what rows are called that refer to a record by this column: “Statements: speaker”."""
    return f"{capfirst(str(column.model._meta.verbose_name_plural))}: {column.verbose_name}"


def offered_rows(
    modeladmin: CurationAdmin[Any], request: HttpRequest, record: Record, choices: SplitChoices
) -> list[OfferedRows]:
    """Return the rows to choose from, the first of each kind. Three queries a kind."""
    offered = []
    for column in columns_to_split(type(record)):
        rows, key = rows_with(column, record), column_key(column)
        if not (count := rows.count()):
            continue
        chosen = choices.rows.get(key, set())
        keys = list(rows.order_by("pk").values_list("pk", flat=True)[:MOST_ROWS_OFFERED])
        links = row_links(modeladmin.admin_site, request, column.model, keys)
        shown: list[OfferedRow] = [
            OfferedRow(pk, link, "goes" if pk in chosen else "both" if pk in choices.names_of_both else "stays")
            for pk, link in zip(keys, links, strict=False)
        ]
        are_names = issubclass(column.model, Name)
        all_chosen = f"all-{key}" in request.POST
        offered.append(OfferedRows(key, label_of(column), count, shown, are_names, all_chosen))
    return offered
