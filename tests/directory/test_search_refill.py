"""Search columns of an older version are filled anew after `migrate`, once, and as saving would fill them."""

from __future__ import annotations

import time
from typing import Any

import pytest
from django.core.management import call_command

from base.changes.version import content_version
from base.records import refill
from base.records.refill import SearchRules, after_migrate, models_of_names, searched_records
from base.sql.trigrams import trigram_indexes
from base.text.search_column import search_column
from directory.models import Affiliation
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("text", ["x", "x-", "a_", "a.", "a ", "a- ", "กั", "ก ๆ", "1.", " \u0300", "-", "“"])
def test_a_long_text_costs_what_its_length_is(text: str) -> None:
    """Of 100,000 letters: a few hundredths of a second; with the square of the length it would be a quarter of a minute."""
    long = (text * 100_000)[:100_000]
    begun = time.process_time()
    search_column([long])
    assert time.process_time() - begun < 3


def columns() -> list[tuple[str, int, str]]:
    """Return every search column, and every folded name."""
    searched = [(model, "search") for model in searched_records()] + [(model, "folded") for model in models_of_names()]
    return [
        (f"{model.__name__}.{column}", *row)
        for model, column in searched
        for row in model._base_manager.order_by("pk").values_list("pk", column)
    ]


def test_columns_of_older_rules_are_filled_anew(
    monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: Any
) -> None:
    person, source = make.make_person("Anne-Marie O’Brien"), make.make_source("The “U.S.” and J.F.K.")
    make.make_name(person, "ต่าง ๆ", "th", status="draft")
    make.make_name(person, "ต่าง ๆ ไป", "th")
    for number in range(5):
        statement = make.make_statement(person, wording=f"Vietnam–US co-operation, {number}.0", speaker_label="A–B")
        make.make_wording(statement, "Việt Nam – Hoa Kỳ", nature="translation", language="vi", status="draft")
    make.make_event("Day 1–2")
    assert source.search_texts()
    right = columns()
    for model in searched_records():
        model._base_manager.update(search="of old")
    for names in models_of_names():
        names._base_manager.update(folded="of old")
    after_migrate("default")
    assert columns() != right  # this database says that it has these rules
    SearchRules.objects.update(rules="other")
    monkeypatch.setattr(refill, "PAGE", 2)
    after_migrate("default")
    assert columns() == right
    assert list(SearchRules.objects.values_list("rules", flat=True)) == [refill.RULES]
    before = content_version()
    SearchRules.objects.all().delete()
    after_migrate("default")  # what is right already is not written again
    assert content_version() == before


@pytest.mark.django_db(transaction=True)
@pytest.mark.slow
@pytest.mark.parametrize("stop", ["0012", "0010"])
def test_a_search_column_that_goes_and_comes_again_is_filled(stop: str) -> None:
    """`migrate` may stop before the newest migration; a column that is missing there is empty when it comes again."""
    make.make_affiliation(make.make_person("Ann Lee"), make.make_organization("AI Centre"), role="Head of research")
    right = columns()
    facts = [(fact.pk, fact.search) for fact in Affiliation.objects.order_by("pk")]
    assert all(search for _pk, search in facts)
    try:
        call_command("migrate", "directory", stop, verbosity=0)
    finally:
        call_command("migrate", verbosity=0)
    assert [(fact.pk, fact.search) for fact in Affiliation.objects.order_by("pk")] == facts
    assert columns() == right
    assert trigram_indexes.install("default") == []
