"""The content version: another number after every write that readers could see, in the order of commits."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import OperationalError, connection, connections, models, transaction
from django.utils import timezone
from simple_history.models import HistoricalChanges

from base.changes import triggers
from base.changes.version import content_version
from base.models import TouchedRow
from base.records.merging import merge
from directory.models import Affiliation, Passage, Person, PersonName
from events.models import Statement, Wording
from reports.models import Report, ReportEntry
from tests import factories as make


def _some() -> dict[str, Any]:
    source = make.make_source("Article")
    passage = make.make_passage(source, "Words.")
    person = make.make_person("Ann Lee")
    statement = make.make_statement(person, make.make_event("Workshop"), passages=[passage])
    return {"source": source, "passage": passage, "person": person, "statement": statement}


WRITES: dict[str, Callable[[dict[str, Any]], Any]] = {
    "save": lambda it: it["person"].save(),
    "create": lambda it: make.make_person("Bo Kim"),
    "update": lambda it: Statement.objects.update(role_at_time="Director"),
    "update of a column that follows": lambda it: Person.objects.update(sort_key="z"),
    "bulk create": lambda it: Wording.objects.bulk_create(
        [Wording(statement=it["statement"], language="vi", nature="paraphrase", text="Lời")]
    ),
    "bulk update": lambda it: Person.objects.bulk_update([_renamed(it["person"])], ["labels"]),
    "many to many": lambda it: it["statement"].about_people.add(it["person"]),
    "row of a many to many": lambda it: Statement.about_people.through.objects.create(
        statement=it["statement"], person=it["person"]
    ),
    "touch": lambda it: it["person"].touch(),
    "refresh of names": lambda it: _with_another_name(it["person"]).refresh_names(),
    "delete": lambda it: it["person"].names.first().delete(),
    "raw delete": lambda it: PersonName.objects.all()._raw_delete("default"),
    "merge": lambda it: merge(make.make_person("Anne Lee"), it["person"], reason="the same"),
    "former id": lambda it: it["person"].former_ids.create(slug="annie"),
    "report": lambda it: Report(record_kind="person", record_id="x", record_path="/x/", message="No.").move_to("open"),
    "sql": lambda it: connection.cursor().execute("UPDATE directory_source SET note = 'by hand'"),
    "sql delete": lambda it: connection.cursor().execute("DELETE FROM events_statement_passages"),
}


def _renamed(person: Person) -> Person:
    person.labels = {"en": "Anna Lee"}
    return person


def _with_another_name(person: Person) -> Person:
    PersonName.objects.filter(person=person).update(text="Anna Lee")
    return person


@pytest.mark.django_db
@pytest.mark.parametrize("name", WRITES)
def test_every_write_changes_the_version(name: str) -> None:
    some = _some()
    before = content_version()
    WRITES[name](some)
    assert content_version() > before


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", ["save", "update", "many to many", "merge", "sql delete"])
def test_every_committed_write_changes_the_version(name: str) -> None:
    some = _some()
    before = content_version()
    WRITES[name](some)
    assert content_version() > before


@pytest.mark.django_db
@pytest.mark.slow
def test_loading_a_fixture_changes_the_version() -> None:
    before = content_version()
    call_command("loaddata", "film-workshop", verbosity=0)
    assert content_version() > before


@pytest.mark.django_db
def test_what_no_reader_sees_does_not() -> None:
    some = _some()
    before = content_version()
    User.objects.create_user("curator")
    Person.objects.filter(slug="nobody").update(name="x")
    list(Statement.objects.published())
    assert some["person"].names.filter(text="nobody").delete()[0] == 0
    assert content_version() == before


@pytest.mark.django_db
def test_it_takes_one_query(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        content_version()


@pytest.mark.django_db(transaction=True)
def test_what_is_rolled_back_leaves_nothing() -> None:
    person = make.make_person("Ann Lee")
    before, noted = content_version(), _noted()
    _touch_and_undo(person)
    assert (content_version(), _noted()) == (before, noted)
    with transaction.atomic():
        _touch_and_undo(person)
        assert content_version() == before
    assert (content_version(), _noted()) == (before, noted)
    with transaction.atomic():
        Person.objects.filter(pk=person.pk).update(withdrawn_reason="kept")
        _touch_and_undo(person)
    assert content_version() > before


def _touch_and_undo(person: Person) -> None:
    with transaction.atomic():
        person.touch()
        transaction.set_rollback(True)


def _noted() -> list[tuple[Any, ...]]:
    return list(TouchedRow.objects.order_by("id").values_list("relation", "row_id"))


@pytest.mark.django_db(transaction=True)
def test_a_version_never_comes_back_after_a_backup_is_restored() -> None:
    person = make.make_person("Ann Lee")
    backup = content_version()
    person.touch()
    person.touch()
    lost = content_version()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE directory_contentversion SET version = %s", [backup])
    time.sleep(0.002)
    person.touch()
    assert content_version() > lost
    assert content_version() / 1e6 == pytest.approx(time.time(), abs=5)


@pytest.mark.django_db(transaction=True)
def test_the_order_of_versions_is_the_order_of_commits() -> None:
    """Writers side by side: nobody ever sees a version and, later, a write that belongs to it or to an earlier one."""
    people = [make.make_person(f"Person {n}") for n in range(4)]
    faults: list[Exception] = []

    def write(number: int) -> None:
        try:
            for turn in range(15):
                patiently(lambda turn=turn: change(number, turn))
                time.sleep(0.02)  # so that the reader gets to look between two commits
                if turn % 5 == number:
                    patiently(lambda: _touch_and_undo(people[number]))
        except Exception as error:
            faults.append(error)
        finally:
            connections.close_all()

    def change(number: int, turn: int) -> None:
        with transaction.atomic():
            Person.objects.filter(pk=people[number].pk).update(withdrawn_reason=str(turn))
            time.sleep(0.001 * number)
            Affiliation.objects.create(person=people[number], role=f"role {turn}")

    def content() -> list[int]:
        return list(Affiliation.objects.order_by("pk").values_list("pk", flat=True))

    writers = [threading.Thread(target=write, args=[number]) for number in range(4)]
    known: dict[int, list[int]] = {}
    for writer in writers:
        writer.start()
    while any(writer.is_alive() for writer in writers):
        first, found, last = patiently(content_version), patiently(content), patiently(content_version)
        if first == last:  # nothing was committed in between, so `found` belongs to this version
            assert known.setdefault(first, found) == found
    for writer in writers:
        writer.join()
    assert faults == []
    assert len(content()) == 60
    assert len(known) > 3, "the reader hardly ever looked between two commits"
    numbers = [len(known[version]) for version in sorted(known)]
    assert numbers == sorted(numbers)


def patiently(work: Callable[[], Any]) -> Any:
    """Do it again while another thread holds the table: the tests' SQLite is in memory, where nobody waits."""
    while True:
        try:
            return work()
        except OperationalError as error:
            if connection.vendor != "sqlite" or "locked" not in str(error):
                raise
            time.sleep(0.002)


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite has one writer at a time")
@pytest.mark.parametrize("published_meanwhile", [False, True])
def test_a_row_whose_owner_is_published_before_the_commit_is_seen(published_meanwhile: bool) -> None:
    """Neither of two transactions side by side sees that the name of the one becomes public by the other."""
    person = make.make_person("Ann Lee", status="draft")
    PersonName.objects.filter(person=person).update(status="draft")
    before, faults = content_version(), list[Exception]()
    wrote, may_commit = threading.Event(), threading.Event()

    def write() -> None:
        try:
            with transaction.atomic():
                PersonName.objects.bulk_create([PersonName(person_id=person.pk, text="Anna Lee", language="en")])
                wrote.set()
                may_commit.wait()
        except Exception as error:
            faults.append(error)
        finally:
            wrote.set()
            connections.close_all()

    writer = threading.Thread(target=write)
    writer.start()
    wrote.wait()
    assert content_version() == before
    if published_meanwhile:
        Person.objects.filter(pk=person.pk).update(status="published", published_at=timezone.now())
    between = content_version()
    assert (between > before) is published_meanwhile
    may_commit.set()
    writer.join()
    assert faults == []
    assert PersonName.objects.filter(text="Anna Lee").exists()
    assert (content_version() > between) is published_meanwhile


