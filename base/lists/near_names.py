"""What somebody may have meant who misspelt a name: the query with the names on record that are most like its words.

Candidates share beginnings, ends or parts of three letters with what was typed, which the index of search columns knows; of the
hundred that share most, the names are compared letter by letter. So the time depends on the number of names alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import cast

from django.db import connections
from django.db.models import F, IntegerField, ManyToOneRel, Model, QuerySet, Value
from django.db.models.expressions import RawSQL
from rapidfuzz.distance import OSA

from base.lists.search_words import words_of
from base.records.names import Name, NamedRecord
from base.sql import trigrams
from base.sql.prepared import AnyOf, read_queryset, sql_of
from base.text.names import loose
from base.text.search_column import SHORT, is_unspaced

NAMES = "names"  # the relation of every kind with names
CANDIDATES = 100  # records whose names are compared
MOST_WORDS = 6  # of a longer query nobody means a name
MOST_PARTS = 12  # parts of a word by which candidates are found


def near_query(query: str, models: Sequence[type[NamedRecord]]) -> str:
    """Return the query with names on record for the words that are nearly names; empty if none is. At most two queries."""
    words = words_of(query)
    if len(words) > MOST_WORDS or not any(len(word) > SHORT for word in words):
        return ""
    records: dict[
        tuple[int, int], dict[str, str]
    ] = {}  # of each record: a word of a name as it is compared -> as it is spelled
    for key, name in _names_like(words, models):
        for word, spelling in _words_of_name(name):
            records.setdefault(key, {}).setdefault(word, spelling)
    meant = dict.fromkeys(words, "")
    changed = False
    while (left := [word for word in words if not meant[word]]) and (best := _best_record(left, records.values())):
        for word, (other, spelling) in best.items():
            meant[word] = spelling
            changed = changed or other != (loose(word) or word)
    return " ".join(meant[word] or word for word in words) if changed else ""


def _best_record(words: Sequence[str], records: Iterable[dict[str, str]]) -> dict[str, tuple[str, str]]:
    """Return for the words that one record has, nearly at least, its word as it is compared and spelled: of the record with
    the most of them, and of several the one with the least that differs. Empty if there is none.
    """
    best: dict[str, tuple[str, str]] = {}
    least = (0, 0)
    for spelled in records:
        near = {word: match for word in words if (match := _nearest(loose(word) or word, spelled))}
        if not any(len(word) > SHORT for word in near):  # a short word alone is like too many others
            near = {word: match for word, match in near.items() if not match[0]}
        measure = (-len(near), sum(distance for distance, _other in near.values()))
        if near and measure < least:
            least = measure
            best = {word: (other, spelled[other]) for word, (_distance, other) in near.items()}
    return best


def _nearest(word: str, spelled: Iterable[str]) -> tuple[int, str] | None:
    """Return (letters that differ, word of a name) of the word most like a word; None if none is much like it."""
    most = 0 if len(word) < SHORT else 1 if len(word) <= 5 else 2 if len(word) <= 9 else 3
    best: tuple[int, str] | None = None
    for other in spelled:
        if abs(len(other) - len(word)) <= most:
            distance = OSA.distance(word, other, score_cutoff=most)
            if distance <= most and (best is None or (distance, other) < best):
                best = distance, other
    return best


def _words_of_name(name: str) -> list[tuple[str, str]]:
    """Return the words of a name, each as it is compared and as it is spelled; a Thai name as one word, too."""
    words = [(loose(word), word) for word in name.split()]
    joined = "".join(word for word, _spelling in words)
    if len(words) > 1 and joined and all(map(is_unspaced, joined)):
        words.append((joined, name))
    return [(word, spelling.strip("()[],;:")) for word, spelling in words if word]


def _names_like(words: Sequence[str], models: Sequence[type[NamedRecord]]) -> list[tuple[tuple[int, int], str]]:
    """Return (record, name) of the public names of the records that share most parts with the words, those first that share
    most. A record is the number of its kind and its key. Two queries.
    """
    parts = list(dict.fromkeys(part for word in words for part in _parts(word)))
    sql: list[str] = []
    parameters: list[object] = []
    for number, model in enumerate(models):
        connection = connections[model._default_manager.db]
        for part in parts:
            found, values = sql_of(_with_part(model, part), connection)
            sql.append(f"SELECT {number} AS model, part.key FROM ({found}) part")
            parameters += values
    if not sql:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT model, key FROM (SELECT model, q.key, count(*) AS n FROM ({' UNION ALL '.join(sql)}) q GROUP BY 1, 2) counted "
            f"ORDER BY n DESC, model, key LIMIT {CANDIDATES}",
            parameters,  # type: ignore[arg-type]  # any value that the driver takes
        )
        found_keys = cursor.fetchall()
    place = {pair: number for number, pair in enumerate(found_keys)}
    keys: list[list[int]] = [[] for _model in models]
    for number, key in found_keys:
        keys[number].append(key)
    queries = [_names(number, model, keys[number]) for number, model in enumerate(models) if keys[number]]
    if not queries:
        return []
    rows = read_queryset(queries[0].union(*queries[1:], all=True) if queries[1:] else queries[0])
    return sorted((((number, key), text) for number, key, text in rows), key=lambda row: (place[row[0]], row[1]))


def _parts(word: str) -> list[str]:
    """Return the parts of three letters of a word, at most MOST_PARTS, with its beginning and its end."""
    loosened = loose(word) or word
    text = loosened if is_unspaced(loosened[0]) else f" {loosened} "
    parts = list(dict.fromkeys(text[at : at + 3] for at in range(len(text) - 2)))
    step = max(1, -(-len(parts) // MOST_PARTS))
    return [*parts[::step], *parts[-1:]] if parts else []


def _with_part(model: type[NamedRecord], part: str) -> QuerySet[Model, object]:
    """Return the query of the keys of the public records whose search column holds a part."""
    rows = model._default_manager.published().order_by()
    if connections[rows.db].vendor == "sqlite":
        index = trigrams.index_of(model)
        keys = RawSQL(f'SELECT rowid FROM "{index}" WHERE "{index}" MATCH %s', [trigrams.match_expression([[part]])])
        rows = rows.filter(pk__in=keys)
    else:
        rows = rows.filter(search__contains=part)
    return rows.annotate(key=F("pk")).values_list("key")


def _names(number: int, model: type[NamedRecord], keys: list[int]) -> QuerySet[Model, object]:
    """Return the query of the public names of these records."""
    relation = cast(ManyToOneRel, model._meta.get_field(NAMES))
    names, owner = cast("type[Name]", relation.related_model), relation.field.name
    rows = names.objects.published(known=(owner,)).filter(AnyOf(owner, keys))
    return cast("QuerySet[Model, object]", rows.order_by().values_list(Value(number, IntegerField()), owner, "text"))
