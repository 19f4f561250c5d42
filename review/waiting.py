"""What waits for review, for the first page of curators, the header of every page of theirs, and the list of submissions."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypedDict

from django.contrib.auth.models import AnonymousUser, User
from django.db.models import Count, F, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from base.admin import may
from base.records.curators import curator_name
from base.records.kinds import kinds
from base.records.publishing import Publishable
from base.records.submissions import ReviewState, Submission, SubmittedRow
from base.records.support import publishable_models
from directory.models import Source
from review.rows import counts_in_words, kind_order

MOST_SHOWN, OWN_SHOWN = 8, 6


@dataclass(frozen=True)
class SubmissionLine:
    """A submission in a list."""

    submission: Submission
    url: str
    label: str  # the article or the record
    rows: str  # how many of the first kind, statements if there are any
    others: str  # how many of all other kinds
    who: str
    decided_by: str
    state: str
    state_label: str
    is_article: bool
    missed_on: datetime.datetime | None
    is_due: bool  # whether its date has come, and it is not published yet


class WaitingContext(TypedDict):
    """What the first page shows of submissions. `waiting` is None for whoever may not publish."""

    waiting: list[SubmissionLine] | None
    own: list[SubmissionLine]


def is_reviewer(user: User | AnonymousUser) -> bool:
    """Return whether somebody may publish at least one kind of record."""
    return any(may(user, "publish", model) for model in kinds("api"))


def waiting_submissions() -> QuerySet[Submission]:
    """Return the submissions that wait, those first whose date passed, then the oldest."""
    rows = Submission.objects.filter(state=ReviewState.WAITING).select_related("submitted_by", "decided_by")
    return rows.order_by(F("missed_on").asc(nulls_last=True), "submitted_at", "pk")


def own_submissions(user: User) -> QuerySet[Submission]:
    """Return what somebody submitted, the newest first."""
    rows = Submission.objects.filter(submitted_by=user).exclude(state=ReviewState.TAKEN_BACK)
    return rows.select_related("submitted_by", "decided_by").order_by("-submitted_at", "-pk")


def submission_lines(submissions: Sequence[Submission]) -> list[SubmissionLine]:
    """Return submissions as lines. One query."""
    counts: dict[int, dict[type[Publishable], int]] = defaultdict(dict)
    shown = Q(state__in=(ReviewState.WAITING, ReviewState.SENT_BACK, ReviewState.PUBLISHED))
    entries = SubmittedRow.objects.filter(shown, submission__in=[each.pk for each in submissions])
    models = {model._meta.label: model for model in publishable_models()}
    for key, kind, number in entries.order_by().values_list("submission", "kind").annotate(Count("pk")):
        counts[key][models[kind]] = number
    return [_line(each, counts[each.pk]) for each in submissions]


def _line(submission: Submission, counts: dict[type[Publishable], int]) -> SubmissionLine:
    models = sorted(counts, key=kind_order)
    return SubmissionLine(
        submission=submission,
        url=reverse("admin:review_submission", args=[submission.pk]),
        label=submission.label,
        rows=counts_in_words({model: counts[model] for model in models[:1]}),
        others=counts_in_words({model: counts[model] for model in models[1:]}),
        who=curator_name(submission.submitted_by),
        decided_by=curator_name(submission.decided_by) if submission.decided_by else "",
        state=submission.state,
        state_label=str(ReviewState(submission.state).label),
        is_article=submission.kind == Source._meta.label,
        missed_on=submission.missed_on,
        is_due=submission.publish_on is not None and submission.publish_on <= timezone.now(),
    )


def waiting_context(user: User) -> WaitingContext:
    """Return what the first page shows. Three queries at most."""
    own = list(own_submissions(user)[:OWN_SHOWN])
    waiting = list(waiting_submissions()[:MOST_SHOWN]) if is_reviewer(user) else []
    lines = {line.submission.pk: line for line in submission_lines([*own, *waiting])}
    return {
        "waiting": [lines[each.pk] for each in waiting] if is_reviewer(user) else None,
        "own": [lines[each.pk] for each in own],
    }
