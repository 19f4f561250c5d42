"""What is sent to Sentry says where the code failed, and nothing of who asked for what or of texts that are not public."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
import sentry_sdk
from django.core.wsgi import get_wsgi_application
from django.db import connection, transaction
from django.http import HttpRequest
from django.test import Client
from sentry_sdk.envelope import Envelope
from sentry_sdk.transport import Transport

from benchmarks.site import environ_of
from operations import error_reports
from tests import factories as make

PRIVATE = "private words"
EVENTS: list[dict[str, Any]] = []


class Captured(Transport):
    """Keeps what would be sent."""

    def capture_envelope(self, envelope: Envelope) -> None:
        """Keep the events."""
        for item in envelope.items:
            EVENTS.append(json.loads(item.get_bytes() or b"{}"))


@pytest.fixture
def events() -> Iterator[list[dict[str, Any]]]:
    """Return the events that are sent from now on."""
    EVENTS.clear()
    error_reports.start_reporting("https://key@sentry.example/1", transport=Captured)
    yield EVENTS
    sentry_sdk.get_global_scope().set_client(None)
    sentry_sdk.get_current_scope().set_client(None)


@pytest.mark.django_db(transaction=True)
def test_a_fault_is_sent_without_anything_private(events: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    person = make.make_person()

    def broken(self: Any, request: HttpRequest, *_arguments: object, **_names: object) -> None:
        words = f"{PRIVATE} in a local variable"
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT %s", [words])
            cursor.execute(f"UPDATE {person._meta.db_table} SET status = %s, name = %s", ["unknown", words])

    monkeypatch.setattr("directory.views.people.PersonList.get", broken)
    status: list[str] = []
    environ = environ_of(f"/people/?q={quote(PRIVATE)}", {"cookie": f"sessionid={PRIVATE}", "user_agent": PRIVATE})
    environ |= {"REMOTE_ADDR": "192.0.2.7", "HTTP_AUTHORIZATION": PRIVATE, "HTTP_REFERER": PRIVATE}
    answer = get_wsgi_application()(
        environ, lambda line, headers: status.append(f"{line} {dict(headers)['X-Request-ID']}")
    )
    answer.close()
    code, *_reason, number = status[0].split()
    assert code == "500"
    (event,) = events
    assert event["exception"]["values"][-1]["type"] == "IntegrityError"
    assert event["request"] == {"method": "GET", "url": "/people/"}
    assert event["tags"]["request_id"] == number
    frames = [frame for value in event["exception"]["values"] for frame in value["stacktrace"]["frames"]]
    assert frames
    assert not (event.get("breadcrumbs") or {}).get("values")
    assert not event.get("server_name")
    text = json.dumps(
        [{**event, "exception": [value["value"] for value in event["exception"]["values"]]}, *map(_bare, frames)]
    )
    for private in (PRIVATE, "192.0.2.7", "sessionid", "user-agent", "User-Agent"):
        assert private not in text


def _bare(frame: dict[str, Any]) -> dict[str, Any]:
    """Leave out the lines of code around, where this test says the words itself."""
    return {name: value for name, value in frame.items() if name not in ("pre_context", "context_line", "post_context")}


@pytest.mark.django_db
def test_errors_that_are_logged_are_sent_and_a_reader_who_is_wrong_is_not(events: Any, client: Client) -> None:
    assert client.get("/people/none/?q=private").status_code == 404
    logging.getLogger("django.request").error("Answered 503: Sentry leaves this logger out")
    logging.getLogger("base").warning("not sent")
    assert events == []
    logging.getLogger("base").error("Trouble: %s", "no\nDETAIL:  Failing row contains (private words).")
    (event,) = events
    assert event["logentry"]["message"] == "Trouble: no\nDETAIL: (left out)"
    assert "private" not in json.dumps(event)
