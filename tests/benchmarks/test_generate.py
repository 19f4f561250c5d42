"""The made-up world that speed is measured on."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
STATEMENTS = 300


pytestmark = pytest.mark.once


def generate(file: Path) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "benchmarks.generate", "--statements", str(STATEMENTS), "--seed", "3"]
    environment = {**os.environ, "DATABASE_URL": f"sqlite:///{file}", "VAR_DIR": str(file.parent)}
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sqlite3.Connection]:
    file = tmp_path_factory.mktemp("bench") / "world.sqlite3"
    done = generate(file)
    assert done.returncode == 0, done.stderr
    connection = sqlite3.connect(file)
    yield connection
    connection.close()


def one(world: sqlite3.Connection, query: str) -> object:
    return world.execute(query).fetchone()[0]


def test_there_is_a_crowded_day_a_frequent_speaker_and_drafts(world: sqlite3.Connection) -> None:
    assert one(world, "SELECT count(*) FROM events_statement") == STATEMENTS
    assert one(world, "SELECT count(*) FROM events_participation WHERE event_id = 1") == STATEMENTS // 2
    crowd = "SELECT count(*) FROM events_statement WHERE sort_date = '2019-11-20' AND event_id = 1"
    assert one(world, crowd) >= STATEMENTS // 2  # type: ignore[operator]
    assert one(world, "SELECT count(*) FROM events_statement WHERE speaker_id = 1") == STATEMENTS // 5
    assert one(world, "SELECT count(*) FROM directory_person WHERE status = 'draft'") > 0  # type: ignore[operator]


def test_ids_do_not_follow_the_order_of_making(world: sqlite3.Connection) -> None:
    passages = "SELECT passage_id FROM events_statement_passages ORDER BY statement_id"
    made = [number for (number,) in world.execute(passages)]
    assert sorted(made) == list(range(1, STATEMENTS + 1))
    assert sum(after - before == 1 for before, after in pairwise(made)) < STATEMENTS / 10


def test_indexes_and_triggers_are_back(world: sqlite3.Connection, tmp_path: Path) -> None:
    bare = tmp_path / "bare.sqlite3"
    environment = {**os.environ, "DATABASE_URL": f"sqlite:///{bare}", "VAR_DIR": str(tmp_path)}
    subprocess.run([sys.executable, "manage.py", "migrate", "-v0"], cwd=ROOT, env=environment, check=True)
    names = "SELECT type, name FROM sqlite_master WHERE type IN ('index', 'trigger') AND sql IS NOT NULL ORDER BY 1, 2"
    migrated = sqlite3.connect(bare)
    assert world.execute(names).fetchall() == migrated.execute(names).fetchall()
    migrated.close()
    assert world.execute("PRAGMA foreign_key_check").fetchall() == []


def test_statements_are_listed_under_what_they_are_linked_with(world: sqlite3.Connection) -> None:
    links = [
        one(world, f"SELECT count(*) FROM events_statement_{name}")
        for name in ("topics", "initiatives", "about_people")
    ]
    links.append(one(world, "SELECT count(*) FROM events_statement_about_organizations"))
    assert [(relation, number) for relation, number in enumerate(links, 1) if number] == world.execute(
        "SELECT relation, count(*) FROM events_heading h JOIN events_statement s ON s.id = h.statement_id "
        "AND s.sort_date = h.sort_date AND s.position = h.position GROUP BY relation ORDER BY relation"
    ).fetchall()


def test_a_database_that_holds_records_is_refused(world: sqlite3.Connection) -> None:
    file = Path(one(world, "SELECT file FROM pragma_database_list"))  # type: ignore[arg-type]
    done = generate(file)
    assert done.returncode == 1
    assert done.stderr == "The database already holds records. Give an empty one in DATABASE_URL.\n"
    assert one(world, "SELECT count(*) FROM events_statement") == STATEMENTS
