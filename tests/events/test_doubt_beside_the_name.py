"""Kind and certainty stand beside the speaker's name wherever a statement is shown, and the reason is one tap away."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from tests import factories as make
from tests.reading import Page

pytestmark = pytest.mark.django_db

NOTE = "Nobody is named in ¶1; it goes on in her voice."


@pytest.fixture
def statement() -> Any:
    """A narrated statement whose speaker was inferred."""
    ann, event = make.make_person("Ann Lee"), make.make_event("Film Workshop")
    return make.make_statement(
        ann,
        event,
        "Films need friends.",
        passages=[make.make_passage(words="Films need friends, it goes on.")],
        topics=[make.make_topic("Training")],
        initiatives=[make.make_initiative("Film Fund")],
        on_behalf_of=make.make_organization("Film Board"),
        statement_kind="narrated",
        certainty="inferred",
        note=NOTE,
    )


def html_of(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.text.partition('<main id="content"')[2]


CARDS = ["/statements/", "/search/?q=films", "/events/film-workshop/", "/topics/training/", "/initiatives/film-fund/"]
BESIDE = re.compile(
    r'<a href="/people/ann-lee/">Ann Lee</a>.*?'
    r'<a class="kind" href="/how-we-work/#narrated">narrated</a>.*?'
    r'<details class="why"><summary class="doubt">inferred</summary>(.*?)</details>',
    re.S,
)


@pytest.mark.parametrize("address", [*CARDS, "/organizations/film-board/"])
def test_on_a_card_the_doubt_follows_the_name_with_its_reason(client: Client, statement: Any, address: str) -> None:
    html = html_of(client, address)
    beside = BESIDE.search(html[html.index('<article class="statement">') :])
    assert beside, html
    assert "Nobody is named in" in beside[1]
    assert '<a href="/sources/an-article/#p1">¶1</a>' in beside[1]
    assert 'href="/how-we-work/#inferred"' in beside[1]
    assert len(beside[0]) - len(beside[1]) < 700  # nothing stands between them


def test_on_its_page_the_doubt_comes_before_the_words(client: Client, statement: Any) -> None:
    html = html_of(client, f"/statements/{statement.slug}/")
    beside = BESIDE.search(html)
    assert beside
    assert beside.end() < html.index("<h1")


def test_where_the_page_is_the_speakers_kind_and_doubt_stand_alone(client: Client, statement: Any) -> None:
    html = html_of(client, "/people/ann-lee/")
    card = html.partition('<article class="statement">')[2].partition("</article>")[0]
    assert '<summary class="doubt">inferred</summary>' in card
    assert 'href="/how-we-work/#narrated"' in card
    assert "Ann Lee" not in card


def test_in_a_line_kind_and_doubt_follow_the_name(client: Client, statement: Any) -> None:
    page = Page(client.get("/sources/an-article/").text)
    assert re.search(r"Ann Lee \(\s*narrated\s*,\s*inferred\s*\): Films need friends", page.text)
    assert page.text.count("inferred )") + page.text.count("inferred)") == 1


def test_a_role_that_names_the_organization_is_not_told_twice(client: Client, statement: Any) -> None:
    statement.role_at_time = "President of Film Board"
    statement.save()
    text = Page(client.get(f"/statements/{statement.slug}/").text).text
    assert "Ann Lee as President of Film Board ·" in text or "Ann Lee as President of Film Board narrated" in text
    assert "on behalf of Film Board" not in text.partition("Films need friends")[0]
    assert "/organizations/film-board/" in Page(client.get(f"/statements/{statement.slug}/").text).links
    statement.role_at_time = "President"
    statement.save()
    text = Page(client.get(f"/statements/{statement.slug}/").text).text
    assert "Ann Lee as President on behalf of Film Board" in text


def test_words_as_printed_stand_in_quotation_marks_where_they_are_the_heading(client: Client) -> None:
    quote = make.make_statement(
        make.make_person("Bo Li"),
        None,
        "Films matter.",
        nature="verbatim",
        passages=[make.make_passage(words="Films matter.")],
    )
    for address in (f"/statements/{quote.slug}/", "/statements/"):
        assert "“Films matter.”" in Page(client.get(address).text).text


def test_who_has_a_name_in_the_letters_of_the_page_misses_none(client: Client) -> None:
    make.make_person("Ngô Phương Lan", "vi")
    thai = make.make_person("โทนี่ บุย", "th")
    assert "none in English" not in client.get("/people/ngo-phuong-lan/").text
    assert "Name in Thai; none in English is on record." in client.get(f"/people/{thai.slug}/").text


def test_the_head_of_every_page_has_the_languages_and_the_menu(client: Client) -> None:
    for address in ("/", "/people/", "/th/doubts/", "/how-we-work/"):
        head = client.get(address).text.partition("<header")[2].partition("</header>")[0]
        page = Page(head, address)
        assert {"/doubts/", "/how-we-work/"} <= {link.removeprefix("/th") for link in page.links}
        assert re.findall(r'hreflang="(\w+)"', head) == ["en", "th", "vi"]
        assert "English ไทย Tiếng Việt" in page.text
