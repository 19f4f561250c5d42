"""The course of an import: batches are read and checked while the one before is written.

One other thread does what needs no database; every question and every write is made by the thread that called. A batch is one
transaction, so a process that is killed leaves whole statements only, and the next run goes on behind them.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from base.documents.csv import cell
from base.sql.bulk import Packed, Table
from events.models import Statement

from .validate import Checker, Draft, Refused
from .format import Problem, Row
from .references import Known
from .parse import rows
from .load import Writer
from .resolve import Settled, Settler, look_up

VALUE_LENGTH = 200  # of a wrong value, in the report


@dataclass
class Count:
    """How many lines became statements, were there already, and were refused."""

    imported: int = 0
    skipped: int = 0
    refused: int = 0


@dataclass
class Checked:
    """A batch as far as the file alone says."""

    drafts: list[Draft] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    lines: int = 0


class Report:
    """The file that says what is wrong with which line."""

    def __init__(self, path: Path) -> None:
        self.file = path.open("w", encoding="utf-8-sig", newline="")
        self.writer = csv.writer(self.file)
        self.writer.writerow(["line", "column", "value", "problem", "what would be right"])

    def __enter__(self) -> Report:
        return self

    def __exit__(self, *error: Any) -> None:
        self.file.close()

    def tell(self, problems: list[Problem]) -> int:
        """Write the problems of a batch in the order of its lines; return how many lines have any."""
        for problem in sorted(problems, key=lambda problem: problem.line):
            value = cell(problem.value[:VALUE_LENGTH].encode("utf-8", "replace").decode())
            self.writer.writerow([problem.line, problem.column, value, problem.wrong, problem.right])
        self.file.flush()
        return len({problem.line for problem in problems})


class Import:
    """One run over a file. Nothing is written on a dry run but the report."""

    def __init__(
        self, path: Path, *, batch: int, publish: bool, skip: bool, user: int | None = None, dry_run: bool = False
    ) -> None:
        self.rows = rows(path)
        self.batch, self.dry_run = batch, dry_run
        self.known = Known()
        self.checker = Checker(self.known, publish=publish)
        self.settler = Settler(skip=skip, remember=dry_run)
        self.writer = Writer(file=path.name, user=user, publish=publish)
        self.count = Count()

    def run(self, report: Report) -> Iterator[Count]:
        """Import batch by batch, and yield how far it is after each. Raises parse.Unreadable before the first."""
        with ExitStack() as stack:
            pool = stack.enter_context(ThreadPoolExecutor(1))
            checking = pool.submit(self.check)
            settling: Future[tuple[Settled, list[tuple[Table, Packed]]]] | None = None
            lines = 1
            while lines:
                checked = checking.result()
                lines = checked.lines
                found, numbers = look_up(checked.drafts, self.known), {}
                if not self.dry_run:
                    numbers = self.writer.numbers(checked.drafts)
                    self.settler.began_at(numbers[Statement])
                before, settling = settling, pool.submit(self.settle, checked, found, numbers)
                checking = pool.submit(self.check)
                if before is not None:
                    yield self.finish(*before.result(), report)
            if settling is not None:
                yield self.finish(*settling.result(), report)

    def check(self) -> Checked:
        """Read and check the next batch. It is empty behind the last line."""
        checked = Checked()
        for row in islice(self.rows, self.batch):
            checked.lines += 1
            if isinstance(row, Row):
                try:
                    checked.drafts.append(self.checker.check(row))
                except Refused as refused:
                    checked.problems += refused.problems
            else:
                checked.problems.append(row)
        return checked

    def settle(self, checked: Checked, found: Any, numbers: Any) -> tuple[Settled, list[tuple[Table, Packed]]]:
        """Decide what becomes of a batch, and make its rows."""
        settled = self.settler.settle(checked.drafts, found)
        settled.problems += checked.problems
        packed = [] if self.dry_run else self.writer.pack(settled, numbers)
        settled.drafts, settled.made = [], []  # two batches are on their way at once
        return settled, packed

    def finish(self, settled: Settled, packed: list[tuple[Table, Packed]], report: Report) -> Count:
        """Write a batch, and its problems once it is written."""
        if packed and settled.good:
            self.writer.write(packed)
        self.count.imported += settled.good
        self.count.skipped += settled.skipped
        self.count.refused += report.tell(settled.problems)
        return self.count
