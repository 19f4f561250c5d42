"""What keeps a change set from being undone although no line of it was changed since: the public, and the rule of two people."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from typing import Any, Protocol

from django.conf import settings
from django.utils.translation import gettext as _

from base.records.locking import RowsByModel, lock_support_of_keys
from base.records.publishing import Publishable, Status
from base.records.records import Record
from base.records.revert_plan import Keys, RevertPlan, has_status
from base.records.second_person import Account, rows_needing_another
from base.records.support import unfit
from base.records.withdrawal_plan import plan_withdrawal
from base.sql.prepared import AnyOf

MOST_NAMED = 3  # rows of a kind in the sentences

Problems = dict[type[Publishable], dict[int, set[str]]]  # sentences by model and primary key


class UndoGuard(Protocol):
    """Asks whether somebody may undo, in the transaction that does it; what it raises undoes everything."""

    def check_plan(self, plan: RevertPlan) -> None:
        """Look at what will be written, under the locks."""

    def check_shown(self, models: Collection[type[Publishable]]) -> None:
        """Look at the kinds of the rows that were written and that readers see now and did not see before."""


def own_work_problems(plan: RevertPlan, user: Account) -> list[str]:
    """Return, as sentences, what the user may not make public again alone; empty unless two people are needed for that.

    No query without the rule; with it up to twenty for each kind of row that would be public again.
    """
    return own_work_sentences(plan, own_rows(plan, user, plan.public_again()))


def own_rows(plan: RevertPlan, user: Account, rows: Keys) -> Keys:
    """Return those of these rows, which readers do not see, that the user may not make public alone; none without the rule.

    A row that was hidden by being moved has said all the time that it is public: here it counts who changed it since.
    """
    own: Keys = defaultdict(set, rows_needing_another(user, rows))
    for model, keys in rows.items() if settings.REVIEW_BY_TWO and user is not None and user.pk else ():
        moved = [pk for pk, values in plan.columns.get(model, {}).items() if pk in keys and "status" not in values]
        if moved:
            versions: Any = model.history  # type: ignore[attr-defined]
            since = versions.filter(AnyOf("id", moved), history_user=user, change_set__gte=plan.change_set.pk)
            own[model] |= set(since.values_list("id", flat=True))
    return {model: keys for model, keys in own.items() if keys}


def own_work_sentences(plan: RevertPlan, rows: Keys) -> list[str]:
    """Return sentences about rows that the user may not make public again alone; a query for each kind of them."""
    problems = []
    for model, keys in rows.items():
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


def public_keys(rows: RowsByModel) -> Keys:
    """Return those of these rows that readers see, of the models whose rows have a status. One query a model."""
    return {
        model: set(model.objects.published().filter(AnyOf("pk", list(keys))).values_list("pk", flat=True))
        for model, keys in rows.items()
        if keys and has_status(model)
    }


def problems_by_row(rows: RowsByModel) -> Problems:
    """Return why those of these rows that say that they are public must not be, as sentences; a row that is fit has no entry.

    Two queries a model, and a few for each row that may have a problem.
    """
    problems: Problems = {}
    for model, keys in rows.items():
        if not keys:
            continue
        unfit_keys = set(unfit(model, keys).values_list("pk", flat=True))
        suspects = set(unfit_keys)
        if has_status(model):
            public = model.objects.published().filter(AnyOf("pk", list(keys)))
            suspects |= set(public.filter(model.problem_q()).values_list("pk", flat=True))
        for row in model._base_manager.filter(AnyOf("pk", list(suspects))) if suspects else ():
            sentences = {str(problem) for problem in row.publish_problems()}
            if sentences or row.pk in unfit_keys:
                problems.setdefault(model, {})[row.pk] = sentences
    return problems


def fit_problems(rows: RowsByModel, before: Problems) -> list[str]:
    """Return, as sentences, which of these rows, just written, have problems now that they did not have `before`."""
    lock_support_of_keys(rows)
    problems = []
    for model, of_model in problems_by_row(rows).items():
        known = before.get(model, {})
        broken = {pk: texts for pk, texts in of_model.items() if pk not in known or texts - known[pk]}
        for row in model._base_manager.filter(AnyOf("pk", sorted(broken)[:MOST_NAMED])):
            text = _("“%s” would not be fit for the public any more.") % row
            problems.append(" ".join([text, *sorted(broken[row.pk] - known.get(row.pk, set()))]))
    return problems
