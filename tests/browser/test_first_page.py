"""The first page, doubts, a changed submission and a report, in three languages: nothing lies outside, axe finds nothing."""

from __future__ import annotations

import os
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from base.records.submissions import Submission
from reports.models import Report
from tests import factories as make
from tests.browser.test_review import sound, windows  # noqa: F401  # a fixture
from tests.desk.articles import english
from tests.desk.test_doubts import two_roles
from tests.review.article import make_work, submit

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def fits(page: Page) -> None:
    """Expect that nothing lies outside of the window."""
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]  # type: ignore[index]


@pytest.mark.parametrize(
    ("prefix", "width", "scheme"), [("", 1280, "light"), ("/th", 1280, "dark"), ("/vi", 768, "light")]
)
def test_the_pages_of_what_waits_fit_and_are_sound(
    windows: Any,  # noqa: F811
    live_server: Any,
    prefix: str,
    width: int,
    scheme: str,
) -> None:
    work = make_work()
    english("draft")
    two_roles()
    submission: Submission = submit(work.mai, work.source)
    wording = work.statements[0].wordings.get()
    wording.text = "Asks for a tide clock."
    wording.save()
    statement = make.make_statement(make.make_person("Ines Aldana Ruiz"), None, "The tide turns.")
    report = Report(
        record_kind="statement", record_id=statement.slug, record_path=f"/statements/{statement.slug}/", message="Why?"
    )
    report.move_to("open")
    lan = windows(live_server.url, work.lan)
    lan.set_viewport_size({"width": width, "height": 900})
    lan.emulate_media(color_scheme=scheme)
    lan.goto(f"{prefix}/admin/")
    expect(lan.locator("#articles a[href$='#proposals']").first).to_be_visible(timeout=30_000)
    pages = ["", "doubts/", f"review/{submission.pk}/", f"reports/report/{report.pk}/change/"]
    for number, address in enumerate(pages):
        if address:
            lan.goto(f"{prefix}/admin/{address}")
        if folder := os.environ.get("SHOTS"):
            lan.screenshot(path=f"{folder}/{width}-{scheme}-{number}.png", full_page=True)
        fits(lan)
        sound(lan)
    lan.goto(f"{prefix}/admin/review/{submission.pk}/")
    expect(lan.locator(".review-words ins").first).to_be_visible()
