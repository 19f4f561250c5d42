"""Loads rows in bulk: COPY on PostgreSQL, executemany on SQLite, indexes and foreign keys built afterwards.

Check and unique constraints stay in force, and foreign keys are checked at the end: what is loaded, the product accepts.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

from django.core.management.color import no_style
from django.db import connection, models

from events import list_index

CHUNK = 20_000
MOMENT = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
on_postgres = connection.vendor == "postgresql"


class Table:
    """The rows of one model on their way into the database: the columns named, defaults in the others."""

    def __init__(self, model: type[models.Model], *names: str) -> None:
        fields = {field.attname: field for field in model._meta.concrete_fields}
        given = [fields.pop(name) for name in names]
        rest = [field for field in fields.values() if not field.primary_key]
        self.model = model
        self.columns = [field.column for field in (*given, *rest)]
        self.constants = tuple(_prepared(field, _default(field)) for field in rest)
        self.converted = [(i, _converter(field)) for i, field in enumerate(given) if _needs_converting(field)]
        self.rows: list[tuple[Any, ...]] = []

    def add(self, *values: Any) -> None:
        """Take one row."""
        if self.converted:
            row = list(values)
            for i, convert in self.converted:
                row[i] = convert(row[i])
            values = tuple(row)
        self.rows.append(values + self.constants)
        if len(self.rows) >= CHUNK:
            self.flush()

    def flush(self) -> None:
        """Write what is waiting."""
        table = connection.ops.quote_name(self.model._meta.db_table)
        columns = ", ".join(connection.ops.quote_name(column) for column in self.columns)
        with connection.cursor() as cursor:
            if on_postgres:
                with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                    for row in self.rows:
                        copy.write_row(row)
            else:
                marks = ", ".join("?" * len(self.columns))
                raw = cursor.cursor.connection  # Django's own would rewrite the marks for every chunk
                raw.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", self.rows)
        self.rows = []


def _default(field: models.Field[Any, Any]) -> Any:
    return MOMENT if isinstance(field, models.DateTimeField) and not field.null else field.get_default()


def _prepared(field: models.Field[Any, Any], value: Any) -> Any:
    return field.get_db_prep_save(value, connection)


def _needs_converting(field: models.Field[Any, Any]) -> bool:
    return isinstance(field, models.JSONField | models.DateField)


def _converter(field: models.Field[Any, Any]) -> Any:
    def convert(value: Any) -> Any:
        return _prepared(field, value)

    return convert if isinstance(field, models.JSONField) else lru_cache(maxsize=50_000)(convert)


@contextmanager
def in_bulk() -> Iterator[None]:
    """Take away what slows loading down, and put it back afterwards, checked."""
    restore = _postgres() if on_postgres else _sqlite()
    put_back = next(restore)
    yield
    for statement in put_back:
        with connection.cursor() as cursor:
            cursor.execute(statement)
    list_index.fill(connection.alias)  # its triggers were away
    next(restore, None)


def _all(query: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchall() if cursor.description else []


def _postgres() -> Iterator[list[str]]:
    keys = _all(
        "SELECT conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid) FROM pg_constraint "
        "WHERE contype = 'f' AND connamespace = 'public'::regnamespace"
    )
    indexes = _all(
        "SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index "
        "JOIN pg_class ON pg_class.oid = indrelid WHERE NOT indisunique AND relnamespace = 'public'::regnamespace"
    )
    triggers = _all("SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal")
    for table, name, _definition in keys:
        _all(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    for name, _definition in indexes:
        _all(f"DROP INDEX {name}")
    for (table,) in triggers:
        _all(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    yield [
        "SET maintenance_work_mem = '512MB'",
        *(definition for _name, definition in indexes),
        *(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}" for table, name, definition in keys),
        *(f"ALTER TABLE {table} ENABLE TRIGGER USER" for (table,) in triggers),
    ]
    connection.check_constraints()
    _all("VACUUM ANALYZE")


def _sqlite() -> Iterator[list[str]]:
    for pragma in (
        "journal_mode=OFF",
        "synchronous=OFF",
        "foreign_keys=OFF",
        "cache_size=-400000",
        "temp_store=MEMORY",
    ):
        _all(f"PRAGMA {pragma}")
    kept = _all(
        "SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL AND (type = 'trigger' "
        "OR (type = 'index' AND sql NOT LIKE 'CREATE UNIQUE%')) ORDER BY type"
    )
    for kind, name, _definition in kept:
        _all(f'DROP {kind} "{name}"')
    texts = _all(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND sql LIKE 'CREATE VIRTUAL TABLE%fts5%content=%'"
    )
    _all("BEGIN")
    yield [
        "COMMIT",
        *(definition for _kind, _name, definition in kept),
        *(f'INSERT INTO "{name}"("{name}") VALUES (\'rebuild\')' for (name,) in texts),
    ]
    connection.check_constraints()  # the foreign keys of every row
    _all("ANALYZE")
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON"):
        _all(f"PRAGMA {pragma}")


def reset_sequences(*used: type[models.Model]) -> None:
    """Let the database number new rows after the loaded ones."""
    for statement in connection.ops.sequence_reset_sql(no_style(), used):
        _all(statement)
