"""What a reader sees: home, events, statements and the lists, over the article and over hostile data."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.apps import apps
from django.test import Client
from pytest_django import DjangoDbBlocker

from base.records.names import Name
from base.records.provenance import Cited
from directory.models import Passage, Source
from events.models import Event, Participation, Statement, Wording
from tests.reading import Page, article, crawl, ids_of

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module", autouse=True)
def film_workshop(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Load the article once."""
    with article(django_db_blocker):
        yield


@pytest.fixture(scope="module")
def crawled(film_workshop: None) -> tuple[dict[str, Page], dict[str, tuple[int, str]]]:
    """Every page of the site that holds the article."""
    return crawl(Client())


@pytest.fixture(scope="module")
def pages(crawled: Any) -> dict[str, Page]:
    """Every HTML page of it."""
    return crawled[0]


def get(client: Client, address: str) -> Page:
    """Fetch a page that is there."""
    response = client.get(address)
    assert response.status_code == 200, address
    return Page(response.text, address)


def statement(client: Client, paragraph: int, nature: str) -> Statement:
    """Return the first statement of a paragraph that has a wording of this nature."""
    found = Statement.objects.filter(passages__paragraph=paragraph, wordings__nature=nature)
    return found.order_by("position", "slug")[0]


def test_every_link_leads_somewhere(crawled: Any) -> None:
    _pages, fetched = crawled
    assert len(fetched) > 150
    expected = {address: 302 if address.startswith("/admin/") else 200 for address in fetched}
    assert {address: seen for address, seen in fetched.items() if seen[0] != expected[address]} == {}


def test_every_anchor_is_on_its_page(pages: dict[str, Page]) -> None:
    missing = set()
    for page in pages.values():
        for link in page.links:
            address, _hash, anchor = link.partition("#")
            if anchor and address in pages and not anchor.startswith(":~:") and anchor not in pages[address].ids:
                missing.add((page.address, link))
    assert missing == set()


def test_every_record_has_a_page_that_is_linked(pages: dict[str, Page]) -> None:
    for model in apps.get_models():
        if hasattr(model, "plural") and hasattr(model, "kind"):
            for record in model.objects.all():
                assert record.get_absolute_url() in pages, record


def test_every_page_is_well_formed(pages: dict[str, Page]) -> None:
    assert len(pages) > 100
    assert {address: page.faults for address, page in pages.items() if page.faults} == {}


def test_only_words_proven_to_be_printed_are_highlighted(pages: dict[str, Page]) -> None:
    proven = set(Wording.objects.filter(nature="verbatim", proven=True).values_list("language", "text"))
    assert len(proven) == 5
    seen = {words for page in pages.values() for words in page.verbatim}
    assert seen == proven
    told = set(Wording.objects.exclude(nature="verbatim").values_list("text", flat=True))
    assert told & {text for _language, text in seen} == set()


def test_a_blockquote_holds_nothing_but_highlighted_words(pages: dict[str, Page]) -> None:
    quotes = {quote for page in pages.values() for quote in re.findall(r"<blockquote.*?</blockquote>", page.html, re.S)}
    assert len(quotes) == 5
    shape = re.compile(
        r'<blockquote class="printed" lang="th">“<mark class="verbatim">[^<]+</mark>”</blockquote>', re.S
    )
    assert [quote for quote in quotes if not shape.fullmatch(quote)] == []


def test_words_in_other_languages_say_so(pages: dict[str, Page]) -> None:
    """Every run of Thai is inside an element marked as Thai; the hint of the search box is an attribute."""
    thai = re.compile("[\u0e00-\u0e7f]+")
    wrong = set()
    for page in pages.values():
        if urlsplit(page.address).query:
            continue
        marked = " ".join(text for language, text in page.marked if language == "th")
        unmarked = {word for word in thai.findall(page.text) if word not in marked}
        if unmarked:
            wrong.add((page.address, *sorted(unmarked)[:2]))
    assert wrong == set()


def test_the_articles_words_are_nowhere_but_in_names_and_quotations(pages: dict[str, Page]) -> None:
    """Long runs of Thai are names, quotations, the few words that name a speaker, or paraphrases of ours.

    The interface in Thai is not read.
    """
    printed = list(Wording.objects.filter(language="th").values_list("text", flat=True))
    printed += Statement.objects.values_list("attribution_text", flat=True)
    for model in apps.get_models():
        if issubclass(model, Name):
            printed += model.objects.values_list("text", flat=True)
    known, thai = "\n".join(printed), re.compile("[\u0e00-\u0e7f]{25,}")
    english = [page for address, page in pages.items() if not address.startswith(("/th/", "/vi/"))]
    runs = {run for page in english for piece in page.pieces for run in thai.findall(piece)}
    assert len(runs) > 10
    assert {run for run in runs if run not in known} == set()


