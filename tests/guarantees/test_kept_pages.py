"""A page is kept until something is written, and for nobody a moment longer."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests import factories as make

# Inside a transaction nothing is kept, so these tests commit.
pytestmark = pytest.mark.django_db(transaction=True)


def asked(client: Client, address: str, **headers: str) -> tuple[int, str, int]:
    """Return status, body and number of queries of a page."""
    with CaptureQueriesContext(connection) as captured:
        response = client.get(address, headers=headers)
    return response.status_code, response.text, len(captured)


def test_who_comes_second_gets_the_page_for_one_query() -> None:
    make.make_person("Ann Lee")
    for address in ("/people/", "/people/ann-lee/", "/th/people/ann-lee/", "/"):
        first, second = asked(Client(), address), asked(Client(), address)
        assert second[:2] == first[:2]
        assert first[2] > second[2] == 1


def test_a_page_in_another_language_or_of_another_address_is_another() -> None:
    make.make_person("Ann Lee")
    pages = {
        asked(Client(), address)[1] for _time in range(2) for address in ("/people/", "/th/people/", "/people/?q=ann")
    }
    assert len(pages) == 3
    offers = [asked(Client(), "/", accept_language=language)[1] for language in ("th", "vi", "en", "th")]
    assert offers[0] == offers[3]
    assert len(set(offers)) == 3


def test_after_a_write_nobody_gets_the_old_page() -> None:
    person = make.make_person("Ann Lee")
    client = Client()
    for new in ("Ann Leigh", "Ann Lê", "Anne Lee"):
        assert new not in asked(client, "/people/")[1]
        name = person.names.get(position=0)
        name.text = new
        name.save()
        assert new in asked(client, "/people/")[1]
        assert new in asked(client, "/people/")[1]
    person.status, person.withdrawn_reason = "withdrawn", "A double."
    person.save()
    assert "Anne Lee" not in asked(client, "/people/")[1]
    assert [asked(client, f"/people/{person.slug}/")[0] for _time in range(2)] == [410, 410]


@pytest.mark.slow
def test_what_a_page_counted_is_kept_for_its_other_addresses() -> None:
    person = make.make_person("Ann Lee")
    for number in range(52):
        make.make_statement(person, wording=f"Statement {number}.")

    def page(address: str) -> tuple[bool, bool]:
        """Return whether it counted, and whether it says 52."""
        with CaptureQueriesContext(connection) as captured:
            text = Client().get(address).text
        # Of a query that is prepared, PostgreSQL does not say the text.
        asked = [str(query["sql"]) for query in captured]
        # A sample of 400 rows says how a search is best asked; it counts nothing that is shown.
        counts = [sql for sql in asked if "COUNT(" in sql and "statement" in sql and "RECURSIVE spread" not in sql]
        return bool(counts), re.search(r"[> ]52 ", text) is not None

    page("/people/ann-lee/")
    assert [page(f"{language}/people/ann-lee/?n=1") for language in ("", "/vi", "/th")] == [(False, True)] * 3
    make.make_statement(person, wording="One more.")
    assert page("/people/ann-lee/?n=2") == (True, False)
    page("/search/?q=statement")
    assert page("/search/?q=statement&n=1") == (False, True)


def test_what_is_no_page_is_not_kept() -> None:
    client = Client()
    for address, status in (
        ("/people/nobody/", 404),
        ("/people/?page=9", 404),
        ("/events/?kind=x", 400),
        ("/people/?q=", 302),
    ):
        assert [asked(client, address)[0] for _time in range(2)] == [status, status]
    make.make_person("Ann Lee", slug="ann")
    assert asked(client, "/people/ann/")[0] == 200


def test_a_curator_gets_the_same_page_and_no_cookie_is_kept_in_it(admin_client: Client) -> None:
    make.make_person("Ann Lee")
    page, again = admin_client.get("/people/"), Client().get("/people/")
    assert page.content == again.content
    assert not again.cookies
