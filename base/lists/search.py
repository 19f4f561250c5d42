"""The one rule of search: which rows hold the words of a query, on both databases.

Names and titles are found by their search column, which `base/text/search_column.py` writes. Statements are found by theirs and by
the names of the records that they are linked with (`search_links.py`): every word has to be in the one or in the other.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property, lru_cache, reduce
from itertools import groupby
from operator import itemgetter, or_
from typing import TYPE_CHECKING, TypeVar

from django.contrib.postgres.indexes import GinIndex
from django.db import connections
from django.db.models import Case, Count, F, IntegerField, Max, Min, Model, Q, QuerySet, Value, When
from django.db.models.expressions import Combinable, RawSQL
from django.db.models.functions import Coalesce, StrIndex
from django.db.models.lookups import GreaterThan

from base.lists.cursor import default_order
from base.lists.search_links import SearchLink, links_of_words
from base.lists.search_words import has_trigram, holds_any, joined_forms, name_forms, text_forms, words_of
from base.sql import lookup_or_scan, trigrams
from base.sql.lookup_or_scan import Condition, LookupOrScan, choose_conditions
from base.sql.prepared import SQL
from base.text.names import fold, loose
from base.text.search_column import is_short_word, is_unspaced
from base.text.signs import is_blank

if TYPE_CHECKING:
    from base.records.records import Record

RecordT = TypeVar("RecordT", bound="Record")

NEWEST = 20_000  # rows of a list in which one and two letters of Thai are looked for
# Words are common, and not looked up, if COMMON of SAMPLE rows spread over the table have them; in a small table only if so many
# have them that it has more than COMMON_ROWS such rows.
SAMPLE, COMMON, COMMON_ROWS = 400, 3, 4000
TEXT_RANK = 1  # of a word in the text of a row, as `SearchLink.rank` has it for links

_CLUSTER = re.compile("(?s).[\u0300-\u036f\u0e31\u0e34-\u0e3a\u0e47-\u0e4e]*\u0e33?")


def trigram_index(name: str, column: str = "search") -> GinIndex:
    """Return the index that finds a substring of three characters or more on PostgreSQL."""
    return GinIndex(fields=[column], name=name, opclasses=["gin_trgm_ops"])


def search_rows(rows: QuerySet[RecordT], query: str) -> QuerySet[RecordT]:
    """Return the rows that match: the one rule of search page, lists, exports and API.

    Names and titles are all looked through. Statements are too many for that: a sample tells whether few or many match
    (`lookup_or_scan.py`), and words that no index finds are looked for in the newest statements alone. At most three queries,
    beside that of the rows.
    """
    if not words_of(query):
        return rows.filter(pk__lt=0)  # a condition of SQL, which counts and facets can take on
    if has_search_condition(rows.model, query):
        return rows.filter(*choose_conditions(rows.db, [search_condition(rows, query)]))
    if searches_newest_only(rows.model, query):
        return rows.filter(newest_condition(rows), scan_condition(rows, query))
    return rows.filter(_name_condition(rows, query))


def has_search_condition(model: type[Record], query: str) -> bool:
    """Whether rows are found by `search_condition`: those of an endless kind, by a word that the index of trigrams knows."""
    return model.endless and any(has_trigram(word) for word in words_of(query))


def searches_newest_only(model: type[Record], query: str) -> bool:
    """Whether a query is looked for in the newest rows alone: no index finds a word of it."""
    return model.endless and bool(words_of(query)) and not has_search_condition(model, query)


def search_condition(rows: QuerySet[Record], query: str) -> LookupOrScan:
    """Return the condition that statements match, to be looked up or scanned. Two queries."""
    return WordSearch(rows.model, query, rows.db).lookup_or_scan()


def scan_condition(rows: QuerySet[Record], query: str) -> Q:
    """Return the condition that statements match in a form that no index serves. One query."""
    return WordSearch(rows.model, query, rows.db).scan


class WordSearch:
    """The words of one query, looked for in the texts of an endless kind and in the names of what its rows are linked with."""

    def __init__(self, model: type[Record], query: str, using: str) -> None:
        self.model, self.query, self.using = model, query, using
        self.words = words_of(query)

    @cached_property
    def links(self) -> list[dict[SearchLink, frozenset[int]]]:
        """For each word the links that find rows by it, with the keys of the records. At most one query."""
        return links_of_words(self.model, self.words, self.using)

    @cached_property
    def conditions(self) -> list[Q]:
        """For each word the condition that a row has it, in a form that no index serves."""
        return [
            Q(self._in_text(word), *self._by_links(place), _connector=Q.OR) for place, word in enumerate(self.words)
        ]

    @property
    def scan(self) -> Q:
        """The condition that a row has every word, in a form that no index serves."""
        return Q(*self.conditions)

    def lookup_or_scan(self) -> LookupOrScan:
        """Return the condition that a row has every word. Two queries: for the names, and for a sample of the rows.

        Rows that have every word in their text are looked up in the index of trigrams. All others have a word by a link: they are
        looked up from the links of all words, or else from one word, its links and the index, whichever the sample says is less.
        """
        sample = self._sample()
        if sample["all"] >= max(COMMON, SAMPLE * COMMON_ROWS // (1 + sample["last"] - sample["first"])):
            return LookupOrScan(
                self.scan, lookup_sql=[("SELECT CAST(NULL AS bigint) AS key", [])]
            )  # too many; as many queries as for few
        linked = [place for place, links in enumerate(self.links) if links]
        plain = [place for place in range(len(self.words)) if place not in linked]
        costs = {
            place: sample[f"text_{place}"] + sample[f"links_{place}"] for place in linked if self._is_indexed(place)
        }
        best = min(costs, key=lambda place: costs[place], default=None)
        in_text = self._text_lookup(range(len(self.words)))
        if best is None or sum(sample[f"links_{place}"] for place in linked) <= costs[best]:
            return LookupOrScan(self.scan, [rows for place in linked for rows in self._link_lookups(place)], in_text)
        from_text = self._rows_with_text([best, *plain])
        return LookupOrScan(self.scan, [from_text, *self._link_lookups(best)], in_text)

    def rank(self) -> Combinable:
        """Return how well a row matches: for each word the rank of the best link or of the text, twice, and 1 if the words are
        several and not in a row in the text. The least is the best.
        """
        in_a_row = Q(GreaterThan(StrIndex(F("search"), Value(fold(self.query))), 0))
        total: Combinable = Case(
            When(in_a_row if len(self.words) > 1 else Q(pk__gt=0), then=Value(0)),
            default=Value(1),
            output_field=IntegerField(),
        )
        for place, word in enumerate(self.words):
            ranked: list[tuple[int, Condition]] = [(TEXT_RANK, self._in_text(word))]
            ranked += [(link.rank, link.scanned(self.model, keys)) for link, keys in self.links[place].items()]
            ranked.sort(key=itemgetter(0))
            cases = [When(Q(condition), then=Value(2 * rank)) for rank, condition in ranked]
            total = total + Case(*cases, default=Value(0), output_field=IntegerField())
        return total

    def _in_text(self, word: str) -> Q:
        return in_column(F("search"), text_forms(word))

    def _by_links(self, place: int) -> list[Q]:
        return [Q(link.scanned(self.model, keys)) for link, keys in self.links[place].items()]

    def _is_indexed(self, place: int) -> bool:
        return has_trigram(self.words[place])

    def _sample(self) -> dict[str, int]:
        """Return how many rows of a sample have all words, and each word in the text and by links, and the first and last key of
        the sample. One query.
        """
        table, key = f'"{self.model._meta.db_table}"', f'"{self.model._meta.pk.column}"'
        counts: dict[str, Combinable] = {
            "all": Count("pk", filter=self.scan),
            "first": Coalesce(Min("pk"), 0),
            "last": Coalesce(Max("pk"), 0),
        }
        for place, word in enumerate(self.words):
            counts[f"text_{place}"] = Count("pk", filter=self._in_text(word))
            if links := self._by_links(place):
                counts[f"links_{place}"] = Count("pk", filter=reduce(or_, links))
        spread = RawSQL(_SPREAD.format(table=table, key=key, sample=SAMPLE), [])
        rows = self.model._base_manager.using(self.using).filter(pk__in=spread)
        return rows.aggregate(**counts)

    def _rows(self) -> QuerySet[Model]:
        return self.model._base_manager.using(self.using).filter(*self.conditions)

    def _link_lookups(self, place: int) -> list[QuerySet[Model, object]]:
        """Return the queries of the rows that have every word, and this one by a link."""
        return [
            self._rows().filter(link.looked_up(self.model, keys)).values_list("pk")
            for link, keys in self.links[place].items()
        ]

    def _rows_with_text(self, places: Iterable[int]) -> QuerySet[Model, object]:
        """Return the query of the rows that have every word, and these in their text."""
        forms = [text_forms(self.words[place]) for place in places]
        if connections[self.using].vendor == "postgresql":
            return self._rows().filter(*map(holds_any, forms)).values_list("pk")
        index = f'"{trigrams.index_of(self.model)}"'
        match = trigrams.match_expression(forms)
        keys = RawSQL(f"SELECT rowid FROM {index} WHERE {index} MATCH %s", [match])  # our own name
        return self._rows().filter(pk__in=keys).values_list("pk")

    def _text_lookup(self, places: Iterable[int]) -> list[SQL]:
        """Return the SQL of the keys of the rows that have every word in their text."""
        connection, table = connections[self.using], f'"{self.model._meta.db_table}"'
        forms = [text_forms(self.words[place]) for place in places]
        each = [form for alternatives in forms for form in alternatives]
        limit = lookup_or_scan.MOST_LOOKED_UP + 1
        if connection.vendor == "postgresql":
            held = _every_word("search LIKE %s", forms)
            values = [f"%{connection.ops.prep_for_like_query(form)}%" for form in each]
            return [(f'SELECT "{self.model._meta.pk.column}" AS key FROM {table} WHERE {held} LIMIT {limit}', values)]
        index = f'"{trigrams.index_of(self.model)}"'
        held = _every_word("instr(search, %s) > 0", forms)
        match = trigrams.match_expression(forms)
        return [(f"SELECT rowid AS key FROM {index} WHERE {index} MATCH %s AND {held} LIMIT {limit}", [match, *each])]


def in_column(column: Combinable, forms: Iterable[str]) -> Q:
    """Return the condition that a column holds one of these texts, in a form that no index serves."""
    return reduce(or_, (Q(GreaterThan(StrIndex(column, Value(form)), 0)) for form in forms))


def _every_word(condition: str, forms: Iterable[Sequence[str]]) -> str:
    """Return the SQL that this condition of one text holds for one of the texts of every word."""
    return " AND ".join(f"({' OR '.join(condition for _form in alternatives)})" for alternatives in forms)


# The keys of SAMPLE rows spread over the table.
_SPREAD = """
WITH RECURSIVE spread(at, step) AS (
    SELECT (SELECT min({key}) FROM {table}),
        ((SELECT max({key}) FROM {table}) - (SELECT min({key}) FROM {table})) / {sample} + 1
    UNION ALL SELECT at + step, step FROM spread WHERE at + step <= (SELECT max({key}) FROM {table})
)
SELECT at FROM spread
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


