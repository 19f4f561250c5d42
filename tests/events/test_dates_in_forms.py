"""Dates as curators type them: what is none is refused at its field, and one far ahead is asked about."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from events.models import Event
from tests import factories as make
from tests.curation import change_url, errors, opened

pytestmark = pytest.mark.django_db


def event_errors(client: Client, event: Event, **values: str) -> dict[str, list[str]]:
    """Send the form of an event with these values, and return what is wrong with it."""
    url = change_url(event)
    return errors(client.post(url, {**opened(client, url), **values}))


@pytest.mark.parametrize("date", ["Y1E400", "Y9E999999999", "recently", "[" * 60])
def test_what_is_no_date_is_refused_at_its_field(admin_client: Client, date: str) -> None:
    found = event_errors(admin_client, make.make_event(), date=date)
    assert list(found) == ["date"]
    assert found["date"][0].startswith(f"“{date}” is not an EDTF date.")
    statement = make.make_statement()
    found = errors(
        admin_client.post(change_url(statement), {**opened(admin_client, change_url(statement)), "date": date})
    )
    assert list(found) == ["date"]


def test_a_buddhist_year_is_asked_about(admin_client: Client) -> None:
    event = make.make_event()
    (message,) = event_errors(admin_client, event, date="2569-10-24")["date"]
    assert message == (
        "“2569-10-24” lies far in the future. Did you mean 2026-10-24? Years are those of the common era."
    )
    event.refresh_from_db()
    assert event.date == ""


def box(response: Any) -> str:
    """Return the box to tick beside the date of a form."""
    page = response.content.decode()
    start = page.index('name="date-confirmed"')
    return page[start : page.index(">", start)]


def test_a_date_far_ahead_is_taken_once_it_is_confirmed(admin_client: Client) -> None:
    event = make.make_event()
    url = change_url(event)
    asked = admin_client.post(url, {**opened(admin_client, url), "date": "2300"})
    assert errors(asked)["date"] == ["“2300” lies more than 20 years in the future."]
    assert 'value="2300"' in box(asked)
    assert "checked" not in box(asked)
    other = {**opened(admin_client, url), "date": "2301", "date-confirmed": "2300"}
    assert list(errors(admin_client.post(url, other))) == ["date"]  # another date was confirmed
    taken = admin_client.post(url, {**opened(admin_client, url), "date": "2300", "date-confirmed": "2300"})
    assert taken.status_code == 302
    event.refresh_from_db()
    assert event.date == "2300"
    assert "checked" in box(admin_client.get(url))  # so that it is not asked about again


def test_no_box_where_nothing_is_doubtful(admin_client: Client) -> None:
    assert "date-confirmed" not in admin_client.get(change_url(make.make_event(date="2025"))).content.decode()
