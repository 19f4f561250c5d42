"""What a change set did to each row, and what undoing it would do; found before anything is written."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple, cast

from django.db.models import ForeignKey, ManyToManyField, Model, QuerySet
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from simple_history.models import HistoricalChanges

from base.records.change_sets import ChangeSet
from base.records.history import has_history, kept_links, versions_of
from base.records.publishing import Publishable
from base.records.resolution import FormerId
from base.records.support import publishable_models
from base.sql.prepared import AnyOf

# Times follow from what is done; a record that was public once has been so for ever.
NEVER_REVERTED = ("updated_at", "published_at", "created_at")
MOST_ROWS = 5_000  # that are undone in one request
MOST_NAMED = 3  # rows in one sentence


class LineKey(NamedTuple):
    """Names one line of a change set: a column or a kind of link of a row, or, without a column, that the row came or went."""

    kind: str  # the label of the model: "directory.PersonName"
    row: int
    column: str = ""

    def __str__(self) -> str:
        return f"{self.kind}:{self.row}:{self.column}"

    @classmethod
    def parse(cls, text: str) -> LineKey | None:
        """Return the key that was written so; None if the text is none."""
        kind, _colon, rest = text.partition(":")
        row, _colon, column = rest.partition(":")
        return cls(kind, int(row), column) if row.isascii() and row.isdecimal() and len(row) < 19 else None


WHOLE = LineKey("", 0)  # of a conflict that stands in the way of the whole change set


@dataclass
class RowChange:
    """What a change set did to one row: columns by attribute name, links by the name of the relation."""

    model: type[Publishable]
    pk: int
    first: Any  # the first version that the change set wrote
    last: Any  # and the last one
    before: Any  # the version before; None if the row was made, or came back
    columns: dict[str, tuple[object, object]] = field(default_factory=dict)  # before, after
    links: dict[str, tuple[set[int], set[int]]] = field(default_factory=dict)  # keys of the rows that are linked

    @property
    def is_made(self) -> bool:
        """Whether the row was not there before, and was afterwards."""
        return self.before is None and self.first.history_type == "+" and self.last.history_type != "-"

    @property
    def is_deleted(self) -> bool:
        """Whether the row was there before, and was not afterwards."""
        return self.before is not None and self.last.history_type == "-"

    def key(self, column: str = "") -> LineKey:
        """Return the name of a line of this row."""
        return LineKey(self.model._meta.label, self.pk, column)


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


def models_with_history() -> list[type[Publishable]]:
    """Return the models whose rows can be set back: facts first, records last."""
    return [model for model in publishable_models() if has_history(model)]


def tracked_columns(model: type[Model]) -> list[str]:
    """Return the attribute names of the columns of a model that its versions keep, the primary key aside."""
    fields = cast(Any, versions_of(model)).tracked_fields
    return [each.attname for each in fields if not each.primary_key]


def links_of_versions(many: Any, model: type[Model], versions: Collection[int]) -> dict[int, set[int]]:
    """Return the keys of the rows that versions were linked with by a many-to-many field, by version. One query."""
    copies, target = getattr(versions_of(model), many.name).model, f"{many.m2m_reverse_field_name()}_id"
    links: dict[int, set[int]] = defaultdict(set)
    rows = copies._base_manager.filter(AnyOf("history_id", list(versions)))
    for version, key in rows.values_list("history_id", target):
        links[version].add(key)
    return links


def changes_of(change_set: ChangeSet, model: type[Publishable]) -> list[RowChange]:
    """Return what a change set did to the rows of a model. At most three queries, and one for each kind of link."""
    versions = versions_of(model)
    written = versions._base_manager.filter(change_set=change_set).order_by("history_id")
    of_row: dict[int, list[Any]] = defaultdict(list)
    for version in written:
        of_row[cast(Any, version).id].append(version)
    if not of_row:
        return []
    before = _versions_before(versions, {pk: rows[0].history_id for pk, rows in of_row.items()})
    changes = [RowChange(model, pk, rows[0], rows[-1], before.get(pk)) for pk, rows in of_row.items()]
    _fill_columns(changes, tracked_columns(model))
    _fill_links(changes, model)
    return changes


def _versions_before(versions: type[Model], first: dict[int, int]) -> dict[int, Any]:
    """Return the last version of each row before its version with this id, by the key of the row. Two queries."""
    last: dict[int, int] = {}
    rows = versions._base_manager.filter(AnyOf("id", list(first))).order_by("history_id")
    for pk, version in rows.values_list("id", "history_id"):
        if version < first[pk]:
            last[pk] = version
    found = cast("Iterable[Any]", versions._base_manager.filter(AnyOf("history_id", list(last.values()))))
    return {version.id: version for version in found if version.history_type != "-"}


def _fill_columns(changes: list[RowChange], names: list[str]) -> None:
    for change in changes:
        if change.before is not None and not change.is_deleted:
            values = {name: (getattr(change.before, name), getattr(change.last, name)) for name in names}
            change.columns = {
                name: pair for name, pair in values.items() if pair[0] != pair[1] and name not in NEVER_REVERTED
            }


def _fill_links(changes: list[RowChange], model: type[Publishable]) -> None:
    for many in kept_links(model):
        wanted = [each.history_id for change in changes for each in (change.before, change.last) if each is not None]
        links = links_of_versions(many, model, wanted)
        for change in changes:
            old = links.get(change.before.history_id, set()) if change.before is not None else set()
            new = links.get(change.last.history_id, set())
            if old != new or change.is_made:
                change.links[many.name] = (old, new)


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
    plan.conflicts += _missing_targets(plan, keep)
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
    elif change.before is not None:
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
        links = column.remote_field.through._base_manager.filter(AnyOf(target, list(keys))).values_list(of, target)
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


def _missing_targets(plan: RevertPlan, keep: Collection[LineKey]) -> Iterator[RevertConflict]:
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
    for model, lines in wanted.items():
        stored = set(model._base_manager.filter(AnyOf("pk", list(lines))).values_list("pk", flat=True))
        for key in set(lines) - stored - coming[model]:
            for line in lines[key]:
                text = _("A %(kind)s that it named is gone.") % {"kind": model._meta.verbose_name}
                yield RevertConflict(line, text)