def _name_condition(rows: QuerySet[Record], query: str) -> Q:
    """Return the condition that names or titles match. PostgreSQL uses its index by itself; for SQLite the query names it."""
    forgiving = rows.model.forgiving_search
    alternatives = [name_forms(word) if forgiving else text_forms(word) for word in words_of(query)]
    condition = Q(*map(holds_any, alternatives))
    if connections[rows.db].vendor == "sqlite" and (text := trigrams.match_expression(alternatives)):
        index = trigrams.index_of(rows.model)
        keys = RawSQL(f'SELECT rowid FROM "{index}" WHERE "{index}" MATCH %s', [text])  # our own name
        condition &= Q(pk__in=keys)
    return condition


def pieces(text: str, words: Iterable[str], *, of_name: bool = False) -> list[tuple[bool, str]]:
    """Cut `text` where one of the folded words occurs, and return (whether it matches, the piece) in order; no character is lost.

    Letters and their marks stay together. Where a word does not occur as typed, it is looked for without the Thai signs. A short
    word matches whole words and what it is joined to, as in search (`text_forms`); of the name of a record, where there are
    none, also the beginnings of words (`name_forms`).
    """
    clusters = _CLUSTER.findall(text)
    matched = [False] * len(clusters)
    for word in words:
        for start, end in _short_spans(clusters, word, of_name) if is_short_word(word) else _long_spans(clusters, word):
            matched[start:end] = [True] * (end - start)
    pairs = zip(matched, clusters, strict=True)
    return [(hit, "".join(cluster for _hit, cluster in run)) for hit, run in groupby(pairs, key=itemgetter(0))]


