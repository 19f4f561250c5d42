"""The command backup, which writes the whole database to a file."""

from __future__ import annotations

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser

from operations.backup.backups import make_backup
from operations.backup.files import BackupFault


class Command(BaseCommand):
    """Makes a backup while the site goes on, and reads it once to see that it is whole."""

    help = (
        "Write the whole database, as it is at one moment, to FILE and its checksum to FILE.sha256. If FILE is a folder, to a "
        "new file there. The site may go on writing. docs/operating.md says what else to keep."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the file, and what to do with those that are there."""
        parser.add_argument(
            "file", metavar="FILE", type=Path, help="where to write; a folder gets a file named by the time"
        )
        parser.add_argument("--force", action="store_true", help="replace a file that exists")
        parser.add_argument("--keep", type=int, metavar="N", help="in a folder: then delete all but the newest N")

    def handle(self, *, file: Path, force: bool, keep: int | None, verbosity: int, **options: object) -> None:
        """Make the backup, or say why there is none."""
        if keep is not None and keep < 1:
            raise CommandError("--keep: give a whole number from 1.")
        try:
            target, deleted = make_backup(file, force=force, keep=keep)
        except BackupFault as fault:
            raise CommandError(f"No backup was made. {fault}") from fault
        if verbosity:
            size = target.stat().st_size / 1_000_000
            self.stdout.write(f"{target}: {size:.1f} MB, read and found whole. Old backups deleted: {len(deleted)}.")
