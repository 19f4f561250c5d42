"""The admin in a real Chromium: what a curator who does not see the page is told."""

from __future__ import annotations

import re
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page, expect

from base.records.change_sets import change_set
from directory.models import Initiative, Organization, Person, Source, Topic
from events.models import Event, Statement
from tests.browser.film_workshop import load_film_workshop

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]

# Names of fields that begin left of the page or end right of it, with where.
OUT_OF_SIGHT = """fields => fields
    .filter(field => field.type !== "hidden" && !field.classList.contains("select2-hidden-accessible"))
    .map(field => [field.getAttribute("aria-label") || field.name, field.getBoundingClientRect()])
    .filter(([, box]) => box.width && (box.left < 0 || box.right > document.documentElement.clientWidth))
    .map(([name, box]) => [name, Math.round(box.right)])"""


@pytest.fixture
def curator(page: Page, live_server: Any, client: Client) -> Page:
    """A page on which a superuser is signed in, with the article loaded."""
    load_film_workshop()
    client.force_login(User.objects.create_superuser("curator"))
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])
    return page


def addresses() -> list[str]:
    """Change somebody, and return a page of each sort: lists, forms with tables of rows or fields that complete, history."""
    changed = [model.objects.published().first() for model in (Person, Event, Statement, Source)]
    with change_set() as act:
        changed[0].wikidata = "Q1"
        changed[0].save()
    return [
        reverse("admin:index"),
        reverse("admin:events_statement_changelist"),
        reverse("admin:reports_report_changelist"),
        reverse("admin:events_statement_add"),
        reverse("admin:directory_passage_add"),
        *[reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk]) for row in changed],
        reverse("admin:directory_person_history", args=[changed[0].pk]),
        reverse("admin:change_set", args=[act.row().pk]),
    ]


def test_every_field_has_a_name_and_no_rule_is_broken(curator: Page, live_server: Any) -> None:
    broken = {}
    for path in addresses():
        assert curator.goto(live_server.url + path).ok
        violations = Axe().run(curator, options={"runOnly": RULES}).response["violations"]
        broken |= {(path, rule["id"]): [node["target"] for node in rule["nodes"]] for rule in violations}
    assert broken == {}


@pytest.mark.parametrize("width", [1280, 768])
def test_every_field_of_a_card_is_in_sight(curator: Page, live_server: Any, width: int) -> None:
    curator.set_viewport_size({"width": width, "height": 900})
    hidden = {}
    for model in (Person, Organization, Initiative, Topic, Event, Statement):
        row = model.objects.published().first()
        curator.goto(
            live_server.url + reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])
        )
        fields = curator.locator(".inline-related:not(.empty-form)").locator(
            "input, select, textarea, .select2-selection"
        )
        assert fields.count()
        hidden |= {(row._meta.model_name, name): at for name, at in fields.evaluate_all(OUT_OF_SIGHT)}
    assert hidden == {}


def test_a_field_that_completes_says_its_name_and_what_is_chosen(curator: Page, live_server: Any) -> None:
    statement = Statement.objects.published().exclude(speaker=None).first()
    assert statement is not None
    curator.goto(live_server.url + reverse("admin:events_statement_change", args=[statement.pk]))
    speaker = curator.get_by_role("combobox", name=re.compile(f"^Speaker.*{re.escape(str(statement.speaker))}"))
    speaker.click()
    assert curator.locator(".select2-dropdown input").get_attribute("aria-label") == "Speaker"


def test_two_versions_are_chosen_from_by_the_keyboard(curator: Page, live_server: Any) -> None:
    person = Person.objects.get(slug="tony-bui")
    curator.goto(live_server.url + "/th" + reverse("admin:directory_person_change", args=[person.pk]))
    person.wikidata = "Q3"
    person.save()
    wikidata = curator.locator("#id_wikidata")
    wikidata.fill("Q2")
    with curator.expect_response(lambda answer: "form-drafts" in answer.url):  # nothing else is asked while it is saved
        wikidata.blur()
    curator.locator("[name=_save]").click()
    expect(curator.locator(".conflict")).to_be_visible()
    for width, scheme in ((1280, "light"), (768, "dark")):
        curator.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
        curator.set_viewport_size({"width": width, "height": 900})
        violations = Axe().run(curator, options={"runOnly": RULES, "preload": False}).response["violations"]
        assert [rule["id"] for rule in violations] == []
        assert curator.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    curator.locator("[name=choice-wikidata][value=theirs]").focus()
    curator.keyboard.press("ArrowRight")
    expect(curator.locator("[name=choice-wikidata][value=mine]")).to_be_checked()
    curator.locator(".conflict .default").press("Enter")
    curator.wait_for_url(lambda url: url.endswith("/directory/person/"))
    person.refresh_from_db()
    assert person.wikidata == "Q2"
