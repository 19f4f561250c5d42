"""The pages of deletion say what goes and what forbids it, with counts and links, and never a line for every row."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from directory.models import Passage, Person, Topic
from events.models import Event, Statement
from tests import factories as make
from tests.curation import messages, url_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def event() -> Event:
    """A draft event with 30 participants."""
    event = make.make_event("Film Day", status="draft")
    for number in range(30):
        make.make_participation(make.make_person(f"Person {number}"), event)
    return event


def test_what_goes_is_counted_and_its_first_rows_are_linked(
    admin_client: Client, event: Event, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(60):
        page = admin_client.get(url_of(Event, "delete", event.pk)).content.decode()
    assert "Participations: event: 30" in page
    assert len(re.findall(r'"/admin/events/participation/(?:\d+/change/|\?event)', page)) == 6
    assert f'<a href="/admin/events/participation/?event__id__exact={event.pk}">and 25 more</a>' in page
    data = {"action": "delete_selected", "_selected_action": [event.pk]}
    page = admin_client.post(url_of(Event, "changelist"), data).content.decode()
    assert "Participations: event: 30" in page
    assert len(re.findall(r'"/admin/events/participation/(?:\d+/change/|\?event)', page)) == 6
    admin_client.post(url_of(Event, "delete", event.pk), {"post": "yes"})
    assert not Event.objects.exists()


def test_what_forbids_it_is_counted_and_linked(admin_client: Client, event: Event) -> None:
    for number in range(8):
        make.make_statement(event=event, wording=f"Statement {number}.", status="draft")
    page = admin_client.get(url_of(Event, "delete", event.pk)).content.decode()
    assert "Statements: event: 8" in page
    assert f'<a href="/admin/events/statement/?event__id__exact={event.pk}">and 3 more</a>' in page
    assert 'name="post"' not in page, "it cannot be confirmed"
    admin_client.post(url_of(Event, "delete", event.pk), {"post": "yes"})
    assert Event.objects.filter(pk=event.pk).exists()


def test_what_only_mentions_it_is_said_too(admin_client: Client) -> None:
    topic = make.make_topic("Draft topic", status="draft")
    statement = make.make_statement(topics=[topic])
    page = admin_client.get(url_of(Topic, "delete", topic.pk)).content.decode()
    assert "Statements: topics: 1, which no longer mention it" in page
    admin_client.post(url_of(Topic, "delete", topic.pk), {"post": "yes"})
    assert Statement.objects.get() == statement


def test_many_rows_that_must_stay_are_not_named_one_by_one(admin_client: Client) -> None:
    people = [make.make_person(f"Person {number}").pk for number in range(30)]
    data = {"action": "delete_selected", "_selected_action": people}
    told = messages(admin_client.post(url_of(Person, "changelist"), data, follow=True))
    assert len(told) == 20


def test_a_passage_says_how_many_rows_rest_on_it(admin_client: Client) -> None:
    passage = make.make_passage()
    for number in range(3):
        make.make_statement(wording=f"Statement {number}.", passages=[passage])
    told = messages(admin_client.post(url_of(Passage, "delete", passage.pk), {"post": "yes"}, follow=True))
    assert told[0].startswith("“an-article ¶1 [0–12]” proves something, for example “delegates")
    assert told[0].endswith("and cannot be deleted. It carries 3 statements.")
    assert Passage.objects.filter(pk=passage.pk).exists()
