"""What somebody may have meant who misspelt a name: the query with the names on record that are most like its words.

Candidates share beginnings, ends or parts of three letters with what was typed, which the index of search columns knows; of the
hundred that share most, the names are compared letter by letter. So the time depends on the number of names alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import reduce
from operator import add
from typing import cast

from django.db import connections
from django.db.models import Case, F, IntegerField, ManyToOneRel, Model, QuerySet, Value, When
from django.db.models.expressions import RawSQL
from rapidfuzz.distance import OSA

from base.lists.search_words import holds_any, typed_words, words_of
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
    words: list[str] = [*words_of(query)]
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
    return " ".join(meant.get(word) or word for word in typed_words(query)) if changed else ""


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
    """Return (record, name) of the firm names of the records that share most parts with the words, those first that share
    most. A record is the number of its kind and its key. Two queries.
    """
    parts = list(dict.fromkeys(part for word in words for part in _parts(word)))
    if not parts or not models:
        return []
    connection = connections[models[0]._default_manager.db]
    sql: list[str] = []
    parameters: list[object] = []
    for number, model in enumerate(models):
        found, values = sql_of(_with_parts(model, parts), connection)
        # On SQLite, a query with a LIMIT may stand in a UNION only inside another one.
        sql.append(f"SELECT {number} AS model, part.key AS key, part.n AS n FROM ({found}) part")
        parameters += values
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT model, key FROM ({' UNION ALL '.join(sql)}) q ORDER BY n DESC, model, key LIMIT {CANDIDATES}",
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


def _with_parts(model: type[NamedRecord], parts: Sequence[str]) -> QuerySet[Model, object]:
    """Return the query of (key, number of these parts) of the public records whose search column holds most of them."""
    rows = model._default_manager.published()
    if connections[rows.db].vendor == "sqlite":
        index = trigrams.index_of(model)
        match = " OR ".join(trigrams.match_expression([[part]]) for part in parts)
        rows = rows.filter(pk__in=RawSQL(f'SELECT rowid FROM "{index}" WHERE "{index}" MATCH %s', [match]))
    else:
        rows = rows.filter(holds_any(parts))
    held = [
        Case(When(search__contains=part, then=Value(1)), default=Value(0), output_field=IntegerField())
        for part in parts
    ]
    counted = rows.annotate(key=F("pk"), n=reduce(add, held)).order_by("-n", "pk")
    return counted.values_list("key", "n")[:CANDIDATES]


def _names(number: int, model: type[NamedRecord], keys: list[int]) -> QuerySet[Model, object]:
    """Return the query of the public names of these records; nobody is asked whether a rejected one is meant."""
    relation = cast(ManyToOneRel, model._meta.get_field(NAMES))
    names, owner = cast("type[Name]", relation.related_model), relation.field.name
    rows = names.objects.firm().filter(AnyOf(owner, keys))
    return cast("QuerySet[Model, object]", rows.order_by().values_list(Value(number, IntegerField()), owner, "text"))
