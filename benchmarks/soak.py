"""Keep a site busy at a part of what it can do, with one write a second, and watch what it uses.

    .venv/bin/python -m benchmarks.soak --minutes 30

It serves the article over a SQLite file of its own, or over DATABASE_URL, on the loopback address. Ends with 1 if any answer
was not 200.
"""

from __future__ import annotations

import argparse
import http.client
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path

from benchmarks.servers import Server

ROOT = Path(__file__).resolve().parent.parent
PATHS = (
    "/",
    "/people/",
    "/statements/",
    "/people/tony-bui/",
    "/api/v1/statements/",
    "/api/v1/people/",
    "/search/?q=film",
)
CONNECTIONS = 4
WRITE = """
import time
from directory.models import Topic
while True:
    Topic.objects.first().save()
    time.sleep(1)
"""


def process_figures(pid: int) -> dict[str, int]:
    """Return memory (kB), open files and threads of a process and its children, summed."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    figures: Counter[str] = Counter()
    for process in (str(pid), *children):
        status = dict(line.split(":", 1) for line in Path(f"/proc/{process}/status").read_text().splitlines())
        figures["memory"] += int(status["VmRSS"].split()[0])
        figures["threads"] += int(status["Threads"])
        figures["files"] += len(os.listdir(f"/proc/{process}/fd"))
    return dict(figures)


class Readers:
    """Clients that ask for pages in turn, each with a pause between two requests."""

    def __init__(self, port: int, pause: float) -> None:
        self.port, self.pause = port, pause
        self.answers: Counter[str] = Counter()
        self.seconds: list[float] = []
        self.over = threading.Event()
        self.threads = [threading.Thread(target=self.ask, args=(number,)) for number in range(CONNECTIONS)]
        for thread in self.threads:
            thread.start()

    def ask(self, number: int) -> None:
        """Ask until it is over."""
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        while not self.over.is_set():
            started = time.monotonic()
            try:
                line.request("GET", PATHS[number % len(PATHS)])
                answer = line.getresponse()
                answer.read()
                self.answers[str(answer.status)] += 1
            except (OSError, http.client.HTTPException) as error:
                self.answers[repr(error)] += 1
                line.close()
            self.seconds.append(time.monotonic() - started)
            number += 1
            self.over.wait(self.pause)
        line.close()

    def stop(self) -> None:
        """End them."""
        self.over.set()
        for thread in self.threads:
            thread.join()


def main() -> int:
    """Measure what the site can do, then keep it busy and print a line a minute."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--minutes", type=float, default=30)
    options.add_argument("--share", type=float, default=0.8, help="of the measured capacity")
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as var:
        limits = dict.fromkeys(("RATE_LIMIT", "RATE_LIMIT_HEAVY", "RATE_LIMIT_PAGES"), "0")
        environment = {"VAR_DIR": var, "HASHED_STATIC": "0", **limits}
        for command in (["migrate", "-v0"], ["loaddata", "film-workshop", "-v0"]):
            subprocess.run(
                [sys.executable, "manage.py", *command], cwd=ROOT, env={**os.environ, **environment}, check=True
            )
        serving = [sys.executable, "-m", "gunicorn", "--config", "python:config.gunicorn", "--bind", "127.0.0.1:{port}"]
        server = Server(Path(var) / "log", serving, **environment)
        writer = subprocess.Popen(
            [sys.executable, "manage.py", "shell", "-v0", "-c", WRITE], cwd=ROOT, env={**os.environ, **environment}
        )
        try:
            probe = Readers(server.port, 0)
            time.sleep(15)
            probe.stop()
            capacity = probe.answers.total() / 15
            busy = sum(probe.seconds) / len(probe.seconds)
            readers = Readers(server.port, max(0.0, CONNECTIONS / (given.share * capacity) - busy))
            print(f"{capacity:.0f} requests a second at most; {given.share:.0%} of that for {given.minutes:g} minutes")
            for minute in range(max(1, round(given.minutes))):
                before = readers.answers.total()
                time.sleep(60)
                recent = sorted(readers.seconds[-(readers.answers.total() - before) :])
                figures = process_figures(server.process.pid)
                rate = len(recent) / 60
                print(
                    f"{minute + 1} min: {rate:.0f}/s, median {recent[len(recent) // 2] * 1000:.1f} ms, "
                    f"99 % {recent[len(recent) * 99 // 100] * 1000:.0f} ms, {figures}, {dict(readers.answers)}",
                    flush=True,
                )
            readers.stop()
            print(Path(var, "log").read_text()[-2000:])
            return int(set(readers.answers) != {"200"} or writer.poll() is not None)
        finally:
            writer.terminate()
            writer.wait()
            server.stop()


if __name__ == "__main__":
    sys.exit(main())
