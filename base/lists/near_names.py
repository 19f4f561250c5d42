"""What somebody may have meant who misspelt a name: the query with the names on record that are most like its words.

Candidates share beginnings, ends or parts of three letters with what was typed, which the index of search columns knows; of the
hundred that share most, the names are compared letter by letter. So the time depends on the number of names alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import cast

from django.db import connections
from django.db.models import IntegerField, ManyToOneRel, Model, QuerySet, Value
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
    names = _names_like(words, models)
    spelled: dict[str, str] = {}  # a word of a name as it is compared -> as it is spelled
    for name in names:
        for word, spelling in _words_of_name(name):
            spelled.setdefault(word, spelling)
    parts, changed = [], False
    for word in words:
        near = _nearest(loose(word) or word, spelled)
        changed = changed or (near is not None and near != (loose(word) or word))
        parts.append(spelled[near] if near else word)
    return " ".join(parts) if changed else ""


def _nearest(word: str, spelled: Iterable[str]) -> str | None:
    """Return the word of a name that is most like a word; None if none is much like it. Short words have to be equal."""
    most = 0 if len(word) <= SHORT else 1 if len(word) <= 5 else 2 if len(word) <= 9 else 3
    best: tuple[int, str] | None = None
    for other in spelled:
        if abs(len(other) - len(word)) <= most:
            distance = OSA.distance(word, other, score_cutoff=most)
            if distance <= most and (best is None or (distance, other) < best):
                best = distance, other
    return best[1] if best else None


def _words_of_name(name: str) -> list[tuple[str, str]]:
    """Return the words of a name, each as it is compared and as it is spelled; a Thai name as one word, too."""
    words = [(loose(word), word) for word in name.split()]
    joined = "".join(word for word, _spelling in words)
    if len(words) > 1 and joined and all(map(is_unspaced, joined)):
        words.append((joined, name))
    return [(word, spelling.strip("()[],;:")) for word, spelling in words if word]


def _names_like(words: Sequence[str], models: Sequence[type[NamedRecord]]) -> list[str]:
    """Return the public names of the records that share most parts with the words, those that share most first. Two queries."""
    parts = list(dict.fromkeys(part for word in words for part in _parts(word)))
    sql: list[str] = []
    parameters: list[object] = []
    for number, model in enumerate(models):
        connection = connections[model._default_manager.db]
        for part in parts:
            found, values = sql_of(_with_part(model, part), connection)
            sql.append(f"SELECT {number} AS model, part.id AS key FROM ({found}) part")
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
    return [text for _number, _key, text in sorted(rows, key=lambda row: (place[row[0], row[1]], row[2]))]


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
        return rows.filter(pk__in=keys).values_list("pk")
    return rows.filter(search__contains=part).values_list("pk")


def _names(number: int, model: type[NamedRecord], keys: list[int]) -> QuerySet[Model, object]:
    """Return the query of the public names of these records."""
    relation = cast(ManyToOneRel, model._meta.get_field(NAMES))
    names, owner = cast("type[Name]", relation.related_model), relation.field.name
    rows = names.objects.published(known=(owner,)).filter(AnyOf(owner, keys))
    return cast("QuerySet[Model, object]", rows.order_by().values_list(Value(number, IntegerField()), owner, "text"))
