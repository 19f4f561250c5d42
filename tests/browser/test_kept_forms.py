"""What is kept while it is typed in a real Chromium: once the form is saved, it is not offered again as if it were not."""

from __future__ import annotations

import re
import threading
from typing import Any

import pytest
from django.db.models.signals import post_save
from playwright.sync_api import expect

from base.admin import form_drafts
from base.models import FormDraft
from directory.models import Person
from tests import factories as make
from tests.browser.editor_steps import save, windows
from tests.curation import change_url
from tests.review.article import browser

__all__ = ["windows"]  # a fixture
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_what_is_on_its_way_to_be_kept_does_not_outlive_saving(
    windows: Any, live_server: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = make.make_person("Ann Lee", passages=[make.make_passage()])
    page = windows(live_server.url, browser("lan", "editor"))
    page.goto(change_url(person))
    page.locator("[data-form-drafts]").evaluate(
        "place => place.dataset.longestWait = 30000"
    )  # however busy the machine
    saved, kept, keep_form = threading.Event(), threading.Event(), form_drafts.keep_form

    def keep_late(*values: Any) -> FormDraft:
        """Keep what is typed only once the form is saved, if the browser saves it without waiting."""
        saved.wait(1)  # whichever comes first, the browser waits longer than this
        draft = keep_form(*values)
        kept.set()
        return draft

    def note(**_kwargs: object) -> None:
        saved.set()

    monkeypatch.setattr(form_drafts, "keep_form", keep_late)
    post_save.connect(note, sender=Person)
    try:
        page.locator("[name=wikidata]").fill("Q42")
        with page.expect_request("**/form-drafts/"):
            page.locator("[name=wikidata]").blur()
        save(page)
        expect(page.locator(".messagelist .success")).to_be_visible()
        assert kept.wait(10)
    finally:
        post_save.disconnect(note, sender=Person)
    assert Person.objects.get().wikidata == "Q42"
    assert not FormDraft.objects.exists()


def test_what_is_too_long_for_a_beacon_is_kept_when_the_tab_is_left(windows: Any, live_server: Any) -> None:
    person = make.make_person("Ann Lee", passages=[make.make_passage()])
    page = windows(live_server.url, browser("lan", "editor"))
    page.goto(change_url(person))
    # Set without an event: only leaving the tab can keep it.
    page.locator("[name=change_reason]").evaluate(
        "field => { field.removeAttribute('maxlength'); field.value = 'long '.repeat(20000); }"
    )
    with page.expect_response(re.compile("/form-drafts/")) as answer:
        page.evaluate("dispatchEvent(new Event('pagehide'))")
    assert answer.value.ok
    assert "long+long" in FormDraft.objects.get().data


def test_what_is_typed_beside_an_offered_draft_is_kept_too(windows: Any, live_server: Any) -> None:
    person = make.make_person("Ann Lee", passages=[make.make_passage()])
    page = windows(live_server.url, browser("lan", "editor"))
    for wikidata, offered in (("Q1", 0), ("Q2", 1)):
        page.goto(change_url(person))
        expect(page.get_by_role("button", name="Go on with it")).to_have_count(offered)
        page.locator("[name=wikidata]").fill(wikidata)
        page.locator("[name=wikidata]").blur()
        expect(page.locator("[data-form-kept]")).to_contain_text("Kept, not saved yet")
    assert [re.findall("wikidata=(Q.)", draft.data) for draft in FormDraft.objects.order_by("id")] == [["Q1"], ["Q2"]]
