"""Readers read the replica while it is there and fresh enough; docs/decisions/016-read-replica.md has the reasons."""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.db import DEFAULT_DB_ALIAS, Error, connections
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from base.sql.replica import REPLICA, configured, on_replica, read_primary, reading_replica
from base.sql.timeouts import lost, ran_out_of_time

LOOK_EVERY = 1.0  # seconds between two looks at how far the replica is
MOST_SEEN = 100
LEAVE_ALONE = 10.0  # seconds until a replica that failed is tried again
NEVER = float("-inf")

# A commit can be seen once the primary has flushed it, so who reads later reads it. With synchronous_commit off it can be seen
# before, by three turns of the WAL writer: 0.6 s unless wal_writer_delay says otherwise.
UNFLUSHED = 1.0
WRITTEN = """
SELECT system_identifier, pg_wal_lsn_diff(pg_current_wal_flush_lsn(), '0/0'), current_setting('synchronous_commit') = 'off'
FROM pg_control_system()
"""
REPLAYED = """
SELECT system_identifier, pg_wal_lsn_diff(pg_last_wal_replay_lsn(), '0/0'), pg_is_in_recovery() FROM pg_control_system()
"""

log = logging.getLogger("django.request")


class Router:
    """Sends the queries of a request where its middleware decided, and every write to the primary."""

    def db_for_read(self, model: Any, **hints: Any) -> str:
        """Return the database to read. Never that of a related row: it may have been read before the request changed over."""
        return REPLICA if on_replica() else DEFAULT_DB_ALIAS

    def db_for_write(self, model: Any, **hints: Any) -> str:
        """Return the primary. Who writes also reads it from now on, or would miss what was written."""
        read_primary()
        return DEFAULT_DB_ALIAS

    def allow_relation(self, one: Any, other: Any, **hints: Any) -> bool:
        """Allow it: both databases hold the same rows."""
        return True

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        """Migrate the primary alone; the replica follows by itself."""
        return db == DEFAULT_DB_ALIAS


class Watch:
    """Knows up to which moment the replica of this process has every write.

    It asks the primary how far the log is written, and later finds that the replica has replayed that much. No clock of a
    server and no time in the log is believed: on an idle primary the time of the last replayed commit only gets older, and
    of a replica that has lost its primary it looks as if there was nothing to replay.
    """

    def __init__(self) -> None:
        self.looking = threading.Lock()
        self.complete = NEVER  # time.monotonic() of the last moment that is known to be replayed
        self.next_look = NEVER
        self.seen: deque[tuple[float, int]] = deque(maxlen=MOST_SEEN)  # (moment, position of the log), not replayed yet

    def complete_until(self) -> float | None:
        """Return that moment in seconds since 1970; None if the primary is to be read. Looks if it is time to."""
        if time.monotonic() >= self.next_look and self.looking.acquire(blocking=False):
            try:
                self.look()
            finally:
                self.looking.release()
        age = time.monotonic() - self.complete
        return time.time() - age if age <= settings.REPLICA_MAX_LAG else None

    def look(self) -> None:
        """Ask both servers. One query each."""
        now = time.monotonic()
        self.next_look = now + LOOK_EVERY
        try:
            cluster, written, unflushed = _row(DEFAULT_DB_ALIAS, WRITTEN)
        except Error as error:
            log.warning("The primary does not say how far it is: %s", str(error).strip())
            return
        seen = self.seen
        seen.append((now - UNFLUSHED if unflushed else now, written))
        try:
            other, replayed, follows = _row(REPLICA, REPLAYED)
        except Error as error:
            self.leave(str(error).strip())
            return
        if other != cluster or not follows:
            self.leave("it is no copy of this primary, or follows it no more")
            return
        while seen and seen[0][1] <= replayed and seen is self.seen:
            self.complete = seen.popleft()[0]

    def leave(self, reason: str) -> None:
        """Read the primary for some seconds, so that not every request waits for a server that is away."""
        log.warning("The replica is left alone for %d seconds: %s", LEAVE_ALONE, reason)
        self.complete, self.next_look = NEVER, time.monotonic() + LEAVE_ALONE
        self.seen = deque(
            maxlen=MOST_SEEN
        )  # another one: whoever is just looking has the old one, and is not to go by it


def _row(alias: str, query: str) -> Any:
    with connections[alias].cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchone()


watch = Watch()


class ReadReplica:
    """Lets readers without a session read the replica, and answers from the primary where that fails.

    It stands last, so that nothing but the view is done again.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        if not configured():
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponseBase:
        """Answer."""
        may = request.method in ("GET", "HEAD") and settings.SESSION_COOKIE_NAME not in request.COOKIES
        complete = watch.complete_until() if may else None
        if complete is not None:
            with reading_replica(complete):
                response = self.get_response(request)
            if not getattr(request, "replica_failed", False):
                return response
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, _args: Any, _kwargs: Any) -> None:
        """Read the primary for views that say `reads_primary`: they write, or answer for longer than the request lasts."""
        found = getattr(view, "cls", None) or getattr(view, "view_class", view)
        if getattr(found, "reads_primary", False):
            read_primary()

    def process_exception(self, request: Any, error: Exception) -> HttpResponse | None:
        """Have the request answered again if the replica was at fault, or may have been.

        A table that is missing may be one that the replica has not got yet. What took too long would take as long again.
        """
        if not on_replica() or not isinstance(error, Error) or ran_out_of_time(error):
            return None
        if lost(error):
            watch.leave(str(error).strip())
        request.replica_failed = True
        return HttpResponse(status=503)  # nobody sees it
