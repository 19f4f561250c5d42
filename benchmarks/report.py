"""Writes docs/performance.md and prints the same lines."""

from __future__ import annotations

import datetime
import platform
import sqlite3
from pathlib import Path

from .bench import Figure

TITLES = {
    1: "Lists stay as quick",
    2: "The list API beside others",
    3: "The list as a page",
    4: "Not changed",
    5: "Numbers of queries",
    6: "Search",
    7: "Facets and counts",
    8: "Export and import",
    9: "Replica",
    10: "Every page",
}
REMARKS = """\
## How to read it

Every figure comes from one run of `{command}` on the machine above. Ratios compare things that took turns within that run,
median of {rounds} rounds; trust them to about a fifth. Absolute times depend on the machine, and twice as long is not rare
when others use it.

- The data are made up (`benchmarks/words.py`): Zipf's law, real frequent words, the rest of real syllables. Texts repeat from
  150,000 on. Real prose may search faster or slower.
- All is measured with a warm cache on one machine; the network is the loopback. Goals 1 and 4 to 10 ask the WSGI application
  directly, 2 and 3 go over HTTP, one process and one thread a program, two connections.
- Goal 1: a value is taken by its place among those that fill a page, so that both sizes answer with 50 statements. Where none
  does among 10,000 (a source), part of what the list grows by is the rows themselves.
- Goal 2: “bare” is a driver, SQL by hand and orjson, no framework; “stock” is ModelSerializer, select_related,
  prefetch_related and CursorPagination over the same models. Datasette runs a canned query that nests with json_group_array.
  The answers are compared before they are timed.
- Goal 3: Datasette's page has as many rows as ours, no facets, suggestions or count; it shows columns, not wordings. Our pages are
  kept in each process until something is written; “made anew” is what the first reader after that waits for, facets aside.
- Goal 6: the share of a scan says something at a million only; below that a scan is over before 50 rows are written.
- Goal 8: exports are compared with COPY TO of a query that makes the same documents with the database's JSON functions, or the same
  columns with its joins; beside it stands COPY of the bare table, which has no names, wordings or passages in it. On SQLite,
  which has no COPY, a cursor whose rows are written as CSV. A long export is cut off after {patience:.0f} s. An import goes into a
  database with all records and no statement; the database's own is COPY (executemany) of the very rows it made, with their
  history, into the same emptied tables with the same indexes, constraints and triggers. On two processors an import uses both.
- Goal 9 has a primary and a replica of its own, with the smaller number of statements; the tests show more of them.
- Goal 10: requests count the page and the files it names; what style sheets load (fonts) is not counted.
- Not measured: a cold cache, a slow network, several processes at once, real text.
"""


def machine() -> str:
    """Return what the figures were measured on."""
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    model = next((line.partition(": ")[2] for line in lines if line.startswith("model name")), platform.machine())
    cores = sum(line.startswith("processor") for line in lines)
    memory = int(Path("/proc/meminfo").read_text().split()[1]) // 1_048_576
    return f"{cores} cores ({model}), {memory} GiB; Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}"


def write(file: Path, found: dict[str, list[Figure]], sizes: tuple[int, int], about: dict[str, str]) -> None:
    """Write the tables: one a goal, a column a database."""
    vendors = list(found)
    day = datetime.datetime.now(datetime.UTC).date()
    lines = [
        "# Performance",
        "",
        f"Made by `{about['command']}` on {day}; not edited by hand. {sizes[0]:,} and {sizes[1]:,} statements.",
        "",
        f"{machine()}; {', '.join(filter(None, (about['postgres'], about['load'])))}.",
        "",
    ]
    for goal, title in TITLES.items():
        rows: dict[str, dict[str, Figure]] = {}
        for vendor, figures in found.items():
            for figure in figures:
                if figure.goal == goal:
                    rows.setdefault(figure.what, {})[vendor] = figure
        if not rows:
            continue
        lines += [f"## {goal}. {title}", "", f"| | {' | '.join(vendors)} | goal |", "|---" * (len(vendors) + 2) + "|"]
        for what, by_vendor in rows.items():
            cells = [_cell(by_vendor.get(vendor)) for vendor in vendors]
            targets = {figure.target: None for figure in by_vendor.values() if figure.target}
            lines.append(f"| {_safe(what)} | {' | '.join(cells)} | {_safe(', '.join(targets))} |")
        lines.append("")
    remarks = REMARKS.format(command=about["command"], rounds=about["rounds"], patience=float(about["patience"]))
    file.write_text("\n".join(lines) + "\n" + remarks, encoding="utf-8")


def _cell(figure: Figure | None) -> str:
    if figure is None:
        return ""
    mark = {"reached": " ✓", "missed": " **missed**"}.get(figure.verdict, "")
    return _safe(figure.value) + mark


def _safe(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def say(vendor: str, figure: Figure) -> None:
    """Print one line: goal, figure, verdict."""
    target = f" (goal {figure.target})" if figure.target else ""
    verdict = f" – {figure.verdict}" if figure.verdict else ""
    print(f"{vendor} {figure.goal}. {figure.what}: {figure.value}{target}{verdict}", flush=True)
