"""The reports that wait for an answer, for the first page of curators and the header of every page of theirs."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser, User

from reports.models import Report, State

MOST_COUNTED, MOST_SHOWN = 99, 5


def open_reports(user: User | AnonymousUser) -> int | None:
    """Return how many reports are open, up to 99; None if the user may not see reports. One query."""
    if not user.has_perm("reports.view_report"):
        return None
    return Report.objects.filter(state=State.OPEN).order_by()[:MOST_COUNTED].count()


def newest_open_reports(user: User) -> list[Report] | None:
    """Return the reports that were sent last and are open; None if the user may not see reports. One query."""
    if not user.has_perm("reports.view_report"):
        return None
    return list(Report.objects.filter(state=State.OPEN)[:MOST_SHOWN])
