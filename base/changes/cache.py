"""Values that are kept until the next write: Django's caches, with the content version in every key.

The version is another number after every write, so what is kept beside it is never out of date and nothing has to be deleted.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import TypeVar

from django.core.cache import caches
from django.db import connections
from django.dispatch import Signal
from django.http import HttpRequest

from base.changes.version import code_version_at_start, version_database, version_for

T = TypeVar("T")
# Sent with the alias of the cache as `sender`, and `hit`, whenever a value is looked for.
cache_asked = Signal()
_MISSING = object()


class VersionedCache:
    """The cache of one alias in CACHES. Keys are read as `repr` writes them: texts, numbers, classes and tuples of these.

    Values have to be picklable, for operators who choose a shared cache. Nothing is kept inside a transaction: it may be
    taken back, and its versions come again.
    """

    def __init__(self, alias: str) -> None:
        self.alias = alias

    def get_or_make(self, version: int | None, key: object, make: Callable[[], T]) -> T:
        """Return what `make` returned at this content version, or call it; without a version it is always called.

        The version has to be read before what `make` reads. What is returned may be shared: it is not to be changed.
        """
        if version is None or connections[version_database()].in_atomic_block:
            return make()
        text = repr((version, code_version_at_start(), key))
        place = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]
        cache = caches[self.alias]
        value = cache.get(place, _MISSING)
        cache_asked.send(sender=self.alias, hit=value is not _MISSING)
        if value is _MISSING:
            value = make()
            cache.set(place, value)
        return value


count_cache, facet_cache = VersionedCache("default"), VersionedCache("facets")
page_cache, picture_cache = VersionedCache("pages"), VersionedCache("pictures")


def cached_for(request: HttpRequest, key: object, make: Callable[[], T]) -> T:
    """Return what a page made by this key since the last write, or make it."""
    return facet_cache.get_or_make(version_for(request), ("numbers", key), make)
