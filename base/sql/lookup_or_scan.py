"""Few or many: how rows are picked by a condition that no index serves in the order of the list.

A word, a topic or a language is found by an index of its own, which knows nothing of the order of the list. Where a condition
leaves few rows, it is best to take them all and sort them; where it leaves many, to walk through the list in its order until
a page is full. A database that has to guess which it is guesses wrong: it sorts half the table, or walks through all of it for
three rows. So the condition is asked first, without any order, for one row more than `FEW`; all conditions of a list in one
query. See docs/decisions/015.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import F, OuterRef, Q, QuerySet
from django.db.models.expressions import Subquery
from django.db.models.functions import Coalesce
from django.db.models.lookups import IsNull

from base.sql.prepared import AnyOf

# To sort so many rows takes as long as to walk until a page of 50 is full where one row in 250 is met, with a million rows.
FEW = 4000

SQL = tuple[str, Sequence[Any]]


@dataclass(frozen=True)
class LookupOrScan:
    """A condition in both forms.

    `keys` are queries for the primary keys of the rows that it leaves, those of all of them together; as SQL, a key of NULL
    says that there are many. Where they are not `exact`, they may find too much. `walk` is the condition as it is put to one
    row after the other: no index may serve it, or the database would begin to guess again. Without any query for keys there
    are always many.
    """

    walk: Any
    keys: Sequence[QuerySet[Any]] = ()
    sql: Sequence[SQL] = ()
    exact: bool = True


def picked(using: str, picks: Sequence[LookupOrScan]) -> list[Any]:
    """Return for each condition the form that serves it best. One query for all of them, or none."""
    if not picks:
        return []
    connection = connections[using]
    asked: list[list[int]] = []  # the numbers of the queries of each condition
    parts: list[str] = []
    params: list[Any] = []
    for pick in picks:
        queries = [*pick.sql, *_compiled(connection, pick.keys)]
        asked.append([*range(len(parts), len(parts) + len(queries))])
        for sql, given in queries:
            parts.append(f"SELECT {len(parts)}, keys.* FROM ({sql}) keys")
            params += given
    found: list[list[int | None]] = [[] for _part in parts]
    if parts:
        with connection.cursor() as cursor:
            cursor.execute(" UNION ALL ".join(parts), params)
            for number, key in cursor.fetchall():
                found[number].append(key)
    return [_form(pick, [found[number] for number in numbers]) for pick, numbers in zip(picks, asked, strict=True)]


def _form(pick: LookupOrScan, found: Sequence[Sequence[int | None]]) -> Any:
    # A row may have several links, so rows are counted, not keys: a query that found more than FEW was cut off.
    many = any(len(keys) > FEW or None in keys for keys in found)
    if many or not (pick.keys or pick.sql):
        return pick.walk
    among = AnyOf("pk", {key for keys in found for key in keys})
    return among if pick.exact else Q(among, pick.walk)


def _compiled(connection: Any, queries: Sequence[QuerySet[Any]]) -> list[SQL]:
    compiled = []
    for query in queries:
        try:
            compiled.append(query.order_by()[: FEW + 1].query.get_compiler(connection=connection).as_sql())
        except EmptyResultSet:
            continue
    return compiled


def unindexed(column: str) -> Coalesce:
    """Return a column as an expression that no index serves."""
    return Coalesce(F(column), F(column))


def linked(rows: QuerySet[Any], of: str, *, none: bool = False) -> Any:
    """Return the condition that one of `rows` points at the row of the list by its column `of`, or that none does.

    A plain EXISTS would be turned into a join with all of `rows`, whatever their number.
    """
    return IsNull(Subquery(rows.order_by().filter(**{of: OuterRef("pk")}).values("pk")[:1]), none)
