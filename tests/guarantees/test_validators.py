"""Every answer for everybody has validators, and a 304 says the same as its 200: RFC 9110, 13 and 15.4.5."""

from __future__ import annotations

import copy
import gzip
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.utils.http import http_date
from pytest_django import DjangoDbBlocker

from base.changes.version import content_version
from config.compression import takes_gzip
from tests import factories as make
from tests.world import publish_world, shared_rows

pytestmark = pytest.mark.django_db
FILES = [
    "/statements.atom",
    "/statements.atom?speaker=ann-lee-1",
    "/statements.feed.json",
    "/events.ics",
    "/events.ics?kind=workshop",
    "/events/dated/.ics",
    "/statements/{statement}.bib",
    "/statements/{statement}.ris",
    "/statements/{statement}.csl.json",
    "/statements/{statement}.txt",
    "/statements/{statement}.anno",
    "/oembed/?url=http://testserver/statements/{statement}/",
    "/sitemap.xml",
    "/sitemap-people.xml",
    "/robots.txt",
    "/.well-known/security.txt",
]
EXPORTS = [
    "/api/v1/export/people.csv",
    "/api/v1/export/statements.csv?ordering=-date",
    "/api/v1/export/statements.ndjson",
    "/api/v1/export/datapackage.zip",
]
OTHERS = [
    "/",
    "/th/people/",
    "/people/ann-lee-1/",
    "/search/?q=ann",
    "/api/v1/",
    "/api/v1/people/",
    "/api/v1/people/ann-lee-1/",
    "/api/v1/changes/",
    "/api/v1/redirects/",
    "/api/v1/openapi.json",
    "/api/v1/reconcile/",
    "/static/css/base.css",
    "/static/icon.svg",
    "/static/fonts/noto-sans-latin.woff2",
]
SAME = ("ETag", "Vary", "Cache-Control", "Expires", "Content-Location")


@pytest.fixture(scope="module")
def shared(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[dict[str, Any]]:
    """Make one public world and an event with a day for all tests of this file."""
    with shared_rows(django_db_blocker, publish_world) as world:
        make.make_event("Dated", date="2025-03-14")
        yield world


@pytest.fixture
def world(db: None, shared: dict[str, Any], settings: Any) -> dict[str, Any]:
    """Return its records, for one test to change."""
    settings.SECURITY_CONTACT = ["mailto:security@record.example"]
    return copy.deepcopy(shared)


def packings(*codings: str) -> list[Any]:
    """Return parameters that say which codings are taken: how an answer is packed, no database can change."""
    return [pytest.param(coding, marks=pytest.mark.any_database) for coding in codings]


def of(world: dict[str, Any], address: str) -> str:
    return address.format(statement=world["statement"].slug).replace("/.ics", ".ics")


def body(answer: Any) -> bytes:
    content = answer.getvalue()
    return gzip.decompress(content) if answer.get("Content-Encoding") == "gzip" else content


@pytest.mark.parametrize("coding", ["", *packings("gzip", "br, GZIP;q=0.5", "gzip;q=0")])
@pytest.mark.parametrize("address", [*FILES, *EXPORTS, *OTHERS])
def test_a_304_says_what_its_200_says(client: Client, world: dict[str, Any], address: str, coding: str) -> None:
    headers, address = {"accept-encoding": coding}, of(world, address)
    full = client.get(address, headers=headers)
    tag = full["ETag"]
    body(full)
    assert full.status_code == 200
    assert "Accept-Encoding" in full["Vary"]
    for known in (tag, tag.removeprefix("W/"), f"W/{tag.removeprefix('W/')}", f'"other", {tag}', "*"):
        for ask in (client.get, client.head):
            again = ask(address, headers={**headers, "if-none-match": known, "if-modified-since": http_date(1)})
            assert (again.status_code, again.getvalue()) == (304, b""), known
            assert [again.get(name) for name in SAME] == [full.get(name) for name in SAME]
    other = client.get(address, headers={**headers, "if-none-match": '"other"', "if-modified-since": http_date(2**31)})
    assert other.status_code == 200
    assert other.getvalue()


@pytest.mark.parametrize("coding", ["", *packings("gzip")])
@pytest.mark.parametrize("address", [*FILES, *EXPORTS, *OTHERS])
def test_head_is_get_without_the_body(client: Client, world: dict[str, Any], address: str, coding: str) -> None:
    headers, address = {"accept-encoding": coding, "range": "bytes=0-9"}, of(world, address)
    got, head = client.get(address, headers=headers), client.head(address, headers=headers)
    assert len(got.getvalue()) > 10
    assert (got.status_code, head.status_code, head.getvalue()) == (200, 200, b"")  # a range is not served
    unlike = {"Last-Modified", "X-Request-ID"}  # told from the next second on; of this request alone
    unlike |= {"Content-Length"} if got.get("Content-Encoding") else set()  # packed anew, with random bytes
    assert {n: v for n, v in head.items() if n not in unlike} == {n: v for n, v in got.items() if n not in unlike}
    assert ("Content-Length" in head) == ("Content-Length" in got)


@pytest.mark.parametrize("address", FILES)
def test_a_file_that_somebody_has_costs_one_query(
    client: Client, world: dict[str, Any], address: str, django_assert_num_queries: Any
) -> None:
    address = of(world, address)
    first = client.get(address)
    assert first["ETag"].startswith('W/"')
    assert first["Cache-Control"] == "public, no-cache"
    with django_assert_num_queries(1):
        assert client.get(address, headers={"if-none-match": first["ETag"]}).status_code == 304
    assert client.get(address, headers={"if-none-match": first["ETag"], "host": "localhost"}).status_code != 304


@pytest.mark.parametrize("address", EXPORTS)
def test_an_export_that_somebody_has_is_not_made(
    client: Client, world: dict[str, Any], address: str, django_assert_max_num_queries: Any
) -> None:
    tag = client.get(address)["ETag"]
    assert tag.startswith('W/"')
    with django_assert_max_num_queries(2):
        assert client.get(address, headers={"if-none-match": tag}).status_code == 304


@pytest.mark.parametrize("address", [*FILES, *EXPORTS])
def test_after_a_write_nothing_is_called_unchanged(client: Client, world: dict[str, Any], address: str) -> None:
    address = of(world, address)
    tag = client.get(address)["ETag"]
    name = world["person"].names.get()
    name.text = "Anna Lee"
    name.save()
    assert client.get(address, headers={"if-none-match": tag}).status_code == 200


def test_the_time_of_the_last_write_is_told_with_files(
    client: Client, world: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("base.changes.version.STARTED", 0)
    written = content_version() // 1_000_000
    monkeypatch.setattr("base.changes.version.time.time", lambda: written + 2.0)
    for address in ("/statements.atom", "/events.ics", "/sitemap.xml", "/sitemap-people.xml", "/robots.txt"):
        assert client.get(address)["Last-Modified"] == http_date(written)
        for moment, status in ((written, 304), (written + 9, 304), (written - 1, 200)):
            answer = client.get(address, headers={"if-modified-since": http_date(moment)})
            assert answer.status_code == status, address
        answer = client.get(address, headers={"if-modified-since": http_date(written), "if-none-match": '"other"'})
        assert answer.status_code == 200


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/statements.atom?kind=none", 400),
        ("/events.ics?kind=none", 400),
        ("/oembed/?url=/nothing/", 404),
        ("/sitemap-nothing.xml", 404),
        ("/sitemap-people.xml?p=99", 404),
        ("/statements/none.bib", 404),
        ("/people/none/", 404),
        ("/api/v1/people/none/", 404),
        ("/api/v1/export/people.csv?x=1", 400),
    ],
)
@pytest.mark.parametrize(
    "known", [{"if-modified-since": http_date(2**31)}, {"if-none-match": "*"}, {"if-match": '"x"'}]
)
def test_what_is_an_error_stays_one_under_any_condition(
    client: Client, world: dict[str, Any], address: str, status: int, known: dict[str, str]
) -> None:
    answer = client.get(address, headers=known)
    assert (answer.status_code, "ETag" in answer, "Last-Modified" in answer) == (status, False, False)


