"""What the commands that read a source's text share."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from base.text.suggestions import near_choices
from directory.models import Source
from directory.verification import verify


def add_arguments(parser: CommandParser) -> None:
    """Ask for the source and the file that holds its text."""
    parser.add_argument("source", help="public id of the source, such as film-workshop")
    parser.add_argument("--text", required=True, metavar="FILE", help="file that holds exactly the text, in UTF-8")


def find_source(slug: str) -> Source:
    """Return the source of this public id, or refuse and say which ids come near."""
    try:
        return Source.objects.get(slug=slug)
    except Source.DoesNotExist:
        known = list(Source.objects.order_by("slug").values_list("slug", flat=True))
        near = near_choices(slug, known, most=3, cutoff=0.4)
        hint = f"Did you mean {' or '.join(near)}?" if near else f"There are {len(known)} sources."
        raise CommandError(f"There is no source “{slug}”. {hint}") from None


def read_text(file: str) -> str:
    """Return a file's text without changing a character, line ends included."""
    try:
        return Path(file).read_bytes().decode("utf-8")
    except OSError as error:
        raise CommandError(f"Cannot read {file}: {error.strerror}.") from None
    except UnicodeDecodeError as error:
        raise CommandError(f"{file} is not UTF-8: byte {error.start} cannot be decoded.") from None


def checked(command: BaseCommand, options: dict[str, Any]) -> tuple[Source, str]:
    """Check the text against the source, print what was found, and end with 1 if anything failed."""
    source = find_source(options["source"])
    text = read_text(options["text"])
    report = verify(source, text)
    for failure in report.failures:
        command.stderr.write(failure)
    summary = f"{source.slug}: {report.summary}."
    if report.failures:
        raise CommandError(summary)
    command.stdout.write(summary)
    return source, text
