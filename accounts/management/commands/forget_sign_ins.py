"""The command forget_sign_ins, to be run every day."""

from __future__ import annotations

from django.conf import settings
from django.core.management import BaseCommand, CommandParser

from accounts.throttle import forget_sign_ins


class Command(BaseCommand):
    """Deletes what is kept of sign-ins longer than needed."""

    help = "Delete who signed in, or failed to, more than SIGN_IN_LOG_DAYS ago."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the option for another number of days."""
        parser.add_argument("--days", type=int, default=settings.SIGN_IN_LOG_DAYS, help="how many days are kept")

    def handle(self, *, days: int, **options: object) -> None:
        """Delete, and say how many rows."""
        self.stdout.write(f"{forget_sign_ins(days)} rows deleted")
