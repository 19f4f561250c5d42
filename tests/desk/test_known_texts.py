"""An article that is here already is found, whole, shortened, shuffled or with other marks; another one is not."""

from __future__ import annotations

import random

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from desk.intake import known_texts as module
from desk.intake.known_texts import known_texts, remember_new, shingles_of
from desk.models import ShingleSample, TextShingle
from tests import factories as make

pytestmark = pytest.mark.django_db


def prose(seed: int, paragraphs: int = 12) -> list[str]:
    """Return paragraphs of made-up words, always the same for a seed."""
    chance = random.Random(seed)
    words = ["".join(chance.choices("abcdefghijklmnoprstuvw", k=chance.randint(2, 9))) for _ in range(900)]
    return [" ".join(chance.choices(words, k=70)) + "." for _ in range(paragraphs)]


def test_the_same_words_are_found_in_whatever_form() -> None:
    whole = prose(1)
    source = make.make_source("Tides", text="\n".join(whole))
    make.make_source("Another", text="\n".join(prose(2)))
    [same] = known_texts(source.text)
    assert (same.source, same.share) == (source, 1.0)
    shuffled = [whole[number] for number in (5, 3, 8, 0, 1, 2, 4, 6, 7, 9, 10, 11)]
    for text in ("\n".join(whole[:6]), "\n".join(shuffled), "\n".join(whole).upper(), "  ".join(whole)):
        [near] = known_texts(text)
        assert near.source == source
        assert 0.8 < near.share <= 1.0
    assert known_texts("\n".join(prose(3))) == []
    assert known_texts("\n".join([*whole[:3], *prose(3)])) == []


def test_a_short_text_is_known_by_its_hash_alone() -> None:
    source = make.make_source("Tides", text="A short text.")
    assert [each.source for each in known_texts("A short text.")] == [source]
    assert known_texts("A short text!") == []


def test_a_text_that_changes_or_goes_is_sampled_anew() -> None:
    source = make.make_source("Tides", text="\n".join(prose(1)))
    assert remember_new() == 1
    assert remember_new() == 0
    changed = make.make_source("Another", text="\n".join(prose(2)))
    source.text, source.sha256 = changed.text, changed.sha256
    source.save()
    assert known_texts("\n".join(prose(1))) == []
    source.delete()
    assert set(TextShingle.objects.values_list("source", flat=True)) == {changed.pk}
    assert ShingleSample.objects.count() == 1


def test_looking_a_text_up_costs_the_same_however_many_there_are(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "\n".join(prose(1, 60))
    assert len(shingles_of(text)) <= module.MOST_KEPT
    counts = []
    for more in (1, 8):
        for number in range(more):
            make.make_source("Tides", text="\n".join(prose(100 * more + number)))
        remember_new()
        with CaptureQueriesContext(connection) as queries:
            known_texts(text)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 4
    monkeypatch.setattr(module, "MOST_SAMPLED", 2)
    for number in range(3):
        make.make_source("Tides", text="\n".join(prose(2000 + number)))
    assert [remember_new(), remember_new(), remember_new()] == [2, 1, 0]
