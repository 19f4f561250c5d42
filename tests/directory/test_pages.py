"""Lists and pages under hostile addresses and hostile data: always an answer, always escaped, always well formed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from django.apps import apps
from django.test import Client
from pytest_django import DjangoDbBlocker

from base.pages.views import PAGE_SIZE
from directory.models import Person
from events.models import Statement
from tests import factories as make
from tests.reading import Page, article, ids_of

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module", autouse=True)
def film_workshop(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Load the article once."""
    with article(django_db_blocker):
        yield


LISTS = ["events", "people", "organizations", "initiatives", "statements", "sources", "topics"]


@pytest.mark.parametrize("kind", LISTS)
@pytest.mark.parametrize("asked", ["99999", "0", "-1", "x", "1.5", "٢", "9" * 100, "2000000000", ""])
@pytest.mark.slow
def test_a_page_that_is_not_there_names_the_last(client: Client, kind: str, asked: str) -> None:
    response = client.get(f"/{kind}/", {"page": asked})
    assert response.status_code == 404
    last = {"statements": 3}.get(kind, 1)
    assert f"There is no page “{asked[:40]}” of this list; it has {last}." in response.text


@pytest.mark.parametrize(
    ("address", "name", "reason"),
    [
        ("/statements/?speaker=nobody", "speaker", "There is no “nobody” here."),
        ("/statements/?speaker=%00", "speaker", "There is no"),
        ("/statements/?speaker=" + "x" * 10_000, "speaker", "There is no “" + "x" * 80 + "” here."),
        ("/statements/?kind=sung", "kind", "sung is not one of the available choices."),
        ("/statements/?kind=%00", "kind", "is not one of the available choices."),
        ("/statements/?paragraph=0", "paragraph", "greater than or equal to 1"),
        ("/statements/?paragraph=1.5", "paragraph", "Enter a whole number."),
        ("/statements/?paragraph=1e400", "paragraph", "Enter a whole number."),
        ("/statements/?paragraph=NaN", "paragraph", "Enter a whole number."),
        ("/statements/?paragraph=" + "9" * 5000, "paragraph", "Enter a whole number."),
        ("/statements/?language=" + "x" * 36, "language", "at most 35 characters"),
        ("/statements/?language=%00", "language", "Null characters are not allowed."),
        ("/statements/?ordering=beauty", "ordering", "beauty is not one of the available choices."),
        ("/events/?after=soon", "after", "Enter a valid date."),
        ("/events/?before=2025-02-30", "before", "Enter a valid date."),
        ("/people/?organization=nobody", "organization", "There is no “nobody” here."),
        ("/people/?organization=%3Cscript%3E", "organization", "There is no “&lt;script&gt;” here."),
        ("/people/?q=" + "x" * 10_000, "q", "at most 200 characters (it has 10000)"),
        ("/sources/?kind=book", "kind", "book is not one of the available choices."),
    ],
)
def test_a_filter_that_cannot_be_used_is_named(client: Client, address: str, name: str, reason: str) -> None:
    response = client.get(address)
    assert response.status_code == 400
    assert Page(response.text).faults == []
    assert f'<li><strong lang="en">{name}</strong>: ' in response.text
    assert reason in response.text
    everything = client.get(urlsplit(address).path)
    assert response.context["paginator"].count == everything.context["paginator"].count


def test_the_other_filters_still_hold_and_can_be_removed(client: Client) -> None:
    response = client.get("/statements/?speaker=tony-bui&topic=nothing")
    assert response.status_code == 400
    assert response.context["paginator"].count == 5
    assert [(str(chip.label), chip.query) for chip in response.context["chips"]] == [("Speaker", "?topic=nothing")]


def test_a_title_says_filters_and_page(client: Client) -> None:
    def title(address: str) -> str:
        return re.search("<title>(.*?)</title>", client.get(address).text)[1]

    assert title("/statements/") == "Statements – On the Record"
    assert title("/statements/?page=2") == "Statements, Page 2 of 3 – On the Record"
    assert title("/statements/?kind=direct&speaker=tony-bui") == "Statements: Tony Bui, direct quote – On the Record"


@pytest.mark.parametrize("kind", LISTS)
def test_foreign_parameters_are_ignored(client: Client, kind: str) -> None:
    plain = client.get(f"/{kind}/")
    response = client.get(f"/{kind}/?utm_source=x&utm_source=y&%00=1&slug=x&%ff=%ff")
    assert response.status_code == 200
    assert ids_of(response.context["page_obj"]) == ids_of(plain.context["page_obj"])
    links = [
        link for link in Page(response.text, f"/{kind}/").links if not re.match(f"(/th|/vi)?/{kind}/[?]utm_", link)
    ]
    assert [link for link in links if "utm_source" in link] == []
    for form in (f"/api/v1/{kind}/", f"/api/v1/export/{kind}.csv"):
        assert form in links


