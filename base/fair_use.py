"""Fair use: who asks, and how much each may ask. docs/decisions/012-fair-use.md says why it is counted in a file."""

from __future__ import annotations

import ipaddress
import logging
import math
import os
import random
import sqlite3
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

WINDOW = 60  # seconds: a quota is so many requests in a minute
PATIENCE = 0.2  # seconds to wait for another process that writes
SWEEP = 1000  # one request in so many clears away who came long ago
TABLE = "CREATE TABLE IF NOT EXISTS used (client TEXT PRIMARY KEY, whole_at REAL NOT NULL) WITHOUT ROWID"
# One statement, so that requests in other processes count as well. `whole_at` is when the client has its whole quota again: each
# request puts it off by one step, and none may put it off by more than the window; a moment behind that was written before the
# clock was set back.
BEGIN = "CASE WHEN whole_at > :now + :window + 1 THEN :now ELSE max(whole_at, :now) END"
TAKE = f"""
INSERT INTO used (client, whole_at) VALUES (:client, :now + :step)
ON CONFLICT (client) DO UPDATE SET whole_at = {BEGIN} + :step WHERE {BEGIN} + :step <= :now + :window + 1e-6
RETURNING whole_at
"""

FILE_RETRY = 30  # seconds until a file that could not be used is tried again
DAMAGED = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
READER_PREFIX = 64  # bits of an IPv6 address that one household has to itself
SENDER_PREFIX = 48  # bits that one site gets from its provider, and may divide as it likes

log = logging.getLogger(__name__)
_held = threading.local()


@dataclass(frozen=True)
class Taken:
    """What is left of a quota after a request; `wait` is in seconds, 0 if the request may be answered."""

    scope: str
    quota: int
    left: int
    whole_in: int
    wait: int

    @property
    def headers(self) -> dict[str, str]:
        """The headers that tell the client (draft-ietf-httpapi-ratelimit-headers)."""
        headers = {
            "RateLimit-Policy": f'"{self.scope}";q={self.quota};w={WINDOW}',
            "RateLimit": f'"{self.scope}";r={self.left};t={self.whole_in}',
        }
        return {**headers, "Retry-After": str(self.wait)} if self.wait else headers


def network_of(request: HttpRequest, prefix: int = READER_PREFIX) -> str:
    """Return the client's address; of IPv6 so many of the first bits.

    Behind n proxies (TRUSTED_PROXIES) it is the nth address of X-Forwarded-For from the right: those our proxies wrote, what
    stands left of them the sender may have made up. Without a proxy the header is not looked at.
    """
    address = request.META.get("REMOTE_ADDR", "")
    if settings.TRUSTED_PROXIES:
        forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
        address = forwarded[-min(settings.TRUSTED_PROXIES, len(forwarded))].strip()
    try:
        client = ipaddress.ip_address(_without_port(address))
    except ValueError:
        return ""  # all clients without an address share one limit
    if isinstance(client, ipaddress.IPv6Address):
        mapped = client.ipv4_mapped
        return str(mapped or ipaddress.ip_network((client.packed, prefix), strict=False))
    return str(client)


def _without_port(address: str) -> str:
    """Return an address as some proxies write it (192.0.2.1:4711, [2001:db8::1]:4711) without the port."""
    if address.startswith("["):
        return address[1:].partition("]")[0]
    return address.partition(":")[0] if address.count(":") == 1 else address


def hash_of(request: HttpRequest, salt: str, prefix: int = READER_PREFIX) -> str:
    """Return what a client is known by: a hash keyed with our secret. The address itself is never stored."""
    return salted_hmac(salt, network_of(request, prefix), algorithm="sha256").hexdigest()


def take(request: HttpRequest, scope: str) -> Taken | None:
    """Count a request. None if the scope has no limit.

    It is counted in the file, and in the memory of this process while the file cannot be used.
    """
    quota = settings.RATE_LIMITS[scope]
    if not quota:
        return None
    client = f"{scope}:{hash_of(request, 'limits.client')}"
    return _taken_in_file(scope, client, quota) or _memory.taken(scope, client, quota)


