"""The list index of statements is true after every way of writing, and is filled anew where it may not be."""

from __future__ import annotations

import datetime
import io
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, connections, transaction

from base.records.merging import merge
from directory.models import Initiative, Organization, Person, Topic
from events import list_index
from events.models import Event, Statement, StatementIndexEntry
from tests import factories as make

pytestmark = pytest.mark.django_db
Topics = Statement.topics.through


def kept() -> set[tuple[Any, ...]]:
    """Return the index entries as they are."""
    return set(StatementIndexEntry.objects.values_list("statement", "relation", "target", "sort_date", "position"))


def due() -> set[tuple[Any, ...]]:
    """Return the index entries as they have to be."""
    return {
        (statement.pk, number, target, statement.sort_date, statement.position)
        for statement in Statement.objects.all()
        for number, relation in enumerate(StatementIndexEntry.relations, 1)
        for target in getattr(statement, relation).values_list("pk", flat=True)
    }


def sql(statement: str, *values: Any) -> None:
    """Run a statement as somebody at the keyboard would."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def some() -> Statement:
    """Make two statements with topics, initiatives, people and organizations; return the one without a date of its own."""
    film, park, ann, board = (
        make.make_topic("Film"),
        make.make_initiative("Film park"),
        make.make_person("Ann Lee"),
        make.make_organization("Board"),
    )
    about: dict[str, Any] = {
        "topics": [film, make.make_topic("Training")],
        "initiatives": [park],
        "about_people": [ann],
        "about_organizations": [board],
    }
    make.make_statement(ann, wording="Earlier.", date="2024-01-01", topics=[film])
    return make.make_statement(
        ann, make.make_event("Workshop", date="2025-03-14"), wording="Films are made here.", **about
    )


def give_event_another_date(statement: Statement) -> None:
    """Save the event as the admin does."""
    event = Event.objects.get(pk=statement.event_id)
    event.date = "2026-06-01"
    event.save()
    statement.refresh_from_db()
    assert statement.sort_date == datetime.date(2026, 6, 1)


def write_links_first(statement: Statement) -> None:
    """Write links before their statement; foreign keys are checked when the transaction ends."""
    links = [(row.pk, row.topic_id) for row in Topics.objects.filter(statement=statement)]
    row = Statement.objects.filter(pk=statement.pk).values().get()
    row["sort_date"] = datetime.date(2020, 2, 2)
    sql("DELETE FROM events_statement_topics WHERE statement_id = %s", statement.pk)
    Statement.objects.filter(pk=statement.pk)._raw_delete("default")
    Topics.objects.bulk_create([Topics(pk=pk, statement_id=statement.pk, topic_id=topic) for pk, topic in links])
    Statement.objects.bulk_create([Statement(**row)])


def move_key(statement: Statement) -> None:
    """Give a statement another key, and then its links."""
    sql("UPDATE events_statement SET id = id + 1000 WHERE id = %s", statement.pk)
    for name in ("topics", "initiatives", "about_people", "about_organizations"):
        sql(
            f"UPDATE events_statement_{name} SET statement_id = statement_id + 1000 WHERE statement_id = %s",
            statement.pk,
        )
    for table in ("events_wording", "events_statement_passages"):
        sql(f"UPDATE {table} SET statement_id = statement_id + 1000 WHERE statement_id = %s", statement.pk)


WRITES: dict[str, Callable[[Statement], Any]] = {
    "nothing": lambda it: None,
    "save": lambda it: it.save(),
    "create": lambda it: make.make_statement(wording="More.", topics=list(Topic.objects.all())),
    "add": lambda it: it.topics.add(make.make_topic("More")),
    "add what is there": lambda it: it.topics.add(*it.topics.all()),
    "set": lambda it: it.about_people.set([make.make_person("Bo Kim")]),
    "remove": lambda it: it.topics.remove(Topic.objects.get(slug="film")),
    "clear": lambda it: it.initiatives.clear(),
    "links in bulk": lambda it: Topics.objects.bulk_create(
        [Topics(statement=row, topic=make.make_topic(f"More {row.pk}")) for row in Statement.objects.all()]
    ),
    "a link that leads elsewhere": lambda it: Topics.objects.filter(topic__slug="film").update(
        topic=make.make_topic("More")
    ),
    "a link of another statement": lambda it: Topics.objects.filter(topic__slug="training").update(
        statement=make.make_statement(wording="More.")
    ),
    "own date": lambda it: (setattr(it, "date", "2023-12-24"), it.save()),
    "date of the event": give_event_another_date,
    "position": lambda it: make.make_wording(
        it, "Later words.", nature="verbatim", language="vi", passage=make.make_passage(words="Later words.")
    ),
    "update": lambda it: Statement.objects.update(sort_date="2022-02-02", position=7),
    "update of one": lambda it: Statement.objects.filter(pk=it.pk).update(position=9),
    "update of other columns": lambda it: Statement.objects.update(role_at_time="Director"),
    "bulk update": lambda it: Statement.objects.bulk_update(
        [Statement(pk=it.pk, sort_date="2021-01-01")], ["sort_date"]
    ),
    "delete": lambda it: it.delete(),
    "delete of many": lambda it: Statement.objects.all().delete(),
    "delete of a topic": lambda it: Topic.objects.get(slug="film").delete(),
    "raw delete": lambda it: Topics.objects.filter(statement=it)._raw_delete("default"),
    "merge": lambda it: merge(Topic.objects.get(slug="film"), Topic.objects.get(slug="training"), reason="the same"),
    "links first": write_links_first,
    "another key": move_key,
    "sql insert": lambda it: sql(
        "INSERT INTO events_statement_about_people (statement_id, person_id) SELECT s.id, p.id FROM events_statement s, "
        "directory_person p WHERE s.id <> %s",
        it.pk,
    ),
    "sql update": lambda it: sql("UPDATE events_statement SET sort_date = '2019-09-09'"),
    "sql delete": lambda it: sql("DELETE FROM events_statement_topics"),
}


@pytest.mark.parametrize("name", WRITES)
@pytest.mark.slow
def test_every_write_keeps_the_list_index_true(name: str) -> None:
    statement = some()
    before = kept()
    assert len(before) == 6
    WRITES[name](statement)
    assert kept() == due()
    unchanged = {"nothing", "save", "add what is there", "update of other columns"}
    assert (kept() == before) is (name in unchanged)


def test_a_fixture_brings_its_index_entries() -> None:
    call_command("loaddata", "film-workshop", verbosity=0)
    assert {row[1] for row in kept()} == {1, 2, 3, 4}
    assert kept() == due()


def test_what_is_rolled_back_leaves_nothing() -> None:
    statement = some()
    before = kept()
    with transaction.atomic():
        statement.topics.clear()
        Statement.objects.update(position=7)
        assert kept() != before
        transaction.set_rollback(True)
    assert kept() == before


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite knows no TRUNCATE")
def test_truncate_empties_one_relation() -> None:
    some()
    sql("SET CONSTRAINTS ALL IMMEDIATE")
    sql("TRUNCATE events_statement_topics")
    assert {row[1] for row in kept()} == {2, 3, 4}
    assert kept() == due()


# Made anew ---------------------------------------------------------------------------------------------------------------------
def drop(number: int) -> None:
    """Drop one of the triggers."""
    name = sorted(list_index.triggers.definitions(connection))[number]
    sql(list_index.triggers.existing(connection)[name])


@pytest.mark.parametrize("number", range(15 if connection.vendor == "sqlite" else 18))
@pytest.mark.slow
def test_an_index_that_missed_something_is_filled_anew(number: int) -> None:
    statement = some()
    StatementIndexEntry.objects.filter(pk=(statement.pk, 1, statement.topics.all()[0].pk)).delete()
    StatementIndexEntry.objects.create(statement=statement, relation=1, target=999, sort_date="2000-01-01", position=1)
    if connection.vendor == "postgresql":
        sql("SET CONSTRAINTS ALL IMMEDIATE")
    assert list_index.triggers.install("default") == []
    assert kept() != due()
    drop(number)
    assert len(list_index.triggers.install("default")) == 1
    assert kept() == due()
    assert list_index.triggers.install("default") == []


def test_there_are_so_many_triggers() -> None:
    assert len(list_index.triggers.existing(connection)) == (15 if connection.vendor == "sqlite" else 18)


def test_a_stale_entry_stops_no_write() -> None:
    statement, more = some(), make.make_topic("More")
    StatementIndexEntry.objects.create(
        statement=statement, relation=1, target=more.pk, sort_date="2000-01-01", position=1
    )
    Topics.objects.create(statement=statement, topic=more)
    assert kept() == due()


def test_what_is_out_of_date_goes() -> None:
    call = (
        "BEGIN SELECT 1; END"
        if connection.vendor == "sqlite"
        else "FOR EACH STATEMENT EXECUTE FUNCTION heading_placed()"
    )
    tables = "" if connection.vendor == "sqlite" else "REFERENCING NEW TABLE AS new_rows"
    sql(f"CREATE TRIGGER heading_insert_old AFTER INSERT ON events_statement {tables} {call}")
    assert list_index.triggers.install("default") == []
    assert "heading_insert_old" not in list_index.triggers.existing(connection)


def test_all_is_well_for_one_query(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        list_index.triggers.install("default")


@pytest.mark.django_db(transaction=True)
@pytest.mark.slow
@pytest.mark.parametrize("app", ["events", "directory"])
def test_migrations_go_back_and_forth(app: str) -> None:
    some()
    assert kept() != set()
    try:
        call_command("migrate", app, "zero", verbosity=0)
    finally:
        call_command("migrate", verbosity=0)
    assert kept() == set()
    some()
    assert len(kept()) > 3
    assert kept() == due()
    Statement.objects.update(position=9)
    assert kept() == due()


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL changes a table in its place")
def test_migrations_find_no_trigger_in_their_way() -> None:
    some()
    list_index.triggers.before_migrate("default", plan=[])
    assert list_index.triggers.install("default") == []
    list_index.triggers.before_migrate("default", plan=["something"])
    Statement.objects.update(position=7)
    assert kept() != due()
    list_index.triggers.after_migrate("default")
    assert kept() == due()


def test_a_dump_of_everything_is_loaded_again(tmp_path: Path) -> None:
    some()
    before, out = kept(), io.StringIO()
    call_command("dumpdata", "directory", "events", "contenttypes", stdout=out)
    path = tmp_path / "everything.json"
    path.write_text(out.getvalue())
    Statement.objects.all().delete()
    assert kept() == set()
    call_command("loaddata", path, verbosity=0)
    assert kept() == due() == before


# Side by side ------------------------------------------------------------------------------------------------------------------
SIDE_BY_SIDE: dict[str, tuple[Callable[[int, int], Any], Callable[[int, int], Any]]] = {
    "another date, then a topic": (
        lambda statement, topic: Statement.objects.filter(pk=statement).update(position=7),
        lambda statement, topic: Topics.objects.create(statement_id=statement, topic_id=topic),
    ),
    "a topic, then another date": (
        lambda statement, topic: Topics.objects.create(statement_id=statement, topic_id=topic),
        lambda statement, topic: Statement.objects.filter(pk=statement).update(position=7),
    ),
    "another date, then a topic less": (
        lambda statement, topic: Statement.objects.filter(pk=statement).update(position=7),
        lambda statement, topic: Topics.objects.filter(statement=statement).delete(),
    ),
    "a topic less, then another date": (
        lambda statement, topic: Topics.objects.filter(statement=statement).delete(),
        lambda statement, topic: Statement.objects.filter(pk=statement).update(position=7),
    ),
}


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")
@pytest.mark.parametrize("name", SIDE_BY_SIDE)
def test_writers_side_by_side_leave_a_true_index(name: str) -> None:
    statement, topic = some(), make.make_topic("More")
    first, second = SIDE_BY_SIDE[name]
    begun, faults = threading.Event(), []

    def write() -> None:
        try:
            begun.set()
            second(statement.pk, topic.pk)
        except Exception as error:
            faults.append(error)
        finally:
            connections.close_all()

    other = threading.Thread(target=write)
    with transaction.atomic():
        first(statement.pk, topic.pk)
        other.start()
        assert begun.wait(5)
        other.join(0.3)  # it waits for us, or is done
    other.join(10)
    assert not other.is_alive()
    assert faults == []
    assert kept() == due()


# Deleting ----------------------------------------------------------------------------------------------------------------------
@pytest.mark.skipif(connection.vendor != "sqlite", reason="the planner of PostgreSQL trusts its index")
def test_what_was_merged_into_a_statement_is_found_by_an_index() -> None:
    for number in range(30):
        make.make_statement(wording=f"Claim {number}.")
    sql("ANALYZE events_statement")
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN QUERY PLAN SELECT * FROM events_statement WHERE merged_into_id IN (7)")
        (plan,) = [row[3] for row in cursor.fetchall()]
    assert plan == "SEARCH events_statement USING INDEX statement_merged (merged_into_id=?)"


def test_targets_are_named_by_the_models_of_the_relations() -> None:
    targets: list[Any] = [Statement._meta.get_field(name).related_model for name in StatementIndexEntry.relations]
    assert targets == [Topic, Initiative, Person, Organization]
