"""Events and sources are found by their short names in each language, and statements by the short name of their event."""

from __future__ import annotations

import pytest
from django.test import Client

from base.records.names import refresh_names_of
from base.records.refill import SearchRules, refill_search
from events.models import Event
from tests import factories as make

pytestmark = pytest.mark.django_db
NAME = "Regional dialogue on the future of small harbours and the people who work in them"


@pytest.fixture
def event() -> Event:
    return make.make_event(
        NAME,
        short_name="Lighthouse talks",
        translations={"th": {"short_name": "เวทีประภาคาร"}, "vi": {"short_name": "Tọa đàm hải đăng"}},
    )


def found(client: Client, address: str, query: str) -> list[str]:
    return [row["id"] for row in client.get(address, {"q": query}).json()["results"]]


@pytest.mark.parametrize(
    "query", ["Lighthouse talks", "lighthouse", "เวทีประภาคาร", "toa dam hai dang", "Tọa đàm hải đăng"]
)
def test_an_event_and_its_statements_are_found_by_its_short_name(client: Client, event: Event, query: str) -> None:
    statement = make.make_statement(event=event, wording="Ships are late.")
    make.make_statement(make.make_person("Ann Lee"), wording="Boats are late.")
    assert found(client, "/api/v1/events/", query) == [event.slug]
    assert found(client, "/api/v1/statements/", query) == [statement.slug]
    page = client.get("/search/", {"q": query}).content.decode()
    assert event.get_absolute_url() in page
    assert statement.get_absolute_url() in page


def test_a_short_name_and_other_words_find_together(client: Client, event: Event) -> None:
    statement = make.make_statement(make.make_person("Ann Lee"), event, "Ships are late.")
    make.make_statement(make.make_person("Bob Stone"), event, "Boats are late.")
    assert found(client, "/api/v1/statements/", "Ann lighthouse talks") == [statement.slug]
    assert found(client, "/api/v1/statements/", "lighthouse ships") == [statement.slug]


def test_one_word_of_a_long_name_still_finds_no_statement(client: Client, event: Event) -> None:
    make.make_statement(event=event, wording="Ships are late.")
    assert found(client, "/api/v1/events/", "dialogue") == [event.slug]
    assert found(client, "/api/v1/statements/", "dialogue") == []


def test_a_source_is_found_by_its_short_title(client: Client) -> None:
    source = make.make_source(
        "A long report on harbours", short_title="Harbour brief", translations={"vi": {"short_title": "Bản tin cảng"}}
    )
    assert found(client, "/api/v1/sources/", "brief") == found(client, "/api/v1/sources/", "ban tin") == [source.slug]


def test_the_column_is_the_same_however_it_is_filled(event: Event) -> None:
    column = Event.objects.get().search
    assert " lighthouse talks " in column
    for fill in (lambda: refresh_names_of(Event, {event.pk}), lambda: refill_search(Event, "default")):
        Event.objects.update(search="")
        fill()
        assert Event.objects.get().search == column
    event.short_name, event.translations = "", {}
    event.save()
    assert "lighthouse" not in Event.objects.get().search
    assert SearchRules.objects.filter(rules__contains="short names").exists()
