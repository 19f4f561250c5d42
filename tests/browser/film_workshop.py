"""The article about the film workshop, for tests that commit: loaded once, and copied for every further test."""

from __future__ import annotations

import sqlite3
from functools import cache

from django.core.management import call_command
from django.db import connection

from directory.models import Source


@cache
def _database_with_article() -> sqlite3.Connection:
    """Load the article, and return a copy in memory of the whole database as it is then."""
    call_command("loaddata", "film-workshop", verbosity=0)
    copy = sqlite3.connect(":memory:", check_same_thread=False)
    connection.connection.backup(copy)
    return copy


def load_film_workshop() -> None:
    """Bring the database, which holds nothing yet, to what it is with the article. From the second time on no row is read."""
    connection.ensure_connection()
    _database_with_article().backup(connection.connection)
    # A write of this test: its content version is none under which pages of another test are kept.
    Source.objects.filter(slug="film-workshop").update(slug="film-workshop")
