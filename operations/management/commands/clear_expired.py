"""The command clear_expired, which deletes personal data that nobody needs any more."""

from __future__ import annotations

from django.core.management.base import BaseCommand

from operations.retention import TASKS


class Command(BaseCommand):
    """Runs all tasks of retention. Meant to be run every day."""

    help = (
        "Delete sessions that have ended, e-mail addresses of reports closed more than KEEP_CONTACT_DAYS ago, notes on signing "
        "in older than KEEP_SIGN_IN_DAYS, and counts of requests that no longer count. Run it every day."
    )

    def handle(self, *, verbosity: int, **options: object) -> None:
        """Run the tasks, and say what was deleted."""
        numbers = {name: task() for name, task in TASKS.items()}
        if verbosity:
            self.stdout.write(f"Deleted: {', '.join(f'{number} {name}' for name, number in numbers.items())}.")
