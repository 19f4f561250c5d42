"""The picture of a statement for other sites: what stands on it, what is highlighted, where it is cut, and who gets it."""

from __future__ import annotations

import re
import struct
from typing import Any

import pytest
from django.test import Client
from django.utils.translation import override

from base.changes.cache import cache_asked
from base.pages.documents import page_loader, page_plan
from base.records.provenance import Certainty
from base.text.languages import CODES, address_in
from base.text.letters import is_inside_letter
from base.text.line_breaks import break_places
from events.models import Statement
from events.models.statements import StatementKind
from events.pages import STATEMENT_MEMBERS, StatementPageSerializer
from events.share_images import drawing
from events.share_images.content import content_of
from events.share_images.drawing import svg_of, word_rows
from events.share_images.fonts import SERIF
from events.share_images.setting import MarkedText, set_in_lines
from tests import factories as make

pytestmark = pytest.mark.django_db
MARKER = 'fill="#ffe873"'
# Invented, of no source.
THAI = "เราอยากเห็นเด็กทุกคนได้อ่านหนังสือดีๆ และห้องสมุดควรเปิดถึงค่ำ ทุกวันศุกร์มีคนเล่านิทานให้ฟัง"


def address(statement: Statement, language: str = "") -> str:
    return f"{language and f'/{language}'}/statements/{statement.slug}/share.png"


def svg(statement: Statement, language: str = "en") -> str:
    """Return the picture as SVG, as readers of this language get it."""
    with override(language):
        plan = page_plan(StatementPageSerializer, Statement, STATEMENT_MEMBERS, ())
        (document,) = page_loader().documents(plan, plan.by_slug.read(statement.slug))
        content = content_of(document, language)
        assert content
        return svg_of(content) or ""


def texts(picture: str) -> str:
    return " ".join(re.findall(r"<text[^>]*>([^<]*)</text>", picture))


@pytest.mark.parametrize("language", ["", "th", "vi"])
def test_it_is_a_png_of_the_size_that_is_announced(client: Client, language: str) -> None:
    statement = make.make_statement(make.make_person("Ann Lee"))
    response = client.get(address(statement, language))
    assert (response.status_code, response.headers["Content-Type"]) == (200, "image/png")
    assert response.content.startswith(b"\x89PNG")
    assert struct.unpack(">II", response.content[16:24]) == (1200, 630)


def test_it_has_validators_and_is_answered_with_304(client: Client) -> None:
    statement = make.make_statement(make.make_person("Ann Lee"))
    tag = client.get(address(statement)).headers["ETag"]
    assert client.get(address(statement), headers={"If-None-Match": tag}).status_code == 304
    statement.certainty, statement.note = "inferred", "By its place."
    statement.save()
    assert client.get(address(statement), headers={"If-None-Match": tag}).status_code == 200


def test_only_what_is_public_has_one(client: Client) -> None:
    draft, gone = (make.make_statement(make.make_person("Ann Lee"), status=status) for status in ("draft", "withdrawn"))
    assert client.get(address(draft)).status_code == 404
    assert client.get(address(gone)).status_code == 410
    assert client.get("/statements/st-nothing/share.png").status_code == 404


def test_words_as_printed_are_highlighted_and_all_of_them() -> None:
    statement = make.make_statement(make.make_person("Ann Lee"), wording="We need a cinema.", nature="verbatim")
    picture = svg(statement)
    assert picture.count(MARKER) == 1
    assert ">We need a cinema.</text>" in picture
    assert "“" in texts(picture)
    assert "Direct quote" in picture


@pytest.mark.parametrize("nature", ["translation", "paraphrase"])
def test_a_translation_or_paraphrase_is_never_highlighted(nature: str) -> None:
    statement = make.make_statement(make.make_person("Ann Lee"), wording="We need a cinema.", nature=nature)
    picture = svg(statement)
    assert MARKER not in picture
    assert "“" not in texts(picture)
    assert f"English {nature} by the editors" in picture


