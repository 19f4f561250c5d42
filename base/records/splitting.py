"""Splitting a record that turned out to be two: what belongs to somebody else goes to a new record, or to another one on record.

It is uniting backwards, for the rows that were chosen. The change set can be undone (reverting.py).
"""

from __future__ import annotations

from typing import Any, TypeVar, cast

from django.core.exceptions import ValidationError
from django.db import IntegrityError, OperationalError, transaction
from django.utils.translation import gettext as _

from base.records.change_reasons import SPLIT
from base.records.change_sets import ChangeAction, OpenChangeSet, change_set
from base.records.locking import held_by_others
from base.records.moved_texts import drop_translations, take_translations
from base.records.moving import ChangedMeanwhile, MoveCounts, NotFit, move_rows
from base.records.names import Name, NamedRecord
from base.records.provenance import Cited
from base.records.publishing import Status
from base.records.records import Record
from base.records.split_plan import SplitChoices, SplitPlan, plan_split

R = TypeVar("R", bound=Record)


class CannotSplit(Exception):
    """The record cannot be split so; the message says why."""


def split(
    source: R, target: R | None, choices: SplitChoices, *, reason: str, expected: str | None = None
) -> tuple[R, MoveCounts]:
    """Give what was chosen to `target`, or to a new record, all or nothing. Return that record and the counts.

    A new record is public at once if `source` is, as its statements are. `reason` (at most 100 characters) goes into the history
    of every row, `expected` is the digest of the plan that the curator was shown. Raises CannotSplit, also if the plan is another
    one by now, or if a public row would not be fit for it afterwards. Some 20 queries for 500 rows that move.
    """
    try:
        with change_set(action=ChangeAction.SPLIT, reason=reason) as act, transaction.atomic():
            return _split(source, target, choices, reason[:100], expected, act)
    except NotFit as error:
        text = _("Nothing was split, because “%(row)s” would not be fit for the public: %(problems)s")
        raise CannotSplit(text % {"row": error.row, "problems": error}) from error
    except ChangedMeanwhile as error:
        raise CannotSplit(_changed_meanwhile()) from error
    except OperationalError as error:
        if not held_by_others(error):
            raise
        raise CannotSplit(_changed_meanwhile()) from error
    except ValidationError as error:
        raise CannotSplit(_("Nothing was split: %s") % " ".join(error.messages)) from error
    except IntegrityError as error:
        raise CannotSplit(_("Nothing was split: what was chosen collides with another row.")) from error


def _changed_meanwhile() -> str:
    return _("Meanwhile somebody changed one of them. Nothing was split; look at what goes now.")


def _split(
    source: R, target: R | None, choices: SplitChoices, reason: str, expected: str | None, act: OpenChangeSet
) -> tuple[R, MoveCounts]:
    """Split, in a transaction of the caller."""
    source, target = _locked(source, target)
    plan = plan_split(source, target, choices)
    if expected is not None and plan.digest != expected:
        raise CannotSplit(
            _("This is another choice than the one shown last. Nothing was split; look at what goes now.")
        )
    if plan.is_empty:
        raise CannotSplit(_("Choose what belongs to somebody else. Nothing was chosen, so nothing was split."))
    before = {*source.publish_problems(), *(target.publish_problems() if target is not None else [])}
    counts = MoveCounts()
    is_new = target is None
    record = type(source)() if target is None else target
    _move_values(plan, source, record)
    record._change_reason = SPLIT({"slug": source.slug, "reason": reason})
    record.save()
    if is_new and isinstance(record, Cited) and isinstance(source, Cited):
        record.passages.set(source.passages.all())  # that there is such a thing was read there
    for model, keys in plan.copied.items():
        counts.moved += _copy_names(cast("type[Name]", model), keys, record, reason)
    names = [each for each in plan.relations if issubclass(each.model, Name)]
    for relation in names:
        move_rows(relation, source, record, reason, counts, {})
    record = type(source)._base_manager.get(pk=record.pk)
    if is_new:
        _name_and_publish(record, source, reason)
    for relation in plan.relations:
        if relation not in names:
            move_rows(relation, source, record, reason, counts, {})
    source = type(source)._base_manager.get(pk=source.pk)
    _empty_values(plan, source)
    source._change_reason = SPLIT({"slug": record.slug, "reason": reason})
    source.save()
    for each in (source, record):
        if each.status == Status.PUBLISHED:
            problems = [str(problem) for problem in each.publish_problems() if problem not in before]
            if problems:
                raise NotFit(each, problems)
    counts.change_set = act.row()
    return record, counts


