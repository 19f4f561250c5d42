"""An import beside the database's own: a file of the made-up statements, a database without them, and a bare load of the same rows.

The functions run in the process of a site (`site.py`), so Django is imported inside them.
"""

from __future__ import annotations

import csv
import os
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PAGE = 5_000  # statements read at a time
BATCH = 2_000  # lines a transaction: the default of the command
SPOILED = 1_000  # every so manieth line names nobody's id: the report has to say so
COLUMNS = (
    *("id", "person_id", "organization_id", "speaker_label", "role_at_time", "on_behalf_of_id", "event_id", "date"),
    *("kind", "attribution", "certainty", "note", "topic_ids", "initiative_ids", "about_people_ids"),
    *("about_organization_ids", "passages"),
    *(f"{nature}_{language}" for nature in ("verbatim", "paraphrase") for language in ("th", "vi", "en")),
    "translation_en",
)


def write_file(path: Path, most: int) -> tuple[int, int]:
    """Write the first public statements of this database, a line each; return how many are right and how many spoiled."""
    lines = spoiled = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        for row in islice(_rows(), most):
            lines += 1
            if lines % SPOILED == 0:
                spoiled += 1
                row["event_id"] = "no-such-event"
            writer.writerow(row)
    return lines - spoiled, spoiled


