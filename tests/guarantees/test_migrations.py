"""One migration an app; a database from before they were folded goes on, and one that is not up to date is refused."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from base.changes.version import content_version
from base.models import ContentVersion
from base.sql.checks import no_migration_is_missing
from directory.models import Person
from tests import factories as make

pytestmark = pytest.mark.django_db

Key = tuple[str, str]
OURS = ("base", "desk", "directory", "events", "reports")
# As they were before they were folded. Not to be changed: there are databases that have them.
OLD: list[Key] = [
    ("directory", "0001_initial"),
    ("directory", "0002_content_version"),
    ("directory", "0003_change_feed"),
    ("directory", "0004_passages_by_paragraph"),
    ("directory", "0005_lists_in_order"),
    ("directory", "0006_passages_by_state"),
    ("events", "0001_initial"),
    ("events", "0002_statements_listed_in_order"),
    ("events", "0003_filters_have_indexes"),
    ("events", "0004_kept_figures"),
    ("events", "0005_headings"),
    ("reports", "0001_initial"),
]
FOLDED = [key for key in OLD if key[0] != "reports"]


@pytest.fixture(scope="module", autouse=True)
def table_of_migrations(django_db_setup: None, django_db_blocker: Any) -> None:
    """Make the table where Django notes migrations, if the database of the tests was made without them."""
    with django_db_blocker.unblock():
        MigrationRecorder(connection).ensure_schema()


@pytest.fixture(autouse=True)
def with_migrations(settings: Any) -> None:
    """Let Django see the migrations, even where the database of the tests was made without them."""
    settings.MIGRATION_MODULES = {}


def record(keys: Iterable[Key]) -> None:
    """Make django_migrations say that these of our migrations were run, and all those of other apps."""
    recorder = MigrationRecorder(connection)
    recorder.migration_qs.all().delete()
    others = [key for key in MigrationLoader(None).disk_migrations if key[0] not in OURS]
    for app, name in [*others, *keys]:
        recorder.record_applied(app, name)


def plan() -> list[Key]:
    """Return what `migrate` would run."""
    executor = MigrationExecutor(connection)
    executor.loader.check_consistent_history(connection)
    return [(step.app_label, step.name) for step, _ in executor.migration_plan(executor.loader.graph.leaf_nodes())]


def newer() -> list[Key]:
    """Return our migrations that came after those that began a database, and those of apps that came later."""
    disk, old = MigrationLoader(None).disk_migrations, {app for app, _name in OLD} | {"base"}
    return [key for key, step in disk.items() if key[0] in OURS and (not step.initial or key[0] not in old)]


def test_a_new_database_begins_with_one_migration_an_app() -> None:
    record([])
    disk = MigrationLoader(None).disk_migrations
    assert sorted(app for app, name in plan() if disk[app, name].initial) == sorted(OURS)
    assert no_migration_is_missing(["default"]) == []


def test_a_database_of_before_goes_on_and_runs_nothing() -> None:
    record([*OLD, *newer()])
    person = make.make_person("Ann Lee")
    before = content_version()
    assert plan() == []
    assert no_migration_is_missing(["default"]) == []
    call_command("migrate", check_unapplied=True, verbosity=0)
    call_command("migrate", verbosity=0, skip_checks=False)
    assert {key for key in MigrationRecorder(connection).applied_migrations() if key[0] in OURS} == {
        *OLD,
        *(key for key in MigrationLoader(None).disk_migrations if key[0] in OURS),
    }
    assert Person.objects.get() == person
    assert ContentVersion.objects.get().version <= content_version() == before
    person.touch()
    assert content_version() > before


def test_a_migration_that_stopped_half_way_goes_on() -> None:
    record([key for key in OLD if key in MigrationLoader(None).disk_migrations[("base", "0001_initial")].replaces])
    assert no_migration_is_missing(["default"]) == []
    waiting = [app for app, name in plan() if (app, name) not in newer() and app != "reports"]
    assert waiting == ["directory", "events"]


@pytest.mark.parametrize("missing", FOLDED, ids=".".join)
def test_a_database_that_is_not_up_to_date_is_refused(missing: Key) -> None:
    record(key for key in OLD if key != missing)
    (fault,) = no_migration_is_missing(["default"])
    assert f"Database 'default' lacks {'.'.join(missing)}: folded into " in fault.msg
    assert fault.hint == "Run “manage.py migrate” with the last version that still has them, then with this one."


def test_migrate_and_the_first_start_refuse_it() -> None:
    record(OLD[:5])
    for command in (["migrate"], ["start", "--no-serve"]):
        with pytest.raises(
            SystemCheckError, match=r"lacks directory\.0006_passages_by_state: folded into directory\.0001"
        ):
            call_command(*command, skip_checks=False, verbosity=0)


def test_every_migration_that_was_folded_is_named_once() -> None:
    disk = MigrationLoader(None).disk_migrations
    assert sorted(key for name, step in disk.items() if name[0] in OURS for key in step.replaces) == sorted(FOLDED)
