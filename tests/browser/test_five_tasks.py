"""Five things that readers come for, in a real Chromium, in each language: what they do is counted, and what they get is right.

A click, a text that is typed and a key count as one action each. Reading and scrolling are not counted. Every task but one begins
on the home page; a quote is checked from its own page.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, BrowserContext, expect
from pytest_django import DjangoDbBlocker

from base.text.languages import CODES, address_in, name_in
from directory.models import Affiliation, Person
from events.models import Statement
from tests import factories as make
from tests.browser.desk_steps import Hand
from tests.browser.served_site import serve_uncommitted
from tests.reading import article, ids_of

# In one transaction, on one connection that the server shares: the tests of a whole module read the same rows.
pytestmark = [pytest.mark.browser, pytest.mark.django_db, pytest.mark.parametrize("language", CODES)]

WINDOWS = {"en": (1280, 800), "th": (360, 740), "vi": (768, 1024)}
EVENT = "vietnam-us-film-workshop-harvard"
# Invented: what a reader checks has to be a text that may stand here.
QUOTE = "We wait for the boats until the river is clean again."
SOURCE = f"Ann Lee came to the harbour and spoke for the Board.\n\nShe said: “{QUOTE}”\n"


@pytest.fixture(scope="module")
def site(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """Serve the article, and a quote out of an invented source."""
    with article(django_db_blocker):
        passage = make.make_passage(make.make_source("Harbour news", text=SOURCE), QUOTE)
        quote = make.make_statement(make.make_person("Ann Lee"), None, QUOTE, nature="verbatim", passages=[passage])
        Statement.objects.filter(pk=quote.pk).update(slug="st-zzzzzz")
        with serve_uncommitted() as url:
            yield url


@dataclass
class Reader(Hand):
    """The hand of a reader, with the site in one language before it."""

    site: str = ""
    language: str = "en"
    texts: int = 0

    @property
    def actions(self) -> int:
        """What was done until now: clicks, texts and keys."""
        return self.counts.clicks + self.counts.keys + self.texts

    def begin(self, address: str = "/") -> None:
        """Open a page of the site, as one that is there already."""
        self.open(self.site + address_in(address, self.language))

    def look_for(self, words: str) -> None:
        """Type words into the search box of the home page."""
        self.click(self.page.locator("main input[role=combobox]"))
        self.texts += 1
        self.page.keyboard.type(words)

    def cards(self) -> set[str]:
        """Return the ids of the statements that the page lists."""
        links = self.page.locator("article.statement .said a").evaluate_all(
            "links => links.map((link) => link.pathname)"
        )
        return {link.split("/")[-2] for link in links}

    def is_done(self, task: str, most: int) -> None:
        """Write down how many actions it took, and expect that these are not more than `most`."""
        sys.stdout.write(f"{task} [{self.language}]: {self.actions} actions, {self.counts.pages} pages loaded\n")
        assert self.actions <= most


@pytest.fixture(scope="module")
def context(browser: Browser) -> Iterator[BrowserContext]:
    """One browser profile for all readers."""
    context = browser.new_context(reduced_motion="reduce")
    yield context
    context.close()


@pytest.fixture
def reader(site: str, context: BrowserContext, language: str) -> Iterator[Reader]:
    """A reader in one of the languages; each has a window of another width."""
    page = context.new_page()
    width, height = WINDOWS[language]
    page.set_viewport_size({"width": width, "height": height})
    yield Reader(page, site=site, language=language)
    page.close()


WORDS = {
    "en": "Ngo Phuong Lan AI",
    "th": "โง เฟือง ลาน ปัญญาประดิษฐ์",
    "vi": "Ngô Phương Lan trí tuệ nhân tạo",
}


def test_all_that_somebody_said_about_something(reader: Reader) -> None:
    reader.begin()
    reader.look_for(WORDS[reader.language])
    reader.press("Enter")
    reader.page.wait_for_url("**/search/**")
    said = Statement.objects.filter(speaker__slug="ngo-phuong-lan", topics__slug="artificial-intelligence")
    assert len(said) == 5
    assert reader.cards() == set(ids_of(said))  # every one, and no other
    reader.is_done("All that Ngô Phương Lan said about AI", 3)


KIND = {"en": "direct quote", "th": "คำพูดโดยตรง", "vi": "trích dẫn trực tiếp"}
CERTAINTY = {"en": "Certainty: stated", "th": "ความแน่ชัด: ระบุไว้", "vi": "Độ chắc chắn: được nêu rõ"}


def pasted(context: BrowserContext) -> str:
    """Return what is pasted into an empty page elsewhere."""
    paper = context.new_page()
    paper.set_content("<textarea autofocus></textarea>")
    paper.locator("textarea").focus()
    paper.keyboard.press("ControlOrMeta+V")
    expect(paper.locator("textarea")).not_to_be_empty()
    text = paper.locator("textarea").input_value()
    paper.close()
    return text


def test_a_citation_is_copied(reader: Reader, context: BrowserContext) -> None:
    reader.begin()
    reader.look_for("Tony Bui")
    reader.click(reader.page.locator(".combobox [role=option]", has_text=KIND[reader.language]).first)
    reader.page.wait_for_url("**/statements/st-*/")
    copy = reader.page.locator("p.cite + .copy button")
    reader.click(copy)
    expect(reader.page.locator("p.cite + .copy [role=status]")).not_to_be_empty()
    citation = pasted(context)
    quote = Statement.objects.get(slug=reader.page.url.split("/")[-2])
    assert quote.speaker
    assert quote.speaker.slug == "tony-bui"
    printed, read = quote.wordings.get(nature="verbatim"), quote.wordings.get(language=reader.language)
    parts = [name_in(quote.speaker, reader.language)[0], f"“{printed.text}”", read.text]
    parts += [KIND[reader.language], CERTAINTY[reader.language], f"{reader.site}/statements/{quote.slug}/"]
    assert [part for part in parts if part not in citation] == []
    reader.is_done("A citation of a quote of Tony Bui", 4)


def test_a_quote_is_compared_with_its_source(reader: Reader) -> None:
    reader.begin("/statements/st-zzzzzz/")
    reader.click(reader.page.locator("#evidence a[href*='/check/']"))
    box, button = reader.page.locator("#check-text"), reader.page.locator("#check-button")
    results = reader.page.locator("#check-result tbody strong")
    reader.click(box)
    reader.texts += 1
    box.fill(SOURCE)
    reader.click(button)
    expect(results).to_have_class(["check-match"])
    reader.is_done("A quote compared with its source", 4)
    box.fill(SOURCE.replace("clean again", "clear again"))
    button.click()
    expect(results).to_have_class(["check-differs"])


def test_who_spoke_for_an_organization(reader: Reader) -> None:
    reader.begin()
    for address in ("/events/", f"/events/{EVENT}/"):
        reader.click(reader.page.locator(f"a[href='{address_in(address, reader.language)}']:visible").first)
        reader.page.wait_for_url(f"**{address}")
    group = reader.page.locator("section li", has=reader.page.locator(".value a[href$='/organizations/vfda/']")).first
    spoke = Statement.objects.filter(event__slug=EVENT, on_behalf_of__slug="vfda")
    lan = Person.objects.get(slug="ngo-phuong-lan")
    expect(group.locator(".members li > a").first).to_have_text(name_in(lan, reader.language)[0])
    expect(group.locator(".members li")).to_have_count(1)  # nobody else did
    assert {statement.speaker for statement in spoke} == {lan}
    reader.click(group.locator(".members li > a").nth(1))
    reader.page.wait_for_url("**/statements/?*")
    assert reader.cards() == set(ids_of(spoke))
    reader.is_done("Who spoke for VFDA at the workshop", 3)


def test_positions_in_doubt_and_why(reader: Reader) -> None:
    reader.begin()
    reader.click(reader.page.locator(f"header a[href='{address_in('/doubts/', reader.language)}']"))
    reader.page.wait_for_url("**/doubts/")
    doubtful = Affiliation.objects.filter(certainty__in=("disputed", "rejected")).select_related("person")
    readings = reader.page.locator("#readings").inner_text()
    assert len(doubtful) == 7
    for position in doubtful:
        texts = [name_in(position.person, reader.language)[0], position.text_in("role", reader.language)]
        texts.append(position.text_in("note", reader.language))
        assert [text for text in texts if str(text) not in readings] == []
        assert texts[-1]
        assert texts[-1].language == reader.language
    reader.is_done("Positions in doubt, and why", 1)
