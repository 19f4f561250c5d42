"""Two curators at once on one record, and on one report: the later one sees both versions, and nothing is lost."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from directory.models import Person
from reports.models import Report
from tests import factories as make
from tests.browser.editor_steps import save, windows
from tests.curation import change_url
from tests.review.article import browser

__all__ = ["windows"]  # a fixture
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def lan_and_kai(windows: Any, live_server: Any) -> tuple[Page, Page]:
    """Return the windows of two editors."""
    lan, kai = (windows(live_server.url, browser(name, "editor")) for name in ("lan", "kai"))
    return lan, kai


def expect_saved_version(page: Page, field: str, value: str) -> None:
    """Expect that the saved version is on the page, or one click away in a window beside it."""
    beside = page.get_by_role("link", name="Open the saved version beside it")
    if beside.count() == 0:
        expect(page.locator("#content")).to_contain_text(value)
        return
    with page.expect_popup() as opened:
        beside.click()
    expect(opened.value.locator(f"[name={field}]")).to_have_value(value)
    opened.value.close()


def expect_typed(page: Page, *values: str) -> None:
    """Expect that what was typed is still on the page, in a field or beside the saved version."""
    for value in values:
        expect(page.locator(f"#content:has([value='{value}']), #content:has-text('{value}')")).to_be_attached()


def test_at_one_record(lan_and_kai: tuple[Page, Page]) -> None:
    lan, kai = lan_and_kai
    person = make.make_person("Ann Lee", passages=[make.make_passage(words="Ann Lee spoke.")])
    for page in lan_and_kai:
        page.goto(change_url(person))
    lan.locator("[name=wikidata]").fill("Q1")
    save(lan)
    expect(lan.locator(".messagelist .success")).to_be_visible()

    kai.locator("[name=wikidata]").fill("Q2")
    kai.locator("[name=names-0-text]").fill("Anne Lee")
    kai.locator("[name=change_reason]").fill("Her own spelling.")
    kai.locator("[name=change_reason]").blur()
    expect(kai.locator("[data-form-kept]")).to_contain_text("Kept, not saved yet")
    save(kai)
    expect(kai.locator(".errornote, .errorlist").first).to_be_visible()
    expect(kai.locator("#content")).to_contain_text(re.compile(r"\blan\b", re.IGNORECASE))
    expect_typed(kai, "Q2", "Anne Lee")
    expect_saved_version(kai, "wikidata", "Q1")
    person = Person.objects.get()
    assert (person.wikidata, person.name) == ("Q1", "Ann Lee"), "nothing is overwritten"

    kai.close(run_before_unload=True)  # and even so nothing is lost
    again = kai.context.new_page()
    again.goto(change_url(person))
    expect(again.locator("[name=wikidata]")).to_have_value("Q1")
    again.get_by_role("button", name="Go on with it").click()
    expect(again.get_by_text("This is what you typed the last time")).to_be_visible()
    expect(again.get_by_role("button", name="Go on with it")).to_have_count(0)
    expect_typed(again, "Q2", "Anne Lee")
    assert Person.objects.get().wikidata == "Q1"


def test_at_one_report(lan_and_kai: tuple[Page, Page]) -> None:
    lan, kai = lan_and_kai
    person = make.make_person("Ann Lee", passages=[make.make_passage(words="Ann Lee spoke.")])
    report = Report(record_kind="person", record_id=person.slug, record_path="/people/ann-lee/", message="She is Anne.")
    report.move_to("open")
    for page in lan_and_kai:
        page.goto(change_url(report))
        expect(page.locator(".report-record")).to_contain_text("Ann Lee spoke.")
    lan.locator("[name=state]").select_option("accepted")
    lan.locator("[name=answer]").fill("Corrected.")
    save(lan)
    expect(lan.locator(".messagelist .success")).to_be_visible()

    kai.locator("[name=state]").select_option("declined")
    kai.locator("[name=answer]").fill("Her own site says Ann.")
    save(kai)
    expect(kai.locator(".errornote, .errorlist").first).to_be_visible()
    expect(kai.locator("#content")).to_contain_text(re.compile(r"\blan\b", re.IGNORECASE))
    expect_typed(kai, "Her own site says Ann.")
    report.refresh_from_db()
    assert (report.state, report.answer) == ("accepted", "Corrected.")
    assert report.entries.count() == 2
