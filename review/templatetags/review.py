"""What templates of the desk and of forms show of review."""

from __future__ import annotations

from typing import Any

from django import template
from django.contrib.auth.models import AnonymousUser, User
from django.db.models import Model

from base.admin import address_of_submitting, may
from base.records.curators import curator_name
from base.records.publishing import Publishable, Status
from base.records.submissions import ReviewState, open_submission_of
from directory.models import Source
from review.gathering import is_reviewable

register = template.Library()


@register.inclusion_tag("review/_bar.html")
def review_bar(row: Model, user: User | AnonymousUser) -> dict[str, Any]:
    """Show where a row stands in review, and lead on to submit or to review it. One query at most."""
    if not isinstance(row, Publishable) or not row.pk or not is_reviewable(type(row)):
        return {"shown": False}
    submission = open_submission_of(row)
    is_waiting = submission is not None and submission.state == ReviewState.WAITING
    is_own = submission is not None and submission.submitted_by_id == user.pk
    is_sent_back = submission is not None and not is_waiting
    # More may be made of an article while it waits; and what was sent back to one, another may submit.
    may_submit = isinstance(row, Source) if is_waiting else not (is_sent_back and is_own)
    may_submit = may_submit and row.status != Status.WITHDRAWN and may(user, "change", type(row))
    return {
        "shown": is_waiting or is_sent_back or may_submit,
        "submission": submission,
        "is_waiting": is_waiting,
        "is_sent_back": is_sent_back,
        "is_own": is_own,
        "who": curator_name(submission.submitted_by) if submission else "",
        "decided_by": curator_name(submission.decided_by) if submission else "",
        "may_publish": may(user, "publish", type(row)),
        "submit_url": address_of_submitting(row) if may_submit else "",
    }
