"""Publishing a row: what is asked before, and how it is saved. Forms, lists, cards, submissions and dates all come here."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.db import transaction

from base.records.change_reasons import MOST_CHARACTERS, PUBLISHED
from base.records.change_sets import ChangeAction, describe_change_set
from base.records.fitness import new_problems, problems_of, snapshot, support_problems
from base.records.locking import lock_support
from base.records.publishing import Publishable, Status
from base.records.records import Record
from base.records.second_person import Account, second_person_problems

Questions = Callable[[Publishable], list[str]]  # what has to be answered before a row is published, as sentences


def no_questions(row: Publishable) -> list[str]:
    """Ask nothing."""
    return []


@transaction.atomic
def publish_row(
    row: Publishable, reason: str = "", user: Account = None, questions: Questions = no_questions
) -> list[str]:
    """Publish a row, or return why it cannot be or what has to be answered first, as sentences. Nothing is changed then.

    One that is public already is left alone. A name or a link may be published before the records at its ends are: readers see it
    once these are public. `user` is who publishes it; where two people are needed, not somebody who changed it.
    """
    if row.status == Status.PUBLISHED:
        return []
    lock_support([row])
    problems = problems_of(row) if isinstance(row, Record) else []
    if problems := problems or questions(row) or second_person_problems(row, user):
        return problems
    describe_change_set(ChangeAction.PUBLISH)  # the reason is the site's: it stands in the history of the row
    status = row.status
    with transaction.atomic():
        before = snapshot([row])
        problems = _save_checked(row, reason or PUBLISHED()) or support_problems(row) or new_problems(before)
        if problems:
            row.status = status
            transaction.set_rollback(True)
    return problems


def _save_checked(row: Publishable, reason: str) -> list[str]:
    """Save a row as public, or return what its columns do not allow. A record was asked for its problems before."""
    try:
        if not isinstance(row, Record):
            row.full_clean()
        save_public(row, reason)
    except ValidationError as error:
        return list(error.messages)
    return []


def save_public(row: Publishable, reason: str, user: AbstractBaseUser | None = None) -> None:
    """Save a row as public, with a line of history that gives the reason. The caller has asked whether it is fit.

    `user` is named in the history; without one, whoever sent the request.
    """
    row._change_reason = reason[:MOST_CHARACTERS]
    if user is not None:
        row.__dict__["_history_user"] = user
    row.status = Status.PUBLISHED
    row.save()
