"""Which words of a query are looked for, in which forms they stand in texts and names, and which letters are bold for them."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from base.lists.near_names import near_query
from base.lists.search import pieces
from base.lists.search_words import words_of
from directory.models import Initiative, Organization, Person, Topic
from events.models import Event
from events.search import search
from events.statement_search import StatementSearch
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("juggler of the Umbrella Works", "juggler umbrella works"),
        ("what Tony Bui said at Harvard", "what tony bui said harvard"),
        ("from Ha Noi to Da Nang", "ha noi da nang"),
        ("phát biểu của Tony Bui tại Harvard", "phat bieu tony bui harvard"),
        ("Tony Bui tai Harvard", "tony bui harvard"),
        ("Nguyễn Tài Thu", "nguyen tai thu"),  # tài is another word than tại
        ("Nguyen Tai", "nguyen tai"),
        ("Nguyen Trong Hoang", "nguyen trong hoang"),
        ("phim trong kỷ nguyên AI", "phim ky nguyen ai"),
        ("To Hoai", "to hoai"),
        ("Tô Hoài", "to hoai"),
        ("คำพูด ของ โทนี่ บุย ที่ Harvard", "คำพูด โทนี่ บุย harvard"),
        ("ของVFDA", "vfda"),
        ("the", "the"),
        ("of the", "of the"),
        ("ของ ที่", "ของ ที่"),
        ("tại", "tai"),
        ("tony tony", "tony"),
        ("", ""),
        ("–", ""),
    ],
)
def test_words_that_only_connect_others_are_left_out(query: str, words: str) -> None:
    assert " ".join(words_of(query)) == words


@pytest.mark.parametrize(
    ("query", "text", "found"),
    [
        ("Viet Nam", "Films from Vietnam are long.", True),
        ("viet nam films", "Vietnamese films are long.", True),
        ("Ha Noi", "We met in Hanoi.", True),
        ("Hà Nội", "We met in Hanoi.", True),
        ("Da Nang films", "The films of Danang are long.", True),
        ("in Da Nang", "Films come to Đà Nẵng.", True),
        ("Ha Noi", "Hand in hand, noisily.", False),
        ("to be", "Films of October.", False),
        ("a part", "Parts are apart.", True),  # “a” only connects others
        ("Noi Ha", "We met in Hanoi.", False),
        ("Ha films Noi", "Films of Hanoi.", False),  # not next to each other
        ("AI film", "Filmmakers say thaifilm.", False),
        ("anti-corruption", "An anti-corruption film.", True),
        ("anti-corruption", "An anticorruption film.", True),
        ("anti-corruption", "An anti corruption film.", True),
        ("anti-corruption", "Films against corruption.", False),
        ("co-operation", "A cooperation of films.", True),
        ("co-operation", "A co-operation of films.", True),
        ("co operation", "A cooperation of films.", True),
        ("co-operation", "An operation of films.", False),
        ("e-mail", "Films by email.", True),
        ("re-made", "Films are remade.", True),
        ("re-made", "Films are made.", False),
        ("mid-term", "A midterm film.", True),
    ],
)
def test_two_words_may_be_one_in_a_text(query: str, text: str, found: bool) -> None:
    statement = make.make_statement(make.make_person("Zebulon Quist"), wording=text)
    assert list(StatementSearch(query).matches) == ([statement] if found else [])


@pytest.mark.parametrize(
    ("query", "name", "found"),
    [
        ("Viet Nam Works", "Vietnam Works", True),
        ("Ha Noi Works", "Hanoi Works", True),
        ("works of Ha Noi", "Hanoi Works", True),
        ("Ha Noi Works", "Hanoian Works", True),
        ("Ha Noi Works", "Noi Works", False),
        ("anti-corruption works", "Anticorruption Works", True),
        ("co-op works", "Coop Works", True),
    ],
)
def test_two_words_may_be_one_in_a_name(query: str, name: str, found: bool) -> None:
    organization = make.make_organization(name)
    statement = make.make_statement(None, speaker_organization=organization, wording="Films are long.")
    hits = [hit for group in search(query) if group.model is Organization for hit in group.hits]
    assert [hit.record["id"] for hit in hits] == ([organization.slug] if found else [])
    assert all(hit.because is None for hit in hits)
    assert list(StatementSearch(f"{query} films").matches) == ([statement] if found else [])


@pytest.mark.parametrize(
    ("query", "text", "shown"),
    [
        ("Ngo Phuong Lan AI", "Bà Ngô Phương Lan nói ngoài AIWS: AI", "Bà [Ngô] [Phương] [Lan] nói ngoài AIWS: [AI]"),
        ("ngo", "ngoài ra", "ngoài ra"),
        ("AI", "AIWS, said", "AIWS, said"),
        ("AI", "ด้านAI", "ด้าน[AI]"),
        ("us", "US's and U.S. use us.", "[US]'s and [U.S]. use [us]."),
        ("Viet Nam", "Vietnam and Việt Nam", "[Vietnam] and [Việt] [Nam]"),
        ("Ha Noi", "Hanoi, Hand in hand", "[Hanoi], Hand in hand"),
        ("anti-corruption", "an anti-corruption, anticorruption", "an [anti]-[corruption], [anticorruption]"),
        ("juggler of works", "juggler of works", "[juggler] of [works]"),
    ],
)
def test_bold_are_the_words_that_matched(query: str, text: str, shown: str) -> None:
    assert "".join(f"[{piece}]" if hit else piece for hit, piece in pieces(text, words_of(query))) == shown


def test_of_a_name_the_beginning_that_matched_is_bold() -> None:
    assert pieces("AIWS Film Park", words_of("ai"), of_name=True)[0] == (True, "AI")
    assert pieces("AI and AIWS", words_of("ai"), of_name=True) == [(True, "AI"), (False, " and AIWS")]


# Suggestions and what was meant ----------------------------------------------------------------------------------------------
def suggestions(client: Client, query: str) -> str:
    """Return the suggestions for a query as text without tags."""
    html = client.get(f"/search/suggest/?q={quote(query)}").text
    return " ".join("".join(part.partition(">")[2] for part in f">{html}".split("<")).split())


def test_a_suggested_statement_has_its_kind_and_certainty(client: Client) -> None:
    make.make_statement(
        make.make_person("Zebulon Quist"),
        wording="Films are long.",
        nature="paraphrase",
        statement_kind="narrated",
        certainty="inferred",
        note="The passage does not say so.",
    )
    assert "Zebulon Quist (narrated, inferred)" in suggestions(client, "films are")


def test_a_rejected_spelling_is_said_to_be_one_and_is_never_meant(client: Client) -> None:
    person = make.make_person("Zebulon Quist")
    make.make_name(person, "Zebulon Casting", "en", kind="variant", certainty="rejected", note="A job, not a name.")
    assert "spelled Zebulon Casting (rejected)" in suggestions(client, "casting")
    assert near_query("castingg", [Person]) == ""
    assert near_query("zebullon", [Person]) == "Zebulon"


def test_names_like_a_long_query_are_looked_for_once_a_kind() -> None:
    """SQLite refuses a query of more than 500 in one."""
    make.make_person("Zebulon Quist")
    kinds = [Person, Organization, Initiative, Topic, Event]
    query = " ".join(["zebullonwilhelminaxylophone", "constantinopolitanumbrella", "abcdefghijklmnopqrs"] * 2)
    with CaptureQueriesContext(connection) as captured:
        near_query(f"{query} zebullon", kinds)
    assert captured.captured_queries[0]["sql"].count("UNION ALL") == len(kinds) - 1
