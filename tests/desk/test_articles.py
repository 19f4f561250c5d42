"""The answer sheets are sound: every offset is right, nothing is in two places, every kind is there."""

import re
import unicodedata
from collections import Counter
from itertools import pairwise

import pytest

from tests.desk.scoring import KINDS, slices, spans_of
from tests.desk.sheets import FOLDER, LANGUAGES, SETS, Article, articles

ALL = list(articles())
each = pytest.mark.parametrize("article", ALL, ids=lambda article: f"{article.part}-{article.language}-{article.slug}")


def test_every_set_has_at_least_eight_articles_in_each_language() -> None:
    counts = Counter((article.part, article.language) for article in ALL)
    assert set(counts) == {(part, language) for part in SETS for language in LANGUAGES}
    assert min(counts.values()) >= 8


def test_every_text_has_a_sheet() -> None:
    texts = {path.with_suffix("") for path in FOLDER.rglob("*.txt")}
    assert texts == {path.with_suffix("") for path in FOLDER.rglob("*.json")}
    assert len(texts) == len(ALL)


def test_styles_differ_within_a_language() -> None:
    for language in LANGUAGES:
        styles = [article.style for article in ALL if article.language == language]
        assert len(set(styles)) == len(styles)


@each
def test_text_has_one_paragraph_a_line(article: Article) -> None:
    assert unicodedata.normalize("NFC", article.text) == article.text
    assert article.text.endswith("\n")
    lines = article.text[:-1].split("\n")
    assert 8 <= len(lines) <= 25
    assert all(line and line == line.strip() for line in lines)


@each
def test_every_span_holds_its_text(article: Article) -> None:
    for answer in article.answers:
        assert answer["kind"] in KINDS
        assert answer["text"] == slices(article, answer)
        speaker = answer.get("speaker")
        if speaker and speaker["span"]:
            assert article.text[slice(*speaker["span"])] == speaker["text"]
        for start, end in [*answer["spans"], *answer.get("also", [])]:
            words = article.text[start:end]
            assert words
            assert words == words.strip()
            assert "\n" not in words


@each
def test_quotes_have_their_marks_outside_and_do_not_overlap(article: Article) -> None:
    quotes = [answer for answer in article.answers if answer["kind"] == "quote"]
    for answer in quotes:
        for start, end in answer["spans"]:
            marked = article.text[start - 1] in "“\"‘'«"
            assert marked or article.text[article.text.rfind("\n", 0, start) + 1 : start].strip()
            assert marked or answer["unmarked"]
            assert not marked or article.text[end] in "”\"’'»\n"
    asked = sorted(span for answer in quotes if not answer.get("optional") for span in spans_of(answer))
    assert all(one[1] <= other[0] for one, other in pairwise(asked))


@each
def test_speech_has_a_speaker_or_is_said_to_have_none(article: Article) -> None:
    names = {answer["text"] for answer in article.answers if answer["kind"] in ("name", "organization")}
    for answer in article.answers:
        if answer["kind"] in ("quote", "reported"):
            speaker = answer["speaker"]
            assert speaker is None or speaker.get("who", answer["kind"]) in {*names, answer["kind"]}


def test_every_kind_is_there_in_each_set_and_language() -> None:
    counts = Counter((article.part, article.language, answer["kind"]) for article in ALL for answer in article.answers)
    assert all(counts[part, language, kind] for part in SETS for language in LANGUAGES for kind in KINDS)


def test_no_sentence_stands_in_two_articles() -> None:
    places: dict[str, set[str]] = {}
    for article in ALL:
        for sentence in re.split(r"(?<=[.!?])\s|\n|[“”\"«»]", article.text):
            if len(sentence) >= 30:
                places.setdefault(sentence.strip(), set()).add(article.slug)
    assert {sentence for sentence, slugs in places.items() if len(slugs) > 1} == set()
