"""What stands beside the results of a search: rejected spellings are told, counting stops, and writes meanwhile break nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.test import Client

from events import home_choices, search, statement_search
from events.models import Statement
from events.statement_search import StatementSearch
from events.views import home
from tests import factories as make
from tests.reading import Page

pytestmark = pytest.mark.django_db


# Rejected spellings ----------------------------------------------------------------------------------------------------------
@pytest.fixture
def statement() -> Statement:
    """Return a statement of a person who has a rejected spelling."""
    person = make.make_person("Zebulon Quist")
    for text, language in {"Zebulon Casting": "en", "เซบูลอน แคสติ้ง": "th"}.items():
        make.make_name(person, text, language, kind="variant", certainty="rejected", note="A job, not a name.")
    make.make_name(person, "เซบูลอน ควิสต์", "th", kind="transliteration")
    return make.make_statement(person, wording="Films are long.")


@pytest.mark.parametrize(
    ("query", "rejected"),
    [
        ("casting", "Zebulon Casting"),
        ("casting films", "Zebulon Casting"),
        ("zebulon casting", "Zebulon Casting"),
        ("แคสติ้ง", "เซบูลอน แคสติ้ง"),
        ("แคสติง", "เซบูลอน แคสติ้ง"),  # without its sign
        ("zebulon", ""),
        ("quist films", ""),
        ("เซบูลอน", ""),
        ("ควิสต", ""),
    ],
)
def test_a_statement_says_that_a_rejected_spelling_found_it(
    client: Client, statement: Statement, query: str, rejected: str
) -> None:
    page = Page(client.get("/search/", {"q": query}).text, "/search/")
    assert "Speaker: Zebulon Quist" in page.text
    assert ("by the rejected spelling" in page.text) == bool(rejected)
    assert f"Zebulon Quist by the rejected spelling {rejected}" in page.text or not rejected


def test_a_position_is_no_rejected_spelling(client: Client, statement: Statement) -> None:
    make.make_affiliation(statement.speaker, make.make_organization("Umbrella Works"), role="casting juggler")
    page = Page(client.get("/search/", {"q": "juggler films"}).text, "/search/")
    assert "Position of: Zebulon Quist" in page.text
    assert "rejected spelling" not in page.text


# How far is counted ----------------------------------------------------------------------------------------------------------
def test_statements_beside_results_are_counted_so_far(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    person = make.make_person("Zebulon Quist")
    topic = make.make_topic("Xylophones")
    for number in range(6):
        make.make_statement(person, wording=f"Films are long, {number}.", topics=[topic] if number else [])
    make.make_statement(make.make_person("Wilhelmina Zorn"), wording="Films are short.", date="2001-01-01")
    monkeypatch.setattr(statement_search, "COUNTED", 4)
    (group,) = [group for group in search.search("films") if group.model is Statement]
    assert (group.total, group.more) == (4, True)
    assert sum(line.count for line in StatementSearch("films").counts.values["speaker"]) == 4
    assert "4+ in all" in client.get("/search/?q=films").text
    assert client.get("/statements/?q=films").context["paginator"].count == 7


# Writes meanwhile ------------------------------------------------------------------------------------------------------------
def test_a_statement_that_goes_while_it_is_found_has_no_reasons(statement: Statement) -> None:
    found = StatementSearch("quist films")
    (row,) = found.first(8)
    other = make.make_statement(statement.speaker, wording="Films are short.")
    statement.delete()
    assert found.reasons([row[0], other.pk]).keys() == {row[0], other.pk}
    assert found.reasons([row[0]]) == {row[0]: []}


def test_numbers_that_were_kept_for_other_records_are_not_taken(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    make.make_statement(make.make_person("Zebulon Quist"), wording="Films are long.")
    kept: dict[str, object] = {}
    monkeypatch.setattr(search, "cached_for", lambda request, key, make: kept.setdefault(repr(key), make()))
    assert "1 statement" in client.get("/search/?q=zebulon").text
    make.make_statement(make.make_person("Zebulon Zorn"), wording="Films are short.")
    assert client.get("/search/?q=zebulon").text.count("1 statement") == 2
    monkeypatch.setattr(search, "count_each", lambda queries, most: {})
    kept.clear()
    assert client.get("/search/?q=zebulon").status_code == 200


def test_the_home_page_leaves_out_what_a_write_took_away(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(3):
        make.make_statement(
            make.make_person(f"Zebulon Quist {number}"), wording="Films are long.", statement_kind="direct"
        )
    monkeypatch.setattr(home_choices, "people_of", lambda chosen: [10**9])
    rows = home.home_rows()
    assert rows.labels == []
    monkeypatch.setattr(home, "cached_for", lambda request, key, make: replace(rows, statements=rows.statements[:1]))
    response = client.get("/")
    assert response.status_code == 200
    shown = [response.context["quote"], *response.context["statements"]]
    assert len([card for card in shown if card]) == 1
    monkeypatch.setattr(home, "cached_for", lambda request, key, make: replace(rows, statements=[]))
    assert client.get("/").status_code == 200


@pytest.mark.parametrize(
    ("query", "said"),
    [("casting", "Zebulon Casting"), ("แคสติง", "เซบูลอน แคสติ้ง"), ("zebulon", ""), ("ควิสต", ""), ("", "")],
)
def test_a_list_says_that_a_rejected_spelling_found_a_row(
    client: Client, statement: Statement, query: str, said: str
) -> None:
    page = Page(client.get("/people/", {"q": query} if query else {}).text, "/people/")
    assert "Zebulon Quist" in page.text
    assert ("by the rejected spelling" in page.text) == bool(said)
    assert f"Zebulon Quist by the rejected spelling {said}" in page.text or not said


def test_other_lists_have_no_rejected_spellings(client: Client, statement: Statement) -> None:
    for address in ("/sources/", "/statements/", "/people/"):
        text = client.get(address, {"q": "casting"}).text
        assert ("rejected spelling" in text) == (address == "/people/")
