"""An article is taken in in a real Chromium: by one paste, by a file of each kind, and without script."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, BrowserContext, Page, expect

from base.text.languages import address_in
from directory.models import Source
from tests.accounts.people import make_user
from tests.browser.test_admin import RULES
from tests.desk.files import docx, word_paragraph
from tests.desk.test_intake_pages import ARTICLE, KEPT

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
THAI = """ท่าเรือเก้าแห่งตกลงใช้ตารางน้ำเดียวกัน
สมาคมชายฝั่งประชุมกันเมื่อวันพฤหัสบดี และตกลงใช้ตารางน้ำฉบับเดียวสำหรับท่าเรือทั้งเก้าแห่งหลังจากหารือกันมาสองปีเต็ม
นายกสมาคมกล่าวว่าตารางน้ำฉบับเดิมต่างกันได้ถึงสี่สิบนาที และเธอขอให้ใช้ฉบับเดียวมาตั้งแต่ปีแรกที่รับตำแหน่ง
ความคิดเห็น (0)"""


def sign_in(context: BrowserContext, address: str) -> None:
    """Sign a contributor in."""
    client = Client()
    client.force_login(make_user("mai", "contributor"))
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": address}])


@pytest.fixture
def desk(page: Page, live_server: Any) -> Iterator[Page]:
    """The first page, with a contributor signed in; its test fails if an error is logged or anybody else is asked."""
    wrong: list[str] = []
    page.on(
        "console",
        lambda message: wrong.append(message.text) if message.type == "error" and "422" not in message.text else None,
    )
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on(
        "request", lambda asked: None if asked.url.startswith((live_server.url, "data:")) else wrong.append(asked.url)
    )
    sign_in(page.context, live_server.url)
    page.goto(live_server.url + reverse("admin:index"))
    yield page
    assert wrong == []


def paste(page: Page, text: str) -> None:
    """Paste a text into the page, outside every field, as Ctrl+V does."""
    page.evaluate(
        """text => {
          const data = new DataTransfer();
          data.setData("text/plain", text);
          document.body.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true}));
        }""",
        text,
    )


def check(page: Page) -> None:
    """Wait for the cut, and see that nobody is kept out of it."""
    expect(page.get_by_role("heading", level=1)).to_have_text("Check the paragraphs")
    violations = Axe().run(page, options={"runOnly": RULES}).response["violations"]
    assert {rule["id"]: [node["target"] for node in rule["nodes"]] for rule in violations} == {}


def test_one_paste_and_one_click_store_an_article(desk: Page) -> None:
    paste(desk, ARTICLE)
    check(desk)
    expect(desk.locator("#cut-count")).to_have_text("6 paragraphs")
    desk.get_by_role("button", name="Take 2026-05-14").click()
    expect(desk.get_by_label("Date")).to_have_value("2026-05-14")
    desk.locator("#p8").hover()
    desk.locator("#join-9").click()
    expect(desk.locator("#cut-count")).to_have_text("5 paragraphs")
    desk.get_by_role("button", name="Undo").click()
    expect(desk.locator("#cut-count")).to_have_text("6 paragraphs")
    desk.locator("#split-8").focus()
    desk.keyboard.press("Enter")
    desk.get_by_role("button", name="Split here").first.focus()
    desk.keyboard.press("Enter")
    expect(desk.locator("#cut-count")).to_have_text("7 paragraphs")
    desk.get_by_role("button", name="Undo").click()
    expect(desk.locator("#cut-count")).to_have_text("6 paragraphs")
    # What is typed is kept without a button: the page is closed and opened again.
    desk.get_by_label("Publisher").fill("The Lantern")
    with desk.expect_response(lambda response: response.request.method == "POST"):
        desk.get_by_label("Publisher").press("Tab")
    desk.reload()
    expect(desk.get_by_label("Publisher")).to_have_value("The Lantern")
    desk.get_by_role("button", name="Store the article").click()
    desk.wait_for_url(lambda url: "/intake/" not in url)
    source = Source.objects.get()
    assert (source.text, source.status, source.publisher, source.date) == (
        "\n".join(KEPT),
        "draft",
        "The Lantern",
        "2026-05-14",
    )


def test_a_file_of_each_kind_is_taken_in_by_choosing_it(desk: Page, browser: Browser, tmp_path: Path) -> None:
    page = f"<!doctype html><html lang='en'><meta charset='utf-8'><body>{''.join(f'<p>{line}</p>' for line in KEPT)}</body></html>"
    (tmp_path / "a.html").write_text(page, encoding="utf-8")
    (tmp_path / "a.txt").write_text(ARTICLE, encoding="utf-16")
    (tmp_path / "a.docx").write_bytes(docx("".join(map(word_paragraph, KEPT))))
    printer = browser.new_page()
    printer.set_content(page)
    printer.pdf(path=tmp_path / "a.pdf")
    printer.close()
    for name in ("a.txt", "a.html", "a.docx", "a.pdf"):
        desk.get_by_role("link", name="Desk", exact=True).click()
        desk.locator("#new-article-file").set_input_files(tmp_path / name)
        check(desk)
        assert KEPT[4] in desk.locator(".cut-rows").inner_text(), name
        desk.get_by_role("button", name="Delete this draft").click()
        expect(desk.get_by_text("The draft is deleted.")).to_be_visible()


def test_a_thai_pdf_keeps_its_letters(desk: Page, browser: Browser, tmp_path: Path) -> None:
    printer = browser.new_page()
    paragraphs = "".join(f"<p>{line}</p>" for line in THAI.split("\n"))
    printer.set_content(
        f"<html lang='th'><meta charset='utf-8'><body style='font-family: Noto Sans Thai'>{paragraphs}</body></html>"
    )
    printer.pdf(path=tmp_path / "a.pdf")
    printer.close()
    desk.locator("#new-article-file").set_input_files(tmp_path / "a.pdf")
    check(desk)
    text = desk.locator(".cut-rows").inner_text().replace(" ", "").replace("\n", "")
    assert "ท่าเรือเก้าแห่งตกลงใช้ตารางน้ำเดียวกัน" in text
    expect(desk.locator("#id_language")).to_have_value("th")


def test_a_refused_file_says_why(desk: Page, tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(b"Some words.")
    desk.locator("#new-article-file").set_input_files(tmp_path / "a.pdf")
    expect(desk.get_by_role("alert")).to_contain_text("Rename it so that it ends in .txt.")


def test_without_script_it_is_done_by_buttons(browser: Browser, live_server: Any) -> None:
    context = browser.new_context(java_script_enabled=False)
    sign_in(context, live_server.url)
    page = context.new_page()
    page.goto(live_server.url + reverse("admin:desk_new"))
    page.get_by_label("Text", exact=True).fill(ARTICLE)
    page.get_by_role("button", name="Take it in").click()
    page.locator("#restore-1").click()
    expect(page.locator("#cut-count")).to_have_text("7 paragraphs")
    page.get_by_role("button", name="Edit as one text").click()
    page.locator("#cut-all").fill("[h] Towns agree on tides\nOne paragraph.\n[x] Share")
    page.get_by_role("button", name="Take it over").click()
    expect(page.locator("#cut-count")).to_have_text("2 paragraphs")
    page.get_by_role("button", name="Store the article").click()
    expect(page.get_by_text("is stored as a draft")).to_be_visible()
    assert Source.objects.get().text == "Towns agree on tides\nOne paragraph."
    context.close()


@pytest.mark.parametrize("language", ["en", "th", "vi"])
@pytest.mark.parametrize("width", [768, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_first_page_keeps_nobody_out(
    browser: Browser, live_server: Any, language: str, width: int, scheme: Any
) -> None:
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    sign_in(context, live_server.url)
    page = context.new_page()
    for name in ("admin:index", "admin:records", "admin:desk_new"):
        page.goto(live_server.url + address_in(reverse(name), language))
        assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
        violations = Axe().run(page, options={"runOnly": RULES}).response["violations"]
        assert {rule["id"]: [node["target"] for node in rule["nodes"]] for rule in violations} == {}, name
    context.close()
