"""A database of an earlier version is brought up to date, and says everything that it said."""

from __future__ import annotations

import json
import lzma
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.operations.database import Place, new_databases, run_code

pytestmark = pytest.mark.once

FILES = Path(__file__).with_name("version1")
# Members that a version may write in another way.
FORMAT_MAY_CHANGE = {"updated_at", "created_at"}
PRIVATE_ROWS = """
from django.contrib.auth.models import User
from directory.models import Source
from events.models import Statement
from reports.models import Report
account = User.objects.get().username
text = Source.objects.get().text
draft = Statement.objects.get(slug="st-draft1").status
reason = Statement.objects.get(slug="st-gone11").withdrawn_reason
report = Report.objects.get()
answer, contact, lines = report.answer, report.contact, report.entries.count()
histories = Statement.history.count()
"""


def packed(name: str) -> bytes:
    """Return the content of a file of that version."""
    return lzma.decompress((FILES / name).read_bytes())


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def upgraded(request: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """Return a site over the database of that version, migrated by the code of today."""
    with new_databases(request.param, tmp_path_factory.mktemp(request.param)) as create:
        place = create()
        if request.param == "sqlite":
            (place.var / "on-the-record.sqlite3").write_bytes(packed("database.sqlite3.xz"))
        else:
            place.site.call(load_sql, packed("database.sql.xz").decode())
        place.manage("migrate", verbosity=0, skip_checks=False)
        yield place


def load_sql(script: str) -> None:
    """Run an SQL script with psql, on the database of this process."""
    from django.db import connection

    from operations.backup.postgresql import address_of, find_program

    command = [
        find_program("psql"),
        "--no-psqlrc",
        "--quiet",
        "--set=ON_ERROR_STOP=1",
        f"--dbname={address_of(connection)}",
    ]
    connection.close()
    subprocess.run(command, input=script, text=True, check=True, stdout=subprocess.DEVNULL)


def differences(before: Any, after: Any, path: str = "") -> Iterator[str]:
    """Yield where `after` does not say what `before` said; it may say more."""
    if isinstance(before, dict) and isinstance(after, dict):
        for name, value in before.items():
            if name not in FORMAT_MAY_CHANGE:
                yield from differences(value, after.get(name, "(missing)"), f"{path}/{name}")
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for number, (one, two) in enumerate(zip(before, after, strict=True)):
            yield from differences(one, two, f"{path}/{number}")
    elif before != after:
        yield f"{path}: {before!r} became {after!r}"


def test_everything_is_said_as_before(upgraded: Place) -> None:
    before = {doc["url"]: doc for doc in map(json.loads, packed("export.ndjson.xz").splitlines())}
    exports = [content for name, content in upgraded.everything().items() if name.endswith(".ndjson")]
    after = {doc["url"]: doc for doc in map(json.loads, b"".join(exports).splitlines())}
    assert len(before) > 80
    assert after.keys() == before.keys()
    assert [line for url in before for line in differences(before[url], after[url], url)] == []


def test_what_is_not_public_is_there_too(upgraded: Place) -> None:
    rows = upgraded.site.call(run_code, PRIVATE_ROWS)
    assert rows == {
        "account": "ann",
        "text": "An invented paragraph.\n\nAnother one.",
        "draft": "draft",
        "reason": "It was a caption.",
        "answer": "Marked as disputed.",
        "contact": "reader@example.org",
        "lines": 2,
        "histories": rows["histories"],
    }
    assert rows["histories"] > 40


def test_it_lacks_nothing_and_can_be_backed_up(upgraded: Place, tmp_path: Path) -> None:
    upgraded.manage("migrate", check_unapplied=True, verbosity=0)
    upgraded.manage("check", databases=["default"])
    before = upgraded.everything()
    upgraded.manage("backup", tmp_path / "backup")
    upgraded.manage("restore", tmp_path / "backup", "--force")
    assert upgraded.everything() == before
