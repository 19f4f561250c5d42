"""The page to try the API, in a real browser: it works under our CSP and asks nobody but this server."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db]


def test_swagger_ui_works_without_the_network_outside(live_server: Any, page: Page) -> None:
    asked: list[str] = []
    complaints: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(f"{live_server.url}/api/v1/docs/")
    page.wait_for_selector("#operations-topics-listTopics")
    page.click("#operations-topics-listTopics .opblock-summary")
    page.click("text=Try it out")
    page.click("button.execute")
    page.wait_for_selector(".live-responses-table .response-col_status")
    answer = page.inner_text(".live-responses-table tbody .response-col_status")
    assert answer.strip().startswith("200")
    assert complaints == []
    assert page.context.cookies() == []
    assert [address for address in asked if not address.startswith((live_server.url, "data:"))] == []
