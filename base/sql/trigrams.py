"""The search index of SQLite: one FTS5 table of trigrams beside every search column, kept true by triggers.

PostgreSQL keeps its trigram index itself. Here the index is a table of its own that holds no text: `detail=none` knows which
rows have three letters in a row, and nothing of where. What it finds is a little too much and is compared with the column
afterwards. The triggers see every write, whoever makes it. Tables and triggers are made after `migrate`, which drops a table's
triggers when Django remakes it; an index whose triggers were away is filled anew.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence

from django.apps import apps
from django.contrib.postgres.indexes import GinIndex
from django.db import connections
from django.db.backends.utils import CursorWrapper
from django.db.models import Model

PREFIX = "trigram_"
COLUMN = "search"
MOST = 12  # trigrams that are looked up for one query; more of them take longer and exclude hardly any more rows


def searched_models() -> list[type[Model]]:
    """Return the models that have a search column with an index of trigrams."""
    return [
        model
        for model in apps.get_models()
        if any(isinstance(index, GinIndex) and index.fields == [COLUMN] for index in model._meta.indexes)
    ]


def index_of(model: type[Model]) -> str:
    """Return the name of the index of a model's table."""
    return f"{PREFIX}{model._meta.db_table}"


def match_expression(alternatives: Iterable[Sequence[str]]) -> str:
    """Return what FTS5 is asked with MATCH: rows that hold one of the alternatives of every word.

    Words that have an alternative without three letters in a row are left out; if none is left, it is empty.
    """
    words = [[_trigrams(text) for text in texts] for texts in alternatives]
    usable = sorted((texts for texts in words if all(texts)), key=lambda texts: min(map(len, texts)), reverse=True)
    each = max(1, MOST // max(1, len(usable)))
    parts = [" OR ".join(f"({' AND '.join(_quoted(_spread(text, each)))})" for text in texts) for texts in usable]
    return " AND ".join(f"({part})" for part in parts[:MOST])


def _trigrams(text: str) -> list[str]:
    return list(dict.fromkeys(text[at : at + 3] for at in range(len(text) - 2)))


def _spread(trigrams: list[str], most: int) -> list[str]:
    """Return at most `most` trigrams, taken evenly from the whole length of a word."""
    if len(trigrams) <= most:
        return trigrams
    return [trigrams[at * len(trigrams) // most] for at in range(most)]


def _quoted(trigrams: Iterable[str]) -> list[str]:
    return ['"' + text.replace('"', '""') + '"' for text in trigrams]


# Keeping the index ----------------------------------------------------------------------------------------------------------
def install(using: str) -> list[str]:
    """Make the indexes that are missing and drop what is out of date; return the indexes that were filled anew.

    One query if all is well. What was written while a trigger was away is unknown, so its index is filled anew.
    """
    connection = connections[using]
    if connection.vendor != "sqlite":
        return []
    tables = set(connection.introspection.table_names())
    wanted = {model._meta.db_table: definitions(model) for model in searched_models()}
    names = {name for table, made in wanted.items() if table in tables for name in made}
    filled = []
    with connection.cursor() as cursor:
        there = _existing(cursor)
        for name, kind in there.items():
            if name not in names:
                cursor.execute(f'DROP {kind} IF EXISTS "{name}"')
        for table, made in wanted.items():
            missing = [name for name in made if name not in there]
            if table not in tables or not missing:
                continue
            for name in missing:
                cursor.execute(made[name])
            index = f"{PREFIX}{table}"
            cursor.execute(f'INSERT INTO "{index}" ("{index}") VALUES (\'rebuild\')')
            filled.append(index)
    return filled


def definitions(model: type[Model]) -> dict[str, str]:
    """Return the statements that make the index of a model and its triggers, by name.

    The name of a trigger ends in a digest of what it does, so an old one is never taken for it.
    """
    table, index = model._meta.db_table, index_of(model)
    made = {
        index: f'CREATE VIRTUAL TABLE "{index}" USING fts5({COLUMN}, '
        f"content='{table}', content_rowid='id', columnsize=0, detail=none, tokenize='trigram')"
    }
    add = f'INSERT INTO "{index}" (rowid, {COLUMN}) VALUES (NEW.id, NEW.{COLUMN});'
    drop = f'INSERT INTO "{index}" ("{index}", rowid, {COLUMN}) VALUES (\'delete\', OLD.id, OLD.{COLUMN});'
    for event, when, steps in (
        ("INSERT", "", add),
        ("DELETE", "", drop),
        (f"UPDATE OF id, {COLUMN}", f"WHEN OLD.{COLUMN} IS NOT NEW.{COLUMN} OR OLD.id <> NEW.id", f"{drop} {add}"),
    ):
        body = f'AFTER {event} ON "{table}" {when} BEGIN {steps} END'
        name = f"{PREFIX}{event.split()[0].lower()}_{hashlib.sha256(body.encode()).hexdigest()[:12]}"
        made[name] = f'CREATE TRIGGER "{name}" {body}'
    return made


def _existing(cursor: CursorWrapper) -> dict[str, str]:
    """Return whether each of our tables and triggers is a table or a trigger, by its name."""
    cursor.execute(
        "SELECT name, type FROM sqlite_master WHERE name LIKE %s ESCAPE '\\' "
        "AND (type = 'trigger' OR sql LIKE 'CREATE VIRTUAL TABLE%%')",
        [PREFIX.replace("_", "\\_") + "%"],
    )
    return dict(cursor.fetchall())


def after_migrate(using: str, **kwargs: object) -> None:
    """Keep the indexes true to the tables (receives post_migrate)."""
    install(using)
