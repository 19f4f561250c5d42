"""The command publish_due, which publishes submissions on the date that an editor set."""

from __future__ import annotations

import logging

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from review.submissions import due_submissions, publish_if_due

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    """Publishes what is due. Meant to be run every few minutes."""

    help = (
        "Publish the submissions whose date has come, as they were when an editor set the date. What is not ready by then, or "
        "was changed since, stays in review, and the first page of the admin tells the editors. Run it every few minutes."
    )

    def handle(self, *, verbosity: int, **options: object) -> None:
        """Publish each submission in a transaction of its own, and say what was done. An error leaves it for the next time."""
        failed = 0
        for key in due_submissions(now := timezone.now()):
            try:
                outcome = publish_if_due(key, now)
            except Exception as error:  # whatever is wrong with one, the others are published
                failed += 1
                logger.exception("Submission %s was not published.", key)
                self.stderr.write(f"Submission {key}: {type(error).__name__}. It is tried again the next time.")
                continue
            if outcome is not None and verbosity:
                number = sum(map(len, outcome.published.values()))
                self.stdout.write(f"Submission {key}: {number} published, {len(outcome.refused)} not ready.")
        if failed:
            raise CommandError(f"{failed} submissions could not be published.")
