"""The command attach_text, which stores the text of a source, so that passages can be read and checked."""

from __future__ import annotations

from django.core.management.base import BaseCommand, CommandParser

from directory.verification import attach

from ._sources import add_arguments, verify_file


class Command(BaseCommand):
    """Stores the text of a source if everything that is recorded of the source agrees with it."""

    help = (
        "Check a file against everything recorded of the source, and store it if all agrees; else store nothing and "
        "exit with 1. Stored text is for curators: it is never exported, and public only if the source says so."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the arguments for the source and the file."""
        add_arguments(parser)

    def handle(self, *, source: str, text: str, **options: object) -> None:
        """Check the file, store its text, and mark the passages as verified."""
        checked_source, content = verify_file(self, source, text, as_it_is=False)
        attach(checked_source, content)
        self.stdout.write(f"Stored {len(content)} characters; {checked_source.passages.count()} passages are verified.")
