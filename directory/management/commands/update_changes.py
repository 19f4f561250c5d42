"""update_changes: bring the change feed up to date, and forget its old lines."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from base.api.answers import answers
from base.changes import feed as changes


class Command(BaseCommand):
    """Does what the first request for the feed would do, and prunes."""

    help = (
        "Look at everything that was written since the change feed was last read, and tell it there. With --keep-days, "
        "also delete the lines that are older."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Ask how long lines are kept."""
        parser.add_argument("--keep-days", type=int, help="delete lines older than this many days (default: none)")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it."""
        changes.catch_up(answers)
        deleted = 0
        if options["keep_days"] is not None:
            deleted = changes.prune(timezone.now() - timedelta(days=max(options["keep_days"], 0)))
        if options["verbosity"]:
            self.stdout.write(f"The change feed is up to date. Lines deleted: {deleted}.")