def test_every_doubt_and_every_note_is_shown_somewhere(pages: dict[str, Page]) -> None:
    shown = [page.text for page in pages.values() if not urlsplit(page.address).query]
    for model in apps.get_models():
        if issubclass(model, Cited):
            for row in model.objects.exclude(note=""):
                note = " ".join(row.note.split())
                with_note = [text for text in shown if note in text]
                assert with_note, row
                if row.certainty != "stated":
                    assert any(row.certainty in text for text in with_note), row


def test_every_passage_that_carries_a_record_is_linked(pages: dict[str, Page]) -> None:
    linked = {link for page in pages.values() for link in page.links}
    for passage in Passage.objects.all():
        assert f"/sources/film-workshop/#p{passage.paragraph}" in linked


def test_home(client: Client) -> None:
    page = get(client, "/")
    assert "3 events, 12 people, 13 organizations, 4 initiatives, 46 statements, 1 source." in page.text
    assert page.html.count('<article class="statement">') == 6
    for address in ("/statements/", "/topics/", "/doubts/"):
        assert address in page.links


def test_the_page_of_a_direct_quote(client: Client) -> None:
    quote = statement(client, 21, "verbatim")
    page = get(client, quote.get_absolute_url())
    words = {row.language: row.text for row in quote.wordings.exclude(nature="verbatim")}
    printed = quote.wordings.get(nature="verbatim").text
    assert page.verbatim[0] == ("th", printed)
    assert f'<h1 lang="en">{words["en"]}</h1>' in page.html
    assert "English translation by the editors" in page.text
    assert ("vi", words["vi"]) in page.marked
    assert "Highlighted: words as printed in the source, in Thai." in page.text
    for passage in quote.passages.all():
        assert passage.sha256 in page.text
        assert f"{passage.start}–{passage.end}" in page.text
    assert "/sources/film-workshop/#p21" in page.links


def test_the_page_of_an_inferred_statement(client: Client) -> None:
    row = Statement.objects.filter(certainty="inferred", speaker__slug="ngo-phuong-lan")[0]
    page = get(client, row.get_absolute_url())
    assert page.verbatim == []
    assert "English paraphrase by the editors; the source prints other words" in page.text
    assert '<a class="doubt" href="/how-we-work/#inferred">inferred</a>' in page.html
    assert " ".join(row.note.split()) in " ".join(re.sub(r"<[^>]+>", "", page.html).split())
    assert "“" not in page.html[page.html.index("<h1 ") : page.html.index("</h1>")]


def test_the_page_of_an_event(client: Client) -> None:
    event = Event.objects.get(slug="vietnam-us-film-workshop-harvard")
    page = get(client, event.get_absolute_url())
    assert f"Date not stated ({event.date_note})" in page.text
    for row in Participation.objects.filter(event=event):
        assert row.person.get_absolute_url() in page.links
    for number in re.findall(r'class="dot dot-\d" href="([^"]*)"><span class="visually-hidden">(\d+) ', page.html):
        answer = client.get(number[0].replace("&amp;", "&"))
        assert answer.context["paginator"].count == int(number[1])


def test_evidence_strips_mark_the_cited_paragraphs(client: Client) -> None:
    for address in ("/people/tony-bui/", "/events/danaff/", "/initiatives/pai-index/", "/organizations/vfda/"):
        page = get(client, address)
        bars = re.findall(r'#p(\d+)" tabindex="-1"(?: class="([\w-]+)")?', page.html)
        assert [int(number) for number, _mark in bars] == list(range(1, 51))
        marked = {
            mark: [number for number, own in bars if own == mark] for mark in ("said-here", "said-about", "named")
        }
        caption = " ".join(re.findall(r"<figcaption>.*?</figcaption>", page.html, re.S))
        listed = re.findall(r">¶(\d+)<", caption)
        assert sorted(listed, key=int) == sorted((number for numbers in marked.values() for number in numbers), key=int)
        assert f"In {len(listed)} of 50 paragraphs" in page.text
    said = {21, 43}
    page = get(client, "/people/tony-bui/")
    assert {
        int(n) for n, mark in re.findall(r'#p(\d+)" tabindex="-1" class="([\w-]+)"', page.html) if mark == "said-here"
    } == said


FILTERED = [
    "/statements/",
    "/statements/?speaker=tony-bui",
    "/statements/?speaker=ngo-phuong-lan&topic=culture-and-identity",
    "/statements/?topic=artificial-intelligence&kind=reported&certainty=stated",
    "/statements/?q=film",
    "/statements/?paragraph=43",
    "/statements/?organization=vfda",
    "/statements/?language=vi",
    "/organizations/",
    "/organizations/?kind=education",
    "/organizations/?initiative=aiws-film-park",
    "/people/",
    "/people/?organization=harvard-university",
    "/people/?q=nguyen",
    "/initiatives/",
    "/events/",
    "/events/?kind=workshop",
    "/sources/",
]


