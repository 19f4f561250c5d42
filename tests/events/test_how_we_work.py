"""The page How we work: every mark and word that the site uses is explained, with an example from the record if there is one."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from base.records.provenance import Certainty
from events.models.statements import StatementKind
from tests import factories as make
from tests.queries import Queries
from tests.reading import Page, article
from tests.world import publish_world

pytestmark = pytest.mark.django_db

WORDS = [*StatementKind.values, *Certainty.values, "printed", "bars", "in-our-words"]


def page_of(client: Client) -> Page:
    answer = client.get("/how-we-work/")
    assert answer.status_code == 200
    return Page(answer.text, "/how-we-work/")


def section(page: Page, name: str) -> str:
    """Return the HTML of the section of one word."""
    return page.html.partition(f'<section id="{name}">')[2].partition("</section>")[0]


def test_every_word_and_mark_is_explained_on_an_empty_site(client: Client) -> None:
    page = page_of(client)
    for word in WORDS:
        assert re.search(r"<h3.*>.+</h3>\s*<p>.{40,}</p>", section(page, word)), word
        assert "From the record" not in section(page, word)


def test_every_word_has_an_example_from_the_record(client: Client, django_db_blocker: object) -> None:
    with article(django_db_blocker):  # type: ignore[arg-type]  # a fixture of pytest-django
        page = page_of(client)
    for word in WORDS:
        assert "From the record" in section(page, word), word
    assert 'class="verbatim"' in section(page, "printed")
    assert 'class="said-here"' in section(page, "bars")
    for word in (*StatementKind.values, Certainty.INFERRED):
        assert f'href="/how-we-work/#{word}"' in section(page, word)
    assert "<h4" in section(page, "direct")


def test_it_claims_nothing_that_the_site_does_not_keep(client: Client) -> None:
    page = page_of(client)
    assert "Nothing else on this site is yellow" not in page.text  # the brand and the legend are
    assert "everybody can see the answer" not in page.text + client.get("/data/").text
    for bars in ("Dark bars", "outlined bars", "tinted bars"):
        assert bars in section(page, "bars")


def test_examples_are_public(client: Client) -> None:
    make.make_statement(make.make_person("Ed Hide"), wording="Hidden words.", status="draft")
    assert "Hidden" not in page_of(client).html


def test_who_stands_behind_the_site_is_said_and_that_nobody_says_so(client: Client, settings: object) -> None:
    assert "Whoever runs this site has not said here who they are." in page_of(client).text
    assert "No address is given on this site." in page_of(client).text
    first = client.get("/how-we-work/").headers["ETag"]
    settings.SITE_EDITORS, settings.SITE_CONTACT = (
        "The film desk",
        ["mailto:desk@record.example", "https://record.example/us"],
    )  # type: ignore[attr-defined]
    page = page_of(client)
    assert "The editors: The film desk." in page.text
    assert {"mailto:desk@record.example", "https://record.example/us"} <= set(page.links)
    assert "desk@record.example" in page.text
    assert client.get("/how-we-work/").headers["ETag"] != first


def test_the_page_costs_the_same_however_much_is_on_record(client: Client, queries: Queries) -> None:
    publish_world()
    with queries("/how-we-work/"):
        client.get("/how-we-work/")
    for number in (2, 3):
        publish_world(number)
    with queries("/how-we-work/"):
        client.get("/how-we-work/")


def test_the_sitemap_has_the_pages_that_are_no_records_in_every_language(client: Client) -> None:
    assert "http://testserver/sitemap-pages.xml" in client.get("/sitemap.xml").text
    listed = client.get("/sitemap-pages.xml").text
    for path in ("/", "/doubts/", "/how-we-work/", "/data/", "/network/"):
        for language in ("", "/th", "/vi"):
            assert f"<loc>http://testserver{language}{path}</loc>" in listed
