"""A number and what it counts: each language puts them together in its own way."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils.translation import override

from base.admin.guard import citing_counts
from base.records.count_labels import count_label
from base.records.kinds import kinds
from directory.models import Organization, Person, PersonName
from events.models import Event, Statement
from review.rows import counts_in_words
from tests import factories as make


def test_a_number_of_rows_in_english() -> None:
    assert count_label(Person, 1) == "1 person"
    assert count_label(Person, 12) == "12 people"
    assert count_label(Statement, 5000, more=True) == "5,000+ statements"
    assert count_label(PersonName, 1) == "1 name of a person"
    assert count_label(PersonName, 2) == "2 names of people"


def test_thai_puts_the_number_behind_the_noun_and_counts_each_kind_by_its_own_word() -> None:
    with override("th"):
        assert count_label(Person, 12) == "บุคคล 12 คน"
        assert count_label(Organization, 13) == "องค์กร 13 องค์กร"
        assert count_label(Event, 1) == "กิจกรรม 1 กิจกรรม"
        assert count_label(Statement, 5000, more=True) == "คำกล่าว 5,000+ รายการ"
        assert all(str(model._meta.verbose_name) in count_label(model, 2) for model in kinds())


def test_vietnamese_needs_no_word_between_and_has_points_in_large_numbers() -> None:
    with override("vi"):
        assert count_label(Person, 12) == "12 nhân vật"
        assert count_label(Statement, 5000, more=True) == "5.000+ phát biểu"


@pytest.mark.django_db
@pytest.mark.parametrize(("language", "label"), [("", "2 people"), ("/th", "บุคคล 2 คน"), ("/vi", "2 nhân vật")])
def test_pages_show_it(client: Client, language: str, label: str) -> None:
    make.make_person("Ann Lee")
    make.make_person("Bob Stone")
    assert label in client.get(f"{language}/people/").content.decode()
    assert f">{label}</a>" in client.get(f"{language}/").content.decode()


@pytest.mark.django_db
def test_pages_of_curators_say_it_so() -> None:
    person = make.make_person("Ann Lee")
    make.make_statement(speaker=person)
    with override("th"):
        assert "คำกล่าว 1 รายการ" in citing_counts(person)
        assert counts_in_words({Person: 2, Statement: 5}) == "คำกล่าว 5 รายการ, บุคคล 2 คน"
