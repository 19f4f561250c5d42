"""Deletes personal data that nobody needs any more. docs/operating.md says what is kept for how long."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db.models import Max
from django.utils import timezone

from accounts.throttle import forget_sign_ins
from base.records.form_drafts import FormDraft
from desk.intake.drafts import delete_old_drafts
from desk.models import CardDraft
from events.models import StatementFile
from reports.limits import erase_old_senders
from reports.models import Report, State


def delete_expired_sessions() -> int:
    """Delete the sessions that have ended by themselves; return how many."""
    return Session.objects.filter(expire_date__lt=timezone.now()).delete()[0]


def erase_contacts() -> int:
    """Erase the e-mail addresses of reports that were closed more than KEEP_CONTACT_DAYS ago; return how many.

    The hash of a sender's network, which counts for an hour only, goes too. What the reader wrote stays: the public log answers it.
    """
    erase_old_senders()
    if not settings.KEEP_CONTACT_DAYS:
        return 0
    closed = Report.objects.exclude(state=State.OPEN).exclude(contact="").annotate(closed_at=Max("entries__at"))
    old = closed.filter(closed_at__lt=timezone.now() - timedelta(days=settings.KEEP_CONTACT_DAYS))
    keys = list(old.values_list("pk", flat=True))
    # A write raises the content version, and with it makes every page anew: none without need.
    return Report.objects.filter(pk__in=keys).update(contact="") if keys else 0


def delete_sign_ins() -> int:
    """Delete notes on signing in that are older than KEEP_SIGN_IN_DAYS; return how many."""
    return forget_sign_ins(settings.KEEP_SIGN_IN_DAYS) if settings.KEEP_SIGN_IN_DAYS else 0


def forget_clients() -> int:
    """Delete who asked more than a minute ago from the file of limits; return how many."""
    file = Path(settings.LIMITS_FILE)
    if not file.exists():
        return 0
    try:
        with closing(sqlite3.connect(file, timeout=5, isolation_level=None)) as counts:
            return max(counts.execute("DELETE FROM used WHERE whole_at < ?", (time.time(),)).rowcount, 0)
    except sqlite3.Error:
        return 0  # the site makes the file anew when it cannot be used


def delete_card_drafts() -> int:
    """Delete cards of the desk that were not saved and not touched for KEEP_CARD_DRAFT_DAYS; return how many."""
    if not settings.KEEP_CARD_DRAFT_DAYS:
        return 0
    old = CardDraft.objects.filter(updated_at__lt=timezone.now() - timedelta(days=settings.KEEP_CARD_DRAFT_DAYS))
    return old.delete()[0]


def delete_form_drafts() -> int:
    """Delete forms of the admin that were not saved and not touched for KEEP_CARD_DRAFT_DAYS; return how many."""
    if not settings.KEEP_CARD_DRAFT_DAYS:
        return 0
    old = FormDraft.objects.filter(updated_at__lt=timezone.now() - timedelta(days=settings.KEEP_CARD_DRAFT_DAYS))
    return old.delete()[0]


def delete_statement_files() -> int:
    """Delete files of the import page that were handed in more than KEEP_CARD_DRAFT_DAYS ago; return how many."""
    if not settings.KEEP_CARD_DRAFT_DAYS:
        return 0
    oldest = timezone.now() - timedelta(days=settings.KEEP_CARD_DRAFT_DAYS)
    return StatementFile.objects.filter(handed_in_at__lt=oldest).delete()[0]


TASKS: dict[str, Callable[[], int]] = {
    "sessions": delete_expired_sessions,
    "e-mail addresses of reports": erase_contacts,
    "sign-ins": delete_sign_ins,
    "unsaved cards of the desk": delete_card_drafts,
    "unsaved forms of the admin": delete_form_drafts,
    "files of statements": delete_statement_files,
    "counts of requests": forget_clients,
    "texts being taken in": delete_old_drafts,
}
