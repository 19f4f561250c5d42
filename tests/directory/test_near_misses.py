"""What is said of words that a text nearly has: where they differ, and by which characters."""

# ruff: noqa: E501  the tables hold whole sentences

from __future__ import annotations

import random
import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from base.text.near_misses import LONGEST_TEXT, LONGEST_WORDS, differences, near_miss

TEXT = "She said: “It’s Sean O’Brien’s café — a very  good\u00a0one.” ไม่ใช่หนังต่าง ๆ ของ Bùi Việt Hà"
MISSES = {
    "It's Sean": ["3 ’ '"],
    '"It’s Sean': ['1 “ "'],
    "cafe\u0301 — a": ["4 é e\u0301"],
    "café - a very": ["6 — -"],
    "very good\u00a0one": ["6   +"],
    "very  good one": ["11 \u00a0  "],
    "Very  good": ["1 v V"],
    "very  god": ["9 o +"],
    "very  goood\u00a0one": ["10 + o"],
    "Sean O’Brian": ["11 e a"],
    "Sean Brien": ["6 O’ +"],
    "O\u200b’Brien": ["2 + \u200b"],
    "ไม่ใช่หนงต่าง": ["8 นั น"],
    "ไมใช่หนัง": ["2 ม่ ม"],
    "หนังต่างๆ": ["9   +"],
    "Bùi Viêt Hà": ["7 ệ ê"],
    "Bùi Việt Hà!": ["12 + !"],
    "of Bùi Việt": ["1 อง of"],
    unicodedata.normalize("NFD", "Việt Hà"): ["3 ệ e\u0323\u0302", "9 à a\u0300"],
}


@pytest.mark.parametrize("words", MISSES)
def test_differences_are_found_with_their_place(words: str) -> None:
    """Each is the place in the words, what is printed and what was typed; + stands for nothing."""
    told = [f"{one.place} {one.printed or '+'} {one.typed or '+'}" for one in differences(words, TEXT)]
    assert told == MISSES[words]


@pytest.mark.parametrize(
    "words", ["", "It’s Sean", "Something else was said.", "x", "ของเรา", "zzzzzzzzzzzzzzzz", TEXT * 3]
)
def test_words_that_are_there_or_far_from_it_are_no_near_misses(words: str) -> None:
    assert differences(words, TEXT) == []
    assert near_miss(words, TEXT) == ""


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("It's Sean", "At character 3 “’” (U+2019 RIGHT SINGLE QUOTATION MARK) is printed, and you typed “'” (U+0027 APOSTROPHE)."),
        ("very good\u00a0one", "At character 6 (U+0020 SPACE) is printed, which you left out."),
        ("Bùi Việt Hà!", "At character 12 you typed “!” (U+0021 EXCLAMATION MARK), which is not printed there."),
        ("cafe\u0301 —", "At character 4 the letter is made of “é” (U+00E9 LATIN SMALL LETTER E WITH ACUTE), and you typed “e\u0301” (U+0065 U+0301)."),
        ("ไม", "The words begin or end inside the letter “ม่” (U+0E21 U+0E48)."),
    ],
)  # fmt: skip
def test_the_sentence_names_both_characters(words: str, sentence: str) -> None:
    assert near_miss(words, TEXT) == sentence


def test_many_differences_are_counted_and_not_listed() -> None:
    printed = "O’Neill, O’Brien, O’Hara, O’Shea and O’Connor"
    sentence = near_miss(printed.replace("’", "'"), printed)
    assert sentence.count("U+2019") == 3
    assert sentence.endswith("; and at 2 more places.")


def test_a_long_text_is_looked_at_round_the_words() -> None:
    text = f"{'Other words stand here. ' * 10_000}She said that it is so.{' And others follow.' * 1_000}"
    assert len(text) > 2 * LONGEST_TEXT
    assert [(one.printed, one.typed) for one in differences("She said that is is so.", text)] == [
        ("it", "is")
    ] or differences("She said that is is so.", text)[0].place == 16


@given(st.text(max_size=30), st.text(max_size=60))
def test_any_two_texts_can_be_compared(words: str, text: str) -> None:
    for one in differences(words, text):
        assert words[one.place - 1 :].startswith(one.typed)
        assert one.printed in text
    near_miss(words, text)


HOSTILE = {
    "one letter": ("a" * LONGEST_WORDS, ("a" * (LONGEST_WORDS - 1) + "c") * 5),
    "two letters": ("ab" * 4_900 + "c", "ba" * 25_000),
    "signs on a letter": ("e" + "\u0301" * 9_900, "f" + "\u0301" * 49_000),
    "joined": ("👩\u200d" * 4_900 + "x", "👩\u200d" * 24_000),
    "flags": ("\U0001f1f9" * 9_000 + "x", "\U0001f1f9" * 49_000),
    "blanks": (" " * 9_900 + "x", " " * 49_000),
    "nothing seen": ("\u200b" * 9_900 + "x", "y" + "\u200b" * 49_000),
    "differences everywhere": ("a " * 4_900, "a  " * 16_000),
    "a difference now and then": (("a" * 8 + "b") * 1_100, ("a" * 8 + "c") * 5_500),
    "by chance": tuple("".join(random.Random(n).choices("ab", k=size)) for n, size in ((1, 10_000), (2, 50_000))),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_the_cost_is_bounded(name: str) -> None:
    """A tenth of a second on a machine at rest; ten times that here, where others may be at work."""
    words, text = HOSTILE[name]
    begin = time.process_time()
    differences(words, text)
    assert time.process_time() - begin < 1
