"""The search index of SQLite: one FTS5 table of trigrams beside every search column, kept true by triggers.

PostgreSQL keeps its trigram index itself. Here the index is a table of its own that holds no text: `detail=none` knows which
rows have three letters in a row, and nothing of where. What it finds is a little too much and is compared with the column
afterwards. The triggers see every write, whoever makes it. Tables and triggers are made after `migrate`; an index whose triggers
were away is filled anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import cast

from django.apps import apps
from django.contrib.postgres.indexes import GinIndex
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations import Migration
from django.db.models import Model

from base.sql.columns import existing_columns
from base.sql.triggers import Definition, Trigger, TriggerSet

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
class TrigramIndexes(TriggerSet):
    """The index of every search column, and the three triggers of each."""

    prefix = PREFIX
    vendors = ("sqlite",)

    def triggers(self, connection: BaseDatabaseWrapper) -> list[Trigger]:
        """Return the triggers of every searched model."""
        return [trigger for model in searched_models() for trigger in _triggers(model)]

    def signature(self, trigger: Trigger, functions: str) -> str:
        """Return what a trigger does, as the names of triggers in today's databases have it."""
        return trigger.sql.removeprefix('CREATE TRIGGER "{name}" ')

    def definitions(self, connection: BaseDatabaseWrapper) -> dict[str, Definition]:
        """Return the indexes and then their triggers, of the search columns that exist. One query."""
        columns = existing_columns(connection)
        indexes = {index_of(model): Definition(model._meta.db_table, _index(model)) for model in searched_models()}
        wanted = indexes | super().definitions(connection)
        return {name: one for name, one in wanted.items() if (one.table, COLUMN) in columns}

    def existing(self, connection: BaseDatabaseWrapper) -> dict[str, str]:
        """Return for the name of each index and trigger that is there the SQL that drops it. One query."""
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT name, type FROM sqlite_master WHERE name LIKE %s ESCAPE '\\' "
                "AND (type = 'trigger' OR sql LIKE 'CREATE VIRTUAL TABLE%%')",
                [PREFIX.replace("_", "\\_") + "%"],
            )
            return {name: f'DROP {kind} IF EXISTS "{name}"' for name, kind in cursor.fetchall()}

    def before_migrate(self, using: str, plan: Sequence[object] = (), **kwargs: object) -> None:
        """Make way for migrations that go back: they may take a search column away, of which a trigger reads.

        Others leave the indexes alone, which take long to fill.
        """
        steps = cast("Sequence[tuple[Migration, bool]]", plan)
        super().before_migrate(using, [step for step, backwards in steps if backwards])

    def fill(self, using: str, tables: Sequence[str]) -> None:
        """Fill the indexes of these tables anew."""
        with connections[using].cursor() as cursor:
            for table in tables:
                index = f"{PREFIX}{table}"
                cursor.execute(f'INSERT INTO "{index}" ("{index}") VALUES (\'rebuild\')')


def _index(model: type[Model]) -> str:
    """Return the SQL that makes the index of a model."""
    return (
        f'CREATE VIRTUAL TABLE "{index_of(model)}" USING fts5({COLUMN}, '
        f"content='{model._meta.db_table}', content_rowid='id', columnsize=0, detail=none, tokenize='trigram')"
    )


def _triggers(model: type[Model]) -> list[Trigger]:
    """Return the triggers that keep the index of a model."""
    table, index = model._meta.db_table, index_of(model)
    add = f'INSERT INTO "{index}" (rowid, {COLUMN}) VALUES (NEW.id, NEW.{COLUMN});'
    drop = f'INSERT INTO "{index}" ("{index}", rowid, {COLUMN}) VALUES (\'delete\', OLD.id, OLD.{COLUMN});'
    return [
        Trigger(table, event, f'CREATE TRIGGER "{{name}}" AFTER {event} ON "{table}" {when} BEGIN {steps} END')
        for event, when, steps in (
            ("INSERT", "", add),
            ("DELETE", "", drop),
            (f"UPDATE OF id, {COLUMN}", f"WHEN OLD.{COLUMN} IS NOT NEW.{COLUMN} OR OLD.id <> NEW.id", f"{drop} {add}"),
        )
    ]


trigram_indexes = TrigramIndexes()
