"""The site goes on answering while its workers are replaced."""

from __future__ import annotations

import http.client
import os
import shutil
import signal
import sys
import threading
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from benchmarks.servers import Server
from tests.pair import wait_until

pytestmark = pytest.mark.once


@pytest.fixture(scope="module")
def var(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return where a database is."""
    found = tmp_path_factory.mktemp("var")
    shutil.copy(migrated_file, found)
    return found


def served(var: Path, *options: str) -> Server:
    """Start the site as `manage.py start` does, on a free port."""
    command = [sys.executable, "-m", "gunicorn", "--config", "python:config.gunicorn", "--bind", "127.0.0.1:{port}"]
    environment = {"VAR_DIR": str(var), "DATABASE_URL": "", "HASHED_STATIC": "0", "RATE_LIMIT": "0"}
    return Server(var / "log", [*command, *options], **environment)


def workers(server: Server) -> set[str]:
    """Return the processes that answer."""
    return set(Path(f"/proc/{server.process.pid}/task/{server.process.pid}/children").read_text().split())


def asked(server: Server, seconds: float, meanwhile: Any) -> Counter[Any]:
    """Ask on a connection that is kept and on new ones until `meanwhile` is over; return how often what came back.

    It is given a function that waits until so many more answers have come.
    """
    found: Counter[Any] = Counter()
    until, over = time.monotonic() + seconds, threading.Event()

    def keep_asking(keep: bool) -> None:
        line = http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)
        while not over.is_set() and time.monotonic() < until:
            for path in ("/api/v1/topics/", "/reports/new/"):
                try:
                    line.request("GET", path, headers={} if keep else {"Connection": "close"})
                    answer = line.getresponse()
                    found[answer.status if answer.read() else "empty"] += 1
                except (OSError, http.client.HTTPException) as error:
                    found[repr(error)] += 1
                    line.close()
        line.close()

    threads = [threading.Thread(target=keep_asking, args=(number % 2 == 0,)) for number in range(2)]

    def more(number: int) -> None:
        enough = found.total() + number
        wait_until(lambda: found.total() >= enough, 20)

    for thread in threads:
        thread.start()
    try:
        meanwhile(more)
    finally:
        over.set()
        for thread in threads:
            thread.join(25)
    return found


def test_a_restart_of_the_workers_loses_no_request(var: Path) -> None:
    server = served(var)
    try:
        wait_until(lambda: len(workers(server)) == 2)
        first = workers(server)

        def restart(await_answers: Any) -> None:
            for _time in range(2):
                await_answers(10)
                before = workers(server)
                os.kill(server.process.pid, signal.SIGHUP)
                wait_until(lambda before=before: len(workers(server)) == 2 and not workers(server) & before, 20)
                await_answers(10)

        found = asked(server, 60, restart)
        assert not workers(server) & first
    finally:
        server.stop()
    assert (set(found), found[200] >= 40) == ({200}, True)


def test_workers_that_have_answered_their_number_are_replaced_unnoticed(var: Path) -> None:
    server = served(var, "--max-requests", "20", "--max-requests-jitter", "10")
    try:
        wait_until(lambda: len(workers(server)) == 2)
        first = workers(server)
        found = asked(server, 40, lambda _await: wait_until(lambda: not workers(server) & first, 30))
    finally:
        server.stop()
    assert (set(found), found[200] > 20) == ({200}, True)
