"""Personal data goes when nobody needs it any more, and nothing else does."""

from __future__ import annotations

import io
import sqlite3
import time
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from axes.models import AccessLog
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.utils import timezone

from base.changes.version import content_version
from base.fair_use import TABLE
from desk.models import CardDraft
from events.models import StatementFile
from reports.models import Report, ReportEntry, State
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_limits(settings: Any, tmp_path: Path) -> None:
    """Count requests in a file of the test."""
    settings.LIMITS_FILE = tmp_path / "limits.sqlite3"


def cleared() -> str:
    """Run the command and return what it says."""
    out = io.StringIO()
    call_command("clear_expired", stdout=out)
    return out.getvalue()


def report(state: str, days_ago: int, contact: str = "ann@example.org") -> Report:
    """Make a report that got its state so many days ago."""
    made = Report(
        record_kind="person", record_id="ann", record_path="/people/ann/", message="It is wrong.", contact=contact
    )
    made.answer = "It was."
    made.move_to(State.OPEN)
    if state != State.OPEN:
        made.move_to(state)
    ReportEntry.objects.update(at=timezone.now() - timedelta(days=400))
    last = made.entries.order_by("-id").first()
    ReportEntry.objects.filter(pk=last.pk).update(at=timezone.now() - timedelta(days=days_ago))  # type: ignore[union-attr]
    return made


@pytest.mark.parametrize("state", [State.ACCEPTED, State.DECLINED, State.WITHDRAWN])
def test_the_address_of_a_reader_goes_when_the_report_was_closed_long_ago(settings: Any, state: str) -> None:
    settings.KEEP_CONTACT_DAYS = 90
    old, young, still_open = report(state, 91), report(state, 89), report(State.OPEN, 400)
    ReportEntry.objects.filter(report=young).update(at=timezone.now() - timedelta(days=89))
    assert "1 e-mail addresses of reports" in cleared()
    contacts = [Report.objects.get(pk=made.pk).contact for made in (old, young, still_open)]
    assert contacts == ["", "ann@example.org", "ann@example.org"]
    assert Report.objects.get(pk=old.pk).message == "It is wrong."
    before = content_version()
    assert "0 e-mail addresses of reports" in cleared()
    assert content_version() == before  # nothing was written, so no page is made anew


def test_none_goes_where_they_are_kept_for_ever(settings: Any) -> None:
    settings.KEEP_CONTACT_DAYS = 0
    made = report(State.ACCEPTED, 4000)
    cleared()
    assert Report.objects.get(pk=made.pk).contact


def test_the_hash_of_a_sender_goes_after_its_hour() -> None:
    made = report(State.OPEN, 0)
    Report.objects.update(sender="a" * 64)
    cleared()
    assert Report.objects.get(pk=made.pk).sender == "a" * 64
    Report.objects.update(created_at=timezone.now() - timedelta(minutes=61))
    cleared()
    assert Report.objects.get(pk=made.pk).sender == ""


def test_sessions_that_have_ended_go() -> None:
    for key, hours in (("old", -1), ("young", 1)):
        Session.objects.create(session_key=key, expire_date=timezone.now() + timedelta(hours=hours))
    assert "1 sessions" in cleared()
    assert [session.session_key for session in Session.objects.all()] == ["young"]


def test_who_asked_a_minute_ago_is_forgotten(settings: Any) -> None:
    assert "0 counts of requests" in cleared()
    with closing(sqlite3.connect(settings.LIMITS_FILE, isolation_level=None)) as counts:
        counts.execute(TABLE)
        rows = [("old", time.time() - 1), ("young", time.time() + 30)]
        counts.executemany("INSERT INTO used (client, whole_at) VALUES (?, ?)", rows)
        assert "1 counts of requests" in cleared()
        assert counts.execute("SELECT client FROM used").fetchall() == [("young",)]
    Path(settings.LIMITS_FILE).write_text("no database")
    assert "0 counts of requests" in cleared()


def test_old_notes_on_signing_in_go(settings: Any) -> None:
    settings.KEEP_SIGN_IN_DAYS = 90
    for name, days in (("old", 91), ("young", 89)):
        note = AccessLog.objects.create(username=name)
        AccessLog.objects.filter(pk=note.pk).update(attempt_time=timezone.now() - timedelta(days=days))
    assert "1 sign-ins" in cleared()
    assert [note.username for note in AccessLog.objects.all()] == ["young"]


def test_cards_that_nobody_went_on_with_go(settings: Any) -> None:
    settings.KEEP_CARD_DRAFT_DAYS = 90
    user, source = User.objects.create_user("mai"), make.make_source()
    for key, days in (("old-card", 91), ("young-card", 89)):
        draft = CardDraft.objects.create(user=user, source=source, kind="quote", key=key, data="note=x")
        CardDraft.objects.filter(pk=draft.pk).update(updated_at=timezone.now() - timedelta(days=days))
    assert "1 unsaved cards of the desk" in cleared()
    assert [draft.key for draft in CardDraft.objects.all()] == ["young-card"]
    settings.KEEP_CARD_DRAFT_DAYS = 0
    CardDraft.objects.update(updated_at=timezone.now() - timedelta(days=900))
    assert "unsaved cards" not in cleared() or "0 unsaved cards" in cleared()
    assert CardDraft.objects.count() == 1


def test_files_of_statements_go(settings: Any) -> None:
    settings.KEEP_CARD_DRAFT_DAYS = 90
    user = User.objects.create_user("mai")
    for name, days in (("old.csv", 91), ("young.csv", 89)):
        handed_in_at = timezone.now() - timedelta(days=days)
        StatementFile.objects.create(user=user, name=name, packed=b"", lines=1, handed_in_at=handed_in_at)
    assert "1 files of statements" in cleared()
    assert [file.name for file in StatementFile.objects.all()] == ["young.csv"]
    settings.KEEP_CARD_DRAFT_DAYS = 0
    cleared()
    assert StatementFile.objects.exists()
