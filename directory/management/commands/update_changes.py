"""The command update_changes, which brings the change feed up to date and deletes its old lines."""

from __future__ import annotations

from datetime import timedelta

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from base.api.answers import answers
from base.changes import feed as changes


class Command(BaseCommand):
    """Notes changes as a request for the feed would, and deletes old lines."""

    help = (
        "Look at everything that was written since the change feed was last read, and tell it there. With --keep-days, "
        "also delete the lines that are older."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the option for how long lines are kept."""
        parser.add_argument("--keep-days", type=int, help="delete lines older than this many days (default: none)")

    def handle(self, *, keep_days: int | None, verbosity: int, **options: object) -> None:
        """Update the feed, and delete the old lines if asked."""
        changes.catch_up(answers)
        deleted = 0
        if keep_days is not None:
            deleted = changes.prune(timezone.now() - timedelta(days=max(keep_days, 0)))
        if verbosity:
            self.stdout.write(f"The change feed is up to date. Lines deleted: {deleted}.")
