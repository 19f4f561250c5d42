"""Fair use: what one client may ask in a minute, whichever process answers; and what happens when the database is too slow."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as configured
from django.db import OperationalError, connection
from django.test import Client, RequestFactory

from base import fair_use as limits
from base.sql.timeouts import overloaded, set_time_limits
from tests import factories as make

ROOT = Path(configured.BASE_DIR)


@pytest.fixture
def limited(settings: Any, tmp_path: Path) -> Iterator[None]:
    """Let a client ask three times a minute, twice where it is heavy."""
    settings.RATE_LIMITS = {"reading": 3, "heavy": 2, "pages": 4}
    settings.LIMITS_FILE = tmp_path / "limits.sqlite3"
    limits._memory.__init__()  # type: ignore[misc]
    yield
    vars(limits._held).clear()
    limits._memory.__init__()  # type: ignore[misc]


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return a clock that stands still until it is set."""

    class Clock:
        now = 1_800_000_000.0

        def time(self) -> float:
            return self.now

    found = Clock()
    monkeypatch.setattr(limits, "time", found)
    return found


@pytest.mark.django_db
def test_a_client_is_told_what_is_left_and_then_refused(client: Client, limited: None, clock: Any) -> None:
    told = [client.get("/api/v1/topics/") for _time in range(3)]
    assert [answer["RateLimit"] for answer in told] == [
        f'"reading";r={r};t={t}' for r, t in ((2, 20), (1, 40), (0, 60))
    ]
    assert {answer["RateLimit-Policy"] for answer in told} == {'"reading";q=3;w=60'}
    assert all("Retry-After" not in answer for answer in told)
    refused = client.get("/api/v1/topics/", headers={"origin": "https://notebook.example"})
    assert (refused.status_code, refused["Content-Type"]) == (429, "application/problem+json")
    assert refused.json()["detail"] == "At most 3 requests a minute are answered here. Ask again in 20 s."
    assert (refused["Retry-After"], refused["RateLimit"]) == ("20", '"reading";r=0;t=60')
    assert (refused["Cache-Control"], refused["Access-Control-Allow-Origin"]) == ("no-store", "*")
    clock.now += 19
    assert client.get("/api/v1/topics/").status_code == 429
    clock.now += 1.01
    assert client.get("/api/v1/topics/").status_code == 200
    assert client.get("/api/v1/topics/").status_code == 429
    clock.now += 3600
    assert [client.get("/api/v1/topics/").status_code for _time in range(4)] == [200, 200, 200, 429]


@pytest.mark.django_db
def test_what_is_wrong_counts_too_and_a_preflight_does_not(client: Client, limited: None) -> None:
    for _time in range(3):
        client.options(
            "/api/v1/topics/", headers={"access-control-request-method": "GET", "origin": "https://a.example"}
        )
        assert client.options("/api/v1/topics/").status_code == 204
    assert [client.get(f"/api/v1/{path}").status_code for path in ("topics/?x=1", "nothing/", "", "")] == [
        400,
        404,
        200,
        429,
    ]


@pytest.mark.django_db
def test_references_in_full_count_as_heavy(client: Client, limited: None) -> None:
    asked = ["/api/v1/people/?expand=affiliations.organization"] * 3
    assert [client.get(address).status_code for address in asked] == [200, 200, 429]
    assert client.get("/api/v1/people/").status_code == 200


@pytest.mark.django_db
def test_heavy_addresses_have_a_limit_of_their_own(client: Client, limited: None) -> None:
    heavy = ["/api/v1/export/topics.csv", "/api/v1/reconcile/", "/network/", "/topics.csv"]
    assert [client.get(address, follow=True).status_code for address in heavy] == [200, 200, 429, 429]
    assert client.get("/api/v1/topics/")["RateLimit"].startswith('"reading";r=2')
    page = client.get("/th/network/")
    assert (page.status_code, page["Content-Type"]) == (429, "text/html; charset=utf-8")
    assert int(page["Retry-After"]) in range(1, 31)
    assert "no-store" in page["Cache-Control"]
    assert client.get("/topics/").status_code == 200


@pytest.mark.django_db
def test_counting_costs_no_query_and_a_304_none_more(
    client: Client, limited: None, settings: Any, django_assert_num_queries: Any
) -> None:
    settings.RATE_LIMITS = {"reading": 1000, "heavy": 1000, "pages": 1000}
    make.make_topic()
    etag = client.get("/api/v1/")["ETag"]
    with django_assert_num_queries(0):
        answer = client.get("/api/v1/", headers={"if-none-match": etag})
    assert (answer.status_code, "RateLimit" in answer) == (304, True)


