"""A primary and a replica that streams from it, on servers of their own, for tests that slow them down and kill them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings

ROOT = Path(settings.BASE_DIR)


class Pair:
    """A primary with the article, and a replica that streams from it."""

    def __init__(self, servers: Any, var: Path) -> None:
        self.servers, self.var = servers, var
        self.main = servers.primary(replicated=True)
        self.primary_url = servers.address(self.main)
        # As in life: a commit waits until it is on the disk (which the server of the tests takes lightly).
        self.primary("ALTER DATABASE app SET synchronous_commit = on")
        self.primary("ALTER SYSTEM SET max_standby_streaming_delay = '300ms'")  # for the replica, which copies it
        self.manage("migrate", "-v0")
        self.manage("loaddata", "film-workshop", "-v0")
        self.copy = servers.replica(self.main)
        self.replica_url = servers.address(self.copy)

    def manage(self, *command: str) -> None:
        """Run a command of the site over the primary."""
        env = {**os.environ, "DATABASE_URL": self.primary_url, "VAR_DIR": str(self.var)}
        subprocess.run([sys.executable, "manage.py", *command], cwd=ROOT, env=env, check=True)

    def primary(self, sql: str, *values: Any) -> list[Any]:
        """Run a statement there."""
        return self._rows(self.main, sql, values)

    def replica(self, sql: str, *values: Any) -> list[Any]:
        """Run a statement there."""
        return self._rows(self.copy, sql, values)

    def _rows(self, port: int, sql: str, values: Any) -> list[Any]:
        address = self.servers.address(port).replace("postgres:", "postgresql:")
        with psycopg.connect(address, autocommit=True) as connection:
            found = connection.execute(sql, values)
            return found.fetchall() if found.description else []

    def readers(self) -> int:
        """Return how many programs are connected to the replica, beside us."""
        return int(self.replica("SELECT count(*) - 1 FROM pg_stat_activity WHERE datname = 'app'")[0][0])

    def pause(self) -> None:
        """Have the replica receive what is written, and not show it."""
        self.replica("SELECT pg_wal_replay_pause()")
        wait_until(lambda: self.replica("SELECT pg_get_wal_replay_pause_state()") == [("paused",)])

    def resume(self) -> None:
        """Let it go on, and wait until it has everything."""
        self.replica("SELECT pg_wal_replay_resume()")
        ((written,),) = self.primary("SELECT pg_current_wal_flush_lsn()::text")
        wait_until(lambda: self.replica("SELECT pg_last_wal_replay_lsn() >= %s::pg_lsn", written) == [(True,)])

    def kill(self) -> None:
        """End the replica as a power cut would."""
        os.killpg(self.servers.running[-1].pid, signal.SIGKILL)
        self.servers.running[-1].wait()
        wait_until(lambda: not self.children())

    def children(self) -> list[str]:
        """Return the processes that the killed server left; they notice a moment later."""
        found = subprocess.run(["pgrep", "-g", str(self.servers.running[-1].pid)], capture_output=True, text=True)
        return found.stdout.split()

    def start_again(self) -> None:
        """Start the replica at its old address."""
        self.servers.start(f"{self.servers.base}/copy", replicated=True, port=self.copy)
        self.resume_if_paused()

    def resume_if_paused(self) -> None:
        """Leave the replica as the next test expects it."""
        if self.replica("SELECT pg_is_wal_replay_paused()") == [(True,)]:
            self.resume()


def wait_until(true: Any, seconds: float = 15) -> None:
    """Wait until something is so."""
    until = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < until, "it took too long"
        time.sleep(0.02)
