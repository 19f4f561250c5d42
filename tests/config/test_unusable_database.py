"""A database that is away, full, damaged, locked or may only be read: readers get what can be got, the rest is 503."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, InterfaceError, OperationalError, connection, connections, transaction
from django.test import Client, RequestFactory

from base.sql.timeouts import overloaded
from config.views import server_error
from directory.models import Person
from reports import forms
from tests import factories as make
from tests.config.sockets import exchange, serve, statuses
from tests.config.test_settings import manage
from tests.reports.test_reporting import typed

CODES = {
    "attempt to write a readonly database": sqlite3.SQLITE_READONLY,
    "database or disk is full": sqlite3.SQLITE_FULL,
    "disk I/O error": sqlite3.SQLITE_IOERR | 3 << 8,
    "unable to open database file": sqlite3.SQLITE_CANTOPEN,
    "database disk image is malformed": sqlite3.SQLITE_CORRUPT,
    "file is not a database": sqlite3.SQLITE_NOTADB,
    "database is locked": sqlite3.SQLITE_BUSY,
}
FORM = "/reports/new/?record=/people/ann-lee/"


def failure(text: str, code: int) -> DatabaseError:
    """Return the error with which Django tells about an error of SQLite."""
    cause = sqlite3.DatabaseError(text)
    cause.sqlite_errorcode = code
    error = DatabaseError(text)
    error.__cause__ = cause
    return error


@pytest.mark.parametrize("text", CODES)
def test_what_is_wrong_with_the_file_or_its_disk_is_no_fault_of_ours(text: str) -> None:
    assert overloaded(failure(text, CODES[text]))


def test_a_connection_that_was_closed_is_no_fault_of_ours() -> None:
    assert overloaded(InterfaceError("connection already closed"))
    assert overloaded(OperationalError("connection refused"))
    assert not overloaded(DatabaseError("a column is missing"))


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have every query fail as if the database were away."""
    make.make_person(slug="ann-lee")

    def fail(*_args: Any, **_kwargs: Any) -> None:
        raise OperationalError("connection refused")

    monkeypatch.setattr(type(connections["default"]), "cursor", fail)
    monkeypatch.setattr("base.sql.prepared.prepared_cursor", fail)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "address", ["/people/", "/api/v1/people/", "/api/v1/changes/", "/admin/", FORM, "/search/?q=film"]
)
def test_every_address_is_503_while_the_database_is_away(client: Client, broken: None, address: str) -> None:
    client.cookies["sessionid"] = "x" * 32
    client.raise_request_exception = False
    answer = client.get(address, follow=True)
    assert (answer.status_code, answer["Retry-After"]) == (503, "10")


@pytest.mark.django_db
@pytest.mark.parametrize("with_cookie", [True, False])
def test_a_report_is_503_while_the_database_is_away_with_a_cookie_or_without(broken: None, with_cookie: bool) -> None:
    client = Client(enforce_csrf_checks=not with_cookie, raise_request_exception=False)
    answer = client.post(FORM, typed())
    assert (answer.status_code, answer["Retry-After"]) == (503, "10")
    assert "no-store" in answer["Cache-Control"]


def test_other_errors_stay_500(rf: RequestFactory) -> None:
    try:
        raise ValueError
    except ValueError:
        assert server_error(rf.get("/api/v1/")).status_code == 500


@pytest.mark.django_db
def test_readers_go_on_where_nothing_may_be_written(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forms, "MIN_AGE", -1)
    make.make_person(slug="ann-lee")
    on, off = (
        ("PRAGMA query_only = 1", "PRAGMA query_only = 0")
        if connection.vendor == "sqlite"
        else ("SET TRANSACTION READ ONLY", "SELECT 1")
    )
    with transaction.atomic():  # so that PostgreSQL lets it be written again afterwards
        with connection.cursor() as cursor:
            cursor.execute(on)
        client.raise_request_exception = False
        assert [client.get(path).status_code for path in ("/people/ann-lee/", "/api/v1/people/")] == [200, 200]
        assert client.get("/api/v1/changes/").status_code == 503
        report = client.post(FORM, typed())
        assert (report.status_code, report["Retry-After"]) == (503, "10")
        with connection.cursor() as cursor:
            cursor.execute(off)
        transaction.set_rollback(True)


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/people/", "/api/v1/people/"])
def test_a_database_that_was_not_migrated_is_503_and_named(
    client: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, address: str
) -> None:
    def ask(*_args: Any, **_kwargs: Any) -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            table = Person._meta.db_table
            cursor.execute(f"ALTER TABLE {table} RENAME TO elsewhere")
            cursor.execute(f"SELECT * FROM {table}")

    monkeypatch.setattr("directory.api.views.PersonViewSet.paged_rows", ask)
    monkeypatch.setattr("directory.views.PersonList.get_queryset", ask)
    answer = client.get(address)
    assert (answer.status_code, answer["Retry-After"]) == (503, "10")
    assert "manage.py migrate" in caplog.text


