"""count_quality: count the figures on quality of the tables that are too long to count while a reader waits."""

from __future__ import annotations

from django.core.management.base import BaseCommand

from events.quality import store_figures


class Command(BaseCommand):
    """Counts, and stores the figures for the page of data. Meant to be run every night, for instance."""

    help = "Count the figures of the page of data in every kind of row that is too long to be counted while a reader waits."

    def handle(self, *args: object, **options: object) -> None:
        """Count, and say how many figures there are."""
        number = store_figures()
        if options["verbosity"]:
            self.stdout.write(f"Figures counted: {number}. All others are counted when they are asked for.")
