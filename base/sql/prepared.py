"""Queries that are compiled once and run many times, each time with other values.

For a list, Django's ORM takes longer to write the SQL than SQLite takes to answer it. What an answer reads by keys (the wordings
of these statements, the names of these people) is the same query every time, and so is a list by the same filters.

Nothing outside this file touches Django's private query compiler.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Any, NamedTuple

import orjson
from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper
from django.db.models import BooleanField, Expression, F, Field, JSONField, Lookup, Model, OrderBy, QuerySet
from django.db.models.sql.compiler import SQLCompiler

Row = tuple[Any, ...]  # the columns of a row; Django, too, knows nothing of their types
SQL = tuple[str, Sequence[Any]]  # the text of a query and its parameters: whatever the driver takes


class Converter(NamedTuple):
    """What has to be done to one column of every row that a query returns."""

    column: int  # its place in the row
    convert: Callable[[object, Expression, BaseDatabaseWrapper], object]
    expression: Expression


class CompiledQuery(NamedTuple):
    """A query as one kind of database understands it."""

    sql: str
    parameters: tuple[object, ...]  # values, or a Parameter or KeysParameter for those that come later
    converters: list[Converter]


class Parameter(Expression):
    """A placeholder for a value that is given when the query runs: number `number` of the values, as a value of `field`."""

    def __init__(self, number: int, field: Field) -> None:
        super().__init__(output_field=field)
        self.number = number

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, list[Parameter]]:  # type: ignore[override]
        """Return the SQL of a placeholder, with this object in the place of the value."""
        return "%s", [self]

    def bound_value(self, values: Sequence[object], connection: BaseDatabaseWrapper) -> object:
        """Return the value that goes here, as the database takes it."""
        value: object = self.output_field.get_db_prep_value(values[self.number], connection)
        return value


class KeysParameter:
    """A placeholder for any number of keys, given as one value when the query runs."""

    def __init__(self, number: int = 0) -> None:
        self.number = number

    def bound_value(self, values: Sequence[Collection[Any]], connection: BaseDatabaseWrapper) -> object:
        """Return the keys that go here, as one parameter of the database."""
        return _as_array(values[self.number], connection)


def _as_array(keys: Collection[object], connection: BaseDatabaseWrapper) -> str | list[object]:
    """Return keys as one parameter: an array for PostgreSQL, JSON for SQLite."""
    if connection.vendor != "postgresql":
        return orjson.dumps(list(keys)).decode()
    if all(type(key) is int for key in keys):
        # psycopg looks at every number for its size, and a query with smaller ones is another query to be prepared.
        return f"{{{','.join(map(str, keys))}}}"
    return list(keys)


class AnyOf(Lookup):
    """The condition that a column holds one of these keys, or of those that a KeysParameter is given when the query runs.

    The keys are one parameter, whatever their number: a query may have only so many.
    """

    lookup_name = "any_of"
    prepare_rhs = False
    output_field = BooleanField()

    def __init__(self, column: str | Expression | F, keys: KeysParameter | Collection[Any] | None = None) -> None:
        super().__init__(F(column) if isinstance(column, str) else column, KeysParameter() if keys is None else keys)

    def as_sqlite(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, list[object]]:
        """Return the condition in the SQL of SQLite."""
        column, params = self.process_lhs(compiler, connection)
        return f"{column} IN (SELECT value FROM json_each(%s))", [*params, self._keys(connection)]

    def as_postgresql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, list[object]]:
        """Return the condition in the SQL of PostgreSQL."""
        column, params = self.process_lhs(compiler, connection)
        return f"{column} = ANY(%s)", [*params, self._keys(connection)]

    def _keys(self, connection: BaseDatabaseWrapper) -> object:
        return self.rhs if isinstance(self.rhs, KeysParameter) else _as_array(self.rhs, connection)


class PreparedQuery:
    """A query that is compiled once for each kind of database. `build` returns it, with parameters where values go."""

    def __init__(self, build: Callable[[], QuerySet[Model, object]]) -> None:
        self.build = build
        self.compiled: dict[str, CompiledQuery] = {}  # by the vendor of the database
        # Never compiled itself: compiling changes a query, and threads share this one.
        self.queryset: QuerySet[Model, object] | None = None

    def read(self, *values: Any) -> list[Row]:
        """Return the rows for these values, which are given in the order of the parameters' numbers. One query."""
        if self.queryset is None:
            self.queryset = self.build()
        alias = self.queryset.db  # the router is asked each time
        connection = connections[alias]
        if connection.vendor not in self.compiled:
            self.compiled[connection.vendor] = self.compile(alias)
        sql, parameters, converters = self.compiled[connection.vendor]
        bound = [
            parameter.bound_value(values, connection)
            if isinstance(parameter, (Parameter, KeysParameter))
            else parameter
            for parameter in parameters
        ]
        return fetch_rows(connection, sql, bound, converters, prepared=True)

    def compile(self, alias: str) -> CompiledQuery:
        """Return the query as this database understands it."""
        return compile_query(self.build(), alias)


