"""The records of a CSV file, each with the number of its first line. No line is lost to a quotation mark that is never closed."""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Callable, Iterator
from typing import NamedTuple

MOST_LINES = 1000  # of one record: a cell may hold paragraphs, but not half a file


class CsvRecord(NamedTuple):
    """One record: its cells, or what is wrong with it. `lines` says how many lines of the file it takes."""

    line: int
    cells: list[str]
    fault: str = ""
    lines: int = 1


class CsvRecords:
    """Reads records. One over several lines that cannot be right is given up at its first line, and the next is read anew.

    `is_row` tells whether the cells of a line by itself are a row of the file: such a line is no part of a quoted cell.
    """

    def __init__(
        self, lines: Iterator[str], delimiter: str, width: int, is_row: Callable[[list[str]], bool], first: int = 2
    ) -> None:
        self.lines, self.delimiter, self.width, self.is_row = lines, delimiter, width, is_row
        self.line = first
        self.waiting: deque[str] = deque()  # lines that were read as a part of a record and are not

    def __iter__(self) -> Iterator[CsvRecord]:
        while True:
            taken: list[str] = []
            fault, cells = "", []
            try:
                # strict: a quotation mark in a wrong place is an error
                cells = next(csv.reader(self._take(taken), delimiter=self.delimiter, strict=True))
            except StopIteration:
                return
            except csv.Error as error:
                fault = str(error)
            if len(taken) > 1 and (fault or len(cells) != self.width or any(map(self._is_row, taken[1:]))):
                self.waiting.extendleft(reversed(taken[1:]))
                fault, cells, taken = "never closed", [], taken[:1]
            yield CsvRecord(self.line, cells, fault, len(taken))
            self.line += len(taken)

    def _take(self, taken: list[str]) -> Iterator[str]:
        while len(taken) < MOST_LINES:
            line = self.waiting.popleft() if self.waiting else next(self.lines, None)
            if line is None:
                return
            taken.append(line)
            yield line

    def _is_row(self, line: str) -> bool:
        if self.delimiter not in line:
            return False
        try:
            cells = next(csv.reader([line], delimiter=self.delimiter, strict=True), [])
        except csv.Error:
            return False
        return len(cells) == self.width and self.is_row(cells)
