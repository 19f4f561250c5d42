"""Texts of sources as editors save them: what is taken off and told, what is refused, and how a text that differs is explained."""

# ruff: noqa: E501  the tables hold whole sentences

from __future__ import annotations

import unicodedata
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client

from base.records.provenance import sha256_of
from directory.differences import cause_of_difference
from directory.models import Passage, Source
from directory.source_texts import UnreadableText, accepted, decoded
from tests import factories as make
from tests.curation import change_url, errors, messages, opened, url_of

TEXT = "แมวชอบปลา\n\nShe said: “Café.”\nBùi Việt Hà spoke, too.\nน้ำใส\n"
BOM = "A byte order mark (U+FEFF) at the beginning was taken off."
ENDS = "Lines that ended in CR or CR LF end in LF now."


@pytest.mark.parametrize(
    ("text", "kept", "changes"),
    [
        (TEXT, TEXT, []),
        (f"\ufeff{TEXT}", TEXT, [BOM]),
        (TEXT.replace("\n", "\r\n"), TEXT, [ENDS]),
        (TEXT.replace("\n", "\r"), TEXT, [ENDS]),
        ("\ufeffa\r\nb\rc\n", "a\nb\nc\n", [BOM, ENDS]),
        ("a\u200bb\u00adc\td\u2028e\ufefff\u202eg", "a\u200bb\u00adc\td\u2028e\ufefff\u202eg", []),
        (unicodedata.normalize("NFD", TEXT), unicodedata.normalize("NFD", TEXT), []),
    ],
)
def test_only_what_editors_put_round_a_text_is_taken_off(text: str, kept: str, changes: list[str]) -> None:
    read = accepted(text)
    assert (read.text, read.changes) == (kept, changes)


def test_the_text_that_passages_were_read_from_is_taken_as_it_is() -> None:
    text = "\ufeffa\r\nb"
    assert (accepted(text, sha256_of(text)).text, accepted(text, sha256_of(text)).changes) == (text, [])


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("a\0b\nc\n", "It holds a control character (U+0000) in line 1 at character 2, after “a”, which cannot be kept. Take it out."),
        ("One.\n\x0cTwo.\n", "It holds a control character (U+000C) in line 2 at character 1, which cannot be kept. Take it out."),
        ("  \n\u3000\n", "It holds nothing that can be seen. Write the text."),
        ("\u200b\n", "It holds nothing that can be seen. Write the text."),
        ("a\ufffe", "It holds U+FFFE at character 2, after “a”, which is no character. Take it out."),
    ],
)  # fmt: skip
def test_what_cannot_be_kept_is_refused_with_its_place(text: str, sentence: str) -> None:
    with pytest.raises(UnreadableText) as refused:
        accepted(text)
    assert str(refused.value) == sentence


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"ab\xff", "F is not UTF-8: byte 2 cannot be decoded (0xFF in line 1). Save it as UTF-8."),
        (b"ab\n\nc\xe9d", "F is not UTF-8: byte 5 cannot be decoded (0xE9 in line 3). Save it as UTF-8."),
        (TEXT.encode("utf-16"), "F is not UTF-8. It looks like UTF-16. Save it as UTF-8."),
        ("Plain words.".encode("utf-16-be"), "F is not UTF-8. It looks like UTF-16. Save it as UTF-8."),
        (TEXT.encode("utf-32"), "F is not UTF-8. It looks like UTF-32. Save it as UTF-8."),
        ("แมวชอบปลา".encode("cp874"), "F is not UTF-8: byte 0 cannot be decoded (0xE1 in line 1). It looks like Windows-874 (Thai). Save it as UTF-8."),
    ],
)  # fmt: skip
def test_another_encoding_is_named(content: bytes, sentence: str) -> None:
    with pytest.raises(UnreadableText) as refused:
        decoded(content, "F")
    assert str(refused.value) == sentence


