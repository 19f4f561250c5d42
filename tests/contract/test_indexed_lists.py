"""A list that is read by the list index has the rows of the filter in their order, page by page, with the cursors of every list."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoDbBlocker

from base.lists import paging
from base.lists.filterset import BaseFilterSet
from base.lists.paging import FilteredRows, IndexedRows, PagedRows, paged_rows
from events.filters import EventFilter, StatementFilter
from events.models import Event, Statement
from tests import factories as make

pytestmark = pytest.mark.django_db
Ask = Callable[..., Any]

INDEXED = {
    "topic=film": 1,
    "topic__in=film": 1,
    "initiative=park": 2,
    "about_person=ann-lee": 3,
    "about_organization=board": 4,
    "about=board": 4,
    "about=park": 2,
    "about__in=ann-lee": 3,
    "about=people/mars": 3,
}
NOT_INDEXED = [
    "",
    "topic=film&kind=reported",
    "topic=film&topic__in=film",
    "topic=film&ordering=-date",
    "topic__in=film,training",
    "about=mars",
    "about__in=board,park",
    "speaker=ann-lee",
    "organization=board",
    "language=en",
    "proven=true",
    "q=claim",
    "after=2025-01-01",
]


@pytest.fixture(scope="module", autouse=True)
def world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Make statements of few days, some without one, some drafts and some by a draft, about this and that."""
    from django.db import transaction

    with django_db_blocker.unblock(), transaction.atomic():
        film, training, park = make.make_topic("Film"), make.make_topic("Training"), make.make_initiative("Park")
        ann, mars, board = make.make_person("Ann Lee"), make.make_person("Mars"), make.make_organization("Board")
        hidden = make.make_person("Nobody Knows", status="draft")
        make.make_organization("Mars")
        for number in range(24):
            make.make_statement(
                hidden if number % 11 == 5 else ann,
                wording=f"Claim {number}.",
                date=("2025-03-14", "2025-03-14", "2024-01-01", "")[number // 2 % 4],
                passages=[make.make_passage(words=f"Words {number % 3}.")],
                status="draft" if number % 7 == 3 else "published",
                topics=[film, training][: 1 + number % 2],
                initiatives=[park][: number % 3],
                about_people=[ann, mars] if number % 4 else [],
                about_organizations=[board] if number % 5 else [],
            )
        yield
        transaction.set_rollback(True)


def used(query: str) -> BaseFilterSet:
    """Return the filters of a query."""
    found = StatementFilter(
        dict(part.split("=") for part in query.split("&") if part), queryset=Statement.objects.published()
    )
    assert found.form.is_valid(), found.form.errors
    return found


def walk(ask: Ask, address: str, way: str = "next") -> list[dict[str, Any]]:
    """Return the pages of a list, following their links."""
    pages = []
    while address:
        pages.append(ask(address).json())
        address = pages[-1][way]
    return pages


def ids(pages: list[dict[str, Any]]) -> list[str]:
    """Return the ids of the rows of these pages."""
    return [row["id"] for page in pages for row in page["results"]]


@pytest.mark.parametrize("query", INDEXED)
@pytest.mark.slow
def test_it_has_the_rows_of_the_filter(ask: Ask, query: str) -> None:
    rows = list(used(query).qs.values_list("slug", flat=True))
    assert 8 < len(rows) < 24
    pages = walk(ask, f"statements/?page_size=3&{query}")
    assert ids(pages) == rows
    back = walk(ask, pages[-1]["previous"], "previous")
    assert ids(back[::-1]) == rows[: -len(pages[-1]["results"])]
    for count in ("true", "capped"):
        assert ask(f"statements/?count={count}&page_size=1&{query}").json()["count"] == len(rows)


@pytest.mark.parametrize("query", INDEXED)
def test_its_answers_are_those_of_the_filter_to_the_byte(ask: Ask, query: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def answers() -> list[Any]:
        counted = f"statements/?facets=kind&count=true&{query}"
        return [*walk(ask, f"statements/?page_size=4&{query}"), ask(counted).json()]

    found = answers()
    monkeypatch.setattr(paging, "list_index_of", lambda model: None)
    assert found == answers()


@pytest.mark.parametrize("query", INDEXED)
def test_a_page_lists_and_counts_the_same(client: Client, query: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("base.pages.views.RecordList.paginate_by", 4)

    def shown() -> list[Any]:
        pages = [client.get(f"/statements/?{query}&page={number}").context for number in (1, 2, 3)]
        return [[[row["id"] for row in page["object_list"]], page["facets"], page["paginator"].count] for page in pages]

    found = shown()
    wanted = list(used(query).qs.values_list("slug", flat=True)[:12])
    assert [slug for rows, _facets, _count in found for slug in rows] == wanted
    monkeypatch.setattr(paging, "list_index_of", lambda model: None)
    assert found == shown()


def test_a_cursor_of_any_list_in_this_order_goes_on_here(ask: Ask) -> None:
    every, indexed = ids(walk(ask, "statements/")), ids(walk(ask, "statements/?topic=training"))
    for page in walk(ask, "statements/?page_size=3")[:-1]:
        (cursor,) = parse_qs(urlsplit(page["next"]).query)["cursor"]
        before = every[: every.index(page["results"][-1]["id"]) + 1]
        assert ids([ask(f"statements/?topic=training&cursor={cursor}").json()]) == [
            id for id in indexed if id not in before
        ]


@pytest.mark.parametrize("query", INDEXED)
def test_one_filter_by_one_record_is_a_range_of_the_index(query: str) -> None:
    rows = paged_rows(used(query))
    assert isinstance(rows, IndexedRows)
    assert rows.index_range.relation == INDEXED[query]


@pytest.mark.parametrize("query", NOT_INDEXED)
def test_nothing_else_is(query: str) -> None:
    assert type(paged_rows(used(query))) in (PagedRows, FilteredRows)


def test_other_kinds_have_no_list_index() -> None:
    filters = EventFilter({"participant": "ann-lee"}, queryset=Event.objects.published())
    assert filters.form.is_valid()
    assert type(paged_rows(filters)) is PagedRows


def test_all_ways_of_reading_a_list_agree_on_the_order() -> None:
    indexed = paged_rows(used("topic=film"))
    assert indexed.sort_keys == PagedRows(used("topic=film").qs).sort_keys
    assert list(indexed.queryset) == list(used("topic=film").qs)


@pytest.mark.parametrize("query", ["topic=film", "about=board"])
def test_nothing_is_looked_up_and_nothing_scanned(ask: Ask, query: str) -> None:
    with CaptureQueriesContext(connection) as captured:
        ask(f"statements/?{query}")
    rows = [query["sql"] for query in captured if query["sql"].startswith('SELECT "events_statement"')]
    assert len(rows) == 1
    assert "events_heading" in rows[0]
    assert "events_statement_" not in rows[0]


@pytest.mark.skipif(connection.vendor != "sqlite", reason="of few rows PostgreSQL uses no index")
def test_a_page_is_a_range_of_the_index(ask: Ask) -> None:
    with CaptureQueriesContext(connection) as captured:
        following = ask("statements/?page_size=2&topic=film").json()["next"]
        ask(following)
    first, later = [query["sql"] for query in captured if '"events_heading"' in query["sql"]]
    place = "events_heading USING COVERING INDEX heading_order (relation=? AND target=?"
    assert plan_of(first).startswith(f"SEARCH {place}) | SEARCH events_statement USING INTEGER PRIMARY KEY")
    assert "ORDER BY" not in plan_of(first)  # nothing is sorted
    for index_range in (
        " AND sort_date=? AND position=? AND statement_id>?)",
        " AND sort_date=? AND position>?)",
        " AND sort_date<?)",
    ):
        assert place + index_range in plan_of(later)


def plan_of(sql: str) -> str:
    """Return how SQLite answers a query."""
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {sql.replace('%', '%%')}")
        return " | ".join(row[3] for row in cursor.fetchall())
