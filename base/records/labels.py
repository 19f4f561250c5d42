"""Records that are only named: what a filter, a chip or a facet shows of the record it is about.

`named_by_slug`, `named_by_key` and `named_by_keys` read public records with what names them and nothing else; `RecordLabel` is
the same as a plain value, for what is counted and kept.
"""

from __future__ import annotations

import functools
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import orjson
from django.db import router
from django.db.models import IntegerField, QuerySet, Value

from base.sql.prepared import AnyOf, KeysParameter, PreparedQuery, Row

if TYPE_CHECKING:
    from base.records.records import Record

LABEL_COLUMNS = ("slug", "name", "name_language", "labels")
_COLUMNS = ("id", *LABEL_COLUMNS, "sort_key")


@dataclass(frozen=True)
class RecordLabel:
    """What is shown of a record by its name: the names by language, and the one for all other languages."""

    slug: str
    name: str
    name_language: str
    labels: dict[str, str]

    def __str__(self) -> str:
        return self.name or self.slug

    @classmethod
    def from_row(cls, slug: str, name: str, language: str, labels: str) -> RecordLabel:
        """Return the label of a row of LABEL_COLUMNS, whose `labels` is JSON."""
        return cls(slug, name, language, orjson.loads(labels))


def named_by_slug(slugs: Mapping[type[Record], Collection[str]]) -> dict[type[Record], dict[str, Record]]:
    """Return the public records of these ids by model and id. One query for all models together; none without models.

    Several models must all have names. The records are instances that hold what names them; all else is deferred.
    """
    records = _NamedRecords(*slugs).read("slug", list(slugs.values())) if slugs else []
    return {model: {record.slug: record for record in some} for model, some in zip(slugs, records, strict=True)}


def named_by_key(model: type[Record], keys: Collection[int]) -> dict[int, Record]:
    """Return the public records with these primary keys, by key, as instances that hold only what names them. One query."""
    return named_by_keys({model: keys})[model]


def named_by_keys(keys: Mapping[type[Record], Collection[int]]) -> dict[type[Record], dict[int, Record]]:
    """Return the public records with these primary keys, by model and key. One query for all models together."""
    records = _NamedRecords(*keys).read("pk", list(keys.values())) if keys else []
    return {model: {record.pk: record for record in some} for model, some in zip(keys, records, strict=True)}


@functools.cache
class _NamedRecords:
    """The queries that read the names of records of these kinds. Each is compiled once."""

    def __init__(self, *models: type[Record]) -> None:
        self.models = models
        fields = [{field.name for field in model._meta.concrete_fields} for model in models]
        self.columns = [name for name in _COLUMNS if all(name in names for names in fields)]
        self.queries = {column: PreparedQuery(functools.partial(self._query, column)) for column in ("slug", "pk")}

    def _query(self, column: str) -> QuerySet[Record, Row]:
        """Return the query of the number of the kind, then its columns; the keys of each kind have a slot."""
        queries = [
            model.objects.published()
            .filter(AnyOf(column, KeysParameter(number)))
            .order_by()
            .values_list(Value(number, IntegerField()), *self.columns)
            for number, model in enumerate(self.models)
        ]
        return queries[0].union(*queries[1:], all=True) if queries[1:] else queries[0]

    def read(self, column: str, keys: Sequence[Collection[int] | Collection[str]]) -> list[list[Record]]:
        """Return for each kind the records whose column holds one of its keys. One query."""
        records: list[list[Record]] = [[] for _model in self.models]
        for number, *row in self.queries[column].read(*keys):
            model = self.models[number]
            record = model.from_db(router.db_for_read(model), self.columns, row)
            if "labels" in self.columns:
                record.__dict__["labels"] = orjson.loads(record.__dict__["labels"])
            records[number].append(record)
        return records
