"""Arguments and checks shared by the commands that read the text of a source."""

from __future__ import annotations

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser

from base.text.suggestions import near_choices
from directory.models import Source
from directory.verification import verify


def add_arguments(parser: CommandParser) -> None:
    """Add the arguments for the source and the file with its text."""
    parser.add_argument("source", help="public id of the source, such as film-workshop")
    parser.add_argument("--text", required=True, metavar="FILE", help="file that holds exactly the text, in UTF-8")


def find_source(slug: str) -> Source:
    """Return the source with this public id. Raises CommandError with similar ids."""
    try:
        return Source.objects.get(slug=slug)
    except Source.DoesNotExist:
        known = list(Source.objects.order_by("slug").values_list("slug", flat=True))
        near = near_choices(slug, known, most=3, cutoff=0.4)
        hint = f"Did you mean {' or '.join(near)}?" if near else f"There are {len(known)} sources."
        raise CommandError(f"There is no source “{slug}”. {hint}") from None


def read_text(file: str) -> str:
    """Return the text of a file unchanged, line ends included. Raises CommandError."""
    try:
        return Path(file).read_bytes().decode("utf-8")
    except OSError as error:
        raise CommandError(f"Cannot read {file}: {error.strerror}.") from None
    except UnicodeDecodeError as error:
        raise CommandError(f"{file} is not UTF-8: byte {error.start} cannot be decoded.") from None


def verify_file(command: BaseCommand, slug: str, file: str) -> tuple[Source, str]:
    """Check a file against the source with this public id, and return the source and the text of the file.

    Prints a summary, and each failure as a line on stderr. Raises CommandError if there is a failure.
    """
    source = find_source(slug)
    text = read_text(file)
    report = verify(source, text)
    for failure in report.failures:
        command.stderr.write(failure)
    summary = f"{source.slug}: {report.summary}."
    if report.failures:
        raise CommandError(summary)
    command.stdout.write(summary)
    return source, text