def split_problem(source: Record, target: Record | None) -> str:
    """Return why nothing can go from one of these records to the other, as a sentence; None is a new record. Empty if it can."""
    if source.status == Status.WITHDRAWN:
        return _("“%s” is withdrawn; nothing can be taken from it.") % source
    if target is None:
        return ""
    if target.pk == source.pk:
        return _("Choose another record of the same kind.")
    if target.status == Status.WITHDRAWN:
        return _("“%s” is withdrawn; nothing can be given to it.") % target
    if source.status == Status.PUBLISHED != target.status:
        return _("“%s” is no public record, and what is public would vanish with it: publish it first.") % target
    return ""


def _locked(source: R, target: R | None) -> tuple[R, R | None]:
    """Return the records as they stand now, locked, if this one can be split and the other one can take something."""
    model = type(source)
    if target is not None and type(target) is not model:
        raise CannotSplit(_("Choose another record of the same kind."))
    keys = [source.pk, *([target.pk] if target is not None else [])]
    rows = model._base_manager.select_for_update(of=("self",)).order_by("pk").in_bulk(keys)
    if len(rows) < len(set(keys)):
        raise CannotSplit(_("Somebody else has just deleted one of the two rows."))
    source, target = rows[source.pk], rows[target.pk] if target is not None else None
    if problem := split_problem(source, target):
        raise CannotSplit(problem)
    return source, target


def _move_values(plan: SplitPlan, source: Record, record: Record) -> None:
    for each in plan.values:
        setattr(record, each.column.attname, getattr(source, each.column.attname))
    take_translations(record, source, [each.column.name for each in plan.values])
    if plan.target is not None and plan.values:
        record.clean()
        record.validate_constraints()


def _empty_values(plan: SplitPlan, source: Record) -> None:
    for each in plan.values:
        if each.choice == "goes":
            setattr(source, each.column.attname, None if each.column.null else "")
    drop_translations(source, [each.column.name for each in plan.values if each.choice == "goes"])
    source.clean()
    source.validate_constraints()


def _copy_names(model: type[Name], keys: set[int], record: Record, reason: str) -> int:
    """Let the record bear these names too, on the same passages. Some ten queries a name. Return how many it did not bear yet."""
    copied = 0
    owner = model.public_parents[0]
    for name in model._base_manager.filter(pk__in=keys).order_by("position", "uid"):
        values: dict[str, Any] = {
            column.attname: getattr(name, column.attname)
            for column in model._meta.concrete_fields
            if not column.primary_key and column.name not in ("uid", owner)
        }
        copy = model(**{**values, owner: record})
        twin = model._base_manager.filter(**{owner: record}, text=name.text, language=name.language).first()
        if twin is None:
            copy._change_reason = reason
            copy.save()
            copied += 1
        for many in model._meta.many_to_many:
            if many.name not in model.own_links:
                getattr(twin or copy, many.name).add(*getattr(name, many.name).all())
    return copied


def _name_and_publish(record: Record, source: Record, reason: str) -> None:
    """Give a new record its public id, and make it public if the one that it was part of is."""
    if isinstance(record, NamedRecord):
        record.refresh_names()
    if source.status != Status.PUBLISHED:
        return
    if problems := [str(problem) for problem in record.publish_problems()]:
        raise NotFit(record, problems)
    record.status = Status.PUBLISHED
    record._change_reason = SPLIT({"slug": source.slug, "reason": reason})
    record.save()
