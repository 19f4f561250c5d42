"""How many reports one network may send in an hour. Counted in the database, so every worker process sees the same."""

from __future__ import annotations

import datetime
import math

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from base.fair_use import hash_of

from .models import Report

MOST = 5
WINDOW = datetime.timedelta(hours=1)


def sender_of(request: HttpRequest) -> str:
    """Return what a sender is known by: a hash that is another one than anywhere else on the site."""
    return hash_of(request, "reports.sender")


def wait(sender: str) -> int:
    """Return how many seconds this sender has to wait for the next report; 0 if none. Forgets everybody else's hash in time.

    Two reports in the same instant may both be let through; the limit is there to stop hundreds.
    """
    now = timezone.now()
    recent: QuerySet[Report] = Report.objects.filter(sender=sender, created_at__gt=now - WINDOW)
    times = list(recent.order_by("-created_at").values_list("created_at", flat=True)[:MOST])
    return max(1, math.ceil((times[-1] + WINDOW - now).total_seconds())) if len(times) == MOST else 0


def forget() -> None:
    """Empty the hashes that are older than the limit needs."""
    Report.objects.exclude(sender="").filter(created_at__lte=timezone.now() - WINDOW).update(sender="")
