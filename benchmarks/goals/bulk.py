"""Goal 8: exports and imports nearly as quick as the database's own, in memory that does not grow."""

from __future__ import annotations

import resource
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ..bench import Bench, Figure, at_least, at_most, number
from ..importing import drop, import_file, load_again, take_records, without_statements, write_file
from ..rivals import copied
from ..site import Site, environ_of

EXPORTS = {"NDJSON": copied.documents, "CSV": copied.table}


def measure(bench: Bench) -> Iterator[Figure]:
    """Export in a fresh process, in turn with COPY of the same (on SQLite: with a cursor whose rows are written as CSV)."""
    bare = bench.site(bench.large).call(copy_out, "SELECT * FROM events_statement", bench.patience)
    rival = "COPY TO" if bench.on_postgres else "a cursor"
    for form, query in EXPORTS.items():
        # Once before, so that both find the same pages in memory.
        bench.site(bench.large).call(copy_out, query(bench.on_postgres), bench.patience)
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
    yield from measure_import(bench)


def measure_import(bench: Bench) -> Iterator[Figure]:
    """Import a file into a database without statements, in a fresh process; then load the very rows it made, bare."""
    rival = "COPY" if bench.on_postgres else "executemany"
    path = bench.var / f"statements-{bench.vendor}.csv"
    right, spoiled = bench.site(bench.large).call(write_file, path, bench.lines)
    target = f"{bench.large.rpartition('/')[0]}/{'bench_import' if bench.on_postgres else 'bench-import.sqlite3'}"
    without_statements(bench.large, target)
    try:
        site = Site(target, bench.var)
        site.call(take_records, bench.large)
        site.close()
        site = Site(target, bench.var)  # memory is counted from the start of a process
        found = site.call(import_file, path)
        taken = site.call(load_again, bench.var)
        site.close()
    finally:
        path.unlink()
        drop(bench.large, target)
    if (found["imported"], found["refused"]) != (right, spoiled):
        raise AssertionError(f"{right} lines are right and {spoiled} are not, but {found}")
    share = 100 * taken / found["seconds"]
    what = f"import of {number(right)} lines of CSV"
    if bench.on_postgres:
        yield at_least(8, f"{what}, rows a second against {rival} of the same rows", share, 75, " %")
    else:
        yield Figure(8, f"{what}, rows a second against {rival} of the same rows", f"{share:.0f} %")
    yield at_most(8, f"{what}, peak memory", found["peak"], 150, " MB")
    speed = f"{number(found['imported'] / found['seconds'])}; {found['grown']:.0f} MB"
    yield Figure(8, f"{what}: statements a second; memory above that of the idle process", speed)
    yield Figure(8, f"{what}: lines refused, each in the report", number(spoiled))


def peak() -> float:
    """Return the most memory this process ever had, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def export(address: str, patience: float) -> tuple[float, float, float]:
    """Read an export as far as time allows: (rows a second, peak memory, memory above the idle process's)."""
    from config.wsgi import application

    started_with = peak()
    response: Any = application(environ_of(address, {}), lambda status, headers, *rest: None)
    speed = rows_a_second((chunk.count(b"\n") for chunk in response), patience)
    response.close()
    return speed, peak(), peak() - started_with


def rows_a_second(pieces: Iterator[int], patience: float) -> float:
    """Return the speed of what comes in pieces of so many rows, from the first piece on: COPY may sort before it begins."""
    next(pieces)
    rows, started = 0, time.monotonic()
    for more in pieces:
        rows += more
        if time.monotonic() - started > patience:
            break
    return rows / (time.monotonic() - started)


def copy_out(query: str, patience: float) -> float:
    """Return the rows a second that the database gives without any program of ours."""
    import csv

    from django.db import connection

    with connection.cursor() as cursor, Path("/dev/null").open("w", encoding="utf-8") as out:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY ({query}) TO STDOUT") as copy:
                speed = rows_a_second((bytes(chunk).count(b"\n") for chunk in copy), patience)
            connection.close()  # a COPY that was broken off has to be read to its end, or forgotten
            return speed
        writer = csv.writer(out)
        rows = cursor.cursor.connection.execute(query)
        return rows_a_second((1 for row in rows if writer.writerow(row)), patience)
