"""Processes are killed while readers send reports: whoever was told that a report was kept finds it, and readers go on."""

from __future__ import annotations

import http.client
import logging
import os
import random
import re
import signal
import threading
import time
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from benchmarks.servers import Server, postgres
from reports import forms
from tests.config.sockets import seconds_to_answer, serve
from tests.config.test_serving import workers
from tests.config.test_settings import manage
from tests.pair import wait_until
from tests.reports.test_reporting import typed

pytestmark = [pytest.mark.once, pytest.mark.slow]

FORM = "/reports/new/?record=/people/tony-bui/"
KILLS = 3
PATIENCE = 120  # seconds that nothing takes unless it hangs
log = logging.getLogger(__name__)
FIELD = re.compile(r'name="(csrfmiddlewaretoken|started)" value="([^"]+)"')


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> Iterator[str]:
    """Return the address of a database of this kind; empty for the SQLite file in the folder of the site."""
    if request.param == "sqlite":
        yield ""
        return
    servers: Any = postgres()
    try:
        yield servers.address(servers.primary(replicated=False))
    finally:
        servers.stop()


class Senders:
    """Three readers that send one report after the other, and keep the addresses of those that were acknowledged."""

    def __init__(self, port: int) -> None:
        self.port, self.over = port, threading.Event()
        self.addresses: list[str] = []
        self.failures = 0
        self.numbers = count()
        self.open_form()
        self.threads = [threading.Thread(target=self.send_all) for _time in range(3)]
        for thread in self.threads:
            thread.start()

    def send_all(self) -> None:
        """Send reports until it is over."""
        while not self.over.is_set():
            try:
                self.addresses.append(self.send())
            except (OSError, http.client.HTTPException):
                self.failures += 1  # nothing was acknowledged
                time.sleep(0.05)

    def open_form(self) -> None:
        """Ask for the form once, as a browser does, and wait as long as a person takes to fill it in."""
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        line.request("GET", FORM)
        answer = line.getresponse()
        fields = dict(FIELD.findall(answer.read().decode()))
        self.cookie = (answer.getheader("Set-Cookie") or "").partition(";")[0]
        self.body = urlencode(
            {**typed(), "csrfmiddlewaretoken": fields["csrfmiddlewaretoken"], "started": fields["started"]}
        )
        line.close()
        time.sleep(forms.MIN_AGE + 1)

    def send(self) -> str:
        """Send a report, each from another address, and return the address of its page. Raises HTTPException if it is refused."""
        number = next(self.numbers)
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            headers = {
                "Cookie": self.cookie,
                "Content-Type": "application/x-www-form-urlencoded",
                "X-Forwarded-For": f"198.51.{number // 250}.{number % 250}",
            }
            line.request("POST", FORM, self.body, headers)
            answer = line.getresponse()
            answer.read()
            location = answer.getheader("Location")
            if answer.status != 302 or location is None:
                raise http.client.HTTPException(str(answer.status))
            return location.partition("?")[0]
        finally:
            line.close()

    def wait_for_more(self, number: int) -> None:
        """Wait until so many more reports were acknowledged."""
        enough = len(self.addresses) + number
        wait_until(lambda: len(self.addresses) >= enough, PATIENCE)

    def stop(self) -> None:
        """Send no more."""
        self.over.set()
        for thread in self.threads:
            thread.join(PATIENCE)


def ready(server: Server) -> set[str]:
    """Return the workers that have loaded the site: those that have started their threads. A machine that is busy takes long."""
    return {worker for worker in workers(server) if len(threads_of(worker)) > 2}


def threads_of(process: str) -> list[str]:
    """Return the threads of a process; none if it has just ended."""
    try:
        return os.listdir(f"/proc/{process}/task")
    except FileNotFoundError:
        return []


def kill(*processes: int) -> None:
    """End processes as a power cut would, but for what the system still writes to disk."""
    for process in processes:
        os.kill(process, signal.SIGKILL)


def test_no_acknowledged_report_is_lost_when_processes_are_killed(tmp_path: Path, database: str) -> None:
    address = {"DATABASE_URL": database} if database else {}
    assert manage(tmp_path, "migrate", "-v0", **address).returncode == 0
    assert manage(tmp_path, "loaddata", "film-workshop", "-v0", **address).returncode == 0
    environment = {"DATABASE_URL": database, "BEHIND_PROXY": "1"}
    server = serve(tmp_path, **environment)
    port = server.port
    senders = Senders(port)
    try:
        for _kill in range(KILLS):  # one worker: the other goes on, and it is replaced
            wait_until(lambda: len(ready(server)) == 2, PATIENCE)
            senders.wait_for_more(5)
            before = workers(server)
            kill(int(random.choice(sorted(before))))
            for _time in range(5):
                seconds_to_answer(server, patience=PATIENCE)
            senders.wait_for_more(1)
            wait_until(lambda before=before: len(ready(server)) == 2 and workers(server) != before, PATIENCE)
        for _kill in range(KILLS):  # all of them
            senders.wait_for_more(5)
            kill(server.process.pid, *map(int, workers(server)))
            server.process.wait()
            server = serve(tmp_path, port=port, **environment)
        senders.wait_for_more(5)
        senders.stop()
        lost = [page for page in senders.addresses if not is_there(port, page)]
        log.info(
            "%d kills, %d acknowledged, %d of them lost, %d cut off",
            2 * KILLS,
            len(senders.addresses),
            len(lost),
            senders.failures,
        )
        assert lost == []
        assert len(set(senders.addresses)) == len(senders.addresses) >= 5 * 2 * KILLS
    finally:
        senders.stop()
        server.stop()


def is_there(port: int, path: str) -> bool:
    """Whether there is a page at this path."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    line.request("GET", path)
    answer = line.getresponse()
    answer.read()
    line.close()
    return answer.status == 200
