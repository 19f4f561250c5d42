"""Keep a site busy at a part of what it can do, with one write a second, and watch what it uses.

    .venv/bin/python -m benchmarks.soak --minutes 30

It serves the article over a SQLite file of its own, or over DATABASE_URL, on the loopback address. Ends with 1 if any answer
was not 200.
"""

from __future__ import annotations

import argparse
import http.client
import os
import re
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
WARM_SECONDS, PROBE_SECONDS = 5, 15
FAULT = re.compile(r"\b(WARNING|ERROR|CRITICAL)\b")
WRITE = """
import time
from directory.models import Topic
while True:
    Topic.objects.first().save()
    time.sleep(1)
"""


def process_figures(pid: int) -> str:
    """Return memory (MB), open descriptors and threads of a server's workers, each after the other."""
    workers = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    figures = []
    for worker in workers:
        status = dict(line.split(":", 1) for line in Path(f"/proc/{worker}/status").read_text().splitlines())
        memory, files = int(status["VmRSS"].split()[0]) // 1024, len(os.listdir(f"/proc/{worker}/fd"))
        figures.append(f"{memory} MB, {files} descriptors, {int(status['Threads'])} threads")
    return "; ".join(figures)


def percentiles(seconds: list[float]) -> str:
    """Return median, 95 % and 99 % of the times that requests took, in milliseconds."""
    ordered = sorted(seconds)
    found = (ordered[len(ordered) * share // 100] * 1000 for share in (50, 95, 99))
    return "p50 {:.1f} ms, p95 {:.1f} ms, p99 {:.1f} ms".format(*found)


class Readers:
    """Clients that ask for pages in turn, each once in `period` seconds, or as fast as it is answered if that is 0."""

    def __init__(self, port: int, period: float) -> None:
        self.port, self.period = port, period
        self.answers: Counter[str] = Counter()
        self.seconds: list[float] = []
        self.over = threading.Event()
        self.threads = [threading.Thread(target=self.ask, args=(number,)) for number in range(CONNECTIONS)]
        for thread in self.threads:
            thread.start()

    def ask(self, number: int) -> None:
        """Ask until it is over."""
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        due = time.monotonic()
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
            due = max(due + self.period, started)  # what was late is not made up for
            self.over.wait(max(0.0, due - time.monotonic()))
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
            time.sleep(WARM_SECONDS)
            warm = probe.answers.total()
            time.sleep(PROBE_SECONDS)
            capacity = (probe.answers.total() - warm) / PROBE_SECONDS
            probe.stop()
            readers = Readers(server.port, CONNECTIONS / (given.share * capacity))
            print(f"{capacity:.0f} requests a second at most; {given.share:.0%} of that for {given.minutes:g} minutes")
            print(f"start: {process_figures(server.process.pid)}", flush=True)
            for minute in range(max(1, round(given.minutes))):
                before = len(readers.seconds)
                time.sleep(60)
                recent = readers.seconds[before:]
                print(
                    f"{minute + 1} min: {len(recent) / 60:.0f}/s, {percentiles(recent)}; "
                    f"{process_figures(server.process.pid)}; {dict(readers.answers)}",
                    flush=True,
                )
            readers.stop()
            with Path(var, "log").open() as lines:
                faults = [line.strip() for line in lines if FAULT.search(line)]
            print(f"{len(faults)} warnings and errors in the log", *faults[:5], sep="\n")
            print(f"All: {percentiles(readers.seconds)}; answers by status: {dict(readers.answers)}")
            return int(set(readers.answers) != {"200"} or writer.poll() is not None)
        finally:
            writer.terminate()
            writer.wait()
            server.stop()


if __name__ == "__main__":
    sys.exit(main())
