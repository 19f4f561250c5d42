"""What undoing a change set would do to each row, and what stands in its way; found before anything is written."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Any, cast

from django.db.models import ForeignKey, ManyToManyField, Model, QuerySet
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from simple_history.models import HistoricalChanges

from base.records.change_sets import ChangeSet
from base.records.history import kept_links
from base.records.publishing import Publishable
from base.records.resolution import FormerId
from base.records.row_changes import (
    NEVER_REVERTED,
    LineKey,
    RowChange,
    changes_of,
    models_with_history,
    tracked_columns,
)
from base.sql.prepared import AnyOf

MOST_ROWS = 5_000  # that are undone in one request
MOST_NAMED = 3  # rows in one sentence
WHOLE = LineKey("", 0)  # of a conflict that stands in the way of the whole change set


@dataclass(frozen=True)
class RevertConflict:
    """A line that cannot be undone as it is: what stands in the way, as a sentence. Keeping what is newer leaves the line out."""

    key: LineKey
    sentence: str


@dataclass
class RevertPlan:
    """What undoing a change set does. Rows by model and primary key."""

    change_set: ChangeSet
    is_whole: bool = True  # whether every line of the change set is undone
    columns: dict[type[Publishable], dict[int, dict[str, object]]] = field(default_factory=lambda: defaultdict(dict))
    links: dict[type[Publishable], dict[int, dict[str, set[int]]]] = field(default_factory=lambda: defaultdict(dict))
    going: list[RowChange] = field(default_factory=list)  # rows that were made
    coming: list[RowChange] = field(default_factory=list)  # rows that were deleted
    conflicts: list[RevertConflict] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        """Whether nothing would be written."""
        return not (self.columns or self.links or self.going or self.coming)

    def changed_keys(self) -> dict[type[Publishable], set[int]]:
        """Return the rows that are set back, by model."""
        models = {**self.columns, **self.links}
        return {model: {*self.columns.get(model, ()), *self.links.get(model, ())} for model in models}


def plan_revert(
    change_set: ChangeSet, *, only: Collection[LineKey] | None = None, keep: Collection[LineKey] = ()
) -> RevertPlan:
    """Return what undoing a change set, or `only` these lines of it, does today; lines in `keep` stay as they are.

    Some five queries for each kind of row that it touched.
    """
    plan = RevertPlan(change_set, is_whole=only is None and not keep)
    changes = [change for model in models_with_history() for change in changes_of(change_set, model)]
    if len(changes) > MOST_ROWS:
        text = _("It changed %(count)s rows; at most %(most)s can be undone at once. Withdraw them instead.")
        values = {"count": len(changes), "most": MOST_ROWS}
        plan.conflicts.append(RevertConflict(WHOLE, text % values))
        return plan
    for change in changes:
        if any(name in change.columns for name in change.model.follow_stored_text):
            text = _("The text of “%s” was replaced by a newer one then. To go back, take the older text over again.")
            plan.conflicts.append(RevertConflict(WHOLE, text % change.last.history_object))
            return plan
    by_model: dict[type[Publishable], list[RowChange]] = defaultdict(list)
    for change in changes:
        by_model[change.model].append(change)
    for model, of_model in by_model.items():
        rows = cast("QuerySet[Any]", model._base_manager.filter(AnyOf("pk", [each.pk for each in of_model])))
        stored = {row.pk: row for row in rows}
        links_now = {many.name: _links_now(many, list(stored)) for many in kept_links(model)}
        for change in of_model:
            row = stored.get(change.pk)
            now = {name: links.get(change.pk, set()) for name, links in links_now.items()}
            _plan_row(_Lines(plan, change, only, keep), row, now)
    plan.conflicts += _conflicts_of_going(plan)
    plan.conflicts += _missing_targets(plan)
    return plan


def _links_now(many: Any, keys: Collection[int]) -> dict[int, set[int]]:
    """Return the keys of the rows that rows are linked with today. One query."""
    links: dict[int, set[int]] = defaultdict(set)
    of, target = many.m2m_field_name(), many.m2m_reverse_field_name()
    rows = many.remote_field.through._base_manager.filter(AnyOf(of, list(keys)))
    for owner, key in rows.values_list(of, target):
        links[owner].add(key)
    return links


@dataclass
class _Lines:
    """The lines of one row: which of them are wanted, and what stands in their way."""

    plan: RevertPlan
    change: RowChange
    only: Collection[LineKey] | None
    keep: Collection[LineKey]

    def is_wanted(self, column: str = "") -> bool:
        key = self.change.key(column)
        return (self.only is None or key in self.only) and key not in self.keep

    def refuse(self, sentence: str, column: str = "") -> None:
        self.plan.conflicts.append(RevertConflict(self.change.key(column), sentence))


def _plan_row(lines: _Lines, row: Any, links_now: dict[str, set[int]]) -> None:
    """Add to the plan what becomes of one row, as it is stored today; None if there is none."""
    change, plan = lines.change, lines.plan
    if change.is_made:
        if row is not None and lines.is_wanted():
            names = [name for name in tracked_columns(change.model) if name not in NEVER_REVERTED]
            if any(getattr(row, name) != getattr(change.last, name) for name in names) or any(
                links_now[name] != after for name, (_before, after) in change.links.items()
            ):
                lines.refuse(_("“%s” was made then, and was changed again since.") % row)
            plan.going.append(change)
    elif change.is_deleted:
        if row is None and lines.is_wanted():
            plan.coming.append(change)
    elif change.kind == "changed":
        if row is None:
            if any(lines.is_wanted(column) for column in (*change.columns, *change.links)):
                for column in (*change.columns, *change.links):
                    text = _("The %(kind)s “%(row)s” was deleted since.")
                    kind = change.model._meta.verbose_name
                    lines.refuse(text % {"kind": kind, "row": change.last.history_object}, column)
            return
        _plan_columns(lines, row)
        _plan_links(lines, links_now)


def _plan_columns(lines: _Lines, row: Any) -> None:
    change, plan = lines.change, lines.plan
    for name, (before, after) in change.columns.items():
        now = getattr(row, name)
        if now == before or not lines.is_wanted(name):
            continue
        label = _label_of(change.model, name)
        if now != after:
            text = _("“%(row)s”, %(column)s: it was changed again since.")
            lines.refuse(text % {"row": row, "column": label}, name)
        else:
            plan.columns[change.model].setdefault(change.pk, {})[name] = before


def _plan_links(lines: _Lines, links_now: dict[str, set[int]]) -> None:
    """Take off what was added and add what was taken off; what others linked since stays."""
    change, plan = lines.change, lines.plan
    for name, (before, after) in change.links.items():
        wanted = (links_now[name] - (after - before)) | (before - after)
        if wanted != links_now[name] and lines.is_wanted(name):
            plan.links[change.model].setdefault(change.pk, {})[name] = wanted


def _label_of(model: type[Model], name: str) -> str:
    fields = {each.attname: each for each in model._meta.concrete_fields}
    return str(capfirst(fields[name].verbose_name))


def _conflicts_of_going(plan: RevertPlan) -> Iterator[RevertConflict]:
    """Yield what has come to hang on rows since they were made. Two queries for each relation of their models."""
    by_model: dict[type[Publishable], dict[int, RowChange]] = defaultdict(dict)
    for change in plan.going:
        by_model[change.model][change.pk] = change
    for model, of_model in by_model.items():
        for relation in model._meta.related_objects:
            other = relation.related_model
            if issubclass(other, FormerId | HistoricalChanges) or not issubclass(other, Publishable):
                continue
            for target, row in _rows_left(plan, relation.field, list(of_model), set(by_model.get(other, ()))):
                change = of_model[target]
                text = _("“%(row)s” was made then, and is needed since: %(other)s.")
                values = {"row": change.last.history_object, "other": f"{other._meta.verbose_name} “{row}”"}
                yield RevertConflict(change.key(), text % values)


def _rows_left(
    plan: RevertPlan, column: Any, keys: Collection[int], going: Collection[int]
) -> Iterator[tuple[int, Model]]:
    """Yield rows that would still name one of these rows by a column, with the key that they name; a few of them."""
    model = cast("type[Publishable]", column.model)
    if isinstance(column, ManyToManyField):
        of, target = column.m2m_field_name(), column.m2m_reverse_field_name()
        through = cast("type[Model]", column.remote_field.through)
        links = through._base_manager.filter(AnyOf(target, list(keys))).values_list(of, target)
        pairs = [
            (owner, key)
            for owner, key in links
            if key in plan.links.get(model, {}).get(owner, {}).get(column.name, {key})
        ]
    else:
        named = model._base_manager.filter(AnyOf(column.name, list(keys))).values_list("pk", column.attname)
        pairs = [
            (pk, key) for pk, key in named if plan.columns.get(model, {}).get(pk, {}).get(column.attname, key) == key
        ]
    left = [(pk, key) for pk, key in pairs if pk not in going][:MOST_NAMED]
    rows = model._base_manager.in_bulk([pk for pk, _key in left])
    yield from ((key, rows[pk]) for pk, key in left)


def _missing_targets(plan: RevertPlan) -> Iterator[RevertConflict]:
    """Yield the lines that would name rows that are gone. One query for each foreign key and kind of link."""
    coming: dict[type[Model], set[int]] = defaultdict(set)
    for change in plan.coming:
        coming[change.model].add(change.pk)
    wanted: dict[type[Model], dict[int, list[LineKey]]] = defaultdict(lambda: defaultdict(list))

    def want(model: type[Publishable], name: str, key: int, line: LineKey) -> None:
        column = next(each for each in model._meta.get_fields() if name in (each.name, getattr(each, "attname", "")))
        if isinstance(column, ForeignKey | ManyToManyField):
            wanted[column.related_model][key].append(line)

    for model, rows in plan.columns.items():
        for pk, values in rows.items():
            for name, value in values.items():
                if name.endswith("_id") and isinstance(value, int):
                    want(model, name, value, LineKey(model._meta.label, pk, name))
    for model, of_links in plan.links.items():
        for pk, links in of_links.items():
            for name, targets in links.items():
                for target in targets:
                    want(model, name, target, LineKey(model._meta.label, pk, name))
    for change in plan.coming:
        for name in tracked_columns(change.model):
            value = getattr(change.before, name)
            if name.endswith("_id") and isinstance(value, int):
                want(change.model, name, value, change.key())
        for name, (before, _after) in change.links.items():
            for target in before:
                want(change.model, name, target, change.key())
    for target_model, lines in wanted.items():
        stored = set(target_model._base_manager.filter(AnyOf("pk", list(lines))).values_list("pk", flat=True))
        for key in set(lines) - stored - coming[target_model]:
            for line in lines[key]:
                text = _("A %(kind)s that it named is gone.") % {"kind": target_model._meta.verbose_name}
                yield RevertConflict(line, text)
