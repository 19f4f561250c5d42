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


# The letters of the picture that is shown, as large as they are on the screen, and how many of its texts stand out of their boxes.
PICTURE = """() => {
  const pictures = [...document.querySelectorAll("svg.picture")].filter((svg) => svg.getClientRects().length);
  const [picture] = pictures;
  const scale = picture.getBoundingClientRect().width / picture.viewBox.baseVal.width;
  const texts = [...picture.querySelectorAll("text")];
  const outside = [...picture.querySelectorAll(".node")].filter((node) => {
    const box = node.querySelector(".box").getBoundingClientRect();
    return [...node.querySelectorAll("tspan, text")].some((text) => {
      const { left, right, top, bottom } = text.getBoundingClientRect();
      return left < box.left || right > box.right || top < box.top - 1 || bottom > box.bottom + 1;
    });
  });
  return {
    name: picture.classList[1],
    shown: pictures.length,
    smallest: Math.min(...texts.map((text) => parseFloat(getComputedStyle(text).fontSize))) * scale,
    outside: outside.map((node) => node.textContent),
    below: document.querySelector("footer").getBoundingClientRect().top -
      document.querySelector(".told").getBoundingClientRect().bottom,
  };
}"""


@pytest.mark.parametrize(("width", "name"), [(360, "narrow"), (768, "middle"), (1280, "wide")])
def test_the_network_is_of_reading_size_and_walked_by_keyboard(
    browser: Browser, live_server: Any, width: int, name: str
) -> None:
    event = make.make_event("ความร่วมมือในการพัฒนาภาพยนตร์เวียดนามสหรัฐอเมริกา", "th", slug="film-workshop")
    for n in range(40):
        make.make_statement(make.make_person(f"Somebody with a name {n}"), event, topics=[])
    page = browser.new_page(viewport={"width": width, "height": 600})
    page.goto(f"{live_server.url}/network/")
    page.evaluate("document.fonts.ready")
    picture = page.evaluate(PICTURE)
    assert (picture["name"], picture["shown"], picture["outside"]) == (name, 1, [])
    assert picture["smallest"] >= 13
    assert picture["below"] < 200
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.get_by_role("link", name="Read it as a list").focus()
    page.keyboard.press("Tab")
    first = page.locator(f"svg.{name} .node").first
    expect(first).to_be_focused()
    assert first.locator(".box").evaluate("box => getComputedStyle(box).strokeWidth") == "3px"
    expect(first).to_have_class(re.compile("lit"))
    page.get_by_role("link", name=re.compile("^Event: ")).focus()
    assert page.locator(f"svg.{name} .node.lit").count() == 41
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/network/\?focus=events/film-workshop$"))
    expect(page.get_by_text("40 neighbours")).to_be_visible()
    page.close()