def _taken_in_file(scope: str, client: str, quota: int) -> Taken | None:
    """Count a request in the file. None if it cannot be used."""
    if time.time() < _memory.until:
        return None
    for _attempt in range(2):
        try:
            return _taken(_file(), scope, client, quota)
        except (sqlite3.Error, OSError) as error:
            code = getattr(error, "sqlite_errorcode", None) or 0
            if code & 0xFF in DAMAGED and _moved_aside():
                continue
            if code & 0xFF != sqlite3.SQLITE_BUSY:
                _close()
                _memory.until = time.time() + FILE_RETRY
            log.warning(
                "%s cannot be used, so each process counts requests for itself: %s", settings.LIMITS_FILE, error
            )
            return None
    return None


def _moved_aside() -> bool:
    """Move a damaged file out of the way, so that a new one is made. Return whether that went well."""
    path, opened = Path(settings.LIMITS_FILE), getattr(_held, "inode", None)
    _close()
    try:
        if opened is None or path.stat().st_ino == opened:  # otherwise another process or thread has moved it already
            path.replace(path.with_name(f"{path.name}.damaged"))
            for ending in ("-wal", "-shm"):
                path.with_name(path.name + ending).unlink(missing_ok=True)
            log.warning("%s was damaged. It is kept beside a new one, as %s.damaged.", path, path.name)
    except FileNotFoundError:
        pass
    except OSError:
        return False
    return True


def _taken(file: sqlite3.Connection, scope: str, client: str, quota: int) -> Taken:
    now, step = time.time(), WINDOW / quota
    row = file.execute(TAKE, {"client": client, "now": now, "step": step, "window": WINDOW}).fetchall()
    allowed = bool(row)
    if not allowed:
        row = file.execute("SELECT whole_at FROM used WHERE client = ?", (client,)).fetchall()
    whole_in = row[0][0] - now if row else 0.0
    if random.randrange(SWEEP) == 0:
        file.execute("DELETE FROM used WHERE whole_at < ?", (now,))
    wait = 0 if allowed else max(1, math.ceil(whole_in + step - WINDOW))
    return Taken(scope, quota, max(0, int((WINDOW - whole_in) / step + 1e-6)), max(0, math.ceil(whole_in)), wait)


def _file() -> sqlite3.Connection:
    """Return this thread's connection to the file of counts."""
    path, process = Path(settings.LIMITS_FILE), os.getpid()
    if getattr(_held, "key", None) != (path, process) or not _is_the_one_opened(path):
        _close()
        path.parent.mkdir(parents=True, exist_ok=True)
        _held.inode = path.stat().st_ino if path.exists() else None
        file = sqlite3.connect(path, timeout=PATIENCE, isolation_level=None)
        try:
            # Nothing here outlives a minute: it need not survive a power cut.
            for line in ("PRAGMA journal_mode=WAL", "PRAGMA synchronous=OFF", TABLE):
                file.execute(line)
        except sqlite3.Error:
            file.close()
            raise
        _held.key, _held.file, _held.inode = (path, process), file, path.stat().st_ino
    return _held.file


def _is_the_one_opened(path: Path) -> bool:
    """Whether the file at this path is the one that this thread opened: it may have been moved aside or deleted since."""
    try:
        return path.stat().st_ino == _held.inode
    except FileNotFoundError:
        return False


def _close() -> None:
    """Close this thread's connection to the file."""
    if getattr(_held, "key", None) and _held.key[1] == os.getpid():
        _held.file.close()
    _held.key = None


class _Memory:
    """Counts in the memory of this process, for as long as the file cannot be used."""

    def __init__(self) -> None:
        self.until = 0.0  # when the file is tried again
        self.lock = threading.Lock()
        self.table: sqlite3.Connection | None = None

    def taken(self, scope: str, client: str, quota: int) -> Taken:
        """Count a request."""
        with self.lock:
            if self.table is None:
                self.table = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
                self.table.execute(TABLE)
            return _taken(self.table, scope, client, quota)


_memory = _Memory()
