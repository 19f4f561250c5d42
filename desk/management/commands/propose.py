"""propose: what the rules find in an article, printed. Nothing is written."""

from __future__ import annotations

import json
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError

from desk.proposals import KnownNames, Proposal, RulesFault, UnknownLanguage, propose
from directory.management.commands._sources import find_source, read_text
from directory.models import Source

LONGEST = 1_000_000  # bytes of a file
SHOWN = 90  # characters of a text in the readable list


class Command(BaseCommand):
    """Prints names, quotes, reported speech, roles, bodies, events, initiatives and dates of a source or a file."""

    help = (
        "Propose records from an article: a stored source (public id or number), or a file with --text. Writes nothing. "
        "Spans are code points from 0 over the whole text, end exclusive. docs/proposal-rules.md says how."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the source or the file, the language and the form of the answer."""
        parser.add_argument("source", nargs="?", help="public id of a source whose text is stored, or its number")
        parser.add_argument("--text", metavar="FILE", help="a text in UTF-8 instead of a source; needs --language")
        parser.add_argument("--language", metavar="xx", help="en, th or vi (default: the language of the source)")
        parser.add_argument("--format", choices=["text", "json"], default="text", help="default: %(default)s")

    def handle(
        self, *, source: str | None, text: str | None, language: str | None, format: str, **options: object
    ) -> None:
        """Print the proposals."""
        if (source is None) == (text is None):
            raise CommandError("Name either a source, such as film-workshop, or a file: --text FILE --language en.")
        if text is not None:
            if not language:
                raise CommandError("Say in which language the file is: --language en, th or vi.")
            article = self._file(text)
        else:
            row = self._source(source or "")
            article, language = row.text, language or row.language
        try:
            proposals = propose(article, language, self._names())
        except (UnknownLanguage, RulesFault) as error:
            raise CommandError(str(error)) from None
        if format == "json":
            document = {"proposals": [proposal.as_document() for proposal in proposals]}
            self.stdout.write(json.dumps(document, ensure_ascii=False, indent=2))
            return
        for proposal in proposals:
            self.stdout.write(_line(article, proposal))
        self.stdout.write(f"{len(proposals)} proposals.")

    @staticmethod
    def _file(name: str) -> str:
        """Return the text of a file. Raises CommandError."""
        path = Path(name)
        try:
            size = path.stat().st_size
        except (OSError, ValueError) as error:
            raise CommandError(f"Cannot read {name}: {getattr(error, 'strerror', None) or error}.") from None
        if path.is_dir():
            raise CommandError(f"{name} is a directory. Name a file with the text of one article.")
        if size > LONGEST:
            raise CommandError(
                f"{name} has {size:,} bytes; an article of up to {LONGEST:,} can be read. Cut it into parts."
            )
        article = read_text(name)
        if not article.strip("\ufeff \t\r\n"):
            raise CommandError(f"{name} is empty. Name a file with the text of an article.")
        return article

    @staticmethod
    def _source(name: str) -> Source:
        """Return a source whose text is stored. Raises CommandError."""
        row = Source.objects.filter(pk=int(name)).first() if name.isdecimal() and len(name) < 18 else None
        row = row or find_source(name)
        if not row.text:
            raise CommandError(
                f"The text of “{row.slug}” is not stored. Store it with attach_text, or name a file: --text FILE --language "
                f"{row.language}."
            )
        return row

    def _names(self) -> KnownNames | None:
        """Return the names on record; without a database that can be read, none, and say so."""
        try:
            return KnownNames.from_database()
        except DatabaseError as error:
            self.stderr.write(f"The names on record cannot be read, so every name is a new one ({str(error).strip()}).")
            return None


def _line(article: str, proposal: Proposal) -> str:
    """Return a proposal as one line for reading."""
    paragraph = article.count("\n", 0, proposal.spans[0][0]) + 1
    text = " ".join(proposal.text.split())
    text = text if len(text) <= SHOWN else f"{text[: SHOWN - 1]}…"
    places = ", ".join(f"{start}-{end}" for start, end in proposal.spans)
    speaker = ""
    if proposal.speaker is not None:
        who = proposal.speaker.who
        speaker = f"; speaker {proposal.speaker.text}" + (f" ({who})" if who and who != proposal.speaker.text else "")
    record = f"; on record as {proposal.record['kind']} {proposal.record['id']}" if proposal.record else ""
    return (
        f"line {paragraph} {proposal.kind} [{places}] {text}{speaker}{record}; {proposal.score:.2f}: {proposal.reason}"
    )
