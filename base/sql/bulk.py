"""Many rows at once: COPY on PostgreSQL, executemany on SQLite, and look-ups of many keys in one query.

Nothing here checks anything: the caller keeps the rules of the models, fills the columns that follow from others and
writes the history. The database's own constraints and triggers stay in force.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from operator import itemgetter

from django.core.exceptions import ImproperlyConfigured
from django.db import connection, models, transaction

from base.sql.prepared import Row

Value = str | int | bool | None  # what a column holds; times and dates as text
BulkRow = tuple[Value, ...]
Packed = bytes | list[BulkRow]
ModelClass = type[models.Model]

# What COPY takes for the end of a value or a row, or for the beginning of an escape.
_SPECIAL = re.compile(r"[\\\n\r\t]")
_ESCAPES = {"\\": r"\\", "\n": r"\n", "\r": r"\r", "\t": r"\t"}


class BulkTable:
    """A table and the columns of it that are written; a primary key that is left out is filled by the database.

    Raises ImproperlyConfigured if the table has other columns: `advice` says there where to add a column that is new.
    """

    def __init__(self, model: type[models.Model], columns: Sequence[str], advice: str = "") -> None:
        fields = {str(field.column): field for field in model._meta.concrete_fields}
        unknown = set(columns) - set(fields)
        missing = {name for name, field in fields.items() if not field.primary_key} - set(columns)
        if missing:
            names = ", ".join(sorted(missing))
            raise ImproperlyConfigured(f"{model.__name__} has columns that nobody fills: {names}. {advice}".rstrip())
        if unknown:
            names = ", ".join(sorted(unknown))
            raise ImproperlyConfigured(f"{model.__name__} has no columns of these names: {names}. {advice}".rstrip())
        # Takes a row out of values by column; there may be others among them.
        self.row: Callable[[Mapping[str, Value]], BulkRow] = itemgetter(*columns)
        quote = connection.ops.quote_name
        self.name = model._meta.db_table
        self.key = model._meta.pk.column
        self.columns = ", ".join(quote(column) for column in columns)
        self.width = len(columns)

    def pack(self, rows: list[BulkRow]) -> Packed:
        """Return the rows as the database takes them. Needs no connection, so another thread may do it."""
        if connection.vendor != "postgresql":
            return rows
        return "".join([_copied(row) for row in rows]).encode()

    def write(self, packed: Packed) -> None:
        """Write packed rows, in the transaction that is open."""
        if not packed:
            return
        with connection.cursor() as cursor:
            if isinstance(packed, bytes):
                with cursor.copy(f'COPY "{self.name}" ({self.columns}) FROM STDIN') as copy:
                    copy.write(packed)
            else:
                marks = ", ".join("?" * self.width)
                # Django's own executemany would rewrite the marks of every call.
                raw = cursor.cursor.connection
                raw.executemany(f'INSERT INTO "{self.name}" ({self.columns}) VALUES ({marks})', packed)


def _copied(row: BulkRow) -> str:
    """Return a row as COPY reads it."""
    line = "\t".join(["\\N" if value is None else value if type(value) is str else str(value) for value in row])
    plain = line.count("\t") == len(row) - 1 and line.count("\\") == row.count(None)
    if plain and "\n" not in line and "\r" not in line:  # as nearly all rows are
        return f"{line}\n"
    return "\t".join(["\\N" if value is None else _SPECIAL.sub(_escaped, str(value)) for value in row]) + "\n"


def _escaped(match: re.Match[str]) -> str:
    return _ESCAPES[match[0]]


def reserve(counts: Mapping[ModelClass, int]) -> dict[ModelClass, Sequence[int]]:
    """Return for each model so many primary keys that nobody else will be given. One query on PostgreSQL, if any is wanted."""
    wanted = {model: count for model, count in counts.items() if count}
    none: dict[ModelClass, Sequence[int]] = dict.fromkeys(counts, ())
    if not wanted:
        return none
    if connection.vendor != "postgresql":
        with transaction.atomic():
            return {**none, **{model: _reserved(model, count) for model, count in wanted.items()}}
    numbers: dict[ModelClass, list[int]] = {model: [] for model in wanted}
    of_place = list(numbers.values())
    # In a query of its own, or the sequence would be looked up for each number.
    query = "SELECT %s, nextval((SELECT pg_get_serial_sequence(%s, %s)::regclass)) FROM generate_series(1, %s)"
    parameters: list[int | str | None] = []
    for place, (model, count) in enumerate(wanted.items()):
        parameters += [place, f'"{model._meta.db_table}"', model._meta.pk.column, count]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join([query] * len(wanted)), parameters)
        for place, number in cursor.fetchall():
            of_place[place].append(number)
    return {**none, **numbers}


def _reserved(model: ModelClass, count: int) -> range:
    """Reserve so many primary keys of a table on SQLite, and return them."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute("UPDATE sqlite_sequence SET seq = seq + %s WHERE name = %s", [count, table])
        if not cursor.rowcount:
            cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table, count])
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        last = cursor.fetchone()[0]
    return range(last - count + 1, last + 1)


def select_by_keys(
    model: ModelClass, keys: Sequence[str], values: Iterable[Sequence[int | str]], *columns: str
) -> list[Row]:
    """Return these columns of the rows whose columns `keys` have one of these combinations of values.

    One query, or none if there are no values.
    """
    values = list(values)
    if not values:
        return []
    quote = connection.ops.quote_name
    if connection.vendor == "postgresql":
        kinds = ["text" if isinstance(value, str) else "bigint" for value in values[0]]
        wanted = f"SELECT * FROM unnest({', '.join(f'%s::{kind}[]' for kind in kinds)})"
        parameters: list[list[int | str] | str] = [list(column) for column in zip(*values, strict=True)]
    else:
        parts = ", ".join(f"json_extract(value, '$[{number}]')" for number in range(len(keys)))
        wanted, parameters = f"SELECT {parts} FROM json_each(%s)", [json.dumps(values)]
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {', '.join(map(quote, columns))} FROM {quote(model._meta.db_table)} "
            f"WHERE ({', '.join(map(quote, keys))}) IN ({wanted})",
            parameters,
        )
        return cursor.fetchall()
