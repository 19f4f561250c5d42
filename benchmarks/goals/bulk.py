"""Goal 8: exports and imports nearly as quick as the database's own, in memory that does not grow."""

from __future__ import annotations

import resource
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ..bench import Bench, Figure, at_least, at_most, number
from ..rivals import copied
from ..site import Site, environ_of

EXPORTS = {"NDJSON": copied.documents, "CSV": copied.table}
IMPORT = "import_statements"


def measure(bench: Bench) -> Iterator[Figure]:
    """Export in a fresh process, in turn with COPY of the same (on SQLite: with a cursor whose rows are written as CSV)."""
    bare = bench.site(bench.large).call(copy_out, "SELECT * FROM events_statement", bench.patience)
    rival = "COPY TO" if bench.on_postgres else "a cursor"
    for form, query in EXPORTS.items():
        site = Site(bench.large, bench.var)  # memory is counted from the start of a process
        try:
            speed, megabytes, grown = site.call(export, f"/api/v1/export/statements.{form.lower()}", bench.patience)
        finally:
            site.close()
        same = bench.site(bench.large).call(copy_out, query(bench.on_postgres), bench.patience)
        what = f"export of statements as {form}"
        yield at_least(8, f"{what}, rows a second against {rival} of the same content", 100 * speed / same, 60, " %")
        yield at_most(8, f"{what}, peak memory", megabytes, 100 if bench.on_postgres else 150, " MB")
        told = f"{number(speed)}, {number(same)}, {number(bare)}; {grown:.0f} MB"
        yield Figure(
            8, f"{what}: rows a second, ours, the same by {rival}, and the bare table by it; memory above idle", told
        )
    if not bench.site(bench.small).call(has_command, IMPORT):
        yield Figure(8, "import of CSV, against COPY", "there is no import yet", "≥ 75 %", False)


def has_command(name: str) -> bool:
    """Whether manage.py has this command."""
    from django.core.management import get_commands

    return name in get_commands()


def peak() -> float:
    """Return the most memory this process ever had, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def export(address: str, patience: float) -> tuple[float, float, float]:
    """Read an export as far as time allows: (rows a second, peak memory, memory above the idle process's)."""
    from django.core.wsgi import get_wsgi_application

    application, started_with = get_wsgi_application(), peak()
    started, lines = time.monotonic(), 0
    response: Any = application(environ_of(address, {}), lambda status, headers, *rest: None)
    for chunk in response:
        lines += chunk.count(b"\n")
        if time.monotonic() - started > patience:
            break
    taken = time.monotonic() - started
    response.close()
    return lines / taken, peak(), peak() - started_with


def copy_out(query: str, patience: float) -> float:
    """Return the rows a second that the database gives without any program of ours."""
    import csv

    from django.db import connection

    rows, started = 0, time.monotonic()
    with connection.cursor() as cursor, Path("/dev/null").open("w", encoding="utf-8") as out:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY ({query}) TO STDOUT") as copy:
                for chunk in copy:
                    rows += bytes(chunk).count(b"\n")
                    if time.monotonic() - started > patience:
                        break
        else:
            writer = csv.writer(out)
            for row in cursor.cursor.connection.execute(query):
                writer.writerow(row)
                rows += 1
                if time.monotonic() - started > patience:
                    break
        taken = time.monotonic() - started
        if connection.vendor == "postgresql":
            connection.close()  # a COPY that was broken off has to be read to its end, or forgotten
    return rows / taken
