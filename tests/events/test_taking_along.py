"""What readers take along from a page: words to copy, a card to embed, feeds to follow, the guide to the API."""

from __future__ import annotations

import html
import re
from xml.etree import ElementTree

import pytest
from django.test import Client

from events.models import Statement
from tests import factories as make

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def quote() -> Statement:
    """A quote printed in Thai, with an English translation, that may not be hers."""
    statement = make.make_statement(
        make.make_person("Ann Lee"),
        wording="เราอยากเห็นห้องสมุด",
        nature="verbatim",
        language="th",
        certainty="inferred",
        note="By its place.",
        role_at_time="director",
    )
    make.make_wording(statement, "We want a library.", nature="translation")
    return statement


def copied(client: Client, statement: Statement, language: str = "") -> list[str]:
    """Return the texts that the page offers to copy."""
    page = client.get(f"{language and f'/{language}'}/statements/{statement.slug}/").text
    return [html.unescape(text) for text in re.findall(r'<div class="copy" hidden data-text="([^"]*)"', page)]


def test_what_is_copied_says_whose_words_they_are_and_how_sure_that_is(client: Client, quote: Statement) -> None:
    words, citation, frame = copied(client, quote)
    for text in (words, citation):
        assert "“เราอยากเห็นห้องสมุด” [in Thai]" in text
        assert "[English translation by the editors] We want a library." in text
        assert "Ann Lee (inferred), director" in text
        assert "Certainty: inferred." in text
        assert f"http://testserver/statements/{quote.slug}/" in text
    assert frame.startswith("<iframe ")


def test_a_reader_of_the_language_of_the_quote_gets_no_translation(client: Client, quote: Statement) -> None:
    words, *_more = copied(client, quote, "th")
    assert words.startswith("“เราอยากเห็นห้องสมุด”\n— Ann Lee")
    assert "library" not in words


def test_without_script_there_is_no_button(client: Client, quote: Statement) -> None:
    page = client.get(f"/statements/{quote.slug}/").text
    assert "<button" not in page.split("<main")[1]


def test_a_card_may_stand_in_a_frame_of_any_page_and_no_other_page_may(client: Client, quote: Statement) -> None:
    card = client.get(f"/statements/{quote.slug}/embed/")
    assert "frame-ancestors *" in card.headers["Content-Security-Policy"]
    assert "X-Frame-Options" not in card.headers
    assert "<style" not in card.text
    assert "<script" not in card.text
    assert card.text.count('class="verbatim"') == 1
    page = client.get(f"/statements/{quote.slug}/")
    assert "frame-ancestors 'none'" in page.headers["Content-Security-Policy"]
    assert page.headers["X-Frame-Options"] == "DENY"
    draft = make.make_statement(make.make_person("Bo Ek"), status="draft")
    assert client.get(f"/statements/{draft.slug}/embed/").status_code == 404


@pytest.mark.parametrize("language", ["", "th", "vi"])
def test_oembed_gives_the_card_to_who_asks_for_it(client: Client, quote: Statement, language: str) -> None:
    path = f"{language and f'/{language}'}/statements/{quote.slug}/"
    data = client.get("/oembed/", {"url": f"http://testserver{path}", "style": "card", "maxwidth": "400"}).json()
    assert f'<iframe src="http://testserver{path}embed/"' in data["html"]
    assert f'width="400" height="{data["height"]}"' in data["html"]
    assert "inferred" in data["title"] or language
    text = client.get("/oembed/", {"url": f"http://testserver{path}"}).json()["html"]
    assert "<iframe" not in text


def test_a_style_that_there_is_not_is_named(client: Client, quote: Statement) -> None:
    answer = client.get("/oembed/", {"url": f"/statements/{quote.slug}/", "style": "neon"})
    assert (answer.status_code, answer.json()) == (400, {"error": "style: There is no “neon”; choose text or card."})


@pytest.mark.parametrize("language", ["", "th", "vi"])
def test_every_record_with_statements_leads_to_its_feed(client: Client, language: str) -> None:
    source = make.make_source("Harbour news")
    person, organization, event = make.make_person("Ann Lee"), make.make_organization(), make.make_event()
    topic, initiative = make.make_topic(), make.make_initiative()
    about = {"topics": [topic], "initiatives": [initiative], "passages": [make.make_passage(source)]}
    make.make_statement(person, event, "Hers alone.", on_behalf_of=organization, **about)
    make.make_statement(make.make_person("Bo Ek"), wording="Of somebody else.")
    for record in (person, organization, event, topic, initiative, source):
        page = client.get(f"{language and f'/{language}'}/{record.plural}/{record.slug}/").text
        head, body = page.split("</head>")
        (address,) = {html.unescape(each) for each in re.findall(r'href="(/statements\.atom\?[^"]*)"', head)}
        assert html.escape(address) in body
        feed = ElementTree.fromstring(client.get(address).content)
        (entry,) = feed.findall(f"{ATOM}entry")
        assert "Hers alone." in ElementTree.tostring(entry, encoding="unicode")
        assert str(record) in (feed.findtext(f"{ATOM}title") or "")


def test_a_narrowed_list_leads_to_its_feed(client: Client) -> None:
    make.make_statement(make.make_person("Ann Lee"))
    head = client.get("/statements/?speaker=ann-lee&kind=reported").text.split("</head>")[0]
    assert "/statements.atom?speaker=ann-lee&amp;kind=reported" in head


def test_the_guide_to_the_api_is_a_page_and_swagger_leads_back(client: Client) -> None:
    guide = client.get("/th/api-guide/").text
    assert '<article class="guide" lang="en">' in guide
    assert "127.0.0.1" not in guide
    for address in re.findall(r'href="(/[^"#]*)"', guide.split('<article class="guide"')[1].split("</article>")[0]):
        assert client.get(address).status_code == 200, address
    assert 'href="/api-guide/"' in client.get("/api/v1/docs/").text
    assert 'href="/th/api-guide/"' in client.get("/th/").text
