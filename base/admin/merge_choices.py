"""The choices of a page that unites two records: for each column in which they differ, whose value is kept."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.http import QueryDict
from django.utils.translation import gettext as _

from base.records.merge_plan import NAMES, ColumnDifference, MergePlan
from base.records.records import Record
from base.records.row_changes import LineKey

LOSER, WINNER = "goes", "stays"  # what a choice between two rows that are united says


@dataclass
class ChoiceOption:
    """One of the values that can be chosen."""

    value: str
    text: str
    checked: bool


@dataclass
class ColumnChoice:
    """A column, and the values of both sides beside each other; `either` is chosen until the curator chooses one of them."""

    name: str  # of the field in the form
    label: str
    first: ChoiceOption
    second: ChoiceOption
    either: ChoiceOption | None
    kept: str  # what becomes of the value that is not chosen: noted, dropped, behind


def record_choices(plans: Sequence[MergePlan], sent: QueryDict) -> list[ColumnChoice]:
    """Return the choices for the columns of the two records, whichever of them stays.

    `plans` are what happens if the first stays, and if the second does. Options are named by the keys of the records.
    """
    first, second = plans[0].winner, plans[0].loser
    texts: dict[str, tuple[ColumnDifference, str, str]] = {}
    for plan in plans:
        for each in plan.differences:
            of_first, of_second = (each.winner, each.loser) if plan is plans[0] else (each.loser, each.winner)
            texts.setdefault(each.key.column, (each, of_first, of_second))
    choices = []
    for column, (difference, of_first, of_second) in texts.items():
        name = f"value-{column}"
        chosen = sent.get(name, "")
        if chosen not in (str(first.pk), str(second.pk)):
            chosen = "" if of_first and of_second else str(first.pk) if of_first else str(second.pk)
        options = [
            ChoiceOption(str(row.pk), text, chosen == str(row.pk))
            for row, text in ((first, of_first), (second, of_second))
        ]
        either = ChoiceOption("", _("that of the one that stays"), not chosen) if of_first and of_second else None
        choices.append(ColumnChoice(name, difference.label, options[0], options[1], either, difference.kept))
    return choices


def row_choices(differences: Iterable[ColumnDifference], sent: QueryDict) -> list[ColumnChoice]:
    """Return the choices for a row that is united with its equal: the value of the equal first."""
    choices = []
    for each in differences:
        name = str(each.key)
        takes = sent.get(name, LOSER if each.kept == "filled" else WINNER) == LOSER
        options = [ChoiceOption(WINNER, each.winner, not takes), ChoiceOption(LOSER, each.loser, takes)]
        choices.append(ColumnChoice(name, each.label, options[0], options[1], None, each.kept))
    return choices


def chosen_values(plan: MergePlan, sent: QueryDict) -> dict[LineKey, bool]:
    """Return what the curator chose, by the column of the row that goes: whether its value is taken."""
    choices: dict[LineKey, bool] = {}
    for each in plan.differences:
        if (choice := sent.get(f"value-{each.key.column}", "")) in _keys_of(plan.winner, plan.loser):
            choices[each.key] = choice == str(plan.loser.pk)
    for row in plan.united:
        for each in row.differences:
            if (choice := sent.get(str(each.key), "")) in (WINNER, LOSER):
                choices[each.key] = choice == LOSER
    return choices


def has_unknown_value(plan: MergePlan, sent: QueryDict) -> bool:
    """Return whether a form chooses a value that no page offers: of a column that there is not, or neither side's."""
    records = _keys_of(plan.winner, plan.loser)
    columns = {NAMES, *(column.name for column in plan.winner._meta.fields)}
    columns |= {difference.key.column for difference in plan.differences}
    models = {relation.model._meta.label for relation in plan.relations}
    for name, choice in sent.items():
        column = name.removeprefix("value-")
        if column != name and (column not in columns or choice not in ("", *records)):
            return True
        key = LineKey.parse(name)
        if key is not None and (key.kind not in models or choice not in (LOSER, WINNER)):
            return True
    return False


def _keys_of(*records: Record) -> tuple[str, ...]:
    return tuple(str(record.pk) for record in records)
