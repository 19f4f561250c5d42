"""count_quality: count the figures on quality of the kinds that have too many rows to be counted while a reader waits."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from events.quality import keep_figures


class Command(BaseCommand):
    """Counts, and keeps what it found for the page of data. To be run every night, say."""

    help = "Count the figures of the page of data in every kind of row that is too long to be counted while a reader waits."

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it."""
        kept = keep_figures()
        if options["verbosity"]:
            self.stdout.write(f"Figures counted: {kept}. All others are counted when they are asked for.")