@pytest.mark.parametrize("kind", LISTS)
@pytest.mark.parametrize(
    "query",
    [
        "q=a%00b",
        "q=%01%02%1f%7f",
        "q=%ff%fe",
        "q=%ed%a0%80",
        "q=%F0%9F%8E%AC",
        "q=%E0%B8%B3",
        "q=%25_%5C",
        "&&=&;",
        "q",
    ],
)
def test_whatever_is_typed_is_answered(client: Client, kind: str, query: str) -> None:
    response = client.get(f"/{kind}/?{query}", follow=True)
    assert response.status_code == (400 if query in ("q=a%00b", "q=%01%02%1f%7f") else 200)  # control characters
    assert Page(response.text).faults == []


@pytest.mark.parametrize("kind", LISTS)
@pytest.mark.parametrize(
    ("asked", "kept"),
    [
        ("q=&ordering=", ""),
        ("q=&ordering=&page=1", "?page=1"),
        ("q", ""),
        ("q=&utm_source=&x=%2F%0A", "?utm_source=&x=%2F%0A"),
    ],
)
def test_filters_that_say_nothing_leave_the_address(client: Client, kind: str, asked: str, kept: str) -> None:
    for language in ("", "/th"):
        response = client.get(f"{language}/{kind}/?{asked}")
        assert (response.status_code, response.headers["Location"]) == (302, f"{language}/{kind}/{kept}")
        assert client.get(response.headers["Location"]).status_code == 200


@pytest.mark.parametrize("kind", LISTS)
def test_head_and_other_methods(client: Client, kind: str) -> None:
    record = next(m for m in apps.get_models() if getattr(m, "plural", "") == kind).objects.all()[0]
    for address in (f"/{kind}/", record.get_absolute_url()):
        head = client.head(address)
        assert (head.status_code, head.content) == (200, b"")
        assert [getattr(client, method)(address).status_code for method in ("post", "put", "patch", "delete")] == [
            405
        ] * 4


@pytest.mark.parametrize("address", ["/", "/search/?q=film"])
def test_head_and_other_methods_of_the_rest(client: Client, address: str) -> None:
    assert client.head(address).status_code == 200
    assert [getattr(client, method)(address).status_code for method in ("post", "put", "patch", "delete")] == [405] * 4


@pytest.mark.parametrize(
    "address", ["/nothing/", "/people", "/people/x/y/", "/%00/", "/%ff/", "/people/%ff%fe/", "/a" * 900]
)
def test_addresses_that_lead_nowhere(client: Client, address: str) -> None:
    response = client.get(address, follow=True)
    assert response.status_code == (200 if address == "/people" else 404)
    assert Page(response.text).faults == []


SCRIPT = "<script>alert('x')</script>&amp;\"'"
MAKERS = [make.make_person, make.make_organization, make.make_initiative, make.make_topic, make.make_event]


def pages_of(client: Client, record: object) -> list[Page]:
    """Return the page of a record, the list with it on it, and what search finds of it."""
    text = str(record)[:60]
    addresses = [(record.get_absolute_url(), {}), (f"/{record.plural}/", {"q": text}), ("/search/", {"q": text})]
    answers = [client.get(address, query) for address, query in addresses]
    assert [answer.status_code for answer in answers] == [200, 200, 200]
    return [Page(answer.text, address) for answer, (address, _query) in zip(answers, addresses, strict=True)]


@pytest.mark.parametrize("maker", MAKERS)
@pytest.mark.parametrize(
    ("name", "language"),
    [
        ("สมหญิง ใจดี", "th"),
        ("ก" * 300, "th"),
        ("ก" * 500, "th"),
        ("x" * 500, "en"),
        ("Nguyễn " * 71, "vi"),
        ("🎬", "en"),
        (SCRIPT, "en"),
        ("{{ 7|add:7 }} {% now 'Y' %}", "en"),
        ("%s %(total)s %d {0}", "en"),
        ("\u202eevil\u202c", "en"),
    ],
)
def test_any_name_is_shown_as_it_is(client: Client, maker: object, name: str, language: str) -> None:
    record = maker(name, language)
    pages = pages_of(client, record)
    for page in pages:
        assert page.faults == []
        assert " ".join(name.split()) in page.text
        assert SCRIPT not in page.html
        assert record.get_absolute_url() in page.links
        if language != "en":
            assert (language, name) in page.marked
    assert f"<h1>{SCRIPT}" not in pages[0].html


