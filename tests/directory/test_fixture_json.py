"""A fixture that is loaded is dumped the same, at whatever moment its rows were saved."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest
from django.core.management import call_command

from directory.models import Person
from tests import factories as make

MICROSECONDS = (0, 1, 500, 999, 1000, 500_000, 500_001, 999_999)


@pytest.mark.django_db
def test_a_fixture_that_is_loaded_is_dumped_the_same(tmp_path: Path) -> None:
    first, again = tmp_path / "first.json", tmp_path / "again.json"
    for microsecond in MICROSECONDS:
        person = make.make_person(f"Ann Lee {microsecond}")
        saved_at = datetime.datetime(2026, 5, 14, 12, 0, 20, microsecond, tzinfo=datetime.UTC)
        Person.objects.filter(pk=person.pk).update(published_at=saved_at, created_at=saved_at, updated_at=saved_at)
    call_command("dump_fixtures", first)
    call_command("loaddata", first, verbosity=0)
    call_command("dump_fixtures", again)
    assert first.read_bytes() == again.read_bytes()