@pytest.mark.parametrize("address", FILTERED)
def test_a_facets_count_is_what_the_reader_gets(client: Client, address: str) -> None:
    response = client.get(address)
    path = urlsplit(address).path
    total = response.context["paginator"].count
    followed = 0
    for facet in response.context["facets"]:
        for choice in facet.choices:
            answer = client.get(path + choice.query)
            assert answer.status_code == 200
            if choice.active:
                assert choice.count == total
                assert answer.context["paginator"].count >= total
            else:
                assert answer.context["paginator"].count == choice.count, (facet.name, choice.label)
                assert choice.count > 0
            followed += 1
    assert followed


@pytest.mark.parametrize("address", [address for address in FILTERED if "?" in address])
def test_chips_remove_their_filter_and_nothing_else(client: Client, address: str) -> None:
    response = client.get(address)
    path, query = urlsplit(address).path, urlsplit(address).query
    chips = response.context["chips"]
    assert len(chips) == len(query.split("&"))
    kept = sorted(sorted(chip.query.removeprefix("?").split("&")) for chip in chips)
    assert kept == sorted(sorted(_without(query, part).split("&")) for part in query.split("&"))
    for chip in chips:
        assert client.get(path + chip.query).context["paginator"].count >= response.context["paginator"].count


def _without(query: str, part: str) -> str:
    return "&".join(other for other in query.split("&") if other != part)


def test_choosing_an_active_facet_again_takes_it_away(client: Client) -> None:
    response = client.get("/statements/?speaker=tony-bui&kind=direct")
    active = {
        facet.name: choice.query for facet in response.context["facets"] for choice in facet.choices if choice.active
    }
    assert active == {"kind": "?speaker=tony-bui", "speaker": "?kind=direct"}


def test_pages_show_every_row_once(client: Client) -> None:
    for ordering in ("", "date", "-date", "position", "updated"):
        seen = []
        for number in (1, 2, 3):
            query = {"ordering": ordering, "page": number} if ordering else {"page": number}
            response = client.get("/statements/", query)
            seen += ids_of(response.context["page_obj"])
        assert len(seen) == 46
        assert set(seen) == set(Statement.objects.values_list("slug", flat=True))


def test_a_source_can_be_narrowed_to_what_was_read_in_it(client: Client) -> None:
    response = client.get("/sources/film-workshop/")
    everything = response.context["paragraphs"]
    assert [(word, count) for word, _label, count in response.context["choices"]] == [
        ("conflicts", sum(paragraph.has_conflict for paragraph in everything)),
        ("quotes", sum(bool(paragraph.quotes) for paragraph in everything)),
        ("statements", sum(bool(paragraph.statements) for paragraph in everything)),
        ("names", sum(bool(paragraph.names) for paragraph in everything)),
    ]
    for word, _label, count in response.context["choices"]:
        narrowed = client.get(f"/sources/film-workshop/?show={word}")
        assert 0 < count < len(everything)
        assert narrowed.text.count('<li id="p') == count
        assert f'show={word}" rel="nofollow" aria-current="true"' in narrowed.text
    with_statements = client.get("/sources/film-workshop/?show=statements").context["paragraphs"]
    assert {paragraph.number for paragraph in with_statements} == set(
        Statement.objects.values_list("passages__paragraph", flat=True)
    )
    assert client.get("/sources/film-workshop/?show=beauty").text.count('<li id="p') == len(everything)


def test_filters_combine_as_sets(client: Client) -> None:
    def found(query: str) -> set[str]:
        found: set[str] = set()
        address: str | None = f"/statements/?{query}"
        while address:
            page = client.get(address).context["page_obj"]
            found.update(ids_of(page))
            address = f"/statements/?{query}&page={page.next_page_number()}" if page.has_next() else None
        return found

    assert found("speaker=tony-bui&topic=culture-and-identity") == found("speaker=tony-bui") & found(
        "topic=culture-and-identity"
    )
    assert found("source=film-workshop") == found("")
    assert found("source=film-workshop&paragraph=43") == found("paragraph=43")
    assert found("on_behalf_of=vfda") == found("organization=vfda")
    assert found("about_person=tony-bui") != found("speaker=tony-bui")


def test_the_source_page_says_what_each_paragraph_holds(client: Client) -> None:
    source = Source.objects.get()
    page = get(client, source.get_absolute_url())
    assert {f"p{number}" for number in range(1, 51)} <= set(page.ids)
    by_paragraph = dict(re.findall(r'<li id="p(\d+)"[^>]*>(.*?)</li>\s*(?=<li id="p|</ol>)', page.html, re.S))
    for row in Statement.objects.prefetch_related("passages"):
        for paragraph in {passage.paragraph for passage in row.passages.all()}:
            assert row.get_absolute_url() in by_paragraph[str(paragraph)]
    assert "Conflict" in by_paragraph["4"]
    assert "Conflict" not in by_paragraph["21"]
    for number, (_start, length) in enumerate(source.paragraphs, 1):
        shown = 'class="verbatim"' in by_paragraph[str(number)]
        assert shown or f"{length} characters, not shown." in by_paragraph[str(number)]
