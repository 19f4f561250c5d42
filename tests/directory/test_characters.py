"""Which characters a text may hold, which letters it has, and what is said of one that may not stand there."""

# ruff: noqa: E501  the tables hold whole sentences
from __future__ import annotations

import sys
import time
import unicodedata

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from base.text.characters import UNSEEN, TextKind, fault_of, is_seen, storable, tidied
from base.text.letters import clusters, cut_letter, is_inside_letter, place_of_words

LINE, LINES, WORDS, SOURCE = TextKind.LINE, TextKind.LINES, TextKind.WORDS, TextKind.SOURCE

NOWHERE = [
    "a\0b",
    "a\x07b",
    "a\x0cb",
    "a\x1bb",
    "a\x7fb",
    "a\x85b",
    "a\x9fb",
    "a\ufffeb",
    "a\ufdd0b",
    "a\U0001ffffb",
    "a\ud800b",
]
NOT_IN_OURS = [
    *(
        "a\u200bb",
        "a\u2060b",
        "a\ufeffb",
        "a\u00adb",
        "a\u034fb",
        "a\u180eb",
        "a\u3164b",
        "a\uffa0b",
        "a\u115fb",
        "a\ufff9b",
    ),
    *(
        "a\u200cb",
        "a\u200db",
        "ก\u200dข",
        "a\ufe0fb",
        "1\ufe0fb",
        "a\U000e0041b",
        "\U0001f3f4\U000e0061\U000e0062\U000e007f",
    ),
    *("a\u200eb", "a\u200fb", "a\u061cb", "a\u202eb", "a\u202ab\u202c", "a\u2066b\u2069", "a\u2028b", "a\u2029b"),
]
RIGHT = [
    *("Ann Lee", "น้ำ ๆ", "Bùi Việt Hà", "نمی\u200cخواهم", "১৪৪৭ ه\u200d", "क्\u200dष", "ශ්\u200dරී", "葛\U000e0100城", "👩\u200d🔬", "👨🏽\u200d💻", "❤\ufe0f"),
    *("1\ufe0f\u20e3", "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f", "a\u00a0b", "東京\u3000都", "🇹🇭", "שלום"),
]  # fmt: skip


@pytest.mark.parametrize("kind", TextKind)
@pytest.mark.parametrize("text", NOWHERE, ids=ascii)
def test_what_cannot_be_kept_stands_nowhere(text: str, kind: TextKind) -> None:
    fault = fault_of(tidied(text, kind), kind)
    assert fault is not None
    assert f"U+{ord(text[1]):04X}" in fault.wrong
    assert "at character 2, after “a”" in fault.wrong


@pytest.mark.parametrize("text", NOT_IN_OURS, ids=ascii)
def test_what_nobody_sees_stands_in_no_text_of_ours(text: str) -> None:
    for kind in (LINE, LINES):
        assert fault_of(tidied(text, kind), kind) is not None
    assert fault_of(tidied(text, SOURCE), SOURCE) is None, "a source is kept as it is"


@pytest.mark.parametrize("text", RIGHT)
@pytest.mark.parametrize("kind", TextKind)
def test_what_letters_and_emoji_need_may_stand_there(text: str, kind: TextKind) -> None:
    assert fault_of(text, kind, required=True) is None
    assert tidied(text, kind) == text


@pytest.mark.parametrize(
    ("text", "kind", "sentence"),
    [
        ("a\nb", LINE, "It holds a line break at character 2, after “a”. Write it in one line."),
        ("a\r\nb", LINE, "It holds a line break at character 2, after “a”. Write it in one line."),
        ("\ta", LINE, "It holds a tab at character 1. Write a blank instead."),
        ("ab\n c\u200bd", LINES, "It holds a zero width space (U+200B) in line 2 at character 3, after “c”, which nobody sees. Take it out."),
        ("a\u2028b", LINES, "It holds a line separator (U+2028) at character 2, after “a”, which few programs take for the end of a line. Write a line break instead."),
        ("a\u202eb", LINE, "It holds a right-to-left override (U+202E) at character 2, after “a”, which nobody sees and which turns the direction of text. Take it out; browsers find the direction by themselves."),
        ("a\ud800", LINE, "It holds half a character (U+D800) at character 2, after “a”, which cannot be kept. Save it as UTF-8."),
        ("a\uffff", LINE, "It holds U+FFFF at character 2, after “a”, which is no character. Take it out."),
        ("a\x07", WORDS, "It holds a control character (U+0007) at character 2, after “a”, which cannot be kept. Take it out."),
        ("\u0e48ไป", WORDS, "It begins inside a letter, with “\u0e48” (U+0E48 THAI CHARACTER MAI EK). Copy the letter whole."),
    ],
)  # fmt: skip
def test_the_sentence_names_place_and_character(text: str, kind: TextKind, sentence: str) -> None:
    assert str(fault_of(tidied(text, kind), kind)) == sentence


