"""The command verify_passages, which checks everything that is recorded of a source against its text."""

from __future__ import annotations

from django.core.management.base import BaseCommand, CommandParser

from directory.verification import note_comparison

from ._sources import add_arguments, verify_file


class Command(BaseCommand):
    """Checks a source; exits with 1 if a check fails, and changes nothing unless the day is to be noted."""

    help = (
        "Check a source's text, paragraphs, passages, names and words as printed against a file that holds the text. "
        "Every failure is one line on stderr; the exit code is 1 if there is any. Nothing is changed, unless --note-day is "
        "given and all agrees: then readers are told that everything was compared today."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the arguments for the source and the file."""
        add_arguments(parser)
        parser.add_argument(
            "--note-day", action="store_true", help="if all agrees, tell readers the day of this comparison"
        )

    def handle(self, *, source: str, text: str, note_day: bool, **options: object) -> None:
        """Check the file and print the failures and a summary; note the day if asked to."""
        checked_source, _text = verify_file(self, source, text, as_it_is=True)
        if note_day:
            note_comparison(checked_source)
            self.stdout.write(
                f"Readers are told that {checked_source.slug} was compared on {checked_source.compared_on}."
            )
