"""How often a password or code may be tried: counted by django-axes, before any password is hashed.

Failures are counted in the database, so that all processes and machines share them, for an account from one address, for
an address, and for an account from anywhere. docs/decisions/023-sign-in.md says why so.
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Iterable

from axes.handlers.database import AxesDatabaseHandler
from axes.helpers import get_client_username
from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from axes.signals import user_locked_out
from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import F, Q
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import ngettext

from base.fair_use import network_of, take

# Failures within the cool-off after which no more are looked at.
OF_ACCOUNT_FROM_ADDRESS = 5
OF_ADDRESS = 20
OF_ACCOUNT = 50  # from addresses unknown to it: see `knows`
REMEMBERED = datetime.timedelta(days=30)  # how long an address is known after a success

Attempt = tuple[str | None, str | None, int, datetime.datetime]  # name, address, failures, time of the last
Credentials = dict[str, object]


class SignInRequest(HttpRequest):
    """A request with what axes and this module note on it."""

    axes_ip_address: str | None
    axes_attempt_time: datetime.datetime
    axes_locked_out: bool
    axes_user_agent: str
    axes_http_accept: str
    sign_in_wait: int  # seconds until the next attempt is looked at; 0 for now


def address_of(request: HttpRequest) -> str | None:
    """Return the client's address as limits know it, of IPv6 the first address of its network; None if there is none."""
    return network_of(request).partition("/")[0] or None


def wait_message(seconds: int) -> str:
    """Return a sentence that says when to try again."""
    if seconds < 60:
        return ngettext(
            "Too many attempts to sign in. Try again in %(n)d second.",
            "Too many attempts to sign in. Try again in %(n)d seconds.",
            seconds,
        ) % {"n": seconds}
    minutes = math.ceil(seconds / 60)
    return ngettext(
        "Too many attempts to sign in. Try again in %(n)d minute.",
        "Too many attempts to sign in. Try again in %(n)d minutes.",
        minutes,
    ) % {"n": minutes}


def too_many_attempts(
    request: HttpRequest, response: HttpResponse | None = None, credentials: Credentials | None = None
) -> HttpResponse:
    """Return the page with the form as 429. The form says when to try again; axes calls this with the page."""
    wait = getattr(request, "sign_in_wait", 0) or 1
    if response is None:
        response = HttpResponse(wait_message(wait), content_type="text/plain; charset=utf-8")
    response.status_code = 429
    response.headers["Retry-After"] = str(wait)
    return response


def knows(address: str | None, username: str | None = None) -> bool:
    """Return whether this account, or with None any account, was signed in to from this address lately. One query."""
    signed_in = AccessLog.objects.filter(ip_address=address, attempt_time__gt=timezone.now() - REMEMBERED)
    if username is not None:
        signed_in = signed_in.filter(username=username)
    return address is not None and signed_in.exists()


def _seconds_until_below(limit: int, attempts: Iterable[Attempt], now: datetime.datetime) -> int:
    """Return in how many seconds fewer than `limit` failures will count; 0 if that is so now."""
    rows = sorted(attempts, key=lambda row: row[3])
    left = sum(row[2] for row in rows)
    wait = 0.0
    for _name, _address, failures, time in rows:
        if left < limit:
            break
        left -= failures
        wait = (time + settings.AXES_COOLOFF_TIME - now).total_seconds()
    return max(0, math.ceil(wait))


