"""The rule of two: where the setting REVIEW_BY_TWO is on, nobody publishes what they changed or submitted themselves.

Who changed a row is what its history says, and that of the rows shown with it: its names, links and wordings. A change counts from
when the row was last public. Changes that no account made, such as those of an import, are nobody's.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Collection, Iterator
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db.models import Model
from django.utils.translation import gettext as _

from base.records.locking import RowsByModel
from base.records.provenance import get_passage_model
from base.records.publishing import Publishable, Status
from base.records.records import Record
from base.records.submissions import ReviewState, SubmittedRow
from base.sql.prepared import AnyOf

Account = AbstractBaseUser | AnonymousUser | None


def histories_shown_with(model: type[Model]) -> Iterator[tuple[Any, str]]:
    """Yield the histories of what is shown with rows of a model, with the foreign key of each: names, links, wordings."""
    for relation in model._meta.related_objects:
        part = relation.related_model
        if not issubclass(part, Publishable) or issubclass(part, Record) or part is get_passage_model():
            continue
        if relation.field.name in part.public_parents and hasattr(part, "history"):
            yield part.history, relation.field.attname


def rows_needing_another(user: Account, rows: RowsByModel) -> dict[type[Publishable], set[int]]:
    """Return those of these rows that the user may not publish, by model; none without the rule. Up to twenty queries a model."""
    if not settings.REVIEW_BY_TWO or user is None or user.pk is None:
        return {}
    own = {
        model: _submitted_by(user.pk, model, keys) | _changed_by(user.pk, model, keys) for model, keys in rows.items()
    }
    return {model: keys for model, keys in own.items() if keys}


def second_person_problems(row: Publishable, user: Account) -> list[str]:
    """Return why the user may not publish a row alone, as sentences; empty if another person changed and submitted it."""
    return [another_has_to()] if rows_needing_another(user, {type(row): [row.pk]}) else []


def another_has_to() -> str:
    """Return what is said to somebody who would publish their own work."""
    return _(
        "Two people are needed here: you changed or submitted it, so another editor publishes it. Submit it for review."
    )


def _submitted_by(user: int, model: type[Publishable], keys: Collection[int]) -> set[int]:
    waiting = SubmittedRow.objects.filter(
        AnyOf("row", list(keys)), kind=model._meta.label, state=ReviewState.WAITING, submission__submitted_by=user
    )
    return set(waiting.values_list("row", flat=True))


def _changed_by(user: int, model: type[Publishable], keys: Collection[int]) -> set[int]:
    """Return the keys of the rows that this account changed since each was last public."""
    public_at: dict[int, datetime.datetime] = {}
    changers: dict[int, set[int | None]] = defaultdict(set)
    columns = ("id", "history_user", "history_date", "status")
    history: Any = model.history  # type: ignore[attr-defined]
    versions = history.filter(AnyOf("id", list(keys))).order_by("history_date", "history_id")
    for key, by, at, status in versions.values_list(*columns):
        if status == Status.PUBLISHED:
            changers[key].clear()
            public_at[key] = at
        else:
            changers[key].add(by)
    if issubclass(model, Record):
        for parts, owner in histories_shown_with(model):
            changes = list(
                parts.filter(AnyOf(owner, list(keys)), history_user=user).values_list(owner, "history_date", "id")
            )
            rows = parts.model.instance_type._base_manager.filter(AnyOf("pk", [part for *_rest, part in changes]))
            drafts = set(rows.filter(status=Status.DRAFT).values_list("pk", flat=True))  # these are not shown with it
            for key, at, part in changes:
                if part not in drafts and (key not in public_at or at > public_at[key]):
                    changers[key].add(user)
    return {key for key, by in changers.items() if user in by}