@pytest.mark.django_db
def test_clients_are_told_apart_by_their_address_alone(limited: None, settings: Any) -> None:
    def status(**meta: str) -> int:
        return Client(**meta).get("/api/v1/topics/").status_code

    for number in range(3):
        assert status(REMOTE_ADDR="192.0.2.1", HTTP_X_FORWARDED_FOR=f"198.51.100.{number}") == 200
    assert status(REMOTE_ADDR="192.0.2.1", HTTP_X_FORWARDED_FOR="198.51.100.9") == 429
    assert status(REMOTE_ADDR="192.0.2.2") == 200
    assert [status(REMOTE_ADDR=f"2001:db8::{number}") for number in range(4)] == [200, 200, 200, 429]
    assert status(REMOTE_ADDR="2001:db8:0:1::1") == 200
    settings.TRUSTED_PROXIES = 1
    assert status(REMOTE_ADDR="192.0.2.1", HTTP_X_FORWARDED_FOR="192.0.2.1, 198.51.100.9") == 200


def test_no_address_is_kept(limited: None, settings: Any, rf: RequestFactory) -> None:
    limits.take(rf.get("/", REMOTE_ADDR="192.0.2.77"), "reading")
    limits._file().execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert b"192.0.2.77" not in settings.LIMITS_FILE.read_bytes()


def test_who_came_long_ago_is_forgotten(
    limited: None, rf: RequestFactory, clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "SWEEP", 1)
    for number in range(5):
        limits.take(rf.get("/", REMOTE_ADDR=f"192.0.2.{number}"), "reading")
    clock.now += 61
    limits.take(rf.get("/", REMOTE_ADDR="192.0.2.9"), "reading")
    assert limits._file().execute("SELECT count(*) FROM used").fetchone() == (1,)


def test_a_clock_that_was_set_back_locks_nobody_out(limited: None, rf: RequestFactory, clock: Any) -> None:
    for _time in range(3):
        limits.take(rf.get("/"), "reading")
    clock.now -= 86_400
    told = [limits.take(rf.get("/"), "reading") for _time in range(4)]
    assert [taken.wait for taken in told if taken] == [0, 0, 0, 20]


COUNT = """
import sys, django
django.setup()
from django.test import RequestFactory
from base import fair_use
answers = [fair_use.take(RequestFactory().get("/"), "reading") for _time in range(100)]
print(sum(not taken.wait for taken in answers))
"""


@pytest.mark.any_database  # requests are counted in a file of their own
def test_several_processes_count_as_one(tmp_path: Path) -> None:
    given = {
        "VAR_DIR": str(tmp_path),
        "SECRET_KEY": "k" * 50,
        "RATE_LIMIT": "150",
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }
    env = {**os.environ, **given, "DATABASE_URL": "sqlite://:memory:"}

    def ask(_number: int) -> int:
        done = subprocess.run(
            [sys.executable, "-c", COUNT], cwd=ROOT, env=env, capture_output=True, text=True, check=True
        )
        return int(done.stdout)

    with ThreadPoolExecutor(4) as pool:
        answered = sum(pool.map(ask, range(4)))
    # The processes took some seconds in all, in which a little of the quota came back: 2.5 requests a second.
    assert 150 <= answered < 250


# When the database is too slow ---------------------------------------------------------------------------------------
def busy() -> OperationalError:
    """Return the error of a database that another connection has locked."""
    one, two = (sqlite3.connect("file:busy?mode=memory&cache=shared", uri=True, timeout=0) for _time in range(2))
    try:
        one.execute("CREATE TABLE x (y)")
        one.execute("BEGIN EXCLUSIVE")
        two.execute("INSERT INTO x VALUES (1)")
    except sqlite3.OperationalError as error:
        found = OperationalError(str(error))
        found.__cause__ = error
        return found
    finally:
        one.close()
        two.close()
    raise AssertionError("it was not locked")


def missing() -> OperationalError:
    """Return the error of a question that is wrong."""
    file = sqlite3.connect(":memory:")
    try:
        file.execute("SELECT * FROM nothing")
    except sqlite3.OperationalError as error:
        found = OperationalError(str(error))
        found.__cause__ = error
        return found
    finally:
        file.close()
    raise AssertionError("it was there")


