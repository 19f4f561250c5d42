"""Merging two records that turned out to be the same person, organization, initiative, event or topic.

Everything that refers to the loser is made to refer to the winner. A row that the winner has already is united with its twin:
the twin gets its passages, and the note says what differs. Former ids stay with the loser, whose address leads to the winner.
The histories of all rows stay, and the change set of the merger can be undone (reverting.py).
"""

from __future__ import annotations

from typing import TypeVar

from django.db import IntegrityError, OperationalError, transaction
from django.utils.translation import gettext as _

from base.records.change_reasons import MERGED
from base.records.change_sets import ChangeAction, OpenChangeSet, change_set
from base.records.locking import held_by_others
from base.records.merge_plan import columns_to, plan_column, plan_merge
from base.records.moving import ChangedMeanwhile, Choices, MoveCounts, NotFit, copy_values, move_rows
from base.records.publishing import Status
from base.records.records import Record

R = TypeVar("R", bound=Record)


class CannotMerge(Exception):
    """The two rows cannot become one; the message says why."""


def merge(
    loser: R, winner: R, *, reason: str, expected: str | None = None, choices: Choices | None = None
) -> MoveCounts:
    """Move everything from `loser` to `winner` and withdraw `loser`, all or nothing.

    `reason` (at most 100 characters) goes into the history of every row. `expected` is the digest of the plan that the curator
    was shown. `choices` say where the value of the loser, or of its row, is taken. Raises CannotMerge, also if the plan is another
    one by now, or if a public row would not be fit for it afterwards.
    Costs some 20 queries for 500 rows that move, and a few for every row that has an equal at the winner.
    """
    try:
        with change_set(action=ChangeAction.MERGE, reason=reason) as act, transaction.atomic():
            return _merge(loser, winner, reason, expected, choices or {}, act)
    except NotFit as error:
        text = _("Nothing was united, because “%(row)s” would not be fit for the public any more: %(problems)s")
        raise CannotMerge(text % {"row": error.row, "problems": error}) from error
    except ChangedMeanwhile as error:
        raise CannotMerge(_changed_meanwhile()) from error
    except OperationalError as error:
        if not held_by_others(error):
            raise
        raise CannotMerge(_changed_meanwhile()) from error
    except IntegrityError as error:
        raise CannotMerge(_("Nothing was united: what was chosen collides with another row.")) from error


def _changed_meanwhile() -> str:
    return _("Meanwhile somebody changed one of them. Nothing was united; this is how it stands now.")


def _merge(loser: R, winner: R, reason: str, expected: str | None, choices: Choices, act: OpenChangeSet) -> MoveCounts:
    """Merge, in a transaction of the caller."""
    model = type(loser)
    if type(winner) is not model or winner.pk == loser.pk:
        raise CannotMerge(_("Choose two different rows of the same kind."))
    rows = model._base_manager.select_for_update(of=("self",)).order_by("pk").in_bulk([loser.pk, winner.pk])
    if len(rows) < 2:
        raise CannotMerge(_("Somebody else has just deleted one of the two rows."))
    loser, winner = rows[loser.pk], rows[winner.pk]
    if winner.status == Status.WITHDRAWN or winner.merged_into_id:
        raise CannotMerge(_("“%s” is withdrawn; nothing can be merged into it.") % winner)
    if loser.merged_into_id:
        raise CannotMerge(_("“%s” was merged before.") % loser)
    if loser.published_at is not None and winner.status != Status.PUBLISHED:
        raise CannotMerge(_("“%s” has a public address that must lead somewhere: publish the other one first.") % loser)
    if expected is not None and plan_merge(loser, winner).digest != expected:
        raise CannotMerge(_changed_meanwhile())
    before = set(winner.publish_problems())
    counts = MoveCounts()
    for column in columns_to(model):
        move_rows(plan_column(column, loser, winner), loser, winner, reason, counts, choices)
    copy_values(loser, winner, choices)
    winner._change_reason = MERGED({"slug": loser.slug, "reason": reason})
    winner.save()
    loser.status, loser.merged_into = Status.WITHDRAWN, winner
    loser.withdrawn_reason = loser.withdrawn_reason or reason
    loser._change_reason = reason[:100]
    loser.save()
    if winner.status == Status.PUBLISHED:
        problems = [str(problem) for problem in winner.publish_problems() if problem not in before]
        if problems:
            raise NotFit(winner, problems)
    counts.change_set = act.row()
    return counts
