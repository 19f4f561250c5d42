"""Lists say how much is said by or about each record, and can be put in that order: on pages and in the API, page by page."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from django.core.cache import caches
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext

from base.api import streams
from base.changes.cache import cache_asked
from base.changes.version import content_version
from base.lists import link_counts
from base.lists.link_counts import CountedRows
from base.lists.paging import paged_rows
from directory.filters import STATEMENTS, STATEMENTS_FOR, PersonFilter
from directory.models import Organization, Person
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def people() -> dict[str, Person]:
    """Make four people with 3, 1, 0 and 1 public statements, and drafts that nobody counts."""
    made = {name: make.make_person(name) for name in ("Ann", "Bo", "Cy", "Di")}
    topic, hidden = make.make_topic("Art"), make.make_event("Hidden", status="draft")
    for name, number in (("Ann", 3), ("Bo", 1), ("Di", 1)):
        for nth in range(number):
            make.make_statement(made[name], wording=f"{name} says {nth}.", topics=[topic])
    for nth in range(5):
        make.make_statement(made["Cy"], wording=f"Draft {nth}.", status="draft", topics=[topic])
        make.make_statement(made["Cy"], hidden, wording=f"Hidden {nth}.", topics=[topic])
    return made


def ids(rows: list[dict[str, Any]]) -> list[str]:
    return [row["id"] for row in rows]


def test_a_page_is_in_the_order_of_the_numbers(client: Client, people: dict[str, Person]) -> None:
    down = client.get("/people/?ordering=-statements")
    assert ids(down.context["page_obj"].object_list) == ["ann", "di", "bo", "cy"]
    assert ids(client.get("/people/?ordering=statements").context["page_obj"].object_list) == ["cy", "bo", "di", "ann"]
    assert [row["links"].number for row in down.context["page_obj"].object_list] == [3, 1, 1, 0]
    assert '<a class="count" href="/statements/?speaker=ann" rel="nofollow">3 statements</a>' in down.text
    assert 'href="/statements/?speaker=cy"' not in down.text
    assert "Most statements first" in down.text


def test_other_filters_narrow_it(client: Client, people: dict[str, Person]) -> None:
    board = make.make_organization("Board")
    for name in ("Bo", "Ann"):
        make.make_affiliation(people[name], board, passages=[make.make_passage()])
    rows = client.get("/people/?ordering=-statements&organization=board").context["page_obj"].object_list
    assert ids(rows) == ["ann", "bo"]


@pytest.mark.parametrize(
    ("order", "expected"), [("-statements", ["ann", "di", "bo", "cy"]), ("statements", ["cy", "bo", "di", "ann"])]
)
def test_the_api_goes_through_it_forwards_and_back(
    client: Client, people: dict[str, Person], order: str, expected: list[str]
) -> None:
    page = client.get(f"/api/v1/people/?ordering={order}&page_size=1").json()
    forwards = ids(page["results"])
    while page["next"]:
        page = client.get(page["next"]).json()
        forwards += ids(page["results"])
    assert forwards == expected
    back = ids(page["results"])
    while page["previous"]:
        page = client.get(page["previous"]).json()
        back += ids(page["results"])
    assert back == expected[::-1]


@pytest.mark.parametrize("order", ["-statements,name", "name,statements", "statements,-statements"])
def test_it_is_an_order_by_itself(client: Client, people: dict[str, Person], order: str) -> None:
    """A query would count anew for each row of the kind to sort by several columns."""
    for address in ("/api/v1/people/", "/api/v1/export/people.csv"):
        answer = client.get(f"{address}?ordering={order}")
        assert answer.status_code == 400
        (fault,) = answer.json()["errors"]
        assert fault["detail"] == "“statements” is an order by itself: leave out the others."
    rows = client.get(f"/people/?ordering={order}").context["page_obj"].object_list
    assert ids(rows) == ["ann", "bo", "cy", "di"]


@pytest.mark.parametrize("query", ["?ordering=-statements", "?ordering=statements", "?ordering=-statements&q=d"])
def test_a_table_is_in_the_order_of_its_list(
    client: Client, people: dict[str, Person], query: str, monkeypatch: Any
) -> None:
    monkeypatch.setattr(streams, "PAGE", 2)
    listed = ids(client.get(f"/api/v1/people/{query}").json()["results"])
    with CaptureQueriesContext(connection) as queries:
        table = client.get(f"/api/v1/export/people.csv{query}").getvalue().decode("utf-8-sig")
    assert [row["id"] for row in csv.DictReader(io.StringIO(table, newline=""))] == listed
    counting = [
        each["sql"] for each in queries.captured_queries if "ORDER BY" in each["sql"] and "COUNT(" in each["sql"]
    ]
    assert counting == []


@pytest.mark.django_db(transaction=True)  # inside a transaction nothing is kept
def test_only_the_order_of_all_is_kept(people: dict[str, Person]) -> None:
    """Whoever asks chooses the words: what is kept for each of them would have no end."""
    caches["facets"].clear()
    version, hits = content_version(), []

    def note(sender: str, hit: bool, **kwargs: object) -> None:
        hits.append(hit)

    cache_asked.connect(note)
    try:
        for query in ("", "&q=a", "&q=b", "&q=c"):
            filters = PersonFilter(QueryDict(f"ordering=-statements{query}"), queryset=Person.objects.published())
            assert isinstance(rows := paged_rows(filters, version), CountedRows)
            assert [*rows.keys()]
    finally:
        cache_asked.disconnect(note)
    assert hits == [False, True, True, True]


def test_a_cursor_of_another_order_is_refused(client: Client, people: dict[str, Person]) -> None:
    cursor = (
        client.get("/api/v1/people/?ordering=-statements&page_size=1").json()["next"].split("cursor=")[1].split("&")[0]
    )
    assert client.get(f"/api/v1/people/?ordering=statements&cursor={cursor}").status_code == 400
    assert client.get(f"/api/v1/people/?ordering=name&cursor={cursor}").status_code == 400


def test_what_is_new_is_counted_at_once(client: Client, people: dict[str, Person]) -> None:
    client.get("/people/?ordering=-statements")
    for nth in range(4):
        make.make_statement(people["Bo"], wording=f"More {nth}.")
    assert ids(client.get("/people/?ordering=-statements").context["page_obj"].object_list)[0] == "bo"


def test_an_organization_that_speaks_for_itself_is_counted_once() -> None:
    board, other = make.make_organization("Board"), make.make_organization("Other")
    make.make_statement(None, wording="One.", speaker_organization=board, on_behalf_of=board)
    make.make_statement(None, wording="Two.", speaker_organization=other, on_behalf_of=board)
    make.make_statement(None, wording="Three.", speaker_label="All", on_behalf_of=other)
    expected = {board.pk: 2, other.pk: 2}
    assert STATEMENTS_FOR.numbers(Organization) == expected
    shown = STATEMENTS_FOR.numbers_of(Organization, [board.pk, other.pk])
    assert {key: count.number for key, count in shown.items()} == expected


def test_topics_and_initiatives_and_events_have_the_order_too(client: Client, people: dict[str, Person]) -> None:
    plan = make.make_initiative("Plan")
    topic, event = make.make_topic("Law"), make.make_event("Talk")
    make.make_initiative("Other plan")
    make.make_event("Other talk")
    for nth in range(6):
        make.make_statement(people["Ann"], event, wording=f"Claim {nth}.", topics=[topic], initiatives=[plan])
    for kind, first in (("topics", "law"), ("initiatives", "plan"), ("events", "talk")):
        page = client.get(f"/{kind}/?ordering=-statements")
        rows = page.context["page_obj"].object_list
        assert ids(rows)[0] == first
        assert rows[0]["links"].number == 6
        assert "6 statements</a>" in page.text
        assert ids(client.get(f"/api/v1/{kind}/?ordering=-statements").json()["results"]) == ids(rows)


def test_the_numbers_of_a_list_stop_somewhere(client: Client, people: dict[str, Person], monkeypatch: Any) -> None:
    monkeypatch.setattr(link_counts, "MOST_SHOWN", 2)
    assert "2+ statements</a>" in client.get("/people/").text
    assert {count.number for count in STATEMENTS.numbers_of(Person, [people["Ann"].pk]).values()} == {2}


def test_people_can_be_chosen_by_the_certainty_of_a_position(client: Client) -> None:
    ann, bo, board = make.make_person("Ann"), make.make_person("Bo"), make.make_organization("Board")
    make.make_affiliation(ann, board, certainty="disputed", note="Two lists differ.", passages=[make.make_passage()])
    make.make_affiliation(bo, board, passages=[make.make_passage()])
    page = client.get("/people/?position_certainty=disputed")
    assert ids(page.context["page_obj"].object_list) == ["ann"]
    facets = {
        facet.name: [(choice.value, choice.count) for choice in facet.choices] for facet in page.context["facets"]
    }
    assert facets["position_certainty"] == [("disputed", 1), ("stated", 1)]
    assert ids(client.get("/api/v1/people/?position_certainty=stated").json()["results"]) == ["bo"]
