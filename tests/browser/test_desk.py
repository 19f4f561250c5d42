"""The reading view in a real Chromium: words are selected by mouse and by keyboard, cards filled, kept and saved."""

from __future__ import annotations

import re
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client
from playwright.sync_api import Page, expect

from events.models import Statement, Wording
from tests.browser.desk_steps import select_by_mouse
from tests.desk.articles import Article, english, thai, vietnamese

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
FIRST = "Nobody drowns because of a number,"
SECOND = "but people have drowned because of two numbers."


def sign_in(page: Page, live_server: Any, client: Client) -> None:
    """Put the session of a superuser into the browser."""
    user = User.objects.filter(username="curator").first() or User.objects.create_superuser("curator")
    client.force_login(user)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])


@pytest.fixture
def curator(page: Page, live_server: Any, client: Client) -> Page:
    """A page on which a superuser is signed in."""
    sign_in(page, live_server, client)
    return page


def open_article(page: Page, live_server: Any, article: Article) -> None:
    """Open the reading view, and wait for what is proposed."""
    assert page.goto(f"{live_server.url}/admin/desk/{article.source.slug}/").ok
    expect(page.locator("#text mark.proposal").first).to_be_visible()


def test_the_whole_task_with_the_mouse(curator: Page, live_server: Any) -> None:
    article = english()
    open_article(curator, live_server, article)
    select_by_mouse(curator, 3, "obody drowns because of a numbe")  # widened to whole words
    curator.get_by_role("button", name="Direct quote").click()
    card = curator.locator("form.card")
    expect(card.locator(".card-words")).to_contain_text("Nobody drowns because of a number")
    expect(card).to_contain_text("guessed: “Ms Aldana said”")
    card.get_by_label("Thai, translation").fill("ไม่มีใครจมน้ำเพราะตัวเลข")
    card.get_by_role("button", name=re.compile("^Save, next")).click()
    expect(curator.locator(".card-saved")).to_contain_text("Ines Aldana")
    expect(curator.locator("#made")).to_contain_text("Nobody drowns because of a number")
    expect(curator.locator("#p3 mark.words")).to_be_visible()
    expect(curator.locator("#counts")).to_contain_text("1 statement")
    statement = Statement.objects.get()
    assert (statement.speaker, statement.event) == (article.speaker, article.event)
    assert statement.role_at_time == "chair, Lantern Coast Association"


def test_the_whole_task_with_the_keyboard_alone(curator: Page, live_server: Any) -> None:
    article = english()
    open_article(curator, live_server, article)
    keys = curator.keyboard
    curator.locator("#p1").focus()
    keys.press("ArrowDown")
    keys.press("ArrowDown")
    expect(curator.locator("#p3")).to_be_focused()
    keys.press("ArrowRight")
    for _word in range(5):
        keys.press("Shift+ArrowRight")
    keys.press("Shift+ArrowLeft")
    expect(curator.locator("#selected")).to_have_text("Nobody drowns because of a")
    keys.press("Shift+ArrowRight")
    keys.press("q")
    expect(curator.get_by_label("Thai, translation")).to_be_focused()
    keys.type("ไม่มีใคร")
    keys.press("Control+Enter")
    expect(curator.locator(".card-saved")).to_be_visible()
    expect(curator.locator("#p3")).to_be_focused()
    assert Wording.objects.get(nature="verbatim").text == "Nobody drowns because of a number"
    keys.press("Tab")  # the marks of the paragraph are next
    expect(curator.locator("#p3 mark[role]").first).to_be_focused()


def test_a_divided_quote_and_a_speaker_who_is_chosen(curator: Page, live_server: Any) -> None:
    article = english()
    open_article(curator, live_server, article)
    select_by_mouse(curator, 3, FIRST)
    curator.keyboard.press("q")
    card = curator.locator("form.card")
    expect(card).to_be_visible()
    select_by_mouse(curator, 3, SECOND)
    curator.keyboard.press("c")
    expect(card.locator(".card-words li")).to_have_count(2)
    card.get_by_role("button", name="Take Ines Aldana out").click()
    card.get_by_role("combobox", name="Speaker").press_sequentially("lantern")
    expect(card.get_by_role("option").first).to_contain_text("Lantern Coast Association")
    curator.keyboard.press("Enter")
    curator.keyboard.press("Control+Enter")
    expect(curator.locator(".card-saved")).to_be_visible()
    statement = Statement.objects.get()
    assert statement.speaker_organization == article.body
    assert statement.wordings.get().text == f"{FIRST} … {SECOND}"


