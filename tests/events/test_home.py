"""The home page shows what the site is about: a quote as printed, one statement a speaker, topics, doubts, what to search for."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.utils.translation import override

from base.pages.documents import held
from base.text.languages import CODES, address_in
from directory.models import Passage
from events import home_choices
from events.home_choices import HomeStatement, chosen_quote, first_clause, one_a_speaker
from events.models import Statement
from tests import factories as make
from tests.reading import Page, article

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module", autouse=True)
def film_workshop(django_db_setup, django_db_blocker):  # type: ignore[no-untyped-def]
    """Load the article once."""
    with article(django_db_blocker):
        yield


def candidate(key: int, speaker: str, **columns: object) -> HomeStatement:
    values = {"kind": "reported", "certainty": "stated", "length": 100, **columns}
    return HomeStatement(key, speaker=("person", speaker), **values)  # type: ignore[arg-type]


@pytest.mark.parametrize("language", CODES)
def test_a_quote_stands_on_top_as_printed_with_its_place(client: Client, language: str) -> None:
    response = client.get(address_in("/", language))
    quote, strip = response.context["quote"], response.context["strip"]
    statement = Statement.objects.get(slug=quote["id"])
    assert (statement.statement_kind, statement.certainty) == ("direct", "stated")
    hero = response.text[response.text.index('<div class="hero">') : response.text.index('<div class="front">')]
    page = Page(hero)
    printed = statement.wordings.get(nature="verbatim")
    assert page.verbatim == [("th", printed.text)]
    reading = quote["reading"]
    assert reading["language"] == language
    assert reading["text"] in page.text
    paragraph = statement.passages.first().paragraph
    assert f"¶{paragraph}" in page.text
    assert strip.with_statements == [paragraph]
    assert f"/sources/film-workshop/#p{paragraph}" in " ".join(page.links)


def test_the_strip_of_the_quote_has_the_printed_words_alone(client: Client) -> None:
    response = client.get("/")
    statement = Statement.objects.get(slug=response.context["quote"]["id"])
    printed = statement.wordings.get(nature="verbatim").passage
    assert printed
    other = Passage.objects.filter(source=printed.source).exclude(paragraph=printed.paragraph)[0]
    statement.passages.add(other)  # it names the speaker, say
    assert client.get("/").context["strip"].with_statements == [printed.paragraph]


@pytest.mark.parametrize("language", CODES)
def test_nobody_speaks_twice(client: Client, language: str) -> None:
    response = client.get(address_in("/", language))
    shown = [response.context["quote"], *response.context["statements"]]
    speakers = [
        (card["speaker"] or card["speaker_organization"] or {}).get("id", card["speaker_label"]) for card in shown
    ]
    assert len(speakers) == len(set(speakers)) == 1 + home_choices.MOST_SPEAKERS
    assert all(card["certainty"] == "stated" for card in shown)
    assert response.text.count('<article class="statement">') == len(shown)


@pytest.mark.parametrize("language", CODES)
def test_every_example_finds_something(client: Client, language: str) -> None:
    response = client.get(address_in("/", language))
    part = re.search(r'<p class="examples">(.*?)</p>', response.text, re.S)
    assert part
    links = re.findall(r'href="([^"]*)"', part[1])
    texts = [text for text, _language, _words in response.context["examples"]]
    assert len(links) == len(texts) == 4
    assert re.search("[\u0e00-\u0e7f]", texts[0])
    assert re.search("[ăâđêôơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]", texts[1], re.I)
    assert texts[2].startswith("“")
    assert texts[3].isupper()
    for link in links:
        answer = client.get(link)
        assert answer.status_code == 200
        assert 'class="message"' not in answer.text, link


def test_topics_have_the_numbers_of_statements_and_people(client: Client) -> None:
    topics = client.get("/").context["topics"]
    assert [topic["uses"] for topic in topics] == sorted((topic["uses"] for topic in topics), reverse=True)
    for topic in topics:
        about = Statement.objects.published().filter(topics__slug=topic["id"])
        assert topic["uses"] == about.count()
        assert topic["people"] == about.exclude(speaker=None).values("speaker").distinct().count()


@pytest.mark.parametrize("language", CODES)
def test_doubts_say_why(client: Client, language: str) -> None:
    response = client.get(address_in("/", language))
    lines = response.context["doubts"]
    assert [line.row["certainty"] for line in lines] == ["disputed", "rejected", "inferred"]
    text = Page(response.text).text
    for line in lines:
        assert " ".join(line.row["note"].split()) in text
    assert len(held([line.row for line in lines])) == 2


def test_direct_comes_before_reported_stated_before_inferred_people_before_groups() -> None:
    among = [
        candidate(1, "a", kind="narrated", certainty="inferred"),
        candidate(2, "a", certainty="inferred"),
        candidate(3, "a", length=400),
        candidate(4, "a", length=120),
        candidate(5, "b", kind="direct", length=10),
        candidate(6, "c", certainty="disputed"),
        HomeStatement(7, "reported", "stated", ("label", "Delegates"), 110),
    ]
    assert [one.key for one in one_a_speaker(among, None)] == [5, 4, 7, 6]
    assert [one.key for one in one_a_speaker(among, among[4])] == [4, 7, 6]


def test_the_quote_is_stated_printed_and_short() -> None:
    among = [
        candidate(1, "a", kind="direct", length=40),
        candidate(2, "b", kind="direct", length=80, printed=True, translated=True),
        candidate(3, "c", kind="direct", length=60, printed=True, translated=True),
        candidate(4, "d", kind="direct", length=20, printed=True),
        candidate(5, "e", kind="direct", length=10, printed=True, translated=True, certainty="disputed"),
        candidate(6, "f", length=10, printed=True, translated=True),
    ]
    assert chosen_quote(among) == among[2]
    assert chosen_quote([among[0]]) is None


@pytest.mark.parametrize(
    ("text", "clause"),
    [
        ("Films join people; they last.", "Films join people"),
        ("Films, we think, join people.", "Films, we think"),
        ("Short. Yes", "Short. Yes"),
        ("ภาพยนตร์เชื่อมผู้คน และอยู่ได้นาน", "ภาพยนตร์เชื่อมผู้คน"),
        ("a" * 61, ""),
    ],
)
def test_an_example_is_the_first_clause_of_a_quote(text: str, clause: str) -> None:
    assert first_clause(text) == clause


def test_a_site_without_quotes_shows_what_it_has(client: Client) -> None:
    Statement.objects.filter(statement_kind="direct").update(status="draft")
    response = client.get("/")
    assert response.context["quote"] is None
    assert len(response.context["statements"]) == home_choices.MOST_SPEAKERS
    assert "verbatim" not in response.text


def test_narrated_statements_are_shown_where_there_is_nothing_else(client: Client) -> None:
    Statement.objects.exclude(statement_kind="narrated").update(status="draft")
    with override("en"):
        assert [card["kind"] for card in client.get("/").context["statements"]][:1] == ["narrated"]
    Statement.objects.update(status="draft")
    make.make_statement(wording="Films are made.", speaker_label="Somebody")
    assert len(client.get("/").context["statements"]) == 1
