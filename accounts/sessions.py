"""Sessions end after some idle time, and all of an account's at once where that is asked for."""

from __future__ import annotations

import time

from django.contrib.auth import SESSION_KEY
from django.contrib.auth.models import AbstractUser
from django.contrib.auth.signals import user_logged_in
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.models import Session
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone

SEEN = "seen"
STEP = 60  # seconds between two writes that put off the end of a session


def put_off_end(session: SessionBase) -> None:
    """Count the idle time anew from now (SESSION_COOKIE_AGE). Writes once a minute at most.

    Only what a person does may call this: a page that asks by itself would keep a forgotten window signed in.
    """
    now = int(time.time())
    if now - session.get(SEEN, 0) >= STEP:
        session[SEEN] = now


@receiver(user_logged_in)
def begin_idle_time(request: HttpRequest, **kwargs: object) -> None:
    """Count the idle time from the sign-in on."""
    put_off_end(request.session)


def end_sessions(user: AbstractUser, keep: str | None = None) -> int:
    """End all sessions of an account, except the one with the key `keep`. Return how many. Reads all living sessions."""
    living = Session.objects.filter(expire_date__gt=timezone.now()).exclude(session_key=keep)
    keys = [s.session_key for s in living.iterator() if s.get_decoded().get(SESSION_KEY) == str(user.pk)]
    return Session.objects.filter(session_key__in=keys).delete()[0]
