"""A statement is found as people ask for it: who, about what, in whatever order, spelling and script; on both databases alike."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote, urlencode

import pytest
from django.test import Client
from pytest_django import DjangoDbBlocker

from directory.models import Topic
from events.search import search
from events.statement_search import StatementSearch
from tests import factories as make
from tests.events.search_queries import QUERIES, Expected
from tests.reading import Page, article

pytestmark = pytest.mark.django_db

SAID_FOR_AI = {"AI": "en", "เอไอ": "th", "ปัญญาประดิษฐ์": "th", "Trí tuệ nhân tạo": "vi", "Artificial intelligence": "en"}
ALL = [(expected, query) for expected, queries in QUERIES for query in queries.split(" | ")]


@pytest.fixture(scope="module", autouse=True)
def film_workshop(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Load the article once; artificial intelligence goes by the names that people use."""
    with article(django_db_blocker):
        topic = Topic.objects.get(slug="artificial-intelligence")
        known = set(topic.names.values_list("text", flat=True))
        for text, language in SAID_FOR_AI.items():
            if text not in known:
                make.make_name(topic, text, language, kind="variant")
        yield


def test_the_tables_have_two_hundred_queries() -> None:
    assert len({query for _expected, query in ALL}) >= 200


@pytest.mark.parametrize(("expected", "query"), ALL, ids=[query for _expected, query in ALL])
def test_what_is_asked_for_is_found(expected: Expected, query: str) -> None:
    first, also, never = (set(ids.split()) for ids in (expected.first, expected.also, expected.never))
    asked = StatementSearch(query)
    slugs = dict(asked.matches.values_list("pk", "slug"))
    best = [slugs[row[0]] for row in asked.first(len(first))]
    found = set(slugs.values())
    assert first | also <= found, f"missing: {sorted((first | also) - found)}"
    assert not (never - first - also) & found, f"too many: {sorted((never - first - also) & found)}"
    assert set(best) <= first, f"first: {best}"
    if expected.only:
        assert found == first


# Why, how many, and what was meant -----------------------------------------------------------------------------------------
def page_of(client: Client, query: str, language: str = "") -> Page:
    """Return the page of a search."""
    address = f"{language}/search/"
    page = Page(client.get(address if language else "/search/", {"q": query}).text, "/search/")
    assert page.faults == []
    return page


def reasons_of(query: str) -> list[list[tuple[str, str]]]:
    """Return for each statement on the page of a search why it was found: what the record is to it, and its name."""
    (group,) = [group for group in search(query) if group.model.kind == "statement"]
    return [[(str(reason.label), str(reason.record)) for reason in hit.record["reasons"]] for hit in group.hits]


def test_a_statement_says_why_it_was_found(client: Client) -> None:
    for reasons in reasons_of("Ngo Phuong Lan AI"):
        assert reasons[0] == ("Speaker", "Ngô Phương Lan")
        assert reasons[1][0] == "Topic"
    assert ("About", "AIWS Film Park") in reasons_of("Dukakis AIWS")[0]
    assert reasons_of("DANAFF")[0] == []  # its own words
    assert "Speaker: Ngô Phương Lan · Topic:" in page_of(client, "Ngo Phuong Lan AI").text
    assert "ผู้พูด" in page_of(client, "Ngo Phuong Lan AI", "/th").text


def test_people_have_positions_and_a_link_to_their_statements(client: Client) -> None:
    page = page_of(client, "ngo phuong lan")
    assert "President, Vietnam Film Development Association" in page.text
    assert "14 statements" in page.text
    assert "/statements/?speaker=ngo-phuong-lan" in page.links
    assert "/statements/?organization=vfda" in page_of(client, "vfda").links
    assert "1 statement" in page_of(client, "mars").text
    assert "statements" not in page_of(client, "nazli choucri").text.split("Spelled")[0].split("People")[-1]