def test_a_translation_stands_above_the_printed_words_and_only_these_are_highlighted() -> None:
    statement = make.make_statement(make.make_person("Ann Lee"), wording=THAI, nature="verbatim", language="th")
    make.make_wording(statement, "We want every child to read.", nature="translation")
    picture = svg(statement)
    assert "English translation by the editors" in picture
    assert picture.index("We want every child") < picture.index("เราอยากเห็น")
    assert picture.count(MARKER) == len(re.findall(r">[^<]*[ก-๛][^<]*</text>", picture))
    thai = svg(statement, "th")
    assert "We want every child" not in thai
    assert MARKER in thai


def test_what_stands_between_two_parts_of_a_quote_is_not_highlighted() -> None:
    source = make.make_source("Harbour news")
    parts = [make.make_passage(source, words) for words in ("We wait", "for the boats.")]
    statement = make.make_statement(
        make.make_person(), wording="We wait … for the boats.", nature="verbatim", passages=parts
    )
    picture = svg(statement)
    assert picture.count(MARKER) == 2
    assert "> … </text>" in picture


def test_doubt_and_place_stand_on_it() -> None:
    source = make.make_source("Harbour news")
    passage = make.make_passage(source, "It was said.")
    person = make.make_person("Ann Lee")
    columns: dict[str, Any] = {"passages": [passage], "role_at_time": "director"}
    doubtful = make.make_statement(person, certainty="inferred", note="By its place.", **columns)
    picture = svg(doubtful)
    for words in ("Ann Lee", "Director", "Reported speech", "inferred", "¶1, Harbour news", "On the Record"):
        assert words in picture
    assert "inferred" not in svg(make.make_statement(person, **columns))


@pytest.mark.parametrize("language", CODES)
@pytest.mark.parametrize("certainty", ["stated", "inferred", "disputed"])
def test_a_card_and_a_picture_say_kind_and_doubt(client: Client, language: str, certainty: str) -> None:
    note = "" if certainty == "stated" else "By its place."
    statement = make.make_statement(make.make_person("Ann Lee"), certainty=certainty, note=note)
    card = client.get(address_in(f"/statements/{statement.slug}/embed/", language)).text.split("</h1>")[1]
    card = card.split('class="said"')[0]  # above the words: a frame may be too low to show what is below them
    with override(language):
        kind, doubt = str(StatementKind.REPORTED.label).casefold(), str(Certainty(certainty).label).casefold()
    for text in (card.casefold(), svg(statement, language).casefold()):
        assert kind in text
        assert doubt in text or certainty == "stated"


def test_markup_and_signs_that_xml_has_not_are_text(client: Client) -> None:
    statement = make.make_statement(
        make.make_person("Ann <b>&\x0b"), wording='<image href="file:///etc/passwd"/> & "more"'
    )
    assert "<image" not in svg(statement)
    assert client.get(address(statement)).headers["Content-Type"] == "image/png"


def test_letters_that_the_fonts_lack_give_the_picture_of_the_site(client: Client) -> None:
    statement = make.make_statement(make.make_person("Ann Lee"), wording="電影很好。", language="zh")
    response = client.get(address(statement))
    assert (response.status_code, response.headers["Location"].endswith("preview.png")) == (302, True)


@pytest.mark.parametrize("words", ["Every word counts here. ", THAI + " ", "ก็ที่นี่ผู้", "ủỷỗ"])
@pytest.mark.parametrize("repeated", [1, 40, 5000])
def test_a_long_text_is_cut_between_letters_and_says_so(words: str, repeated: int) -> None:
    statement = make.make_statement(make.make_person("Ann Lee"), wording=(words * repeated).strip(), nature="verbatim")
    plan = page_plan(StatementPageSerializer, Statement, STATEMENT_MEMBERS, ())
    (document,) = page_loader().documents(plan, plan.by_slug.read(statement.slug))
    content = content_of(document, "en")
    assert content
    rows = word_rows(content.words)
    printed = "".join(piece.text for row in rows for piece in row.pieces if piece.is_printed)
    whole, shown = (
        " ".join(text.split()).replace(" ", "").replace("\u00a0", "") for text in (words * repeated, printed)
    )
    assert whole.startswith(shown)
    assert not is_inside_letter(whole, len(shown))
    ends = "".join(piece.text for piece in rows[-1].pieces if not piece.is_printed)
    assert ends.endswith("”" if whole == shown else "…”")
    assert {1: whole == shown, 40: True, 5000: whole != shown}[repeated]
    assert rows[-1].y < 430
    assert max(row.pieces[-1].x + row.pieces[-1].width for row in rows) <= 1200 - 2 * 72 + 1


