"""Finds out what undoing a change set would do to each row, and what stands in its way, before anything is written."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, cast

from django.db.models import Model, QuerySet
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from base.records.change_sets import ChangeSet
from base.records.history import kept_links
from base.records.publishing import Publishable
from base.records.revert_conflicts import conflicts_of_going, missing_targets
from base.records.revert_plan import WHOLE, RevertConflict, RevertPlan
from base.records.row_changes import (
    NEVER_REVERTED,
    TRANSLATIONS,
    LineKey,
    RowChange,
    changes_of,
    changes_of_lines,
    count_changed_rows,
    models_with_history,
    texts_by_place,
    tracked_columns,
    translation_changes,
)
from base.records.shown_changes import translation_label
from base.records.translations import TranslatedTexts, Translations, sorted_translations
from base.sql.prepared import AnyOf
from base.text.translated_text import base_language

MOST_ROWS = 10_000  # that are undone in one request


def plan_revert(
    change_set: ChangeSet,
    *,
    only: Collection[LineKey] | None = None,
    keep: Collection[LineKey] = (),
    keep_newer: bool = False,
) -> RevertPlan:
    """Return what undoing a change set, or `only` these lines of it, does today; lines in `keep` stay as they are.

    With `keep_newer` every line stays that was changed again since. Some five queries for each kind of row that it touched.
    """
    plan = _plan(change_set, only, keep)
    while keep_newer and (newer := {each.key for each in plan.conflicts} - {WHOLE, *keep}):
        keep = {*keep, *newer}
        plan = _plan(change_set, only, keep)
    return plan


def _plan(change_set: ChangeSet, only: Collection[LineKey] | None, keep: Collection[LineKey]) -> RevertPlan:
    plan = RevertPlan(change_set, is_whole=only is None and not keep)
    changes = _changes(plan, only)
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
    plan.conflicts += conflicts_of_going(plan)
    plan.conflicts += missing_targets(plan)
    return plan


def _changes(plan: RevertPlan, only: Collection[LineKey] | None) -> list[RowChange]:
    """Return what the change set did to its rows, or to those that `only` names; none, and a conflict, if they are too many."""
    if only is not None:
        return changes_of_lines(plan.change_set, only)
    counts = {model: count_changed_rows(plan.change_set, model) for model in models_with_history()}
    count = sum(counts.values())
    if count > MOST_ROWS:
        text = _("It changed %(count)s rows; at most %(most)s can be undone at once. Withdraw them instead.")
        plan.conflicts.append(RevertConflict(WHOLE, text, {"count": count, "most": MOST_ROWS}))
        return []
    return [change for model, number in counts.items() if number for change in changes_of(plan.change_set, model)]


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

    def refuse(self, text: str, name: str = "", **values: object) -> None:
        self.plan.conflicts.append(RevertConflict(self.change.key(name), text, values))


def _plan_row(lines: _Lines, row: Any, links_now: dict[str, set[int]]) -> None:
    """Add to the plan what becomes of one row, as it is stored today; None if there is none."""
    change, plan = lines.change, lines.plan
    if change.is_made:
        if row is not None and lines.is_wanted():
            names = [name for name in tracked_columns(change.model) if name not in NEVER_REVERTED]
            if any(getattr(row, name) != getattr(change.last, name) for name in names) or any(
                links_now[name] != after for name, (_before, after) in change.links.items()
            ):
                lines.refuse(_("“%(row)s” was made then, and was changed again since."), row=row)
            plan.going.append(change)
    elif change.is_deleted:
        if row is None and lines.is_wanted():
            plan.coming.append(change)
    elif change.kind == "changed":
        if row is None:
            for column in filter(lines.is_wanted, change.line_columns()):
                text = _("The %(kind)s “%(row)s” was deleted since.")
                lines.refuse(text, column, kind=change.model._meta.verbose_name, row=change.last.history_object)
            return
        _plan_columns(lines, row)
        _plan_links(lines, links_now)


def _plan_columns(lines: _Lines, row: Any) -> None:
    change, plan = lines.change, lines.plan
    for name, (before, after) in change.columns.items():
        if name == TRANSLATIONS:
            continue
        now = getattr(row, name)
        if now == before or not lines.is_wanted(name):
            continue
        label = _label_of(change.model, name)
        if now != after:
            text = _("“%(row)s”, %(column)s: it was changed again since.")
            lines.refuse(text, name, row=row, column=label)
        else:
            plan.columns[change.model].setdefault(change.pk, {})[name] = before
    if isinstance(row, TranslatedTexts):
        _plan_translations(lines, row)


def _plan_translations(lines: _Lines, row: TranslatedTexts) -> None:
    """Set translations back one by one.

    A text that is set back leaves the translations behind that it did not have then, and those into its own language of then.
    """
    change, model = lines.change, lines.change.model
    wanted = texts_by_place(row.translations)
    kept: set[tuple[str, str]] = set()  # translations that the curator keeps as they are
    for each in translation_changes(*change.columns.get(TRANSLATIONS, ({}, {}))):
        place = each.language, each.name
        now = wanted.get(place, "")
        if not lines.is_wanted(each.line):
            if change.key(each.line) in lines.keep:
                kept.add(place)
        elif now not in (each.before, each.after):
            text = _("“%(row)s”, %(column)s: it was changed again since.")
            lines.refuse(text, each.line, row=row, column=translation_label(model, each))
        else:
            wanted[place] = each.before
    texts_then = texts_by_place(change.before.translations)
    set_back = lines.plan.columns.get(model, {}).get(change.pk, {})
    for place, text in list(wanted.items()):
        language, name = place
        written_in = base_language(str(set_back.get(row.language_column(name), row.language_of(name))))
        is_of_newer = name in set_back and place not in kept and text != texts_then.get(place)
        if is_of_newer or language == written_in:
            del wanted[place]
    translations: Translations = {}
    for (language, name), text in wanted.items():
        if text:
            translations.setdefault(language, {})[name] = text
    if sorted_translations(translations) != row.translations:
        lines.plan.columns[model].setdefault(change.pk, {})[TRANSLATIONS] = sorted_translations(translations)


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
