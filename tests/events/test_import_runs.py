"""Runs over a file on the page of the import: what ends them, what happens meanwhile, and what they leave."""

from __future__ import annotations

import datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError
from django.test import Client
from django.utils import timezone

from base.models import ChangeSet
from events.importing import file_runs
from events.models import Statement, StatementFile
from events.models.statement_files import MOST_SECONDS, SECONDS_TO_END, FileState
from tests.import_page import (
    PAGE,
    Cells,
    as_csv,
    body,
    good_line,
    handed_in_file,
    left,
    many,
    page_of,
    pressed,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def line() -> Cells:
    return good_line()


def test_a_page_that_is_closed_leaves_nothing(
    admin_client: Client, line: Cells, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(file_runs, "BATCH", 2)
    file = handed_in_file(admin_client, as_csv(many(line, 7)))
    response = pressed(admin_client, file, "start")
    parts = iter(response.streaming_content)
    next(parts)
    assert "2 of 7" in next(parts).decode()
    assert Statement.objects.exists(), "inside its transaction it has begun"
    left(response)
    assert not Statement.objects.exists()
    assert not ChangeSet.objects.exists()
    file.refresh_from_db()
    assert file.state == FileState.STOPPED
    assert "as when its page is closed" in page_of(admin_client, file)
    body(pressed(admin_client, file, "start"))
    assert Statement.objects.count() == 7


def test_a_run_whose_process_was_ended_can_be_started_again(admin_client: Client, line: Cells) -> None:
    file = handed_in_file(admin_client, as_csv([line]))
    file_runs.start_run(file)  # and the process ends: nobody notes anything
    response = admin_client.get(f"{PAGE}{file.pk}/")
    assert response.headers["Refresh"] == "3"
    assert "being taken in" in response.content.decode()
    assert pressed(admin_client, file, "start").status_code == 302, "it may be going on"
    assert not Statement.objects.exists()
    just_over = timezone.now() - datetime.timedelta(seconds=MOST_SECONDS + 1)
    StatementFile.objects.update(started_at=just_over)
    assert pressed(admin_client, file, "start").status_code == 302, "its transaction may be being stored"
    assert not Statement.objects.exists()
    long_ago = just_over - datetime.timedelta(seconds=SECONDS_TO_END)
    StatementFile.objects.update(started_at=long_ago)
    assert "It was stopped before the end" in page_of(admin_client, file)
    body(pressed(admin_client, file, "start"))
    assert Statement.objects.count() == 1


def test_a_run_ends_itself_in_time(admin_client: Client, line: Cells, monkeypatch: pytest.MonkeyPatch) -> None:
    file = handed_in_file(admin_client, as_csv([line]))
    monkeypatch.setattr(file_runs, "MOST_SECONDS", -1)
    body(pressed(admin_client, file, "start"))
    assert "longer than a minute" in page_of(admin_client, file)
    assert not Statement.objects.exists()


def test_a_run_looks_at_the_clock_before_it_notes_its_end(
    admin_client: Client, line: Cells, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = handed_in_file(admin_client, as_csv([line]))
    file_runs.start_run(file)
    run = file_runs.take_in(file)
    assert next(run) == 1
    monkeypatch.setattr("events.importing.file_runs.time.monotonic", lambda: float("inf"))
    assert list(run) == [], "the page took its last part very late"
    monkeypatch.undo()
    assert "longer than a minute" in page_of(admin_client, file)
    assert not Statement.objects.exists()


def test_of_two_runs_of_a_file_one_takes_it_in(admin_client: Client, line: Cells) -> None:
    file = handed_in_file(admin_client, as_csv([line]))
    file_runs.start_run(file)
    run = file_runs.take_in(file)
    next(run)
    StatementFile.objects.update(started_at=timezone.now())  # as the second, after the first was taken to be over
    assert list(run) == []
    assert not Statement.objects.exists()
    assert not ChangeSet.objects.exists()


def test_a_check_leaves_what_another_page_did_meanwhile(admin_client: Client, line: Cells) -> None:
    file = handed_in_file(admin_client, as_csv(many(line, 2)))
    response = pressed(admin_client, file, "check")
    body(pressed(admin_client, file, "start"))
    before = StatementFile.objects.values().get()
    body(response)
    assert StatementFile.objects.values().get() == before, "it is in"
    file = handed_in_file(admin_client, as_csv([line]))
    response = pressed(admin_client, file, "check")
    file_runs.start_run(file)
    body(response)
    file.refresh_from_db()
    assert file.state == FileState.RUNNING
    file = handed_in_file(admin_client, as_csv([line]))
    response = pressed(admin_client, file, "check")
    pressed(admin_client, file, "forget")
    body(response)
    assert not StatementFile.objects.filter(pk=file.pk).exists(), "what was forgotten does not come back"


def test_the_page_tells_what_the_import_did_and_not_what_its_check_found(admin_client: Client, line: Cells) -> None:
    lines = many(line, 4)
    file = handed_in_file(admin_client, as_csv(lines), skip="on")
    body(pressed(admin_client, handed_in_file(admin_client, as_csv(lines[:1])), "start"))
    body(pressed(admin_client, file, "start"))
    page = page_of(admin_client, file)
    assert "3 statements were taken in" in page
    assert "new: 3 · there already: 1" in page
    assert "film 1" not in page


def test_the_bound_of_rows_holds_for_what_the_import_makes(
    admin_client: Client, line: Cells, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = many(line, 2)
    body(pressed(admin_client, handed_in_file(admin_client, as_csv(lines)), "start"))
    file = handed_in_file(admin_client, as_csv(many(line, 3)), skip="on")
    Statement.objects.all().delete()
    monkeypatch.setattr(file_runs, "MOST_ROWS", 4)
    body(pressed(admin_client, file, "start"))
    assert "at most 4 can be undone" in page_of(admin_client, file)
    assert not Statement.objects.exists()


def test_a_check_that_was_ended_is_done_again(admin_client: Client, line: Cells) -> None:
    response = admin_client.post(PAGE, {"file": SimpleUploadedFile("statements.csv", as_csv([line]))})
    next(iter(response.streaming_content))
    left(response)
    file = StatementFile.objects.get()
    assert file.state == FileState.UNCHECKED
    page = page_of(admin_client, file)
    assert "did not come to its end" in page
    assert 'value="start"' not in page
    assert pressed(admin_client, file, "start").status_code == 302
    body(pressed(admin_client, file, "check"))
    file.refresh_from_db()
    assert file.state == FileState.CHECKED


def test_a_busy_database_is_told(admin_client: Client, line: Cells, monkeypatch: pytest.MonkeyPatch) -> None:
    file = handed_in_file(admin_client, as_csv([line]))

    def busy(*_args: object) -> None:
        raise OperationalError("database is locked")

    monkeypatch.setattr("events.importing.load.StatementLoader.write", busy)
    body(pressed(admin_client, file, "start"))
    assert "The database was busy" in page_of(admin_client, file)
    file.refresh_from_db()
    assert file.state == FileState.STOPPED


def test_what_changed_after_the_check_stops_the_run(admin_client: Client, line: Cells) -> None:
    file = handed_in_file(admin_client, as_csv(many(line, 3)))
    other = handed_in_file(admin_client, as_csv(many(line, 1)))
    body(pressed(admin_client, other, "start"))
    body(pressed(admin_client, file, "start"))
    assert "changed after it was checked" in page_of(admin_client, file)
    assert Statement.objects.count() == 1
    body(pressed(admin_client, file, "check"))
    file.refresh_from_db()
    assert file.counts["refused"] == 1


def test_more_than_can_be_undone_is_refused(admin_client: Client, line: Cells, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file_runs, "MOST_ROWS", 4)
    file = handed_in_file(admin_client, as_csv(many(line, 2)))
    assert "It would add 5 statements, wordings and passages; at most 4" in page_of(admin_client, file)
    assert pressed(admin_client, file, "start").status_code == 302
    assert not Statement.objects.exists()
