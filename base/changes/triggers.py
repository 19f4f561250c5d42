"""Triggers that note every write of content, whoever makes it: the ORM, `.update()`, loaddata, a migration or psql.

Two things follow from one write. The content version goes up in the transaction that writes (`version.py`), and the records
whose documents may look different now are noted for the change feed (`feed.py`). Django's signals would miss bulk writes;
docs/decisions/011 weighs the ways.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.apps import apps
from django.db import connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import ForeignKey, Model

from base.changes.models import ContentVersion, OpenWrite, TouchedRow
from base.sql.triggers import TRANSITIONS, Trigger, TriggerSet

PREFIX = "content_"
VERSION, OPEN, TOUCHED = (model._meta.db_table for model in (ContentVersion, OpenWrite, TouchedRow))

# Microseconds since 1970. A version is at least that, so that none comes back after a backup was restored.
_NOW = {
    "postgresql": "(extract(epoch from clock_timestamp()) * 1000000)::bigint",
    "sqlite": "CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER) * 1000",
}


def content_models() -> list[type[Model]]:
    """Return the models whose rows readers see, with the tables of their many-to-many relations."""
    models = [model for model in apps.get_models() if getattr(model, "is_content", False)]
    through = [field.remote_field.through for model in models for field in model._meta.local_many_to_many]
    return models + [model for model in through if model is not None]


def subjects(model: type[Model]) -> list[tuple[str, str]]:
    """Return (table, column) of the rows to look at again when a row of `model` is written.

    That is the row itself if others are shown by it (a record, a passage); else the records it hangs on; the owner of a
    many-to-many row.
    """
    from base.records.publishing import Publishable
    from base.records.records import Record
    from base.records.resolution import FormerId

    keys = [field for field in model._meta.fields if isinstance(field, ForeignKey)]
    if model._meta.auto_created:
        return [_end(next(key for key in keys if key.related_model is model._meta.auto_created))]
    if issubclass(model, FormerId):
        return [_end(key) for key in keys if key.name == "record"]
    if not issubclass(model, Publishable):
        return []
    pointed_at = [
        relation for relation in model._meta.related_objects if getattr(relation.related_model, "is_content", False)
    ]
    if issubclass(model, Record) or pointed_at:
        return [(model._meta.db_table, str(model._meta.pk.column))]
    parents = {key.name: key for key in keys if issubclass(key.related_model, Record)}
    return [_end(parents[name]) for name in model.public_parents if name in parents]


def _end(key: ForeignKey[Model, Model]) -> tuple[str, str]:
    """Return the table that a foreign key points at, and the column of the key."""
    return key.related_model._meta.db_table, key.column


def _present(connection: BaseDatabaseWrapper) -> list[type[Model]]:
    """Return the content models whose tables exist; `migrate` may have stopped in the middle on purpose."""
    tables = set(connection.introspection.table_names())
    return [model for model in content_models() if model._meta.db_table in tables]


def _raise_version(vendor: str) -> str:
    """Return the statement that raises the version. The row is locked by it until the transaction ends."""
    most = "max" if vendor == "sqlite" else "greatest"
    return (
        f"INSERT INTO {VERSION} (id, version) VALUES (1, {_NOW[vendor]}) "
        f"ON CONFLICT (id) DO UPDATE SET version = {most}({VERSION}.version + 1, excluded.version)"
    )


# SQLite --------------------------------------------------------------------------------------------------------------
# There is one writer at a time, so each row may raise the version at once, and a row that is noted need not be noted again.


def _sqlite(connection: BaseDatabaseWrapper) -> list[Trigger]:
    """Return the triggers: three for each table."""
    triggers = []
    for model in _present(connection):
        table = model._meta.db_table
        for event, sides in (("INSERT", ["NEW"]), ("UPDATE", ["OLD", "NEW"]), ("DELETE", ["OLD"])):
            steps = []
            for relation, column in subjects(model):
                rows = " UNION ".join(f'SELECT {side}."{column}" AS number' for side in sides)
                steps.append(
                    f"INSERT INTO {TOUCHED} (relation, row_id) SELECT '{relation}', number FROM ({rows}) "
                    f"WHERE number IS NOT NULL AND NOT EXISTS (SELECT 1 FROM {TOUCHED} "
                    f"WHERE relation = '{relation}' AND row_id = number);"
                )
            steps += [
                f"INSERT INTO {VERSION} (id, version) SELECT 1, 0 WHERE NOT EXISTS (SELECT 1 FROM {VERSION});",
                f"UPDATE {VERSION} SET version = max(version + 1, {_NOW['sqlite']});",
            ]
            body = f'CREATE TRIGGER "{{name}}" AFTER {event} ON "{table}" BEGIN {" ".join(steps)} END'
            triggers.append(Trigger(table, event, body))
    return triggers


# PostgreSQL ----------------------------------------------------------------------------------------------------------
# Writers work side by side. Raising the version at once would make every writer wait for every other from its first write on,
# and deadlock. So a write only notes that its transaction is open, and the version is taken last, while it commits: whoever
# comes next waits for the row until that commit is done. So the order of versions is the order of commits, which ids from a
# sequence do not give. `closing` sends the work to the end of the queue once more, behind the checks of foreign keys, which
# may have to wait for rows that another transaction holds.
_FUNCTIONS = f"""
CREATE OR REPLACE FUNCTION content_written() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    rows text;
BEGIN
    IF TG_OP IN ('INSERT', 'UPDATE') THEN
        IF NOT EXISTS (SELECT FROM new_rows) THEN RETURN NULL; END IF;
    ELSIF TG_OP = 'DELETE' THEN
        IF NOT EXISTS (SELECT FROM old_rows) THEN RETURN NULL; END IF;
    END IF;
    FOR i IN 0 .. CASE WHEN current_setting('content.noted', true) = 'yes' THEN 0 ELSE TG_NARGS / 2 END - 1 LOOP
        rows := CASE TG_OP
            WHEN 'INSERT' THEN 'SELECT DISTINCT %1$I AS number FROM new_rows'
            WHEN 'DELETE' THEN 'SELECT DISTINCT %1$I AS number FROM old_rows'
            WHEN 'UPDATE' THEN 'SELECT %1$I AS number FROM new_rows UNION SELECT %1$I FROM old_rows'
            ELSE 'SELECT NULL::bigint AS number' END;
        EXECUTE format(
            'INSERT INTO {TOUCHED} (relation, row_id) SELECT $1, number FROM (' || rows || ') AS found '
            'WHERE $2 OR number IS NOT NULL',
            TG_ARGV[2 * i + 1]
        ) USING TG_ARGV[2 * i], TG_OP = 'TRUNCATE';
    END LOOP;
    INSERT INTO {OPEN} AS mine (transaction, writes, closing) VALUES (txid_current(), 1, false)
        ON CONFLICT (transaction) DO UPDATE SET writes = mine.writes + 1;
    RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION content_closing() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE {OPEN} SET closing = true WHERE transaction = NEW.transaction;
    RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION content_committing() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    {_raise_version("postgresql")};
    DELETE FROM {OPEN} WHERE transaction = NEW.transaction;
    RETURN NULL;