@pytest.mark.parametrize("text", ["a\nb\n", "a\tb", "a\r\nb", "a\rb"])
def test_several_lines_have_line_feeds_and_tabs(text: str) -> None:
    kept = tidied(text, LINES)
    assert fault_of(kept, LINES) is None
    assert "\r" not in kept


@pytest.mark.parametrize(
    ("words", "right"),
    [
        ("a\u200bb", True),
        ("a\u200eb", True),
        ("\u2067שלום\u2069 a", True),
        ("\u202bשלום\u202c a", True),
        ("a\u2067b", False),
        ("a\u2069b", False),
        ("\u202b\u2067a\u202c\u2069", False),
        ("\u202eab\u202c", False),
    ],
)
def test_printed_words_do_not_turn_what_stands_round_them(words: str, right: bool) -> None:
    assert (fault_of(words, WORDS) is None) is right


@pytest.mark.parametrize(
    "text", [" ", "\u00a0", "\u3000", "\u200b", "\u200b \u2060", "\u2800", "\u3164", "\ufe0f", "\U000e0041"]
)
def test_a_text_of_which_nothing_is_seen_is_no_text(text: str) -> None:
    assert not is_seen(text)
    for kind in TextKind:
        kept = tidied(text, kind)
        assert (
            not kept or str(fault_of(kept, kind, required=True)) == "It holds nothing that can be seen. Write the text."
        )


def test_texts_of_ours_are_kept_composed_and_printed_ones_as_they_are() -> None:
    apart = unicodedata.normalize("NFD", "Bùi Việt Hà")
    assert [tidied(apart, kind) for kind in TextKind] == ["Bùi Việt Hà", "Bùi Việt Hà", apart, apart]


def test_unseen_characters_are_those_of_unicode() -> None:
    ignorable = regex.compile(r"[\p{Default_Ignorable_Code_Point}\ufff9-\ufffb]")
    ours = regex.compile(f"[{UNSEEN}]")
    every = [chr(code) for code in range(sys.maxunicode + 1)]
    assert [hex(ord(sign)) for sign in every if bool(ours.match(sign)) != bool(ignorable.match(sign))] == []


def test_no_character_passes_because_it_counts_as_printable() -> None:
    ignorable = regex.compile(r"\p{Default_Ignorable_Code_Point}")
    passed = [
        code
        for code in range(sys.maxunicode + 1)
        if ignorable.match(chr(code)) and fault_of(f"a{chr(code)}b", LINE) is None
    ]
    assert [hex(code) for code in passed] == []


@given(st.text(st.characters()))
def test_what_is_storable_can_be_written_as_xml(text: str) -> None:
    kept = storable(text)
    assert regex.fullmatch(r"[\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]*", kept)


@given(
    st.text(st.one_of(st.characters(), st.sampled_from("ก\u0e48\u0e33เ\u200d👩🏽\u0301e\n\r🇹🇭क\u094d")), max_size=40)
)
def test_letters_are_those_of_unicode(text: str) -> None:
    assert clusters(text) == regex.findall(r"\X", text)
    ends = [0]
    for letter in clusters(text):
        ends.append(ends[-1] + len(letter))
    assert [place for place in range(len(text) + 1) if not is_inside_letter(text, place)] == ends


def test_words_are_whole_letters() -> None:
    text = "คุณไม่ไป แล้วไม"
    assert place_of_words(text, "ไม") == text.rindex("ไม")
    assert place_of_words("นำ", "น") == -1, "SARA AM belongs to its consonant"
    assert place_of_words("เก", "ก") == 1, "a vowel that is written before its consonant is a letter of its own"
    assert cut_letter(text, 0, text.index("ไม่") + 2) == "ม่"


@pytest.mark.parametrize("letter", ["ม่", "👩\u200d", "\U0001f1f9", "e\u0301", "क्"])
def test_the_cost_grows_with_the_length_alone(letter: str) -> None:
    text = letter * 20_000
    begin = time.perf_counter()
    place_of_words(text, letter[0])
    for kind in TextKind:
        fault_of(tidied(text, kind), kind, required=True)
    assert time.perf_counter() - begin < 3