def _rows() -> Iterator[dict[str, Any]]:
    from directory.models import Initiative, Organization, Person, Topic
    from events.models import Event, Statement, Wording

    slugs: dict[Any, dict[int, str]] = {
        model: dict(model.objects.values_list("pk", "slug"))
        for model in (Person, Organization, Event, Topic, Initiative)
    }
    people, bodies, events = slugs[Person], slugs[Organization], slugs[Event]
    columns = (
        *("pk", "slug", "speaker", "speaker_organization", "speaker_label", "role_at_time", "on_behalf_of", "event"),
        *("date", "statement_kind", "attribution", "certainty", "note"),
    )
    rows, last = Statement.objects.published().order_by("pk").values_list(*columns), 0
    while page := list(rows.filter(pk__gt=last)[:PAGE]):
        last = page[-1][0]
        of_page = {"statement__gte": page[0][0], "statement__lte": last}
        several: dict[int, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        for name, through, column, ids in (
            ("topic_ids", Statement.topics.through, "topic", slugs[Topic]),
            ("initiative_ids", Statement.initiatives.through, "initiative", slugs[Initiative]),
            ("about_people_ids", Statement.about_people.through, "person", people),
            ("about_organization_ids", Statement.about_organizations.through, "organization", bodies),
        ):
            for pk, other in through.objects.filter(**of_page).values_list("statement", column):
                several[pk][name].append(ids[other])
        cited = Statement.passages.through.objects.filter(**of_page).values_list(
            *("statement", "passage__source__slug", "passage__paragraph", "passage__start", "passage__end"),
            "passage__sha256",
        )
        for pk, source, paragraph, start, end, digest in cited:
            several[pk]["passages"].append(f"{source} ¶{paragraph} {start}-{end} {digest}")
        texts = Wording.objects.filter(**of_page).values_list("statement", "nature", "language", "text")
        for pk, nature, language, text in texts:
            several[pk][f"{nature}_{language}"] = [text]
        for pk, slug, person, body, label, role, behalf, event, *rest in page:
            yield {
                "id": slug,
                "person_id": people.get(person, ""),
                "organization_id": bodies.get(body, ""),
                "speaker_label": label,
                "role_at_time": role,
                "on_behalf_of_id": bodies.get(behalf, ""),
                "event_id": events.get(event, ""),
                **dict(zip(("date", "kind", "attribution", "certainty", "note"), rest, strict=True)),
                **{name: "; ".join(values) for name, values in several[pk].items()},
            }


def without_statements(url: str, target: str) -> None:
    """Make the database `target` with every record of `url`, but no statement, no passage and nothing that cites."""
    if url.startswith("postgres"):
        name = target.rpartition("/")[2]
        server = ["psql", "-q", url.replace("postgres://", "postgresql://")]
        subprocess.run([*server, "-c", f"DROP DATABASE IF EXISTS {name}", "-c", f"CREATE DATABASE {name}"], check=True)
    environment = {**os.environ, "DATABASE_URL": target}
    subprocess.run([sys.executable, "manage.py", "migrate", "-v0"], cwd=ROOT, env=environment, check=True)


def drop(url: str, target: str) -> None:
    """Remove the database `target` from the server of `url`, or from the disk."""
    if url.startswith("postgres"):
        command = ["psql", "-q", url.replace("postgres://", "postgresql://"), "-c"]
        subprocess.run([*command, f"DROP DATABASE {target.rpartition('/')[2]} WITH (FORCE)"], check=True)
    else:
        for end in ("", "-wal", "-shm"):
            Path(target.removeprefix("sqlite:///") + end).unlink(missing_ok=True)


def record_tables() -> list[str]:
    """Return the tables of what statements hang on, each behind those it refers to."""
    from directory.models import Initiative, Organization, Person, Source, Topic
    from events.models import Event

    return [model._meta.db_table for model in (Topic, Person, Organization, Initiative, Source, Event)]


def take_records(url: str) -> None:
    """Copy the records of another database into this one."""
    from django.db import connection, transaction

    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("ATTACH DATABASE %s AS other", [url.removeprefix("sqlite:///")])
            for table in record_tables():
                columns = _columns(table)
                cursor.execute(f"INSERT INTO main.{table} ({columns}) SELECT {columns} FROM other.{table}")
            cursor.execute("DETACH DATABASE other")
            return
        import psycopg

        with psycopg.connect(url.replace("postgres://", "postgresql://")) as other, transaction.atomic():
            for table in record_tables():
                names = _columns(table)
                out = other.cursor().copy(f"COPY {table} ({names}) TO STDOUT")
                with out as source, cursor.copy(f"COPY {table} ({names}) FROM STDIN") as sink:
                    for chunk in source:
                        sink.write(chunk)
        cursor.execute("ANALYZE")


def _columns(table: str) -> str:
    from django.db import connection

    with connection.cursor() as cursor:
        found = connection.introspection.get_table_description(cursor, table)
    return ", ".join(f'"{column.name}"' for column in found)


def import_file(path: Path) -> dict[str, float]:
    """Import a file; return lines that went in and that were refused, seconds, peak memory and growth above the idle process."""
    from events.importing.parse import read_rows
    from events.importing.pipeline import ImportCounts, ProblemReport, StatementImport

    from .goals.bulk import peak

    before, started, counts = peak(), time.perf_counter(), ImportCounts()
    with ProblemReport(path.with_suffix(".problems.csv")) as report:
        for counts in StatementImport(  # noqa: B007  # the last one is told
            read_rows(path), path.name, batch=BATCH, publish=True, skip=False
        ).run(report):
            pass
    return {
        "imported": counts.imported,
        "refused": counts.refused,
        "seconds": time.perf_counter() - started,
        "peak": peak(),
        "grown": peak() - before,
    }


def load_again(folder: Path) -> float:
    """Write every row that the import made to files, empty the tables, load the files bare; return the seconds of the loading."""
    from django.db import connection, transaction

    from base.changes.triggers import TOUCHED, noted_already
    from events.importing.load import ImportTables

    tables = ImportTables().in_order()
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            return _load_sqlite(cursor, tables)
        for table in tables:
            with (folder / table.name).open("wb") as file, cursor.copy(f'COPY "{table.name}" TO STDOUT') as copy:
                for chunk in copy:
                    file.write(chunk)
        cursor.execute(f"TRUNCATE {TOUCHED}, {', '.join(table.name for table in tables)} CASCADE")
        started = time.perf_counter()
        with transaction.atomic():
            _load(cursor, folder, tables[0])
            with noted_already():
                for table in tables[1:]:
                    _load(cursor, folder, table)
        taken = time.perf_counter() - started
    for table in tables:
        (folder / table.name).unlink()
    return taken


def _load(cursor: Any, folder: Path, table: Any) -> None:
    with (folder / table.name).open("rb") as file, cursor.copy(f'COPY "{table.name}" FROM STDIN') as copy:
        while chunk := file.read(1 << 20):
            copy.write(chunk)


def _load_sqlite(cursor: Any, tables: list[Any]) -> float:
    """Do the same with executemany, a page of rows at a time, so that memory holds them."""
    from django.db import transaction

    raw = cursor.connection
    for table in tables:
        cursor.execute(f'CREATE TABLE "copy_{table.name}" AS SELECT * FROM "{table.name}"')
    with transaction.atomic():
        for table in reversed(tables):
            cursor.execute(f'DELETE FROM "{table.name}"')
    taken = 0.0
    for table in tables:
        rows = raw.execute(f'SELECT * FROM "copy_{table.name}"')
        while page := rows.fetchmany(PAGE):
            marks = ", ".join("?" * len(page[0]))
            started = time.perf_counter()
            with transaction.atomic():
                raw.executemany(f'INSERT INTO "{table.name}" VALUES ({marks})', page)
            taken += time.perf_counter() - started
        cursor.execute(f'DROP TABLE "copy_{table.name}"')
    return taken