def test_only_a_busy_database_is_no_fault_of_ours() -> None:
    assert overloaded(busy())
    assert not overloaded(missing())
    assert not overloaded(ValueError())


def too_slow() -> Any:
    """Return a method that asks the database something that takes too long, or finds it locked."""

    def ask(*_args: Any, **_kwargs: Any) -> None:
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_sleep(20)")
        raise busy()

    return ask


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("address", "method", "media"),
    [
        ("/api/v1/people/", "directory.api.views.PersonViewSet.paged_rows", "application/problem+json"),
        ("/people/", "directory.views.PersonList.get_queryset", "text/html; charset=utf-8"),
    ],
)
def test_a_database_that_takes_too_long_is_503(
    client: Client, settings: Any, monkeypatch: pytest.MonkeyPatch, address: str, method: str, media: str
) -> None:
    settings.DATABASE_LIMITS = {"statement": 1, "lock": 1, "idle": 1}
    set_time_limits(None, connection)  # taken back with the transaction of the test
    monkeypatch.setattr(method, too_slow())
    answer = client.get(address)
    assert (answer.status_code, answer["Content-Type"]) == (503, media)
    assert answer["Retry-After"] == "10"
    assert "no-store" in answer["Cache-Control"]
    assert b"busy" in answer.content or answer.json()["title"] == "Service Unavailable"


@pytest.mark.django_db
def test_a_question_that_is_wrong_is_not_hidden(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def ask(*_args: Any) -> None:
        raise missing()

    monkeypatch.setattr("directory.api.views.PersonViewSet.paged_rows", ask)
    with pytest.raises(OperationalError):
        client.get("/api/v1/people/")


SHOW = """
import json, sys
if "web" in sys.argv:
    import config.wsgi
else:
    import django; django.setup()
from django.db import connection
names = ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout")
with connection.cursor() as cursor:
    if connection.vendor == "postgresql":
        found = [cursor.execute(f"SHOW {name}") and cursor.fetchone()[0] for name in names]
    else:
        found = cursor.execute("PRAGMA busy_timeout").fetchone()[0]
print(json.dumps(found))
"""


@pytest.mark.parametrize("process", ["web", "command", "web behind a pooler"])
def test_only_web_processes_are_bound(tmp_path: Path, process: str) -> None:
    given = {
        "VAR_DIR": str(tmp_path),
        "SECRET_KEY": "k" * 50,
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DB_STATEMENT_TIMEOUT": "7",
        "DB_POOLER": "1" if "pooler" in process else "0",
    }
    env = {**os.environ, **given}
    done = subprocess.run(
        [sys.executable, "-c", SHOW, *process.split()], cwd=ROOT, env=env, capture_output=True, text=True, check=True
    )
    expected: Any = {"web": ["7s", "5s", "30s"], "command": ["0", "0", "0"], "web behind a pooler": ["0", "0", "0"]}
    if connection.vendor == "sqlite":
        expected = {"web": 5000, "command": 20_000, "web behind a pooler": 5000}
    assert json.loads(done.stdout) == expected[process]


# Errors that no view answers -----------------------------------------------------------------------------------------
@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/api/", "/api/v2/people/", "/api/v1%00/", "/api/%FF"])
def test_every_address_below_api_answers_in_json(client: Client, address: str) -> None:
    answer = client.get(address)
    assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")


@pytest.mark.django_db
def test_a_foreign_host_is_refused(client: Client) -> None:
    answer = client.get("/api/v1/people", headers={"host": "evil.example"})
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
    page = client.get("/people", headers={"host": "evil.example"})
    assert (page.status_code, page.text) == (400, "This name is not one of ours.\n")


@pytest.mark.django_db
def test_what_breaks_breaks_in_json(monkeypatch: pytest.MonkeyPatch) -> None:
    def ask(*_args: Any) -> None:
        raise RuntimeError("a secret")

    monkeypatch.setattr("directory.api.views.PersonViewSet.paged_rows", ask)
    answer = Client(raise_request_exception=False).get("/api/v1/people/")
    assert (answer.status_code, answer["Content-Type"]) == (500, "application/problem+json")
    assert b"secret" not in answer.content


@pytest.mark.django_db
def test_an_address_may_be_too_long(client: Client) -> None:
    answer = client.get("/api/v1/people/?q=" + "a" * 8000)
    assert (answer.status_code, answer["Content-Type"]) == (414, "application/problem+json")
    assert answer.json()["detail"] == "An address has at most 8000 characters."
