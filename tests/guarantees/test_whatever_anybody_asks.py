"""Every public address with values beyond its bounds: an answer that says so, in few queries, and never a failure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
import yaml
from django.conf import settings
from django.db import connection
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from pytest_django import DjangoDbBlocker

from base.admin.inlines import MOST_ROWS_SENT
from base.admin.pages import CurationAdmin
from base.admin.withdrawing import MOST_AT_ONCE
from base.api import changes, counts, cursor_pages, errors, pagination, parameters, shaping, streams
from base.documents import rows
from base.lists import counting, facets, filter_fields, filters, search
from base.pages.evidence import PARAGRAPHS_A_PAGE
from base.pages.views import PAGE_SIZE
from base.reconcile import requests
from base.reconcile import suggest as reconcile_suggest
from config.server import parser
from config.sitemaps import RecordSitemap
from directory.views.sources import MOST_LINES_OF_PAGE
from events import calendars, feeds
from events.network import graph
from events.search import MOST as MOST_HITS
from events.suggestions import SUGGESTIONS
from events.views.data import ROWS_A_PAGE
from events.views.embedding import WIDEST
from events.views.events import MOST_PARTICIPANTS
from reports.limits import MAX_REPORTS
from reports.models import MESSAGE_LENGTH
from tests.world import shared_world

pytestmark = pytest.mark.django_db

ANSWERS = {200, 301, 302, 304, 308, 400, 404, 405, 406, 410, 413, 414, 415, 422, 501}
MOST_QUERIES = 50  # of one answer; the page of doubts needs 49, all others fewer
ODD = ["9" * 400, "\0", "a\x1f\x7f\u202e\ufdd0", "-1", "[" * 3000, "ก" * 800, "x,,y" * 300]
FEW = ["9" * 400, "\0", "x,,[" * 300]
# What pages, files and forms read of their address, beside the filters of lists.
READ = [
    "q",
    "page",
    "lang",
    "url",
    "format",
    "maxwidth",
    "maxheight",
    "focus",
    "record",
    "key",
    "show",
    "p",
    "from",
    "ordering",
]
PLACES = {
    "slug": ["person", "\0", "9" * 300, "ก", ".."],
    "reference": ["x", "\0", "9" * 300],
    "key": ["x", "\0"],
    "section": ["people", "x", "9" * 300],
    "form": ["bib", "x"],
    "plural": ["people", "x", "9" * 300],
    "id": ["person", "9" * 300],
}


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[dict[str, Any]]:
    """Publish one record of each kind."""
    with shared_world(django_db_blocker) as records:
        yield records


def patterns(resolver: URLResolver, before: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Return (address as a template, pattern) of every address without the admin."""
    for pattern in resolver.url_patterns:
        address = before + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield address, pattern
        elif not address.startswith("admin/"):
            yield from patterns(pattern, address)


def addresses(world: dict[str, Any]) -> dict[str, Any]:
    """Return address -> its view, with the place of an id filled by one that exists, where there is one."""
    found = {}
    for template, pattern in patterns(get_resolver()):
        path = re.sub(r"\(\?P<(\w+)>(?:[^()]|\([^()]*\))*\)", r"<\1>", template).replace("\\", "").strip("^$")
        path = path.replace("^", "").replace("$", "")
        kind = next((kind for kind in world if kind != "passages" and world[kind].plural in path.split("/")), "person")
        for name, values in PLACES.items():
            value = world[kind].slug if name in ("slug", "id") else values[0]
            path = re.sub(rf"<(\w+:)?{name}>", value, path)
        found[f"/{path}"] = pattern.callback
    return found


def fault_of(client: Client, address: str, method: str = "get", **data: Any) -> str:
    """Return what is wrong with the answer, or nothing."""
    queries = 0

    def count(execute: Any, sql: str, parameters: Any, many: bool, context: Any) -> Any:
        nonlocal queries
        queries += 1
        return execute(sql, parameters, many, context)

    client.raise_request_exception = False
    with connection.execute_wrapper(count):
        answer = getattr(client, method)(address, **data)
        if answer.streaming:
            answer.getvalue()
    if answer.status_code not in ANSWERS or queries > MOST_QUERIES:
        return f"{method} {address[:150]}: {answer.status_code}, {queries} queries"
    return ""


