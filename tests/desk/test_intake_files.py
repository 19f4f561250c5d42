"""Files of all kinds become lines; what cannot be read, or is hostile, gets a sentence that says why, and nothing runs."""

from __future__ import annotations

import io
import shutil
import time
import unicodedata
import zipfile
from pathlib import Path

import pytest

from base.text import limited_process
from desk.intake.files import FileRefused, read_file
from desk.intake.reading import CAPTION, HEADING, TEXT, FileReading
from tests.desk.files import LOCK, WORD, docx, pdf, word_paragraph

THAI = "นายกสมาคมกล่าวว่าตารางน้ำฉบับเดียวจะช่วยให้เรือเข้าท่าได้ตรงเวลาและปลอดภัยกว่าเดิมมากในทุกฤดู\n" * 3
VIETNAMESE = (
    "Bà Hạnh cho biết bảng thủy triều chung sẽ giúp tàu vào cảng đúng giờ và an toàn hơn trước rất nhiều.\n" * 3
)


def lines(reading: FileReading) -> list[str]:
    """Return the lines that hold anything."""
    return [text for text, _kind in reading.lines if text.strip()]


def refusal(name: str, content: bytes) -> FileRefused:
    """Return why a file is refused."""
    with pytest.raises(FileRefused) as refused:
        read_file(name, content)
    return refused.value


# Encodings -------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (THAI, "cp874"),
        (THAI, "utf-8"),
        (THAI, "utf-8-sig"),
        (THAI, "utf-16"),
        (THAI, "utf-16-le"),
        (THAI, "utf-16-be"),
        (VIETNAMESE, "utf-8"),
        (VIETNAMESE, "utf-16-le"),
    ],
)
def test_a_text_is_read_in_whatever_encoding_it_has(text: str, encoding: str) -> None:
    assert "\n".join(lines(read_file("a.txt", text.encode(encoding)))) + "\n" == text


def test_a_vietnamese_text_of_windows_is_read_and_the_guess_is_named() -> None:
    # Windows-1258 has letters and tones apart.
    apart = "".join(
        letter
        if letter in "âêôăđÂÊÔĂĐ"
        else unicodedata.normalize("NFD", letter).replace("\u0302", "").replace("\u031b", "")
        for letter in "Bà Hà cho biết là tàu đã vào cảng, và má của bà đã nói: đúng giờ."
    )
    content = (apart * 4).encode("cp1258", "ignore")
    reading = read_file("a.txt", content)
    assert reading.encoding
    assert "tàu đã vào c" in unicodedata.normalize("NFC", lines(reading)[0])


def test_line_ends_of_windows_and_of_old_macs_end_lines() -> None:
    assert lines(read_file("a.txt", b"One.\r\nTwo.\rThree.")) == ["One.", "Two.", "Three."]


