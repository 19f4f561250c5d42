"""Makes a backup of the database that the site uses, and puts one in its place."""

from __future__ import annotations

from pathlib import Path

from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.loader import MigrationLoader

from base.changes.triggers import content_triggers
from operations.backup.files import BackupFault, compare_checksum, delete_old, new_name, written_whole
from operations.backup.postgresql import HEAD, dump_postgresql, migrations_in_postgresql, restore_postgresql
from operations.backup.sqlite import dump_sqlite, migrations_in_sqlite, restore_sqlite

SQLITE_HEAD = b"SQLite format 3\x00"


def make_backup(target: Path, *, force: bool = False, keep: int | None = None) -> tuple[Path, list[str]]:
    """Write a backup to a file, or to a new file of a folder; check that it can be read; delete old ones of the folder.

    Returns the file, and the names of those that were deleted. Raises BackupFault; then what was there before still is.
    """
    connection = connections[DEFAULT_DB_ALIAS]
    folder = target.is_dir()
    if keep is not None and not folder:
        raise BackupFault(f"--keep is for a folder of backups, and {target} is none.")
    if folder:
        target = target / new_name(connection.vendor)
    with written_whole(target, force=force) as draft:
        if connection.vendor == "sqlite":
            dump_sqlite(connection, draft)
        else:
            dump_postgresql(connection, draft)
        migrations_in(draft, connection)
    return target, delete_old(target.parent, keep) if keep is not None else []


def migrations_in(backup: Path, connection: BaseDatabaseWrapper) -> set[tuple[str, str]]:
    """Return the migrations that a backup has, after reading all of it. Raises BackupFault."""
    if connection.vendor == "sqlite":
        return migrations_in_sqlite(backup)
    return migrations_in_postgresql(backup, connection)


def vendor_of(backup: Path) -> str:
    """Return the kind of database that a backup is of. Raises BackupFault."""
    try:
        with backup.open("rb") as content:
            head = content.read(len(SQLITE_HEAD))
    except OSError as error:
        raise BackupFault(f"{backup} cannot be read: {error.strerror}.") from error
    if head == SQLITE_HEAD:
        return "sqlite"
    if head.startswith(HEAD):
        return "postgresql"
    raise BackupFault(f"{backup} is no backup: it is neither a file of SQLite nor one of pg_dump --format=custom.")


def restore_backup(backup: Path, *, force: bool = False) -> bool:
    """Put a backup in the place of the database, and bring it up to date with the code.

    Returns whether there was a checksum to compare it with. Raises BackupFault before anything is changed.
    """
    connection = connections[DEFAULT_DB_ALIAS]
    if vendor_of(backup) != connection.vendor:
        raise BackupFault(
            f"{backup} is a backup of {vendor_of(backup)}, the database (DATABASE_URL) is {connection.vendor}."
        )
    checked = compare_checksum(backup)
    refuse_newer(backup, migrations_in(backup, connection))
    if not force and (tables := connection.introspection.table_names()):
        raise BackupFault(
            f"The database is not empty: it has {len(tables)} tables. Everything in it would be replaced. "
            "Make a backup of it, then give --force."
        )
    if connection.vendor == "sqlite":
        restore_sqlite(connection, backup)
    else:
        restore_postgresql(connection, backup)
    bring_up_to_date()
    return checked


def refuse_newer(backup: Path, migrations: set[tuple[str, str]]) -> None:
    """Raise BackupFault if a backup has migrations that this code does not know."""
    disk = MigrationLoader(None).disk_migrations
    known = {*disk, *(key for migration in disk.values() for key in migration.replaces)}
    if ("directory", "0001_initial") not in migrations and not migrations & {k for k in known if k[0] == "directory"}:
        raise BackupFault(f"{backup} is no backup of this site: it has none of its migrations.")
    if unknown := sorted(".".join(key) for key in migrations - known):
        raise BackupFault(
            f"{backup} was made by a newer version of the site: this one does not know {', '.join(unknown[:3])}. "
            "Restore it with that version."
        )


def bring_up_to_date() -> None:
    """Run the migrations that the backup lacks; raise the content version above all that were given; sign everybody out."""
    call_command("migrate", verbosity=0, interactive=False, skip_checks=False)
    content_triggers.install(DEFAULT_DB_ALIAS, fill=True)
    Session.objects.all().delete()
