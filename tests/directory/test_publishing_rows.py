"""One row is published in one way, whoever asks: with the same questions, and all or nothing."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from base.models import ChangeSet
from base.records.change_sets import change_set
from base.records.publishing_rows import publish_row
from directory.models import PersonName
from tests import factories as make
from tests.accounts.people import make_user
from tests.desk.articles import english
from tests.desk.test_name_cards import as_opened, open_card

pytestmark = pytest.mark.django_db


def status_of(row: Any) -> str:
    """Return the status in the database."""
    return str(type(row)._base_manager.get(pk=row.pk).status)


@pytest.fixture
def hidden() -> Any:
    """Return a draft of a spelling of somebody public, cited from a source that was withdrawn."""
    source = make.make_source("Forged", status="withdrawn", withdrawn_reason="Forged.")
    person = make.make_person("Ann Lee", passages=[make.make_passage()])
    return make.make_name(person, "A. Lee", status="draft", passages=[make.make_passage(source, "A. Lee spoke.")])


def test_a_name_is_published_and_its_history_and_change_set_say_so() -> None:
    name = make.make_name(make.make_person("Ann Lee"), "A. Lee", status="draft", passages=[make.make_passage()])
    with change_set():
        assert publish_row(name, "Read again.") == []
    assert status_of(name) == "published"
    assert name.history.first().history_change_reason == "Read again."
    act = ChangeSet.objects.get()
    assert (act.action, act.reason) == ("publish", "")  # nobody typed one
    assert publish_row(name) == [], "what is public already is left alone"
    assert name.history.filter(change_set=act).count() == 1


def test_a_name_may_wait_for_its_record() -> None:
    name = make.make_name(make.make_person("Ann Lee", status="draft"), "A. Lee", status="draft")
    assert publish_row(name) == []
    assert status_of(name) == "published"
    assert not PersonName.objects.published().exists()


def test_what_cites_only_what_nobody_sees_stays_as_it_is(hidden: Any) -> None:
    versions = hidden.history.count()
    [problem] = publish_row(hidden)
    assert problem.startswith("The name of a person “A. Lee” cites only passages of sources that are not public.")
    assert status_of(hidden) == hidden.status == "draft"
    assert hidden.history.count() == versions


def test_what_its_own_form_would_refuse_is_refused() -> None:
    name = make.make_name(make.make_person("Ann Lee"), "A. Lee", status="draft", passages=[make.make_passage()])
    PersonName.objects.filter(pk=name.pk).update(language="tlh-odd")
    name = PersonName.objects.get(pk=name.pk)
    [problem] = publish_row(name)
    assert "language tag" in problem
    assert status_of(name) == "draft"


def test_questions_and_the_rule_of_two_are_asked_of_records_and_names(settings: Any) -> None:
    settings.REVIEW_BY_TWO = True
    user, other = make_user("lan", "editor"), make_user("kai", "editor")
    topic = make.make_topic("Tides", status="draft")
    name = make.make_name(make.make_person("Ann Lee"), "A. Lee", status="draft", passages=[make.make_passage()])
    for row in (topic, name):
        assert publish_row(row, questions=lambda _row: ["Is it?"]) == ["Is it?"]
        row.history.update(history_user=user)
        assert "Two people are needed here" in publish_row(row, user=user)[0]
        assert publish_row(row, user=other) == []
        assert status_of(row) == "published"


def test_a_record_is_asked_for_its_problems() -> None:
    person = make.make_person("Ann Lee", status="draft")
    person.names.all().delete()
    assert "It has no name yet" in publish_row(person)[0]
    assert status_of(person) == "draft"


def test_a_card_says_it_in_the_same_words(admin_client: Client) -> None:
    article = english()
    type(article.source).objects.filter(pk=article.source.pk).update(status="withdrawn", withdrawn_reason="Forged.")
    other = make.make_passage()
    for record in (article.speaker, article.body, article.event):
        for row in record.names.all():
            row.passages.add(other)
    data = as_opened(open_card(admin_client, article, "Ms Aldana"), action="publish", same="")
    answer = admin_client.post(article.url("name"), {**data, "record": [f"person:{article.speaker.slug}"]})
    assert answer.status_code == 422
    assert PersonName.objects.filter(text="Ms Aldana").count() == 0
