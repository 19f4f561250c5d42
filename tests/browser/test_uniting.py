"""Uniting and splitting in a real Chromium, and undoing both: every export is as before, to the byte."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from directory.models import Person
from events.models import Statement
from tests import factories as make
from tests.browser.editor_steps import full_export, undo, windows
from tests.curation import change_url, url_of
from tests.review.article import browser

__all__ = ["windows"]  # a fixture
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def keeper(windows: Any, live_server: Any) -> Page:
    """Return the window of a keeper."""
    page: Page = windows(live_server.url, browser("mali", "keeper"))
    return page


def two_people() -> tuple[Person, Person]:
    """Make two who differ in name and Wikidata id; each says something, and holds the same position until another year."""
    board, words = make.make_organization(), make.make_passage(words="They spoke.")
    people = []
    for name, wikidata, end in (("Ann Li", "Q7", "2020"), ("Ann Lee", "Q8", "2021")):
        person = make.make_person(name, wikidata=wikidata, passages=[make.make_passage(words=f"{name} came.")])
        make.make_affiliation(person, board, end=end, passages=[words])
        make.make_statement(person, wording=f"{name} asks for a tide table.")
        people.append(person)
    return people[0], people[1]


def test_united_and_undone(keeper: Page) -> None:
    double, stays = two_people()
    before = full_export()
    keeper.goto(url_of(Person, "changelist"))
    for person in (double, stays):
        keeper.locator(f"[name=_selected_action][value='{person.pk}']").check()
    keeper.locator("select[name=action]").select_option("merge_doubles")
    keeper.locator("button[name=index]").click()
    expect(keeper.get_by_text(f"If “{stays}” ({stays.slug}) stays")).to_be_visible()
    expect(keeper.get_by_text("The other value is dropped.").first).to_be_visible()
    keeper.locator(f"[name=value-wikidata][value='{double.pk}']").check()
    keeper.locator(f"[name=winner][value='{stays.pk}']").check()
    keeper.get_by_label("Why they are the same").fill("The same post, the same day.")
    keeper.get_by_role("button", name="Unite two people").click()
    done = keeper.locator(".messagelist")
    expect(done).to_contain_text("“Ann Li” was merged into “Ann Lee”")
    stays.refresh_from_db()
    assert (stays.wikidata, stays.statements.count()) == ("Q7", 2)
    assert full_export() != before

    done.get_by_role("link", name="Undo").click()
    undo(keeper, "Two people after all.")
    assert full_export() == before
    keeper.goto(change_url(double))
    expect(keeper.get_by_role("link", name="Undo", exact=True)).to_have_count(0)


def test_split_and_undone(keeper: Page) -> None:
    person, other = two_people()
    goes = make.make_statement(person, wording="The tide was late.")
    make.make_name(person, "A. Lee", position=1, passages=[make.make_passage(words="A. Lee left.")])
    before = full_export()
    keeper.goto(change_url(person))
    keeper.get_by_role("link", name="split it").click()
    keeper.get_by_label("Public id of the record").fill(other.slug)
    statements = keeper.get_by_role("group", name="Statements: speaker: 2")
    statements.locator(f"[type=checkbox][value='{goes.pk}']").check()
    name = keeper.get_by_role("row", name="A. Lee")
    name.get_by_label("goes").check()
    keeper.get_by_role("button", name="Look at what goes").click()
    expect(keeper.get_by_role("heading", name=f"What goes to “{other}”")).to_be_visible()
    expect(keeper.get_by_text("Statements: speaker: 1").first).to_be_visible()
    assert Statement.objects.get(pk=goes.pk).speaker == person, "looking moves nothing"
    keeper.get_by_label("Why they are not the same").fill("Two people of one name.")
    keeper.get_by_role("button", name="Split “").click()
    done = keeper.locator(".messagelist")
    expect(done).to_contain_text("“Ann Li” was split: 2 rows went to “Ann Lee”")
    assert Statement.objects.get(pk=goes.pk).speaker == other
    assert other.names.count() == 2
    assert full_export() != before

    done.get_by_role("link", name="Undo").click()
    undo(keeper, "One after all.")
    assert full_export() == before