# HTML ------------------------------------------------------------------------------------------------------------------
PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Towns agree on tides - The Lantern</title>
<meta property="article:published_time" content="2026-05-14T08:00:00+07:00"><script>document.title = "stolen"</script></head>
<body><nav><a href="/">Home</a> <a href="/n">News</a></nav><article><h1>Towns agree on tides</h1>
<p>The association met in Pellmere on Thursday and agreed on one tide table for nine harbours of the coast.</p>
<figure><img src="http://192.0.2.1/x.png"><figcaption>Ines Aldana with pilots. Photo: J. Moss</figcaption></figure>
<p>Ines Aldana, who chairs it, said the old tables had differed by up to forty minutes.<br><br>She asked for one.</p>
<h2>What comes next</h2><p>Tomas Reka, pilot of the port of Sond, called the plan “late, and still welcome”.</p></article>
<section id="comments"><h3>Comments (0)</h3><p>A reader says something here.</p></section></body></html>"""


def test_a_page_gives_its_article_with_captions_and_facts() -> None:
    reading = read_file("a.html", PAGE.encode())
    assert reading.lines == [
        ("Towns agree on tides", HEADING),
        (
            "The association met in Pellmere on Thursday and agreed on one tide table for nine harbours of the coast.",
            TEXT,
        ),
        ("Ines Aldana with pilots. Photo: J. Moss", CAPTION),
        ("Ines Aldana, who chairs it, said the old tables had differed by up to forty minutes.", TEXT),
        ("She asked for one.", TEXT),
        ("What comes next", HEADING),
        ("Tomas Reka, pilot of the port of Sond, called the plan “late, and still welcome”.", TEXT),
    ]
    assert (reading.title, reading.date) == ("Towns agree on tides", "2026-05-14")


def test_a_page_names_its_encoding_itself() -> None:
    page = f'<html><head><meta charset="windows-874"></head><body><p>{THAI}</p></body></html>'
    assert THAI.split("\n")[0] in " ".join(lines(read_file("a.html", page.encode("cp874"))))


def test_a_page_without_an_article_gives_all_that_is_seen() -> None:
    page = b"<html><body><script>alert(1)</script><p>Short.</p><div>Shorter.</div><style>p{}</style></body></html>"
    assert lines(read_file("a.html", page)) == ["Short.", "Shorter."]


def test_the_code_of_a_page_in_a_text_file_is_a_page() -> None:
    assert "Towns agree on tides" in lines(read_file("a.txt", PAGE.encode()))


def test_deeply_nested_html_ends_in_an_answer() -> None:
    page = b"<html><body>" + b"<div>" * 200_000 + b"Text." + b"</div>" * 200_000
    began = time.monotonic()
    try:
        read_file("a.html", page)
    except FileRefused as refused:
        assert refused.code in ("broken", "too_costly", "empty")  # noqa: PT017  # either answer is right
    assert time.monotonic() - began < limited_process.SECONDS + 10


# DOCX ------------------------------------------------------------------------------------------------------------------
def test_a_document_is_read_as_if_its_tracked_changes_were_accepted() -> None:
    body = (
        word_paragraph("Towns agree on tides", "Titel")
        + '<w:p><w:r><w:t>One </w:t></w:r><w:ins><w:r><w:t xml:space="preserve">new </w:t></w:r></w:ins>'
        + "<w:del><w:r><w:delText>old </w:delText></w:r></w:del><w:moveFrom><w:r><w:t>away</w:t></w:r></w:moveFrom>"
        + "<w:r><w:t>word.</w:t><w:br/><w:t>A line</w:t><w:tab/><w:t>more.</w:t></w:r></w:p>"
        + f"<w:sdt><w:sdtContent>{word_paragraph('In a control.')}</w:sdtContent></w:sdt>"
        + f"<w:tbl><w:tr><w:tc>{word_paragraph('In a table.')}</w:tc></w:tr></w:tbl>"
        + word_paragraph("What it shows", "Caption")
    )
    styles = '<w:style w:styleId="Titel"><w:name w:val="Title"/></w:style>'
    styles += '<w:style w:styleId="Caption"><w:name w:val="caption"/></w:style>'
    reading = read_file("a.docx", docx(body, styles))
    assert reading.lines == [
        ("Towns agree on tides", HEADING),
        ("One new word.", TEXT),
        ("A line\tmore.", TEXT),
        ("In a control.", TEXT),
        ("In a table.", TEXT),
        ("What it shows", CAPTION),
    ]
    assert reading.title == "Towns agree on tides"


def test_a_text_box_is_read_once() -> None:
    box = f"<w:txbxContent>{word_paragraph('In a box.')}</w:txbxContent>"
    mc = "http://schemas.openxmlformats.org/markup-compatibility/2006"
    body = (
        f'<w:p><w:r><w:t>Around.</w:t></w:r><w:r><mc:AlternateContent xmlns:mc="{mc}"><mc:Choice>{box}</mc:Choice>'
        f"<mc:Fallback>{box}</mc:Fallback></mc:AlternateContent></w:r></w:p>"
    )
    assert lines(read_file("a.docx", docx(body))) == ["Around.", "In a box."]


def test_a_document_that_grows_when_it_is_unpacked_is_refused() -> None:
    bomb = docx(word_paragraph("x" * 30_000_000))
    assert len(bomb) < 100_000
    assert refusal("a.docx", bomb).code == "zip_bomb"
    # One whose sizes lie: what is said to be small, and is not.
    lying = bytearray(bomb)
    for signature, offset in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        place = lying.find(signature)
        lying[place + offset : place + offset + 4] = (1000).to_bytes(4, "little")
    assert refusal("a.docx", bytes(lying)).code in ("zip_bomb", "broken_docx")


def test_entities_are_not_resolved() -> None:
    lol = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    dtd = f'<!DOCTYPE w [<!ENTITY l0 "lol">{lol}<!ENTITY f SYSTEM "file:///etc/passwd">]>'
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        text = (
            f'{dtd}<w:document xmlns:w="{WORD}"><w:body><w:p><w:r><w:t>&l9;&f;</w:t></w:r></w:p></w:body></w:document>'
        )
        archive.writestr("word/document.xml", text)
    assert refusal("a.docx", file.getvalue()).code in ("entities", "broken_docx")


@pytest.mark.parametrize("cut", [30, 100, -40, -1])
def test_a_broken_document_is_refused(cut: int) -> None:
    assert refusal("a.docx", docx(word_paragraph("Text."))[:cut]).code in ("broken_docx", "archive")


# PDF -------------------------------------------------------------------------------------------------------------------
def test_a_pdf_gives_its_lines() -> None:
    reading = read_file("a.pdf", pdf("The association met in Pellmere.", "It agreed on tides."))
    assert lines(reading) == ["The association met in Pellmere.", "It agreed on tides."]
    assert reading.is_wrapped


def test_nothing_in_a_pdf_is_run(tmp_path: Path) -> None:
    script = f"/OpenAction << /S /JavaScript /JS (app.launchURL\\('file://{tmp_path}/x'\\)) >>"
    launch = f"/AA << /WC << /S /Launch /F ({tmp_path}/y) >> >>"
    assert lines(read_file("a.pdf", pdf("Quiet words.", catalog=script + launch))) == ["Quiet words."]
    assert list(tmp_path.iterdir()) == []


def test_a_locked_pdf_one_of_pictures_and_a_broken_one_are_told_apart() -> None:
    assert refusal("a.pdf", pdf("Secret.", trailer=LOCK)).code == "locked"
    assert refusal("a.pdf", pdf()).code == "only_pictures"
    assert refusal("a.pdf", b"%PDF-1.4\n" + b"garbage " * 50).code == "broken_pdf"


def test_without_pdftotext_a_pdf_is_refused_with_what_would_help(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert shutil.which("pdftotext") is None
    refused = refusal("a.pdf", pdf("Words."))
    assert refused.code == "no_pdftotext"
    assert "poppler-utils" in str(refused)


# Refusals --------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.txt", b"", "empty"),
        ("a.txt", b"\xef\xbb\xbf \r\n", "empty"),
        ("a.txt", b" " * 5_000_000, "empty"),
        ("a.txt", b"x" * 5_000_001, "too_big"),
        ("a.txt", bytes(range(32)) * 100, "binary"),
        ("a.doc", b"\xd0\xcf\x11\xe0" + bytes(600), "old_word"),
        ("a.docx", b"\xd0\xcf\x11\xe0" + bytes(600), "old_word"),
        ("a.rtf", b"{\\rtf1 Text.}", "rtf"),
        ("a.jpg", b"\xff\xd8\xff\xe0" + b"x" * 500, "picture"),
        ("a.txt", b"\x89PNG\r\n" + b"x" * 500, "picture"),
        ("a.zip", b"PK\x03\x04" + b"x" * 500, "archive"),
        ("a.odt", b"Some words.", "unknown"),
        ("a.pdf", b"Some words.", "wrong_ending"),
        ("a.txt", pdf("Words."), "wrong_ending"),
        ("a.txt", docx(word_paragraph("Words.")), "wrong_ending"),
        ("a.docx", b"Some words.", "wrong_ending"),
        ("a.docx", b"PK\x03\x04", "broken_docx"),
    ],
)
def test_what_cannot_be_read_is_refused_by_name(name: str, content: bytes, code: str) -> None:
    refused = refusal(name, content)
    assert refused.code == code
    assert str(refused).endswith(".")


def test_a_wrong_ending_says_the_right_one() -> None:
    assert str(refusal("a.txt", pdf("Words."))) == (
        "The name of this file ends in .txt, but it is a PDF file. Rename it so that it ends in .pdf."
    )


def test_a_process_that_takes_too_long_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limited_process, "SECONDS", 0.01)
    assert refusal("a.txt", b"Some words.").code == "too_costly"


def test_the_reading_process_knows_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "hush")
    handed: dict[str, str] = {}

    class Started(Exception):
        """Raised in place of starting a process."""

    def start(*args: object, env: dict[str, str], **kwargs: object) -> None:
        handed.update(env)
        raise Started

    monkeypatch.setattr(limited_process.subprocess, "Popen", start)
    with pytest.raises(Started):
        read_file("a.txt", b"Some words.")
    assert "SECRET_KEY" not in handed
    assert set(handed) <= {"PATH", "PYTHONPATH", "PYTHONDONTWRITEBYTECODE", "LC_ALL"}
