"""Check it yourself, in a real Chromium: a text is compared in the browser, each passage is told, and nothing is sent."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import pytest
from playwright.sync_api import Browser, Page, Request, expect

from directory.models import Passage, Source
from tests import factories as make

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# Invented. The flag and the letter taken apart are more than one UTF-16 unit or code point long.
PARAGRAPHS = [
    "Ann Lee came to the harbour 🇻🇳 and spoke for the Board.",
    "She said: “We wait for the boats until the river is clean again.”",
    "The cafe\u0301 by the water was closed; nobody knew for how long.",
    "Bo Ek answered that the boats would come in the spring.",
]
TEXT = "\n\n".join(PARAGRAPHS) + "\n"
PASSAGES = [
    "Ann Lee",
    "spoke for the Board",
    "She said:",
    "We wait for the boats until the river is clean again.",
    "The cafe\u0301 by the water was closed",
    "Bo Ek answered that the boats would come in the spring.",
]


@pytest.fixture
def source() -> Source:
    source = make.make_source("Harbour news", text=TEXT)
    for words in PASSAGES:
        make.make_passage(source, words)
    return source


@pytest.fixture
def asked(page: Page) -> Iterator[list[Request]]:
    """Keep every request of the page, and hold it to an empty console."""
    requests: list[Request] = []
    problems: list[str] = []
    page.on("request", lambda request: requests.append(request))
    page.on("console", lambda message: problems.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: problems.append(str(error)))
    yield requests
    assert problems == []


@pytest.fixture
def check(live_server, page: Page, asked: list[Request], source: Source) -> Page:
    page.goto(f"{live_server.url}/check/?source={source.slug}")
    return page


def compare(page: Page, text: str, summary: str) -> str:
    """Paste a text, compare it, and return what the page says once it says the summary."""
    page.locator("#check-text").fill(text)
    page.get_by_role("button", name="Compare").click()
    expect(page.locator("#check-status")).to_contain_text(summary)
    return page.locator("#check-status").inner_text()


def told(page: Page) -> dict[str, list[str]]:
    """Return what is told of the passages of each paragraph."""
    rows = page.locator("#check-result tbody tr")
    return {row.locator("th").inner_text(): row.locator("li").all_text_contents() for row in rows.all()}


def test_the_whole_text_agrees_and_nothing_is_sent(check: Page, asked: list[Request]) -> None:
    words = compare(check, TEXT, "Of 6 passages, 6 match, 0 differ, 0 are not in this text.")
    assert "This is the whole text, letter for letter" in words
    assert list(told(check)) == ["¶1", "¶2", "¶3", "¶4"]
    assert {(request.method, request.post_data) for request in asked} == {("GET", None)}
    addresses = [unquote(request.url) for request in asked]
    assert not [each for each in addresses for part in ("Ann", "boats", "cafe", "spring") if part in each]
    assert {each.split("?")[0].split("/api/")[1] for each in addresses if "/api/" in each} == {
        "v1/sources/harbour-news/",
        "v1/sources/harbour-news/passages/",
    }


def test_one_other_letter_differs_and_only_there(check: Page) -> None:
    compare(check, TEXT.replace("clean again", "clean agaim"), "Of 6 passages, 5 match, 1 differ, 0 are not")
    start = TEXT.index(PASSAGES[3])
    assert f"{start}–{start + len(PASSAGES[3])}: differs" in told(check)["¶2"]
    assert next(iter(told(check))) == "¶2"  # what differs comes first


def test_a_paragraph_alone_is_found(check: Page) -> None:
    for number, passages in ((1, 2), (2, 2), (3, 1), (4, 1)):
        summary = f"Of 6 passages, {passages} match, 0 differ, {6 - passages} are not in this text."
        compare(check, PARAGRAPHS[number - 1], summary)
        assert list(told(check)) == [f"¶{number}"]


def test_words_out_of_a_paragraph_are_found_by_trying_every_run(check: Page) -> None:
    compare(check, f"She wrote: {PASSAGES[3]}” And more.", "Of 6 passages, 1 match,")
    assert list(told(check)) == ["¶2"]


def test_words_that_were_put_in_before_a_passage_are_told(check: Page) -> None:
    compare(check, PARAGRAPHS[0].replace("came to", "came at last to"), "Of 6 passages, 2 match, 0 differ")
    assert [line.partition(": ")[2] for line in told(check)["¶1"]] == [
        "matches",
        "matches, but stands 8 characters away from where the passage before it would have it",
    ]


def test_another_text_is_not_the_source(check: Page) -> None:
    compare(check, "Nothing of the kind was ever said here.", "0 match, 0 differ, 6 are not in this text")
    expect(check.locator("#check-result")).to_be_hidden()


def test_words_that_several_paragraphs_have_do_not_tell_which_one_it_is(live_server, page: Page) -> None:
    paragraphs = [
        "Ann Lee of the Harbour Commission spoke of boats.",
        "Bo Ek thanked the Harbour Commission on Sunday for all its work.",
    ]
    source = make.make_source("Commission news", text="\n\n".join(paragraphs) + "\n")
    for words in ("spoke of boats", "for all its work", "Bo Ek"):
        make.make_passage(source, words)
    first = make.make_passage(source, "the Harbour Commission")
    start = source.text.rindex("the Harbour Commission")
    end = start + first.end - first.start
    Passage.objects.create(source=source, start=start, end=end, paragraph=2, sha256=first.sha256)
    page.goto(f"{live_server.url}/check/?source={source.slug}")
    other = "Yesterday, as everybody in this town knows, the Harbour Commission met for a long time again."
    compare(page, other, "Of 5 passages, 2 match, 0 differ, 3 are not in this text.")
    ours = paragraphs[0].replace("Ann", "Anne").replace("the Harbour", "one Harbour")
    compare(page, f"{ours}\n{other}", "Of 5 passages, 3 match, 0 differ, 2 are not in this text.")
    altered = paragraphs[1].replace("thanked the", "thanked this").replace("Bo Ek", "Bo Eck")
    compare(page, altered, "Of 5 passages, 1 match, 2 differ, 2 are not in this text.")


def test_line_ends_blanks_and_composed_letters_are_told(check: Page, tmp_path: Path) -> None:
    composed = unicodedata.normalize("NFC", PARAGRAPHS[2])
    assert "taken apart from their marks (NFD)" in compare(check, composed, "1 match")
    assert "Blanks at the ends of lines" in compare(check, f"  {PARAGRAPHS[3]} ", "1 match")
    assert "Characters that nobody sees" in compare(check, PARAGRAPHS[3].replace("boats", "bo\u00adats"), "1 match")
    windows = tmp_path / "windows.txt"
    windows.write_bytes(("\ufeff" + TEXT.replace("\n", "\r\n")).encode())
    check.locator("#check-file").set_input_files(windows)
    status = check.locator("#check-status")
    expect(status).to_contain_text("6 match")
    expect(status).to_contain_text("A byte order mark")
    expect(status).to_contain_text("CR or CR LF")


def test_a_file_that_is_no_utf_8_and_an_empty_box_are_told(check: Page, tmp_path: Path) -> None:
    thai = tmp_path / "thai.txt"
    thai.write_bytes("คำพูด".encode("cp874"))
    check.locator("#check-file").set_input_files(thai)
    expect(check.locator("#check-status")).to_contain_text("thai.txt is not plain text in UTF-8.")
    compare(check, "  ", "Paste a text first")


def test_a_megabyte_is_compared_beside_the_page_and_comes_to_an_end(check: Page) -> None:
    workers: list[str] = []
    check.on("worker", lambda worker: workers.append(worker.url))
    filler = "\n".join(f"Line {number} of a long text that is another one." for number in range(20_000))
    check.evaluate("text => { document.getElementById('check-text').value = text; }", f"{filler}\n{PARAGRAPHS[1]}")
    check.get_by_role("button", name="Compare").click()
    expect(check.locator("#check-status")).to_contain_text("2 match", timeout=60_000)
    expect(check.locator("#check-status")).to_contain_text("the search was ended")
    assert [url.rpartition("/")[2].partition(".")[0] for url in workers] == ["check-worker"]


def test_a_statement_is_compared_by_its_own_passages(
    live_server, page: Page, asked: list[Request], source: Source
) -> None:
    passages = [make.make_passage(source, PASSAGES[number]) for number in (3, 2)]
    statement = make.make_statement(
        None, None, PASSAGES[3], nature="verbatim", passages=passages, attribution_text="She"
    )
    page.goto(live_server.url + statement.get_absolute_url())
    page.get_by_role("link", name="Check these passages yourself").click()
    compare(page, PARAGRAPHS[1], "Of 2 passages, 2 match, 0 differ, 0 are not in this text.")
    assert [line.split(",")[0] for line in told(page)["¶2"]] == ["Names the speaker", "These words"]


def test_without_script_a_command_is_offered_and_no_box(browser: Browser, live_server, source: Source) -> None:
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(f"{live_server.url}/check/?source={source.slug}")
        expect(page.locator("#check")).to_be_hidden()
        expect(page.get_by_text("Comparing in the browser needs JavaScript.")).to_be_visible()
        expect(page.locator("pre")).to_contain_text("sha256sum article.txt")
