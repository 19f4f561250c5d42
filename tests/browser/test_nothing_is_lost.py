"""Nothing typed at the desk is lost: not by a closed tab, an ended login or a server that does not answer, in a real Chromium."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.test import Client
from playwright.sync_api import Page, expect

from desk.models import CardDraft, TextDraft
from directory.models import Source
from events.models import Statement, Wording
from tests.accounts.people import PASSWORD
from tests.browser.desk_steps import Desk, Hand, select_by_mouse
from tests.browser.test_desk import FIRST, open_article, sign_in
from tests.desk.articles import Article, english
from tests.desk.test_intake_pages import ARTICLE, KEPT

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
TYPED = "ไม่มีใครจมน้ำเพราะตัวเลข"


@pytest.fixture
def curator(page: Page, live_server: Any, client: Client) -> Page:
    """A page on which somebody is signed in who has a password."""
    User.objects.create_superuser("curator", password=PASSWORD)
    sign_in(page, live_server, client)
    return page


@pytest.fixture
def article(curator: Page, live_server: Any) -> Article:
    """An article that is open, with a card in which something is typed."""
    article = english()
    open_article(curator, live_server, article)
    open_card(curator)
    return article


def open_card(page: Page) -> None:
    """Open the card of a quote, and type a translation."""
    select_by_mouse(page, 3, FIRST)
    page.keyboard.press("q")
    translation(page).focus()
    page.keyboard.type(TYPED)


def translation(page: Page) -> Any:
    """The box of the translation in the card that is open."""
    return page.locator("form.card [name=text_th]")


def sign_in_by_the_form(page: Page) -> None:
    """Sign in with name and password on a page that asks for it."""
    page.locator("[name=username]").fill("curator")
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("#login-form [type=submit]").click()


def end_the_login() -> None:
    """End every login on the server, as a restart of the cache or another window would."""
    Session.objects.all().delete()


def expect_saved(page: Page) -> None:
    """Save the card, and see that what was typed is on record, once."""
    translation(page).press("Control+Enter")
    expect(page.locator(".card-saved")).to_be_visible()
    assert Statement.objects.count() == 1
    assert Wording.objects.get(language="th").text == TYPED
    assert not CardDraft.objects.exclude(data="").exists()


def is_kept() -> bool:
    """Whether the server keeps a card with what was typed."""
    return any(TYPED in draft.form_data.get("text_th", "") for draft in CardDraft.objects.exclude(data=""))


def wait_until(state: Callable[[], bool]) -> None:
    """Wait until something holds on the server. What a page sends while it goes away is told to nobody."""
    end = time.monotonic() + 20
    while not state():
        assert time.monotonic() < end, "it did not come to be"
        time.sleep(0.05)


@pytest.mark.parametrize(
    "leave", [lambda page: page.close(run_before_unload=True), lambda page: page.goto("about:blank")]
)
def test_a_tab_is_closed_in_the_middle_of_a_card(
    curator: Page, live_server: Any, article: Article, leave: Callable[[Page], object]
) -> None:
    leave(curator)
    wait_until(is_kept)
    page = curator.context.new_page()
    open_article(page, live_server, article)
    expect(translation(page)).to_have_value(TYPED)
    expect_saved(page)


def test_a_card_that_is_thrown_away_is_not_shown_again(curator: Page, live_server: Any, article: Article) -> None:
    curator.locator("form.card [data-card=dismiss]").click()
    expect(curator.locator("form.card")).to_have_count(0)
    assert not CardDraft.objects.exclude(data="").exists()
    open_article(curator, live_server, article)
    expect(curator.locator("form.card")).to_have_count(0)


def test_the_login_ends_while_a_card_is_open_and_is_renewed_in_another_tab(curator: Page, article: Article) -> None:
    end_the_login()
    curator.keyboard.press("Control+Enter")
    notice = curator.locator(".card-notice")
    expect(notice).to_contain_text("You are signed out")
    expect(translation(curator)).to_have_value(TYPED)
    with curator.context.expect_page() as opened:
        notice.locator("a").click()
    sign_in_by_the_form(opened.value)
    opened.value.wait_for_url(lambda url: "/login/" not in url)
    expect_saved(curator)


def test_the_login_ends_and_the_tab_is_closed(curator: Page, live_server: Any, article: Article) -> None:
    curator.locator("h1").click()  # whoever leaves a field has it kept
    with curator.expect_response(lambda answer: answer.url.endswith("/drafts/") and answer.request.method == "POST"):
        translation(curator).blur()
    curator.close()
    end_the_login()
    page = curator.context.new_page()
    page.goto(f"{live_server.url}/admin/desk/{article.source.slug}/")
    sign_in_by_the_form(page)
    expect(translation(page)).to_have_value(TYPED)
    expect_saved(page)


def test_the_server_does_not_answer_for_a_while(curator: Page, article: Article) -> None:
    curator.context.set_offline(True)
    curator.keyboard.press("Control+Enter")
    expect(curator.locator(".card-notice")).to_contain_text("The server could not be reached")
    expect(translation(curator)).to_have_value(TYPED)
    curator.context.set_offline(False)
    expect_saved(curator)


def test_the_login_ends_while_a_text_is_cut(curator: Page, live_server: Any) -> None:
    desk = Desk(Hand(curator), live_server.url)
    desk.take_in(ARTICLE)
    end_the_login()
    curator.locator("#id_publisher").fill("The Lantern")
    curator.locator("button[value=save]").click()
    expect(curator.locator(".sign-in-note").first).to_be_visible()
    assert not Source.objects.exists()
    sign_in_by_the_form(curator)
    curator.locator("main [type=submit], #content [type=submit]").first.click()  # sends it once more
    curator.wait_for_url(lambda url: "/desk/" in url)
    source = Source.objects.get()
    assert (source.publisher, source.text) == ("The Lantern", "\n".join(KEPT))
    assert not TextDraft.objects.exists()


def test_the_server_does_not_answer_while_a_text_is_cut(curator: Page, live_server: Any) -> None:
    desk = Desk(Hand(curator), live_server.url)
    desk.take_in(ARTICLE)
    curator.locator("#id_publisher").fill("The Lantern")
    curator.context.set_offline(True)
    curator.locator("button[value=save]").click()
    expect(curator.locator("#cut-unreachable")).to_be_visible()
    expect(curator.locator("#id_publisher")).to_have_value("The Lantern")
    curator.context.set_offline(False)
    curator.locator("button[value=save]").click()
    curator.wait_for_url(lambda url: "/desk/" in url)
    assert Source.objects.get().publisher == "The Lantern"
