"""Whichever way a condition is put to the database, the same statements are found: those that a scan finds."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any
from urllib.parse import quote

import pytest
from django.db import connection
from django.db.models import F
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django import DjangoDbBlocker

from base.lists import search
from base.lists.search import search_rows
from base.lists.search_words import name_forms, text_forms, words_of
from base.sql import lookup_or_scan
from base.sql.prepared import AnyOf
from base.text.names import fold
from directory.models import Organization, Person, Topic
from events.filters import StatementFilter
from events.models import Statement
from tests import factories as make

pytestmark = pytest.mark.django_db

WORDS = {
    "th": ["ความ", "การ", "ภาพยนตร์", "วัฒนธรรม", "ที่", "ปัญญาประดิษฐ์", "น้ำ", "ข่าว"],
    "vi": ["nha", "hanh", "nhanh", "anh", "điện", "ảnh", "của", "phuất", "bản", "sắc"],
    "en": ["film", "nation", "ation", "4.0", "don't", '"so"', "100%", "a_b", "back\\slash", "AI"],
}
ONE_AND_TWO = ["a", "ai", "4.0", "0%", "b\\", "a_b"]  # whole words
UNSPACED = ["ก", "ำ", "กา"]
ONLY_SIGNS = ["%", "_", "\\", '"']
QUERIES = [
    *("ความ", "ความการ", "ภาพยนตร์", "ยนต", "การ วัฒ", "ปัญญาประดิษฐ์ที่", "ข่าว", "น้ำ", "ัฒน"),
    *("nha", "nhanh", "nhanhanh", "hanh anh", "phuat", "nh anh", "điện ảnh", "sac ban", "cua nha anh"),
    *(
        "film",
        "nation",
        "ationation",
        "nation film",
        "film AI",
        "film ก",
        "back\\slash",
        "don't",
        "100%",
        "no such words",
    ),
    *('"so"', 'film "so"', "x AND y", 'film" OR "nation', "film*", "search:film"),
    *ONE_AND_TWO,
    *UNSPACED,
]
# (rows that are few, rows of the sample that make a word common): looked up and few, looked up and many, not looked up.
STAGES = {"few": (4000, 10**6), "many": (1, 10**6), "common": (4000, 1)}


@pytest.fixture(scope="module", autouse=True)
def world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Make sixty statements of a few words, every seventh a draft."""
    from django.db import transaction

    chance = random.Random(1)
    with django_db_blocker.unblock(), transaction.atomic():
        people = [make.make_person(f"Person {number}") for number in range(3)]
        boards = [make.make_organization(f"Board {number}") for number in range(3)]
        topics = [make.make_topic(f"Topic {number}") for number in range(3)]
        for number in range(60):
            language = chance.choice(list(WORDS))
            text = " ".join(chance.choices(WORDS[language], k=chance.randint(1, 6)))
            speaks = chance.choice(
                [{"speaker": chance.choice(people)}, {"speaker_organization": chance.choice(boards)}]
            )
            make.make_statement(
                wording=text if language != "th" else text.replace(" ", ""),
                language=language,
                nature=chance.choice(["paraphrase", "translation"]) if number % 5 else "verbatim",
                date=f"20{chance.randint(10, 14)}-0{chance.randint(1, 9)}-01",
                status="published" if number % 7 else "draft",
                on_behalf_of=chance.choice([None, *boards]),
                role_at_time=chance.choice(["director", "critic", ""]),
                topics=chance.sample(topics, chance.randint(0, 2)),
                about_people=chance.sample(people, chance.randint(0, 1)),
                about_organizations=chance.sample(boards, chance.randint(0, 1)),
                **speaks,
            )
        yield
        transaction.set_rollback(True)


