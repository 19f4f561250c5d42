"""Look few rows up, scan where there are many: how a list is narrowed by a condition that no index serves in its order.

A word, a topic or a language is found by an index of its own, which knows nothing of the order of the list. Where a condition
leaves few rows, it is best to look them all up and to sort them; where it leaves many, to scan the list in its order until
a page is full. A database has to guess which of the two is quicker, and guesses wrong: it sorts half the table, or scans
all of it for three rows. So the keys of the rows are looked up first, without any order and at most one more than
`MOST_LOOKED_UP`; one query does so for all conditions of a list. See docs/decisions/015.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import F, Model, OuterRef, Q, QuerySet
from django.db.models.expressions import Combinable, Subquery
from django.db.models.functions import Coalesce
from django.db.models.lookups import IsNull, Lookup

from base.sql.prepared import SQL, AnyOf, sql_of

# To sort so many rows takes as long as to scan for a page of 50 where one row in 250 matches, with a million rows.
MOST_LOOKED_UP = 4000

Condition = Q | Lookup | Combinable  # whatever QuerySet.filter() takes without a name


@dataclass(frozen=True)
class LookupOrScan:
    """A condition in two forms: as queries that look up the keys of its rows, and as it is put to one row after the other.

    `lookup` and `lookup_sql` are queries for primary keys; the rows of the condition are those of all of them together. In
    the rows of `lookup_sql`, a key of NULL says that there are too many. Where the queries are not `exact`, they may find rows
    that the condition does not hold for. Without any query the list is always scanned.

    No index may serve `scan`, or the database would begin to guess again.
    """

    scan: Condition
    lookup: Sequence[QuerySet[Model, object]] = ()
    lookup_sql: Sequence[SQL] = ()
    exact: bool = True


def choose_conditions(using: str, candidates: Sequence[LookupOrScan]) -> list[Condition]:
    """Return for each candidate the condition to filter by: by the keys that were looked up, or the scan.

    `using` is the alias of the database. One query for all candidates, or none if there are none.
    """
    if not candidates:
        return []
    connection = connections[using]
    numbers: list[range] = []  # for each candidate the numbers of its queries
    parts: list[str] = []
    parameters: list[object] = []
    for candidate in candidates:
        queries = [*candidate.lookup_sql, *_limited(connection, candidate.lookup)]
        numbers.append(range(len(parts), len(parts) + len(queries)))
        for sql, values in queries:
            parts.append(f"SELECT {len(parts)}, keys.* FROM ({sql}) keys")
            parameters += values
    keys: list[list[int | None]] = [[] for _part in parts]
    if parts:
        with connection.cursor() as cursor:
            cursor.execute(" UNION ALL ".join(parts), parameters)  # type: ignore[arg-type]  # any value that the driver takes
            for number, key in cursor.fetchall():
                keys[number].append(key)
    return [
        _choose(candidate, [keys[number] for number in own]) for candidate, own in zip(candidates, numbers, strict=True)
    ]


def _choose(candidate: LookupOrScan, keys: Sequence[Sequence[int | None]]) -> Condition:
    # A row may have several links, so keys are counted as they come, not rows: a query that found one too many was cut off.
    many = any(len(own) > MOST_LOOKED_UP or None in own for own in keys)
    if many or not (candidate.lookup or candidate.lookup_sql):
        return candidate.scan
    by_key = AnyOf("pk", {key for own in keys for key in own})
    return by_key if candidate.exact else Q(by_key, candidate.scan)


def _limited(connection: BaseDatabaseWrapper, queries: Sequence[QuerySet[Model, object]]) -> list[SQL]:
    """Return the SQL of the queries that can find anything, cut off behind one row too many."""
    limited = []
    for query in queries:
        try:
            limited.append(sql_of(query.order_by()[: MOST_LOOKED_UP + 1], connection))
        except EmptyResultSet:
            continue
    return limited


def unindexed(column: str) -> Coalesce:
    """Return a column as an expression that no index serves."""
    return Coalesce(F(column), F(column))


def linked_row_exists(rows: QuerySet[Model], column: str, *, negated: bool = False) -> IsNull:
    """Return the condition that one of `rows` points at the row of the list by its foreign key `column`; negated, that none does.

    A plain EXISTS would be turned into a join with all of `rows`, whatever their number.
    """
    return IsNull(Subquery(rows.order_by().filter(**{column: OuterRef("pk")}).values("pk")[:1]), negated)
