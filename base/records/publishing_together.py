"""Publishing drafts that rest on each other: an article with what was made of it, a person with a first name.

One by one they would wait for each other for ever. So all of them are made public for a moment, inside a savepoint that is always
taken back: what has a problem even then is not ready, and neither is what rests on it. The others are then saved as usual.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, cast

from django.contrib.auth.models import AbstractBaseUser
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from base.records.locking import RowsByModel, lock_rows, lock_support_of_keys
from base.records.names import Name, NamedRecord, refresh_names_of
from base.records.provenance import get_source_model
from base.records.publishing import Publishable, Status
from base.records.publishing_rows import Questions, no_questions, save_public
from base.records.records import Record
from base.records.support import may_have_problems, publishable_models, unfit
from base.sql.prepared import AnyOf

Refusals = dict[tuple[type[Publishable], int], list[str]]  # by model and key


@dataclass
class PublishedTogether:
    """What came of it: the rows that are public now, by model, and why the others are not."""

    published: dict[type[Publishable], set[int]] = field(default_factory=dict)
    refused: Refusals = field(default_factory=dict)


def refusals(rows: RowsByModel, questions: Questions = no_questions) -> Refusals:
    """Return why some of these drafts could not be published with the others. Nothing is changed.

    Some ten queries a model, for each step from a row that is refused to what rests on it; and about ten for each such row.
    """
    with transaction.atomic():
        refused = _refused(rows, questions)
        transaction.set_rollback(True)
    return refused


def publish_rows(
    rows: RowsByModel, reason: str, user: AbstractBaseUser | None = None, questions: Questions = no_questions
) -> PublishedTogether:
    """Publish those of these drafts that are ready, with a line of history each. Runs inside a transaction of the caller.

    `user` is named in the history; without one, whoever sent the request. A row that is gone or no draft any more is refused.
    """
    lock_rows(rows)
    lock_support_of_keys(rows)
    outcome = PublishedTogether(refused=refusals(rows, questions))
    for model in _in_order_of_saving(rows):
        keys = {key for key in rows[model] if (model, key) not in outcome.refused}
        for row in model._base_manager.filter(AnyOf("pk", list(keys))).order_by("pk"):
            save_public(row, reason, user)
        if keys:
            outcome.published[model] = keys
    return outcome


def _in_order_of_saving(rows: RowsByModel) -> list[type[Publishable]]:
    """Return the models: names first, which give a draft its public id; then sources, people, events, and last statements."""
    source = get_source_model()

    def place(model: type[Publishable]) -> tuple[bool, int]:
        listing = model.listings.fixture if issubclass(model, Record) else 0
        return issubclass(model, Record), 0 if model is source else listing

    return sorted((model for model in publishable_models() if rows.get(model)), key=place)


def _refused(rows: RowsByModel, questions: Questions) -> Refusals:
    """Make the rows public, take back those with problems until none is left, and return these. In a savepoint of the caller."""
    refused = _no_drafts(rows)
    left = {model: {key for key in keys if (model, key) not in refused} for model, keys in rows.items()}
    for model, key in mark_public(left):
        left[model].discard(key)
        row = model._base_manager.get(pk=key)
        refused[model, key] = _problems(row) or [_("The database refuses it as it is.")]
    questioned = False
    while True:
        suspects = {model: may_have_problems(model, keys) for model, keys in left.items() if keys}
        found = {(model, row.pk): reasons for model, row in _rows_of(suspects) if (reasons := _problems(row))}
        if not found and not questioned:
            questioned = True
            found = {(model, row.pk): asked for model, row in _rows_of(left) if (asked := questions(row))}
        if not found:
            return refused
        refused |= found
        for model, key in found:
            left[model].discard(key)
            model._base_manager.filter(pk=key).update(status=Status.DRAFT)


def _problems(row: Publishable) -> list[str]:
    return [str(problem) for problem in row.publish_problems()]


def _no_drafts(rows: RowsByModel) -> Refusals:
    """Return the rows that are gone or no drafts. One query a model."""
    refused: Refusals = {}
    for model, keys in rows.items():
        statuses = dict(model._base_manager.filter(AnyOf("pk", list(keys))).values_list("pk", "status"))
        for key in keys:
            if key not in statuses:
                refused[model, key] = [_("It was deleted.")]
            elif statuses[key] != Status.DRAFT:
                is_public = statuses[key] == Status.PUBLISHED
                refused[model, key] = [_("It is published already.") if is_public else _("It was withdrawn.")]
    return refused


def _rows_of(rows: Mapping[type[Publishable], Iterable[int]]) -> Iterable[tuple[type[Publishable], Any]]:
    for model, keys in rows.items():
        for row in model._base_manager.filter(AnyOf("pk", list(keys))).order_by("pk"):
            yield model, row


def mark_public(rows: RowsByModel) -> list[tuple[type[Publishable], int]]:
    """Make drafts public without saving them one by one; return those that the database refuses.

    For a savepoint that is taken back. One query a model, and one a row of a model of which a row is refused.
    """
    refused = []
    for model, keys in rows.items():
        columns = {"status": Status.PUBLISHED}
        if issubclass(model, Record):
            columns["published_at"] = timezone.now()  # type: ignore[assignment]
        drafts = model._base_manager.filter(AnyOf("pk", list(keys)), status=Status.DRAFT)
        with suppress(IntegrityError), transaction.atomic():
            drafts.update(**columns)
            continue
        for key in sorted(keys):
            try:
                with transaction.atomic():
                    drafts.filter(pk=key).update(**columns)
            except IntegrityError:
                refused.append((model, key))
    return refused


def show_public(rows: RowsByModel) -> RowsByModel:
    """Make drafts public as far as readers would see them, with the names that follow; return those that are. To be taken back.

    What only an editor would object to, such as a namesake, is left out of account. Some ten queries a model.
    """
    left = {model: set(keys) for model, keys in rows.items()}
    for model, key in mark_public(left):
        left[model].discard(key)
    while found := {model: refused for model, keys in left.items() if (refused := _unfit_keys(model, keys))}:
        for model, keys in found.items():
            left[model] -= keys
            model._base_manager.filter(AnyOf("pk", list(keys))).update(status=Status.DRAFT)
    for model, keys in left.items():
        if issubclass(model, Name):
            owner = model.public_parents[0]
            named = model._base_manager.filter(AnyOf("pk", list(keys))).values_list(owner, flat=True)
            refresh_names_of(cast("type[NamedRecord]", model._meta.get_field(owner).related_model), set(named))
        elif issubclass(model, NamedRecord):
            refresh_names_of(model, keys)
    return left


def _unfit_keys(model: type[Publishable], keys: Iterable[int]) -> set[int]:
    return set(unfit(model, list(keys)).values_list("pk", flat=True))