@pytest.fixture(params=STAGES)
def stage(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Set what is few and what is common."""
    few, common = STAGES[request.param]
    monkeypatch.setattr(lookup_or_scan, "MOST_LOOKED_UP", few)
    monkeypatch.setattr(search, "COMMON", common)
    monkeypatch.setattr(search, "COMMON_ROWS", 0)  # however small the table is
    return str(request.param)


def scan(query: str) -> list[str]:
    """Return the public ids of the statements with every word in their text or in a name of what they are linked with, in order."""
    return [row.slug for row in Statement.objects.published() if all(has_word(row, word) for word in words_of(query))]


def has_word(row: Statement, word: str) -> bool:
    """Whether a word is in the text of a statement or in a name of what it is linked with."""
    ends = [row.speaker, row.speaker_organization, row.on_behalf_of, row.event]
    named = [*ends, *row.topics.all(), *row.about_people.all(), *row.about_organizations.all()]
    return any(form in row.search for form in text_forms(word)) or any(
        form in record.search for record in named if record for form in name_forms(word, whole=True)
    )


@pytest.mark.parametrize("query", QUERIES)
@pytest.mark.slow
def test_a_search_finds_what_a_scan_finds(query: str, stage: str) -> None:
    assert list(search_rows(Statement.objects.published(), query).values_list("slug", flat=True)) == scan(query)


@pytest.mark.parametrize("query", ONLY_SIGNS)
def test_punctuation_alone_finds_nothing(query: str, stage: str) -> None:
    assert list(search_rows(Statement.objects.published(), query)) == []


def test_the_queries_find_none_few_and_many() -> None:
    sizes = {len(scan(query)) for query in QUERIES}
    assert 0 in sizes
    assert max(sizes) > 20


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(query=st.text(alphabet="nhaกา ่ต%_\\\"'*.-0fim", min_size=1, max_size=12).filter(fold))
def test_any_text_finds_what_a_scan_finds(query: str, stage: str) -> None:
    assert list(search_rows(Statement.objects.published(), query).values_list("slug", flat=True)) == scan(query)


@pytest.mark.parametrize("query", ["film", "nha", "การ"])
def test_pages_by_cursor_go_through_a_search(client: Client, query: str, stage: str) -> None:
    address: str | None = f"/api/v1/statements/?q={quote(query)}&page_size=3&fields=id"
    met: list[str] = []
    while address:
        page = client.get(address).json()
        met += [row["id"] for row in page["results"]]
        address = page["next"]
    assert met == scan(query)
    assert client.get(f"/api/v1/statements/?q={quote(query)}&page_size=1&count=true").json()["count"] == len(met)


# One and two letters ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("query", ["ก", "กา", "ำ"])
def test_short_words_are_looked_for_in_the_newest(monkeypatch: pytest.MonkeyPatch, query: str) -> None:
    monkeypatch.setattr(search, "NEWEST", 10)
    rows = list(Statement.objects.published().values_list("slug", "search", "sort_date"))
    newest = [(slug, text) for slug, text, day in rows if day >= rows[9][2]]
    assert 10 <= len(newest) < len(rows)
    expected = [slug for slug, text in newest if fold(query) in text]
    assert list(search_rows(Statement.objects.published(), query).values_list("slug", flat=True)) == expected


def test_in_a_small_table_words_of_many_rows_are_looked_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """To look four thousand rows up is quicker than to read a table of a hundred thousand for the last of a thousand."""
    rows = Statement.objects.published()
    assert len(scan("anh")) > search.COMMON
    for most, looked_up in ((4000, True), (0, False)):
        monkeypatch.setattr(search, "COMMON_ROWS", most)
        (condition,) = lookup_or_scan.choose_conditions(rows.db, [search.search_condition(rows, "anh")])
        assert isinstance(condition, AnyOf) == looked_up


def test_the_newest_are_those_of_the_list(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "NEWEST", 5)
    person = Person.objects.get(slug="person-1")
    rows = list(Statement.objects.published().filter(speaker=person).values_list("slug", "search", "sort_date"))
    expected = [slug for slug, text, day in rows if day >= rows[4][2] and "ก" in text]
    used = StatementFilter({"q": "ก", "speaker": "person-1"}, queryset=Statement.objects.published())
    assert [row.slug for row in used.qs] == expected
    assert used.looked_through == 5


def test_only_short_words_alone_are_bounded() -> None:
    bounded = {query for query in (*QUERIES, "ai film", "กา") if search.searches_newest_only(Statement, query)}
    assert bounded == {*UNSPACED}
    assert not search.searches_newest_only(Person, "ก")


NOTE = "Thai words of one or two letters are looked for in the newest 20,000 statements only."


def test_answers_and_pages_say_how_far_was_looked(client: Client) -> None:
    said = {
        address: client.get(f"/api/v1/{address}&page_size=1&fields=id").json().get("looked_through")
        for address in ("statements/?q=ก", "statements/?q=film", "people/?q=pe", "statements/?kind=direct")
    }
    assert said == {
        "statements/?q=ก": 20_000,
        "statements/?q=film": None,
        "people/?q=pe": None,
        "statements/?kind=direct": None,
    }
    pages = ("/statements/?q=ก", "/search/?q=ก", "/statements/?q=film", "/search/?q=film", "/people/?q=pe")
    assert [page for page in pages if NOTE in client.get(page).text] == ["/statements/?q=ก", "/search/?q=ก"]


def test_a_search_page_counts_so_far(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    assert len(scan("anh")) > 9
    monkeypatch.setattr("base.lists.counting.MOST_COUNTED", 9)
    text = client.get("/search/?q=anh").text
    assert text.count("9+ in all") == 1
    assert text.count("9+ results") == 1


# Filters ---------------------------------------------------------------------------------------------------------------------
def by(condition: Callable[[Any], bool]) -> list[str]:
    """Return the public ids of the statements for which this holds, in the order of lists."""
    return [row.slug for row in Statement.objects.published() if condition(row)]


def spoken(row: Any, *slugs: str) -> bool:
    """Whether one of these organizations speaks or is spoken for."""
    return any(board is not None and board.slug in slugs for board in (row.speaker_organization, row.on_behalf_of))


def holds(row: Any, **columns: Any) -> bool:
    """Whether a statement has a wording with these values."""
    return any(all(getattr(one, name) == value for name, value in columns.items()) for one in row.wordings.published())


FILTERS: dict[str, tuple[dict[str, str], Callable[[Any], bool]]] = {
    "organization": ({"organization": "board-1"}, lambda row: spoken(row, "board-1")),
    "organizations": ({"organization__in": "board-1,board-2"}, lambda row: spoken(row, "board-1", "board-2")),
    "speakers": (
        {"speaker__in": "person-0,person-2"},
        lambda row: row.speaker is not None and row.speaker.slug in ("person-0", "person-2"),
    ),
    "one speaker in a list": (
        {"speaker__in": "person-0"},
        lambda row: row.speaker is not None and row.speaker.slug == "person-0",
    ),
    "roles": ({"role_at_time__in": "director,critic"}, lambda row: row.role_at_time != ""),
    "topic": ({"topic": "topic-1"}, lambda row: row.topics.filter(slug="topic-1").exists()),
    "topics": ({"topic__in": "topic-1,topic-2"}, lambda row: row.topics.exclude(slug="topic-0").exists()),
    "about": ({"about": "board-1"}, lambda row: row.about_organizations.filter(slug="board-1").exists()),
    "about any": (
        {"about__in": "board-1,person-1"},
        lambda row: (
            row.about_organizations.filter(slug="board-1").exists() or row.about_people.filter(slug="person-1").exists()
        ),
    ),
    "language": ({"language": "vi"}, lambda row: holds(row, language="vi")),
    "language and nature": (
        {"language": "vi", "nature": "paraphrase"},
        lambda row: holds(row, language="vi", nature="paraphrase"),
    ),
    "proven": ({"proven": "true"}, lambda row: holds(row, proven=True)),
    "not proven": ({"proven": "false"}, lambda row: not holds(row, proven=True)),
    "source": ({"source": "an-article"}, lambda row: row.passages.exists()),
    "paragraph": (
        {"source": "an-article", "paragraph": "2"},
        lambda row: row.passages.filter(paragraph=2).exists(),
    ),
    "updated": ({"updated_since": "2020-01-01"}, lambda row: True),
    "not updated": ({"updated_before": "2020-01-01"}, lambda row: False),
    "all together": (
        {"q": "nha", "topic": "topic-1", "language": "vi", "organization__in": "board-0,board-1,board-2"},
        lambda row: (
            "nha" in row.search
            and row.topics.filter(slug="topic-1").exists()
            and holds(row, language="vi")
            and spoken(row, "board-0", "board-1", "board-2")
        ),
    ),
}


@pytest.mark.parametrize("name", FILTERS)
def test_a_filter_leaves_what_a_scan_leaves(name: str, stage: str) -> None:
    data, condition = FILTERS[name]
    used = StatementFilter(data, queryset=Statement.objects.published())
    assert [row.slug for row in used.qs] == by(condition)


def test_filters_leave_something() -> None:
    assert [name for name, (_data, condition) in FILTERS.items() if not by(condition)] == ["not updated"]


def test_drafts_at_the_ends_are_asked_for_once(stage: str) -> None:
    hidden = Topic.objects.get(slug="topic-2")
    hidden.status = "withdrawn"
    hidden.withdrawn_reason = "Wrong."
    hidden.save()
    used = StatementFilter({"topic": "topic-2"}, queryset=Statement.objects.published())
    assert not used.form.is_valid()


# Queries ---------------------------------------------------------------------------------------------------------------------
def asked(data: dict[str, str]) -> list[str]:
    """Return the queries of a list by these filters, and of what its facets ask for."""
    used = StatementFilter(data, queryset=Statement.objects.published())
    assert used.form.is_valid()
    with CaptureQueriesContext(connection) as captured:
        list(used.qs)
        list(used.narrow(Statement.objects.published(), without=("kind", "ordering")))
    return [query["sql"] for query in captured]


@pytest.mark.parametrize(
    ("data", "number"),
    [
        ({}, 2),
        ({"speaker": "person-1"}, 2),
        ({"topic": "topic-1"}, 3),
        ({"q": "film"}, 6),
        ({"q": "ก"}, 5),
        ({"q": "film", "topic": "topic-1", "language": "vi", "organization": "board-1", "proven": "true"}, 6),
    ],
)
def test_one_query_decides_for_a_list_and_its_facets(data: dict[str, str], number: int) -> None:
    assert len(asked(data)) == number


def test_keys_of_a_list_are_one_parameter() -> None:
    few = Statement.objects.filter(AnyOf(F("pk"), set(range(100_000, 200_000))))
    assert list(few) == []
    assert list(Statement.objects.filter(AnyOf(F("pk"), set()))) == []


def test_nothing_is_decided_for_nothing(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        assert lookup_or_scan.choose_conditions("default", []) == []


def test_names_and_titles_are_found_in_full(stage: str) -> None:
    assert list(search_rows(Organization.objects.published(), "b").values_list("slug", flat=True)) == [
        f"board-{number}" for number in range(3)
    ]
    assert [row.slug for row in islice(search_rows(Person.objects.published(), "person 1"), 2)] == ["person-1"]