class PreparedRanges(PreparedQuery):
    """The first `most` rows of several ranges of a list that follow each other, as one query.

    Each range is a query of its own in the order of the list, and reads one range of an index; as one condition with OR they
    would read more. `order` says how the rows of all ranges are sorted: number of a column, counted from 1 -> its order.
    """

    def __init__(
        self, ranges: Callable[[], Sequence[QuerySet[Model, object]]], order: dict[int, OrderBy], most: int
    ) -> None:
        super().__init__(lambda: ranges()[0])
        self.ranges, self.order, self.most = ranges, order, most

    def compile(self, alias: str) -> CompiledQuery:
        """Return the query as this database understands it. Django cannot write it: it refuses a LIMIT inside a UNION on SQLite."""
        queries = [compile_query(rows[: self.most], alias) for rows in self.ranges()]
        union = " UNION ALL ".join(
            f"SELECT * FROM ({query.sql}) AS range_{number}" for number, query in enumerate(queries)
        )
        order = ", ".join(_order_sql(column, order) for column, order in self.order.items())
        parameters = tuple(parameter for query in queries for parameter in query.parameters)
        return CompiledQuery(f"{union} ORDER BY {order} LIMIT {self.most}", parameters, queries[0].converters)


class PreparedUnion(PreparedQuery):
    """The rows of several queries of the same columns as one query, those of the first query first.

    The last column of each query is `place_in_list`: which row of it this is. It stays in the rows, and behind it stands the
    number of the query.
    """

    def __init__(self, parts: Callable[[], Sequence[QuerySet[Model, object]]]) -> None:
        super().__init__(lambda: parts()[0])
        self.parts = parts

    def compile(self, alias: str) -> CompiledQuery:
        """Return the query as this database understands it. Django cannot write it: on SQLite, a part would not have a LIMIT."""
        queries = [compile_query(rows, alias) for rows in self.parts()]
        union = " UNION ALL ".join(
            f"SELECT *, {number} AS part FROM ({query.sql}) AS part_{number}" for number, query in enumerate(queries)
        )
        parameters = tuple(parameter for query in queries for parameter in query.parameters)
        return CompiledQuery(
            f"SELECT * FROM ({union}) AS parts ORDER BY part, place_in_list", parameters, queries[0].converters
        )


def _order_sql(column: int, order: OrderBy) -> str:
    nulls = " NULLS FIRST" if order.nulls_first else " NULLS LAST" if order.nulls_last else ""
    return f"{column}{' DESC' if order.descending else ''}{nulls}"


def compile_query(rows: QuerySet[Model, object], alias: str) -> CompiledQuery:
    """Return a query as this database understands it. Raises EmptyResultSet if it cannot find anything.

    A column of JSON stays text, since most of it is never looked at.
    """
    compiler: SQLCompiler = rows.query.get_compiler(alias)
    sql, parameters = compiler.as_sql()
    expressions = [expression for expression, *_rest in (compiler.select or [])]
    converters = [
        Converter(column, convert, expression)
        for column, (converts, expression) in compiler.get_converters(expressions).items()
        if not isinstance(expression.output_field, JSONField)
        for convert in converts
    ]
    return CompiledQuery(sql, tuple(parameters), converters)


def sql_of(rows: QuerySet[Model, object], connection: BaseDatabaseWrapper) -> SQL:
    """Return the SQL of a query with its parameters, to be put into another one. Raises EmptyResultSet as `compile_query` does."""
    sql: SQL = rows.query.get_compiler(connection=connection).as_sql()
    return sql


def fetch_rows(
    connection: BaseDatabaseWrapper,
    sql: str,
    parameters: Sequence[object],
    converters: Sequence[Converter],
    *,
    prepared: bool = False,
) -> list[Row]:
    """Run a query and return its rows. With `prepared`, PostgreSQL may keep its plan for the next time."""
    with prepared_cursor(connection) if prepared else connection.cursor() as cursor:
        cursor.execute(sql, parameters)  # type: ignore[arg-type]  # any value that the driver takes
        rows: list[Any] = cursor.fetchall()
    if not converters:
        return rows
    converted = [list(row) for row in rows]
    for column, convert, expression in converters:
        for row in converted:
            row[column] = convert(row[column], expression, connection)
    return converted  # type: ignore[return-value]  # lists, which are read as the tuples are


def prepared_cursor(connection: BaseDatabaseWrapper) -> CursorWrapper:
    """Return a cursor whose queries PostgreSQL plans once for a connection, if the settings let it (`prepare_threshold`).

    Django's own cursor puts the values into the text, so that every query is another one and is planned anew. That is right for
    a search, whose plan depends on the word, but it takes half of the time of a list. SQLite keeps prepared queries by itself.
    """
    if connection.vendor != "postgresql":
        return connection.cursor()
    from django.db.backends.postgresql.base import ServerBindingCursor

    connection.ensure_connection()
    with connection.wrap_database_errors:
        cursor: Any = ServerBindingCursor(connection.connection)  # type: ignore[call-arg]  # psycopg's own arguments
    return connection.make_debug_cursor(cursor) if connection.queries_logged else connection.make_cursor(cursor)


def read_queryset(rows: QuerySet[Model, object]) -> list[Row]:
    """Return the rows of a query that is run only once. One query, or none if it cannot find anything."""
    alias = rows.db
    try:
        sql, parameters, converters = compile_query(rows, alias)
    except EmptyResultSet:
        return []
    return fetch_rows(connections[alias], sql, parameters, converters)
