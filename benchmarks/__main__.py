"""Measure the goals of speed: scripts/with-postgres python -m benchmarks --sizes 10000 100000

PostgreSQL is measured if DATABASE_URL names a server. Databases are made in var/bench/ and on that server.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

from .bench import ROOT, Bench, Figure
from .report import say, write

VAR = ROOT / "var" / "bench"


def main() -> int:
    """Read the arguments, make the databases, measure, write the report."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--sizes", type=int, nargs=2, default=(10_000, 100_000), help="numbers of statements")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--goals", type=int, nargs="*", default=list(range(1, 12)), help="only these")
    parser.add_argument("--databases", nargs="*", default=["SQLite", "PostgreSQL"], choices=["SQLite", "PostgreSQL"])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=0.7, help="how long a server is kept busy a round")
    parser.add_argument("--patience", type=float, default=5.0, help="seconds for what would take longer")
    parser.add_argument("--lines", type=int, default=15_000, help="most statements that are imported")
    parser.add_argument("--var", type=Path, default=VAR, help="where databases and logs go")
    parser.add_argument("--tools", type=Path, default=ROOT / ".venv-bench" / "bin" / "python", help="has Datasette")
    parser.add_argument("--existing", action="store_true", help="take bench_SIZE that the server already has")
    parser.add_argument("--report", type=Path, help="default: docs/performance.md, if everything is measured")
    parser.add_argument("--command", default="make bench", help="what the report says it was made by")
    options = parser.parse_args()
    options.var.mkdir(parents=True, exist_ok=True)
    server = os.environ.get("DATABASE_URL", "")
    os.environ |= {"DJANGO_SETTINGS_MODULE": "config.settings", "VAR_DIR": str(options.var)}
    os.environ["DATABASE_URL"] = f"sqlite:///{options.var / 'nothing.sqlite3'}"
    import django

    django.setup()
    run([sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity", "0"])
    started = os.getloadavg()[0]
    found: dict[str, list[Figure]] = {}
    for vendor in options.databases:
        if vendor == "PostgreSQL" and not server.startswith("postgres"):
            print("PostgreSQL is left out: DATABASE_URL names no such server (scripts/with-postgres gives one)")
            continue
        urls = [database(vendor, size, options, server) for size in options.sizes]
        bench = Bench(
            vendor,
            *urls,
            sizes=tuple(options.sizes),
            seed=options.seed,
            var=options.var,
            tools=options.tools,
            rounds=options.rounds,
            seconds=options.seconds,
            patience=options.patience,
            lines=options.lines,
        )
        found[vendor] = measured(bench, options.goals)
    about = {
        "command": options.command,
        "rounds": str(options.rounds),
        "patience": str(options.patience),
        "load": f"load average {started:.1f} at the start and {os.getloadavg()[0]:.1f} at the end",
        "postgres": version() if "PostgreSQL" in found else "",
    }
    complete = len(found) == 2 and len(options.goals) == 11
    if report := options.report or (ROOT / "docs" / "performance.md" if complete else None):
        write(report, found, tuple(options.sizes), about)
    missed = sum(figure.verdict == "missed" for figures in found.values() for figure in figures)
    reached = sum(figure.verdict == "reached" for figures in found.values() for figure in figures)
    print(f"{reached} reached, {missed} missed" + (f"; {report}" if report else ""))
    return 0


def measured(bench: Bench, goals: list[int]) -> list[Figure]:
    """Return the figures of these goals; one that breaks down is told and does not take the others with it."""
    from .goals import GOALS

    figures = []
    try:
        for goal in goals:
            started = time.monotonic()
            try:
                for figure in GOALS[goal].measure(bench):
                    figures.append(figure)
                    say(bench.vendor, figure)
            except (Exception, SystemExit) as error:
                figures.append(Figure(goal, "measuring it", f"broke down: {error!r:.200}", "", False))
                say(bench.vendor, figures[-1])
            print(f"   ({time.monotonic() - started:.0f} s)", flush=True)
    finally:
        bench.close()
    return figures


def database(vendor: str, size: int, options: argparse.Namespace, server: str) -> str:
    """Return the address of a generated database. On SQLite an earlier one serves while the code that made it is the same."""
    if vendor == "PostgreSQL":
        name = f"bench_{size}"
        url = f"{server.rpartition('/')[0]}/{name}"
        if options.existing:
            run([sys.executable, "manage.py", "migrate", "-v0"], DATABASE_URL=url)
            return url
        run(["psql", "-q", server.replace("postgres://", "postgresql://"), "-c", f"CREATE DATABASE {name}"])
    else:
        file = options.var / f"bench-{size}-{options.seed}-{fingerprint()}.sqlite3"
        url = f"sqlite:///{file}"
        if file.exists():
            run([sys.executable, "manage.py", "migrate", "-v0"], DATABASE_URL=url)  # it makes triggers anew
            return url
        file = file.with_suffix(".part")
        file.unlink(missing_ok=True)
        generate(f"sqlite:///{file}", size, options.seed)
        shutil.move(file, file.with_suffix(".sqlite3"))
        return url
    generate(url, size, options.seed)
    return url


def generate(url: str, size: int, seed: int) -> None:
    """Make the data."""
    command = [sys.executable, "-m", "benchmarks.generate", "--statements", str(size), "--seed", str(seed)]
    run(command, DATABASE_URL=url)


def fingerprint() -> str:
    """Return a digest of the migrations and of the generator."""
    files = [*ROOT.glob("*/migrations/*.py"), ROOT / "base/text/names.py", ROOT / "base/text/search_column.py"]
    files += [ROOT / "benchmarks" / f"{name}.py" for name in ("words", "world", "size", "load")]
    return hashlib.sha256(b"".join(file.read_bytes() for file in sorted(files))).hexdigest()[:8]


def version() -> str:
    """Return the name and version of the server program."""
    found = subprocess.run(["psql", "--version"], check=True, capture_output=True, text=True).stdout.split()
    return f"PostgreSQL {found[2]} with the settings of scripts/with-postgres and 1 GB of shared buffers, in memory"


def run(command: list[str], **environment: str) -> None:
    """Run a program to its end; stop if it fails."""
    subprocess.run(command, cwd=ROOT, env={**os.environ, **environment}, check=True)


if __name__ == "__main__":
    sys.exit(main())
