"""How many reports one network may send in an hour. Counted in the database, so every worker process sees the same."""

from __future__ import annotations

import datetime
import ipaddress
import math

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac

from .models import Report

MOST = 5
WINDOW = datetime.timedelta(hours=1)


def network_of(request: HttpRequest) -> str:
    """Return the sender's address; of IPv6 the first 64 bits, which one household has to itself.

    Behind a proxy it is the last address of X-Forwarded-For: the proxy wrote that one, the sender may have made up the rest.
    """
    address = request.META.get("REMOTE_ADDR", "")
    if settings.BEHIND_PROXY:
        address = request.META.get("HTTP_X_FORWARDED_FOR", "").rpartition(",")[2].strip()
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return ""  # all senders without an address share one limit
    if isinstance(found, ipaddress.IPv6Address):
        mapped = found.ipv4_mapped
        return str(mapped or ipaddress.ip_network((found.packed, 64), strict=False))
    return str(found)


def sender_of(request: HttpRequest) -> str:
    """Return what a sender is known by: a hash keyed with our secret. The address itself is never stored."""
    return salted_hmac("reports.sender", network_of(request), algorithm="sha256").hexdigest()


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
