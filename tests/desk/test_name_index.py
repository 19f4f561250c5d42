"""The names in memory: after a write only what was written is read, and nothing is missed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.core.management import call_command

from base.records.merging import merge
from desk import name_index
from desk.name_index import NameIndex, name_index_of
from directory.models import Person, PersonName
from tests import factories as make

pytestmark = pytest.mark.django_db(transaction=True)  # inside a transaction nothing is kept


@pytest.fixture(autouse=True)
def people() -> Iterator[list[Person]]:
    """Make three people whose names are known to the process."""
    name_index._indexes.clear()
    people = [make.make_person(name) for name in ("Ann Lee", "Tomas Reka", "Jon Aske")]
    name_index_of(Person)
    yield people
    name_index._indexes.clear()


def names(index: NameIndex) -> list[tuple[int, str]]:
    """Return the names with their owners."""
    return sorted((row.owner, row.forms.text) for row in index.rows)


def add(people: list[Person]) -> None:
    make.make_name(people[0], "A. Lee")


def edit(people: list[Person]) -> None:
    name = people[0].names.get()
    name.text = "Ana Lee"
    name.save()


def delete(people: list[Person]) -> None:
    people[0].names.get().delete()


def delete_record(people: list[Person]) -> None:
    make.make_person("Not public", status="draft").delete()
    people[1].names.get().delete()


def unite_and_leave_a_name(people: list[Person]) -> None:
    unite(people)
    name = people[1].names.first()
    PersonName.objects.filter(pk=name.pk).update(person=people[0])


def unite(people: list[Person]) -> None:
    merge(people[0], people[1], reason="The same post.")


def edit_without_history(people: list[Person]) -> None:
    PersonName.objects.filter(person=people[2]).update(text="Jonathan Aske")


def give_away_without_history(people: list[Person]) -> None:
    PersonName.objects.filter(person=people[2]).update(person=people[0])


def delete_without_history(people: list[Person]) -> None:
    PersonName.objects.filter(person=people[2])._raw_delete("default")


def add_and_delete_without_history(people: list[Person]) -> None:
    PersonName.objects.bulk_create([PersonName(person=people[0], text="Lee Ann", language="en", uid="x1")])
    PersonName.objects.filter(person=people[2])._raw_delete("default")


@pytest.mark.parametrize(
    "write",
    [
        add,
        edit,
        delete,
        delete_record,
        unite,
        unite_and_leave_a_name,
        edit_without_history,
        give_away_without_history,
        delete_without_history,
        add_and_delete_without_history,
    ],
)
def test_what_is_kept_is_what_would_be_read(people: list[Person], write: Callable[[list[Person]], None]) -> None:
    write(people)
    kept = name_index_of(Person)
    name_index._indexes.clear()
    assert names(kept) == names(name_index_of(Person))


def test_a_version_with_a_lower_number_that_was_written_later_is_not_missed(people: list[Person]) -> None:
    """On PostgreSQL a transaction that ends later may have taken its number earlier."""
    earlier = people[1].names.get().history.first()
    number = earlier.history_id
    edit(people)
    latest = people[0].names.get().history.first()
    earlier.delete()
    PersonName.history.filter(history_id=latest.history_id).update(history_id=number)
    assert "Ana Lee" in {text for _owner, text in names(name_index_of(Person))}


def test_only_what_was_written_is_worked_out_again(people: list[Person], monkeypatch: pytest.MonkeyPatch) -> None:
    texts: list[str] = []
    known = name_index.NameForms.__init__
    monkeypatch.setattr(name_index.NameForms, "__init__", lambda self, text: (texts.append(text), known(self, text))[1])
    make.make_topic("Tides")
    name_index_of(Person)
    assert texts == []
    add(people)
    name_index_of(Person)
    assert texts == ["A. Lee"]


def test_a_fixture_that_changes_a_name_is_noticed(people: list[Person], tmp_path: Path) -> None:
    file = tmp_path / "dump.json"
    call_command("dump_fixtures", file)
    file.write_text(file.read_text().replace("Jon Aske", "Jonas Aske"))
    call_command("loaddata", file, verbosity=0)
    assert "Jonas Aske" in {text for _owner, text in names(name_index_of(Person))}