def faults(client: Client, asked: Iterator[str]) -> list[str]:
    """Return what is wrong with the answers at these addresses."""
    return [fault for address in asked if (fault := fault_of(client, address))]


def test_every_address_is_walked(world: dict[str, Any]) -> None:
    found = addresses(world)
    assert len(found) > 60
    assert [address for address in found if set("<>()?[]|") & set(address)] == ["/api/v1/(?:[sS]*/)?Z"], "anything else"


@pytest.mark.slow
def test_parameters_of_the_api(client: Client, world: dict[str, Any]) -> None:
    def asked() -> Iterator[str]:
        for path, operations in yaml.safe_load((settings.BASE_DIR / "docs" / "openapi.yaml").read_text())[
            "paths"
        ].items():
            for parameter in operations["get"]["parameters"]:
                if parameter["in"] == "query":
                    kind = next((kind for kind in world if kind != "passages" and world[kind].plural in path), "person")
                    address = path.replace("{id}", world[kind].slug)
                    values = FEW if "/export/" in path else ODD
                    yield from (f"{address}?{parameter['name']}={quote(value)}" for value in values)

    assert faults(client, asked()) == []


@pytest.mark.slow
def test_parameters_of_pages_and_files(client: Client, world: dict[str, Any]) -> None:
    def asked() -> Iterator[str]:
        for address, view in addresses(world).items():
            if address.startswith("/api/"):
                continue
            filters = getattr(getattr(view, "view_class", None), "filterset_class", None)
            names = [*READ, *(filters.base_filters if filters else ())]
            for value in FEW:
                # One at a time only where a list has filters: elsewhere no wrong one hides another.
                if filters:
                    yield from (f"{address}?{name}={quote(value)}" for name in names)
                yield f"{address}?" + "&".join(f"{name}={quote(value[:150])}" for name in names[:30])

    assert faults(client, asked()) == []


def test_long_and_many_parameters(client: Client, world: dict[str, Any]) -> None:
    def asked() -> Iterator[str]:
        for address in addresses(world):
            yield f"{address}?{'&'.join(['q=a'] * 5000)}"
            yield f"{address}?{'&'.join(f'{name}={number}' for number in range(300) for name in ('q', 'page', 'id__in'))}"
            yield f"{address}?{'&' * 1200}"
            yield f"{address}?q={'a' * 8192}"
            yield f"{address}?{'%00' * 300}=%00&%FF=%FE&[]=&=&&&;=;"

    assert faults(client, asked()) == []


def test_more_parameters_than_are_read(client: Client, world: dict[str, Any]) -> None:
    many = "&" * 1200
    for address in ("/", "/people/", "/th/search/", "/nothing/", "/admin/login/", "/admin/", "/robots.txt", "/healthz"):
        assert client.get(f"{address}?{many}").status_code in (200, 302, 400, 404)
    page = client.get(f"/people/?{many}")
    assert (page.status_code, "<h1" in page.text) == (400, True)
    assert "It has more than 1000 parameters." in page.text
    assert client.get(f"/api/v1/people/?{many}").json()["detail"] == "A request has at most 1,000 parameters."
    assert client.get(f"/nothing/?{many}").status_code == 404
    fields = {f"field{number}": "x" for number in range(1200)}
    for address in (f"/reports/new/?record=/people/{world['person'].slug}/", "/admin/login/", "/api/v1/reconcile/"):
        assert client.post(address, fields).status_code in (400, 403, 413, 415)


def test_odd_ids(client: Client, world: dict[str, Any]) -> None:
    def asked() -> Iterator[str]:
        for address in addresses(world):
            for record in (world[kind] for kind in world if kind != "passages"):
                if f"/{record.slug}" in address:
                    for value in PLACES["slug"][1:]:
                        yield address.replace(record.slug, quote(value))

    assert faults(client, asked()) == []


DEEP = [
    "[" * 100_000,
    '{"a":' * 50_000,
    "1" * 100_000,
    '"\\ud800"',
    '{"q":{"query":"\\u0000"}}',
    "NaN",
    "null",
    "\0",
    "",
]


