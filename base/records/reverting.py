"""Undoing a change set: every row that it touched is set back to what it was before, all or nothing.

Columns and links get their former values. Rows that were made go: a record that was public is withdrawn, all else is deleted.
Rows that were deleted come back with the same primary key and identity. What was changed again since is a conflict: it is told and
nothing is written, unless the curator keeps what is newer. Undoing is a change set of its own, and can be undone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from typing import Any, cast

from django.contrib.auth.models import AbstractBaseUser
from django.db import IntegrityError, OperationalError, connection, transaction
from django.db.models import ProtectedError, prefetch_related_objects
from django.dispatch import Signal
from django.utils.translation import gettext as _

from base.records.bulk_saving import AT_ONCE, rows_in_parts, save_rows
from base.records.change_reasons import UNDONE, UNDONE_BECAUSE
from base.records.change_sets import ChangeAction, ChangeSet, change_set
from base.records.history import kept_links, write_versions
from base.records.locking import held_by_others, lock_rows
from base.records.names import NamedRecord, refresh_names_of
from base.records.provenance import get_passage_model
from base.records.publishing import Publishable, Status
from base.records.record_times import restore_times, unchanged_since
from base.records.records import Record, touch_records
from base.records.revert_checks import (
    UndoGuard,
    dependent_problems,
    fit_problems,
    own_rows,
    own_work_problems,
    own_work_sentences,
    problems_by_row,
    public_keys,
)
from base.records.revert_plan import Keys, RevertConflict, RevertPlan, has_status
from base.records.revert_planning import MOST_ROWS, plan_revert
from base.records.row_changes import (
    LineKey,
    RowChange,
    changed_rows,
    ends_of,
    links_of_versions,
    models_with_history,
    tracked_columns,
)
from base.records.stored_links import store_links
from base.records.submissions import ReviewState, note_outcome
from base.records.withdrawals import WithdrawnRow
from base.records.withdrawing import PlanChanged, RowsInUse, withdraw_together
from base.sql.prepared import AnyOf

MOST_SENTENCES = 20  # of conflicts in the words of an exception

# Sent by each model whose rows were set back, with `changes`: the names of the columns and links that are others now, by primary
# key. Receivers compute anew what saving these rows one by one would have.
rows_reverted = Signal()


class CannotRevert(Exception):
    """A change set that cannot be undone as asked; nothing was changed. `conflicts` are lines, `problems` further sentences."""

    def __init__(self, conflicts: Sequence[RevertConflict] = (), problems: Sequence[str] = ()) -> None:
        sentences = [conflict.sentence for conflict in conflicts[:MOST_SENTENCES]]
        super().__init__(" ".join([*sentences, *problems]))
        self.conflicts, self.problems = list(conflicts), list(problems)


def revert(
    reverted: ChangeSet,
    user: AbstractBaseUser | None = None,
    reason: str = "",
    *,
    only: Collection[LineKey] | None = None,
    keep: Collection[LineKey] = (),
    keep_newer: bool = False,
    guard: UndoGuard | None = None,
) -> ChangeSet:
    """Undo a change set, or `only` these lines of it, and return the change set that did it.

    Lines in `keep` stay as they are today, with `keep_newer` all that were changed again since. Raises CannotRevert if others were,
    if something public would break, if two people are needed to make a row public again and `user` changed it, or if nothing
    is left to undo; and what `guard` raises, who asks for the rights of the user. Some 40 queries for 500 rows of a kind, and a
    few for each row that goes or comes back.
    """
    try:
        with change_set(user, ChangeAction.REVERT, reason, reverts=reverted, apart=True) as act, transaction.atomic():
            list(ChangeSet.objects.select_for_update().filter(pk=reverted.pk))  # of two who do this at once, one waits
            _lock_rows_of(reverted, only)
            plan = plan_revert(reverted, only=only, keep=keep, keep_newer=keep_newer)
            if plan.conflicts:
                raise CannotRevert(plan.conflicts)
            if plan.is_empty:
                raise CannotRevert(problems=[_("Nothing of it is left to undo.")])
            if guard is not None:
                guard.check_plan(plan)
            if problems := own_work_problems(plan, user) or dependent_problems(plan):
                raise CannotRevert(problems=problems)
            _Revert(plan, act.row(), user, reason, guard).run()
            return act.row()
    except ProtectedError as error:
        rows = ", ".join(f"“{row}”" for row in list(error.protected_objects)[:5])
        raise CannotRevert(problems=[_("It cannot be deleted because other rows rest on it: %s") % rows]) from error
    except (OperationalError, RowsInUse, PlanChanged) as error:
        if isinstance(error, OperationalError) and not held_by_others(error):
            raise
        text = _(
            "Somebody else has just deleted or changed a row that this needs. Nothing was saved; look and try again."
        )
        raise CannotRevert(problems=[text]) from error
    except IntegrityError as error:
        raise CannotRevert(problems=[_("It collides with another row of today.")]) from error


class _Revert:
    """Carries a plan out, in a transaction of the caller."""

    def __init__(
        self, plan: RevertPlan, own: ChangeSet, user: AbstractBaseUser | None, reason: str, guard: UndoGuard | None
    ) -> None:
        self.plan, self.own, self.user, self.guard = plan, own, user, guard
        self.reason = reason or _("Undone")
        self.note = UNDONE_BECAUSE(reason) if reason else UNDONE()
        self.touched: Keys = defaultdict(set)  # rows that are written
        self.owners: Keys = defaultdict(set)  # records at the ends of facts that are written, before and after

    def run(self) -> None:
        """Write everything, then refuse it all if something public would break."""
        rows = {
            model: {row.pk: row for part in rows_in_parts(model, keys) for row in part}
            for model, keys in self.plan.changed_keys().items()
        }
        for model, of_model in rows.items():
            self._note_touched(model, of_model.values())
        for change in [*self.plan.going, *self.plan.coming]:
            version = change.last if change.is_made else change.before
            self._note_touched(change.model, [version], {change.pk})
        withdrawn = self.plan.withdrawn()
        times = unchanged_since(self.plan.change_set) if self.plan.is_whole else {}
        problems_before = problems_by_row(self._checked())
        public_before = public_keys(self.touched)
        hidden = {model: keys - public_before.get(model, set()) for model, keys in self.touched.items()}
        own_work = own_rows(self.plan, self.user, {model: keys for model, keys in hidden.items() if has_status(model)})

        deleted = self.plan.deleted(withdrawn)
        self._delete(change for change in deleted if not _is_named_by_others(change.model))
        for model, of_model in rows.items():
            self._set_back(model, of_model)
        named = [change for change in deleted if _is_named_by_others(change.model)]
        # A passage cannot go before what cites it.
        self._delete(sorted(named, key=lambda change: change.model is get_passage_model()))
        self._withdraw(withdrawn)
        for change in sorted(self.plan.coming, key=lambda change: not issubclass(change.model, Record)):
            self._bring_back(change)

        self._compute_anew()
        public_now = public_keys(self.touched)
        shown = {model: keys - public_before.get(model, set()) for model, keys in public_now.items()}
        if self.guard is not None:
            self.guard.check_shown([model for model, keys in shown.items() if keys])
        own_work = {model: keys & shown.get(model, set()) for model, keys in own_work.items()}
        problems = own_work_sentences(self.plan, own_work) or fit_problems(self._checked(), problems_before)
        if problems:
            raise CannotRevert(problems=problems)
        restore_times(times, self.plan.change_set, self.own)

    def _checked(self) -> Keys:
        """Return what may break: the rows that are written, and the records at their ends."""
        return {
            model: self.touched.get(model, set()) | self.owners.get(model, set())
            for model in {**self.touched, **self.owners}
        }

    def _note_touched(self, model: type[Publishable], rows: Iterable[Any], keys: Collection[int] = ()) -> None:
        rows = list(rows)
        self.touched[model] |= set(keys) or {row.pk for row in rows}
        for row in rows:
            for owner, key in ends_of(model, row):
                self.owners[owner].add(key)

    # Writing -----------------------------------------------------------------------------------------------------------
    def _set_back(self, model: type[Publishable], rows: dict[int, Any]) -> None:
        """Give rows of a model their former columns and links, with a version each."""
        names = [field.attname for field in model._meta.concrete_fields if not field.primary_key]
        stored = {pk: {name: getattr(row, name) for name in names} for pk, row in rows.items()}
        for pk, values in self.plan.columns.get(model, {}).items():
            for name, value in values.items():
                setattr(rows[pk], name, value)
            if isinstance(rows[pk], Record):
                self._keep_out_of_drafts(rows[pk])
        self._set_links(model)
        ordered = [rows[pk] for pk in sorted(rows)]
        prefetch_related_objects(ordered, *model.public_parents)
        for row in ordered:
            if hasattr(row, "derive"):
                row.derive()
        changed = {name for row in ordered for name in names if getattr(row, name) != stored[row.pk][name]}
        columns = [field.name for field in model._meta.concrete_fields if field.attname in changed]
        for start in range(0, len(ordered), AT_ONCE):
            save_rows(ordered[start : start + AT_ONCE], columns, self.note)
        for row in ordered:
            if issubclass(model, Record) and row.slug != stored[row.pk]["slug"]:
                row.keep_former_id(stored[row.pk]["slug"])
        self._note_touched(model, ordered)

    def _keep_out_of_drafts(self, record: Record) -> None:
        """Withdraw what would become a draft again although its address was public, and say why it is withdrawn."""
        if record.status == Status.DRAFT and record.published_at is not None:
            record.status = Status.WITHDRAWN
        if record.status == Status.WITHDRAWN and record.merged_into_id is None:
            record.withdrawn_reason = record.withdrawn_reason or self.reason

    def _set_links(self, model: type[Publishable]) -> None:
        """Give rows their former passages and other links. Three queries for each kind of link that changes."""
        of_rows = self.plan.links.get(model, {})
        for many in kept_links(model):
            wanted = {pk: links[many.name] for pk, links in of_rows.items() if many.name in links}
            if wanted:
                store_links(many, wanted)

    def _delete(self, changes: Iterable[RowChange]) -> None:
        for change in changes:
            if (row := change.model._base_manager.filter(pk=change.pk).first()) is not None:
                row._change_reason = self.note
                row.delete()

    def _withdraw(self, changes: Collection[RowChange]) -> None:
        """Withdraw records that were public since they were made, with the facts that rest on them alone."""
        by_model: dict[type[Publishable], list[int]] = defaultdict(list)
        for change in changes:
            by_model[change.model].append(change.pk)
        records = [
            row
            for model, keys in by_model.items()
            for row in model._base_manager.filter(AnyOf("pk", keys), status=Status.PUBLISHED).order_by("pk")
        ]
        if records:
            withdraw_together(cast("list[Record]", records), self.reason, self.user)

    def _bring_back(self, change: RowChange) -> None:
        """Insert a row that was deleted, with the primary key, the identity and the links that it had."""
        values = {name: getattr(change.before, name) for name in tracked_columns(change.model)}
        row: Any = change.model(**{change.model._meta.pk.attname: change.pk}, **values)
        if isinstance(row, Record):
            self._keep_out_of_drafts(row)
        row._change_reason = self.note
        row.save(force_insert=True)
        [links] = links_of_versions([(change.model, [change.before.history_id])])
        linked = [many for many in kept_links(change.model) if links[many.name]]
        for many in linked:
            store_links(many, {row.pk: links[many.name][change.before.history_id]})
        if linked:
            write_versions(change.model, [row], self.note)

    def _compute_anew(self) -> None:
        """Bring up to date what follows from the rows: names of records, the times of their pages, columns of other apps."""
        for model, keys in self.owners.items():
            if issubclass(model, NamedRecord):
                refresh_names_of(model, keys)
            public = model._base_manager.filter(AnyOf("pk", list(keys)), status=Status.PUBLISHED)
            touch_records(public, self.own.made_at)
        for model, keys in self.touched.items():
            columns, links = self.plan.columns.get(model, {}), self.plan.links.get(model, {})
            changes = {pk: {*columns.get(pk, ()), *links.get(pk, ())} for pk in keys}
            rows_reverted.send(sender=model, changes=changes)
            rows = model._base_manager.filter(AnyOf("pk", list(keys)))
            if model in self.plan.columns and has_status(model):
                shown = set(rows.exclude(status=Status.WITHDRAWN).values_list("pk", flat=True))
                WithdrawnRow.objects.filter(AnyOf("row", list(shown)), kind=model._meta.label).delete()
                self._settle_reviews(model, [pk for pk, values in columns.items() if "status" in values])

    def _settle_reviews(self, model: type[Publishable], keys: Collection[int]) -> None:
        """Note on the submissions of drafts whose status was set back that they are none any more."""
        rows = model._base_manager.filter(AnyOf("pk", list(keys))) if keys else model._base_manager.none()
        for status, outcome in ((Status.PUBLISHED, ReviewState.PUBLISHED), (Status.WITHDRAWN, ReviewState.GONE)):
            if settled := set(rows.filter(status=status).values_list("pk", flat=True)):
                note_outcome(model, settled, outcome)


def _lock_rows_of(reverted: ChangeSet, only: Collection[LineKey] | None) -> None:
    """Lock the rows that a change set changed, or those of `only`, before it is looked at how they stand. Two queries a model."""
    if not connection.features.has_select_for_update:
        return
    rows: Keys = {}
    for model in models_with_history():
        keys = changed_rows(reverted, model)
        if only is not None:
            keys &= {key.row for key in only if key.kind == model._meta.label}
        if len(keys) <= MOST_ROWS:
            rows[model] = keys
    lock_rows(rows)


def _is_named_by_others(model: type[Publishable]) -> bool:
    """Return whether other rows name rows of this model, so that it has to outlive them."""
    return any(issubclass(relation.related_model, Publishable) for relation in model._meta.related_objects)
