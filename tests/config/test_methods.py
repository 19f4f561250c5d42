"""Every address says which methods it takes, and HEAD is GET without its body."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.core.wsgi import get_wsgi_application
from django.test import Client, RequestFactory

from base.api.negotiation import media_range, quality
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]
PAGES = [
    "/",
    "/th/",
    "/people/",
    "/people/ann-lee/",
    "/search/",
    "/search/suggest/",
    "/network/",
    "/data/",
    "/favicon.ico",
]
FILES = [
    "/statements.atom",
    "/events.ics",
    "/people.csv",
    "/oembed/",
    "/robots.txt",
    "/sitemap.xml",
    "/sitemap-people.xml",
]
UNSAFE = ["POST", "PUT", "PATCH", "DELETE", "TRACE", "CONNECT"]


@pytest.mark.parametrize("method", UNSAFE)
@pytest.mark.parametrize("address", [*PAGES, *FILES, "/.well-known/security.txt"])
def test_what_is_only_read_refuses_every_other_method(address: str, method: str) -> None:
    make.make_person()
    answer = Client(enforce_csrf_checks=True).generic(method, address)
    assert answer.status_code == 405
    assert {"GET", "HEAD"} <= set(answer["Allow"].split(", ")) <= {"GET", "HEAD", "OPTIONS"}


@pytest.mark.parametrize("address", ["/reports/new/", "/reports/none/"])
def test_forms_take_post_as_well(address: str) -> None:
    for method in ("PUT", "DELETE", "TRACE"):
        answer = Client(enforce_csrf_checks=True).generic(method, address)
        assert (answer.status_code, answer["Allow"]) == (
            405,
            "GET, HEAD, POST, OPTIONS",
        )


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "TRACE"])
def test_the_admin_refuses_what_no_form_sends(admin_client: Client, method: str) -> None:
    for address in ("/admin/", "/admin/directory/person/", "/admin/login/"):
        answer = admin_client.generic(method, address)
        assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD, POST, OPTIONS")


@pytest.mark.parametrize(
    "address", ["/", "/nothing/", "/admin/", "/statements.atom", "/static/css/base.css", "/api/v1/people/"]
)
@pytest.mark.parametrize("method", ["FOO", "PROPFIND", "GETT"])
def test_a_method_that_nobody_knows(client: Client, address: str, method: str) -> None:
    answer = client.generic(method, address)
    assert answer.status_code == 501
    assert (answer["Content-Type"] == "application/problem+json") == address.startswith("/api/")


def test_options_says_what_may_be_asked(client: Client) -> None:
    for address in (*PAGES[:-1], *FILES):
        answer = client.options(address)
        assert answer.status_code in (200, 404), address
        assert "GET" in answer["Allow"], address


# Not that of config.wsgi, which sets time limits for every connection of the process.
application = get_wsgi_application()


def wsgi(method: str, path: str, body: bytes = b"", **environ: Any) -> tuple[str, dict[str, str], bytes]:
    """Return status, headers and body of the application as a server gets them."""
    got: list[Any] = []
    chosen = {**RequestFactory()._base_environ(), "REQUEST_METHOD": method, "PATH_INFO": path, **environ}
    chosen["wsgi.input"] = io.BytesIO(body)
    parts = application(chosen, lambda status, headers, *_rest: got.extend((status, dict(headers))))
    return got[0], got[1], b"".join(parts)


@pytest.mark.parametrize(
    "address", [*PAGES, *FILES, "/api/v1/people/", "/api/v1/export/people.csv", "/nothing/", "/admin/"]
)
def test_nothing_is_sent_after_the_headers_of_head(address: str) -> None:
    got, head = wsgi("GET", address), wsgi("HEAD", address)
    assert (head[0], head[2]) == (got[0], b"")
    assert head[1].get("Content-Length") == got[1].get("Content-Length")


@pytest.mark.parametrize(
    ("accepted", "status"),
    [
        ("", 200),
        ("*/*", 200),
        ("application/json", 200),
        ("Application/JSON;Q=0.5", 200),
        ("application/*", 200),
        ("text/html, */*;q=0.1", 200),
        ("application/json; indent=4", 200),
        ("application/json;q=banana", 200),
        (",,application/json,,", 200),
        ("*/*;q=0, application/json", 200),
        ("text/html," * 3000 + "x", 406),
        ("text/html", 406),
        ("application/json;q=0", 406),
        ("application/json;q=0.000, */*;q=1", 406),
        ("*/*;q=0", 406),
        ("*/json", 406),
        ("json", 406),
        (";;;", 406),
        ("\x01\xff/\xfe", 406),
        ("/", 406),
        ("application/json/x", 406),
    ],
)
def test_odd_accept_headers(client: Client, accepted: str, status: int) -> None:
    for address in ("/api/v1/topics/", "/api/v1/", "/api/v1/reconcile/"):
        answer = client.get(address, headers={"accept": accepted})
        assert answer.status_code == status
        assert answer["Content-Type"] == ("application/json" if status == 200 else "application/problem+json")
    assert client.get("/topics/", headers={"accept": accepted}).status_code == 200
    assert client.get("/api/v1/export/people.csv", headers={"accept": accepted}).status_code == 200


def test_the_most_exact_range_counts() -> None:
    ranges = [each for text in ("*/*;q=0.1", "text/*;q=0.5", "text/csv;q=0") if (each := media_range(text))]
    assert [quality(media, ranges) for media in ("text/csv", "text/html", "application/json")] == [0, 0.5, 0.1]
