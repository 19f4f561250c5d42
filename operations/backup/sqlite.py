"""Backup and restore of SQLite by its online backup API: readers and writers go on meanwhile."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from django.db.backends.base.base import BaseDatabaseWrapper

from operations.backup.files import BackupFault

PATIENCE = 60  # seconds to wait for others that write


@contextmanager
def _opened(file: Path, mode: str) -> Iterator[sqlite3.Connection]:
    """Open a file (`ro`: to read, `rw`: to write). Raises BackupFault for whatever goes wrong inside."""
    try:
        with closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode={mode}", uri=True, timeout=PATIENCE)) as database:
            yield database
    except sqlite3.OperationalError as error:  # busy, read-only, no room
        raise BackupFault(f"{file}: {error}.") from error
    except sqlite3.Error as error:
        raise BackupFault(f"{file} is damaged: {error}.") from error


def dump_sqlite(connection: BaseDatabaseWrapper, target: Path) -> None:
    """Write the database, as it is at one moment, to a file of its own.

    It is copied in one step, so that no write makes it begin again; in WAL mode nobody waits for that.
    """
    with _opened(Path(str(connection.settings_dict["NAME"])), "ro") as database, _opened(target, "rw") as copy:
        database.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")  # a single file, also when somebody looks into it


def migrations_in_sqlite(file: Path) -> set[tuple[str, str]]:
    """Return the migrations that a backup has. Raises BackupFault if it is damaged, or no database of this site."""
    with _opened(file, "ro") as database:
        findings = [row[0] for row in database.execute("PRAGMA integrity_check(3)")]
        if findings != ["ok"]:
            raise BackupFault(f"{file} is damaged: {' '.join('; '.join(findings).split())}.")
        for table, row, parent, _key in database.execute("PRAGMA foreign_key_check"):
            raise BackupFault(f"{file} is damaged: row {row} of {table} points at a row of {parent} that is not there.")
        if not database.execute("SELECT 1 FROM sqlite_master WHERE name = 'django_migrations'").fetchall():
            raise BackupFault(f"{file} is no backup of this site: it has no table django_migrations.")
        return set(database.execute("SELECT app, name FROM django_migrations"))


def restore_sqlite(connection: BaseDatabaseWrapper, backup: Path) -> None:
    """Replace the whole database by a backup, in one transaction: whoever reads meanwhile sees the one or the other."""
    file = Path(str(connection.settings_dict["NAME"]))
    connection.close()
    file.parent.mkdir(parents=True, exist_ok=True)
    if not file.exists():
        file.touch()
    with _opened(backup, "ro") as copy, _opened(file, "rw") as database:
        copy.backup(database)
