"""Sets of triggers: what a module keeps true by triggers, it describes here once, for SQLite and for PostgreSQL.

A set is brought up to date after every `migrate`, because SQLite drops a table's triggers when Django remakes it. The name of
a trigger ends in a digest of its definition, so an old one is never taken for it. What was written while a trigger was missing
is unknown: then `fill` brings up to date what the triggers keep.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import ClassVar

from django.db import connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

# PostgreSQL: what a trigger that runs once for each SQL statement sees of its rows, by event.
TRANSITIONS = {
    "INSERT": "REFERENCING NEW TABLE AS new_rows",
    "UPDATE": "REFERENCING NEW TABLE AS new_rows OLD TABLE AS old_rows",
    "DELETE": "REFERENCING OLD TABLE AS old_rows",
    "TRUNCATE": "",
}


@dataclass(frozen=True)
class Trigger:
    """A trigger on a table for an event ("INSERT", "UPDATE OF id, search"), and the SQL that makes it, with `{name}`."""

    table: str
    event: str
    sql: str


@dataclass(frozen=True)
class Definition:
    """The SQL that makes a trigger, or what else a set needs, and the table whose rows it is about."""

    table: str
    sql: str


class TriggerSet:
    """The triggers whose names begin with `prefix`. One object a set, at the end of the module that describes it.

    `table` is what they write to: where `migrate` has not made it, or has taken it away again, there are no triggers.
    `fill_after_migrations` says that every migration counts as something the triggers may have missed.
    """

    prefix: ClassVar[str]
    table: ClassVar[str] = ""
    vendors: ClassVar[tuple[str, ...]] = ("sqlite", "postgresql")
    fill_after_migrations: ClassVar[bool] = False

    def triggers(self, connection: BaseDatabaseWrapper) -> list[Trigger]:
        """Return the triggers of this database."""
        raise NotImplementedError

    def functions(self, connection: BaseDatabaseWrapper) -> str:
        """Return the SQL of the functions that the triggers call; only PostgreSQL has them."""
        return ""

    def fill(self, using: str, tables: Sequence[str]) -> None:
        """Bring up to date what the triggers keep, after writes to these tables may have been missed."""
        raise NotImplementedError

    def signature(self, trigger: Trigger, functions: str) -> str:
        """Return all that a trigger does; its digest ends the name of the trigger."""
        return f"{trigger.table} {trigger.event} {trigger.sql} {functions}"

    def definitions(self, connection: BaseDatabaseWrapper) -> dict[str, Definition]:
        """Return what has to be there by its name, in the order in which it is made."""
        wanted, functions = {}, self.functions(connection)
        for trigger in self.triggers(connection):
            digest = hashlib.sha256(self.signature(trigger, functions).encode()).hexdigest()[:12]
            name = f"{self.prefix}{trigger.event.split()[0].lower()}_{digest}"
            wanted[name] = Definition(trigger.table, trigger.sql.format(name=name))
        return wanted

    def existing(self, connection: BaseDatabaseWrapper) -> dict[str, str]:
        """Return for the name of each trigger of the set that is there the SQL that drops it. One query."""
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                cursor.execute("SELECT name, '' FROM sqlite_master WHERE type = 'trigger'")
            else:
                cursor.execute(
                    "SELECT t.tgname, format(' ON %I', c.relname) FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
                    "WHERE NOT t.tgisinternal AND pg_table_is_visible(c.oid)"
                )
            return {
                name: f'DROP TRIGGER "{name}"{on}' for name, on in cursor.fetchall() if name.startswith(self.prefix)
            }

    def install(self, using: str, *, fill: bool = False) -> list[str]:
        """Make the triggers that are missing, drop those that are out of date; return the tables of the missing ones.

        What the triggers keep is brought up to date if any was missing, or with `fill` in any case, in the same transaction:
        whoever makes a trigger keeps writers away from its table until the transaction ends. One query if all is well.
        """
        connection = connections[using]
        if connection.vendor not in self.vendors:
            return []
        wanted, existing = self.definitions(connection), self.existing(connection)
        missing = [name for name in wanted if name not in existing]
        tables = sorted({wanted[name].table for name in missing})
        if not (fill or missing or existing.keys() - wanted.keys()):
            return []
        with transaction.atomic(using=using):
            self._drop(connection, existing, wanted)
            with connection.cursor() as cursor:
                if missing and connection.vendor == "postgresql":
                    cursor.execute(self.functions(connection))
                for name in missing:
                    cursor.execute(wanted[name].sql)
            if fill or missing:
                self.fill(using, tables)
        return tables

    def drop(self, using: str) -> None:
        """Drop every trigger of the set."""
        connection = connections[using]
        self._drop(connection, self.existing(connection), ())

    def _drop(self, connection: BaseDatabaseWrapper, existing: dict[str, str], wanted: Collection[str]) -> None:
        with connection.cursor() as cursor:
            for name, sql in existing.items():
                if name not in wanted:
                    cursor.execute(sql)

    def before_migrate(self, using: str, plan: Sequence[object] = (), **kwargs: object) -> None:
        """Make way for migrations, if there are any to run: SQLite refuses to change a table that a trigger names.

        Receives the signal pre_migrate.
        """
        if plan and connections[using].vendor == "sqlite":
            self.drop(using)

    def after_migrate(self, using: str, plan: Sequence[object] = (), **kwargs: object) -> None:
        """Bring the set up to date (receives the signal post_migrate)."""
        connection = connections[using]
        if connection.vendor not in self.vendors:
            return
        if not self.table or self.table in connection.introspection.table_names():
            self.install(using, fill=self.fill_after_migrations and bool(plan))
        else:
            self.drop(using)
