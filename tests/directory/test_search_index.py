"""The search index of SQLite is true after every way of writing, and made anew where it may not be."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection

from base.changes.triggers import content_triggers
from base.records.merging import merge
from base.sql import trigrams
from directory.models import Person, Source
from events.models import Statement
from tests import factories as make

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL keeps its index itself"),
]


def check() -> None:
    """Compare every index with its column; SQLite raises DatabaseError where they differ."""
    with connection.cursor() as cursor:
        for model in trigrams.searched_models():
            index = trigrams.index_of(model)
            cursor.execute(f'INSERT INTO "{index}" ("{index}", rank) VALUES (\'integrity-check\', 1)')


def sql(statement: str) -> None:
    """Run a statement as somebody at the keyboard would."""
    with connection.cursor() as cursor:
        cursor.execute(statement)


def some() -> Statement:
    """Make a few records and return a statement."""
    make.make_source("Article on the film")
    return make.make_statement(make.make_person("Ann Lee"), make.make_event("Workshop"), wording="Films are made here.")


WRITES: dict[str, Callable[[Statement], Any]] = {
    "save": lambda it: it.save(),
    "create": lambda it: make.make_statement(wording="Another film."),
    "another wording": lambda it: make.make_wording(it, "Phim được làm ở đây.", language="vi"),
    "update": lambda it: Statement.objects.update(search="all the same"),
    "update of another column": lambda it: Statement.objects.update(role_at_time="Director"),
    "bulk create": lambda it: Source.objects.bulk_create(
        [Source(title="X", slug="x", length=0, search="x of three letters")]
    ),
    "bulk create again": lambda it: Person.objects.bulk_create(
        [Person(pk=it.speaker_id, slug="ann-lee", search="other words")],
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=["search"],
    ),
    "bulk update": lambda it: Person.objects.bulk_update([Person(pk=it.speaker_id, search="other")], ["search"]),
    "delete": lambda it: it.delete(),
    "delete of many": lambda it: Statement.objects.all().delete(),
    "raw delete": lambda it: Source.objects.filter(slug="article-on-the-film")._raw_delete("default"),
    "merge": lambda it: merge(make.make_person("Anne Lee"), it.speaker, reason="the same"),
    "fixture": lambda it: call_command("loaddata", "film-workshop", verbosity=0),
    "sql insert": lambda it: sql(
        "INSERT INTO directory_topic (slug, status, withdrawn_reason, created_at, updated_at, name, name_language, labels, "
        "sort_key, search) VALUES ('by-hand', 'draft', '', '2025-01-01', '2025-01-01', '', '', '{}', '', 'by hand')"
    ),
    "sql update": lambda it: sql("UPDATE directory_person SET search = 'by hand'"),
    "sql update of the key": lambda it: sql("UPDATE directory_source SET id = id + 1000 WHERE slug LIKE '%film'"),
    "sql delete": lambda it: sql("DELETE FROM directory_source WHERE slug LIKE '%film'"),
}


@pytest.mark.parametrize("name", WRITES)
def test_every_write_keeps_the_index_true(name: str) -> None:
    WRITES[name](some())
    check()


def test_the_check_sees_what_it_has_to_see() -> None:
    some()
    for name, statement in trigrams.trigram_indexes.definitions(connection).items():
        if statement.table == "events_statement" and name != trigrams.index_of(Statement):
            sql(f'DROP TRIGGER "{name}"')
    Statement.objects.update(search="nobody noticed")
    with pytest.raises(DatabaseError):
        check()


def test_an_index_that_missed_something_is_filled_anew() -> None:
    some()
    statements = trigrams.trigram_indexes.definitions(connection).items()
    (trigger,) = [n for n, s in statements if s.table == "directory_person" and n.startswith("trigram_update")]
    sql(f'DROP TRIGGER "{trigger}"')
    Person.objects.update(search="nobody noticed")
    assert trigrams.trigram_indexes.install("default") == ["directory_person"]
    check()
    assert trigrams.trigram_indexes.install("default") == []


def test_a_lost_index_is_made_again() -> None:
    some()
    sql("DROP TABLE trigram_events_statement")
    assert trigrams.trigram_indexes.install("default") == ["events_statement"]
    check()


def test_what_is_out_of_date_goes() -> None:
    sql("CREATE VIRTUAL TABLE trigram_old USING fts5(search, tokenize='trigram')")
    sql("CREATE TRIGGER trigram_update_old AFTER UPDATE ON directory_person BEGIN SELECT 1; END")
    assert trigrams.trigram_indexes.install("default") == []
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM sqlite_master WHERE name IN ('trigram_old', 'trigram_update_old')")
        assert cursor.fetchall() == []


def test_all_is_well_for_one_query_beside_the_list_of_tables(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(2):
        trigrams.trigram_indexes.install("default")


@pytest.mark.django_db(transaction=True)
def test_a_table_that_a_migration_remakes_has_its_index_again() -> None:
    some()
    content_triggers.drop("default")  # as before any migration: some of them read this table
    with connection.schema_editor() as editor:
        editor._remake_table(Person)
    Person.objects.update(search="nobody noticed")
    call_command("migrate", verbosity=0)
    check()
    assert trigrams.trigram_indexes.install("default") == []


# What is asked of it ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("words", "asked"),
    [
        ([["film"]], '(("fil" AND "ilm"))'),
        ([["a"]], ""),
        ([["a"], ["film"]], '(("fil" AND "ilm"))'),
        ([["film", " ｆｉｌｍ"]], '(("fil" AND "ilm") OR (" ｆｉ" AND "ｆｉｌ" AND "ｉｌｍ"))'),
        ([["ab", " ａｂ"]], ""),  # of two letters, one of the ways is not in the index
        ([['a"b']], '(("a""b"))'),
        ([["aaaa"]], '(("aaa"))'),
    ],
)
def test_the_question_put_to_the_index(words: list[list[str]], asked: str) -> None:
    assert trigrams.match_expression(words) == asked


def test_a_long_query_asks_for_a_dozen_trigrams_of_all_its_words() -> None:
    asked = trigrams.match_expression([["abcdefghijklmnopqrstuvwxyz"], ["0123456789"]])
    assert asked.split(" AND ") == [
        *('(("abc"', '"efg"', '"ijk"', '"mno"', '"qrs"', '"uvw"))'),
        *('(("012"', '"123"', '"234"', '"456"', '"567"', '"678"))'),
    ]
    assert trigrams.match_expression([[f"word{number}"] for number in range(40)]).count('"') == 2 * trigrams.MOST
