"""What keeps a change set from being undone although no line of it was changed since: the public, and the rule of two people."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.utils.translation import gettext as _

from base.records.locking import RowsByModel, lock_support_of_keys
from base.records.publishing import Publishable, Status
from base.records.records import Record
from base.records.revert_plan import Keys, RevertPlan
from base.records.second_person import Account, rows_needing_another
from base.records.support import unfit
from base.records.withdrawal_plan import plan_withdrawal
from base.sql.prepared import AnyOf

MOST_NAMED = 3  # rows of a kind in the sentences


def own_work_problems(plan: RevertPlan, user: Account) -> list[str]:
    """Return, as sentences, what the user may not make public again alone; empty unless two people are needed for that.

    No query without the rule; with it up to twenty for each kind of row that would be public again.
    """
    problems = []
    for model, keys in rows_needing_another(user, plan.public_again()).items():
        names = {row.pk: str(row) for row in model._base_manager.filter(pk__in=sorted(keys)[:MOST_NAMED])}
        names |= {
            change.pk: str(change.before.history_object)
            for change in plan.coming
            if change.model is model and change.pk in keys and len(names) < MOST_NAMED
        }
        text = _(
            "“%s” would be public again. Two people are needed for that here, and you changed or withdrew it: "
            "another editor undoes it."
        )
        problems += [text % name for name in names.values()]
    return problems


def dependent_problems(plan: RevertPlan) -> list[str]:
    """Return a sentence if a record would be taken from the public that others rest on: that is decided on its own page."""
    wanted: Keys = defaultdict(set)
    for model, of_model in plan.columns.items():
        if issubclass(model, Record):
            wanted[model] |= {
                pk for pk, values in of_model.items() if values.get("status", Status.PUBLISHED) != Status.PUBLISHED
            }
    for change in plan.withdrawn():
        wanted[change.model].add(change.pk)
    records: list[Any] = [
        row
        for model, keys in wanted.items()
        if keys
        for row in model._base_manager.filter(AnyOf("pk", list(keys)), status=Status.PUBLISHED).order_by("pk")
    ]
    if not records:
        return []
    touched = plan.keys()
    left = {
        model: keys - touched.get(model, set())
        for model, keys in plan_withdrawal(records).withdrawn.items()
        if issubclass(model, Record)
    }
    named = [
        str(row) for model, keys in left.items() for row in model._base_manager.filter(pk__in=list(keys)[:MOST_NAMED])
    ]
    text = _("Public records rest on what would be withdrawn (%s). Withdraw it on its own page, where they are listed.")
    return [text % ", ".join(f"“{name}”" for name in named[:MOST_NAMED])] if named else []


def unfit_rows(rows: RowsByModel) -> Keys:
    """Return those of these rows that say that they are public and must not be."""
    return {model: set(unfit(model, keys).values_list("pk", flat=True)) for model, keys in rows.items() if keys}


def fit_problems(rows: RowsByModel, before: Keys) -> list[str]:
    """Return, as sentences, which of these rows, just written, are unfit for the public and were not so `before`."""
    lock_support_of_keys(rows)
    problems = []
    for model, keys in unfit_rows(rows).items():
        for row in model._base_manager.filter(pk__in=list(keys - before.get(model, set()))[:MOST_NAMED]):
            text = _("“%s” would not be fit for the public any more.") % row
            reasons = row.publish_problems() if isinstance(row, Publishable) else []
            problems.append(" ".join([text, *map(str, reasons)]))
    return problems
