"""A reader reports a problem in a real browser, with and without script, and walks through the network."""

from __future__ import annotations

import re
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, expect

from reports import forms
from reports.models import Report
from tests import factories as make

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("script", [True, False])
def test_a_reader_reports_a_problem(
    browser: Browser, live_server: Any, monkeypatch: pytest.MonkeyPatch, script: bool
) -> None:
    monkeypatch.setattr(forms, "MIN_AGE", -1)
    make.make_person("Ann Lee")
    page = browser.new_page(java_script_enabled=script)
    page.goto(f"{live_server.url}/people/ann-lee/")
    page.get_by_role("link", name="Report a problem").click()
    page.get_by_label("What should it say").fill("Her name is Anne.")
    page.get_by_role("button", name="Send report").click()
    expect(page.get_by_role("alert")).to_contain_text("Choose what is wrong")
    expect(page.get_by_label("What should it say")).to_have_value("Her name is Anne.")
    page.get_by_label("What is wrong?").select_option("name")
    page.get_by_role("button", name="Send report").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("^OTR-"))
    expect(page.get_by_text("The report was received.")).to_be_visible()
    page.get_by_role("button", name="Withdraw this report").click()
    expect(page.locator(".facts strong")).to_have_text("Withdrawn")
    assert Report.objects.get().state == "withdrawn"
    page.close()


@pytest.mark.parametrize("address", ["/reports/new/?record=/people/ann-lee/", "/data/", "/network/"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_pages_hold_no_barrier(browser: Browser, live_server: Any, address: str, scheme: Any) -> None:
    make.make_affiliation(make.make_person("Ann Lee"), make.make_organization())
    for width in (320, 1280):
        page = browser.new_page(color_scheme=scheme, viewport={"width": width, "height": 800})
        page.goto(live_server.url + address)
        found = Axe().run(page)
        assert [(rule["id"], node["html"]) for rule in found.response["violations"] for node in rule["nodes"]] == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        page.close()


def test_the_network_can_be_walked_moved_and_scaled(browser: Browser, live_server: Any) -> None:
    event = make.make_event()
    for n in range(40):
        make.make_participation(make.make_person(f"Somebody with a name {n}"), event)
    page = browser.new_page(viewport={"width": 800, "height": 600})
    page.goto(f"{live_server.url}/network/")
    where = "[document.querySelector('.map').scrollLeft, document.querySelector('.map').scrollTop]"
    wide = "Number(document.querySelector('.map svg').getAttribute('width'))"
    frame, before, full = page.locator(".map").bounding_box(), page.evaluate(where), page.evaluate(wide)
    assert frame
    x, y = frame["x"] + 300, frame["y"] + 200
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x - 60, y - 40, steps=4)
    page.mouse.up()
    assert page.evaluate(where) == [before[0] + 60, before[1] + 40]
    assert page.url == f"{live_server.url}/network/"
    page.locator(".map").focus()
    page.keyboard.press("+")
    assert page.evaluate(wide) > full
    page.get_by_role("button", name="All of it").click()
    assert page.evaluate(wide) <= frame["width"]
    page.locator("svg .event a").first.click()
    expect(page).to_have_url(re.compile(r"/network/\?focus=events/film-workshop$"))
    expect(page.get_by_text("40 neighbours")).to_be_visible()
    page.close()
