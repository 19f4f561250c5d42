"""A reader's walk through the site in a real Chromium: by mouse, by keyboard, on a phone, in the dark, without JavaScript."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect

from directory.models import Person
from events.models import Statement
from tests.browser.film_workshop import load_film_workshop

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def film_workshop(transactional_db: None) -> None:
    """Load the article."""
    load_film_workshop()


@pytest.fixture
def address(live_server: Any) -> str:
    """Where the site is."""
    return str(live_server.url)


@pytest.fixture
def quiet(page: Page, address: str) -> Iterator[Page]:
    """A page whose test fails if anything is logged as an error, or any other host is asked for anything."""
    wrong: list[str] = []
    page.on("console", lambda message: wrong.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on(
        "requestfailed", lambda request: None if "ABORTED" in (request.failure or "") else wrong.append(request.url)
    )
    page.on(
        "request", lambda request: None if request.url.startswith((address, "data:")) else wrong.append(request.url)
    )
    page.on("response", lambda response: wrong.append(response.url) if response.status >= 400 else None)
    yield page
    assert wrong == []


def quote() -> Statement:
    """Return the first direct quote."""
    return Statement.objects.filter(statement_kind="direct").order_by("position")[0]


def addresses() -> list[str]:
    """Return one address of each type of page."""
    names = ["home", "search", *(f"{kind}-list" for kind in ("event", "person", "organization", "initiative", "topic"))]
    records = ["/people/tony-bui/", "/people/angela-perry/", "/organizations/harvard-university/", "/topics/diplomacy/"]
    records += ["/initiatives/aiws-film-park/", "/events/vietnam-us-film-workshop-harvard/", "/sources/film-workshop/"]
    more = ["/search/?q=aiws", "/search/?q=nothing+at+all", "/statements/?speaker=tony-bui", "/people/nobody/"]
    more += ["/statements/?kind=sung", quote().get_absolute_url()]
    return [*map(reverse, names), "/statements/", "/sources/", *records, *more]


def walk(page: Page, address: str) -> None:
    """Go from the home page to the paragraph that holds a statement of the person searched for."""
    page.goto(address)
    page.locator("main input[name=q]").fill("ฟอง ลาน")
    page.get_by_role("button", name="Search").click()
    page.locator("main .rows a.title").first.click()
    person = Person.objects.get(slug="ngo-phuong-lan")
    expect(page).to_have_url(f"{address}/people/{person.slug}/")
    expect(page.get_by_role("heading", level=1)).to_have_text(person.name)
    statement = person.statements.all()[0]
    page.locator(f"article.statement a[href='{statement.get_absolute_url()}']").first.click()
    expect(page).to_have_url(address + statement.get_absolute_url())
    paragraph = statement.passages.all()[0].paragraph
    page.get_by_role("link", name=f"Paragraph {paragraph}").first.click()
    expect(page).to_have_url(f"{address}/sources/film-workshop/#p{paragraph}")
    expect(page.locator(f"#p{paragraph}")).to_be_in_viewport()


def test_from_a_name_to_the_paragraph(quiet: Page, address: str) -> None:
    walk(quiet, address)


def test_the_same_without_javascript(browser: Browser, address: str) -> None:
    with browser.new_context(java_script_enabled=False) as context:
        walk(context.new_page(), address)


def violations(page: Page, path: str, **options: Any) -> dict[tuple[str, str], list[str]]:
    """Return the accessibility rules that a page breaks, with the first elements that do."""
    broken = Axe().run(page, options=options).response["violations"]
    return {(path, rule["id"]): [node["html"][:150] for node in rule["nodes"][:3]] for rule in broken}


def test_no_page_breaks_an_accessibility_rule_by_day_or_by_night(page: Page, address: str) -> None:
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    found = {}
    for path in addresses():
        page.goto(address + path)
        found |= violations(page, path)
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    for path in addresses():
        page.goto(address + path)
        found |= violations(page, f"{path} (dark)", runOnly=["color-contrast"])
    assert found == {}


def test_no_page_asks_another_host_or_logs_an_error(quiet: Page, address: str) -> None:
    mistakes = ("/people/nobody/", "/statements/?kind=sung")  # Chromium logs every answer of 400 and above
    for path in addresses():
        if path not in mistakes:
            quiet.goto(address + path, wait_until="load")


def test_nothing_is_wider_than_a_small_phone(page: Page, address: str) -> None:
    page.set_viewport_size({"width": 320, "height": 640})
    wide = {}
    for path in addresses():
        page.goto(address + path)
        width = page.evaluate("document.documentElement.scrollWidth")
        if width > 320:
            wide[path] = width
    assert wide == {}


VISIBLE_FOCUS = """() => {
  const element = document.activeElement, style = getComputedStyle(element), box = element.getBoundingClientRect();
  const ring = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0 || style.boxShadow !== 'none';
  return {tag: element.tagName, text: element.textContent.trim().slice(0, 40), ring,
          seen: box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < innerHeight};
}"""


@pytest.mark.parametrize("path", ["/", "/statements/", "/people/tony-bui/"])
def test_everything_is_reached_by_keyboard_and_seen_to_be(quiet: Page, address: str, path: str) -> None:
    quiet.emulate_media(reduced_motion="reduce")
    quiet.goto(address + path)
    quiet.keyboard.press("Tab")
    first = quiet.evaluate(VISIBLE_FOCUS)
    assert first == {"tag": "A", "text": "Skip to content", "ring": True, "seen": True}
    invisible = []
    for _time in range(25):
        quiet.keyboard.press("Tab")
        focus = quiet.evaluate(VISIBLE_FOCUS)
        if not (focus["ring"] and focus["seen"]):
            invisible.append(focus)
    assert invisible == []


def test_the_skip_link_skips(quiet: Page, address: str) -> None:
    quiet.goto(address + "/statements/")
    quiet.keyboard.press("Tab")
    quiet.keyboard.press("Enter")
    expect(quiet.locator("#content")).to_be_focused()
    quiet.keyboard.press("Tab")
    assert quiet.evaluate("document.querySelector('main').contains(document.activeElement)")


def test_printed_words_are_highlighted_and_translations_are_not(quiet: Page, address: str) -> None:
    quiet.goto(address + quote().get_absolute_url())
    colour = "element => getComputedStyle(element).backgroundImage + getComputedStyle(element).backgroundColor"
    marked = quiet.locator("blockquote .verbatim").first.evaluate(colour)
    plain = quiet.locator("h1").evaluate(colour)
    assert marked != plain
    assert plain == "nonergba(0, 0, 0, 0)"


def test_the_bars_of_the_paragraph_that_is_pointed_at_are_seen(browser: Browser, address: str) -> None:
    for scheme in ("light", "dark"):
        page = browser.new_page(color_scheme=scheme)
        page.goto(f"{address}/sources/film-workshop/#p23")
        background = page.eval_on_selector("#p23", "row => getComputedStyle(row).backgroundColor")
        bars = page.eval_on_selector("#p23 .covered-text", "bars => getComputedStyle(bars).fill")
        page.close()
        assert bars != background
