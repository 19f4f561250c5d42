"""Where a source lets an event itself speak, the statement and the page of the event find each other by the event's name."""

from __future__ import annotations

import pytest
from django.test import Client

from events.models import Event, Statement
from tests import factories as make

pytestmark = pytest.mark.django_db
HEADING = "Said by the event itself"


@pytest.fixture
def festival() -> Event:
    event = make.make_event("Harbour Film Festival", event_kind="festival")
    make.make_name(event, "HFF", kind="abbreviation", passages=[make.make_passage(words="The HFF hopes for more.")])
    return event


@pytest.fixture
def hope(festival: Event) -> Statement:
    passage = make.make_passage(words="The HFF hopes for more.")
    return make.make_statement(wording="More films should come.", speaker_label="HFF", passages=[passage])


def test_the_page_of_the_event_has_what_it_said_itself(client: Client, festival: Event, hope: Statement) -> None:
    text = client.get(festival.get_absolute_url()).content.decode()
    assert HEADING in text
    assert hope.get_absolute_url() in text
    assert "Statements:" in text  # the strip: a paragraph with a statement is no paragraph of names alone


def test_the_statement_leads_to_the_event(client: Client, festival: Event, hope: Statement) -> None:
    text = client.get(hope.get_absolute_url()).content.decode()
    assert f'<a href="{festival.get_absolute_url()}">Harbour Film Festival</a>' in text


@pytest.mark.parametrize("what", ["another event has the name", "the name is rejected", "the label is another"])
def test_a_name_that_does_not_tell_which_event_joins_nothing(
    client: Client, festival: Event, hope: Statement, what: str
) -> None:
    if what == "another event has the name":
        make.make_name(make.make_event("Another Film Festival"), "hff", passages=[make.make_passage(words="An hff.")])
    elif what == "the name is rejected":
        name = festival.names.get(text="HFF")
        name.certainty, name.note = "rejected", "A misprint."
        name.save()
    else:
        hope.speaker_label = "The festivals"
        hope.save()
    assert HEADING not in client.get(festival.get_absolute_url()).content.decode()
    page = client.get(hope.get_absolute_url()).content.decode()
    assert festival.get_absolute_url() not in page


def test_other_pages_say_nothing_of_it(client: Client, festival: Event, hope: Statement) -> None:
    other = make.make_statement(make.make_person("Ann Lee"), festival, "Ships are late.")
    assert f"({festival}" not in client.get(other.get_absolute_url()).content.decode()
