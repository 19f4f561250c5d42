"""Arguments and checks shared by the commands that read the text of a source."""

from __future__ import annotations

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser

from base.text.suggestions import near_choices
from directory.models import Source
from directory.source_texts import UnreadableText, accepted, decoded
from directory.verification import verify

SHOWN = 3  # failures that are listed where one cause explains them all


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
        return decoded(Path(file).read_bytes(), file)
    except OSError as error:
        raise CommandError(f"Cannot read {file}: {error.strerror}.") from None
    except UnreadableText as error:
        raise CommandError(str(error)) from None


def verify_file(command: BaseCommand, slug: str, file: str, *, as_it_is: bool) -> tuple[Source, str]:
    """Check a file against the source with this public id, and return the source and the text that is to be stored.

    `as_it_is`: whether to check the file just as it is. Otherwise what editors put round a text is taken off, which is told. Prints
    a summary, and each failure as a line on stderr; of those that all follow from one cause only the first. Raises CommandError if
    there is a failure.
    """
    source = find_source(slug)
    text = read_text(file)
    if not as_it_is:
        try:
            read = accepted(text, source.sha256)
        except UnreadableText as error:
            raise CommandError(f"{file}: {error}") from None
        text = read.text
        for change in read.changes:
            command.stdout.write(f"{file}: {change}")
    report = verify(source, text)
    shown = report.failures[:SHOWN] if report.cause and report.cause.explains_all else report.failures
    for failure in shown:
        command.stderr.write(failure)
    summary = f"{source.slug}: {report.summary}."
    if report.failures:
        if len(shown) < len(report.failures):
            command.stderr.write(f"… and {len(report.failures) - len(shown)} more, which all follow from this.")
        raise CommandError(f"{summary} {report.cause.sentence}" if report.cause else summary)
    command.stdout.write(summary)
    return source, text
