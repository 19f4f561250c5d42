"""Sign-in, second factor and a form that came too late, in a real browser: accessible, without a script, within the policy."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.auth.models import Group, User
from django.contrib.sessions.models import Session
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.groups import update_ready_groups
from tests import factories as make
from tests.accounts.people import PASSWORD, code_of, make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def user(live_server: LiveServer) -> User:
    update_ready_groups("default")
    return make_user("somchai", "keeper")


@pytest.fixture(params=[True, False], ids=["script", "no script"])
def script(request: Any) -> bool:
    """Whether the browser runs scripts."""
    return bool(request.param)


@pytest.fixture
def page(browser: Browser, script: bool) -> Iterator[Page]:
    """Open a window."""
    context = browser.new_context(java_script_enabled=script, reduced_motion="reduce")
    yield context.new_page()
    context.close()


@pytest.fixture
def check(page: Page, script: bool) -> Callable[[], None]:
    """Return a function that fails if the page breaks a rule of axe, or the Content-Security-Policy stopped something on it."""
    stopped: list[str] = []
    page.on("console", lambda line: stopped.append(line.text) if "Content Security Policy" in line.text else None)

    def checked() -> None:
        assert stopped == []
        if script:
            broken = Axe().run(page, options={"rules": {"target-size": {"enabled": True}}}).response["violations"]
            assert [(rule["id"], [node["html"][:120] for node in rule["nodes"][:3]]) for rule in broken] == []
        stopped.clear()  # what axe itself did

    return checked


def sign_in(page: Page, code: str = "") -> None:
    """Fill in the form that is shown, and send it."""
    page.get_by_label("Username").fill("somchai")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_label("Code").fill(code)
    page.get_by_role("button", name="Sign in").click()


def test_from_sign_in_to_second_factor_to_a_late_form(
    page: Page, check: Callable[[], None], user: User, live_server: LiveServer
) -> None:
    page.goto(f"{live_server.url}/admin/")
    fields = [page.get_by_label(label).get_attribute("autocomplete") for label in ("Username", "Password", "Code")]
    assert fields == ["username", "current-password", "one-time-code"]
    check()
    sign_in(page)
    page.locator(".desk-menu > summary").click()
    page.get_by_role("link", name="Your account").click()
    page.get_by_role("link", name="Set up the second factor").wait_for()
    check()
    page.get_by_role("link", name="Set up the second factor").click()
    picture = page.locator("img.second-factor-key")
    expect(picture).to_be_visible()
    expect(picture).to_have_js_property("complete", True)
    assert page.request.get(f"{live_server.url}/admin/account/second-factor/key.svg").status == 200
    check()
    key = base64.b32decode(page.locator("code").inner_text().replace(" ", "")).hex()
    page.get_by_label("Code").fill(code_of(key))
    page.get_by_role("button", name="Set up").click()
    expect(page.locator(".recovery-codes li")).to_have_count(10)
    recovery = page.locator(".recovery-codes code").first.inner_text()
    check()

    page.goto(f"{live_server.url}/admin/auth/group/{Group.objects.get(name='editor').pk}/change/")
    expect(page.locator(".rights-matrix tbody tr")).to_have_count(13)
    check()

    ann = make.make_person("Ann Lee")  # from here on Django's own scripts set styles, which the policy stops
    page.goto(f"{live_server.url}/admin/directory/person/{ann.pk}/change/")
    page.get_by_label("Wikidata").fill("Q42")
    Session.objects.all().delete()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Your session has ended, and nothing was saved yet.")).to_be_visible()
    sign_in(page, recovery)
    expect(page.get_by_text("You are signed in again. This is what you typed")).to_be_visible()
    expect(page.get_by_label("Wikidata")).to_have_value("Q42")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("was changed successfully")).to_be_visible()
    ann.refresh_from_db()
    assert ann.wikidata == "Q42"
