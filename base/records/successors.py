"""What a merged record became: the record at the end of its chain of mergers, however long the chain is.

A double names the record it was merged into, which may have been merged later itself. The database follows the whole chain in
one recursive query. Chains that lead back to themselves, which only SQL by hand can make, end where they would repeat.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any

from django.db import connections
from django.db.models import BooleanField, ExpressionWrapper, QuerySet
from django.db.models.expressions import RawSQL

from base.sql.prepared import SQL, AnyOf, sql_of

if TYPE_CHECKING:
    from base.records.records import Record


def successors(model: type[Record], keys: Collection[int]) -> dict[int, int]:
    """Return for each of these primary keys that of the record at the end of its mergers: its own if it was never merged.

    The record at the end need not be public. One query whatever the length of the chains; none without keys.
    """
    if not keys:
        return {}
    start = model.objects.filter(AnyOf("pk", list(keys)))
    sql, params = _chains(start)
    with connections[start.db].cursor() as cursor:
        cursor.execute(f"{sql} SELECT id, heir FROM chain WHERE heir IS NOT NULL", params)
        merged_into = dict(cursor.fetchall())
    return {key: last_in_chain(key, merged_into) for key in keys}


def last_in_chain(key: int, merged_into: Mapping[int, int]) -> int:
    """Return the key at the end of the mergers of `key`, where `merged_into` leads from every double to its successor."""
    seen = {key}
    while (heir := merged_into.get(key)) is not None and heir not in seen:
        key = heir
        seen.add(key)
    return key


def record_with_successors(records: QuerySet[Any]) -> list[Any]:
    """Return the one record of `records` and those it was merged into, in order; an empty list if there is none.

    Each has `is_public`, whether readers may see it. One query.
    """
    model = records.model
    sql, params = _chains(records)
    chain = model.objects.filter(pk__in=RawSQL(f"{sql} SELECT id FROM chain", params))
    chain = chain.annotate(is_public=ExpressionWrapper(model.published_q(), BooleanField()))
    by_key = {record.pk: record for record in chain.order_by("pk")}
    if not by_key:
        return []
    heirs = {record.merged_into_id for record in by_key.values()}
    record = next((record for key, record in by_key.items() if key not in heirs), next(iter(by_key.values())))
    ordered = [record]
    while (heir := by_key.get(record.merged_into_id)) is not None and heir not in ordered:
        ordered.append(heir)
        record = heir
    return ordered


def _chains(start: QuerySet[Any]) -> SQL:
    """Return the beginning of a query, with its parameters, in which `chain` has (id, heir) of `start` and all that follow.

    UNION without ALL drops what is there already, which is what ends a circle.
    """
    sql, params = sql_of(start.order_by().values_list("pk", "merged_into"), connections[start.db])
    table = f'"{start.model._meta.db_table}"'
    return (
        f"WITH RECURSIVE chain(id, heir) AS ({sql} UNION "
        f"SELECT r.id, r.merged_into_id FROM {table} r JOIN chain ON r.id = chain.heir)"
    ), tuple(params)
