"""What the header of every page of the admin counts: what waits for the curator elsewhere."""

from __future__ import annotations

from typing import NamedTuple

from django.contrib.auth.models import AnonymousUser, User
from django.db.models import Model, QuerySet

from base.lists.counting import count_each
from reports.waiting import may_see_reports, open_reports
from review.waiting import is_reviewer, waiting_submissions

MOST_COUNTED = 99


class HeaderCounts(NamedTuple):
    """How much waits, each number up to 99; None for whoever may do nothing about it."""

    reports: int | None
    submissions: int | None


def header_counts(user: User | AnonymousUser) -> HeaderCounts:
    """Return how many reports are open and how many submissions wait. One query."""
    queries: list[tuple[str, QuerySet[Model, object]]] = []
    if may_see_reports(user):
        queries.append(("reports", open_reports().values("pk")))
    if is_reviewer(user):
        queries.append(("submissions", waiting_submissions().values("pk")))
    counts = count_each(queries, MOST_COUNTED)
    return HeaderCounts(counts.get("reports"), counts.get("submissions"))
