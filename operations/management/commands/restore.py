"""The command restore, which puts a backup in the place of the database."""

from __future__ import annotations

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser

from operations.backup.backups import restore_backup
from operations.backup.files import BackupFault


class Command(BaseCommand):
    """Restores what the command backup wrote, and runs the migrations that came since."""

    help = (
        "Put a backup that “manage.py backup” made in the place of the database, and bring it up to date. A database that is "
        "not empty is replaced only with --force. Everybody has to sign in again."
    )
    requires_system_checks: list[str] = []
    requires_migrations_checks = False

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the file, and leave to replace what is there."""
        parser.add_argument("file", metavar="FILE", type=Path, help="a file that “manage.py backup” wrote")
        parser.add_argument("--force", action="store_true", help="replace everything that the database holds now")

    def handle(self, *, file: Path, force: bool, verbosity: int, **options: object) -> None:
        """Restore the backup, or say why nothing was changed."""
        try:
            checked = restore_backup(file, force=force)
        except BackupFault as fault:
            raise CommandError(f"Nothing was restored. {fault}") from fault
        if verbosity:
            note = "" if checked else f" There was no {file.name}.sha256 to compare it with."
            self.stdout.write(
                f"The database is as {file} has it, and up to date.{note} Everybody has to sign in again."
            )
