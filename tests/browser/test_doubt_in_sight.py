"""On a phone the doubt stands in the first screen, beside the name, and its reason is one tap away; with and without script."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django import DjangoDbBlocker

from base.text.languages import CODES, address_in
from events.models import Statement
from tests.browser.served_site import serve_uncommitted
from tests.reading import article

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

PHONE = {"width": 360, "height": 640}


@pytest.fixture(scope="module")
def site(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """Serve the article, once for all tests of this module."""
    with article(django_db_blocker), serve_uncommitted() as url:
        yield url


def longest_inferred() -> Statement:
    """Return the inferred statement with the longest words."""
    rows = Statement.objects.filter(certainty="inferred").prefetch_related("wordings")
    return max(rows, key=lambda row: max(len(wording.text) for wording in row.wordings.all()))


@pytest.mark.parametrize("language", CODES)
def test_the_doubt_is_in_the_first_screen_of_a_phone(site: str, browser: Browser, language: str) -> None:
    address = address_in(f"/statements/{longest_inferred().slug}/", language)
    for script in (True, False):
        context = browser.new_context(viewport=PHONE, java_script_enabled=script)
        page = context.new_page()
        page.goto(site + address)
        doubt = page.locator("main .by summary.doubt").first
        name = page.locator("main .by").first
        for part in (name, doubt):
            box = part.bounding_box()
            assert box
            assert box["y"] + box["height"] < PHONE["height"]
        reason = page.locator("main .by .note").first
        expect(reason).to_be_hidden()
        doubt.click()
        expect(reason).to_be_visible()
        context.close()


@pytest.mark.parametrize("width", [320, 360, 768, 1280])
@pytest.mark.parametrize("language", CODES)
def test_the_head_has_the_languages_in_its_first_line(site: str, browser: Browser, width: int, language: str) -> None:
    page: Page = browser.new_page(viewport={"width": width, "height": 800})
    for path in ("/", "/people/"):
        page.goto(site + address_in(path, language))
        brand, languages = page.locator(".brand").bounding_box(), page.locator(".top .editions").bounding_box()
        assert brand
        assert languages
        assert languages["y"] + languages["height"] < 100
        if width >= 360:  # beside the brand
            assert abs(brand["y"] + brand["height"] / 2 - languages["y"] - languages["height"] / 2) < 8
        if page.locator(".top form").count() and width == 768:  # the box does not stand alone
            box = page.locator(".top form").bounding_box()
            assert box
            assert abs(box["y"] - brand["y"]) < 24
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.close()
