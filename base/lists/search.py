"""The one rule of search: which rows hold the words of a query in their search column, on both databases.

What stands in a search column is written by `base/text/search_column.py`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import lru_cache, reduce
from itertools import groupby
from operator import itemgetter, or_
from typing import TYPE_CHECKING, TypeVar
from unicodedata import category

from django.contrib.postgres.indexes import GinIndex
from django.db import connections
from django.db.models import F, Q, QuerySet, Value
from django.db.models.expressions import RawSQL
from django.db.models.functions import StrIndex
from django.db.models.lookups import GreaterThan

from base.lists.cursor import default_order
from base.sql import lookup_or_scan, trigrams
from base.sql.lookup_or_scan import LookupOrScan, choose_conditions
from base.text.names import fold, loose
from base.text.search_column import LATIN_WORD, full_width
from base.text.signs import is_blank

if TYPE_CHECKING:
    from base.records.records import Record

RecordT = TypeVar("RecordT", bound="Record")

NEWEST = 20_000  # rows of a list in which one and two letters are looked for

_CLUSTER = re.compile("(?s).[\u0300-\u036f\u0e31\u0e34-\u0e3a\u0e47-\u0e4e]*\u0e33?")


def trigram_index(name: str, column: str = "search") -> GinIndex:
    """Return the index that finds a substring of three characters or more on PostgreSQL."""
    return GinIndex(fields=[column], name=name, opclasses=["gin_trgm_ops"])


def words_of(query: str) -> list[str]:
    """Return the folded words of a query. What is nothing but punctuation has none, and finds nothing."""
    words = fold(query).split()
    return [word for word in words if any(c.isalnum() for c in word)] or words


def holds_words(query: str, column: str = "search", *, forgiving: bool = False) -> Q:
    """Return the condition that every word of `query` occurs in the folded column, in any order.

    Thai signs may be left out. If `forgiving`, as for names, they may also be wrong, and a word may be romanised.
    """
    condition = Q()
    for texts in _alternatives(query, forgiving):
        condition &= reduce(or_, (Q(**{f"{column}__contains": text}) for text in texts))
    return condition


def search_rows(rows: QuerySet[RecordT], query: str) -> QuerySet[RecordT]:
    """Return the rows that match: the one rule of search page, lists, exports and API.

    Names and titles are all looked through. Statements are too many for that: one query tells whether few or many match
    (`lookup_or_scan.py`), and words that no index finds are looked for in the newest statements alone. At most one query,
    beside that of the rows.
    """
    if not words_of(query):
        return rows.filter(pk__lt=0)  # a condition of SQL, which counts and facets can take on
    if has_search_condition(rows.model, query):
        return rows.filter(*choose_conditions(rows.db, [search_condition(rows, query)]))
    if searches_newest_only(rows.model, query):
        return rows.filter(newest_condition(rows), scan_condition(query))
    return rows.filter(_name_condition(rows, query))


def has_search_condition(model: type[Record], query: str) -> bool:
    """Whether rows are found by `search_condition`: those of an endless kind, by a word that the index of trigrams knows."""
    return model.endless and any(_has_trigram(word) for word in words_of(query))


def searches_newest_only(model: type[Record], query: str) -> bool:
    """Whether a query is looked for in the newest rows alone: no word of it has three letters or digits in a row."""
    return model.endless and bool(words_of(query)) and not has_search_condition(model, query)


def search_condition(rows: QuerySet[Record], query: str) -> LookupOrScan:
    """Return the condition that statements match, to be looked up or scanned."""
    connection, alternatives = connections[rows.db], _alternatives(query, forgiving=False)
    table, key = f'"{rows.model._meta.db_table}"', f'"{rows.model._meta.pk.column}"'
    words = [text for (text,) in alternatives]
    postgres = connection.vendor == "postgresql"
    held = " AND ".join(f"{'strpos' if postgres else 'instr'}(search, %s) > 0" for _word in words)
    if postgres:
        conditions = " AND ".join("search LIKE %s" for _word in words)
        looked_up = f"SELECT {key} FROM {table} WHERE (SELECT NOT yes FROM common) AND {conditions}"
        values = [f"%{connection.ops.prep_for_like_query(word)}%" for word in words]
    else:
        index = f'"{trigrams.index_of(rows.model)}"'
        looked_up = f"SELECT rowid FROM common CROSS JOIN {index} WHERE NOT yes AND {index} MATCH %s AND {held}"
        values = [trigrams.match_expression(alternatives), *words]
    parts = {"table": table, "key": key, "held": held, "looked_up": looked_up}
    sql = _PROBE.format(sample=SAMPLE, common=COMMON, limit=lookup_or_scan.MOST_LOOKED_UP + 1, **parts)
    return LookupOrScan(scan_condition(query), lookup_sql=[(sql, [*words, *values])])


# A word is taken for a common one, and not looked up, if COMMON of SAMPLE rows spread over the table hold it.
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


def newest_condition(rows: QuerySet[Record]) -> Q:
    """Return the condition for the NEWEST first rows of a list in the order of their kind, and all of the same day as the last
    of them. One query.
    """
    order = default_order(rows.model)
    first = str(order[0])
    column = first.removeprefix("-")
    in_order = rows.order_by(*order).select_related(None).prefetch_related(None)
    last = list(in_order.values_list(column, flat=True)[NEWEST - 1 : NEWEST])
    return Q(**{f"{column}__{'gte' if first != column else 'lte'}": last[0]}) if last else Q()


def scan_condition(query: str) -> Q:
    """Return the condition that statements match in a form that no index serves."""
    return Q(*[GreaterThan(StrIndex(F("search"), Value(text)), 0) for (text,) in _alternatives(query, forgiving=False)])


def _name_condition(rows: QuerySet[Record], query: str) -> Q:
    """Return the condition that names or titles match. PostgreSQL uses its index by itself; for SQLite the query names it."""
    forgiving = rows.model.forgiving_search
    condition = holds_words(query, forgiving=forgiving)
    if connections[rows.db].vendor == "sqlite" and (text := trigrams.match_expression(_alternatives(query, forgiving))):
        index = trigrams.index_of(rows.model)
        keys = RawSQL(f'SELECT rowid FROM "{index}" WHERE "{index}" MATCH %s', [text])  # our own name
        condition &= Q(pk__in=keys)
    return condition


def _alternatives(query: str, forgiving: bool) -> list[list[str]]:
    """Return for each word of a query the texts of which one has to occur."""
    return [
        [(loose(word) or word) if forgiving else word]
        + ([f" {full_width(word)}"] if forgiving and LATIN_WORD.fullmatch(word) else [])
        for word in words_of(query)
    ]


def _has_trigram(word: str) -> bool:
    """Whether the indexes of trigrams of both databases find a word: it has three letters or digits in a row."""
    return any(len(run) >= 3 for run in "".join(c if category(c)[0] in "LMN" else " " for c in word).split())


def pieces(text: str, words: Iterable[str]) -> list[tuple[bool, str]]:
    """Cut `text` where one of the folded words occurs, and return (whether it matches, the piece) in order; no character is lost.

    Letters and their marks stay together. Where a word does not occur as typed, it is looked for without the Thai signs.
    """
    clusters = _CLUSTER.findall(text)
    matched = [False] * len(clusters)
    for word in words:
        for folding, blank in ((fold, " "), (fold, ""), (loose, " ")):  # a sign is a blank, or nothing
            spans = _spans(_folded_clusters(clusters, folding, blank), folding(word))
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


def _folded_clusters(clusters: list[str], folding: Callable[[str], str], blank: str) -> list[str]:
    """Return each cluster folded, with `blank` for a sign that divides words. A dot between digits is as in `fold`."""
    folded = [_folded(folding, cluster, blank) for cluster in clusters]
    for at in range(len(clusters) - 1):
        if clusters[at].isspace() and clusters[at + 1][0] == "\u0e46":
            folded[at] = ""
        elif clusters[at] in (".", ",") and at and clusters[at - 1].isdecimal() and clusters[at + 1].isdecimal():
            folded[at] = clusters[at]
    return folded


@lru_cache(maxsize=8192)
def _folded(folding: Callable[[str], str], cluster: str, blank: str) -> str:
    if cluster.isspace():
        return " "
    return folding(cluster) or (blank if is_blank(cluster) else "")


def _spans(folded: list[str], wanted: str) -> list[tuple[int, int]]:
    """Return [start, end) of the clusters that hold each occurrence of `wanted`."""
    if not wanted:
        return []
    owner = [number for number, part in enumerate(folded) for _c in part]
    whole, spans, at = "".join(folded), [], -1
    while (at := whole.find(wanted, at + 1)) >= 0:
        spans.append((owner[at], owner[at + len(wanted) - 1] + 1))
    return spans