def test_nothing_that_is_typed_in_is_run(client: Client) -> None:
    person = make.make_person(SCRIPT, wikidata="Q42")
    board = make.make_organization(SCRIPT)
    event = make.make_event(SCRIPT, place=SCRIPT, date_note=SCRIPT, note=SCRIPT)
    source = make.make_source(SCRIPT, publisher=SCRIPT, author=SCRIPT, note=SCRIPT, licence=SCRIPT, text_is_public=True)
    passage = make.make_passage(source, SCRIPT)
    make.make_name(person, SCRIPT + "2", certainty="disputed", note=SCRIPT, passages=[passage])
    make.make_affiliation(person, board, role=SCRIPT, certainty="inferred", note=SCRIPT, passages=[passage])
    make.make_participation(person, event, passages=[passage])
    topic = make.make_topic(SCRIPT)
    rows = [
        make.make_statement(
            person,
            event,
            SCRIPT,
            nature="verbatim",
            passages=[passage],
            role_at_time=SCRIPT,
            attribution_text=SCRIPT,
            certainty="inferred",
            note=SCRIPT,
            on_behalf_of=board,
            topics=[topic],
        ),
        make.make_statement(wording=SCRIPT, speaker_label=SCRIPT, event=event, passages=[passage]),
        make.make_statement(speaker_organization=board, wording=SCRIPT, nature="translation", language="vi"),
    ]
    make.make_wording(rows[0], SCRIPT, nature="translation", by=SCRIPT)
    records = [person, board, event, source, topic, *rows]
    addresses = [record.get_absolute_url() for record in records] + ["/", "/search/?q=script"]
    addresses += [f"/{kind}/?q=script" for kind in LISTS]
    for address in addresses:
        page = Page(client.get(address).text, address)
        assert "<script>alert" not in page.html, address
        assert page.faults == [], address
        assert "alert" in page.text or address.startswith("/initiatives/"), address


@pytest.mark.parametrize("wording", ["x" * 100_000, "ก" * 5_000, "line\nline\r\n\nline", "\u200b", "“”‘’"])
def test_any_wording_is_shown(client: Client, wording: str) -> None:
    row = make.make_statement(wording=wording)
    page = Page(client.get(row.get_absolute_url()).text)
    assert page.faults == []
    assert " ".join(wording.split()) in page.text
    assert len(client.get("/statements/?q=xxx").content) < 400_000


def test_a_source_without_paragraphs_and_one_with_thousands(client: Client) -> None:
    empty = make.make_source("Empty")
    long = make.make_source("Long", text="Words.\n" * 1001)
    assert Page(client.get(empty.get_absolute_url()).text).faults == []
    first = client.get(long.get_absolute_url())
    assert 'viewBox="0 0 20 20"' in first.text  # the button to search with
    assert 'class="hit"' not in first.text  # a thousand bars are no picture
    assert "Page 1 of 11" in Page(first.text).text
    last = Page(client.get(long.get_absolute_url(), {"page": 11}).text)
    assert "p1001" in last.ids
    assert client.get(long.get_absolute_url(), {"page": 12}).status_code == 404


def test_the_pager_keeps_the_filters(client: Client) -> None:
    board = make.make_organization("Board")
    for number in range(PAGE_SIZE * 2 + 1):
        make.make_affiliation(make.make_person(f"Zed {number:02}"), board)
    seen, address = [], "/people/?organization=board&ordering=-name&foreign=1"
    while address:
        response = client.get(address)
        seen += [person["name"] for person in response.context["page_obj"]]
        page = Page(response.text, address)
        following = [link for link in page.links if "page=" in link and link not in (address,)]
        number = response.context["page_obj"].number + 1
        address = next((link for link in following if f"page={number}" in link), "")
    assert seen == [f"Zed {number:02}" for number in reversed(range(PAGE_SIZE * 2 + 1))]


def test_a_rejected_part_in_an_event_introduces_nobody(client: Client) -> None:
    """“At the same events” holds only where the person was there."""
    event = make.make_event()
    ann, bob = make.make_person("Ann Absent"), make.make_person("Bob Present")
    make.make_participation(bob, event)
    make.make_participation(ann, event, certainty="rejected", note="She was elsewhere.")
    assert "At the same events" not in Page(client.get("/people/ann-absent/").text).text
    assert "At the same events" not in Page(client.get("/people/bob-present/").text).text


def test_a_draft_never_pushes_a_public_choice_out_of_a_facet(client: Client) -> None:
    topic = make.make_topic("Only public topic")
    hidden = [make.make_topic(f"Hidden {number}", status="draft") for number in range(30)]
    statements = [make.make_statement(make.make_person("Zed Speaker"), topics=hidden) for _time in range(2)]
    statements[0].topics.add(topic)
    response = client.get("/statements/?speaker=zed-speaker")
    (facet,) = [facet for facet in response.context["facets"] if facet.name == "topic"]
    assert [(str(choice.label), choice.count) for choice in facet.choices] == [("Only public topic", 1)]


@pytest.mark.slow
def test_a_list_of_many_choices_shows_the_first(client: Client) -> None:
    for number in range(30):
        make.make_statement(make.make_person(f"Zed {number:02}"), date="1901")
    response = client.get("/statements/?ordering=-date")
    (facet,) = [facet for facet in response.context["facets"] if facet.name == "speaker"]
    assert len(facet.choices) == 12
    assert Person.objects.count() == 42
    assert Statement.objects.count() == 76
