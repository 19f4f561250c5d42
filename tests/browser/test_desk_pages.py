"""Every page and card of the desk by day and by night, in each language: no rule of accessibility is broken, nothing sticks out."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page, expect

from base.text.languages import address_in
from tests import factories as make
from tests.desk.articles import english

from .test_desk import RULES, select_by_mouse, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
CARDS = [("n", 4, "Tomas Reka"), ("a", 2, "Ines Aldana"), ("e", 1, "met in Pellmere"), ("r", 5, "in three languages")]


def faults(page: Page) -> list[tuple[str, list[Any]]]:
    """Return the rules that a page breaks, with the elements, and by how many pixels it is too wide."""
    page.evaluate("document.fonts.ready.then(() => true)")
    rules = Axe().run(page, options={"runOnly": RULES, "preload": False}).response["violations"]
    found = [(rule["id"], [node["target"] for node in rule["nodes"]]) for rule in rules]
    over = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    return found + ([("too wide", [over])] if over > 0 else [])


@pytest.mark.parametrize(
    ("language", "width", "scheme"),
    [("en", 1280, "light"), ("th", 768, "dark"), ("vi", 1280, "dark"), ("vi", 768, "light")],
)
def test_cards_and_pages_keep_nobody_out(
    page: Page, live_server: Any, client: Client, language: str, width: int, scheme: Any
) -> None:
    article = english()
    other = make.make_person("Thomas Reka")
    sign_in(page, live_server, client)
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 900})
    problems: list[str] = []
    page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: problems.append(str(error)))
    broken: dict[str, list[tuple[str, list[Any]]]] = {}

    def address(name: str, *args: str) -> str:
        return f"{live_server.url}{address_in(reverse(f'admin:{name}', args=args), language)}"

    page.goto(address("desk_read", article.source.slug))
    expect(page.locator(".proposal-item").first).to_be_visible()
    broken["proposals"] = faults(page)
    for letter, paragraph, words in CARDS:
        select_by_mouse(page, paragraph, words)
        page.keyboard.press(letter)
        expect(page.locator("form.card")).to_be_visible()
        page.locator(".card-more > summary").click()
        broken[f"card {letter}"] = faults(page)
        page.keyboard.press("Escape")
        expect(page.locator("form.card")).to_have_count(0)
    broken["cards that are kept"] = faults(page)
    page.locator("#publish-button").click()
    expect(page.locator("#publish")).to_be_visible()
    broken["publishing"] = faults(page)
    page.goto(f"{address('desk_doubles')}?kind=person&record={other.pk}")
    broken["doubles"] = faults(page)
    page.goto(address("desk_new_text", article.source.slug))
    broken["a newer text"] = faults(page)
    text = page.locator("textarea[name=text]")
    text.fill(text.input_value().replace("who chairs", "chair of"))
    page.locator("input[name=reason]").fill("Corrected.")
    page.locator("#content button.main").click()
    expect(page.locator(".desk-decision").first).to_be_visible()
    page.locator("input[value='other words']").first.check()
    expect(page.locator(".desk-decision textarea").first).to_be_visible()
    broken["what differs"] = faults(page)
    assert {place: found for place, found in broken.items() if found} == {}
    assert problems == []
