"""Every list as CSV: its address leads to the API's file with the rows of the list and no others, safe in a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoDbBlocker

from base.documents.csv import cell, lines
from tests import factories as make
from tests.queries import Queries
from tests.reading import Page, article, ids_of
from tests.world import publish_world

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module", autouse=True)
def film_workshop(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Load the article once."""
    with article(django_db_blocker):
        yield


KINDS = ["people", "organizations", "initiatives", "topics", "sources", "events", "statements"]
QUERIES = [
    "",
    "?q=vietnam",
    "?organization=vfda",
    "?ordering=-updated",
    "?ordering=updated&q=&organization=",
    "?q=โทนี้",
    "?page=7&utm_source=x",
]


def read(client: Client, address: str) -> list[dict[str, str]]:
    response = client.get(address, follow=True)
    assert [status for _address, status in response.redirect_chain] == [301]
    assert response.status_code == 200
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    content: Any = b"".join(response)  # type: ignore[arg-type]
    assert content.startswith(b"\xef\xbb\xbfid,url,page,")
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("query", QUERIES)
@pytest.mark.slow
def test_a_file_has_the_rows_of_the_list_and_the_order_that_was_chosen(client: Client, kind: str, query: str) -> None:
    rows = read(client, f"/{kind}.csv{query}")
    page = client.get(f"/{kind}/{query.replace('page=7', 'page=1')}", follow=True)
    assert len(rows) == page.context["paginator"].count
    shown = ids_of(page.context["page_obj"])
    assert [row["id"] for row in rows[:20]] == shown if "ordering" in query else {*shown} <= {row["id"] for row in rows}
    for row in rows[:2]:
        assert row["page"] == f"http://testserver/{kind}/{row['id']}/"
        assert client.get(row["page"]).status_code == 200


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("prefix", ["", "/th", "/vi"])
def test_the_list_links_its_file_with_its_filters(client: Client, kind: str, prefix: str) -> None:
    page = Page(client.get(f"{prefix}/{kind}/?q=vietnam&page=1").text, f"{prefix}/{kind}/")
    assert f"/api/v1/export/{kind}.csv?q=vietnam" in page.links


def test_what_a_row_says(client: Client) -> None:
    (row,) = read(client, "/people.csv?q=montagnino")
    assert row["name"] == row["name_en"] == "Meg Montagnino"
    assert row["name_th"] == "เม็ก มอนตาญีโน"
    assert row["spellings"] == "Meg Montagnino; เม็ก มอนตาญีโน"
    assert "disputed)" in row["positions"]
    (perry,) = read(client, "/people.csv?q=perry")
    assert "แคสติ้ง" not in perry["spellings"]  # a rejected reading
    quoted = [row for row in read(client, "/statements.csv") if row["as_printed"]]
    assert len(quoted) == 5
    assert {(row["kind"], row["text_nature"], row["as_printed_language"]) for row in quoted} == {
        ("direct", "translation", "th")
    }


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("=1+1", "'=1+1"),
        ("+66", "'+66"),
        ("-x", "'-x"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\tx", "'\tx"),
        ("\rx", "'\rx"),
        ("a=b", "a=b"),
        ("", ""),
        (None, ""),
        (7, "7"),
    ],
)
def test_no_cell_is_a_formula(value: Any, shown: str) -> None:
    assert cell(value) == shown


def test_lines_are_those_of_the_csv_module() -> None:
    plain, odd = ["a", "b c", "ไทย", ""], ["x", "", "-y", "7"]
    marked = ['say "a"', "b, c", "d\ne", "f\rg"]
    formulas = ['=A1&"x"', "a,b", "\tc", None]
    columns = [plain, odd, marked, formulas, [1, None, -2, 3.5]]
    written = io.StringIO(newline="")
    csv.writer(written).writerows([[cell(value) for value in line] for line in zip(*columns, strict=True)])
    assert lines(columns) == written.getvalue()
    assert lines([[], []]) == ""


def test_a_name_that_is_a_formula_is_text(client: Client) -> None:
    make.make_person('=HYPERLINK("https://evil.example","Ann")')
    (row,) = read(client, "/people.csv?q=hyperlink")
    assert row["name"] == '\'=HYPERLINK("https://evil.example","Ann")'


@pytest.mark.parametrize(
    ("address", "named"),
    [
        ("/statements.csv?kind=nonsense", "kind: "),
        ("/events.csv?after=soon", "after: "),
        ("/people.csv?organization=nobody", "organization: "),
        ("/people.csv?ordering=shoe-size", "ordering: "),
        ("/people.csv?q=" + "a" * 201, "q: "),
    ],
)
def test_a_filter_that_cannot_be_used_is_named(client: Client, address: str, named: str) -> None:
    response = client.get(address, follow=True)
    assert response.status_code == 400
    assert response["Content-Type"].startswith("application/problem+json")
    assert f"understood: {named}" in response.json()["detail"]


@pytest.mark.parametrize(
    ("query", "passed_on"),
    [
        ("", ""),
        ("?page=2&utm_source=x&utm_source=y&format=csv&%00=1", ""),  # nothing that a page does not look at
        ("?q=a&q=bo", "?q=bo"),
        ("?q=&kind=&after=&before=&ordering=", ""),  # as a form sends what was left empty
        ("?q=%E0%B8%B3%20&kind=interview", "?q=%E0%B8%B3+&kind=interview"),
        ("?after=2025-3-4", "?after=2025-03-04"),  # a form is generous with days, the API is exact
        ("?after=soon", "?after=soon"),
        ("?ordering=-date,", "?ordering=-date"),
    ],
)
def test_what_the_page_understands_is_passed_on_as_the_api_takes_it(client: Client, query: str, passed_on: str) -> None:
    response = client.get(f"/events.csv{query}")
    assert (response.status_code, response["Location"]) == (301, f"/api/v1/export/events.csv{passed_on}")
    assert response["Cache-Control"] == "no-cache"  # an address that leads elsewhere one day is asked for again
    assert client.head(f"/events.csv{query}").status_code == 301


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.slow
def test_a_file_costs_the_same_queries_however_long(client: Client, kind: str, queries: Queries) -> None:
    for numbers in ([1], [2, 3]):
        for number in numbers:
            publish_world(number)
        with queries(f"/{kind}.csv"):
            read(client, f"/{kind}.csv")
