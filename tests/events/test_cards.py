"""A card shows of a statement what the statement itself says: the wording to read, the words as printed, and where they stand."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.template.loader import render_to_string
from django.test import Client
from django.utils.translation import override
from pytest_django import DjangoDbBlocker

from base.records.provenance import with_passages
from base.text.languages import CODES, name_in
from events.cards import PLAN, cards
from events.models import Statement, Wording
from events.views.embedding import statement_at
from events.wordings import printed_beside, wording_to_read
from tests import factories as make
from tests.reading import article

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module", autouse=True)
def film_workshop(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Load the article once."""
    with article(django_db_blocker):
        yield


@pytest.mark.parametrize("language", CODES)
@pytest.mark.slow
def test_a_card_shows_what_its_statement_says(language: str) -> None:
    statements = Statement.objects.published().prefetch_related(*with_passages(""))
    with override(language):
        made = {card["id"]: card for card in cards(PLAN.read(Statement.objects.published()))}
        assert len(made) == len(statements) > 40
        for statement in statements:
            card, document = made[statement.slug], statement_at(statement.slug)
            assert document is not None
            reading = wording_to_read(document["wordings"], language)
            assert reading is not None
            assert card["reading"]["text"] == reading["text"]
            beside = [wording["text"] for wording in printed_beside(document["wordings"], reading)]
            assert [wording["text"] for wording in card["printed"]] == beside
            assert [passage["paragraph"] for passage in card["passages"]] == [
                p.paragraph for p in statement.passages.all()
            ]
            assert [topic["url"] for topic in card["topics"]] == [
                t.get_absolute_url() for t in statement.topics.published()
            ]
            speaker = statement.speaker or statement.speaker_organization
            if speaker is not None:
                shown = card["speaker"] or card["speaker_organization"]
                assert shown["url"] == speaker.get_absolute_url()
                assert (shown["name"], shown["name_language"]) == name_in(speaker, language)


@pytest.mark.parametrize(
    ("nature", "by", "words"),
    [
        ("translation", "", "translated by the editors"),
        ("translation", "Mai Vu", "translated by Mai Vu"),
        ("paraphrase", "", "in our words"),
        ("paraphrase", "Mai Vu", "paraphrased by Mai Vu"),
    ],
)
def test_a_card_says_whose_words_it_shows(client: Client, nature: str, by: str, words: str) -> None:
    ann = make.make_person("Ann Lee")
    statement = make.make_statement(ann, wording="Nước sạch.", nature="verbatim", language="vi")
    make.make_wording(statement, "Clean water.", nature=nature, by=by)
    notes = re.findall(r'<p class="meta">(.*?)</p>', client.get("/statements/?speaker=ann-lee").text, re.S)
    assert words in "".join(notes)
    assert ("the editors" in "".join(notes) or "our words" in "".join(notes)) == (not by)


def test_words_that_are_not_proven_any_more_leave_the_card() -> None:
    printed = Wording.objects.filter(nature="verbatim", statement__wordings__nature="paraphrase").first()
    printed = printed or Wording.objects.filter(nature="verbatim").first()
    assert printed is not None
    rows = Statement.objects.filter(pk=printed.statement_id)
    (card,) = cards(PLAN.read(rows))
    assert printed.text in {wording["text"] for wording in [card["reading"], *card["printed"]]}
    Wording.objects.filter(pk=printed.pk).update(proven=False)
    (card,) = cards(PLAN.read(rows))
    assert printed.text not in str(card)


def test_the_words_of_a_search_are_bold_and_shown_where_they_stand() -> None:
    wording = Wording.objects.filter(language="th", nature="verbatim", statement__wordings__language="en").first()
    assert wording is not None
    word = wording.text[:12]
    with override("en"):
        (card,) = cards(PLAN.read(Statement.objects.filter(pk=wording.statement_id)), [word])
        page = render_to_string("events/_cards.html", {"cards": [card], "words": [word]})
    shown = [row["language"] for row in [card["reading"], *card["printed"], *card["elsewhere"]]]
    assert {"en", "th"} <= set(shown)
    texts = re.findall(
        r'<(?:p class="said"|blockquote class="printed"|span) lang="(\w+)">(.*?)</(?:p|blockquote|span)>', page, re.S
    )
    assert any("<b>" in text for language, text in texts if language == "th")
    assert not any("<b>" in text for language, text in texts if language == "en")