def test_utf_8_is_read_unchanged() -> None:
    assert decoded(f"\ufeff{TEXT}\r\n".encode(), "F") == f"\ufeff{TEXT}\r\n"
    assert decoded(b"a\0b", "F") == "a\0b", "a single U+0000 makes no other encoding"


# The admin -----------------------------------------------------------------------------------------------------------------
def uploaded(client: Client, content: bytes | None = None, typed: str = "") -> Any:
    """Add a source with this file, or with this text typed in."""
    url = url_of(Source, "add")
    data = opened(client, url) | {"title": "The Cat", "language": "th", "text_typed": typed}
    if content is not None:
        data["text_file"] = SimpleUploadedFile("cat.txt", content)
    return client.post(url, data, follow=True)


@pytest.mark.django_db
def test_the_admin_tells_what_it_took_off_a_file(admin_client: Client) -> None:
    told = messages(uploaded(admin_client, b"\xef\xbb\xbf" + TEXT.replace("\n", "\r\n").encode()))
    source = Source.objects.get()
    assert (source.text, source.length, source.sha256) == (TEXT, len(TEXT), sha256_of(TEXT))
    assert told[:2] == [BOM, ENDS]


@pytest.mark.django_db
def test_the_admin_takes_a_mark_off_a_typed_text_and_says_nothing_of_a_browsers_line_ends(admin_client: Client) -> None:
    told = messages(uploaded(admin_client, typed="\ufeff" + TEXT.replace("\n", "\r\n")))
    assert Source.objects.get().text == TEXT
    assert BOM in told
    assert ENDS not in told


@pytest.mark.django_db
@pytest.mark.parametrize(
    "content", [b"a\0b\nc\n", b" \n \n", "\u200b".encode(), "แมว".encode("cp874"), "แมว".encode("utf-16")]
)
def test_the_admin_refuses_a_file_at_its_field(admin_client: Client, content: bytes) -> None:
    assert list(errors(uploaded(admin_client, content))) == ["text_file"]
    assert not Source.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("typed", ["a\0b\nc", "   \r\n ", "\u200b"])
def test_the_admin_refuses_a_typed_text_at_its_field(admin_client: Client, typed: str) -> None:
    assert list(errors(uploaded(admin_client, typed=typed))) == ["text_typed"]
    assert not Source.objects.exists()


# Causes --------------------------------------------------------------------------------------------------------------------
@pytest.fixture
def source() -> Source:
    """A source with five passages whose text is not stored."""
    source = make.make_source("Cat talk", text=TEXT)
    for words in ("แมวชอบปลา", "“Café.”", "Việt", "spoke", "น้ำใส"):
        make.make_passage(source, words)
    Source.objects.update(text="")
    return Source.objects.get()


