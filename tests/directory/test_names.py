"""Folding, sorting and slugs: what makes a name findable in any script, however it was typed."""

import random
import re
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from base.text.language_tags import validate_language
from base.text.names import (
    SLUG_LENGTH,
    fold,
    fold_letters,
    loose,
    new_uid,
    random_key,
    slug_from,
    sort_key,
    without_signs,
)
from base.text.search_column import search_column, short_words
from base.text.signs import divided_words
from directory.models import Person
from tests import factories as make

NIKHAHIT, SARA_AA, SARA_AM, MAI_EK, MAI_THO = "\u0e4d", "\u0e32", "\u0e33", "\u0e48", "\u0e49"

FOLDED = [
    # Vietnamese: marks and đ go, whichever way they are composed.
    ("Nguyễn", "nguyen"),
    ("Đặng Hoàng Giang", "dang hoang giang"),
    ("ĐẶNG HOÀNG GIANG", "dang hoang giang"),
    ("Ngô Phương Lan", "ngo phuong lan"),
    ("Trần Thị Ước", "tran thi uoc"),
    ("Nguyễn Hoàng Nguyên", "nguyen hoang nguyen"),
    ("Nguyễn Anh Tuấn", "nguyen anh tuan"),
    ("Liên hoan phim châu Á Đà Nẵng", "lien hoan phim chau a da nang"),
    (unicodedata.normalize("NFD", "Đặng Hoàng Giang"), "dang hoang giang"),
    ("Nguye\u0302\u0303n", "nguyen"),
    ("Nguye\u0303\u0302n", "nguyen"),
    ("\u01a0", "o"),
    ("O\u031b", "o"),
    # Thai: vowels and tones stay.
    ("ดัง ฮวง ซาง", "ดัง ฮวง ซาง"),
    ("ถั่น ฮา", "ถั่น ฮา"),
    ("โทนี่ บุย", "โทนี่ บุย"),
    ("โทนี บุย", "โทนี บุย"),
    ("แองเจลา แคสติ้ง", "แองเจลา แคสติ้ง"),
    ("เม็ก มอนตาญีโน", "เม็ก มอนตาญีโน"),
    ("อันห์", "อันห์"),
    # SARA AM, in every order in which it is typed.
    ("ท" + SARA_AM, "ทำ"),
    ("ท" + NIKHAHIT + SARA_AA, "ทำ"),
    ("น" + MAI_THO + SARA_AM, "น้ำ"),
    ("น" + NIKHAHIT + MAI_THO + SARA_AA, "น้ำ"),
    ("น" + MAI_THO + NIKHAHIT + SARA_AA, "น้ำ"),
    ("ค" + MAI_EK + SARA_AM, "ค่ำ"),
    ("ค" + NIKHAHIT + MAI_EK + SARA_AA, "ค่ำ"),
    # SARA AE typed as two SARA E.
    ("เเสง", "แสง"),
    ("เเองเจลา", "แองเจลา"),
    # Digits of any script.
    ("๒๕๖๘", "2568"),
    ("ครบรอบ ๓๐ ปี", "ครบรอบ 30 ปี"),
    ("٣", "3"),
    ("①", "1"),
    # What nobody sees.
    ("โง\u200bฟอง", "โงฟอง"),
    ("Ngo\u200d Lan\ufeff", "ngo lan"),
    ("co\u00adoperation", "cooperation"),
    ("\u2060Tony\u200c", "tony"),
    ("\u200eTony Bui\u200f", "tony bui"),
    ("\u202aTony\u202c \u2066Bui\u2069", "tony bui"),
    ("Tony\ufe0f", "tony"),
    # Width, case, ligatures, spaces.
    ("ＡＩＷＳ Ｆｉｌｍ", "aiws film"),
    ("AIWS", "aiws"),
    ("Straße", "strasse"),
    ("ﬁlm oﬃce", "film office"),
    ("Œuvre Ærø", "oeuvre aero"),
    ("İstanbul ısı", "istanbul isi"),
    ("Łódź", "lodz"),
    ("Σίσυφος", "σισυφοσ"),
    ("Фёдор Й", "федор и"),
    ("  Tony \t\n  Bui ", "tony bui"),
    ("Tony\u00a0\u3000Bui", "tony bui"),
    ("", ""),
    ("\u200b \u0301", ""),
    ("🎬", "🎬"),
]


