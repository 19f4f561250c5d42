"""What comes out of a file is made storable, joined, cut and described; each step says what it did and can be taken back."""

from __future__ import annotations

import unicodedata

import pytest

from base.text.characters import TextKind, fault_of
from desk.intake import cut
from desk.intake.characters import clean
from desk.intake.cut import DraftParagraph, WrongPlace, is_caption, is_furniture, proposed
from desk.intake.guesses import dates_in, found_dates, guess_language, guess_title
from desk.intake.lines import is_wrapped, join_wrapped
from desk.intake.reading import CAPTION, HEADING, LEFT_OUT, TEXT, plain_lines

PROSE = (
    "The association met in Pellmere on Thursday and agreed on one tide table for nine harbours of the coast, after two "
    "years of talks that nobody thought would end. Ines Aldana, who chairs it, said the old tables had differed by forty minutes."
)


def wrapped(text: str, width: int = 80) -> list[str]:
    """Return a text in lines of at most so many columns."""
    lines = [""]
    for word in text.split():
        if len(lines[-1]) + len(word) + 1 > width:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return lines


# Characters --------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        ("\ufeffOne.\r\nTwo.\rThree.", "One.\nTwo.\nThree."),
        ("One.\x0cTwo.\u2028Three.\x85Four.", "One.\nTwo.\nThree.\nFour."),
        ("He said \x93no\x94 \x96 twice.", "He said “no” – twice."),
        ("On\x07e\0.\ufffe", "One."),
        (unicodedata.normalize("NFD", "Bà Hạnh cho biết"), "Bà Hạnh cho biết"),
        ("นํ้า ทํา น้ํา กํ่า", "น้ำ ทำ น้ำ ก่ำ"),
        ("ป\uf70a\uf710", "ป่ั"),
        ("soft\u00adhyphen\u200band space", "soft\u00adhyphen\u200band space"),
    ],
)
def test_a_text_becomes_storable_and_is_otherwise_kept(text: str, outcome: str) -> None:
    cleaned = clean(text)
    assert cleaned.text == outcome
    assert fault_of(cleaned.text, TextKind.SOURCE) is None
    assert clean(outcome).text == outcome
    assert clean(outcome).changes == []


def test_what_was_taken_out_is_said_with_its_place() -> None:
    [sentence] = clean("One.\nTw\x07o.").changes
    assert sentence == (
        "1 character that cannot be kept was taken out. It holds a control character (U+0007) in line 2 at character 3, "
        "after “Tw”, which cannot be kept."
    )


def test_every_character_there_is_can_be_taken_in() -> None:
    for start in range(0, 0x110000, 0x1000):
        text = "a".join(map(chr, range(start, start + 0x1000)))
        assert fault_of(clean(text).text, TextKind.SOURCE) is None, hex(start)


def test_thai_that_lost_its_marks_is_warned_of() -> None:
    lost = "นายกสมาคมกล่าวว่าตารางน้าฉบับเดียวจะช่วยให้เรือเข้าท่าได้ตรงเวลา" * 10
    assert "ำ" in clean(lost).warnings[0]
    assert clean(lost[:300]).warnings == []
    assert clean(lost + "น้ำ").warnings == clean(lost + "นํ้า").warnings == []
    assert "(U+0000)" in clean("นายก\0สมาคม").warnings[0]
    assert "“�”" in clean("Ines Ald\ufffdna").warnings[0]


# Lines -------------------------------------------------------------------------------------------------------------------
def test_a_wrapped_text_is_joined_at_its_full_lines() -> None:
    lines = [*wrapped(PROSE), "", *wrapped(PROSE), *wrapped("Last. " + PROSE)]
    assert is_wrapped(lines)
    assert [text for text, _kind in join_wrapped(plain_lines("\n".join(lines)))] == [PROSE, PROSE, "Last. " + PROSE]


def test_thai_is_joined_without_blanks_and_a_hyphen_of_the_wrapping_goes() -> None:
    thai = "นายกสมาคมกล่าวว่าตารางน้ำฉบับเดียวจะช่วยให้เรือเข้าท่าได้ตรงเวลา" * 4
    lines = [thai[start : start + 70] for start in range(0, len(thai), 70)]
    assert join_wrapped([(line, TEXT) for line in lines]) == [(thai, TEXT)]
    full = "The ship lay at anchor before the harbour of Sond, and the associ-"
    assert join_wrapped([(full, TEXT), ("ation waited.", TEXT), ("The association met.", TEXT)])[0][0].endswith(
        "the association waited."
    )
    assert join_wrapped([(full[:-7] + "well-", TEXT), ("known pilot came.", TEXT)])[0][0].endswith(
        "well-known pilot came."
    )


