"""Queries whose text never changes: the ORM writes them once, then they run with other values.

To write the SQL of a list takes the ORM longer than it takes SQLite to answer it. What an answer reads by keys (the
wordings of these statements, the names of these people) is the same query every time, and so is a list by the same filters.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Any

import orjson
from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import BooleanField, Expression, F, JSONField, Lookup, OrderBy, QuerySet

Row = tuple[Any, ...]
Converters = list[
    tuple[int, Callable[[Any, Any, Any], Any], Any]
]  # place, what converts, the expression that stands there


Compiled = tuple[str, tuple[Any, ...], Converters]  # the SQL, its parameters or their slots


class Parameter(Expression):
    """Where a value goes that is told when the query runs: the one of this number, as a value of this field."""

    def __init__(self, number: int, field: Any) -> None:
        super().__init__(output_field=field)
        self.number = number

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        """Return the mark of a parameter."""
        return "%s", [self]

    def filled(self, values: tuple[Any, ...], connection: Any) -> Any:
        """Return the parameter."""
        return self.output_field.get_db_prep_value(values[self.number], connection)


class KeysParameter:
    """Where any number of keys goes, as one parameter."""

    def __init__(self, number: int = 0) -> None:
        self.number = number

    def filled(self, values: tuple[Any, ...], connection: Any) -> Any:
        """Return the parameter."""
        return _as_one(values[self.number], connection)


def _as_one(keys: Collection[Any], connection: Any) -> Any:
    """Return keys as one parameter: an array, for SQLite as JSON."""
    if connection.vendor != "postgresql":
        return orjson.dumps(list(keys)).decode()
    if all(type(key) is int for key in keys):
        # psycopg looks at every number for its size, and a query with smaller ones is another query to be prepared.
        return f"{{{','.join(map(str, keys))}}}"
    return list(keys)


class AnyOf(Lookup):
    """The condition that a column holds one of these keys, or of those told later. A query may have only so many parameters."""

    lookup_name = "among"
    prepare_rhs = False
    output_field = BooleanField()

    def __init__(self, column: Any, keys: KeysParameter | Collection[Any] | None = None) -> None:
        super().__init__(F(column) if isinstance(column, str) else column, KeysParameter() if keys is None else keys)

    def as_sqlite(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        """Return the condition."""
        column, params = self.process_lhs(compiler, connection)
        return f"{column} IN (SELECT value FROM json_each(%s))", [*params, self._keys(connection)]

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        """Return the condition."""
        column, params = self.process_lhs(compiler, connection)
        return f"{column} = ANY(%s)", [*params, self._keys(connection)]

    def _keys(self, connection: Any) -> Any:
        return self.rhs if isinstance(self.rhs, KeysParameter) else _as_one(self.rhs, connection)


class PreparedQuery:
    """A query that is compiled once for each kind of database. `make` returns it, with slots where values go."""

    def __init__(self, make: Callable[[], QuerySet[Any]]) -> None:
        self.make = make
        self.compiled: dict[str, Compiled] = {}
        # Never compiled itself: to compile changes a query, and threads share this one.
        self.rows: QuerySet[Any] | None = None

    def read(self, *values: Any) -> list[Row]:
        """Return the rows for these values, by the numbers of the slots. One query."""
        if self.rows is None:
            self.rows = self.make()
        alias = self.rows.db  # the router is asked each time
        connection = connections[alias]
        if connection.vendor not in self.compiled:
            self.compiled[connection.vendor] = self.compile(alias)
        sql, params, converters = self.compiled[connection.vendor]
        filled = [
            one.filled(values, connection) if isinstance(one, (Parameter, KeysParameter)) else one for one in params
        ]
        return fetch_rows(connection, sql, filled, converters, prepared=True)

    def compile(self, alias: str) -> Compiled:
        """Return the query as this kind of database understands it."""
        return compiled(self.make(), alias)


class PreparedRanges(PreparedQuery):
    """The first `most` rows of stretches of a list that follow each other, as one query.

    Each stretch is a query in the order of the list, and a range of an index; as one condition with OR they would be none.
    `order` says how which columns are sorted, counted from 1.
    """

    def __init__(self, stretches: Callable[[], Sequence[QuerySet[Any]]], order: dict[int, OrderBy], most: int) -> None:
        super().__init__(lambda: stretches()[0])
        self.stretches, self.order, self.most = stretches, order, most

    def compile(self, alias: str) -> Compiled:
        """Return the query. Django cannot write it: it refuses a LIMIT inside a UNION on SQLite."""
        found = [compiled(rows[: self.most], alias) for rows in self.stretches()]
        each = " UNION ALL ".join(
            f"SELECT * FROM ({sql}) AS stretch_{place}" for place, (sql, *_rest) in enumerate(found)
        )
        order = ", ".join(_written(place, column) for place, column in self.order.items())
        sql = f"{each} ORDER BY {order} LIMIT {self.most}"
        return sql, tuple(one for _sql, params, _converters in found for one in params), found[0][2]


def _written(place: int, order: OrderBy) -> str:
    nulls = " NULLS FIRST" if order.nulls_first else " NULLS LAST" if order.nulls_last else ""
    return f"{place}{' DESC' if order.descending else ''}{nulls}"


def compiled(rows: QuerySet[Any], alias: str) -> Compiled:
    """Return the SQL of a query, its parameters, and what has to be done to which columns of what it returns.

    A column of JSON stays text: most of it is never looked at.
    """
    compiler = rows.query.get_compiler(alias)
    sql, params = compiler.as_sql()
    expressions = [found for found, *_rest in (compiler.select or [])]
    converters: Converters = []
    for place, (steps, expression) in compiler.get_converters(expressions).items():
        if not isinstance(expression.output_field, JSONField):
            converters += [(place, step, expression) for step in steps]
    return sql, tuple(params), converters


def fetch_rows(connection: Any, sql: str, params: Any, converters: Converters, *, prepared: bool = False) -> list[Row]:
    """Run a query and return its rows; one that comes again may be prepared by the database."""
    with prepared_cursor(connection) if prepared else connection.cursor() as cursor:
        cursor.execute(sql, params)
        rows = cursor.fetchall()
    if not converters:
        return rows
    found: list[Any] = [list(row) for row in rows]
    for place, convert, expression in converters:
        for row in found:
            row[place] = convert(row[place], expression, connection)
    return found


def prepared_cursor(connection: Any) -> Any:
    """Return a cursor whose queries PostgreSQL plans once for a connection, if the settings let it (`prepare_threshold`).

    Django's own puts the values into the text, so that every query is another one and planned anew: right for a search, whose
    plan depends on the word, and half of the time of a list. SQLite keeps what it has prepared by itself.
    """
    if connection.vendor != "postgresql":
        return connection.cursor()
    from django.db.backends.postgresql.base import ServerBindingCursor

    connection.ensure_connection()
    with connection.wrap_database_errors:
        cursor = ServerBindingCursor(connection.connection)  # type: ignore[call-arg]  # psycopg's own arguments
    return connection.make_debug_cursor(cursor) if connection.queries_logged else connection.make_cursor(cursor)


def read(rows: QuerySet[Any]) -> list[Row]:
    """Return the rows of a query that is run once. One query."""
    alias = rows.db
    try:
        sql, params, converters = compiled(rows, alias)
    except EmptyResultSet:  # nothing can be found, so nothing is asked
        return []
    return fetch_rows(connections[alias], sql, params, converters)
