"""Sources and passages: where paragraphs lie, which spans are refused, and what a passage proves."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from base.records.provenance import sha256_of
from directory.models import Passage, Source
from directory.models.sources import PassageCheck, paragraph_spans
from tests import factories as make

TEXT = "หนึ่ง\n\n  \nTwo words.\n\u200b\nสาม 🎬 ที่\n"


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("", []),
        ("\n\n \n", []),
        ("One", [[0, 3]]),
        ("One\n", [[0, 3]]),
        ("\nOne\nTwo", [[1, 3], [5, 3]]),
        ("One\r\nTwo", [[0, 4], [5, 3]]),
        ("  One  \n", [[0, 7]]),
        ("🎬\nน้ำ", [[0, 1], [2, 3]]),
        ("\u200b\nOne\n\ufeff", [[2, 3]]),
        ("\u2028One\u2029Two", [[0, 8]]),
        (TEXT, [[0, 5], [10, 10], [23, 9]]),
    ],
)
def test_paragraph_spans(text: str, spans: list[list[int]]) -> None:
    assert paragraph_spans(text) == spans


@given(st.text(st.one_of(st.sampled_from("\n\r ก้ำ\u200b"), st.characters()), max_size=80))
def test_paragraphs_hold_everything_that_can_be_seen(text: str) -> None:
    spans = paragraph_spans(text)
    held = [text[start : start + length] for start, length in spans]
    assert held == [line for line in text.split("\n") if line in held]
    assert all(line and "\n" not in line for line in held)
    source = Source(paragraphs=spans)
    for number, (start, length) in enumerate(spans, 1):
        assert source.paragraph_of(start, start + length) == number
        assert source.paragraph_of(start, start + length + 1) is None


def test_paragraph_of_refuses_what_is_empty_or_backwards() -> None:
    source = Source(paragraphs=[[0, 5], [7, 5]])
    assert [source.paragraph_of(*span) for span in ((0, 5), (2, 3), (7, 12), (8, 9))] == [1, 1, 2, 2]
    assert [source.paragraph_of(*span) for span in ((0, 0), (3, 2), (4, 6), (5, 7), (0, 12), (12, 13))] == [None] * 6


def passage_of(source: Source, **columns: Any) -> Passage:
    """Return an unsaved passage of the second paragraph, as a form would build it."""
    span = {"paragraph": 2, "start": 10, "end": 20, "sha256": sha256_of(TEXT[10:20]), **columns}
    return Passage(source=source, uid="x", **span)


def stored() -> Source:
    """Make a source whose text is stored."""
    return make.make_source(text=TEXT)


def known() -> Source:
    """Make a source of which only measures are known, as a fixture leaves it."""
    source = stored()
    source.text = ""
    source.save()
    return source


@pytest.mark.django_db
@pytest.mark.parametrize("source", [stored, known])
def test_clean_takes_what_is_right(source: Any) -> None:
    passage_of(source()).full_clean()


@pytest.mark.django_db
@pytest.mark.parametrize("source", [stored, known])
@pytest.mark.parametrize(
    ("wrong", "field", "message"),
    [
        ({"end": 21}, "end", "No paragraph of this source holds all of 10–21."),
        ({"start": 0}, "end", "No paragraph of this source holds all of 0–20."),
        ({"start": 9}, "end", "No paragraph of this source holds all of 9–20."),
        ({"end": 9999}, "end", "No paragraph of this source holds all of 10–9999."),
        ({"paragraph": 1}, "paragraph", "10–20 lies in paragraph 2."),
        ({"paragraph": 99}, "paragraph", "10–20 lies in paragraph 2."),
        ({"start": 20}, "__all__", "A passage ends after it starts."),
        ({"start": 15, "end": 12}, "__all__", "A passage ends after it starts."),
        ({"start": -1}, "start", "Ensure this value is greater than or equal to 0."),
        ({"sha256": "F" * 64}, "sha256", "A SHA-256 is 64 hexadecimal digits in lower case."),
        ({"sha256": "f" * 63}, "sha256", "A SHA-256 is 64 hexadecimal digits in lower case."),
    ],
)
def test_clean_refuses(source: Any, wrong: dict[str, Any], field: str, message: str) -> None:
    with pytest.raises(ValidationError) as refused:
        passage_of(source(), **wrong).full_clean()
    assert message in refused.value.message_dict[field]


@pytest.mark.django_db
def test_clean_compares_the_hash_only_where_the_text_is_stored() -> None:
    wrong = {"sha256": sha256_of("Other words.")}
    passage_of(known(), **wrong).full_clean()
    with pytest.raises(ValidationError) as refused:
        passage_of(stored(), **wrong).full_clean()
    assert refused.value.message_dict == {"sha256": ["The stored text has other words there than this SHA-256 says."]}


@pytest.mark.django_db
def test_examine() -> None:
    passage = passage_of(known())
    assert passage.examine(TEXT) == PassageCheck.VERIFIED
    assert passage.examine(TEXT.replace("Two", "two")) == PassageCheck.CHANGED
    assert passage.examine("") == PassageCheck.CHANGED
    assert passage.examine("x" + TEXT) == PassageCheck.CHANGED


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("words", "by_hash", "by_text"),
    [
        ("Two words.", True, True),
        ("Two words", False, True),
        ("words", False, True),
        ("two words.", False, False),
        ("Two  words.", False, False),
        ("Two words.\u200b", False, False),
        ("หนึ่ง", False, False),
        ("Two words.\n", False, False),
        ("", False, False),
    ],
)
def test_proves(words: str, by_hash: bool, by_text: bool) -> None:
    assert passage_of(known()).proves(words) is by_hash
    assert passage_of(stored()).proves(words) is by_text


@pytest.mark.django_db
def test_a_stored_text_that_no_longer_matches_proves_nothing() -> None:
    source = stored()
    source.text = TEXT.replace("Two words", "Two worms")
    assert not passage_of(source).proves("Two worms")
    assert not passage_of(source).proves("worms")
    assert passage_of(source).proves("Two words.")  # by its SHA-256


@pytest.mark.django_db
def test_the_identity_of_a_passage_says_where_it_is_and_stays() -> None:
    passage = make.make_passage(make.make_source("An article", text=TEXT), "Two words.")
    assert (passage.uid, str(passage)) == ("an-article.p2.10-20", "an-article ¶2 [10–20]")
    source = passage.source
    source.slug = "another-id"
    source.save()
    passage.refresh_from_db()
    passage.save()
    assert passage.uid == "an-article.p2.10-20"


@pytest.mark.django_db
def test_a_source_goes_by_its_title_and_is_found_by_publisher_and_author() -> None:
    source = make.make_source("Hội thảo điện ảnh", title_language="vi", publisher="ข่าวสด", author="Ann Lee")
    source.refresh_from_db()
    assert (source.name, source.slug, source.sort_key) == (
        "Hội thảo điện ảnh",
        "hoi-thao-dien-anh",
        "hoi thao dien anh",
    )
    assert source.labels == {"vi": "Hội thảo điện ảnh"}
    assert [line.strip() for line in source.search.splitlines()[:3]] == ["hoi thao dien anh", "ข่าวสด", "ann lee"]


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["Thai", "th_TH", ""])
def test_a_language_is_a_tag(language: str) -> None:
    source = Source(slug="a", title="A", language=language, sha256="f" * 64, length=1, paragraphs=[[0, 1]])
    with pytest.raises(ValidationError) as refused:
        source.full_clean()
    assert set(refused.value.message_dict) == {"language"}