def test_facets_lead_into_the_list_with_the_same_words(client: Client) -> None:
    page = page_of(client, "vietnamese cinema")
    (link,) = [link for link in page.links if link.endswith("speaker=michael-dukakis")]
    assert link.startswith("/statements/?q=vietnamese+cinema&")
    response = client.get(link)
    assert {card["speaker"]["id"] for card in response.context["page_obj"]} == {"michael-dukakis"}
    assert "kind=narrated" in " ".join(page.links)
    assert "certainty=" in " ".join(page.links)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("dukakiss", "Dukakis"),
        ("Ngo Phoung Lan", "Ngo Phuong Lan"),
        ("Toni Buy", "Tony Bui"),
        ("Patersson", "Patterson"),
        ("Colombia University", "Columbia University"),
        ("โงเฟืองล้านน", "โง เฟือง ลาน"),
        ("Montanino", "Montagnino"),
        ("dukakiss aiws", "Dukakis AIWS"),
        ("xyzzy", ""),
        ("abc", ""),
        ("tony bui", ""),
        ("Montanino AIWS", ""),  # nothing is found by the right name either
    ],
)
def test_a_misspelt_name_is_asked_about(client: Client, typed: str, meant: str) -> None:
    page = page_of(client, typed)
    assert ("Did you mean" in page.text) == bool(meant)
    if meant:
        assert f"Did you mean {meant}?" in page.text
        assert f"/search/?{urlencode({'q': meant}, quote_via=quote)}" in page.links
        assert search(meant)


def test_drafts_find_nothing(client: Client) -> None:
    """Neither a draft topic or person that a statement is about, nor a rejected position."""
    statement = make.make_statement(make.make_person("Zebulon Quist"), wording="Films are long.")
    statement.topics.add(make.make_topic("Xylophones", status="draft"))
    statement.about_people.add(make.make_person("Wilhelmina Zorn", status="draft"))
    organization = make.make_organization("Umbrella Works")
    make.make_affiliation(
        statement.speaker, organization, role="juggler", certainty="rejected", note="Another passage."
    )
    for query in ("xylophones", "wilhelmina zorn", "zebulon umbrella", "zebulon juggler"):
        assert not StatementSearch(query).matches.exists(), query
    assert StatementSearch("quist films").matches.get() == statement


def test_a_position_finds_what_its_holder_said() -> None:
    statement = make.make_statement(make.make_person("Zebulon Quist"), wording="Films are long.")
    position = make.make_affiliation(statement.speaker, make.make_organization("Umbrella Works"), role="juggler")
    for query in ("juggler films", "Quist juggler", "umbrella quist", "juggler of umbrella works"):
        assert StatementSearch(query).matches.get() == statement, query
    position.translations = {"vi": {"role": "người tung hứng"}}
    position.save()
    assert StatementSearch("người tung hứng Quist").matches.get() == statement


def test_a_role_is_found_in_every_language() -> None:
    statement = make.make_statement(
        make.make_person("Zebulon Quist"),
        wording="Films are long.",
        role_at_time="chief juggler",
        translations={"vi": {"role_at_time": "chủ tịch hội xiếc"}, "th": {"role_at_time": "ประธานคณะละครสัตว์"}},
    )
    for query in ("chief juggler", "chủ tịch hội xiếc", "chu tich quist", "ประธานคณะละครสัตว์"):
        assert statement in StatementSearch(query).matches, query


def test_a_name_that_changes_is_found_at_once() -> None:
    person = make.make_person("Zebulon Quist")
    statement = make.make_statement(person, wording="Films are long.")
    make.make_name(person, "เซบูลอน ควิสต์", "th", kind="transliteration")
    assert StatementSearch("เซบูลอน").matches.get() == statement
    person.names.filter(language="th").delete()
    person.refresh_names()
    assert not StatementSearch("เซบูลอน").matches.exists()


def test_list_and_api_find_the_same(client: Client) -> None:
    expected = set(StatementSearch("Ngo Phuong Lan AI").matches.values_list("slug", flat=True))
    answer = client.get("/api/v1/statements/", {"q": "Ngo Phuong Lan AI", "fields": "id", "page_size": 50})
    assert {row["id"] for row in answer.json()["results"]} == expected
    listed = client.get("/statements/", {"q": "Ngo Phuong Lan AI"}).context["page_obj"]
    assert {card["id"] for card in listed} == expected
