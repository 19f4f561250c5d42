"""Withdrawing records with what rests on them, and publishing again what was withdrawn together. All or nothing."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import groupby, islice
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import OperationalError, connection, transaction
from django.db.models import QuerySet

from base.records.bulk_saving import AT_ONCE, rows_in_parts, save_rows
from base.records.change_reasons import PUBLISHED_AGAIN, WITHDRAWN, WITHDRAWN_WITH
from base.records.change_sets import ChangeAction, change_set
from base.records.locking import held_by_others, lock_rows, lock_support_of_keys
from base.records.publishing import Publishable, Status
from base.records.records import Record
from base.records.support import publishable_models, unfit
from base.records.withdrawal_plan import RowsByModel, WithdrawalPlan, plan_withdrawal
from base.records.withdrawals import Withdrawal, WithdrawnRow
from base.sql.prepared import AnyOf


class PlanChanged(Exception):
    """Other rows rest on the records now than the curator was shown; nothing was changed."""


class RowsInUse(Exception):
    """Somebody else is saving a row that rests on the records, at this very moment; nothing was changed."""


def withdraw_together(
    records: Sequence[Record], reason: str, user: AbstractBaseUser | None = None, expected: str | None = None
) -> WithdrawalPlan:
    """Withdraw records that were public, and all that rests on them alone, for one reason that readers will see.

    `expected` is the digest of the plan that the curator was shown. Raises PlanChanged if it is another one by now, and RowsInUse
    if a row that has to go is just being saved. The history of every row says with what it was withdrawn and why. About 30
    queries for each 500 rows.
    """
    try:
        with change_set(user, ChangeAction.WITHDRAW, reason), transaction.atomic():
            return _withdraw_all(records, reason, user, expected)
    except OperationalError as error:
        if held_by_others(error):
            raise RowsInUse from error
        raise


def _withdraw_all(
    records: Sequence[Record], reason: str, user: AbstractBaseUser | None, expected: str | None
) -> WithdrawalPlan:
    """Withdraw, in a transaction of the caller."""
    lock_rows(keys_by_model(records))
    plan = plan_withdrawal(records)
    if expected is not None and plan.digest != expected:
        raise PlanChanged
    if plan.withdrawn and connection.features.has_select_for_update:
        # A row may have come to rest on one that goes before that one was locked. Whoever saves a row holds it while waiting
        # for what it rests on, so waiting for it here would never end.
        lock_rows(plan.withdrawn, nowait=True)
        if plan_withdrawal(records).digest != plan.digest:
            raise PlanChanged
    for model, keys in plan.records.items():
        _withdraw(model, keys, reason, WITHDRAWN(reason))
    names = ", ".join(f"“{record}”" for record in records[:3]) + ("…" if len(records) > 3 else "")
    # Records come before their names: a record that is not public keeps the names that are withdrawn with it.
    for model, keys in plan.withdrawn.items():
        _withdraw(model, keys, reason, WITHDRAWN_WITH({"records": names, "reason": reason}))
    if plan.takes_others:
        _remember(plan, reason, user)
    return plan


def keys_by_model(rows: Iterable[Publishable]) -> RowsByModel:
    """Return the primary keys of rows by their model."""
    keys: RowsByModel = {}
    for row in rows:
        keys.setdefault(type(row), set()).add(row.pk)
    return keys


def _withdraw(model: type[Publishable], keys: Collection[int], reason: str, history: str) -> None:
    """Withdraw rows of one model."""
    columns = ["status", "withdrawn_reason"] if issubclass(model, Record) else ["status"]
    for rows in rows_in_parts(model, keys):
        for row in rows:
            row.status = Status.WITHDRAWN
            if isinstance(row, Record):
                row.withdrawn_reason = reason
        save_rows(rows, columns, history)


def _remember(plan: WithdrawalPlan, reason: str, user: AbstractBaseUser | None) -> None:
    """Store which rows were withdrawn together. A row that was withdrawn with others before belongs to these now."""
    withdrawal = Withdrawal.objects.create(reason=reason, user_id=user.pk if user else None)
    for part in (plan.records, plan.withdrawn):
        for model, keys in part.items():
            label = model._meta.label
            WithdrawnRow.objects.filter(AnyOf("row", list(keys)), kind=label).delete()
            entries = (WithdrawnRow(withdrawal=withdrawal, kind=label, row=key) for key in sorted(keys))
            while some := list(islice(entries, AT_ONCE)):
                WithdrawnRow.objects.bulk_create(some)


# Publishing again ---------------------------------------------------------------------------------------------------------


def withdrawal_of(record: Record) -> Withdrawal | None:
    """Return the withdrawal in which this record was withdrawn with others; None if there was none. One query."""
    return Withdrawal.objects.filter(rows__kind=record._meta.label, rows__row=record.pk).first()


def rows_still_withdrawn(withdrawal: Withdrawal) -> RowsByModel:
    """Return what was withdrawn then and is so today, by model: facts, then records. Two queries, and one for each model."""
    entries = WithdrawnRow.objects.filter(withdrawal=withdrawal).order_by("kind").values_list("kind", "row")
    by_label = {label: [row for _kind, row in group] for label, group in groupby(entries, key=lambda entry: entry[0])}
    rows: RowsByModel = {}
    for model in publishable_models():
        if keys := by_label.get(model._meta.label):
            left: QuerySet[Any] = model._base_manager.filter(AnyOf("pk", keys), status=Status.WITHDRAWN)
            if issubclass(model, Record):
                left = left.filter(merged_into__isnull=True)
            if found := set(left.values_list("pk", flat=True)):
                rows[model] = found
    return rows


@transaction.atomic
def publish_together(withdrawal: Withdrawal) -> tuple[RowsByModel, RowsByModel]:
    """Publish again what was withdrawn together; return the rows that are public now and those that cannot be.

    A row stays withdrawn if it would rest on nothing, or on what was withdrawn for another reason.
    """
    with change_set(action=ChangeAction.REPUBLISH):
        return _publish_again(withdrawal)


def _publish_again(withdrawal: Withdrawal) -> tuple[RowsByModel, RowsByModel]:
    """Publish again, in a transaction of the caller."""
    list(Withdrawal.objects.select_for_update().filter(pk=withdrawal.pk))  # of two who do this at once, one waits
    rows = rows_still_withdrawn(withdrawal)
    left: RowsByModel = {}
    for model, keys in rows.items():
        for part in _in_parts(keys):
            model._base_manager.filter(AnyOf("pk", part)).update(status=Status.PUBLISHED)
    lock_support_of_keys(rows)
    while refused := {model: found for model, keys in rows.items() if (found := _unfit_keys(model, keys))}:
        for model, keys in refused.items():
            rows[model] -= keys
            left[model] = left.get(model, set()) | keys
            for part in _in_parts(keys):
                model._base_manager.filter(AnyOf("pk", part)).update(status=Status.WITHDRAWN)
    history = PUBLISHED_AGAIN(f"{withdrawal.at:%Y-%m-%d}")
    for model, keys in rows.items():
        for some in rows_in_parts(model, keys):
            save_rows(some, ["status"], history)
    entries = WithdrawnRow.objects.filter(withdrawal=withdrawal)
    for model, keys in left.items():
        entries = entries.exclude(AnyOf("row", list(keys)), kind=model._meta.label)
    entries.delete()  # what is not withdrawn any more, whoever published it
    return {model: keys for model, keys in rows.items() if keys}, left


def _unfit_keys(model: type[Publishable], keys: Collection[int]) -> set[int]:
    return {key for part in _in_parts(keys) for key in unfit(model, part).values_list("pk", flat=True)}


def _in_parts(keys: Iterable[int]) -> Iterator[list[int]]:
    ordered = iter(sorted(keys))
    while part := list(islice(ordered, AT_ONCE)):
        yield part
