"""Records that are only named: what a filter, a chip or a facet shows of the record it is about."""

from __future__ import annotations

import functools
from collections.abc import Collection
from typing import Any

import orjson
from django.db import router

from base.sql.prepared import AnyOf, PreparedQuery, Row


@functools.cache
class Named:
    """Public records of a kind with what names them and nothing else, as a filter shows them."""

    def __init__(self, model: Any) -> None:
        columns = [field.name for field in model._meta.concrete_fields]
        self.model = model
        self.columns = [
            name for name in ("id", "slug", "name", "name_language", "labels", "sort_key") if name in columns
        ]
        self._slugs, self._keys = PreparedQuery(lambda: self._among("slug")), PreparedQuery(lambda: self._among("pk"))

    def _among(self, column: str) -> Any:
        return self.model.objects.published().filter(AnyOf(column)).order_by().values_list(*self.columns)

    def by_slug(self, slugs: Collection[str]) -> list[Any]:
        """Return the records of these ids. One query."""
        return self._made(self._slugs.read(slugs))

    def by_key(self, keys: Collection[int]) -> list[Any]:
        """Return the records with these keys. One query."""
        return self._made(self._keys.read(keys))

    def _made(self, rows: list[Row]) -> list[Any]:
        found = [self.model.from_db(router.db_for_read(self.model), self.columns, row) for row in rows]
        for record in found:
            if "labels" in self.columns:
                record.labels = orjson.loads(record.labels)
        return found
