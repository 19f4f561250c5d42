"""A site on its first day: an empty database answers everything, and says what to do."""

import pytest
from django.test import Client

from tests.reading import Page

pytestmark = pytest.mark.django_db

LISTS = ["events", "people", "organizations", "initiatives", "statements", "sources", "topics"]


@pytest.mark.parametrize("kind", LISTS)
def test_every_list_is_there_and_says_that_it_is_empty(client: Client, kind: str) -> None:
    for query in ("", "?q=film", "?ordering=-updated"):
        response = client.get(f"/{kind}/{query}")
        page = Page(response.text, f"/{kind}/")
        assert (response.status_code, page.faults) == (200, [])
        assert f"0 {kind}" in page.text
        assert "Nothing on record matches. Show all of this list" in page.text
    assert client.get(f"/{kind}/?page=2").status_code == 404
    assert client.get(f"/{kind}/nothing/").status_code == 404


def test_home_says_what_to_do(client: Client) -> None:
    response = client.get("/")
    page = Page(response.text)
    assert (response.status_code, page.faults) == (200, [])
    assert "0 events, 0 people, 0 organizations, 0 initiatives, 0 statements, 0 sources." in page.text
    assert "Nothing is on record yet. Curators add sources and statements in the admin." in page.text


def test_search_says_what_to_try(client: Client) -> None:
    assert client.get("/search/").status_code == 200
    response = client.get("/search/?q=film")
    page = Page(response.text)
    assert (response.status_code, page.faults) == (200, [])
    assert "0 results Nothing on record matches. Try a shorter part of the name" in page.text


def test_a_wrong_filter_is_still_named(client: Client) -> None:
    response = client.get("/statements/?speaker=nobody")
    assert response.status_code == 400
    assert "There is no “nobody” here." in Page(response.text).text


def test_every_link_of_an_empty_site_leads_somewhere(client: Client) -> None:
    for address in {link for link in Page(client.get("/").text).links if not link.startswith("/static/")}:
        assert client.get(address).status_code in (200, 302), address