class SignInThrottle(AxesDatabaseHandler):
    """Counts failures by three rules, and stores of a client no more than its address: no browser, no form."""

    def is_locked(self, request: SignInRequest, credentials: Credentials | None = None) -> bool:
        """Return whether no password of this request is looked at. It counts the request too; up to three queries."""
        if not hasattr(request, "sign_in_wait"):
            request.sign_in_wait = self._failure_wait(request, credentials) or self._rate_wait(request)
        return bool(request.sign_in_wait)

    def _failure_wait(self, request: SignInRequest, credentials: Credentials | None) -> int:
        """Return how many seconds to wait because of failures. One query, or two if an account is attacked from many sides."""
        name, address = get_client_username(request, credentials), request.axes_ip_address
        now = timezone.now()
        attempts: list[Attempt] = list(
            AccessAttempt.objects.filter(
                Q(username=name) | Q(ip_address=address), attempt_time__gt=now - settings.AXES_COOLOFF_TIME
            ).values_list("username", "ip_address", "failures_since_start", "attempt_time")
        )
        of_account = [row for row in attempts if row[0] == name]
        of_address = [row for row in attempts if row[1] == address]
        both = [row for row in of_account if row[1] == address]
        wait = max(
            _seconds_until_below(OF_ACCOUNT_FROM_ADDRESS, both, now),
            _seconds_until_below(OF_ADDRESS, of_address, now),
        )
        from_anywhere = _seconds_until_below(OF_ACCOUNT, of_account, now)
        return max(wait, from_anywhere) if from_anywhere and not knows(address, name) else wait

    @staticmethod
    def _rate_wait(request: SignInRequest) -> int:
        """Return how many seconds to wait because of the number of attempts, right or wrong. One query."""
        taken = take(request, "sign-in")
        if (taken is None or not taken.wait) and not knows(request.axes_ip_address):
            taken = take(request, "strangers", shared=True)
        return taken.wait if taken is not None else 0

    def user_login_failed(
        self, sender: object, credentials: Credentials, request: SignInRequest | None = None, **kwargs: object
    ) -> None:
        """Count a wrong password or code. An attempt that was not looked at does not count, so that a lock ends.

        The beginning of a lock is told to others (`user_locked_out`), not each attempt during it: there can be thousands.
        """
        if request is None or request.axes_locked_out:
            return
        name = get_client_username(request, credentials)
        self._count(name, request)
        request.sign_in_wait = self._failure_wait(request, credentials)
        request.axes_locked_out = bool(request.sign_in_wait)
        # Whoever mistakes the field types a password as name: only names of accounts are kept.
        known = get_user_model().objects.filter(username=name).exists()
        AccessFailureLog.objects.create(
            username=name if known else "",
            ip_address=request.axes_ip_address,
            path_info=request.path_info[:255],
            attempt_time=request.axes_attempt_time,
            locked_out=request.axes_locked_out,
        )
        if request.axes_locked_out:
            user_locked_out.send("axes", request=request, username=name, ip_address=request.axes_ip_address)

    @staticmethod
    def _count(name: str | None, request: SignInRequest) -> None:
        """Add a failure to those of this account from this address, after the failures that count no more are deleted."""
        now = timezone.now()
        AccessAttempt.objects.filter(attempt_time__lte=now - settings.AXES_COOLOFF_TIME).delete()
        with transaction.atomic():
            attempt, made = AccessAttempt.objects.get_or_create(
                username=name, ip_address=request.axes_ip_address, user_agent="", defaults={"failures_since_start": 1}
            )
            if not made:
                rows = AccessAttempt.objects.filter(pk=attempt.pk)
                rows.update(failures_since_start=F("failures_since_start") + 1, attempt_time=now)

    def user_logged_in(self, sender: object, request: SignInRequest, user: object, **kwargs: object) -> None:
        """Note who signed in from where, and forget the failures of this account from there."""
        request.axes_user_agent = request.axes_http_accept = ""
        super().user_logged_in(sender, request, user, **kwargs)


def forget_sign_ins(days: int) -> int:
    """Delete what is known of sign-ins older than so many days, and failures that count no more. Return how many rows."""
    now = timezone.now()
    old = {"attempt_time__lte": now - datetime.timedelta(days=days)}
    attempts = AccessAttempt.objects.filter(attempt_time__lte=now - settings.AXES_COOLOFF_TIME)
    deleted = [
        rows.delete()[0] for rows in (attempts, AccessLog.objects.filter(**old), AccessFailureLog.objects.filter(**old))
    ]
    return sum(deleted)
