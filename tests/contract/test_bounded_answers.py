"""Records with very many rows: a page of a list ends sooner, and nothing is lost; only what cannot be cut is refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from base.documents.rows import Nested
from events.models import Statement
from tests import factories as make
from tests.contract.conftest import refused

pytestmark = pytest.mark.django_db
Ask = Callable[..., Any]


@pytest.fixture
def statements() -> list[Statement]:
    """Return 12 statements of a speaker with 20 names at an event with 20 names."""
    speaker, event = make.make_person("Ann Lee"), make.make_event("Forum")
    for number in range(19):
        make.make_name(speaker, f"Lee {number}")
        make.make_name(event, f"Forum {number}")
    return [make.make_statement(speaker, event, f"Thought {number}.") for number in range(12)]


@pytest.fixture
def few_bytes(monkeypatch: pytest.MonkeyPatch) -> int:
    """Let a page have 19,000 bytes: two statements with speaker and event in full."""
    # First: were it imported later, it would keep the other's number for good.
    monkeypatch.setattr("base.api.changes.MOST_BYTES", 19_000)
    monkeypatch.setattr("base.api.pagination.MOST_BYTES", 19_000)
    return 19_000


def walk(client: Client, address: str, towards: str = "next") -> list[list[dict[str, Any]]]:
    """Return the rows of each page along `next` or `previous`."""
    pages = []
    while address:
        answer = client.get(address)
        assert answer.status_code == 200, answer.content
        pages.append(answer.json()["results"])
        address = answer.json()[towards]
    return pages


def test_a_page_ends_where_it_is_large_enough(client: Client, statements: list[Statement], few_bytes: int) -> None:
    whole = {row.slug for row in statements}
    address = "/api/v1/statements/?expand=speaker,event&page_size=100"
    first = client.get(address)
    assert len(first.content) < few_bytes + 2_000
    assert f'<{first.json()["next"]}>; rel="next"' in first["Link"]
    pages = walk(client, address)
    assert [len(page) for page in pages] == [len(pages[0])] * len(pages)
    assert 1 <= len(pages[0]) < 12
    rows = [row["id"] for page in pages for row in page]
    assert (len(rows), set(rows)) == (12, whole)
    assert all(len(row["speaker"]["names"]) == 20 for page in pages for row in page)


def test_so_does_a_page_on_the_way_back(client: Client, statements: list[Statement], few_bytes: int) -> None:
    address = "/api/v1/statements/?page_size=11&fields=id"
    last = client.get(client.get(address).json()["next"]).json()
    back = last["previous"].replace("fields=id", "expand=speaker,event")
    forth = [row["id"] for page in walk(client, address) for row in page]
    pages = walk(client, back, "previous")
    assert all(1 <= len(page) < 6 for page in pages)
    assert [row["id"] for page in reversed(pages) for row in page] == forth[:-1]


def test_one_row_is_answered_however_large(
    ask: Ask, statements: list[Statement], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("base.api.pagination.MOST_BYTES", 10)
    page = ask("statements/?expand=speaker").json()
    assert (len(page["results"]), len(page["results"][0]["speaker"]["names"])) == (1, 20)
    assert page["next"]


def test_rows_of_several_records_are_read_piece_by_piece(
    client: Client, statements: list[Statement], monkeypatch: pytest.MonkeyPatch
) -> None:
    make.make_statement(speaker_organization=None, speaker=make.make_person("Bo Lin"))
    for number in range(4):
        person = make.make_person(f"Cy {number}")
        for more in range(19):
            make.make_name(person, f"Cy {number} {more}")
    before = client.get("/api/v1/export/people.ndjson").getvalue()
    table = client.get("/api/v1/export/people.csv").getvalue()
    monkeypatch.setattr(Nested, "read", _few(Nested.read, 50))
    pages = walk(client, "/api/v1/people/")
    assert max(len(page) for page in pages) < 6
    assert len({row["id"] for page in pages for row in page}) == 6
    assert client.get("/api/v1/export/people.ndjson?id=").getvalue() == before
    assert client.get("/api/v1/export/people.csv?id=").getvalue() == table
    assert json.loads(before.splitlines()[0])["id"] == "ann-lee"


def test_what_cannot_be_cut_is_refused_and_it_is_said_how_to_ask(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    people = [make.make_person("Ann Lee"), make.make_person("Bo Lin")]
    statement = make.make_statement(people[0], about_people=people)
    monkeypatch.setattr(Nested, "read", _few(Nested.read, 1))
    for address in (f"statements/{statement.slug}/", "statements/"):
        problem = refused(ask(f"{address}?expand=about_people"), 413)
        assert problem["limit"] == 20_000
        assert "without “expand”" in problem["detail"]
        assert ask(address).status_code == 200


def _few(read: Callable[..., Any], most: int) -> Callable[..., Any]:
    """Return how rows of nested lists are read with another limit."""

    def limited(self: Nested, *args: Any, **options: Any) -> Any:
        before, self.most = self.most, most
        try:
            return read(self, *args, **options)
        finally:
            self.most = before

    return limited


@pytest.mark.django_db(transaction=True)
def test_a_page_of_changes_ends_sooner_and_says_that_there_is_more(
    client: Client, statements: list[Statement], monkeypatch: pytest.MonkeyPatch
) -> None:
    every = walk_changes(client)
    monkeypatch.setattr("base.api.changes.MOST_BYTES", 8_000)
    cut = walk_changes(client)
    assert (len(every), len(cut) > 1) == (1, True)
    assert [line for page in cut for line in page] == every[0]


def walk_changes(client: Client) -> list[list[dict[str, Any]]]:
    """Return the lines of each page of the feed."""
    pages, page = [], {"more": True, "next": "/api/v1/changes/?expand=record&page_size=500"}
    while page["more"]:
        page = client.get(page["next"]).json()
        pages.append(page["results"])
    return pages
