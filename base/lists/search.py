"""The one rule of search: which rows hold the words of a query in their search column, on both databases.

What stands in a search column is written by `base/text/search_column.py`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import lru_cache, reduce
from itertools import groupby
from operator import itemgetter, or_
from typing import Any
from unicodedata import category

from django.contrib.postgres.indexes import GinIndex
from django.db import connections
from django.db.models import F, Q, QuerySet, Value
from django.db.models.expressions import RawSQL
from django.db.models.functions import StrIndex
from django.db.models.lookups import GreaterThan

from base.sql import lookup_or_scan as picking
from base.sql import trigrams
from base.sql.lookup_or_scan import LookupOrScan, picked
from base.text.names import fold, loose
from base.text.search_column import LATIN_WORD, full_width

NEWEST = 20_000  # rows of a list in which one and two letters are looked for

_CLUSTER = re.compile("(?s).[\u0300-\u036f\u0e31\u0e34-\u0e3a\u0e47-\u0e4e]*\u0e33?")


def trigram_index(name: str, column: str = "search") -> GinIndex:
    """Return the index that finds a substring of three characters or more on PostgreSQL."""
    return GinIndex(fields=[column], name=name, opclasses=["gin_trgm_ops"])


def words_of(query: str) -> list[str]:
    """Return the folded words of a query; a dash between words is no word, but a query of nothing else is looked for."""
    words = fold(query).split()
    return [word for word in words if any(c.isalnum() for c in word)] or words


def matching(query: str, column: str = "search", *, forgiving: bool = False) -> Q:
    """Return the condition that every word of `query` occurs in the folded column, in any order.

    Thai signs may be left out. Forgiving, for names, they may also be wrong, and the words may be a romanisation.
    """
    condition = Q()
    for texts in _sought(query, forgiving):
        condition &= reduce(or_, (Q(**{f"{column}__contains": text}) for text in texts))
    return condition


def found(rows: QuerySet[Any], query: str) -> QuerySet[Any]:
    """Return the rows that match: the one rule of search page, lists, exports and API.

    Names and titles are looked for in full. Of statements there is no end: one query tells whether few or many match
    (`picking.py`), and what no index finds is looked for in the newest alone (`bounded`).
    """
    if picks(rows.model, query):
        return rows.filter(*picked(rows.db, [pick(rows, query)]))
    if bounded(rows.model, query):
        return rows.filter(newest(rows), walk(query))
    return rows.filter(_indexed(rows, query))


def picks(model: Any, query: str) -> bool:
    """Whether one query tells whether few or many match."""
    return model.endless and any(_long(word) for word in words_of(query))


def bounded(model: Any, query: str) -> bool:
    """Whether a query is looked for in the newest rows alone: no word of it has three letters or digits in a row."""
    return model.endless and bool(words_of(query)) and not picks(model, query)


def pick(rows: QuerySet[Any], query: str) -> LookupOrScan:
    """Return the condition that statements match, for few and for many."""
    connection, sought = connections[rows.db], _sought(query, forgiving=False)
    table, key = f'"{rows.model._meta.db_table}"', f'"{rows.model._meta.pk.column}"'
    words = [text for (text,) in sought]
    postgres = connection.vendor == "postgresql"
    held = " AND ".join(f"{'strpos' if postgres else 'instr'}(search, %s) > 0" for _word in words)
    if postgres:
        conditions = " AND ".join("search LIKE %s" for _word in words)
        looked_up = f"SELECT {key} FROM {table} WHERE (SELECT NOT yes FROM common) AND {conditions}"
        given = [f"%{connection.ops.prep_for_like_query(word)}%" for word in words]
    else:
        index = f'"{trigrams.index_of(rows.model)}"'
        looked_up = f"SELECT rowid FROM common CROSS JOIN {index} WHERE NOT yes AND {index} MATCH %s AND {held}"
        given = [trigrams.matching_rows(sought), *words]
    parts = {"table": table, "key": key, "held": held, "looked_up": looked_up}
    sql = _PROBE.format(sample=SAMPLE, common=COMMON, limit=picking.FEW + 1, **parts)
    return LookupOrScan(walk(query), sql=[(sql, [*words, *given])])


# A word that many rows hold is known by a sample spread over the table, without looking it up.
SAMPLE, COMMON = 400, 3
_PROBE = """
WITH RECURSIVE
spread(at, step) AS (
    SELECT (SELECT min({key}) FROM {table}),
        ((SELECT max({key}) FROM {table}) - (SELECT min({key}) FROM {table})) / {sample} + 1
    UNION ALL SELECT at + step, step FROM spread WHERE at + step <= (SELECT max({key}) FROM {table})
),
common(yes) AS (
    SELECT count(*) >= {common} FROM spread JOIN {table} ON {table}.{key} = spread.at WHERE {held}
),
looked_up(key) AS (
    {looked_up} LIMIT {limit}
)
SELECT NULL AS key FROM common WHERE yes UNION ALL SELECT key FROM looked_up
"""


def newest(rows: QuerySet[Any]) -> Q:
    """Return the condition for the first rows of a list in the order of their kind, and those of the same day as the last of
    them. One query.
    """
    first = rows.model._meta.ordering[0]
    column = first.removeprefix("-")
    in_order = rows.order_by(*rows.model._meta.ordering).select_related(None).prefetch_related(None)
    last = list(in_order.values_list(column, flat=True)[NEWEST - 1 : NEWEST])
    return Q(**{f"{column}__{'gte' if first != column else 'lte'}": last[0]}) if last else Q()


def walk(query: str) -> Q:
    """Return the condition that statements match, as no index serves it."""
    return Q(*[GreaterThan(StrIndex(F("search"), Value(text)), 0) for (text,) in _sought(query, forgiving=False)])


def _indexed(rows: QuerySet[Any], query: str) -> Q:
    """Return the condition that names or titles match. PostgreSQL looks it up by itself; on SQLite the index is asked."""
    forgiving = rows.model.forgiving_search
    condition = matching(query, forgiving=forgiving)
    if connections[rows.db].vendor == "sqlite" and (text := trigrams.matching_rows(_sought(query, forgiving))):
        index = trigrams.index_of(rows.model)
        keys = RawSQL(f'SELECT rowid FROM "{index}" WHERE "{index}" MATCH %s', [text])  # a name of ours
        condition &= Q(pk__in=keys)
    return condition


def _sought(query: str, forgiving: bool) -> list[list[str]]:
    """Return for each word of a query the texts of which one has to occur."""
    return [
        [(loose(word) or word) if forgiving else word]
        + ([f" {full_width(word)}"] if forgiving and LATIN_WORD.fullmatch(word) else [])
        for word in words_of(query)
    ]


def _long(word: str) -> bool:
    """Whether an index of trigrams finds a word on both databases."""
    return any(len(run) >= 3 for run in "".join(c if category(c)[0] in "LMN" else " " for c in word).split())


def pieces(text: str, words: Iterable[str]) -> list[tuple[bool, str]]:
    """Cut `text` where one of the folded words occurs: (whether it matches, the piece), in order, nothing lost.

    Letters and their marks stay together. Where a word does not occur as typed, it is looked for without the Thai signs.
    """
    clusters = _CLUSTER.findall(text)
    matched = [False] * len(clusters)
    for word in words:
        for folding in (fold, loose):
            spans = _spans([_folded(folding, cluster) for cluster in clusters], folding(word))
            for start, end in spans:
                matched[start:end] = [True] * (end - start)
            if spans:
                break
    pairs = zip(matched, clusters, strict=True)
    return [(hit, "".join(cluster for _hit, cluster in run)) for hit, run in groupby(pairs, key=itemgetter(0))]


def excerpt(text: str, words: Iterable[str], around: int = 80) -> str:
    """Return the part of `text` around the first match, cut at spaces only; a script without them stays whole."""
    cut = pieces(text, words)
    start = len(cut[0][1]) if cut and not cut[0][0] else 0
    start = max(text.rfind(" ", 0, start - around), -1) + 1 if start > around else 0
    end = text.find(" ", start + 3 * around)
    return ("… " if start else "") + (text[start:end] + " …" if end >= 0 else text[start:])


@lru_cache(maxsize=8192)
def _folded(folding: Callable[[str], str], cluster: str) -> str:
    return folding(cluster) or (" " if cluster.isspace() else "")


def _spans(folded: list[str], wanted: str) -> list[tuple[int, int]]:
    """Return [start, end) of the clusters that hold each occurrence of `wanted`."""
    if not wanted:
        return []
    owner = [number for number, part in enumerate(folded) for _c in part]
    whole, spans, at = "".join(folded), [], -1
    while (at := whole.find(wanted, at + 1)) >= 0:
        spans.append((owner[at], owner[at + len(wanted) - 1] + 1))
    return spans