@pytest.mark.parametrize(
    "text",
    [
        f"{PROSE}\n{PROSE}\nShort.\n{PROSE}",
        "Roses are red\nviolets are blue\nsugar is sweet\nand so are you\nand so is he",
        "One line.",
        "",
        f"{PROSE}\n\n{PROSE}\n\n{PROSE}\n\n{PROSE}\n\n{PROSE}",
    ],
)
def test_a_text_with_a_line_for_each_paragraph_is_left_alone(text: str) -> None:
    assert not is_wrapped(text.split("\n"))


# The cut -----------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "line",
    [
        *[
            "Comments (0)",
            "0 comments",
            "Share",
            "SHARE THIS ARTICLE",
            "Read more »",
            "Home | News | Sport",
            "Page 3 of 5",
        ],
        *["© 2026 The Lantern", "Tags: tides, harbours", "ความคิดเห็น (0)", "แชร์", "อ่านเพิ่มเติม", "หน้า ๓", "12"],
        *["Bình luận (12)", "Xem thêm:", "Trang chủ › Thế giới › Biển", "Chia sẻ", "Từ khóa: thủy triều"],
    ],
)
def test_what_stands_round_an_article_is_proposed_to_be_left_out(line: str) -> None:
    assert is_furniture(line)
    assert proposed([(line, TEXT), (PROSE, TEXT)]) == [
        DraftParagraph(text=line, kind=LEFT_OUT),
        DraftParagraph(text=PROSE, kind=TEXT),
    ]


@pytest.mark.parametrize(
    "line",
    [
        *[
            "Share prices fell on Thursday.",
            "Home is where the harbour is.",
            "Comments were few.",
            "She said: “No comment”.",
        ],
        *["แชร์ประสบการณ์ให้ฟังว่าเคยมีอุบัติเหตุ", "- Ông nói: “Không ai chết đuối vì một con số”.", "Trang web này đã đóng."],
    ],
)
def test_words_of_the_article_are_not(line: str) -> None:
    assert not is_furniture(line)


@pytest.mark.parametrize(
    "line", ["Photo: J. Moss", "Ảnh: TTXVN", "ภาพ: สำนักข่าวไทย", "Ines Aldana, with pilots. Photo: J. Moss"]
)
def test_captions_are_proposed(line: str) -> None:
    assert is_caption(line)
    assert not is_caption("The photo: it hung there for years, and nobody looked at it any more before that day.")


def test_a_menu_at_either_end_is_left_out_and_a_short_title_is_not() -> None:
    lines = ["World", "Coast", "Money", "Weather today", "Tides agreed", PROSE, "Coast", "Sea", "Land", "Air"]
    kinds = [row["kind"] for row in proposed([(line, TEXT) for line in lines])]
    assert kinds[5] == TEXT
    assert set(kinds[6:]) == {LEFT_OUT}
    lines = ["Tides agreed for nine harbours", "By Ann Moss", "Pellmere", PROSE]
    assert {row["kind"] for row in proposed([(line, TEXT) for line in lines])} == {TEXT}


def rows() -> list[DraftParagraph]:
    """Return three paragraphs."""
    return [DraftParagraph(text=text, kind=TEXT) for text in ("One. Two.", "Three.", "ไม่มี น้ำ")]


def texts(paragraphs: list[DraftParagraph]) -> list[str]:
    """Return the texts of paragraphs."""
    return [row["text"] for row in paragraphs]


def test_paragraphs_are_joined_split_marked_and_rewritten() -> None:
    assert texts(cut.join_paragraph(rows(), 2)) == ["One. Two. Three.", "ไม่มี น้ำ"]
    assert texts(cut.split_paragraph(rows(), 1, 5)) == ["One.", "Two.", "Three.", "ไม่มี น้ำ"]
    assert cut.mark_paragraph(rows(), 3, CAPTION)[2]["kind"] == CAPTION
    assert texts(cut.rewrite_paragraph(rows(), 2, "Three and\n\na half.\n")) == [
        "One. Two.",
        "Three and",
        "a half.",
        "ไม่มี น้ำ",
    ]
    assert texts(cut.rewrite_paragraph(rows(), 2, " ")) == ["One. Two.", "ไม่มี น้ำ"]
    assert cut.split_places("One. Two.") == [5]
    assert cut.split_places("ไม่มี น้ำ") == [6]


