"""The file of counts may be damaged, full or out of reach: it heals, requests go on being counted, and the log says so once."""

from __future__ import annotations

import contextlib
import logging
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings as configured
from django.test import Client, RequestFactory

from base import fair_use as limits
from operations.repeated_lines import OnceAMinute
from reports.limits import sender_of
from tests.config.test_fair_use import clock, limited  # noqa: F401  # fixtures


def asked(rf: RequestFactory, times: int = 4) -> list[int]:
    """Ask so many times, and return how long each time one has to wait."""
    return [taken.wait for _time in range(times) if (taken := limits.take(rf.get("/"), "reading"))]


@pytest.mark.parametrize("broken", ["a directory", "no place", "read-only", "full disk"])
def test_a_file_that_cannot_be_used_is_told_once_and_requests_are_counted_in_memory(
    limited: None,
    settings: Any,
    tmp_path: Path,
    rf: RequestFactory,
    caplog: Any,
    clock: Any,
    monkeypatch: pytest.MonkeyPatch,
    broken: str,
) -> None:
    (tmp_path / "file").write_text("")
    if broken == "a directory":
        settings.LIMITS_FILE = tmp_path
    elif broken == "no place":
        settings.LIMITS_FILE = tmp_path / "file" / "limits.sqlite3"
    else:
        limits.take(rf.get("/", REMOTE_ADDR="192.0.2.9"), "reading")
        pragma = "query_only = 1" if broken == "read-only" else "max_page_count = 1"
        limits._file().execute(f"PRAGMA {pragma}")
        if broken == "full disk":
            fill_up(limits._file())
    assert asked(rf) == [0, 0, 0, 20]
    assert len(caplog.records) == 1
    assert str(settings.LIMITS_FILE) in caplog.text
    if broken in ("read-only", "full disk"):
        clock.now += limits.FILE_RETRY + 31
        monkeypatch.setattr(limits, "log", None)  # it works again, so nothing is told
        assert asked(rf) == [0, 0, 0, 20]


def fill_up(file: sqlite3.Connection) -> None:
    """Write clients until the file may not grow any more."""
    with contextlib.suppress(sqlite3.OperationalError):
        for number in range(10_000):
            file.execute("INSERT INTO used VALUES (?, 9e9)", (f"{number:0100}",))


@pytest.mark.parametrize("damage", ["no database", "a damaged page", "a damaged log"])
def test_a_damaged_file_is_moved_aside_and_made_anew(
    limited: None, settings: Any, tmp_path: Path, rf: RequestFactory, caplog: Any, damage: str
) -> None:
    path = settings.LIMITS_FILE
    if damage == "no database":
        path.write_bytes(b"This is no database, but long enough to be looked at as one." * 100)
    else:
        limits.take(rf.get("/"), "reading")
        limits._file().execute("PRAGMA wal_checkpoint(TRUNCATE)")
        limits._close()
        content = path.read_bytes()
        path.write_bytes(content[:100] + b"\xff" * (len(content) - 100))
        if damage == "a damaged log":
            path.with_name("limits.sqlite3-wal").write_bytes(b"\xff" * 5000)
    assert asked(rf) == [0, 0, 0, 20]
    assert [record.getMessage().split(" was damaged")[0] for record in caplog.records] == [str(path)]
    assert (tmp_path / "limits.sqlite3.damaged").exists()
    assert sqlite3.connect(path).execute("SELECT count(*) FROM used").fetchone() == (1,)


def test_all_threads_go_on_with_the_new_file(limited: None, settings: Any, tmp_path: Path, rf: RequestFactory) -> None:
    with ThreadPoolExecutor(1) as other:
        other.submit(limits.take, rf.get("/"), "reading").result()
        limits._held.inode = settings.LIMITS_FILE.stat().st_ino
        assert limits._moved_aside()
        assert asked(rf, 2) == [0, 0]
        made = settings.LIMITS_FILE.stat().st_ino
        assert other.submit(asked, rf, 2).result() == [0, 20]
        assert settings.LIMITS_FILE.stat().st_ino == made
        other.submit(limits._close).result()


def test_a_site_with_many_ipv6_networks_is_one_sender_of_reports(rf: RequestFactory) -> None:
    def sender(address: str) -> str:
        return sender_of(rf.get("/", REMOTE_ADDR=address))

    assert sender("2001:db8:7:1::1") == sender("2001:db8:7:ffff::1")
    assert sender("2001:db8:7::1") != sender("2001:db8:8::1")


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/search/?q=film", "/search/suggest/?q=fi", "/statements/?q=film", "/th/people/"])
def test_search_and_lists_have_a_limit_that_people_do_not_meet(client: Client, limited: None, path: str) -> None:
    assert configured.RATE_LIMITS["pages"] == 4
    assert [client.get(path).status_code for _time in range(5)] == [200, 200, 200, 200, 429]


def test_a_line_that_is_repeated_is_written_once_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [1000.0]
    monkeypatch.setattr("operations.repeated_lines.time", SimpleNamespace(monotonic=lambda: clock[0]))
    once = OnceAMinute()

    def written(text: str, *values: object) -> str | None:
        record = logging.LogRecord("base", logging.WARNING, "", 0, text, values, None)
        return record.getMessage() if once.filter(record) else None

    assert written("lost %s", 1) == "lost 1"
    assert [written("lost %s", number) for number in range(2, 5)] == [None] * 3
    assert written("other") == "other"
    clock[0] += 61
    assert written("lost %s", 5) == "lost 5 (and 3 more of this kind)"
