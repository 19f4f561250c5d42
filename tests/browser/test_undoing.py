"""The history of a record in a real Chromium: a whole save of names, wordings and values is undone, and a single line."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from directory.models import Person
from events.models import Statement
from tests import factories as make
from tests.browser.editor_steps import save, undo, windows
from tests.curation import change_url
from tests.review.article import browser

__all__ = ["windows"]  # a fixture
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def editor(windows: Any, live_server: Any) -> Page:
    """Return the window of an editor."""
    page: Page = windows(live_server.url, browser("lan", "editor"))
    return page


def change(page: Page, row: Any, **fields: str) -> None:
    """Fill in fields of the form of a row, give a reason, and save."""
    page.goto(change_url(row))
    for name, text in fields.items():
        page.locator(f"[name={name.replace('__', '-')}]").fill(text)
    page.locator("[name=change_reason]").fill("Read again.")
    save(page)
    expect(page.locator(".messagelist .success")).to_be_visible()


def open_history(page: Page, row: Any) -> None:
    """Open the history of a row from its form."""
    page.goto(change_url(row))
    page.get_by_role("link", name="History").click()


def test_a_whole_save_with_wordings_is_undone(editor: Page) -> None:
    statement = make.make_statement(wording="She asks for a tide table.")
    make.make_wording(statement, "เธอขอตารางน้ำ", language="th")
    change(
        editor,
        statement,
        role_at_time="harbour master",
        wordings__0__text="She asks for two tide tables.",
        wordings__1__text="เธอขอตารางน้ำสองฉบับ",
    )
    assert {wording.text for wording in statement.wordings.all()} == {
        "She asks for two tide tables.",
        "เธอขอตารางน้ำสองฉบับ",
    }
    open_history(editor, statement)
    block = editor.locator("#content-main section").first
    expect(block).to_contain_text("Lan")
    expect(block).to_contain_text("Read again.")
    expect(block.locator("ins").filter(has_text="two")).to_be_visible()
    expect(block.locator("ins").filter(has_text="harbour master")).to_be_visible()
    block.get_by_role("link", name="Look at all of it, and undo it").click()
    undo(editor)
    statement = Statement.objects.get()
    assert statement.role_at_time == ""
    assert {wording.text for wording in statement.wordings.all()} == {"She asks for a tide table.", "เธอขอตารางน้ำ"}
    open_history(editor, statement)
    expect(editor.get_by_role("link", name="Undone on")).to_be_visible()


def test_one_line_of_a_save_of_names_is_undone(editor: Page) -> None:
    person = make.make_person("Ann Lee", passages=[make.make_passage(words="Ann Lee spoke.")])
    change(editor, person, wikidata="Q42", names__0__text="Anne Lee")
    open_history(editor, person)
    line = editor.locator(".changes dl > div").filter(has_text="Anne")
    line.get_by_role("link", name="Undo this line").click()
    expect(editor.get_by_text("This line alone is undone:")).to_be_visible()
    undo(editor, button="Undo this line")
    person = Person.objects.get()
    assert (person.name, person.wikidata) == ("Ann Lee", "Q42")
    editor.get_by_role("link", name="It undid the change of").click()
    undo(editor)  # the rest of it
    person = Person.objects.get()
    assert (person.name, person.wikidata) == ("Ann Lee", "")