PREFIX = "It is the text of this source but for this: "
EDITS: dict[str, tuple[Any, str]] = {
    "mark": (lambda text: f"\ufeff{text}", f"{PREFIX}a byte order mark (U+FEFF) at the beginning."),
    "CR LF": (lambda text: text.replace("\n", "\r\n"), f"{PREFIX}lines that end in CR LF."),
    "CR": (lambda text: text.replace("\n", "\r"), f"{PREFIX}lines that end in CR."),
    "both": (lambda text: "\ufeff" + text.replace("\n", "\r\n"), f"{PREFIX}a byte order mark (U+FEFF) at the beginning, lines that end in CR LF."),
    "NFD": (lambda text: unicodedata.normalize("NFD", text), f"{PREFIX}letters taken apart (NFD)."),
    "end": (str.rstrip, f"{PREFIX}no line end at the end."),
    "ends": (lambda text: f"{text}\n", f"{PREFIX}a line end at the end."),
    "later": (lambda text: f"A headline.\n{text}", "From paragraph 1 on every start is higher by 12: something was added before."),
    "between": (lambda text: text.replace("She said:", "Then she said:"), "From paragraph 2 on every start is higher by 5: something was added before."),
    "earlier": (lambda text: text.replace("She said: ", ""), "From paragraph 2 on every start is lower by 10: something was taken out before."),
    "framed": (lambda text: f"Head.\n{text}A long foot.\n", "From paragraph 1 on every start is higher by 6: something was added before."),
    "letter": (lambda text: text.replace("too", "two"), "All 5 passages are in it; it differs between them."),
    "words": (lambda text: text.replace("Việt", "Viet"), "4 of 5 passages are in it; the others read otherwise."),
    "another": (lambda _text: "Nothing of the kind.\n", "It is another text: none of the 5 passages is in it."),
}  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("name", EDITS)
def test_the_cause_of_a_difference_is_named(source: Source, name: str) -> None:
    edit, sentence = EDITS[name]
    cause = cause_of_difference(source, edit(TEXT))
    assert cause is not None
    assert cause.sentence == sentence
    assert cause_of_difference(source, TEXT) is None


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "lines"), [("CR LF", 4), ("later", 4), ("another", 4), ("words", 2)])
def test_one_cause_stands_for_all_its_failures(
    source: Source, tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, lines: int
) -> None:
    edit, sentence = EDITS[name]
    (tmp_path / "text.txt").write_bytes(edit(TEXT).encode())
    with pytest.raises(CommandError) as refused:
        call_command("verify_passages", source.slug, text=str(tmp_path / "text.txt"))
    assert str(refused.value).endswith(f" failed. {sentence}")
    told = capsys.readouterr().err.splitlines()
    assert len(told) == lines
    assert told[-1].endswith("more, which all follow from this.") is (lines == 4)


@pytest.mark.django_db
def test_a_text_with_mark_and_cr_is_attached_without_them(
    source: Source, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "text.txt").write_bytes(("\ufeff" + TEXT.replace("\n", "\r\n")).encode())
    call_command("attach_text", source.slug, text=str(tmp_path / "text.txt"))
    source.refresh_from_db()
    assert source.text == TEXT
    told = capsys.readouterr().out
    assert BOM in told
    assert ENDS in told


@pytest.mark.django_db
def test_the_admin_says_why_a_text_is_another(admin_client: Client, source: Source) -> None:
    data = opened(admin_client, change_url(source))
    shifted = SimpleUploadedFile("text.txt", f"A headline.\n{TEXT}".encode())
    [told] = errors(admin_client.post(change_url(source), {**data, "text_file": shifted}))["text_file"]
    assert told.startswith("This is another text than the one its passages were read from.")
    assert told.endswith(EDITS["later"][1])
    with_mark = SimpleUploadedFile("text.txt", f"\ufeff{TEXT}".encode())
    answer = admin_client.post(change_url(source), {**data, "text_file": with_mark}, follow=True)
    assert BOM in messages(answer)
    assert set(Passage.objects.values_list("check_state", flat=True)) == {"verified"}


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"PK\x03\x04\x14\0\x06\0" + b"\x9c" * 50, "a workbook or an archive (.xlsx, .ods, .docx, .zip)"),
        (b"\xd0\xcf\x11\xe0" + b"\1" * 50, "an old workbook or document (.xls, .doc)"),
        (b"%PDF-1.7\nwords\n", "a PDF"),
        (b"\x1f\x8b\x08\0" + b"\x9c" * 50, "compressed (.gz)"),
        (b"\x01\x02\x03\x04" * 20, "no text"),
    ],
)
def test_a_file_that_is_no_text_is_named_in_the_form(admin_client: Client, content: bytes, kind: str) -> None:
    url = "/admin/directory/source/add/"
    file = SimpleUploadedFile("text.txt", content)
    found = errors(
        admin_client.post(url, {**opened(admin_client, url), "title": "T", "language": "en", "text_file": file})
    )
    assert found["text_file"] == [f"This file is {kind}. Save it as plain text in UTF-8."]
