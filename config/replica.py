"""Lets requests read a replica of the database while it is available and fresh enough: docs/decisions/016-read-replica.md."""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.db import DEFAULT_DB_ALIAS, Error, connections
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from base.sql.replica import REPLICA, configured, on_replica, read_primary, reading_replica
from base.sql.timeouts import lost, ran_out_of_time

CHECK_INTERVAL = 1.0  # seconds between two checks of how far the replica has got
MOST_PENDING = 100
RETRY_AFTER_FAILURE = 10.0  # seconds until a replica that failed is tried again
NEVER = float("-inf")

# A commit is visible once the primary has flushed it to its log. With synchronous_commit off it is visible earlier, by up to
# three rounds of the WAL writer (0.6 s with the default wal_writer_delay); this many seconds are allowed for that.
UNFLUSHED = 1.0
FLUSHED_POSITION = """
SELECT system_identifier, pg_wal_lsn_diff(pg_current_wal_flush_lsn(), '0/0'), current_setting('synchronous_commit') = 'off'
FROM pg_control_system()
"""
REPLAYED_POSITION = """
SELECT system_identifier, pg_wal_lsn_diff(pg_last_wal_replay_lsn(), '0/0'), pg_is_in_recovery() FROM pg_control_system()
"""

# Which server it is, the position in its log, and what the query asks beside: whether commits are visible early, whether the
# server is a replica.
LogPosition = tuple[int, int, bool]

log = logging.getLogger(__name__)


class ReplicaRouter:
    """Sends reads to the database that the middleware chose for the request, and writes to the primary."""

    def db_for_read(self, model: type[Model], **hints: object) -> str:
        """Return the database to read from.

        The database of a related row (a hint) does not count: the request may have switched to the primary since.
        """
        return REPLICA if on_replica() else DEFAULT_DB_ALIAS

    def db_for_write(self, model: type[Model], **hints: object) -> str:
        """Return the primary, and let the request read it from now on, so that it sees what it wrote."""
        read_primary()
        return DEFAULT_DB_ALIAS

    def allow_relation(self, one: Model, other: Model, **hints: object) -> bool:
        """Allow every relation, since both databases hold the same rows."""
        return True

    def allow_migrate(self, db: str, app_label: str, **hints: object) -> bool:
        """Allow migrations on the primary alone; the replica receives them by replication."""
        return db == DEFAULT_DB_ALIAS


class ReplicaWatch:
    """Tracks, for this process, up to which moment the replica has every write.

    It asks the primary for the position of its log and later checks whether the replica has replayed up to that position.
    It trusts neither the servers' clocks nor times in the log: on an idle primary the last replayed commit only gets older,
    and a replica that lost its primary looks as if it had nothing to replay.
    """

    def __init__(self) -> None:
        self.check_lock = threading.Lock()
        self.complete = NEVER  # time.monotonic() of the latest moment up to which the replica has everything
        self.next_check = NEVER
        # (moment, position of the log) of earlier checks whose position the replica had not replayed yet
        self.pending: deque[tuple[float, int]] = deque(maxlen=MOST_PENDING)

    def complete_until(self) -> float | None:
        """Return the moment up to which the replica has every write, in seconds since 1970; None if the primary is to be read.

        At most one thread a second asks the servers; two queries.
        """
        if time.monotonic() >= self.next_check and self.check_lock.acquire(blocking=False):
            try:
                self.check()
            finally:
                self.check_lock.release()
        age = time.monotonic() - self.complete
        return time.time() - age if age <= settings.REPLICA_MAX_LAG else None

    def check(self) -> None:
        """Compare the logs of both servers. One query each."""
        now = time.monotonic()
        self.next_check = now + CHECK_INTERVAL
        try:
            cluster, written, unflushed = _log_position(DEFAULT_DB_ALIAS, FLUSHED_POSITION)
        except Error as error:
            log.warning("The primary does not say how far it is: %s", str(error).strip())
            return
        pending = self.pending
        pending.append((now - UNFLUSHED if unflushed else now, written))
        try:
            other, replayed, follows = _log_position(REPLICA, REPLAYED_POSITION)
        except Error as error:
            self.suspend(str(error).strip())
            return
        if other != cluster or not follows:
            self.suspend("it is no copy of this primary, or follows it no more")
            return
        while pending and pending[0][1] <= replayed and pending is self.pending:
            self.complete = pending.popleft()[0]

    def suspend(self, reason: str) -> None:
        """Read the primary for some seconds, so that not every request waits for a replica that is unavailable."""
        log.warning("The replica is left alone for %d seconds: %s", RETRY_AFTER_FAILURE, reason)
        self.complete, self.next_check = NEVER, time.monotonic() + RETRY_AFTER_FAILURE
        # A new deque, so that a check that runs in another thread notices that its positions no longer count.
        self.pending = deque(maxlen=MOST_PENDING)


def _log_position(alias: str, query: str) -> LogPosition:
    with connections[alias].cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchone()


watch = ReplicaWatch()


class ReadReplicaMiddleware:
    """Lets requests without a session read the replica, and answers them from the primary where that fails.

    It is the last middleware, so that only the view runs a second time.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        if not configured():
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer the request from the replica if it may and can be, otherwise from the primary."""
        allowed = request.method in ("GET", "HEAD") and settings.SESSION_COOKIE_NAME not in request.COOKIES
        complete = watch.complete_until() if allowed else None
        if complete is not None:
            with reading_replica(complete):
                response = self.get_response(request)
            if not getattr(request, "replica_failed", False):
                return response
        return self.get_response(request)

    def process_view(
        self,
        request: HttpRequest,
        view: Callable[..., HttpResponseBase],
        _args: Sequence[object],
        _kwargs: dict[str, object],
    ) -> None:
        """Read the primary for views with `reads_primary`: they write, or stream an answer after the request has ended."""
        view_class = getattr(view, "cls", None) or getattr(view, "view_class", view)
        if getattr(view_class, "reads_primary", False):
            read_primary()

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Have the request answered again, from the primary, if the replica may be at fault.

        A missing table, for example, may be one that the replica has not received yet. A query that ran out of time is not
        tried again: it would take as long on the primary.
        """
        if not on_replica() or not isinstance(error, Error) or ran_out_of_time(error):
            return None
        if lost(error):
            watch.suspend(str(error).strip())
        request.replica_failed = True  # type: ignore[attr-defined]
        return HttpResponse(status=503)  # `__call__` answers anew instead of sending it
