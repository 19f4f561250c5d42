"""The fixture's texts: what is printed, what is ours, in which languages, and the topics that statements are filed under."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from pytest_django import DjangoDbBlocker

from base.records.translations import TranslatedTexts
from directory.management.commands.dump_fixtures import fixture_models
from directory.models import Passage, Source, Topic
from events.models import Event, Statement, Wording
from tests.reading import article

pytestmark = pytest.mark.django_db

FIXTURE = Path(settings.FIXTURE_DIRS[0], "film-workshop.json")
THAI = re.compile("[\u0e00-\u0e7f]")


@pytest.fixture(scope="module", autouse=True)
def film_workshop(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Load the article once."""
    with article(django_db_blocker):
        yield


def rows() -> list[dict[str, Any]]:
    """Return the fixture as it stands in the repository."""
    return list(json.loads(FIXTURE.read_text(encoding="utf-8")))


def texts_of_ours() -> Iterator[TranslatedTexts]:
    """Yield every row that was loaded and has texts of the editors."""
    for label in fixture_models():
        model = apps.get_model(label)
        if issubclass(model, TranslatedTexts):
            yield from model._default_manager.all()


def test_article_is_not_republished() -> None:
    quoted = 0
    for row in rows():
        for field, value in row["fields"].items():
            if not (isinstance(value, str) and THAI.search(value)):
                continue
            if row["model"] == "events.wording":
                quoted += len(value) if row["fields"]["nature"] == "verbatim" else 0
            else:
                assert (row["model"].endswith("name") and field == "text") or field == "attribution_text"
                assert field == "text" or len(value) <= 60
    assert quoted < 700
    assert "text" not in next(row["fields"] for row in rows() if row["model"] == "directory.source")


def test_thai_texts_of_ours_are_not_the_words_of_their_passages() -> None:
    hashes = set(Passage.objects.values_list("sha256", flat=True))
    for wording in Wording.objects.filter(language="th", nature="paraphrase"):
        assert hashlib.sha256(wording.text.encode()).hexdigest() not in hashes, wording
        assert wording.passage is None, wording


def test_only_two_paragraphs_quote_directly() -> None:
    quotes = Statement.objects.filter(statement_kind="direct")
    assert set(quotes.values_list("speaker__slug", "passages__paragraph")) == {("tony-bui", 21), ("tony-bui", 43)}
    assert set(Wording.objects.filter(nature="verbatim").values_list("statement__statement_kind")) == {("direct",)}
    for quote in quotes:
        assert {(w.language, w.nature) for w in quote.wordings.all()} == {
            ("th", "verbatim"),
            ("en", "translation"),
            ("vi", "translation"),
        }


def test_all_others_are_paraphrased_in_each_language_without_quotation_marks() -> None:
    for statement in Statement.objects.exclude(statement_kind="direct"):
        wordings = list(statement.wordings.all())
        assert {wording.uid: (wording.language, wording.nature) for wording in wordings} == {
            f"{statement.slug}.{language}": (language, "paraphrase") for language in ("en", "th", "vi")
        }
        for wording in wordings:
            assert bool(THAI.search(wording.text)) == (wording.language == "th"), wording
            assert not set('“”"') & set(wording.text), wording


def test_every_text_of_ours_is_translated() -> None:
    for row in texts_of_ours():
        for name in row.translated_fields:
            written = getattr(row, name)
            for language in ("th", "vi") if written else ():
                assert row.text_in(name, language).language == language, (row, name)
            if written and name not in ("short_name", "speaker_label"):  # DANAFF is DANAFF in every language
                assert THAI.search(row.text_in(name, "th")), (row, name)


def test_what_is_long_has_a_short_name() -> None:
    assert [source.short_title for source in Source.objects.all()] == ["Thai report on the film workshop"]
    short = dict(Event.objects.values_list("event_kind", "short_name"))
    assert short["workshop"] == "Harvard film workshop"
    assert all(0 < len(name) <= 32 for name in short.values())


def paragraphs_about(topic: str) -> list[int]:
    """Return the paragraphs of the statements about a topic, one for each statement, in reading order."""
    about = Statement.objects.filter(topics__slug=topic).order_by("position", "slug")
    return [row.passages.order_by("-start").values_list("paragraph", flat=True)[0] for row in about]


def test_artificial_intelligence_is_not_all_technology() -> None:
    assert paragraphs_about("artificial-intelligence") == [7, 9, 14, 35, 36, 37, 37, 41, 43, 43, 43, 48]
    assert paragraphs_about("technology") == [9, 13, 14, 15, 18, 20, 21, 36, 43, 48]


def test_topics_have_the_words_that_people_use() -> None:
    for topic in Topic.objects.all():
        official = topic.names.filter(kind="official").values_list("language", flat=True)
        assert list(official) == ["en", "th", "vi"], topic
        others = topic.names.exclude(kind="official")
        assert set(others.values_list("language", flat=True)) == {"en", "th", "vi"}, topic
        assert set(topic.names.values_list("certainty", flat=True)) == {"stated"}, (
            topic
        )  # the editors' words are no doubt
    assert {"AI", "เอไอ"} <= set(Topic.objects.get(slug="artificial-intelligence").names.values_list("text", flat=True))


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("st-74x1pz", "We firmly believe"),
        ("st-203dqx", "must be stressed"),
        ("st-wh5v9h", "Cánh đồng hoang or Bao giờ cho đến tháng Mười"),
    ],
)
def test_a_paraphrase_keeps_person_force_and_choice(statement: str, words: str) -> None:
    assert words in Wording.objects.get(statement__slug=statement, language="en").text


@pytest.mark.parametrize("statement", ["st-6r0tjv", "st-hmpb91", "st-zx32j6"])
def test_what_was_stressed_says_so(statement: str) -> None:
    assert " stressed this." in Statement.objects.get(slug=statement).note


@pytest.mark.parametrize("statement", ["st-b5czxv", "st-qwgfn3", "st-tprf5k", "st-yt7gr9", "st-ywgb7w"])
def test_what_was_affirmed_says_so_in_each_language(statement: str) -> None:
    row = Statement.objects.get(slug=statement)
    assert " affirmed this." in row.note
    assert "ยืนยันเรื่องนี้" in row.translations["th"]["note"]
    assert "khẳng định điều này." in row.translations["vi"]["note"]
