"""Settings and the first start, each tried in a process of its own: what is wrong is named in one line."""

from __future__ import annotations

import json
import os
import re
import sqlite3
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)


def run(var: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a command of the project as on a new machine: nothing in the environment but what is given."""
    env = {"PATH": os.environ["PATH"], "VAR_DIR": str(var), **environment}
    command = [sys.executable, "-W", "error::DeprecationWarning:config", *arguments]
    return subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False, timeout=120)


def manage(var: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run manage.py."""
    return run(var, "manage.py", *arguments, **environment)


def told(var: Path, expression: str, **environment: str) -> object:
    """Return what an expression over the settings says under this environment."""
    code = f"import json; from config import settings as s; print(json.dumps({expression}, default=str))"
    done = run(var, "-c", code, **environment)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DEBUG", "maybe"),
        ("HTTPS", "ja"),
        ("BEHIND_PROXY", "2"),
        ("CONN_MAX_AGE", "soon"),
        ("CONN_MAX_AGE", "-1"),
        ("CONN_MAX_AGE", "1.5"),
        ("SECRET_KEY", "short"),
        ("SECRET_KEY", ""),
        ("DATABASE_URL", "mysql://user@host/name"),
        ("DATABASE_URL", "nonsense"),
        ("DATABASE_URL", "postgres://user@host:port/name"),
        ("DATABASE_URL", "postgres://user@host"),
        ("DATABASE_URL", "postgres://"),
        ("REPLICA_DATABASE_URL", "postgres://user@host/name"),  # of a SQLite file
        ("REPLICA_DATABASE_URL", "sqlite:///copy.sqlite3"),
        ("REPLICA_DATABASE_URL", "nonsense"),
        ("REPLICA_MAX_LAG", "some"),
        ("DB_CONNECT_TIMEOUT", "-1"),
        ("CANONICAL_ORIGIN", "record.example"),
        ("CANONICAL_ORIGIN", "https://record.example/"),
        ("ID_AUTHORITY", "record.example"),
        ("ID_AUTHORITY", "record example,2026"),
        ("SECOND_FACTOR", "yes"),
        ("SESSION_IDLE_MINUTES", "0"),
    ],
)
def test_a_wrong_setting_is_named_in_one_line(tmp_path: Path, name: str, value: str) -> None:
    done = manage(tmp_path, "check", **{name: value})
    assert done.returncode != 0
    (line,) = done.stderr.splitlines()
    assert line.startswith(f"Setting {name}: ")
    assert done.stdout == ""


def test_a_password_in_a_wrong_address_is_not_shown(tmp_path: Path) -> None:
    done = manage(tmp_path, "check", DATABASE_URL="postgres://user:hunter2@host:nine/name")
    assert done.returncode != 0
    assert "hunter2" not in done.stderr + done.stdout


@pytest.mark.parametrize(
    ("address", "engine", "database"),
    [
        ("sqlite:///{var}/x.sqlite3", "django.db.backends.sqlite3", "{var}/x.sqlite3"),
        ("sqlite://:memory:", "django.db.backends.sqlite3", ":memory:"),
        ("postgres://me:pass%40word@db.example:6543/record", "django.db.backends.postgresql", "record"),
        ("postgresql://me@%2Frun%2Fpg/record", "django.db.backends.postgresql", "record"),
        ("", "django.db.backends.sqlite3", "{var}/on-the-record.sqlite3"),
    ],
)
def test_forms_of_a_database_address(tmp_path: Path, address: str, engine: str, database: str) -> None:
    environment = {"DATABASE_URL": address.format(var=tmp_path)} if address else {}
    found = told(tmp_path, "s.DATABASES['default']", **environment)
    assert isinstance(found, dict)
    assert (found["ENGINE"], found["NAME"]) == (engine, database.format(var=tmp_path))
    if "@db." in address:
        assert [found[key] for key in ("USER", "PASSWORD", "HOST", "PORT")] == ["me", "pass@word", "db.example", 6543]
    if "%2F" in address:
        assert found["HOST"] == "/run/pg"


def test_a_replica_is_a_second_database_of_the_same_kind(tmp_path: Path) -> None:
    addresses = {"DATABASE_URL": "postgres://me@one/record", "REPLICA_DATABASE_URL": "postgres://me@two/record"}
    both = told(tmp_path, "[s.DATABASES['default'], s.DATABASES['replica'], s.DATABASE_ROUTERS]", **addresses)
    assert isinstance(both, list)
    (one, two, routers) = both
    assert two == {**one, "HOST": "two", "TEST": {"MIRROR": "default"}}
    assert routers == ["config.replica.ReplicaRouter"]
    assert told(tmp_path, "list(s.DATABASES)", REPLICA_DATABASE_URL="") == ["default"]
    wrong = manage(tmp_path, "check", DATABASE_URL="postgres://me@one/record", REPLICA_DATABASE_URL="sqlite:///x")
    assert wrong.stderr.splitlines() == [
        "Setting REPLICA_DATABASE_URL: is for PostgreSQL alone, and the database itself (DATABASE_URL) has to be there too."
    ]


def test_what_the_address_of_a_database_says_goes_before_our_own(tmp_path: Path) -> None:
    address = "postgres://me@db.example/record?connect_timeout=7&sslmode=require"
    options = told(tmp_path, "s.DATABASES['default']['OPTIONS']", DATABASE_URL=address)
    assert isinstance(options, dict)
    assert (options["connect_timeout"], options["sslmode"], options["keepalives_idle"]) == (7, "require", 5)