END $$;
"""


def _postgresql(connection: BaseDatabaseWrapper) -> list[Trigger]:
    """Return the triggers: four for each table, once a statement whatever its rows; and the two at commit."""
    triggers = [
        Trigger(
            OPEN,
            "INSERT",
            f'CREATE CONSTRAINT TRIGGER "{{name}}" AFTER INSERT ON {OPEN} DEFERRABLE INITIALLY DEFERRED '
            "FOR EACH ROW EXECUTE FUNCTION content_closing()",
        ),
        Trigger(
            OPEN,
            "UPDATE",
            f'CREATE CONSTRAINT TRIGGER "{{name}}" AFTER UPDATE ON {OPEN} DEFERRABLE INITIALLY DEFERRED '
            "FOR EACH ROW WHEN (NEW.closing AND NOT OLD.closing) EXECUTE FUNCTION content_committing()",
        ),
    ]
    for model in _present(connection):
        table = model._meta.db_table
        arguments = ", ".join(f"'{part}'" for pair in subjects(model) for part in pair)
        for event, rows in TRANSITIONS.items():
            body = (
                f'CREATE TRIGGER "{{name}}" AFTER {event} ON "{table}" {rows} '
                f"FOR EACH STATEMENT EXECUTE FUNCTION content_written({arguments})"
            )
            triggers.append(Trigger(table, event, body))
    return triggers


@contextmanager
def noted_already() -> Iterator[None]:
    """Let the writes of a block raise the version only: each row that shows them was written, so noted, in this transaction.

    A bulk write of statements with their wordings and links would note each up to seven times. On SQLite a row that is noted
    is not noted again in any case.
    """
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('content.noted', 'yes', true)")
        yield
        cursor.execute("SELECT set_config('content.noted', '', true)")


class ContentTriggers(TriggerSet):
    """Three triggers for each content table on SQLite, four on PostgreSQL, and the two there that run at commit."""

    prefix = PREFIX
    table = VERSION
    fill_after_migrations = True  # a migration may have written while they were away, so it counts as a write

    def triggers(self, connection: BaseDatabaseWrapper) -> list[Trigger]:
        """Return the triggers of the content tables that exist."""
        return _sqlite(connection) if connection.vendor == "sqlite" else _postgresql(connection)

    def functions(self, connection: BaseDatabaseWrapper) -> str:
        """Return the functions of the triggers of PostgreSQL."""
        return _FUNCTIONS

    def install(self, using: str, *, fill: bool = False) -> list[str]:
        """Bring the triggers up to date, and see that there is a version. Two queries if all is well."""
        missing = super().install(using, fill=fill)
        connection = connections[using]
        if connection.vendor in self.vendors:
            with connection.cursor() as cursor:
                cursor.execute(f"SELECT count(*) FROM {VERSION}")
                if cursor.fetchone()[0] == 0:
                    cursor.execute(_raise_version(connection.vendor))
        return missing

    def fill(self, using: str, tables: Sequence[str]) -> None:
        """Note every record for the change feed, and raise the version: anything may have been written."""
        connection = connections[using]
        relations = {table for model in _present(connection) for table, _column in subjects(model)}
        with connection.cursor() as cursor:
            cursor.executemany(
                f"INSERT INTO {TOUCHED} (relation) VALUES (%s)", [(table,) for table in sorted(relations)]
            )
            cursor.execute(_raise_version(connection.vendor))


content_triggers = ContentTriggers()
