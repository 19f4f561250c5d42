"""Readers read a real replica, curators the primary; a replica that is slow, or killed, is nobody's error."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest

from benchmarks.servers import Server, postgres
from benchmarks.site import Site
from tests.inside import (
    ask,
    close_all,
    fails_once,
    get,
    impatient,
    know_all,
    left_alone,
    look_again,
    rename,
    send_report,
    slug,
)
from tests.pair import ROOT, Pair, wait_until

pytestmark = pytest.mark.once
MAX_LAG = 5  # seconds
LIST = "/api/v1/people/"


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    """Start the two servers."""
    found = postgres()
    try:
        yield Pair(found, tmp_path_factory.mktemp("var"))
    finally:
        found.stop()


def environment(both: Pair) -> dict[str, str]:
    """Return how the site is told of the replica."""
    given = {"REPLICA_DATABASE_URL": both.replica_url, "REPLICA_MAX_LAG": str(MAX_LAG), "HASHED_STATIC": "0"}
    return {**given, "RATE_LIMIT": "0", "RATE_LIMIT_HEAVY": "0", "RATE_LIMIT_PAGES": "0"}


@pytest.fixture(scope="module")
def running(both: Pair) -> Iterator[Site]:
    """Return the site in a process of its own."""
    site = Site(both.primary_url, both.var, **environment(both))
    site.call(impatient)
    yield site
    site.close()


@pytest.fixture
def site(running: Site, both: Pair) -> Iterator[Site]:
    """Return the site; the replica follows before and after."""
    running.call(look_again)
    running.call(know_all)
    yield running
    both.resume_if_paused()


# Who reads what ------------------------------------------------------------------------------------------------------
PAGES = ["/", "/statements/", "/th/people/", "/search/?q=harvard", "/network/", "/data/", "/statements.atom"]
DATA = ["/api/v1/statements/", "/api/v1/people/?facets=kind", "/api/v1/redirects/", "/sitemap-people.xml"]


@pytest.mark.parametrize("address", [*PAGES, *DATA])
def test_readers_read_the_replica_alone(site: Site, address: str) -> None:
    status, _headers, _body, counts = get(site, address, looks=False)
    assert (status in (200, 400), counts["default"], counts["replica"] > 0) == (True, 0, True)


@pytest.mark.parametrize("address", [*PAGES[:3], *DATA[:2]])
def test_whoever_has_a_session_reads_the_primary_alone(site: Site, address: str) -> None:
    status, _headers, _body, counts = get(site, address, session=True)
    assert (status in (200, 400), counts["replica"], counts["default"] > 0) == (True, 0, True)


@pytest.mark.parametrize(
    "address",
    ["/api/v1/changes/", "/api/v1/export/people.ndjson", "/api/v1/export/people.csv", "/reports/OTR-X/"],
)
def test_what_writes_or_is_streamed_reads_the_primary(site: Site, address: str) -> None:
    status, _headers, _body, counts = get(site, address, looks=False)
    assert (status in (200, 404), counts["replica"], counts["default"] > 0) == (True, 0, True)


def test_the_process_is_bound_on_both(both: Pair, tmp_path: Path) -> None:
    code = (
        "import config.wsgi\nfrom django.db import connections\nfor name in ('default', 'replica'):\n"
        " with connections[name].cursor() as c:\n  c.execute('SHOW statement_timeout'); print(c.fetchone()[0])"
    )
    env = {**os.environ, **environment(both), "DATABASE_URL": both.primary_url, "VAR_DIR": str(tmp_path)}
    env["DJANGO_SETTINGS_MODULE"] = "config.settings"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=env, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["15s", "15s"]


# A replica that is behind --------------------------------------------------------------------------------------------
def named(answer: Any) -> str:
    """Return the name in the answer of a person."""
    return str(json.loads(answer[2])["name"])


def test_a_curator_reads_what_she_wrote_and_nobody_what_is_older_than_the_limit(site: Site, both: Pair) -> None:
    address = f"{LIST}{site.call(slug)}/"
    before = named(get(site, address))
    site.call(know_all)
    both.pause()
    started = time.monotonic()
    site.call(rename, "Behind")
    assert named(get(site, address, session=True)) == "Behind"
    assert named(get(site, address)) == before
    stale = []

    def is_new() -> bool:
        stale.append(time.monotonic())
        return named(get(site, address)) == "Behind"

    wait_until(is_new)
    assert max(stale[:-1]) - started < MAX_LAG
    assert get(site, address, looks=False)[3]["replica"] == 0
    site.call(rename, before)
    both.resume()
    time.sleep(1.1)
    status, _headers, body, counts = get(site, address, looks=False)
    assert (status, json.loads(body)["name"], counts["default"]) == (200, before, 0)


def test_a_tag_of_the_primary_is_not_confirmed_by_a_replica_that_is_behind(site: Site, both: Pair) -> None:
    address = f"{LIST}{site.call(slug)}/"
    old = get(site, address)
    site.call(know_all)
    both.pause()
    site.call(rename, "Newer")
    tag = get(site, address, session=True)[1]["etag"]
    behind = get(site, address, if_none_match=tag)
    assert (behind[0], behind[1]["etag"], behind[3]["replica"] > 1) == (200, old[1]["etag"], True)
    assert get(site, address, session=True, if_none_match=old[1]["etag"])[0] == 200
    site.call(rename, named(old))


def test_a_second_that_the_replica_may_not_have_in_full_is_not_named(site: Site, both: Pair) -> None:
    address = f"{LIST}{site.call(slug)}/"
    before = named(get(site, address))
    for _attempt in range(5):  # until both writes fall into one second
        wait_until(lambda: time.time() % 1 < 0.1)
        second = int(time.time())
        site.call(rename, "First in this second")
        both.resume()
        site.call(know_all)
        both.pause()
        site.call(rename, "Second in this second")
        if int(time.time()) == second:
            break
        both.resume()
    time.sleep(1.1)
    told = get(site, address)
    assert (named(told), "last-modified" in told[1]) == ("First in this second", False)
    both.resume()
    site.call(know_all)
    told = get(site, address, looks=False)
    assert (named(told), told[3]["default"], "last-modified" in told[1]) == ("Second in this second", 0, True)
    site.call(rename, before)


def test_the_sender_of_a_report_sees_it_at_once(site: Site, both: Pair) -> None:
    site.call(know_all)
    both.pause()
    page = site.call(send_report, f"/people/{site.call(slug)}/")
    status, _headers, body, _counts = get(site, page)
    assert (status, b"OTR-" in body) == (200, True)


def test_the_feed_tells_what_every_reader_is_given(site: Site, both: Pair) -> None:
    address = f"{LIST}{site.call(slug)}/"
    start = json.loads(get(site, "/api/v1/changes/?page_size=500")[2])
    while start["more"]:
        start = json.loads(get(site, start["next"].removeprefix("http://localhost"))[2])
    time.sleep(MAX_LAG + 0.1)
    start["more"] = True
    while start["more"] or start["results"]:
        start = json.loads(get(site, start["next"].removeprefix("http://localhost"))[2])
    before = named(get(site, address))
    site.call(know_all)
    both.pause()
    site.call(rename, "Told")
    assert named(get(site, address)) == before
    feed = start["next"].removeprefix("http://localhost")
    told: list[Any] = []
    until = time.monotonic() + MAX_LAG + 15
    while not told and time.monotonic() < until:
        told = json.loads(get(site, feed)[2])["results"]
        given = named(get(site, address))
        assert given == "Told" or not told
        time.sleep(0.1)
    assert [(line["action"], line["id"]) for line in told if line["kind"] == "person"] == [("changed", site.call(slug))]
    site.call(rename, before)


# A replica that fails ------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("trouble", "left"),
    [
        ("SELECT pg_terminate_backend(pg_backend_pid()), pg_sleep(5)", True),
        ("SELECT 1 FROM not_there_yet", False),
        ("CREATE TABLE x (y int)", False),
    ],
)
def test_a_request_that_fails_on_the_replica_is_answered_by_the_primary(site: Site, trouble: str, left: bool) -> None:
    get(site, LIST)
    site.call(fails_once, trouble)
    status, _headers, body, counts = get(site, LIST, looks=False)
    assert (status, len(json.loads(body)["results"]) > 5) == (200, True)
    assert (counts["replica"] > 1, counts["default"] > 1) == (True, True)
    assert (site.call(left_alone), get(site, LIST)[0]) == (left, 200)


def test_what_takes_too_long_is_not_asked_again(site: Site) -> None:
    get(site, LIST)
    site.call(fails_once, "SET statement_timeout = 50; SELECT pg_sleep(5)")
    status, headers, _body, counts = get(site, LIST, looks=False)
    assert (status, headers["retry-after"], counts["default"]) == (503, "10", 0)
    site.call(close_all)


def test_a_query_that_is_in_the_way_of_replaying_is_answered_by_the_primary(site: Site, both: Pair) -> None:
    both.primary("CREATE TABLE busy AS SELECT 1 AS x")
    both.resume()
    get(site, LIST)
    site.call(fails_once, "BEGIN; SELECT * FROM busy; SELECT pg_sleep(20)")
    pending = site.pool.submit(partial(ask, LIST, looks=False))
    wait_until(
        lambda: both.replica(
            "SELECT 1 FROM pg_stat_activity WHERE query LIKE '%%pg_sleep(20)%%' AND pid <> pg_backend_pid()"
        )
    )
    both.primary("DROP TABLE busy")
    status, _headers, _body, counts = pending.result(timeout=15)
    assert (status, counts["replica"] > 1, counts["default"] > 1) == (200, True, True)


def test_a_server_that_follows_nobody_is_not_read(both: Pair) -> None:
    site = Site(both.primary_url, both.var, **{**environment(both), "REPLICA_DATABASE_URL": both.primary_url})
    try:
        status, _headers, _body, counts = get(site, LIST)
        assert (status, counts["replica"], counts["default"] > 1) == (200, 1, True)  # the look
    finally:
        site.close()


def test_a_replica_that_is_killed_is_missed_by_nobody(both: Pair) -> None:
    command = [sys.executable, "-m", "gunicorn", "config.wsgi", "--workers", "2", "--threads", "2", "--bind"]
    env = {**environment(both), "DATABASE_URL": both.primary_url, "VAR_DIR": str(both.var)}
    server = Server(both.var / "log", [*command, "127.0.0.1:{port}", "--no-control-socket"], **env)
    statuses: list[int] = []
    until = time.monotonic() + 45
    enough = threading.Event()

    def keep_asking() -> None:
        while not enough.is_set() and time.monotonic() < until:
            for path in (LIST, "/statements/", "/api/v1/statements/"):
                with urlopen(server.site + path, timeout=20) as answer:
                    statuses.append(answer.status if answer.read() else 0)

    threads = [threading.Thread(target=keep_asking) for _number in range(3)]
    try:
        for thread in threads:
            thread.start()
        wait_until(lambda: both.readers() > 0 and len(statuses) > 10)
        both.kill()
        killed = len(statuses)
        wait_until(lambda: len(statuses) > killed + 30, 30)
    finally:
        enough.set()
        for thread in threads:
            thread.join(25)
        server.stop()
        both.start_again()
    assert (set(statuses), len(statuses) > 40) == ({200}, True)


def test_a_replica_that_is_back_is_read_again_after_a_while(site: Site, both: Pair) -> None:
    assert get(site, LIST, looks=False)[3]["default"] == 0
    both.kill()
    statuses = []

    def ask() -> bool:
        """Ask for the list; a slow machine may read the primary for a while before it looks at the replica again."""
        statuses.append(get(site, LIST)[0])
        return bool(site.call(left_alone))

    wait_until(ask)
    answers = [get(site, LIST) for _time in range(2)]
    assert {*statuses, *(status for status, *_rest in answers)} == {200}
    assert site.call(left_alone)
    assert [answer[3]["replica"] for answer in answers] == [0, 0]
    both.start_again()
    wait_until(lambda: get(site, LIST)[3]["replica"] > 1)
