"""What stands in the way of undoing because of other rows: what came to need a row that goes, and what is gone that a row named."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from typing import Any, cast

from django.db.models import ForeignKey, ManyToManyField, Model
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from simple_history.models import HistoricalChanges

from base.records.publishing import Publishable
from base.records.resolution import FormerId
from base.records.revert_plan import RevertConflict, RevertPlan
from base.records.row_changes import LineKey, RowChange, tracked_columns
from base.sql.prepared import AnyOf

MOST_NAMED = 100  # rows that are named in the conflicts of one relation, which is more than a page lists


def conflicts_of_going(plan: RevertPlan) -> Iterator[RevertConflict]:
    """Yield what has come to hang on rows since they were made, one conflict for each row and relation that names it.

    Two queries for each relation of their models.
    """
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
                values = {
                    "row": change.last.history_object,
                    "other": format_lazy("{} “{}”", other._meta.verbose_name, row),
                }
                yield RevertConflict(change.key(), text, values)


def _rows_left(
    plan: RevertPlan, column: Any, keys: Collection[int], going: Collection[int]
) -> Iterator[tuple[int, Model | int]]:
    """Yield the keys that rows would still name by a column, each once, with one of these rows; with its key if there are many."""
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
    left = {key: pk for pk, key in pairs if pk not in going}
    rows = model._base_manager.in_bulk(list(left.values())[:MOST_NAMED])
    yield from ((key, rows.get(pk, pk)) for key, pk in left.items())


def missing_targets(plan: RevertPlan) -> Iterator[RevertConflict]:
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
