"""Triggers that note every write of content, whoever makes it: the ORM, `.update()`, loaddata, a migration or psql.

Two things follow from one write. The content version goes up in the transaction that writes (`version.py`), and the records
whose documents may look different now are noted for the change feed (`feed.py`). Django's signals would miss bulk writes;
docs/decisions/011 weighs the ways. The triggers are made after every `migrate`, because SQLite drops a table's triggers when
Django remakes it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import Any

from django.apps import apps
from django.db import connection, connections

from base.changes.models import ContentVersion, OpenWrite, TouchedRow

PREFIX = "content_"
VERSION, OPEN, TOUCHED = (model._meta.db_table for model in (ContentVersion, OpenWrite, TouchedRow))

# Microseconds since 1970. A version is at least that, so that none comes back after a backup was restored.
_NOW = {
    "postgresql": "(extract(epoch from clock_timestamp()) * 1000000)::bigint",
    "sqlite": "CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER) * 1000",
}


def content_models() -> list[Any]:
    """Return the models whose rows readers see, with the tables of their many-to-many relations."""
    found = [model for model in apps.get_models() if getattr(model, "is_content", False)]
    return found + [field.remote_field.through for model in found for field in model._meta.local_many_to_many]


def subjects(model: Any) -> list[tuple[str, str]]:
    """Return (table, column) of the rows to look at again when a row of `model` is written.

    That is the row itself if others are shown by it (a record, a passage); else the records it hangs on; the owner of a
    many-to-many row.
    """
    from base.records.publishing import Publishable
    from base.records.records import FormerId, Record

    if model._meta.auto_created:
        owner = next(field for field in model._meta.fields if field.related_model is model._meta.auto_created)
        return [(owner.related_model._meta.db_table, owner.column)]
    if issubclass(model, FormerId):
        record = model._meta.get_field("record")
        return [(record.related_model._meta.db_table, record.column)]
    if not issubclass(model, Publishable):
        return []
    ends = [model._meta.get_field(name) for name in model.public_parents]
    owners = [field for field in ends if issubclass(field.related_model, Record)]
    pointed_at = [found for found in model._meta.related_objects if getattr(found.related_model, "is_content", False)]
    if issubclass(model, Record) or pointed_at:
        return [(model._meta.db_table, model._meta.pk.column)]
    return [(field.related_model._meta.db_table, field.column) for field in owners]


def install(using: str, *, always_note: bool = False) -> bool:
    """Make the triggers that are missing and drop the ones that are out of date; return whether any was missing.

    What was written while a trigger was missing is unknown, so then every record is noted. One query if all is well.
    """
    connection = connections[using]
    if connection.vendor not in _NOW:
        return False
    wanted = _sqlite(connection) if connection.vendor == "sqlite" else _postgresql(connection)
    with connection.cursor() as cursor:
        missing = drop_others(cursor, connection.vendor, PREFIX, wanted)
        if missing and connection.vendor == "postgresql":
            cursor.execute(_FUNCTIONS)
        for name in missing:
            cursor.execute(wanted[name])
        if missing or always_note:
            tables = {table for model in _present(connection) for table, _column in subjects(model)}
            cursor.executemany(f"INSERT INTO {TOUCHED} (relation) VALUES (%s)", [(table,) for table in sorted(tables)])
        cursor.execute(f"SELECT count(*) FROM {VERSION}")
        if missing or always_note or cursor.fetchone()[0] == 0:
            cursor.execute(_bump(connection.vendor))
    return bool(missing)


def _present(connection: Any) -> list[Any]:
    """Return the content models whose tables exist; `migrate` may have stopped in the middle on purpose."""
    tables = set(connection.introspection.table_names())
    return [model for model in content_models() if model._meta.db_table in tables]


def _existing(cursor: Any, vendor: str, prefix: str) -> dict[str, str]:
    """Return the table of each trigger whose name begins so, by its name."""
    if vendor == "sqlite":
        cursor.execute("SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger'")
    else:
        cursor.execute(
            "SELECT t.tgname, c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
            "WHERE NOT t.tgisinternal AND pg_table_is_visible(c.oid)"
        )
    return {name: table for name, table in cursor.fetchall() if name.startswith(prefix)}


def drop_others(cursor: Any, vendor: str, prefix: str, wanted: Collection[str]) -> list[str]:
    """Drop the triggers whose names begin so but those that are wanted; return which of these are missing."""
    there = _existing(cursor, vendor, prefix)
    for name, table in there.items():
        if name not in wanted:
            on = f' ON "{table}"' if vendor == "postgresql" else ""
            cursor.execute(f'DROP TRIGGER "{name}"{on}')
    return [name for name in wanted if name not in there]


def named(prefix: str, definitions: list[tuple[str, str, str]], functions: str) -> dict[str, str]:
    """Return the statements by name; the name ends in a digest of the definition, so an old one is never taken for it."""
    found = {}
    for table, event, body in definitions:
        digest = hashlib.sha256(f"{table} {event} {body} {functions}".encode()).hexdigest()[:12]
        name = f"{prefix}{event.split()[0].lower()}_{digest}"
        found[name] = body.format(name=name)
    return found


def _bump(vendor: str) -> str:
    """Return the statement that raises the version. The row is locked by it until the transaction ends."""
    most = "max" if vendor == "sqlite" else "greatest"
    return (
        f"INSERT INTO {VERSION} (id, version) VALUES (1, {_NOW[vendor]}) "
        f"ON CONFLICT (id) DO UPDATE SET version = {most}({VERSION}.version + 1, excluded.version)"
    )


# SQLite --------------------------------------------------------------------------------------------------------------
# There is one writer at a time, so each row may raise the version at once, and a row that is noted need not be noted again.


def _sqlite(connection: Any) -> dict[str, str]:
    """Return the triggers: three for each table."""
    definitions = []
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
            definitions.append((table, event, body))
    return named(PREFIX, definitions, _FUNCTIONS)


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
    {_bump("postgresql")};
    DELETE FROM {OPEN} WHERE transaction = NEW.transaction;
    RETURN NULL;
END $$;
"""
TRANSITIONS = {
    "INSERT": "REFERENCING NEW TABLE AS new_rows",
    "UPDATE": "REFERENCING NEW TABLE AS new_rows OLD TABLE AS old_rows",
    "DELETE": "REFERENCING OLD TABLE AS old_rows",
    "TRUNCATE": "",
}


def _postgresql(connection: Any) -> dict[str, str]:
    """Return the triggers: four for each table, once a statement whatever its rows; and the two at commit."""
    definitions = [
        (
            OPEN,
            "INSERT",
            f'CREATE CONSTRAINT TRIGGER "{{name}}" AFTER INSERT ON {OPEN} DEFERRABLE INITIALLY DEFERRED '
            "FOR EACH ROW EXECUTE FUNCTION content_closing()",
        ),
        (
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
            definitions.append((table, event, body))
    return named(PREFIX, definitions, _FUNCTIONS)


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


def after_migrate(using: str, plan: Any = (), **kwargs: Any) -> None:
    """Keep the triggers true to the tables. A migration may have written while they were away, so it counts as a write."""
    if connections[using].vendor in _NOW and VERSION in connections[using].introspection.table_names():
        install(using, always_note=bool(plan))


def remove(using: str, prefix: str = PREFIX) -> None:
    """Drop our triggers on SQLite before migrations run: it refuses to change a table that a trigger names."""
    connection = connections[using]
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            drop_others(cursor, "sqlite", prefix, ())


def before_migrate(using: str, plan: Any = (), **kwargs: Any) -> None:
    """Make way for migrations, if there are any to run."""
    if plan:
        remove(using)
