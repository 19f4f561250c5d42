"""How many queries pages, lists and answers cost: tests/queries.json, and how a test compares with it.

A test asks for the fixture `queries` and says what it measures:

    with queries("/people/"):
        client.get("/people/")

`make queries` writes the file anew from what the tests measure. Look at what it changed: a number that goes up has to be worth it.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

FILE = Path(__file__).with_suffix(".json")


class Numbers:
    """The numbers of the file, and those that were measured if the file is to be written anew."""

    def __init__(self, writes: bool, file: Path = FILE) -> None:
        self.writes, self.file = writes, file
        self.known: dict[str, int] = {} if writes else json.loads(file.read_text())

    def expected(self, name: str, measured: int) -> int | None:
        """Return the number of the file; if it is to be written, the one that was measured first."""
        return self.known.setdefault(name, measured) if self.writes else self.known.get(name)

    def save(self, of_all_tests: bool) -> None:
        """Write what was measured, sorted, a line each; what some of the tests did not measure stays."""
        others = {} if of_all_tests else json.loads(self.file.read_text())
        self.file.write_text(json.dumps(others | self.known, indent=2, sort_keys=True, ensure_ascii=False) + "\n")


class Queries:
    """Measures and compares, within one test."""

    def __init__(self, numbers: Numbers) -> None:
        self.numbers = numbers
        self._first: dict[str, Counter[str]] = {}

    @contextmanager
    def __call__(self, name: str) -> Iterator[None]:
        """Compare the queries of a block with the number that this page, list or answer has in the file."""
        with CaptureQueriesContext(connection) as captured:
            yield
        self.compare(name, [query["sql"] for query in captured])

    def compare(self, name: str, sql: Sequence[str | None]) -> None:
        """Compare queries that were captured before. Measured twice, a thing has to cost the same twice, in any case."""
        # Of a query that is prepared, PostgreSQL does not say the text.
        texts = (statement or "a prepared query" for statement in sql)
        kinds = Counter(re.sub(r"'[^']*'|\b\d+\b", "…", text) for text in texts)
        before = self._first.setdefault(name, kinds)
        expected = self.numbers.expected(name, len(sql))
        if len(sql) == expected:
            return
        more = kinds - before
        listed = [f"  {number} × {statement[:300]}" for statement, number in (more or kinds).items()]
        pytest.fail(
            "\n".join(
                [
                    f"“{name}” costs {len(sql)} queries, " + self._said(expected),
                    "More than when this test measured it first:" if more else "They are:",
                    *listed,
                    "If that is meant, write the file anew with “make queries”, and look at what it changed.",
                ]
            ),
            pytrace=False,
        )

    def _said(self, expected: int | None) -> str:
        if expected is None:
            return "and tests/queries.json does not name it."
        if self.numbers.writes:
            return f"and {expected} when it was measured before: with more rows or in another language it has to cost the same."
        return f"and {expected} by tests/queries.json."