@pytest.mark.django_db(transaction=True)
def test_a_writer_that_dies_leaves_nothing_and_blocks_nobody() -> None:
    person = make.make_person("Ann Lee")
    before, noted = content_version(), _noted()
    wrote = threading.Event()

    def die() -> None:
        own = connections["default"]
        own.set_autocommit(False)
        Person.objects.filter(pk=person.pk).update(withdrawn_reason="lost")
        wrote.set()
        own.connection.close()  # as the system does with the sockets and files of a process that was killed
        own.connection = None

    dying = threading.Thread(target=die)
    dying.start()
    dying.join()
    assert wrote.is_set()
    assert (content_version(), _noted()) == (before, noted)
    person.touch()
    assert content_version() > before


def test_whatever_readers_see_raises_the_version() -> None:
    ours = [
        m
        for app in ("base", "desk", "directory", "events", "reports", "review")
        for m in apps.get_app_config(app).get_models()
    ]
    not_shown = {m._meta.object_name for m in ours if not getattr(m, "is_content", False)}
    bookkeeping = {
        "Change",
        "ChangeSet",
        "ContentVersion",
        "DifferentRecords",
        "DismissedProposal",
        "ReadParagraph",
        "SettledDoubt",
        "FeedState",
        "FormDraft",
        "StatementFile",
        "StatementIndexEntry",
        "ArticleLayout",
        "CardDraft",
        "ShingleSample",
        "TextDraft",
        "TextShingle",
        "KnownRecord",
        "RecordTime",
        "OpenWrite",
        "SearchRules",
        "Submission",
        "SubmittedRow",
        "TouchedRow",
        "Withdrawal",
        "WithdrawnRow",
    }
    assert {n for n in not_shown if not n.startswith("Historical")} == bookkeeping
    assert not any(issubclass(m, HistoricalChanges) for m in triggers.content_models())
    assert Statement.about_people.through in triggers.content_models()


