"""The reports that wait for an answer, for the first page of curators and the header of every page of theirs."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser, User
from django.db.models import QuerySet

from reports.models import Report, State

MOST_SHOWN = 5


def may_see_reports(user: User | AnonymousUser) -> bool:
    """Return whether somebody may look at reports."""
    return user.has_perm("reports.view_report")


def open_reports() -> QuerySet[Report]:
    """Return the reports that are open, those that were sent last first."""
    return Report.objects.filter(state=State.OPEN)


def newest_open_reports(user: User) -> list[Report] | None:
    """Return the reports that were sent last and are open; None if the user may not see reports. One query."""
    return list(open_reports()[:MOST_SHOWN]) if may_see_reports(user) else None
