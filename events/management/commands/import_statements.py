"""import_statements: statements out of a CSV file, or out of our own NDJSON export."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError

from base.records.publishing import Status
from events.importing.parse import UnusableFile, read_rows
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
        """Declare the file and the options."""
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
        parser.add_argument(
            "--allow-far-dates", action="store_true", help="dates more than 20 years ahead are meant, and no slip"
        )
        parser.add_argument(
            "--allow-other-languages",
            action="store_true",
            help="words as printed may be in another language than their source",
        )
        parser.add_argument("--batch", type=int, default=2_000, help="lines a transaction (default: %(default)s)")
        parser.add_argument("--user", help="the account of the curator who imports, for the history")

    def handle(self, *args: object, **options: Any) -> None:
        """Import the file, and say how many lines went in."""
        path: Path = options["file"]
        if options["batch"] < 1:
            raise CommandError("--batch is a number of lines, at least 1.")
        report_path = options["report"] or path.with_name(f"{path.name}.problems.csv")
        if report_path.resolve() == path.resolve():
            raise CommandError("--report would overwrite the file itself.")
        dry_run = options["dry_run"]
        counts = ImportCounts()
        try:
            statement_import = StatementImport(
                read_rows(path),
                path.name,
                batch=options["batch"],
                publish=options["status"] == Status.PUBLISHED,
                skip=options["existing"] == "skip",
                user=self.user(options["user"]),
                dry_run=dry_run,
                far_dates=options["allow_far_dates"],
                other_languages=options["allow_other_languages"],
            )
            with ProblemReport(report_path) as report:
                for counts in statement_import.run(report):
                    if options["verbosity"] > 1:
                        self.stdout.write(summary(counts, dry_run))
        except (UnusableFile, ImproperlyConfigured) as error:
            raise CommandError(str(error)) from None
        except DatabaseError as error:
            raise CommandError(
                f"The database refused a batch: {str(error).strip()}\n{summary(counts, dry_run)} Somebody may have changed the "
                "same records meanwhile. Run it again with --existing skip: it goes on where it stopped."
            ) from None
        except OSError as error:
            raise CommandError(f"Cannot write {report_path}: {error.strerror}.") from None
        if counts.refused:
            raise LinesRefused(f"{summary(counts, dry_run)} What is wrong with them stands in {report_path}.")
        if options["verbosity"]:
            self.stdout.write(summary(counts, dry_run))

    @staticmethod
    def user(name: str | None) -> int | None:
        """Return the key of the account with this name, or None without a name. Raises CommandError if there is none."""
        if name is None:
            return None
        user = get_user_model().objects.filter(username=name).first()
        if user is None:
            raise CommandError(f"There is no account “{name}”.")
        return int(user.pk)


def summary(counts: ImportCounts, dry_run: bool) -> str:
    """Return in a sentence how many lines went in."""
    verb = "would be imported" if dry_run else "imported"
    return f"{counts.imported} statements {verb}, {counts.skipped} were there already, {counts.refused} lines refused."