@pytest.mark.parametrize("body", DEEP, ids=range(len(DEEP)))
def test_bodies(client: Client, world: dict[str, Any], body: str) -> None:
    for name in ("queries", "extend"):
        assert fault_of(client, "/api/v1/reconcile/", "post", data={name: body}) == ""
        form = "application/x-www-form-urlencoded"
        sent = f"{name}={quote(body)}"
        assert fault_of(client, "/api/v1/reconcile/", "post", data=sent, content_type=form) == ""
    form_fields = dict.fromkeys(("record", "message", "email", "name", "kind", "started", "website"), body)
    assert fault_of(client, "/reports/new/", "post", data=form_fields) == ""
    for path in ("/api/v1/people/", "/search/", "/statements.atom", "/oembed/"):
        assert fault_of(client, path, "post", data=body, content_type="application/json") == ""


def test_the_table_of_bounds_says_what_the_code_does() -> None:
    text = (settings.BASE_DIR / "docs" / "operating.md").read_text()
    section = text.split("## What anybody may ask")[1].split("\n## ")[0]
    bounds = [
        ("request line", parser.MOST_LINE, errors.MOST_ADDRESS),
        ("headers have", parser.MOST_HEAD),
        ("bytes (413)", parser.MOST_BODY, settings.DATA_UPLOAD_MAX_MEMORY_SIZE),
        ("a request has", settings.DATA_UPLOAD_MAX_NUMBER_FIELDS),
        ("| API | a parameter", parameters.MOST_FAULTS),
        ("| API | `page_size`", pagination.MOST_ROWS, shaping.MOST_ROWS_EXPANDED),
        ("| API | the rows", pagination.MOST_BYTES, rows.MOST_NESTED),
        ("| API | one row", rows.MOST_NESTED),
        ("| API | `participants`", rows.EMBEDDED),
        ("| API | `cursor`", pagination.LONGEST_CURSOR),
        ("| API | `count`", counting.MOST_COUNTED, parameters.MOST_FACETS, counts.MOST_FACET_VALUES),
        ("| API | `fields`", shaping.MOST_NAMES, shaping.LONGEST),
        ("(`__in`)", filter_fields.MOST_VALUES, filters.LIST_LENGTH),
        ("| `q` |", filter_fields.QUERY_LENGTH, search.NEWEST),
        ("| `changes/`", cursor_pages.CursorView.most, pagination.MOST_BYTES, changes.LOOKS),
        ("| exports", streams.PAGE, rows.MOST_NESTED),
        ("| `queries`", requests.BATCH, requests.MOST_PROPERTIES, requests.MOST_VALUES, requests.MOST_CANDIDATES),
        ("| `extend`", requests.MOST_IDS, requests.MOST_EXTENDED),
        ("| `suggest`", requests.LONGEST, reconcile_suggest.MOST_SUGGESTIONS, reconcile_suggest.PAGE),
        ("| lists of pages", PAGE_SIZE, counting.MOST_COUNTED, facets.MOST_CHOICES),
        ("| a record's page", counting.MOST_ROWS, counting.MOST_LINKED, MOST_PARTICIPANTS),
        ("| a source's page", PARAGRAPHS_A_PAGE, MOST_LINES_OF_PAGE),
        ("| search", MOST_HITS, SUGGESTIONS),
        ("| network", graph.MOST_NODES, graph.MOST_READ),
        ("| figures", ROWS_A_PAGE),
        ("| `/statements.atom`", feeds.MOST),
        ("| `/events.ics`", calendars.MOST),
        ("| oEmbed", WIDEST),
        ("| sitemap", RecordSitemap.limit),
        ("| reports", MAX_REPORTS, MESSAGE_LENGTH),
        ("rows of one table", MOST_ROWS_SENT),
        ("a list; a body", CurationAdmin.list_per_page, parser.MOST_UPLOAD),
        ("withdraw at once", MOST_AT_ONCE),
    ]
    lines = section.split("\n|")
    for place, *numbers in bounds:
        (line,) = [line for line in lines if place in f"|{line}"]
        missing = [number for number in numbers if f"{number:,}" not in re.findall(r"[0-9][0-9,]*[0-9]|[0-9]", line)]
        assert not missing, (place, missing)
