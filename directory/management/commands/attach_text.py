"""attach_text: keep a source's text here, so that passages can be read and checked."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from directory.verification import attach

from ._sources import add_arguments, checked


class Command(BaseCommand):
    """Stores the text of a source if, and only if, everything recorded of it agrees."""

    help = (
        "Check a file against everything recorded of the source, and store it if all agrees; else store nothing and "
        "exit with 1. Stored text is for curators: it is never exported, and public only if the source says so."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Ask for the source and the file."""
        add_arguments(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        """Check, store, and mark what is now proven."""
        source, text = checked(self, options)
        attach(source, text)
        self.stdout.write(f"Stored {len(text)} characters; {source.passages.count()} passages are verified.")
