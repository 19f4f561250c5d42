"""Triggers that note every write that readers could see, whoever makes it: the ORM, `.update()`, loaddata, a migration or psql.

Two things follow from one write. The content version goes up in the transaction that writes (`version.py`), and the records
whose documents may look different now are noted for the change feed (`feed.py`). A write of rows that readers see nothing of,
before it and after it, such as a draft, and one that leaves every public value as it was, is not noted (`visible_rows.py`).
Django's signals would miss bulk writes; docs/decisions/011 weighs the ways.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager

from django.apps import apps
from django.db import connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import ForeignKey, Model

from base.changes.models import ContentVersion, OpenWrite, TouchedRow
from base.changes.visible_rows import own_condition, public_values, visible_condition
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


_COLUMNS = {
    "sqlite": "SELECT t.name, c.name FROM sqlite_master AS t JOIN pragma_table_info(t.name) AS c WHERE t.type = 'table'",
    "postgresql": (
        "SELECT c.relname, a.attname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid "
        "WHERE c.relkind IN ('r', 'p') AND pg_table_is_visible(c.oid) AND a.attnum > 0 AND NOT a.attisdropped"
    ),
}


def _present(connection: BaseDatabaseWrapper) -> dict[type[Model], set[str]]:
    """Return the content models whose tables exist, and their columns; `migrate` may have stopped in the middle on purpose.

    One query.
    """
    columns: dict[str, set[str]] = defaultdict(set)
    with connection.cursor() as cursor:
        cursor.execute(_COLUMNS[connection.vendor])
        for table, column in cursor.fetchall():
            columns[table].add(column)
    return {model: columns[model._meta.db_table] for model in content_models() if model._meta.db_table in columns}


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
    for model, columns in _present(connection).items():
        table = model._meta.db_table
        for event, sides in (("INSERT", ["NEW"]), ("UPDATE", ["OLD", "NEW"]), ("DELETE", ["OLD"])):
            conditions = {visible_condition(model, side) for side in sides}
            when = " OR ".join(f"({condition})" for condition in sorted(conditions))
            if event == "UPDATE":
                old, new = (public_values(model, side, columns) for side in sides)
                when = f"({old}) IS NOT ({new}) AND ({when})"
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
            body = f'CREATE TRIGGER "{{name}}" AFTER {event} ON "{table}" WHEN {when} BEGIN {" ".join(steps)} END'
            triggers.append(Trigger(table, event, body))
    return triggers


# PostgreSQL ----------------------------------------------------------------------------------------------------------
# Writers work side by side. Raising the version at once would make every writer wait for every other from its first write on,
# and deadlock. So a write only notes that its transaction is open, and the version is taken last, while it commits: whoever
# comes next waits for the row until that commit is done. So the order of versions is the order of commits, which ids from a
# sequence do not give. `closing` sends the work to the end of the queue once more, behind the checks of foreign keys, which
# may have to wait for rows that another transaction holds.
#
# A row may be hidden by nothing but the row it belongs to, which another transaction may be publishing at this moment; neither of
# the two sees what the other writes. So such a write keeps the version at which it was looked at (`content.hidden_at`), and if
# another transaction has raised the version by the time of the commit, the write counts as one that readers see. The lock on the
# version keeps it so until the commit is done.
#
# Arguments of `content_written`: the query whether the statement wrote a row that readers see, the query whether it wrote one
# that is hidden by its owners alone (empty for a table that has none), then the subjects, in pairs.
_FUNCTIONS = f"""
CREATE OR REPLACE FUNCTION content_written() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    seen boolean := true;
    hidden boolean := false;
    now bigint;
    rows text;
BEGIN
    IF TG_OP <> 'TRUNCATE' THEN
        SELECT version INTO now FROM {VERSION};
        EXECUTE TG_ARGV[0] INTO seen;
        IF NOT seen AND TG_ARGV[1] <> '' THEN EXECUTE TG_ARGV[1] INTO hidden; END IF;
    END IF;
    IF NOT (seen OR hidden) THEN RETURN NULL; END IF;
    FOR i IN 1 .. CASE WHEN current_setting('content.noted', true) = 'yes' THEN 0 ELSE TG_NARGS / 2 - 1 END LOOP
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
    IF hidden AND coalesce(current_setting('content.hidden_at', true), '') = '' THEN
        PERFORM set_config('content.hidden_at', now::text, true);
    END IF;
    INSERT INTO {OPEN} AS mine (transaction, writes, closing) VALUES (txid_current(), seen::int, false)
        ON CONFLICT (transaction) DO UPDATE SET writes = mine.writes + excluded.writes;
    RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION content_closing() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE {OPEN} SET closing = true WHERE transaction = NEW.transaction;
    RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION content_committing() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    now bigint;
BEGIN
    IF NEW.writes = 0 THEN
        SELECT version INTO now FROM {VERSION} WHERE id = 1 FOR UPDATE;
    END IF;
    IF now IS DISTINCT FROM nullif(current_setting('content.hidden_at', true), '')::bigint OR now IS NULL THEN
        {_raise_version("postgresql")};
    END IF;
    DELETE FROM {OPEN} WHERE transaction = NEW.transaction;
    RETURN NULL;
END $$;
"""

# An UPDATE of more rows counts as a change without a comparison of each row with what it was.
MOST_COMPARED = 500


def _wrote(model: type[Model], columns: Collection[str], event: str, condition: str) -> str:
    """Return the query whether a statement wrote a row, called r, for which the condition holds; with UPDATE, one it changed."""
    sides = {"INSERT": ["new_rows"], "UPDATE": ["new_rows", "old_rows"], "DELETE": ["old_rows"]}[event]
    changed = ""
    if event == "UPDATE":
        key, before, after = (
            model._meta.pk.column,
            public_values(model, "o", columns),
            public_values(model, "r", columns),
        )
        changed = (
            f" AND ((SELECT count(*) FROM (SELECT FROM new_rows LIMIT {MOST_COMPARED + 1}) AS first) > {MOST_COMPARED}"
            f' OR NOT EXISTS (SELECT FROM {{other}} o WHERE o."{key}" = r."{key}" '
            f"AND record_image_eq(ROW({before}), ROW({after}))))"
        )
    found = [
        f"EXISTS (SELECT FROM {side} r WHERE {condition}{changed.format(other=other)})"
        for side, other in zip(sides, reversed(sides), strict=True)
    ]
    return f"SELECT {' OR '.join(found)}"


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
    for model, columns in _present(connection).items():
        table = model._meta.db_table
        visible, own = visible_condition(model, "r"), own_condition(model, "r")
        for event, rows in TRANSITIONS.items():
            queries = ["", ""]
            if event != "TRUNCATE":
                queries[0] = _wrote(model, columns, event, visible)
                queries[1] = _wrote(model, columns, event, own) if own != visible else ""
            parts = [*queries, *(part for pair in subjects(model) for part in pair)]
            arguments = ", ".join("'" + part.replace("'", "''") + "'" for part in parts)
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