def test_what_is_looked_at_again() -> None:
    assert triggers.subjects(Person) == [("directory_person", "id")]
    assert triggers.subjects(Passage) == [("directory_passage", "id")]
    assert triggers.subjects(Affiliation) == [
        ("directory_person", "person_id"),
        ("directory_organization", "organization_id"),
    ]
    assert triggers.subjects(Wording) == [("events_statement", "statement_id")]
    assert triggers.subjects(Statement.topics.through) == [("events_statement", "statement_id")]
    assert triggers.subjects(PersonName.passages.through) == [("directory_personname", "personname_id")]
    assert triggers.subjects(Report) == []


@pytest.mark.django_db(transaction=True)
def test_triggers_come_back_after_a_table_was_made_anew() -> None:
    """SQLite drops the triggers of a table that Django remakes; what was written meanwhile counts as a write."""
    before = content_version()
    assert triggers.content_triggers.install("default") == []
    assert content_version() == before
    old = ReportEntry._meta.get_field("note")  # no trigger of another table reads this one; `migrate` drops those first
    new = models.CharField(max_length=10, blank=True)
    new.set_attributes_from_name("note")
    try:
        with connection.schema_editor() as editor:
            editor.alter_field(ReportEntry, old, new)
            editor.alter_field(ReportEntry, new, old)
    finally:
        assert bool(triggers.content_triggers.install("default")) is (connection.vendor == "sqlite")
    if connection.vendor == "sqlite":
        assert content_version() > before
    before = content_version()
    Report(record_kind="person", record_id="x", record_path="/x/", message="No.").move_to("open")
    assert content_version() > before
