"""The command verify_passages, which checks everything that is recorded of a source against its text."""

from __future__ import annotations

from django.core.management.base import BaseCommand, CommandParser

from ._sources import add_arguments, verify_file


class Command(BaseCommand):
    """Checks a source without changing anything; exits with 1 if a check fails."""

    help = (
        "Check a source's text, paragraphs, passages, names and words as printed against a file that holds the text. "
        "Every failure is one line on stderr; the exit code is 1 if there is any. Nothing is changed."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the arguments for the source and the file."""
        add_arguments(parser)

    def handle(self, *, source: str, text: str, **options: object) -> None:
        """Check the file and print the failures and a summary."""
        verify_file(self, source, text, as_it_is=True)
