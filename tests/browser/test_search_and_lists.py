"""Search by keyboard through suggestions, filter and go back, and both with script off."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.film_workshop import load_film_workshop

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def site(live_server, page: Page) -> Iterator[str]:
    """Serve the article, and hold every page to the security policy: the console stays empty."""
    load_film_workshop()
    problems: list[str] = []
    page.on("console", lambda message: problems.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: problems.append(str(error)))
    yield live_server.url
    assert [problem for problem in problems if "500" not in problem and "400 (Bad" not in problem] == []


def test_search_by_keyboard_through_suggestions(site: str, page: Page) -> None:
    page.goto(site)
    box = page.locator("input[role=combobox]")
    expect(box).to_have_attribute("aria-expanded", "false")
    box.press_sequentially("hoang")
    options = page.locator(".combobox [role=option]")
    expect(options.filter(has_text="Person")).to_have_text(
        [re.compile("Đặng Hoàng Giang"), re.compile("Nguyễn Hoàng Nguyên")]
    )
    expect(options.nth(2)).to_contain_text("Statement")  # names come first
    expect(box).to_have_attribute("aria-expanded", "true")
    expect(page.get_by_role("status").filter(has_text=f"{options.count()} suggestions")).to_be_attached()
    box.press("ArrowDown")
    box.press("ArrowDown")
    expect(options.nth(1)).to_have_attribute("aria-selected", "true")
    assert box.get_attribute("aria-activedescendant") == options.nth(1).get_attribute("id")
    expect(box).to_be_focused()
    box.press("Escape")
    expect(page.get_by_role("listbox")).to_be_hidden()
    expect(box).to_have_value("hoang")
    box.press("ArrowDown")
    box.press("ArrowDown")
    box.press("Enter")
    page.wait_for_url("**/people/dang-hoang-giang/")


def test_enter_without_a_choice_searches(site: str, page: Page) -> None:
    page.goto(f"{site}/people/")
    box = page.locator("input[role=combobox]")
    box.press_sequentially("โทนี้ บุย")
    expect(page.locator(".combobox [role=option]").first).to_contain_text("spelled โทนี่ บุย")
    box.press("Enter")
    page.wait_for_url("**/search/?q=*")
    expect(page.locator("b", has_text="โทนี่").first).to_be_visible()


def test_a_suggestion_is_taken_by_touch_and_nothing_moves(site: str, page: Page) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(f"{site}/people/")
    before = page.locator("h1").bounding_box()
    page.locator("input[role=combobox]").press_sequentially("vfda")
    option = page.locator(".combobox [role=option]").first
    expect(option).to_be_visible()
    assert page.locator("h1").bounding_box() == before
    option.click()
    page.wait_for_url("**/organizations/vfda/")


def test_filter_and_go_back(site: str, page: Page) -> None:
    page.goto(f"{site}/statements/")
    page.evaluate("window.same = true")
    page.locator("#facet-kind-direct").focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{site}/statements/?kind=direct")
    expect(page.locator("#list-status")).to_contain_text("5 statements")
    expect(page.locator("#facet-kind-direct")).to_be_focused()
    expect(page.locator("article.statement")).to_have_count(5)
    assert page.locator("#as-json").get_attribute("href", timeout=1000).endswith("/api/v1/statements/?kind=direct")

    page.locator("#list-q").fill("AI")
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{site}/statements/?kind=direct&q=AI")
    expect(page.get_by_role("link", name="CSV")).to_have_attribute(
        "href", "/api/v1/export/statements.csv?kind=direct&q=AI"
    )

    page.go_back()
    expect(page).to_have_url(f"{site}/statements/?kind=direct")
    expect(page.locator("article.statement")).to_have_count(5)
    expect(page.locator("#list-status")).to_contain_text("5 statements")
    page.locator(".chips a").click()
    expect(page).to_have_url(re.compile(r"/statements/\??$"))
    expect(page.locator("#list-title")).to_be_focused()
    page.get_by_role("link", name="Next page").click()
    expect(page).to_have_url(f"{site}/statements/?page=2")
    expect(page.locator("#list-title")).to_be_in_viewport()
    assert page.evaluate("window.same") is True  # never a new document


def head(page: Page) -> tuple[str, str, str]:
    """Return what the head says of the page: its title, its own address and that of the Thai edition."""
    links = [page.locator(f"head link[{which}]").get_attribute("href") for which in ("rel=canonical", "hreflang=th")]
    return (page.title(), *(str(link) for link in links))


def test_the_head_follows_what_is_shown(site: str, page: Page) -> None:
    page.goto(f"{site}/statements/")
    first = head(page)
    assert first == ("Statements – On the Record", f"{site}/statements/", f"{site}/th/statements/")
    page.get_by_role("link", name="Next page").click()
    expect(page).to_have_title("Statements, Page 2 of 3 – On the Record")
    expect(page.locator("#list-title")).to_be_focused()
    assert head(page)[1:] == (f"{site}/statements/?page=2", f"{site}/th/statements/?page=2")
    expect(page.locator(".editions a[lang=th]")).to_have_attribute("href", re.compile(r"/th/statements/\?page=2$"))
    page.go_back()
    expect(page).to_have_title(first[0])
    expect(page.locator(".editions a[lang=th]")).to_have_attribute("href", re.compile(r"/th/statements/\??$"))
    assert head(page) == first
    page.locator("#facet-kind-direct").click()
    expect(page).to_have_title("Statements: direct quote – On the Record")
    assert head(page)[1:] == first[1:]
    page.wait_for_load_state("networkidle")


def test_a_filter_that_cannot_be_used_is_still_named(site: str, page: Page) -> None:
    page.goto(f"{site}/statements/?topic=nothing")
    page.locator("#facet-kind-direct, .tools button").first.click()
    expect(page.get_by_role("alert")).to_contain_text("topic")
    page.wait_for_load_state("networkidle")  # nothing is asked any more when the tables are emptied


def test_an_answer_that_is_no_list_is_left_to_the_browser(site: str, page: Page) -> None:
    page.goto(f"{site}/statements/")
    script = {"hx-request": "true"}
    page.route(
        "**/statements/?page=2",
        lambda route, asked: (
            route.fulfill(status=500) if script.items() <= asked.headers.items() else route.continue_()
        ),
    )
    page.get_by_role("link", name="Next page").click()
    expect(page.get_by_role("link", name="Previous page")).to_be_visible()
    expect(page).to_have_url(f"{site}/statements/?page=2")


def test_everything_works_without_script(site: str, browser: Browser) -> None:
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(site)
    box = page.get_by_role("searchbox")
    box.fill("hoang")
    box.press("Enter")
    page.wait_for_url("**/search/?q=hoang")
    page.get_by_role("link", name="Đặng Hoàng Giang").first.click()
    page.wait_for_url("**/people/dang-hoang-giang/")
    page.goto(f"{site}/statements/")
    page.locator("#facet-kind-direct").click()
    page.wait_for_url("**/statements/?kind=direct")
    expect(page.locator("article.statement")).to_have_count(5)
    page.locator("#list-q").fill("AI")
    page.locator("#list-show").click()
    page.wait_for_url("**/statements/?kind=direct&q=AI")  # and no &ordering=
    page.go_back()
    page.go_back()
    expect(page.locator(".chips")).to_have_count(0)
    page.context.close()


@pytest.mark.parametrize("address", ["/", "/people/", "/statements/", "/events/", "/search/?q=tony"])
def test_a_first_visit_is_light(site: str, page: Page, address: str) -> None:
    """Uncompressed, as the tests serve it; what a reader gets is smaller. Fonts and pictures do not shrink."""
    sizes: dict[str, int] = {}
    page.on("requestfinished", lambda request: sizes.__setitem__(request.url, len(request.response().body())))
    page.goto(f"{site}{address}", wait_until="networkidle")
    assert sum(size for url, size in sizes.items() if url.endswith(".woff2")) < 110_000, sizes
    assert len(sizes) <= 16
