"""The guide tells the truth: every example in docs/api.md is run, and its lists of parameters are those of the API."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from pytest_django.live_server_helper import LiveServer

from tests.contract.conftest import refused

DOCS = Path(settings.BASE_DIR) / "docs"
SITE = "http://127.0.0.1:8000"  # as `make run` serves it
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
PROMISE = re.compile(r"# → (.+)$", re.MULTILINE)
PROGRAMS = {"sh": ["sh", "-eu"], "python": [sys.executable]}
ASKS = {"sh": re.compile(r"^(?:curl|python|wc) ", re.MULTILINE), "python": re.compile(r"\bprint\(")}


@dataclass(frozen=True)
class Example:
    """A block of code, and the lines it says that it prints."""

    line: int
    language: str
    code: str

    @property
    def promises(self) -> list[str]:
        """Return the lines that the guide promises, in their order."""
        return PROMISE.findall(self.code)

    def missing(self, printed: str) -> Iterator[str]:
        """Yield the promised lines that were not printed, or not in this order; `…` stands for anything."""
        lines = iter(printed.splitlines())
        for promise in self.promises:
            pattern = re.compile(".*".join(map(re.escape, promise.split("…"))))
            if not any(pattern.fullmatch(line) for line in lines):
                yield promise


def examples() -> list[Example]:
    """Return the examples of the guide, in their order."""
    text = (DOCS / "api.md").read_text()
    return [Example(text.count("\n", 0, found.start()) + 1, found[1], found[2]) for found in BLOCK.finditer(text)]


def run(example: Example, site: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run an example as a reader would, in a folder of its own, against our server instead of the reader's."""
    folder.mkdir()
    (folder / "docs").symlink_to(DOCS)
    # Answers end without a line break, so a terminal shows one behind the other; here each has a line of its own.
    (folder / ".curlrc").write_text('write-out = "\\n"\n')
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        [*PROGRAMS[example.language], "-c", example.code.replace(SITE, site)],
        cwd=folder,
        env={"PATH": path, "HOME": str(folder), "LANG": "C.UTF-8", "PYTHONWARNINGS": "default"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    done.stdout = done.stdout.replace(site, SITE).replace("\r", "")
    return done


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_every_example_does_what_it_says(
    live_server: LiveServer, tmp_path: Path, settings: Any, subtests: pytest.Subtests
) -> None:
    assert shutil.which("curl"), "The examples need curl."
    settings.RATE_LIMITS = {"reading": 600, "heavy": 60, "pages": 600}
    settings.LIMITS_FILE = tmp_path / "limits.sqlite3"
    call_command("loaddata", "film-workshop", verbosity=0)
    for example in examples():
        with subtests.test(f"docs/api.md, line {example.line}"):
            done = run(example, live_server.url, tmp_path / str(example.line))
            assert (done.returncode, done.stderr) == (0, "")
            assert list(example.missing(done.stdout)) == [], done.stdout


def test_every_example_says_what_it_prints() -> None:
    found = examples()
    assert {example.language for example in found} == {"sh", "python"}
    for example in found:
        asked = len(ASKS[example.language].findall(example.code))
        saved = example.code.count("curl -sO ")
        assert len(example.promises) >= asked - saved > 0, f"docs/api.md, line {example.line}"


def rows_below(text: str, heading: str) -> Iterator[list[str]]:
    """Yield the rows of every table that begins with this cell."""
    for table in re.findall(rf"^\| {heading} \|.*\n\|[-|]+\|\n((?:\|.*\n)+)", text, re.MULTILINE):
        for row in table.splitlines():
            yield [cell.strip() for cell in row.strip("|").split("|")]


def names(cell: str) -> set[str]:
    """Return what stands in backticks."""
    return set(re.findall(r"`([^`]+)`", cell))


@pytest.mark.django_db
def test_the_tables_name_every_parameter_and_no_other(ask: Callable[..., Any]) -> None:
    text = (DOCS / "api.md").read_text()
    common = set.union(*(names(row[0]) for row in rows_below(text, "parameter"))) | {"id"}
    told = {}
    for row in rows_below(text, "address"):
        for address in names(row[0]) - {"changes/", "redirects/"}:
            if "{id}" not in address:
                told[address] = names(row[2])
    assert len(told) == 7
    for address, filters in told.items():
        problem = refused(ask(f"{address}?nothing=1"))
        allowed = {name for name in problem["errors"][0]["allowed"] if not name.endswith("__in")}
        # Not every kind has dates, or records inside that can stand in full.
        assert allowed - {"after", "before", "expand"} == (common | filters) - {"after", "before", "expand"}, address
        assert allowed & {"after", "before"} == filters & {"after", "before"}, address
        assert ("expand" in allowed) == (address not in ("sources/", "topics/")), address
