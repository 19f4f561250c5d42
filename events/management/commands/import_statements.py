"""import_statements: statements out of a CSV file, or out of our own NDJSON export."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError

from base.records.publishing import Status
from events.importing.parse import UnusableFile
from events.importing.pipeline import ImportCounts, ProblemReport, StatementImport


class LinesRefused(CommandError):
    """Some lines went to the report; all others are in."""


class Command(BaseCommand):
    """Imports what is right, reports what is wrong, and exits with 1 if anything is."""

    help = (
        "Import statements from a CSV file (or .ndjson, as exported). Every line is checked as the admin's form would; "
        "wrong ones go to a report with line, column and what would be right, the others go in. docs/curation.md has the "
        "columns. A run that was stopped goes on with --existing skip."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Ask for the file and what to do with it."""
        parser.add_argument("file", type=Path, help="UTF-8; the first line names the columns")
        parser.add_argument("--report", type=Path, help="where problems go (default: FILE.problems.csv)")
        parser.add_argument("--dry-run", action="store_true", help="check everything and write nothing but the report")
        parser.add_argument(
            "--status",
            choices=[Status.DRAFT.value, Status.PUBLISHED.value],
            default=Status.DRAFT.value,
            help="published asks for what publishing asks for: a public speaker, a passage, a wording (default: %(default)s)",
        )
        parser.add_argument(
            "--existing",
            choices=["refuse", "skip"],
            default="refuse",
            help="what to do with a statement whose id is there already; it is never changed (default: %(default)s)",
        )
        parser.add_argument("--batch", type=int, default=2_000, help="lines a transaction (default: %(default)s)")
        parser.add_argument("--user", help="the account of the curator who imports, for the history")

    def handle(self, *args: Any, **options: Any) -> None:
        """Import, and say what went in."""
        path: Path = options["file"]
        if options["batch"] < 1:
            raise CommandError("--batch is a number of lines, at least 1.")
        place = options["report"] or path.with_name(f"{path.name}.problems.csv")
        if place.resolve() == path.resolve():
            raise CommandError("--report would overwrite the file itself.")
        dry = options["dry_run"]
        counts = ImportCounts()
        try:
            statement_import = StatementImport(
                path,
                batch=options["batch"],
                publish=options["status"] == Status.PUBLISHED,
                skip=options["existing"] == "skip",
                user=self.user(options["user"]),
                dry_run=dry,
            )
            with ProblemReport(place) as report:
                for counts in statement_import.run(report):
                    if options["verbosity"] > 1:
                        self.stdout.write(summary(counts, dry))
        except (UnusableFile, ImproperlyConfigured) as error:
            raise CommandError(str(error)) from None
        except DatabaseError as error:
            raise CommandError(
                f"The database refused a batch: {str(error).strip()}\n{summary(counts, dry)} Somebody may have changed the same "
                "records meanwhile. Run it again with --existing skip: it goes on where it stopped."
            ) from None
        except OSError as error:
            raise CommandError(f"Cannot write {place}: {error.strerror}.") from None
        if counts.refused:
            raise LinesRefused(f"{summary(counts, dry)} What is wrong with them stands in {place}.")
        if options["verbosity"]:
            self.stdout.write(summary(counts, dry))

    @staticmethod
    def user(name: str | None) -> int | None:
        """Return the account of this name."""
        if name is None:
            return None
        user = get_user_model().objects.filter(username=name).first()
        if user is None:
            raise CommandError(f"There is no account “{name}”.")
        return int(user.pk)


def summary(counts: ImportCounts, dry: bool) -> str:
    """Return in a sentence how many lines went in."""
    verb = "would be imported" if dry else "imported"
    return f"{counts.imported} statements {verb}, {counts.skipped} were there already, {counts.refused} lines refused."
