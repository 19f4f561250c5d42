"""Whether a SQLite file is damaged."""

from __future__ import annotations

import sqlite3

from django.db import DatabaseError
from django.db.backends.base.base import BaseDatabaseWrapper

HOW_TO_RESTORE = "Stop the site, keep the file, and run “manage.py restore” with the last backup."


def damage_of(connection: BaseDatabaseWrapper) -> str:
    """Return what SQLite finds wrong with its file; empty if it is sound."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA quick_check(3)")
            faults = "; ".join(" ".join(str(fault).split()) for (fault,) in cursor.fetchall())
    except DatabaseError as error:
        if not is_damage(error):
            raise
        return str(error)
    return "" if faults == "ok" else faults


def is_damage(error: DatabaseError) -> bool:
    """Whether SQLite says that the file is damaged, or no database."""
    code: int = getattr(error.__cause__, "sqlite_errorcode", 0)
    return code & 0xFF in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
