"""Posts to the admin that the database refuses: a message, everything typed still there, and never a failure."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import DataError, IntegrityError
from django.db.models import ProtectedError
from django.test import Client

from base.records.publishing import Status
from directory.models import Person
from events.models import Event
from tests import factories as make
from tests.curation import change_url, errors, opened, url_of

pytestmark = pytest.mark.django_db
FAILURES = [
    IntegrityError("a key is missing"),
    DataError("value too long"),
    ProtectedError("other rows rest on it", set()),
    Person.DoesNotExist(),
    Person.MultipleObjectsReturned(),
]


@pytest.mark.parametrize("failure", FAILURES, ids=lambda failure: type(failure).__name__)
def test_a_form_that_the_database_refuses_is_shown_again(
    admin_client: Client, monkeypatch: pytest.MonkeyPatch, failure: Exception
) -> None:
    event = make.make_event()
    url = change_url(event)
    values = {**opened(admin_client, url), "place": "The old cinema"}

    def fail(*_args: Any, **_options: Any) -> None:
        raise failure

    monkeypatch.setattr(Event, "save", fail)
    answer = admin_client.post(url, values)
    (message,) = errors(answer)[""]
    assert message
    assert "The old cinema" in answer.content.decode()


@pytest.mark.parametrize("failure", FAILURES, ids=lambda failure: type(failure).__name__)
@pytest.mark.parametrize("action", ["publish_selected", "delete_selected"])
def test_an_action_that_the_database_refuses_says_so(
    admin_client: Client, monkeypatch: pytest.MonkeyPatch, failure: Exception, action: str
) -> None:
    person = make.make_person(status="draft")

    def fail(*_args: Any, **_options: Any) -> None:
        raise failure

    monkeypatch.setattr(Person, "save", fail)
    monkeypatch.setattr("django.db.models.query.QuerySet.delete", fail)
    data = {"action": action, "_selected_action": [str(person.pk)], "post": "yes"}
    answer = admin_client.post(url_of(Person, "changelist"), data, follow=True)
    assert answer.status_code == 200
    assert [message for message in answer.context["messages"] if message.level_tag == "error"]
    person.refresh_from_db()
    assert person.status == Status.DRAFT


def test_rows_that_somebody_else_deleted_are_told(admin_client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """The list of keys is read first; one of the rows is gone when its turn comes."""
    first, second = make.make_person("Ann Lee", status="draft"), make.make_person("Bo Kim", status="draft")
    save = Person.save

    def save_and_lose_the_other(self: Person, *args: Any, **options: Any) -> None:
        save(self, *args, **options)
        Person._base_manager.exclude(pk=self.pk).delete()

    monkeypatch.setattr(Person, "save", save_and_lose_the_other)
    data = {"action": "publish_selected", "_selected_action": [str(first.pk), str(second.pk)]}
    answer = admin_client.post(url_of(Person, "changelist"), data, follow=True)
    texts = [str(message) for message in answer.context["messages"]]
    assert any("Somebody else has just deleted it." in text for text in texts)
    assert any("1 published." in text for text in texts)


@pytest.mark.parametrize("page", ["change", "delete", "history"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_the_pages_of_a_deleted_row_say_that_it_is_gone(admin_client: Client, page: str, method: str) -> None:
    person = make.make_person(status="draft")
    address = url_of(Person, page, person.pk)
    values = opened(admin_client, change_url(person))
    Person._base_manager.filter(pk=person.pk).delete()
    for more in ({}, {"_publish": "1"}, {"_withdraw": "1"}, {"post": "yes"}):
        answer = getattr(admin_client, method)(address, {**values, **more})
        # The history of a row outlives it: a curator can bring it back from there.
        assert answer.status_code in ((200,) if page == "history" else (302, 404, 409, 410))
