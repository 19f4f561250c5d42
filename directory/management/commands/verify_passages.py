"""verify_passages: does everything recorded of a source agree with its text?"""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from ._sources import add_arguments, checked


class Command(BaseCommand):
    """Checks and changes nothing; exits with 1 if anything fails."""

    help = (
        "Check a source's text, paragraphs, passages, names and words as printed against a file that holds the text. "
        "Every failure is one line on stderr; the exit code is 1 if there is any. Nothing is changed."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Ask for the source and the file."""
        add_arguments(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        """Check, and say what was found."""
        checked(self, options)