@pytest.mark.parametrize(
    ("correction", "values"),
    [
        *[
            (cut.join_paragraph, (1,)),
            (cut.join_paragraph, (4,)),
            (cut.split_paragraph, (1, 0)),
            (cut.split_paragraph, (1, 9)),
            (cut.split_paragraph, (4, 1)),
        ],
        *[
            (cut.split_paragraph, (3, 2)),
            (cut.mark_paragraph, (0, TEXT)),
            (cut.mark_paragraph, (1, "poem")),
            (cut.rewrite_paragraph, (9, "x")),
        ],
    ],
)
def test_a_correction_that_fits_nothing_is_refused(correction: object, values: tuple[object, ...]) -> None:
    with pytest.raises(WrongPlace):
        correction(rows(), *values)  # type: ignore[operator]


def test_the_whole_text_can_be_typed_and_comes_back_the_same() -> None:
    paragraphs = [DraftParagraph(text=f"- A {kind}.", kind=kind) for kind in (HEADING, TEXT, CAPTION, LEFT_OUT)]
    assert cut.lines_of(paragraphs) == "[h] - A heading.\n- A text.\n[c] - A caption.\n[x] - A left_out."
    assert cut.typed_paragraphs(cut.lines_of(paragraphs)) == paragraphs
    assert cut.text_of(paragraphs) == "- A heading.\n- A text.\n- A caption."
    assert cut.numbers_of([paragraphs[3], *paragraphs], CAPTION) == [3]


# Guesses -----------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("text", "language"),
    [
        (PROSE, "en"),
        ("นายกสมาคมกล่าวกับ Lantern Coast Association ว่า", "th"),
        ("Bà Hạnh cho biết bảng thủy triều chung sẽ giúp tàu vào cảng.", "vi"),
        ("Le port a été fermé, et les pilotes qui sont dans la rade ne sont pas contents de la décision.", "fr"),
        ("2026 – 14:30", ""),
        ("", ""),
    ],
)
def test_the_language_is_told_by_script_and_common_words(text: str, language: str) -> None:
    assert guess_language(text) == language


@pytest.mark.parametrize(
    ("line", "language", "date", "buddhist"),
    [
        ("14 May 2026, 08:00", "en", "2026-05-14", 0),
        ("Published May 14th, 2026", "en", "2026-05-14", 0),
        ("2026-05-14", "en", "2026-05-14", 0),
        ("Thứ Năm, ngày 14 tháng 5 năm 2026", "vi", "2026-05-14", 0),
        ("14/5/2026 | 08:30", "vi", "2026-05-14", 0),
        ("วันที่ ๑๔ พฤษภาคม พ.ศ. ๒๕๖๙", "th", "2026-05-14", 2569),
        ("14 พ.ค. 69 - 10:30 น.", "th", "2026-05-14", 2569),
        ("14 พฤษภาคม 2569", "th", "2026-05-14", 2569),
    ],
)
def test_dates_are_found_and_buddhist_years_said(line: str, language: str, date: str, buddhist: int) -> None:
    [each] = dates_in(line, language)
    assert (each.date, each.buddhist_year) == (date, buddhist)
    assert each.printed in line


@pytest.mark.parametrize("line", ["05/06/2026", "31 February 2026", "May 2026", "1234567-12-12", "In 14 mayors 2026"])
def test_what_is_no_day_is_not_proposed(line: str) -> None:
    assert list(dates_in(line, "en")) == []


def test_a_date_of_publication_stands_in_a_short_line_at_an_end() -> None:
    inside = DraftParagraph(text=f"{PROSE} That was on 1 May 2020.", kind=TEXT)
    ends = [
        DraftParagraph(text="Pellmere, 14 May 2026", kind=TEXT),
        inside,
        DraftParagraph(text="Updated 15 May 2026", kind=TEXT),
    ]
    assert [each.date for each in found_dates(ends, "en")] == ["2026-05-14", "2026-05-15"]


def test_the_title_is_the_one_that_is_printed() -> None:
    page = [DraftParagraph(text="Tides agreed for nine harbours", kind=TEXT), DraftParagraph(text=PROSE, kind=TEXT)]
    assert guess_title(page, "Tides agreed for nine harbours - The Lantern") == "Tides agreed for nine harbours"
    assert guess_title(page, "Quite another title") == "Quite another title"
    assert guess_title(page, "") == "Tides agreed for nine harbours"
    assert guess_title([page[1], page[0]], "") == ""