@pytest.mark.parametrize(("text", "folded"), FOLDED)
def test_fold(text: str, folded: str) -> None:
    assert fold(text) == folded


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ดัง", "ดาง"),
        ("โทนี", "โทนี่"),
        ("ทา", "ทำ"),
        ("เสง", "แสง"),
        ("น้ำ", "น่ำ"),
        ("Lan", "Land"),
        ("อัน", "อันห์"),
        ("ลาน", "ล้าน"),
    ],
)
def test_different_names_stay_different(one: str, other: str) -> None:
    assert fold(one) != fold(other)


TRICKY = st.text(
    st.one_of(
        st.characters(),
        st.characters(min_codepoint=0x0E00, max_codepoint=0x0E7F),
        st.characters(min_codepoint=0x0300, max_codepoint=0x036F),
        st.sampled_from("đĐơưễ\u0345\u03b9İßﬃ\u200b\u00ad๏" + NIKHAHIT + SARA_AA + SARA_AM + MAI_EK + MAI_THO),
    ),
    max_size=30,
)


@given(TRICKY)
@example(MAI_EK + NIKHAHIT + MAI_THO + SARA_AA)
@example("เ\u200bเ\u200bเ")
@example(NIKHAHIT + "\u200b" + SARA_AA)
@example("\u0345A\u0345")
def test_folding_again_changes_nothing_and_the_result_is_nfc(text: str) -> None:
    folded = fold(text)
    assert fold(folded) == folded
    assert unicodedata.normalize("NFC", folded) == folded
    assert folded == folded.strip()


@given(TRICKY)
def test_composition_does_not_matter(text: str) -> None:
    forms = {fold(unicodedata.normalize(form, text)) for form in ("NFC", "NFD", "NFKC", "NFKD")}
    assert forms == {fold(text)}


def test_thai_sorts_as_in_a_dictionary() -> None:
    """The order of the Royal Institute Dictionary: by consonant first, then by the vowel, leading or not."""
    words = ["กา", "เก", "แก", "โก", "ขา", "เข", "คน", "งาน", "เงิน", "ดัง", "แดง", "โทนี่", "นาซลี", "แพร", "ไมเคิล", "ลาน"]
    shuffled = random.Random(1).sample(words, len(words))
    assert sorted(shuffled, key=sort_key) == words


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("แองเจลา", "อแงจเลา"),
        ("เเสง", "สแง"),
        ("“Đặng”, Hoàng", "dang hoang"),
        ("น้ำ", "น้ำ"),
        ("เ", "เ"),
        ("", ""),
        ("!!!", ""),
        ("a" * 500, "a" * 200),
    ],
)
def test_sort_key(name: str, key: str) -> None:
    assert sort_key(name) == key


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Ngô Phương Lan", "ngo-phuong-lan"),
        ("Đặng Hoàng Giang", "dang-hoang-giang"),
        ("  Tony / Bui  ", "tony-bui"),
        ("AIWS Film Park", "aiws-film-park"),
        ("-_-", ""),
        ("", ""),
        ("\u200b", ""),
    ],
)
def test_slug_from(name: str, slug: str) -> None:
    assert slug_from(name) == slug


@given(st.text(max_size=600))
def test_a_slug_fits_an_address(name: str) -> None:
    slug = slug_from(name)
    assert len(slug) <= SLUG_LENGTH
    assert slug == slug.strip("-_")
    assert set(slug) <= set("abcdefghijklmnopqrstuvwxyz0123456789-_")