@pytest.mark.parametrize(
    ("accepted", "packed"),
    [
        ("gzip", True),
        ("GZip", True),
        ("x-gzip", True),
        ("deflate, gzip;q=1.0, *;q=0.5", True),
        ("gzip; q=0.001", True),
        ("identity;q=0.5, gzip", True),
        ("identity;q=0, *", True),
        ("", False),
        ("*", False),  # who takes anything takes it plain
        ("gzip;q=0", False),
        ("gzip;q=0.000", False),
        ("GZIP ; Q=0.0", False),
        ("gzip;q=0, *;q=1", False),
        ("*;q=0", False),
        ("identity;q=0", False),
        ("identity, gzip;q=0.5", False),
        ("notgzip, gzip-x", False),
        ("gzip;q=2, gzip;q=x", False),
    ],
)
def test_gzip_is_given_to_whoever_takes_it(client: Client, world: dict[str, Any], accepted: str, packed: bool) -> None:
    assert takes_gzip(accepted) == packed
    for address in ("/people/", "/api/v1/people/", "/statements.atom", "/api/v1/export/people.csv"):
        answer = client.get(address, headers={"accept-encoding": accepted})
        assert (answer.get("Content-Encoding") == "gzip") == packed, address
        assert b"Ann Lee" in body(answer)


def test_what_is_packed_already_is_not_packed_again(client: Client, world: dict[str, Any]) -> None:
    for address in ("/api/v1/export/datapackage.zip", "/static/fonts/noto-sans-latin.woff2"):
        answer = client.get(address, headers={"accept-encoding": "gzip"})
        assert len(answer.getvalue()) > 100
        assert "Content-Encoding" not in answer


@pytest.mark.parametrize(
    "address", ["/people/", "/statements/", "/data/", "/network/", "/statements.atom", "/robots.txt"]
)
def test_no_public_answer_depends_on_a_cookie(client: Client, world: dict[str, Any], address: str) -> None:
    assert not re.search("cookie|accept-language", client.get(address)["Vary"].lower())


def test_what_is_for_one_reader_is_not_stored(client: Client, world: dict[str, Any], admin_client: Client) -> None:
    for ask, address in (
        (client, "/admin/"),
        (client, "/admin/login/"),
        (admin_client, "/admin/"),
        (admin_client, "/admin/directory/person/"),
        (admin_client, "/admin/directory/person/none/"),
        (admin_client, "/admin/none/"),
        (client, "/reports/new/?record=/people/ann-lee-1/"),
        (client, "/reports/none/"),
        (client, "/reports/new/?record=/people/none/"),
    ):
        assert "no-store" in ask.get(address)["Cache-Control"], address