@pytest.mark.parametrize("nature", ["verbatim", "paraphrase"])
def test_a_text_of_narrow_letters_that_is_cut_before_its_room_ends_says_so(nature: str) -> None:
    statement = make.make_statement(make.make_person("Ann Lee"), wording="ill it. " * 53 + "Not said.", nature=nature)
    texts_of_picture = texts(svg(statement))
    assert "Not said." not in texts_of_picture
    assert ("…”" if nature == "verbatim" else "…") in texts_of_picture


@pytest.mark.parametrize("most", [3, 50])
def test_a_text_that_was_cut_ends_in_an_ellipsis_in_whatever_line_it_ends(most: int) -> None:
    marked = MarkedText.of([("Every word counts here. " * 9, True)], 50)
    setting = set_in_lines(marked, SERIF, 40, 320, most, "”")
    last = setting.lines[-1]
    assert not setting.is_whole
    assert [(piece.text, piece.is_printed) for piece in last][-1] == ("…”", False)
    assert last[-1].x + last[-1].width <= 320


@pytest.mark.parametrize(
    "text", [THAI, "A long walk along the river and back again", "ทั้งหมดสำคัญสำหรับเรา", "ภาพยนตร์เวียดนาม"]
)
def test_lines_break_between_words(text: str) -> None:
    setting = set_in_lines(MarkedText.of([(text, True)], 400), SERIF, 40, 320, 50)
    lines = ["".join(piece.text for piece in line) for line in setting.lines]
    joined, places = "", {place for place, _space in break_places(text)}
    for line in lines[:-1]:
        joined = text[: text.index(line, len(joined)) + len(line)]
        assert len(joined) in places or len(joined) + 1 in places
    assert setting.is_whole
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")


@pytest.mark.parametrize("word", ["ภาพยนตร์", "ระหว่าง", "ปัญญาประดิษฐ์", "ความ", "สำคัญ"])
def test_known_words_of_thai_stay_whole(word: str) -> None:
    text = f"เรา{word}และ"
    start = text.index(word)
    assert not [place for place, _space in break_places(text) if start < place < start + len(word)]


@pytest.mark.django_db(transaction=True)
def test_it_is_drawn_once_whatever_else_the_address_says_and_is_written(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[str] = []

    def draw(picture: str) -> bytes:
        drawn.append(picture)
        return b"png"

    monkeypatch.setattr(drawing, "_drawn", draw)
    statement = make.make_statement(make.make_person("Ann Lee"), wording="Drawn once, and only once.")
    for number in range(3):
        assert client.get(f"{address(statement)}?{number}").content == b"png"
        make.make_person(f"Somebody else {number}")
    assert len(drawn) == 1


@pytest.mark.django_db(transaction=True)
def test_pictures_push_no_kept_page_out(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drawing, "_drawn", lambda picture: b"png")
    statement = make.make_statement(make.make_person("Ann Lee"))
    asked: list[tuple[str, bool]] = []
    cache_asked.connect(lambda sender, hit, **_others: asked.append((sender, hit)), weak=False, dispatch_uid="test")
    try:
        for _number in range(2):
            client.get(address(statement))
    finally:
        cache_asked.disconnect(dispatch_uid="test")
    assert asked
    assert {alias for alias, _hit in asked if alias != "default"} == {"pictures"}