def has_word(text: str, word: str) -> bool:
    """Whether a folded word occurs in a text, as `pieces` finds it."""
    return any(hit for hit, _piece in pieces(text, [word]))


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


def _long_spans(clusters: list[str], word: str) -> list[tuple[int, int]]:
    """Return [start, end) of the clusters that hold each occurrence of a word, wherever it stands."""
    for folding, blank in ((fold, " "), (fold, ""), (loose, " ")):  # a sign is a blank, or nothing
        if spans := _spans(_folded_clusters(clusters, folding, blank), folding(word)):
            return spans
    return []


def _short_spans(clusters: list[str], word: str, of_name: bool) -> list[tuple[int, int]]:
    """Return [start, end) of the clusters that hold each occurrence of a short word, as `pieces` says."""
    divided = [_folded_clusters(clusters, fold, blank) for blank in (" ", "")]
    for folded in divided:
        spans = _words_with(folded, word, whole=True)
        for form in joined_forms(word):
            spans += _words_with(folded, form.strip(), whole=form.endswith(" "))
        if spans:
            return spans
    return _words_with(divided[0], word, whole=False) if of_name else []


def _words_with(folded: list[str], wanted: str, *, whole: bool) -> list[tuple[int, int]]:
    """Return the spans of `wanted` that begin a word; with `whole`, those that are one."""
    return [
        (start, end)
        for start, end in _spans(folded, wanted)
        if (not start or _divides(folded[start - 1], folded[start]))
        and (not whole or end == len(folded) or _divides(folded[end - 1], folded[end]))
    ]


def _divides(before: str, after: str) -> bool:
    """Whether a word may end between two folded letters: one of them is no letter, or only one is of a script without blanks."""
    if not before[-1:].isalnum() or not after[:1].isalnum():
        return True
    return is_unspaced(before[-1]) != is_unspaced(after[0])