def test_a_pooler_is_given_no_cursor_to_keep(tmp_path: Path) -> None:
    address = {"DATABASE_URL": "postgres://me@one/record", "REPLICA_DATABASE_URL": "postgres://me@two/record"}
    cursors = "[d['DISABLE_SERVER_SIDE_CURSORS'] for d in s.DATABASES.values()]"
    assert told(tmp_path, cursors, **address) == [False, False]
    assert told(tmp_path, cursors, **address, DB_POOLER="1") == [True, True]


def test_names_and_flags_are_read_leniently(tmp_path: Path) -> None:
    hosts = told(tmp_path, "s.ALLOWED_HOSTS", ALLOWED_HOSTS=" a.example, ,b.example,")
    assert hosts == ["a.example", "b.example"]
    assert told(tmp_path, "[s.DEBUG, s.HTTPS, s.SESSION_COOKIE_SECURE]", DEBUG="yes", HTTPS="1") == [True, True, True]
    assert told(tmp_path, "[s.DEBUG, s.HTTPS]") == [False, False]


def test_the_secret_key_is_made_once_and_kept_private(tmp_path: Path) -> None:
    var = tmp_path / "new" / "var"
    first = told(var, "s.SECRET_KEY")
    file = var / "secret-key"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert file.read_text() == first
    assert len(str(first)) >= 50
    assert told(var, "s.SECRET_KEY") == first
    assert told(tmp_path / "other", "s.SECRET_KEY") != first
    assert told(var, "s.SECRET_KEY", SECRET_KEY="k" * 50) == "k" * 50
    ignored = subprocess.run(["git", "check-ignore", "-q", "var/secret-key"], cwd=ROOT, check=False)
    assert ignored.returncode == 0


def test_an_empty_secret_key_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "secret-key").write_text("\n")
    done = manage(tmp_path, "check")
    assert done.returncode != 0
    (line,) = done.stderr.splitlines()
    assert line.startswith("Setting SECRET_KEY: ")


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    done = manage(tmp_path / "file", "check")
    assert done.returncode != 0
    (line,) = done.stderr.splitlines()
    assert line.startswith("Setting SECRET_KEY: is not set, and ")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "0"),
        ("PORT", "65536"),
        ("PORT", "http"),
        ("PORT", "-1"),
        ("PORT", "٨٠"),
        ("PORT", "80 "),
        ("HOST", "a b"),
        ("HOST", "x/y"),
        ("WEB_CONCURRENCY", "0"),
        ("WEB_CONCURRENCY", "two"),
        ("WEB_THREADS", "-1"),
    ],
)
@pytest.mark.slow
def test_a_wrong_port_host_or_number_stops_the_start_before_anything_is_made(
    tmp_path: Path, name: str, value: str
) -> None:
    done = manage(tmp_path, "start", "--no-serve", **{name: value})
    assert done.returncode != 0
    (line,) = done.stderr.splitlines()
    assert f"Setting {name}: " in line
    assert not (tmp_path / "on-the-record.sqlite3").exists()


def everything(database: Path) -> dict[str, list[tuple[object, ...]]]:
    """Return all rows of all tables."""
    with sqlite3.connect(database) as connection:
        tables = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        found = {table: sorted(connection.execute(f'SELECT * FROM "{table}"'), key=repr) for table in tables}
    connection.close()
    return found


@pytest.mark.slow
def test_the_first_start_sets_everything_up_and_the_second_changes_nothing(tmp_path: Path) -> None:
    first = manage(tmp_path, "start", "--no-serve")
    assert (first.returncode, first.stderr) == (0, "")
    assert len(re.findall(r"“curator” with the password \S{16} ", first.stdout)) == 1
    before = everything(tmp_path / "on-the-record.sqlite3")
    assert len(before["auth_user"]) == 1
    assert len(before["directory_source"]) == 1
    assert len(before["events_statement"]) == 46
    second = manage(tmp_path, "start", "--no-serve")
    assert (second.returncode, second.stdout, second.stderr) == (0, "", "")
    assert everything(tmp_path / "on-the-record.sqlite3") == before
    for options in ({}, {"DEBUG": "1"}):
        done = manage(tmp_path, "check", **options)
        assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    ("environment", "origin", "authority"),
    [
        ({}, "", "127.0.0.1,2026"),
        ({"ALLOWED_HOSTS": "Record.example,www.record.example"}, "", "record.example,2026"),
        ({"ALLOWED_HOSTS": "*"}, "", "localhost,2026"),
        ({"ALLOWED_HOSTS": ".record.example"}, "", "record.example,2026"),
        ({"CANONICAL_ORIGIN": "https://record.example"}, "https://record.example", "record.example,2026"),
        (
            {"CANONICAL_ORIGIN": "https://new.example", "ID_AUTHORITY": "old.example,2027-05"},
            "https://new.example",
            "old.example,2027-05",
        ),
    ],
)
def test_ids_and_addresses_come_from_settings(
    tmp_path: Path, environment: dict[str, str], origin: str, authority: str
) -> None:
    assert told(tmp_path, "[s.CANONICAL_ORIGIN, s.ID_AUTHORITY]", **environment) == [origin, authority]
