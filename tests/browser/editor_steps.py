"""What editors do on the pages of the admin in a real browser, and what the tests of it share."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, Page, expect

EXPORTS = ("people", "organizations", "initiatives", "events", "statements", "sources", "topics")


@pytest.fixture
def windows(browser: Browser) -> Iterator[Any]:
    """Return what opens a browser with the session of somebody, or of nobody."""
    with ExitStack() as stack:

        def opened(site: str, client: Client | None = None) -> Page:
            context = stack.enter_context(browser.new_context(base_url=site))
            if client is not None:
                cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
                context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": site}])
            return context.new_page()

        yield opened


def full_export() -> dict[str, bytes]:
    """Return all exports, to the byte."""
    answers = {kind: Client().get(f"/api/v1/export/{kind}.ndjson") for kind in EXPORTS}
    return {kind: b"".join(answer.streaming_content) for kind, answer in answers.items()}  # type: ignore[arg-type]


def save(page: Page) -> None:
    """Press “Save” at the foot of a form."""
    page.locator("[name=_save]").last.click()


def undo(page: Page, reason: str = "A slip.", button: str = "Undo all of it") -> None:
    """Undo the change whose page is open, and see that it is done."""
    page.get_by_label("Why it is undone").fill(reason)
    page.get_by_role("button", name=button).click()
    expect(page.get_by_text("It is undone.")).to_be_visible()
