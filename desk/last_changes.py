"""What was changed last: change sets, each in one line with a way to undo it, and what was written outside of them."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, cast

from django.contrib.auth.models import User
from django.db.models import CharField, Count, Exists, Min, OuterRef, QuerySet, Value
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.text import Truncator
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from base.admin import may
from base.records.change_reasons import shown_reason
from base.records.change_sets import ChangeAction, ChangeSet
from base.records.curators import curator_name
from base.records.history import versions_of
from base.records.kinds import kinds
from base.records.publishing import Publishable
from base.records.records import Record
from base.records.row_changes import models_with_history
from base.text.languages import name_in
from directory.models import Source
from events.models import Statement
from events.wordings import with_words
from review.rows import kind_order

MOST_CHANGES = 8
NAME_LENGTH = 80  # characters
SAME_WORK = datetime.timedelta(minutes=10)  # between two changes that are told in one line
DONE: dict[str, Promise] = {"+": _("added"), "~": _("changed"), "-": _("deleted")}


@dataclass(frozen=True)
class LastChange:
    """What somebody did: to one row, or to several of a kind at once."""

    who: str
    done: str | Promise
    label: str  # the name of the row; of several the word for the kind
    number: int
    at: datetime.datetime
    reason: str
    url: str
    undo_url: str = ""  # of the page that undoes it; empty where it is undone already, or outside a change set
    is_undone: bool = False


def last_changes(user: User) -> list[LastChange]:
    """Return what was done last, by anybody, to rows that a curator may see. At most three queries for each kind of record."""
    changes = [*_last_acts(user), *_before_change_sets([model for model in kinds("api") if may(user, "view", model)])]
    return sorted(changes, key=lambda change: change.at, reverse=True)[:MOST_CHANGES]


def _last_acts(user: User) -> list[LastChange]:
    """Return the last change sets, each in one line."""
    is_undone = Exists(ChangeSet.objects.filter(reverts=OuterRef("pk")).order_by())
    acts = list(ChangeSet.objects.select_related("user").annotate(is_undone=is_undone)[: 2 * MOST_CHANGES])
    models = {
        model._meta.label: model for model in sorted(models_with_history(), key=kind_order) if may(user, "view", model)
    }
    touched: dict[int, dict[type[Publishable], tuple[int, int]]] = defaultdict(dict)
    for label, change_set, number, key in _touched(list(models.values()), [act.pk for act in acts]):
        touched[change_set][models[label]] = (number, key)
    main: dict[int, tuple[type[Publishable], int, int]] = {}  # of each act its rows of the most telling kind
    for act in acts:
        if of_act := touched.get(act.pk):
            model = next(model for model in models.values() if model in of_act)
            main[act.pk] = (model, *of_act[model])
    names = _names((model, key) for model, number, key in main.values() if number == 1)
    return [_line(act, *main[act.pk], names) for act in acts if act.pk in main]


def _touched(models: Sequence[type[Publishable]], acts: list[int]) -> Iterable[tuple[str, int, int, int]]:
    """Return (label of the model, change set, how many rows, one of their keys). One query."""
    parts = [
        versions_of(model)
        ._base_manager.filter(change_set__in=acts)
        .order_by()
        .annotate(row_label=Value(model._meta.label, output_field=CharField()))
        .values("row_label", "change_set")
        .annotate(number=Count("id", distinct=True), row=Min("id"))
        .values_list("row_label", "change_set", "number", "row")
        for model in models
    ]
    if not parts or not acts:
        return []
    return cast("Iterable[tuple[str, int, int, int]]", parts[0].union(*parts[1:], all=True))


def _line(
    act: Any, model: type[Publishable], number: int, key: int, names: dict[tuple[type[Publishable], int], str]
) -> LastChange:
    page = reverse("admin:change_set", args=[act.pk])
    name = names.get((model, key), "") if number == 1 else ""
    opts = model._meta
    return LastChange(
        who=curator_name(act.user) if act.user else "",
        done=ChangeAction(act.action).label,
        label=name or str(opts.verbose_name if number == 1 else opts.verbose_name_plural),
        number=number,
        at=act.made_at,
        reason=shown_reason(act.reason),
        url=page,
        undo_url="" if act.is_undone else page,
        is_undone=act.is_undone,
    )


def _before_change_sets(models: Sequence[type[Record]]) -> list[LastChange]:
    """Return what was done last outside change sets, as programs do. Two queries a kind at most."""
    rows: list[tuple[type[Record], Any]] = []
    for model in models:
        history = model.history.order_by("-history_date", "-history_id").select_related("history_user")  # type: ignore[attr-defined]
        fields = (
            "id",
            "change_set",
            "history_date",
            "history_type",
            "history_change_reason",
            "history_user__first_name",
        )
        rows += [
            (model, row)
            for row in history.only(*fields, "history_user__username", "history_user__last_name")[: 4 * MOST_CHANGES]
            if row.change_set_id is None
        ]
    rows.sort(key=lambda pair: pair[1].history_date, reverse=True)
    groups = _works(rows)[:MOST_CHANGES]
    labels = _names((group[0][0], group[0][1].id) for group in groups)
    return [_change(group, labels) for group in groups]


def _works(rows: Iterable[tuple[type[Record], Any]]) -> list[list[tuple[type[Record], Any]]]:
    """Return versions, the newest first, in groups: what one person did to one kind of record for one reason without a break."""
    groups: list[list[tuple[type[Record], Any]]] = []
    open_groups: dict[tuple[object, ...], list[tuple[type[Record], Any]]] = {}
    for model, row in rows:
        key = (model, row.history_user_id, row.history_change_reason or "")
        group = open_groups.get(key)
        if group is None or group[-1][1].history_date - row.history_date > SAME_WORK:
            group = open_groups[key] = []
            groups.append(group)
        group.append((model, row))
    return groups


def _names(rows: Iterable[tuple[type[Publishable], int]]) -> dict[tuple[type[Publishable], int], str]:
    """Return the names of rows, in the reader's language. A query for each kind."""
    keys: dict[type[Publishable], set[int]] = defaultdict(set)
    for model, key in rows:
        keys[model].add(key)
    language = get_language() or ""
    names: dict[tuple[type[Publishable], int], str] = {}
    for model, of_model in keys.items():
        records = cast("QuerySet[Any]", model._base_manager.filter(pk__in=of_model))
        if model is Statement:
            records = with_words(records.select_related("speaker", "speaker_organization"), language)
        elif model is Source:
            records = records.defer("text", "paragraphs")
        elif model.public_parents and not issubclass(model, Record):
            records = records.select_related(*model.public_parents)
        names |= {(model, row.pk): _name(row, language) for row in records}
    return names


def _name(row: Any, language: str) -> str:
    """Return what a row is called; a statement by its words."""
    if isinstance(row, Statement) and (words := row.words):  # type: ignore[attr-defined]  # `with_words` adds it
        return f"{row.speaker_name}: {Truncator(words).chars(NAME_LENGTH)}"
    return name_in(row, language)[0] if isinstance(row, Record) else str(row)


def _change(group: list[tuple[type[Record], Any]], labels: dict[tuple[type[Publishable], int], str]) -> LastChange:
    model, row = group[0]
    number, types = len({each.id for _model, each in group}), {each.history_type for _model, each in group}
    label = labels.get((model, row.id), "")
    page = f"admin:{model._meta.app_label}_{model._meta.model_name}"
    return LastChange(
        who=curator_name(row.history_user) if row.history_user else "",
        done=DONE["+" if "+" in types else "-" if types == {"-"} else "~"],
        label=label or str(model.singular_label()) if number == 1 else str(model.plural_label()),
        number=number,
        at=row.history_date,
        reason=shown_reason(row.history_change_reason),
        url=reverse(f"{page}_history", args=[row.id]) if label and number == 1 else reverse(f"{page}_changelist"),
    )
