"""The example script keeps a copy that is equal to a full export, whatever curators do at the same time."""

from __future__ import annotations

import importlib.util
import random
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db import DatabaseError, connection, connections, transaction
from django.db.models import ProtectedError
from django.utils import timezone
from pytest_django.live_server_helper import LiveServer

from base.changes import feed as changes
from base.models import Change
from base.records.merging import CannotMerge, merge
from directory.models import Affiliation, Organization, Passage, Person, PersonName, Source, Topic
from events.models import Event, Participation, Statement, Wording
from tests import factories as make

SCRIPT = Path(settings.BASE_DIR) / "docs" / "examples" / "mirror.py"
# What a curator may be refused, and what PostgreSQL refuses to one of two who are in each other's way.
REFUSED = (ProtectedError, CannotMerge, ObjectDoesNotExist, ValidationError, DatabaseError)


@pytest.fixture
def mirror() -> ModuleType:
    """Return the script as a module."""
    spec = importlib.util.spec_from_file_location("mirror", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class Curator:
    """Makes random edits of every sort, the same ones for the same seed."""

    def __init__(self, seed: int) -> None:
        self.random, self.done, self.refused = random.Random(seed), 0, 0
        self.faults: list[BaseException] = []

    def any(self, model: Any) -> Any:
        """Return any row."""
        numbers = list(model.objects.order_by("pk").values_list("pk", flat=True))
        if not numbers:
            raise ObjectDoesNotExist
        return model.objects.get(pk=self.random.choice(numbers))

    def word(self) -> str:
        """Return a short text."""
        return f"{self.random.choice(['Ann', 'Bo', 'Cy', 'Dao'])} {self.random.choice(['Lee', 'Kim', 'Tran', 'Ngo'])}"

    def record(self) -> Any:
        """Return any record of any kind."""
        return self.any(self.random.choice([Person, Person, Organization, Event, Topic, Statement, Source]))

    def edit(self) -> None:
        """Make one edit, in a transaction of its own or in none."""
        work = self.random.choice([getattr(self, name) for name in sorted(dir(self)) if name.startswith("edit_")])
        try:
            if self.random.random() < 0.3:
                work()
            else:
                with transaction.atomic():
                    work()
                    if self.random.random() < 0.5:
                        work()
                    if self.random.random() < 0.1:
                        transaction.set_rollback(True)
            self.done += 1
        except REFUSED:
            self.refused += 1

    def edit_1_new(self) -> None:
        maker = self.random.choice([make.make_person, make.make_organization, make.make_event, make.make_topic])
        maker(self.word(), status=self.random.choice(["published", "published", "draft"]))

    def edit_2_statement(self) -> None:
        passages = [self.any(Passage)]
        statement = make.make_statement(self.any(Person), self.any(Event), self.word(), passages=passages)
        statement.topics.add(self.any(Topic))

    def edit_3_name(self) -> None:
        name = self.any(PersonName)
        name.text = self.word()
        name.save()

    def edit_4_rename(self) -> None:
        record = self.record()
        record.slug = record.free_slug(f"{record.kind}-{self.random.randrange(5)}")
        record.save()

    def edit_5_status(self) -> None:
        record = self.record()
        record.status = "withdrawn" if record.status == "published" else "published"
        record.withdrawn_reason = "It was a mistake."
        record.save()

    def edit_6_delete(self) -> None:
        self.random.choice([self.any(Affiliation), self.any(Participation), self.record(), self.any(Wording)]).delete()

    def edit_7_merge(self) -> None:
        model = self.random.choice([Person, Organization, Event, Topic])
        merge(self.any(model), self.any(model), reason="The same.")

    def edit_8_links(self) -> None:
        make.make_affiliation(self.any(Person), self.any(Organization), role=self.word(), passages=[self.any(Passage)])
        make.make_participation(self.any(Person), self.any(Event))

    def edit_9_bulk(self) -> None:
        Statement.objects.filter(pk__gte=self.any(Statement).pk).update(role_at_time=self.word())
        Person.objects.filter(pk=self.any(Person).pk).update(sort_key=self.word())
        about = Statement.about_people.through.objects
        about.bulk_create([about.model(statement=self.any(Statement), person=self.any(Person))], ignore_conflicts=True)
        PersonName.objects.filter(pk=self.any(PersonName).pk).update(status=self.random.choice(["draft", "published"]))

    def edit_10_event(self) -> None:
        event = self.any(Event)
        event.date = self.random.choice(["", "2025", "2025-03"])
        event.save()

    def edit_11_source(self) -> None:
        source = self.any(Source)
        source.title = self.word()
        source.save()

    def edit_12_sql(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("UPDATE events_wording SET by = %s WHERE id = %s", [self.word(), self.any(Wording).pk])

    def work(self, edits: int) -> None:
        """Make some edits in a thread of its own."""
        try:
            for _number in range(edits):
                self.edit()
        except BaseException as error:
            self.faults.append(error)
        finally:
            connections.close_all()


def some_records() -> None:
    """Make a few records that hang together."""
    passages = [make.make_passage(make.make_source(f"Article {n}"), f"Words {n}.") for n in range(2)]
    for number in range(4):
        person, event = make.make_person(f"Person {number}"), make.make_event(f"Event {number}")
        topic, board = make.make_topic(f"Topic {number}"), make.make_organization(f"Board {number}")
        make.make_affiliation(person, board, passages=passages)
        make.make_participation(person, event)
        make.make_statement(person, event, topics=[topic], passages=passages, on_behalf_of=board)


def settled(work: Callable[[], Any]) -> None:
    """Read on until nothing is new."""
    while work():
        pass


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_the_copy_is_equal_to_an_export_after_any_edits(
    live_server: LiveServer, tmp_path: Path, mirror: ModuleType
) -> None:
    """On PostgreSQL three curators work at the same time; on SQLite one, as there is one writer."""
    some_records()
    side_by_side = connection.vendor == "postgresql"
    curators = [Curator(seed) for seed in ((1, 2, 3) if side_by_side else (1,))]
    file = str(tmp_path / "copy.sqlite3")
    begun, read = time.monotonic(), 0
    if side_by_side:
        threads = [threading.Thread(target=curator.work, args=[30]) for curator in curators]
        for thread in threads:
            thread.start()
        while any(thread.is_alive() for thread in threads):
            read += mirror.mirror(live_server.url, file)
        for thread in threads:
            thread.join()
    else:
        for _round in range(8):
            read += mirror.mirror(live_server.url, file)
            for _number in range(10):
                curators[0].edit()
    assert [curator.faults for curator in curators] == [[]] * len(curators)
    assert sum(curator.done for curator in curators) > 40, [curator.refused for curator in curators]
    # What chance may have left out is done once for certain: what each thread is refused depends on the others.
    first, last = make.make_topic("First"), make.make_topic("Last")
    for edit in (
        lambda: None,
        lambda: Topic.objects.filter(pk=first.pk).update(slug="first-of-all"),
        lambda: Topic.objects.filter(pk=first.pk).update(status="withdrawn", withdrawn_reason="It was a mistake."),
        last.delete,
        lambda: merge(make.make_topic("One"), make.make_topic("Other"), reason="The same."),
    ):
        edit()
        settled(lambda: mirror.mirror(live_server.url, file))

    assert mirror.differences(live_server.url, file) == []
    assert read > 30
    assert set(Change.objects.values_list("action", flat=True)) == {
        *("created", "changed", "renamed", "merged", "withdrawn", "deleted")
    }
    positions = list(Change.objects.values_list("position", flat=True))
    assert positions == sorted(set(positions))
    assert time.monotonic() - begun < 120

    # And from the feed alone, without an export.
    alone = str(tmp_path / "alone.sqlite3")
    copy = mirror.sqlite3.connect(alone)
    copy.execute("CREATE TABLE record (kind TEXT, id TEXT, document TEXT, PRIMARY KEY (kind, id))")
    copy.execute("CREATE TABLE state (cursor TEXT)")
    copy.execute("INSERT INTO state VALUES (?)", [changes.cursor_of(0)])
    copy.commit()
    copy.close()
    settled(lambda: mirror.mirror(live_server.url, alone))
    assert mirror.differences(live_server.url, alone) == []


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_copy_that_was_killed_goes_on(live_server: LiveServer, tmp_path: Path, mirror: ModuleType) -> None:
    some_records()
    file = str(tmp_path / "copy.sqlite3")
    command = [sys.executable, str(SCRIPT), live_server.url, file]
    curator = Curator(4)
    for wait in (0.15, 0.25, 0.35, 0.5):
        running = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(wait)
        running.kill()
        running.wait()
        for _number in range(5):
            curator.edit()
    done = subprocess.run([*command, "--check"], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done
    assert done.stdout.endswith(" changes applied\n")
    Topic.objects.update(labels={"en": "Other"})
    assert mirror.differences(live_server.url, file) != []


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_copy_that_is_too_old_starts_again(live_server: LiveServer, tmp_path: Path, mirror: ModuleType) -> None:
    some_records()
    file = str(tmp_path / "copy.sqlite3")
    mirror.mirror(live_server.url, file)
    make.make_person("Ann Lee").delete()
    Person.objects.filter(slug="person-1").update(slug="person-one")
    settled(lambda: changes.is_behind() and mirror.get(f"{live_server.url}/api/v1/changes/")["more"])
    make.make_person("Bo Kim")
    mirror.get(f"{live_server.url}/api/v1/changes/")
    changes.prune(timezone.now())
    mirror.mirror(live_server.url, file)
    assert mirror.differences(live_server.url, file) == []
