"""System checks: what a wrong database would silently break."""

from collections.abc import Iterable
from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connections


@register(Tags.database)
def thai_is_searchable(databases: Iterable[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """Refuse a PostgreSQL database whose locale hides Thai from trigrams, or sorts other than by code point."""
    found: list[CheckMessage] = []
    for alias in databases or ():
        connection = connections[alias]
        if connection.vendor != "postgresql":
            continue
        with connection.cursor() as cursor:
            cursor.execute("SELECT lower('ĐÀ') = 'đà', 'a-c' < 'ab' AND 'Z' < 'a'")
            letters, code_points = cursor.fetchone()
        hint = "Create it anew with: createdb --locale=C.UTF-8 --encoding=UTF8 --template=template0 NAME"
        if not letters:
            found.append(
                Error(f"Database {alias!r} has LC_CTYPE C: Thai would not be found.", hint=hint, id="directory.E001")
            )
        if not code_points:
            found.append(Error(f"Database {alias!r} does not sort by code point.", hint=hint, id="directory.E002"))
    return found