# A SQLite file that is deleted or damaged -----------------------------------------------------------------------------
@pytest.mark.once
@pytest.mark.slow
def test_a_deleted_sqlite_file_is_503_until_it_is_back(migrated_file: Path, tmp_path: Path) -> None:
    file, away = tmp_path / "record.sqlite3", tmp_path / "away.sqlite3"
    environment = {"DATABASE_URL": f"sqlite:///{file}", "LOG_FORMAT": "plain"}
    shutil.copy(migrated_file, file)
    server = serve(tmp_path, **environment)
    ask = b"GET /api/v1/topics/ HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"
    try:
        for _time in range(6):  # each thread has a connection to the database
            assert statuses(exchange(server, ask)) == [200]
        file.rename(away)
        answers = [exchange(server, ask) for _time in range(6)]
        assert [statuses(answer) for answer in answers] == [[503]] * 6
        assert all(b"Retry-After: 10" in answer for answer in answers)
        assert not file.exists(), "no empty file takes its place"
        file.touch()
        assert statuses(exchange(server, ask)) == [503]
        away.rename(file)
        assert [statuses(exchange(server, ask)) for _time in range(6)] == [[200]] * 6
    finally:
        server.stop()
    written = (tmp_path / "log").read_text()
    assert "The database file was deleted or replaced" in written
    assert "manage.py migrate" in written


@pytest.mark.once
@pytest.mark.slow
def test_a_check_names_a_damaged_sqlite_file(migrated_file: Path, tmp_path: Path) -> None:
    file = tmp_path / "record.sqlite3"
    environment = {"DATABASE_URL": f"sqlite:///{file}"}
    shutil.copy(migrated_file, file)
    assert manage(tmp_path, "check", "--database", "default", **environment).returncode == 0
    with sqlite3.connect(file) as one:
        ((page,),) = one.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", [Person._meta.db_table])
    one.close()
    content = bytearray(file.read_bytes())
    size = int.from_bytes(content[16:18], "big")
    content[(page - 1) * size : (page - 1) * size + 100] = b"\xff" * 100
    file.write_bytes(content)
    done = manage(tmp_path, "check", "--database", "default", **environment)
    assert done.returncode == 1
    assert "(base.E004)" in done.stderr
    assert "is damaged" in done.stderr
    assert "manage.py restore" in done.stderr
    file.write_bytes(b"This is no database. " * 500)
    done = manage(tmp_path, "check", "--database", "default", **environment)
    assert (done.returncode, "file is not a database" in done.stderr) == (1, True)
    assert "manage.py restore" in done.stderr
    assert "Traceback" not in done.stderr


# Starting ------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("environment", "told"),
    [
        (
            {"DATABASE_URL": "postgres://user:hunter2@127.0.0.1:1/record"},
            "The database (127.0.0.1, record) cannot be used",
        ),
        (
            {"DATABASE_URL": "sqlite:////nowhere/at/all.sqlite3"},
            "The database (/nowhere/at/all.sqlite3) cannot be used",
        ),
        ({"VAR_DIR": "/proc/nowhere", "SECRET_KEY": "k" * 50}, "Setting VAR_DIR: /proc/nowhere cannot be made"),
    ],
)
def test_a_start_without_a_database_or_a_folder_is_told_in_one_line(
    tmp_path: Any, environment: dict[str, str], told: str
) -> None:
    done = manage(tmp_path, "start", "--no-serve", **environment)
    assert done.returncode != 0
    (line,) = done.stderr.splitlines()
    assert told in line
    assert "hunter2" not in line
