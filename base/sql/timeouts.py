"""How long a reader's request may keep the database busy, and which errors of the database say that it took too long."""

from __future__ import annotations

import logging
import re
import sqlite3

from django.apps import apps
from django.conf import settings
from django.db import DatabaseError, InterfaceError, OperationalError
from django.db.backends.base.base import BaseDatabaseWrapper

RETRY_AFTER = 10  # seconds
TOO_SLOW = "The database took too long, or could not be reached. Ask for less, or again in a few seconds."
# Classes and codes of PostgreSQL: connection lost, too many connections, cancelled or ended by a timeout, a lock not obtained.
LOST = ("08", "53", "57P")
TIMEOUT = "57014"
CLASSES = ("08", "53", "57")
UNDEFINED_TABLE = "42P01"
CODES = ("25P03", "25P04", "55P03", "40P01", "25006")  # 25006: the server only reads
# Codes of SQLite: somebody else writes, a time limit, and what is wrong with the file or its disk.
UNAVAILABLE = (
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_INTERRUPT,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_CORRUPT,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_NOTADB,
)

log = logging.getLogger(__name__)


def set_time_limits(sender: type[BaseDatabaseWrapper], connection: BaseDatabaseWrapper, **_kwargs: object) -> None:
    """Set the time limits of a new connection (receives connection_created).

    Only processes that serve readers do so: a migration may take long.
    """
    limits = settings.DATABASE_LIMITS
    if settings.DB_POOLER and connection.vendor == "postgresql":
        return
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT set_config('statement_timeout', %s, false), set_config('lock_timeout', %s, false), "
                "set_config('idle_in_transaction_session_timeout', %s, false)",
                [f"{limits[name]}s" for name in ("statement", "lock", "idle")],
            )
        else:
            cursor.execute(f"PRAGMA busy_timeout = {limits['lock'] * 1000:d}")


def overloaded(error: BaseException) -> bool:
    """Whether this error says that the database is too slow, too busy or away, may not be written, is damaged or not migrated.

    Other errors of the database mean that we asked something wrong.
    """
    if not isinstance(error, DatabaseError | InterfaceError):
        return False
    if table := missing_table(error):
        log.error(
            "Answered 503: the table %s is missing. Run manage.py migrate, or put the right database back.", table
        )
        return True
    code: int | None = getattr(error.__cause__, "sqlite_errorcode", None)
    if code is not None:
        is_overload = code & 0xFF in UNAVAILABLE
    else:
        state = state_of(error)
        without_server = isinstance(error, OperationalError | InterfaceError) and not state
        is_overload = without_server or state[:2] in CLASSES or state in CODES
    if is_overload:
        log.error("Answered 503: %s", str(error).strip())
    return is_overload


def missing_table(error: BaseException) -> str:
    """Return the table of a model that the database does not have; empty if the error is another one."""
    reason, _line_feed, _where = str(error).partition("\n")
    if not (state_of(error) == UNDEFINED_TABLE or reason.startswith("no such table: ")):
        return ""
    tables = {model._meta.db_table for model in apps.get_models(include_auto_created=True)}
    return next((word for word in re.findall(r"\w+", reason) if word in tables), "")


def state_of(error: BaseException) -> str:
    """Return PostgreSQL's code of five characters for an error; empty if there was no connection to send one."""
    state: str | None = getattr(error.__cause__, "sqlstate", None)
    return state or ""


def lost(error: BaseException) -> bool:
    """Whether a server of PostgreSQL is away, is starting or stopping, or has no connection left."""
    if not isinstance(error, (OperationalError, InterfaceError)):
        return False
    state = state_of(error)
    return not state or state.startswith(LOST)


def ran_out_of_time(error: BaseException) -> bool:
    """Whether PostgreSQL stopped a query because it took too long."""
    return state_of(error) == TIMEOUT