@pytest.mark.parametrize(
    ("make_article", "words"),
    [
        (thai, "น้ำขึ้นไม่เคยรอใคร แต่เรารอกันได้"),
        (vietnamese, "Nước lên không đợi ai, nhưng chúng ta có thể đợi nhau."),
    ],
)
def test_proposed_words_open_their_card_in_thai_and_vietnamese(
    curator: Page, live_server: Any, make_article: Any, words: str
) -> None:
    article = make_article()
    open_article(curator, live_server, article)
    curator.locator("#p2 mark.proposal.of-quote").click()
    card = curator.locator("form.card")
    expect(card.locator(".card-words q")).to_have_text(words)
    expect(card.locator(":focus")).to_have_count(1)
    curator.keyboard.press("Control+Enter")
    expect(curator.locator(".card-saved")).to_be_visible()
    assert Statement.objects.get().speaker == article.speaker


def test_a_card_can_be_saved_as_soon_as_it_is_there(curator: Page, live_server: Any) -> None:
    open_article(curator, live_server, english())
    curator.evaluate(
        """document.getElementById("card-place").addEventListener("htmx:afterSwap", () =>
            setTimeout(() => document.querySelector("form.card button[value=save]").click()), { once: true })"""
    )
    select_by_mouse(curator, 3, FIRST)
    curator.keyboard.press("q")
    expect(curator.locator(".card-saved")).to_be_visible()
    assert Statement.objects.count() == 1


def test_whole_words_are_selected_in_thai(curator: Page, live_server: Any) -> None:
    open_article(curator, live_server, thai())
    select_by_mouse(curator, 2, "ไม่เคยรอ")
    assert curator.evaluate("document.getElementById('selected').textContent") in ("ไม่เคยรอ", "ไม่เคยรอใคร")


def test_esc_lets_go_of_the_words_and_closes_the_card_that_is_kept(curator: Page, live_server: Any) -> None:
    article = english()
    open_article(curator, live_server, article)
    select_by_mouse(curator, 3, FIRST)
    curator.keyboard.press("Escape")
    expect(curator.locator("#toolbar")).to_be_hidden()
    select_by_mouse(curator, 3, FIRST)
    curator.keyboard.press("q")
    curator.get_by_label("Thai, translation").fill("ไม่มี")
    curator.keyboard.press("Escape")
    expect(curator.locator("form.card")).to_have_count(0)
    curator.get_by_role("button", name="Go on").click()
    expect(curator.get_by_label("Thai, translation")).to_have_value("ไม่มี")


def test_words_are_cited_for_a_record_at_the_right(curator: Page, live_server: Any) -> None:
    article = english()
    open_article(curator, live_server, article)
    select_by_mouse(curator, 2, "Ines Aldana")
    expect(curator.locator("#made")).to_contain_text("chair")
    curator.get_by_role("button", name=re.compile("Cite the selected words")).first.click()
    expect(curator.locator(".card-saved")).to_contain_text("Cited from ¶2")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [768, 1280])
def test_no_rule_of_accessibility_is_broken(curator: Page, live_server: Any, scheme: Any, width: int) -> None:
    article = english()
    curator.emulate_media(color_scheme=scheme)
    curator.set_viewport_size({"width": width, "height": 900})
    problems: list[str] = []
    curator.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    open_article(curator, live_server, article)
    curator.locator("#keys-button").click()
    select_by_mouse(curator, 3, FIRST)
    broken = Axe().run(curator, options={"runOnly": RULES}).response["violations"]
    curator.keyboard.press("q")
    expect(curator.locator("form.card")).to_be_visible()
    curator.locator(".card-more > summary").click()
    broken += Axe().run(curator, options={"runOnly": RULES}).response["violations"]
    assert [(rule["id"], [node["target"] for node in rule["nodes"]]) for rule in broken] == []
    assert problems == []
    assert curator.evaluate("document.documentElement.scrollWidth <= innerWidth")
