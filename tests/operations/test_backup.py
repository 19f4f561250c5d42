"""A backup holds everything, also when the site writes meanwhile; what is damaged, newer or in the way is refused."""

from __future__ import annotations

import re
import sqlite3
import stat
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from operations.backup.files import BackupFault
from operations.backup.postgresql import find_program
from tests.operations.database import NewDatabase, Place, new_databases, run_code
from tests.pair import wait_until

pytestmark = pytest.mark.once

PRIVATE = "PRIVATE-WORDS-OF-A-SOURCE"
FILL = f"""
from django.contrib.auth.models import User
from directory.models import Source
source = Source.objects.get()
source.text = "{PRIVATE}"
source.save()
User.objects.create_user("ann", password="x1y2z3")
"""
RENAME = "from directory.models import Topic; t = Topic.objects.first(); t.name += '!'; t.save()"
NUMBERS = """
from base.changes.feed import last_position
from base.changes.version import content_version
version, position = content_version(), last_position()
"""
READ = """
from directory.models import Person, Source
one, two = Source.objects.get(slug="film-workshop").note, Person.objects.get(slug="tony-bui").wikidata
"""


def write_until(file: Path) -> int:
    """Write the same number to two rows in one transaction, again and again, and note it once it is committed."""
    from django.db import transaction

    from directory.models import Person, Source

    number = 0
    while not file.with_name("stop").exists():
        number += 1
        with transaction.atomic():
            Source.objects.filter(slug="film-workshop").update(note=f"Q{number}")
            Person.objects.filter(slug="tony-bui").update(wikidata=f"Q{number}")
        file.write_text(str(number))
    return number


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def new(request: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[NewDatabase]:
    """Return a function that makes an empty database of its own."""
    with new_databases(request.param, tmp_path_factory.mktemp(request.param)) as create:
        yield create


@pytest.fixture(scope="module")
def site(new: NewDatabase) -> Place:
    """Return a site with the article, the private words of a source, and an account."""
    made = new()
    made.manage("migrate", verbosity=0)
    made.manage("loaddata", "film-workshop", verbosity=0)
    made.site.call(run_code, FILL)
    return made


@pytest.fixture(scope="module")
def other(new: NewDatabase) -> Place:
    """Return a database to restore to."""
    return new()


def test_the_rehearsal(site: Place, other: Place, tmp_path: Path) -> None:
    before = site.everything()
    assert len(before) > 10
    assert PRIVATE.encode() in before["rows"]
    backup = tmp_path / "backup"
    done = site.manage("backup", backup)
    assert re.fullmatch(rf"{backup}: [\d.]+ MB, read and found whole\. Old backups deleted: 0\.\n", done)
    assert {stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()} == {0o600}
    assert sorted(path.name for path in tmp_path.iterdir()) == ["backup", "backup.sha256"]
    checked = subprocess.run(["sha256sum", "--check", "backup.sha256"], cwd=tmp_path, capture_output=True, check=False)
    assert checked.returncode == 0

    assert "up to date. Everybody has to sign in again" in other.manage("restore", backup)
    assert other.everything() == before
    # What is there is replaced only if that is wanted.
    other.site.call(run_code, "from directory.models import Topic; Topic.objects.all().delete()")
    changed = other.everything()
    assert changed != before
    assert "The database is not empty" in other.refuse("restore", backup)
    assert other.everything() == changed
    other.manage("restore", backup, "--force")
    assert other.everything() == before


def test_versions_and_cursors_go_on_above_all_that_were_given(site: Place, other: Place, tmp_path: Path) -> None:
    site.manage("update_changes")
    site.manage("backup", tmp_path / "backup")
    other.manage("restore", tmp_path / "backup", "--force")
    other.site.call(run_code, RENAME)
    other.manage("update_changes")
    given = other.site.call(run_code, NUMBERS)
    other.manage("restore", tmp_path / "backup", "--force")
    assert other.site.call(run_code, NUMBERS)["version"] > given["version"]
    other.site.call(run_code, RENAME)
    other.manage("update_changes")
    assert other.site.call(run_code, NUMBERS)["position"] > given["position"]


def test_a_backup_is_of_one_moment_while_the_site_writes(site: Place, other: Place, tmp_path: Path) -> None:
    noted, backups = tmp_path / "noted", [tmp_path / f"backup{number}" for number in range(2)]
    writer = Place(site.var, site.address)
    try:
        writing = writer.site.pool.submit(write_until, noted)
        wait_until(lambda: writing.done() or (noted.exists() and int(noted.read_text() or 0) >= 20), 60)
        first = int(noted.read_text())
        for backup in backups:
            site.manage("backup", backup)
        (tmp_path / "stop").touch()
        last = writing.result(60)
    finally:
        (tmp_path / "stop").touch()
        writer.site.close()
    numbers = []
    for backup in backups:
        other.manage("restore", backup, "--force")
        notes = other.site.call(run_code, READ)
        assert notes["one"] == notes["two"]
        numbers.append(int(notes["one"].removeprefix("Q")))
    assert first <= numbers[0] < numbers[1] <= last


def test_what_is_there_is_kept(site: Place, tmp_path: Path) -> None:
    backup = tmp_path / "backup"
    backup.write_text("precious")
    line = site.refuse("backup", backup)
    assert line == f"No backup was made. {backup} exists. Give another name, or --force to replace it."
    assert backup.read_text() == "precious"
    site.manage("backup", backup, "--force")
    assert backup.read_bytes() != b"precious"
    line = site.refuse("backup", tmp_path / "none" / "backup")
    assert line.endswith("/none/backup cannot be written: No such file or directory.")
    assert "--keep is for a folder of backups" in site.refuse("backup", backup, "--force", "--keep=2")
    assert "a whole number from 1" in site.refuse("backup", tmp_path, "--keep=0")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["backup", "backup.sha256"]


def test_a_folder_keeps_the_newest(site: Place, tmp_path: Path) -> None:
    vendor = "pgdump" if site.address else "sqlite3"
    for day in range(1, 5):
        (tmp_path / f"on-the-record-2020010{day}T000000Z.{vendor}").write_text("old")
        (tmp_path / f"on-the-record-2020010{day}T000000Z.{vendor}.sha256").write_text("old")
    (tmp_path / "notes.txt").write_text("not ours")
    assert site.manage("backup", tmp_path, "--keep=3").endswith("Old backups deleted: 2.\n")
    names = sorted(path.name for path in tmp_path.iterdir())
    assert names[:5] == [
        "notes.txt",
        *(f"on-the-record-2020010{d}T000000Z.{vendor}{e}" for d in (3, 4) for e in ("", ".sha256")),
    ]
    assert re.fullmatch(rf"on-the-record-\d{{8}}T\d{{6}}Z\.{vendor}", names[5])
    assert names[6:] == [f"{names[5]}.sha256"]


def test_what_is_no_whole_backup_is_refused(site: Place, new: NewDatabase, tmp_path: Path) -> None:
    backup, empty = tmp_path / "backup", new()
    site.manage("backup", backup)
    whole, sums = backup.read_bytes(), (tmp_path / "backup.sha256").read_text()
    middle = len(whole) // 2
    damaged = {
        "cut": whole[: middle + 100],
        "zeroed": whole[:middle] + bytes(9000) + whole[middle + 9000 :],
        "head": whole[:100],
    }
    for name, content in damaged.items():
        backup.write_bytes(content)
        (tmp_path / "backup.sha256").write_text(sums)
        assert f"{backup} is damaged: its SHA-256 is not the one in backup.sha256." in empty.refuse("restore", backup)
        (tmp_path / "backup.sha256").unlink()
        assert " is damaged: " in empty.refuse("restore", backup), name
    for content in (b"", b"precious text", whole[:4]):
        backup.write_bytes(content)
        assert "is no backup: it is neither" in empty.refuse("restore", backup)
    assert "cannot be read: No such file" in empty.refuse("restore", tmp_path / "none")
    backup.write_bytes(whole)
    assert "There was no backup.sha256 to compare it with." in empty.manage("restore", backup)


def test_a_backup_of_a_newer_version_or_another_kind_is_refused(site: Place, new: NewDatabase, tmp_path: Path) -> None:
    newer, backup = new(), tmp_path / "backup"
    site.manage("backup", backup)
    newer.manage("restore", backup)
    add = "from django.db.migrations.recorder import MigrationRecorder as R; from django.db import connection"
    newer.site.call(run_code, f"{add}; R(connection).record_applied('events', '9999_of_tomorrow')")
    newer.manage("backup", tmp_path / "newer")
    line = newer.refuse("restore", tmp_path / "newer")
    assert "made by a newer version of the site: this one does not know events.9999_of_tomorrow." in line
    with sqlite3.connect(tmp_path / "stranger") as stranger:
        stranger.execute("CREATE TABLE django_migrations (app, name)")
    stranger.close()
    expected = (
        "a backup of sqlite, the database (DATABASE_URL) is postgresql."
        if site.address
        else "is no backup of this site"
    )
    assert expected in newer.refuse("restore", tmp_path / "stranger")


def test_a_damaged_database_makes_no_backup(tmp_path: Path) -> None:
    with new_databases("sqlite", tmp_path) as new:
        broken = new()
        broken.manage("migrate", verbosity=0)
        file = broken.var / "on-the-record.sqlite3"
        content = bytearray(file.read_bytes())
        content[len(content) // 2 : len(content) // 2 + 9000] = bytes(9000)
        file.write_bytes(content)
        target = tmp_path / "backups"
        target.mkdir()
        line = broken.refuse("backup", target)
    assert line.startswith("No backup was made. ")
    assert "damaged" in line or "malformed" in line
    assert list(target.iterdir()) == []


def test_missing_or_old_programs_are_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    class Server:
        pg_version = 150004

    fake = tmp_path / "pg_dump"
    fake.write_text("#!/bin/sh\necho 'pg_dump (PostgreSQL) 14.9'\n")
    fake.chmod(0o755)
    server: Any = Server()
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(
        BackupFault, match=r"pg_dump has version 14, the server 15\. .* postgresql-client-15, and put them"
    ):
        find_program("pg_dump", server)
    fake.write_text("#!/bin/sh\necho 'pg_dump (PostgreSQL) 15.1 (Debian 15.1-1)'\n")
    assert find_program("pg_dump", server) == str(fake)
    monkeypatch.setattr("operations.backup.postgresql.DEBIAN", tmp_path)
    with pytest.raises(BackupFault, match=r"psql is missing\. On Debian: apt-get install postgresql-client"):
        find_program("psql", server)
