"""Alive and ready: two addresses for programs, which cost next to nothing and tell nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest
from django.db import OperationalError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from django.test.utils import CaptureQueriesContext

from operations import health
from operations.health import readiness

READY = {"status": "ok", "database": "ok", "migrations": "ok", "disk": "ok"}


@pytest.fixture(scope="module", autouse=True)
def migration_table(django_db_setup: None, django_db_blocker: Any) -> None:
    """Make the table where Django notes migrations, if the database of the tests was made without them."""
    with django_db_blocker.unblock():
        MigrationRecorder(connection).ensure_schema()


@pytest.fixture(autouse=True)
def anew(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Forget what was found, look at every request, and let Django see the migrations."""
    settings.MIGRATION_MODULES = {}
    monkeypatch.setattr(health, "CHECK_INTERVAL", 0.0)
    vars(readiness).update(vars(health.Readiness()))
    yield
    vars(readiness).update(vars(health.Readiness()))


@pytest.fixture
def migrated(db: None) -> None:
    """Make the database say that every migration was run, also where it was made without them."""
    recorder = MigrationRecorder(connection)
    recorder.migration_qs.all().delete()
    for key, migration in MigrationLoader(None).disk_migrations.items():
        for app, name in (key, *migration.replaces):
            recorder.record_applied(app, name)


def test_alive_asks_no_database(client: Client) -> None:
    answer = client.get("/healthz")  # without the mark django_db a query would fail
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


@pytest.mark.usefixtures("migrated")
def test_ready_asks_little_and_less_when_asked_often(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    assert (client.get("/readyz").status_code, client.get("/readyz").json()) == (200, READY)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        client.get("/readyz")
    assert len(queries) <= 2
    monkeypatch.setattr(health, "CHECK_INTERVAL", 60.0)
    client.get("/readyz")
    with CaptureQueriesContext(connection) as queries:
        assert [client.get("/readyz").json() for _time in range(20)] == [READY] * 20
    assert len(queries) == 0


@pytest.mark.usefixtures("migrated")
@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_what_the_answer_looks_like(client: Client, settings: Any, path: str) -> None:
    settings.RATE_LIMITS = {"reading": 1, "heavy": 1}
    settings.SECURE_SSL_REDIRECT = True
    for _time in range(3):
        answer = client.get(path, headers={"host": "10.0.0.7:8000"})  # a probe does not know our names
        assert (answer.status_code, answer["Content-Type"]) == (200, "application/json")
        assert answer["Cache-Control"] == "no-store"
        assert set(answer.headers) == {"Cache-Control", "Content-Type", "Permissions-Policy", "X-Request-ID"}
        assert not answer.cookies
    head = client.head(path)
    assert (head.status_code, head.content, head["Content-Length"]) == (200, b"", str(len(answer.content)))
    wrong = client.post(path)
    assert (wrong.status_code, wrong["Allow"]) == (405, "GET, HEAD")


@pytest.mark.usefixtures("migrated")
def test_not_ready_while_a_migration_is_missing(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    assert client.get("/readyz").status_code == 200
    MigrationRecorder(connection).migration_qs.filter(app="reports").delete()
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (503, {**READY, "status": "fault", "migrations": "fault"})
    assert answer["Cache-Control"] == "no-store"
    client.get("/readyz")
    assert caplog.messages == ["Not ready: migrations: some were not applied: run manage.py migrate"]


@pytest.mark.usefixtures("migrated")
def test_not_ready_while_the_database_is_away(
    client: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def away(*_arguments: object) -> None:
        raise OperationalError("connection to server at db.example failed: password of user site")

    monkeypatch.setattr(MigrationRecorder, "applied_migrations", away)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (503, {**READY, "status": "fault", "database": "fault"})
    assert "db.example" in caplog.text  # said to whoever runs the site alone
    assert client.get("/healthz").status_code == 200


class Usage(NamedTuple):
    """What is left of a disk."""

    free: int


@pytest.mark.usefixtures("migrated")
def test_not_ready_without_room(client: Client, settings: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    settings.READY_MIN_FREE_MB = 100
    for free, status in ((100_000_000, 200), (99_999_999, 503)):
        monkeypatch.setattr(health.shutil, "disk_usage", lambda _folder, free=free: Usage(free))
        answer = client.get("/readyz")
        assert (answer.status_code, answer.json()["disk"]) == (status, "ok" if status == 200 else "fault")
    monkeypatch.undo()
    settings.VAR_DIR = tmp_path / "gone"
    readiness.next_check = float("-inf")
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["disk"]) == (503, "fault")
    assert str(tmp_path) not in answer.text


def test_while_one_thread_looks_the_others_do_not_wait(client: Client) -> None:
    with readiness.lock:
        assert client.get("/readyz").status_code == 503
