"""By which other records the rows of an endless kind are found: a statement by the names of its speaker, topics, event …

Such a kind registers its links. The words of a query are first looked for in the names of records, which are few (one query for
all kinds); their keys then stand for the words. So no row holds the names of others, and a name may change without a row of the
list being written.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import TypeVar, cast

from django.db import connections
from django.db.models import Case, IntegerField, ManyToManyField, Model, Q, QuerySet, Value, When
from django.db.models.expressions import RawSQL
from django.utils.functional import Promise

from base.lists.search_words import holds_any, name_forms
from base.records.names import NamedRecord
from base.sql import trigrams
from base.sql.lookup_or_scan import Condition, linked_row_exists, unindexed
from base.sql.prepared import AnyOf, sql_of

ModelT = TypeVar("ModelT", bound=Model)

MOST_WORDS = 20  # of a longer query, as of a quote that was pasted, all words have to stand in the text itself

# Queries of (key of a record, for each word whether the record is found by it: 1 or 0).
KeysOfWords = Callable[[Sequence[str]], "list[QuerySet[Model, object]]"]


@dataclass(frozen=True)
class SearchLink:
    """A relation of the listed rows by whose records they are found.

    `keys` finds the records. `rank` says how good a match by this link is: 0 is best, words of the row's own text have 1.
    """

    name: str
    label: str | Promise  # why a row was found, before the name of the record
    column: str  # the foreign key or the many-to-many field
    keys: KeysOfWords
    rank: int

    def looked_up(self, model: type[Model], keys: Iterable[int]) -> Q:
        """Return the condition that a row is linked with one of these records, in a form that an index serves."""
        field = model._meta.get_field(self.column)
        if isinstance(field, ManyToManyField):
            return Q(pk__in=_pairs(field, keys).values(field.m2m_field_name()))
        return Q(AnyOf(self.column, list(keys)))

    def scanned(self, model: type[Model], keys: Iterable[int]) -> Condition:
        """Return the same condition in a form that no index serves, to be put to one row after the other."""
        field = model._meta.get_field(self.column)
        if isinstance(field, ManyToManyField):
            # By the row's own few links: an index of both columns would be asked for each of the keys, row by row.
            through = cast("type[Model]", field.remote_field.through)
            target = unindexed(f"{field.m2m_reverse_field_name()}_id")
            return linked_row_exists(through._base_manager.filter(AnyOf(target, list(keys))), field.m2m_field_name())
        return AnyOf(unindexed(self.column), list(keys))


def _pairs(field: ManyToManyField, keys: Iterable[int]) -> QuerySet[Model]:
    """Return the rows of a many-to-many relation that lead to these records."""
    through = cast("type[Model]", field.remote_field.through)
    return through._base_manager.filter(AnyOf(field.m2m_reverse_field_name(), list(keys)))


_links: dict[type[Model], tuple[SearchLink, ...]] = {}


def register_search_links(model: type[Model], links: Sequence[SearchLink]) -> None:
    """Say by which links the rows of a kind are found."""
    _links[model] = tuple(links)


def links_of_words(model: type[Model], words: Sequence[str], using: str) -> list[dict[SearchLink, frozenset[int]]]:
    """Return for each word the links by which rows of the kind are found, each with the keys of the records. At most one query."""
    links = _links.get(model, ())
    found: list[dict[SearchLink, set[int]]] = [defaultdict(set) for _word in words]
    if not links or not words or len(words) > MOST_WORDS:
        return [{} for _word in words]
    connection = connections[using]
    parts: list[str] = []
    parameters: list[object] = []
    sources = list(dict.fromkeys(link.keys for link in links))
    for number, source in enumerate(sources):
        for rows in source(words):
            sql, values = sql_of(rows.using(using).order_by(), connection)
            parts.append(f"SELECT {number}, part.* FROM ({sql}) part")
            parameters += values
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), parameters)  # type: ignore[arg-type]  # any value that the driver takes
        rows_of_keys = cursor.fetchall()
    for number, key, *flags in rows_of_keys:
        for link in links:
            if link.keys is sources[number]:
                for word, flag in enumerate(flags):
                    if flag:
                        found[word][link].add(key)
    return [{link: frozenset(keys) for link, keys in of_word.items()} for of_word in found]


def flags(words: Sequence[str], holds: Callable[[str], Q]) -> list[Case]:
    """Return for each word an expression: 1 if the condition for it holds, else 0."""
    return [Case(When(holds(word), then=Value(1)), default=Value(0), output_field=IntegerField()) for word in words]


def holds_word(word: str, column: str = "search") -> Q:
    """Return the condition that a search column of names holds a word."""
    return holds_any(name_forms(word, whole=True), column)


def with_any_word(rows: QuerySet[ModelT], words: Sequence[str]) -> QuerySet[ModelT]:
    """Return the rows whose search column holds one of the words. PostgreSQL uses its index by itself; for SQLite it is named."""
    found = rows.filter(reduce(or_, map(holds_word, words)))
    if connections[rows.db].vendor != "sqlite":
        return found
    expressions = [trigrams.match_expression([name_forms(word, whole=True)]) for word in words]
    if not all(expressions):
        return found
    index = trigrams.index_of(rows.model)
    return found.filter(
        pk__in=RawSQL(f'SELECT rowid FROM "{index}" WHERE "{index}" MATCH %s', [" OR ".join(expressions)])
    )


def names_of(model: type[NamedRecord]) -> KeysOfWords:
    """Return what finds the public records of a kind by any of their names."""

    def keys(words: Sequence[str]) -> list[QuerySet[Model, object]]:
        rows = with_any_word(model._default_manager.published(), words)
        return [rows.values_list("pk", *flags(words, holds_word))]

    return keys
