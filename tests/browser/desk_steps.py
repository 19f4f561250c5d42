"""What a curator does at the desk in a real browser, counted: clicks, keys, pastes, page loads, and seconds of the keystroke model.

The seconds are those of a model, not of a stopwatch: 1.3 for a click, 0.25 for a key, 4 for a paste with finding and copying, 0.6
for a page. Nobody reads, scrolls or thinks in them. Dragging over words counts as two clicks, because two places are aimed at. Keys
of texts that a curator composes (translations and paraphrases) are counted apart. Nothing here depends on the language of the page.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, fields

from playwright.sync_api import Locator, Page, Response, expect

CLICK, KEY, PASTE, PAGE = 1.3, 0.25, 4.0, 0.6  # seconds


@dataclass
class Counts:
    """What hands did."""

    clicks: int = 0
    keys: int = 0  # beside those of composed texts
    text_keys: int = 0
    pastes: int = 0
    pages: int = 0

    @property
    def seconds(self) -> float:
        """Seconds of the model, beside the typing of composed texts."""
        return self.clicks * CLICK + self.keys * KEY + self.pastes * PASTE + self.pages * PAGE

    @property
    def text_seconds(self) -> float:
        """Seconds of typing composed texts."""
        return self.text_keys * KEY

    def copy(self) -> Counts:
        """Return the counts as they are now."""
        return Counts(**{each.name: getattr(self, each.name) for each in fields(self)})

    def __sub__(self, earlier: Counts) -> Counts:
        return Counts(**{each.name: getattr(self, each.name) - getattr(earlier, each.name) for each in fields(self)})

    def __add__(self, other: Counts) -> Counts:
        return Counts(**{each.name: getattr(self, each.name) + getattr(other, each.name) for each in fields(self)})

    def __str__(self) -> str:
        return (
            f"{self.clicks} clicks, {self.keys} keys, {self.pastes} pastes, {self.pages} pages, {self.seconds:.0f} s; "
            f"{self.text_keys} keys of texts, {self.text_seconds:.0f} s"
        )


def keys_of(text: str) -> int:
    """Return how many keys a text takes: one a letter, and one more for each Vietnamese mark, as on a Telex keyboard."""
    return len(unicodedata.normalize("NFD", text))


@dataclass
class Hand:
    """The hand of a curator on one page and on the windows that it opens. Every step is counted."""

    page: Page
    counts: Counts = field(default_factory=Counts)

    def __post_init__(self) -> None:
        self.watch(self.page)
        self.page.on("popup", self.watch)

    def watch(self, page: Page) -> None:
        """Count the pages that a window loads: documents, and what htmx loads as if it were one."""
        page.on("response", self._count_page)

    def _count_page(self, response: Response) -> None:
        asked = response.request
        is_document = asked.is_navigation_request() and asked.frame.parent_frame is None
        if (is_document and not 300 <= response.status < 400) or "hx-boosted" in asked.headers:
            self.counts.pages += 1

    def open(self, address: str) -> None:
        """Go to an address, by a bookmark or a link that is not counted as a click."""
        self.page.goto(address)

    def click(self, target: Locator) -> None:
        """Click something."""
        self.counts.clicks += 1
        target.click()

    def choose(self, target: Locator, value: str) -> None:
        """Choose from a list: a click opens it, another one chooses."""
        self.counts.clicks += 2
        target.select_option(value)

    def press(self, keys: str, page: Page | None = None) -> None:
        """Press a key, or several together: Control+Enter is two."""
        self.counts.keys += len(keys.split("+"))
        (page or self.page).keyboard.press(keys)

    def type(self, text: str, composed: bool = False, page: Page | None = None) -> None:
        """Type into the field that has the focus; `composed` texts are counted apart."""
        if composed:
            self.counts.text_keys += keys_of(text)
        else:
            self.counts.keys += keys_of(text)
        (page or self.page).keyboard.type(text)

    def paste(self, target: Locator, text: str) -> None:
        """Paste into a field, with finding and copying it elsewhere."""
        self.counts.pastes += 1
        target.fill(text)

    def paste_into_page(self, text: str) -> None:
        """Paste outside every field, as Ctrl+V does."""
        self.counts.pastes += 1
        self.page.evaluate(
            """text => {
              const data = new DataTransfer();
              data.setData("text/plain", text);
              document.body.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true}));
            }""",
            text,
        )

    def drag_over(self, paragraph: int, words: str) -> None:
        """Select words of a paragraph of the article with the mouse."""
        self.counts.clicks += 2
        select_by_mouse(self.page, paragraph, words)


def select_by_mouse(page: Page, paragraph: int, words: str) -> None:
    """Drag over these words of a paragraph, from inside of the first letter to inside of the last."""
    page.locator(f"#p{paragraph}").scroll_into_view_if_needed()
    box = page.evaluate(
        """([id, words]) => {
            const p = document.getElementById(id), at = p.textContent.indexOf(words);
            const walk = document.createTreeWalker(p, NodeFilter.SHOW_TEXT), range = new Range();
            let unit = 0, node;
            const places = [at, at + words.length - 1].map((place) => {
                for (node ??= walk.nextNode(); place >= unit + node.length; node = walk.nextNode()) unit += node.length;
                range.setStart(node, place - unit); range.setEnd(node, place - unit + 1);
                const {left, width, top, height} = range.getBoundingClientRect();
                return [place === at ? left + 1 : left + width - 1, Math.round(top + height / 2)];
            });
            return places;
        }""",
        [f"p{paragraph}", words],
    )
    (x, y), (to_x, to_y) = box
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(to_x, to_y, steps=4)
    page.mouse.up()
    expect(page.locator("#toolbar")).to_be_visible()


# The desk ---------------------------------------------------------------------------------------------------------------------


@dataclass
class Desk:
    """The desk in one language of the interface, as a curator goes through it."""

    hand: Hand
    site: str
    interface: str = "en"

    @property
    def page(self) -> Page:
        """The page of the desk."""
        return self.hand.page

    @property
    def home(self) -> str:
        """The address of the first page of the admin."""
        return self.site + ("" if self.interface == "en" else f"/{self.interface}") + "/admin/"

    # Taking in --------------------------------------------------------------------------------------------------------------
    def take_in(self, text: str) -> None:
        """Paste a text into the first page."""
        self.hand.open(self.home)
        self.hand.paste_into_page(text)
        expect(self.page.locator("#cut-count")).to_be_visible()

    def correct(self, words: str, step: str, paragraphs: int) -> None:
        """Press a button of the paragraph that begins so (`join`, `leave`), and wait until the text has so many paragraphs."""
        row = self.page.locator(".cut-row", has=self.page.locator(".cut-text", has_text=words)).first
        row.hover()
        self.hand.click(row.locator(f"[id^={step}-]"))
        expect(self.page.locator("#cut-count")).to_contain_text(str(paragraphs))

    def take_date(self) -> None:
        """Take the date that is printed at the head of the text, where it has to be asked about."""
        offered = self.page.locator(".cut-date button")
        if offered.count():
            self.hand.click(offered.first)
            expect(self.page.locator("#id_date")).not_to_have_value("")

    def store(self) -> None:
        """Store the article, and wait for the reading page with its proposals."""
        self.hand.click(self.page.locator("button[value=save]"))
        self.wait_for_proposals()

    def wait_for_proposals(self) -> None:
        """Wait until the reading page has its list of proposals and its marks."""
        expect(self.page.locator("#proposals-title")).to_be_visible()
        expect(self.page.locator("#text mark.proposal").first).to_be_visible()
        self.wait_for_marks()

    def wait_for_marks(self) -> None:
        """Wait until the marks and the list of proposals are those of what is on record."""
        expect(self.page.locator("#text:not([aria-busy])")).to_be_visible()
        expect(self.page.locator("#proposals:not([aria-busy])")).to_be_attached()

    # Proposals --------------------------------------------------------------------------------------------------------------
    def focused_proposal(self) -> Locator:
        """The proposal in focus."""
        return self.page.locator(".proposal-item:focus")

    def next_proposal(self) -> None:
        """Go to the next proposal, by its key."""
        self.hand.press("p")
        expect(self.focused_proposal()).to_have_count(1)

    def proposed(self) -> tuple[str, str, int]:
        """Return the kind of the proposal in focus, by its card, its words and its paragraph."""
        item = self.focused_proposal()
        kind, paragraph = item.get_attribute("data-kind"), item.get_attribute("data-paragraph")
        return kind or "", item.locator(".proposal-words").inner_text(), int(paragraph or 0)

    def settle_proposal(self, key: str) -> None:
        """Accept or dismiss the proposal in focus by a key, and wait until the next one has the focus, or none is left."""
        item = self.page.locator(f"[id='{self.focused_proposal().get_attribute('id')}']")
        self.hand.press(key)
        expect(item).to_have_count(0)
        self.wait_for_next_proposal()

    def wait_for_next_proposal(self) -> None:
        """Wait until the list of proposals is there anew and has the focus."""
        self.wait_for_marks()
        expect(self.page.locator("#proposals .proposal-item:focus, #proposals h2:focus")).to_have_count(1)

    @contextmanager
    def changing_proposal(self, key: str = "Space") -> Iterator[None]:
        """Open the card of the proposal in focus, and save it after what is typed; wait until the next one has the focus."""
        item = self.page.locator(f"[id='{self.focused_proposal().get_attribute('id')}']")
        self.hand.press(key)
        expect(self.card.locator(":focus")).to_have_count(1)
        yield
        self.save_card()
        expect(item).to_have_count(0)
        self.wait_for_next_proposal()

    # Cards --------------------------------------------------------------------------------------------------------------------
    @property
    def card(self) -> Locator:
        """The card that is open."""
        return self.page.locator("form.card")

    def open_card(self, paragraph: int, words: str, letter: str) -> None:
        """Select words with the mouse, and press a letter."""
        self.hand.drag_over(paragraph, words)
        self.hand.press(letter)
        expect(self.card).to_be_visible()
        expect(self.card.locator(":focus")).to_have_count(1)

    def open_mark(self, paragraph: int, kind: str) -> None:
        """Click the words in the text that are proposed to be of a kind."""
        self.hand.click(self.page.locator(f"#p{paragraph} mark.proposal.of-{kind}").first)
        expect(self.card).to_be_visible()
        expect(self.card.locator(":focus")).to_have_count(1)

    def add_part(self, paragraph: int, words: str) -> None:
        """Select the other part of a divided quote, and give it to the open card."""
        self.hand.drag_over(paragraph, words)
        self.hand.press("c")
        expect(self.card.locator(".card-words li")).to_have_count(2)

    def write(self, name: str, text: str, composed: bool = False) -> None:
        """Type into a field of the card; nothing is clicked if it has the focus already."""
        box = self.card.locator(f"[name={name}]")
        if not box.evaluate("box => box === document.activeElement"):
            self.hand.click(box)
        self.hand.type(text, composed)

    def save_card(self) -> None:
        """Save the card by its keys, and wait until it is closed."""
        self.hand.press("Control+Enter")
        expect(self.page.locator("#card-place .card-saved")).to_be_visible()
        self.wait_for_marks()

    # Publishing -----------------------------------------------------------------------------------------------------------------
    def publish_all(self) -> Locator:
        """Publish all that is a draft of the article, and return the links to what is public now."""
        self.hand.click(self.page.locator("#publish-button"))
        self.hand.click(self.page.locator("#publish button[type=submit]"))
        published = self.page.locator("#publish .publish-rows a")
        expect(published.first).to_be_visible()
        expect(self.page.locator("#publish .card-errors")).to_have_count(0)
        return published