def test_long_slugs_end_with_a_whole_word() -> None:
    assert slug_from("film " * 60) == "film-" * 15 + "film"
    assert slug_from("a" * 300) == "a" * SLUG_LENGTH


@pytest.mark.django_db
@pytest.mark.parametrize(
    "name", ["ภาพยนตร์", "ก" * 300, "ก" * 500, "🎬🎥", "\u0e48", "Ω" * 300, "။", "﷽", "!!!", "💩" * 500, "中" * 500]
)
def test_an_id_is_never_empty_and_never_another_records(name: str) -> None:
    ids = [make.make_person(name).slug for _time in range(3)]
    assert all(ids)
    assert len(set(ids)) == 3
    for person in Person.objects.all():
        person.full_clean()
        assert person.name == name


@pytest.mark.django_db
def test_numbers_keep_equal_names_apart() -> None:
    assert [make.make_person("โง ฟอง ลาน").slug for _time in range(3)] == [
        slug_from("โง ฟอง ลาน"),
        slug_from("โง ฟอง ลาน") + "-2",
        slug_from("โง ฟอง ลาน") + "-3",
    ]


def test_random_keys_are_random_and_fit_an_address() -> None:
    keys = {new_uid() for _time in range(1000)}
    assert len(keys) == 1000
    assert {len(key) for key in keys} == {12}
    assert set("".join(keys)) <= set("0123456789bcdfghjkmnpqrstvwxyz")
    assert len(random_key()) == 8


@pytest.mark.parametrize("tag", ["th", "vi", "en", "en-US", "zh-Hant", "zh-Hant-TW", "vi-Latn", "es-419", "kmr"])
def test_language_tags(tag: str) -> None:
    validate_language(tag)


@pytest.mark.parametrize("tag", ["", "Thai", "t", "en_US", "EN", "th ", "english", "en-us", '"><b', "ไทย"])
def test_what_is_no_language_tag(tag: str) -> None:
    with pytest.raises(Exception, match="BCP 47"):
        validate_language(tag)


def fold_in_full(text: str) -> str:
    """Fold without any short cut: what `fold` has to give for every text."""
    unseen = {
        *range(0x180B, 0x180F),
        *range(0x200B, 0x2010),
        *range(0x202A, 0x202F),
        *range(0x2060, 0x2070),
        *range(0xFE00, 0xFE10),
    }
    letters = dict.fromkeys(unseen | {0xAD, 0x61C, 0xFEFF}) | str.maketrans("đðłøıħŧ", "ddloiht")
    letters |= str.maketrans({"æ": "ae", "œ": "oe"})
    text = unicodedata.normalize("NFKD", text.casefold()).casefold()
    text = unicodedata.normalize("NFKD", text).translate(letters)
    text = re.sub("[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]", "", text)
    text = re.sub("\u0e4d([\u0e48-\u0e4b]?)\u0e32", "\\1\u0e33", text)
    text = re.sub("([\u0e48-\u0e4b])\u0e4d\u0e32", "\\1\u0e33", text).replace("\u0e40\u0e40", "\u0e41")
    text = re.sub(r"(?![0-9])\d", lambda found: str(unicodedata.decimal(found[0])), text)
    return unicodedata.normalize("NFC", re.sub(r"\s+", " ", text).strip())


@given(TRICKY | st.text("aZ09 \t\x1c\x1f\x85\xa0đĐðøŁıİħæŒßสำ้ําเ่๒٣①\u200b\u0301\ufeffể", max_size=20))
@example("a\x1cb\x1fc ")
@example("Đường ĐẾN")
@example("0\x85\u0e47")
def test_short_cuts_of_folding_change_nothing(text: str) -> None:
    assert fold_letters(text) == fold_in_full(text)
    divided = divided_words(fold_letters(text))
    short = short_words(text)
    lines = [fold(text), "ที่", divided, short, loose(text), "ที", without_signs(divided), without_signs(short)]
    assert search_column([text, "ที่"]) == "\n".join(dict.fromkeys(f" {line.strip()} " for line in lines if line))
