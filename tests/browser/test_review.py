"""Review in a real Chromium: a contributor, an editor and a reader of a preview, each in a browser of their own."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.management import call_command
from django.utils import timezone
from playwright.sync_api import Page, expect

from base.records.submissions import Submission
from tests.accounts.people import make_user
from tests.browser.editor_steps import windows
from tests.review.article import Work, make_work

__all__ = ["windows"]  # a fixture
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


def sound(page: Page) -> None:
    """Expect that axe has nothing to say."""
    report = Axe().run(page, options={"runOnly": RULES})
    assert [violation["id"] for violation in report.response["violations"]] == []


def submitted(page: Page, work: Work) -> None:
    """Submit the article from its reading page."""
    page.goto(f"/admin/desk/{work.source.slug}/")
    page.get_by_role("link", name="Submit for review").click()
    expect(page.get_by_label("Note to the editors")).to_be_visible()
    sound(page)
    page.get_by_label("Note to the editors").fill("Please look.")
    page.get_by_role("button", name="Submit for review").click()
    expect(page.get_by_text("Submitted for review.")).to_be_visible()


def test_submitted_sent_back_submitted_again_and_published(windows: Any, live_server: Any) -> None:
    work = make_work()
    mai, lan, reader = windows(live_server.url, work.mai), windows(live_server.url, work.lan), windows(live_server.url)
    submitted(mai, work)

    lan.goto("/admin/")
    sound(lan)
    lan.get_by_role("link", name="Review", exact=False).filter(has_text="Harbour").click()
    expect(lan.get_by_label("What is to be done")).to_be_visible()
    sound(lan)
    lan.get_by_label("What is to be done").fill("Name the role.")
    lan.get_by_role("button", name="Send back").click()
    expect(lan.get_by_text("Sent back to Mai.")).to_be_visible()

    mai.goto("/admin/")
    expect(mai.get_by_text("Name the role.")).to_be_visible()
    mai.get_by_role("link", name="Open Harbour").click()
    mai.get_by_role("button", name="Submit again").click()
    expect(mai.get_by_text("Submitted for review.")).to_be_visible()
    mai.get_by_role("button", name="Make an address").click()
    address = mai.locator(".review-address").inner_text()

    reader.goto(address)
    reader.get_by_role("link", name="Mira Olen", exact=True).click()
    expect(reader.get_by_text("Preview: not public")).to_be_visible()
    expect(reader.get_by_role("heading", name="Mira Olen")).to_be_visible()

    lan.goto(f"/admin/desk/{work.source.slug}/")
    lan.locator(".review-bar").get_by_role("link", name="Review").click()
    lan.get_by_role("button", name="Publish all of it").click()
    expect(lan.get_by_text("Published: 2 statements")).to_be_visible()
    assert reader.goto(f"/people/{work.person.slug}/").status == 200  # type: ignore[union-attr]
    assert reader.goto(address).status == 410  # type: ignore[union-attr]


def test_published_on_a_date(windows: Any, live_server: Any) -> None:
    work = make_work()
    mai, lan = windows(live_server.url, work.mai), windows(live_server.url, work.lan)
    submitted(mai, work)
    lan.goto("/admin/review/")
    lan.get_by_role("link", name="Review Harbour").click()
    lan.get_by_label("Publish on").fill("2099-05-01T08:00")
    lan.get_by_role("button", name="Set the date").click()
    expect(lan.get_by_text("To be published on May 1, 2099, 8 a.m. UTC.")).to_be_visible()
    Submission.objects.update(publish_on=timezone.now())
    call_command("publish_due", verbosity=0)
    mai.goto("/admin/")
    expect(mai.get_by_text("published", exact=True)).to_be_visible()
    assert work.statuses() == {"published"}


def test_where_two_people_are_needed_a_second_editor_publishes(windows: Any, live_server: Any, settings: Any) -> None:
    settings.REVIEW_BY_TWO = True
    make_user("mai", "editor", first_name="Mai")
    work = make_work()
    mai, lan, reader = windows(live_server.url, work.mai), windows(live_server.url, work.lan), windows(live_server.url)
    submitted(mai, work)
    expect(mai.get_by_text("Two people are needed here")).to_be_visible()
    mai.get_by_role("button", name="Publish all of it").click()
    expect(mai.get_by_text("Not published, because it is not ready")).to_be_visible()
    expect(mai.get_by_text("Published:")).to_have_count(0)
    assert work.statuses() == {"draft"}

    lan.goto("/admin/review/")
    lan.get_by_role("link", name="Review Harbour").click()
    lan.get_by_label("What is to be done").fill("Name the role.")
    lan.get_by_role("button", name="Send back").click()
    expect(lan.get_by_text("Sent back to Mai.")).to_be_visible()
    mai.goto("/admin/review/?own=1")
    mai.get_by_role("link", name="Open Harbour").click()
    mai.get_by_label("Note to the editors").fill("It is named now.")
    mai.get_by_role("button", name="Submit again").click()
    expect(mai.get_by_text("Submitted for review.")).to_be_visible()

    lan.goto("/admin/review/")
    lan.get_by_role("link", name="Review Harbour").click()
    expect(lan.get_by_text("It is named now.")).to_be_visible()
    lan.get_by_label("Publish on").fill("2099-05-01T08:00")
    lan.get_by_role("button", name="Set the date").click()
    expect(lan.get_by_text("To be published on May 1, 2099, 8 a.m. UTC.")).to_be_visible()
    address = f"/people/{work.person.slug}/"
    call_command("publish_due", verbosity=0)
    assert reader.goto(address).status == 404
    Submission.objects.update(publish_on=timezone.now())  # the day has come
    call_command("publish_due", verbosity=0)
    assert reader.goto(address).ok
    assert work.person.history.first().history_user == work.editor
    assert work.statuses() == {"published"}
