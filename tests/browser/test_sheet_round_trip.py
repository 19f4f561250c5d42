"""A list goes out as a workbook, is changed as in a spreadsheet, with a wrong cell first, comes in again, and is undone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest
from playwright.sync_api import Page, expect

from directory.models import PersonName
from tests import factories as make
from tests.browser.editor_steps import undo, windows
from tests.curation import url_of
from tests.review.article import browser

__all__ = ["windows"]  # a fixture
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def names() -> list[str]:
    """Return all names on record."""
    return list(PersonName.objects.order_by("pk").values_list("text", flat=True))


def changed(path: Path, row_of: str, **cells: str) -> None:
    """Change cells of the row that has a text, as a spreadsheet does."""
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    head = [cell.value for cell in sheet[1]]
    row = next(row for row in sheet.iter_rows(min_row=2) if row_of in [cell.value for cell in row])
    for column, text in cells.items():
        row[head.index(column)].value = text
    book.save(path)


def hand_in(page: Page, path: Path) -> None:
    """Hand a sheet in, to look at what it would change."""
    page.locator("input[type=file]").set_input_files(path)
    page.get_by_role("button", name="Look at it").click()


def test_a_sheet_with_a_wrong_cell(windows: Any, live_server: Any, tmp_path: Path) -> None:
    passage = make.make_passage(words="Ann Lee spoke to Bo Chan.")
    for name in ("Ann Lee", "Bo Chan"):
        make.make_person(name, passages=[passage])
    page, path = windows(live_server.url, browser("lan", "editor")), tmp_path / "names.xlsx"
    page.goto(url_of(PersonName, "changelist"))
    with page.expect_download() as download:
        page.get_by_role("link", name="Download as XLSX").click()
    download.value.save_as(path)
    page.get_by_role("link", name="Hand in a sheet").click()
    hand_in(page, path)
    expect(page.get_by_text("This sheet changes nothing.")).to_be_visible()

    changed(path, "Ann Lee", text="Anne Lee")
    changed(path, "Bo Chan", certainty="sure")
    hand_in(page, path)
    expect(page.get_by_role("alert").first).to_contain_text("Nothing was changed")
    wrong = page.get_by_role("region", name="What is wrong").get_by_role("row").nth(1)
    expect(wrong).to_contain_text("certainty")
    expect(wrong).to_contain_text("sure")
    expect(wrong).to_contain_text("stated")
    expect(page.get_by_role("button", name="Take all of it over")).to_have_count(0)
    assert names() == ["Ann Lee", "Bo Chan"]

    changed(path, "Bo Chan", certainty="stated")
    hand_in(page, path)
    would = page.get_by_role("region", name="What it would change")
    expect(would).to_contain_text("Anne Lee")
    assert names() == ["Ann Lee", "Bo Chan"], "looking changes nothing"
    page.get_by_role("button", name="Take all of it over").click()  # without a reason the browser sends nothing
    expect(would).to_be_visible()
    page.get_by_label("Reason for this change").fill("As she spells it.")
    page.get_by_role("button", name="Take all of it over").click()
    expect(page.get_by_text("1 row was added or changed.")).to_be_visible()
    assert names() == ["Anne Lee", "Bo Chan"]
    undo(page)
    assert names() == ["Ann Lee", "Bo Chan"]
    assert PersonName.objects.earliest("pk").passages.get() == passage
