"""What was changed last: change sets, each in one line with a way to undo it, and what was written outside of them."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any, NamedTuple, cast

from django.contrib.auth.models import User
from django.db.models import CharField, Count, Exists, Min, OuterRef, Q, QuerySet, Subquery, Value
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
MOST_VERSIONS = 4 * MOST_CHANGES  # of each kind of record, among which those outside change sets are looked for
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


@dataclass
class Work:
    """What somebody did: a change set, or versions that one account wrote outside of one without a break."""

    who: str
    done: str | Promise
    at: datetime.datetime
    reason: str
    model: type[Publishable]  # the most telling kind of row
    number: int  # of rows of this kind
    key: int  # of one of them
    act: Any = None  # the change set, with `is_undone`


class Version(NamedTuple):
    """A version that was written outside a change set."""

    at: datetime.datetime
    history_id: int
    label: str  # of the model
    key: int
    kind: str  # "+", "~" or "-"
    reason: str | None
    account: int | None
    username: str | None
    first_name: str | None
    last_name: str | None

    @property
    def who(self) -> str:
        """The name of the curator; empty if it was none."""
        if self.account is None or self.username is None:
            return ""
        return curator_name(
            User(username=self.username, first_name=self.first_name or "", last_name=self.last_name or "")
        )


def last_changes(user: User) -> list[LastChange]:
    """Return what was done last, by anybody, to rows that a curator may see. Three queries, and one for each kind that is named."""
    records = [model for model in kinds("api") if may(user, "view", model)]
    works = sorted([*_last_acts(user), *_before_change_sets(records)], key=lambda work: work.at, reverse=True)
    works = works[:MOST_CHANGES]
    names = _names((work.model, work.key) for work in works if work.number == 1)
    return [_line(work, names.get((work.model, work.key), "")) for work in works]


def _last_acts(user: User) -> list[Work]:
    """Return the last change sets that changed something that a curator may see. Two queries."""
    models = {
        model._meta.label: model for model in sorted(models_with_history(), key=kind_order) if may(user, "view", model)
    }
    if not models:
        return []
    is_undone = Exists(ChangeSet.objects.filter(reverts=OuterRef("pk")).order_by())
    written = [
        versions_of(model)._base_manager.filter(change_set=OuterRef("pk")).order_by() for model in models.values()
    ]
    visible = ChangeSet.objects.filter(reduce(or_, (Q(Exists(versions)) for versions in written)))
    acts = list(visible.select_related("user").annotate(is_undone=is_undone)[:MOST_CHANGES])
    touched: dict[int, dict[type[Publishable], tuple[int, int]]] = defaultdict(dict)
    for label, change_set, number, key in _touched(list(models.values()), [act.pk for act in acts]):
        touched[change_set][models[label]] = (number, key)
    works = []
    for act in acts:
        if of_act := touched.get(act.pk):
            model = next(model for model in models.values() if model in of_act)
            who, done = curator_name(act.user) if act.user else "", ChangeAction(act.action).label
            works.append(Work(who, done, act.made_at, act.reason, model, *of_act[model], act=act))
    return works


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


def _before_change_sets(models: Sequence[type[Record]]) -> list[Work]:
    """Return what was done last outside change sets, as programs do. One query, for the newest versions of each kind."""
    parts = []
    for model in models:
        versions = versions_of(model)._base_manager.order_by()
        newest = versions.order_by("-history_date", "-history_id").values("history_id")[:MOST_VERSIONS]
        rows = versions.filter(history_id__in=Subquery(newest), change_set=None)
        rows = rows.annotate(row_label=Value(model._meta.label, output_field=CharField()))
        parts.append(
            rows.values_list(
                *("history_date", "history_id", "row_label", "id", "history_type", "history_change_reason"),
                *("history_user", *(f"history_user__{name}" for name in ("username", "first_name", "last_name"))),
            )
        )
    if not parts:
        return []
    by_label = {model._meta.label: model for model in models}
    rows = parts[0].union(*parts[1:], all=True).order_by("-history_date", "row_label", "-history_id")
    works = []
    for group in _without_break(Version(*row) for row in rows):
        types, first = {version.kind for version in group}, group[0]
        done = DONE["+" if "+" in types else "-" if types == {"-"} else "~"]
        number = len({version.key for version in group})
        works.append(Work(first.who, done, first.at, first.reason or "", by_label[first.label], number, first.key))
    return works


def _without_break(versions: Iterable[Version]) -> list[list[Version]]:
    """Return versions, the newest first, in groups: what one account did to one kind of record for one reason without a break."""
    groups: list[list[Version]] = []
    open_groups: dict[tuple[object, ...], list[Version]] = {}
    for version in versions:
        key = (version.label, version.account, version.reason or "")
        group = open_groups.get(key)
        if group is None or group[-1].at - version.at > SAME_WORK:
            group = open_groups[key] = []
            groups.append(group)
        group.append(version)
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


def _line(work: Work, name: str) -> LastChange:
    """Return a work in one line; `name` is what its one row is called, empty if that is gone."""
    opts = work.model._meta
    label = name or str(opts.verbose_name if work.number == 1 else opts.verbose_name_plural)
    if work.act is not None:
        url = reverse("admin:change_set", args=[work.act.pk])
    else:
        page = f"admin:{opts.app_label}_{opts.model_name}"
        url = reverse(f"{page}_history", args=[work.key]) if name else reverse(f"{page}_changelist")
    is_undone = work.act is not None and work.act.is_undone
    return LastChange(
        who=work.who,
        done=work.done,
        label=label,
        number=work.number,
        at=work.at,
        reason=shown_reason(work.reason),
        url=url,
        undo_url=url if work.act is not None and not is_undone else "",
        is_undone=is_undone,
    )
