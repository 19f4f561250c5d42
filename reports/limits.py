"""The limit on how many reports one network may send in an hour, counted in the database for all worker processes."""

from __future__ import annotations

import datetime
import math

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from base.fair_use import SENDER_PREFIX, hash_of

from .models import Report

MAX_REPORTS = 5
WINDOW = datetime.timedelta(hours=1)


def sender_of(request: HttpRequest) -> str:
    """Return a keyed hash of the sender's network. It differs from the hashes that other parts of the site use."""
    return hash_of(request, "reports.sender", SENDER_PREFIX)


def seconds_to_wait(sender: str) -> int:
    """Return how many seconds this sender has to wait before the next report; 0 if it may be sent now. One query.

    Two reports in the same instant may both pass; the limit is meant to stop hundreds.
    """
    now = timezone.now()
    recent: QuerySet[Report] = Report.objects.filter(sender=sender, created_at__gt=now - WINDOW)
    times = list(recent.order_by("-created_at").values_list("created_at", flat=True)[:MAX_REPORTS])
    return max(1, math.ceil((times[-1] + WINDOW - now).total_seconds())) if len(times) == MAX_REPORTS else 0


def erase_old_senders() -> None:
    """Erase the senders' hashes that are too old for the limit to need them. One query."""
    Report.objects.exclude(sender="").filter(created_at__lte=timezone.now() - WINDOW).update(sender="")
