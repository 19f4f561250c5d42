"""Keeps the list index of statements up to date by triggers, so that no write of a link or a statement can go past it.

The triggers are made after `migrate` (`base/sql/triggers.py`); if they were missing, the index is filled again. The triggers and
their functions are named “heading”, the first name of the index, so that databases of earlier versions keep theirs.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from django.db import connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from base.sql.triggers import TRANSITIONS, Trigger, TriggerSet

from .models import Statement, StatementIndexEntry

INDEX, STATEMENT = StatementIndexEntry._meta.db_table, Statement._meta.db_table
INTO = f"INTO {INDEX} (statement_id, relation, target, sort_date, position)"


class _Links(NamedTuple):
    """The links of one relation: its number, their table, and their column that leads away from the statement."""

    relation: int
    table: str
    target: str

    def entries(self, statements: str = STATEMENT) -> str:
        """Return the query of the index entries of the links of these statements."""
        return (
            f"SELECT s.id, {self.relation}, l.{self.target}, s.sort_date, s.position "
            f"FROM {statements} s JOIN {self.table} l ON l.statement_id = s.id"
        )


def _relations() -> list[_Links]:
    fields = {field.name: field for field in Statement._meta.many_to_many}
    return [
        _Links(number, fields[name].m2m_db_table(), fields[name].m2m_reverse_name())
        for number, name in enumerate(StatementIndexEntry.relations, 1)
    ]


def fill(using: str) -> None:
    """Empty the index and fill it. Half a minute for a million statements on PostgreSQL, a minute and a half on SQLite."""
    connection = connections[using]
    with transaction.atomic(using=using), connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {INDEX}")
        for links in _relations():  # in the order of the index, so that it is written from its beginning to its end
            cursor.execute(f"INSERT {INTO} {links.entries()} ORDER BY 3, 4 DESC, 5, 1")
        if connection.vendor == "postgresql":
            cursor.execute(f"ANALYZE {INDEX}")


# Within a transaction a link may be written before its statement, so the trigger of a new statement looks for its links, too.


# SQLite -----------------------------------------------------------------------------------------------------------------------
def _sqlite() -> list[Trigger]:
    """Return the triggers: three for the links of each relation, three for statements."""
    steps: list[tuple[str, str, str]] = []
    of_statement = []
    for links in _relations():
        add = f"INSERT OR REPLACE {INTO} {links.entries()} WHERE l.id = NEW.id;"
        drop = (
            f"DELETE FROM {INDEX} WHERE statement_id = OLD.statement_id AND relation = {links.relation} "
            f"AND target = OLD.{links.target};"
        )
        steps += [(links.table, "INSERT", add), (links.table, "UPDATE", f"{drop} {add}"), (links.table, "DELETE", drop)]
        of_statement.append(f"INSERT OR REPLACE {INTO} {links.entries()} WHERE s.id = NEW.id;")
    place = f"UPDATE {INDEX} SET sort_date = NEW.sort_date, position = NEW.position WHERE statement_id = NEW.id;"
    steps += [
        (STATEMENT, "INSERT", " ".join(of_statement)),
        (STATEMENT, "UPDATE OF id", " ".join(of_statement)),
        (STATEMENT, "UPDATE OF sort_date, position", place),
    ]
    changed = {steps[-1][1]: "WHEN OLD.sort_date <> NEW.sort_date OR OLD.position <> NEW.position "}
    return [
        Trigger(
            table, event, f'CREATE TRIGGER "{{name}}" AFTER {event} ON {table} {changed.get(event, "")}BEGIN {step} END'
        )
        for table, event, step in steps
    ]


# PostgreSQL -------------------------------------------------------------------------------------------------------------------
# These triggers run once for each SQL statement, however many rows it writes. EXECUTE makes PostgreSQL plan their queries each
# time: a plan for a single row would be kept for a million rows, or the other way round.
#
# Two transactions may give one statement a topic and another date at the same time, and neither sees the other's write. So a new
# link locks its statement, as a new date does: the second transaction waits, and then sees what the first one wrote.
_CONFLICT = (
    "ON CONFLICT (statement_id, relation, target) "
    "DO UPDATE SET sort_date = excluded.sort_date, position = excluded.position"
)
_FUNCTIONS = f"""
CREATE OR REPLACE FUNCTION heading_linked() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    relation_of_link smallint := TG_ARGV[0];
BEGIN
    IF TG_OP = 'TRUNCATE' THEN
        DELETE FROM {INDEX} WHERE relation = relation_of_link;
        RETURN NULL;
    END IF;
    IF TG_OP IN ('UPDATE', 'DELETE') THEN
        EXECUTE format(
            'DELETE FROM {INDEX} h USING old_rows l '
            'WHERE h.statement_id = l.statement_id AND h.relation = $1 AND h.target = l.%I', TG_ARGV[1]
        ) USING relation_of_link;
    END IF;
    IF TG_OP IN ('INSERT', 'UPDATE') THEN
        EXECUTE format(
            'INSERT {INTO} SELECT s.id, $1, l.%I, s.sort_date, s.position '
            'FROM new_rows l JOIN {STATEMENT} s ON s.id = l.statement_id ORDER BY s.id FOR NO KEY UPDATE OF s {_CONFLICT}',
            TG_ARGV[1]
        ) USING relation_of_link;
    END IF;
    RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION heading_placed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF NOT EXISTS (SELECT id, sort_date, position FROM new_rows EXCEPT SELECT id, sort_date, position FROM old_rows) THEN
            RETURN NULL;
        END IF;
        EXECUTE 'UPDATE {INDEX} h SET sort_date = s.sort_date, position = s.position FROM new_rows s '
            'WHERE h.statement_id = s.id AND (h.sort_date, h.position) IS DISTINCT FROM (s.sort_date, s.position)';
        IF NOT EXISTS (SELECT id FROM new_rows EXCEPT SELECT id FROM old_rows) THEN
            RETURN NULL;
        END IF;
    END IF;
    EXECUTE 'INSERT {INTO} {" UNION ALL ".join(links.entries("new_rows") for links in _relations())} {_CONFLICT}';
    RETURN NULL;
END $$;
"""


def _postgresql() -> list[Trigger]:
    """Return the triggers: four for the links of each relation, two for statements."""
    calls = [
        (links.table, event, f"heading_linked({links.relation}, '{links.target}')")
        for links in _relations()
        for event in TRANSITIONS
    ]
    calls += [(STATEMENT, event, "heading_placed()") for event in ("INSERT", "UPDATE")]
    return [
        Trigger(
            table,
            event,
            f'CREATE TRIGGER "{{name}}" AFTER {event} ON {table} {TRANSITIONS[event]} FOR EACH STATEMENT EXECUTE FUNCTION {call}',
        )
        for table, event, call in calls
    ]


class ListIndexTriggers(TriggerSet):
    """The triggers of links and of statements."""

    prefix = "heading_"
    table = INDEX

    def triggers(self, connection: BaseDatabaseWrapper) -> list[Trigger]:
        """Return the triggers: 15 on SQLite, 18 on PostgreSQL."""
        return _sqlite() if connection.vendor == "sqlite" else _postgresql()

    def functions(self, connection: BaseDatabaseWrapper) -> str:
        """Return the functions of the triggers of PostgreSQL."""
        return _FUNCTIONS if connection.vendor == "postgresql" else ""

    def fill(self, using: str, tables: Sequence[str]) -> None:
        """Fill the whole index, whichever tables changed."""
        fill(using)


triggers = ListIndexTriggers()
