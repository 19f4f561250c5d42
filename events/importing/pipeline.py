"""Runs an import: a batch is read and validated while the one before is written.

A second thread does what needs no database; the calling thread makes all queries. A batch is one transaction, so a process
that is killed leaves whole statements only, and the next run continues after them.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Protocol

from django.conf import settings
from django.utils.translation import activate, get_language

from base.documents.csv import cell
from events.models import Statement

from .format import FileRow, RowProblem
from .load import KeysByModel, PackedTables, StatementLoader
from .references import References
from .resolve import BatchLookup, ResolvedBatch, Resolver, look_up, stored_text
from .statement import NewStatement
from .validate import InvalidRow, RowValidator

VALUE_LENGTH = 200  # of a wrong value, in the report
MOST_EXAMPLES = 20


@dataclass
class ImportCounts:
    """How many lines became statements, were there already, and were refused."""

    imported: int = 0
    skipped: int = 0
    refused: int = 0
    rows: int = 0  # of all tables that a curator knows: statements, wordings and new passages

    @property
    def lines(self) -> int:
        """Return how many lines are done."""
        return self.imported + self.skipped + self.refused


@dataclass
class ValidatedBatch:
    """A batch of rows that were validated: the statements they make, and the problems of the others."""

    statements: list[NewStatement] = field(default_factory=list)
    problems: list[RowProblem] = field(default_factory=list)
    lines: int = 0


class ProblemTaker(Protocol):
    """What is told the problems of each batch."""

    def write(self, problems: list[RowProblem]) -> int:
        """Take the problems of a batch; return how many lines have any."""
        ...


class ProblemReport:
    """The file that says what is wrong with which line."""

    def __init__(self, path: Path) -> None:
        self.file = path.open("w", encoding="utf-8-sig", newline="")
        self.writer = csv.writer(self.file)
        self.writer.writerow(["line", "column", "value", "problem", "what would be right"])

    def __enter__(self) -> ProblemReport:
        return self

    def __exit__(self, *error: object) -> None:
        self.file.close()

    def write(self, problems: list[RowProblem]) -> int:
        """Write the problems of a batch in the order of its lines; return how many lines have any."""
        for problem in sorted(problems, key=lambda problem: problem.line):
            value = cell(problem.value[:VALUE_LENGTH].encode("utf-8", "replace").decode())
            self.writer.writerow([problem.line, problem.column, value, problem.wrong, problem.right])
        self.file.flush()
        return len({problem.line for problem in problems})


class FirstProblems:
    """The first problems of a file, to show on a page, and how many there are."""

    def __init__(self, most: int) -> None:
        self.most, self.count = most, 0
        self.problems: list[RowProblem] = []

    def write(self, problems: list[RowProblem]) -> int:
        """Take the problems of a batch; return how many lines have any."""
        self.count += len(problems)
        ordered = sorted(problems, key=lambda problem: problem.line)
        self.problems += ordered[: self.most - len(self.problems)]
        return len({problem.line for problem in problems})


class StatementImport:
    """One run over the rows of a file, which the history names. A dry run writes nothing but the report.

    `far_dates` and `other_languages`: whether dates far in the future, and printed words in another language than their source,
    are meant; otherwise their rows are refused.

    Raises ImproperlyConfigured if the database has columns that the import does not know.
    """

    def __init__(
        self,
        rows: Iterator[FileRow | RowProblem],
        file: str,
        *,
        batch: int,
        publish: bool,
        skip: bool,
        user: int | None = None,
        dry_run: bool = False,
        far_dates: bool = False,
        other_languages: bool = False,
    ) -> None:
        stored_text.cache_clear()  # an earlier run in this process may have read texts that are others by now
        self.rows = rows
        self.batch, self.dry_run = batch, dry_run
        self.loader = StatementLoader(file=file, user=user, publish=publish)
        self.references = References()
        self.validator = RowValidator(self.references, publish=publish, far_dates=far_dates)
        languages = {} if other_languages else self.references.languages
        self.resolver = Resolver(skip=skip, remember=dry_run, languages=languages)
        self.counts = ImportCounts()
        self.examples: list[NewStatement] = []  # the first that are new

    def run(self, report: ProblemTaker) -> Iterator[ImportCounts]:
        """Import batch by batch, and yield how far it is after each. Raises parse.UnusableFile before the first."""
        with ExitStack() as stack:
            language = get_language() or settings.LANGUAGE_CODE
            pool = stack.enter_context(ThreadPoolExecutor(1, initializer=activate, initargs=(language,)))
            validating = pool.submit(self.validate)
            resolving: Future[tuple[ResolvedBatch, PackedTables]] | None = None
            lines = 1
            while lines:
                validated = validating.result()
                lines = validated.lines
                lookup = look_up(validated.statements, self.references)
                keys: KeysByModel = {}
                if not self.dry_run:
                    keys = self.loader.reserve_keys(validated.statements)
                    self.resolver.start_at(keys[Statement])
                before, resolving = resolving, pool.submit(self.resolve, validated, lookup, keys)
                validating = pool.submit(self.validate)
                if before is not None:
                    yield self.load(*before.result(), report)
            if resolving is not None:
                yield self.load(*resolving.result(), report)
        if not self.counts.imported:
            self.loader.forget_empty_change_set()

    def validate(self) -> ValidatedBatch:
        """Read and validate the next batch. After the last line it is empty."""
        batch = ValidatedBatch()
        for row in islice(self.rows, self.batch):
            batch.lines += 1
            if isinstance(row, FileRow):
                try:
                    batch.statements.append(self.validator.validate(row))
                except InvalidRow as invalid:
                    batch.problems += invalid.problems
            else:
                batch.problems.append(row)
        return batch

    def resolve(
        self, validated: ValidatedBatch, lookup: BatchLookup, keys: KeysByModel
    ) -> tuple[ResolvedBatch, PackedTables]:
        """Resolve a batch, and make the rows of its statements."""
        batch = self.resolver.resolve(validated.statements, lookup)
        batch.problems += validated.problems
        self.examples += batch.statements[: MOST_EXAMPLES - len(self.examples)]
        batch.rows = sum(1 + len(statement.wordings) for statement in batch.statements) + len(batch.new_passages)
        packed = [] if self.dry_run else self.loader.pack(batch, keys)
        batch.statements, batch.new_passages = [], []  # frees memory: two batches are in work at once
        return batch, packed

    def load(self, batch: ResolvedBatch, packed: PackedTables, report: ProblemTaker) -> ImportCounts:
        """Write a batch, and its problems once it is written."""
        if packed and batch.count:
            self.loader.write(packed)
        self.counts.imported += batch.count
        self.counts.rows += batch.rows
        self.counts.skipped += batch.skipped
        self.counts.refused += report.write(batch.problems)
        return self.counts
