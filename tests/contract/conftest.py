"""Helpers of the API's tests: ask, and compare whole answers."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client

from tests import factories as make
from tests.contract.reconciliation import RESULTS, checked
from tests.world import publish_world

HOST = "http://testserver"


@pytest.fixture
def ask(db: None, client: Client) -> Callable[..., Any]:
    """Return a function that gets an address below /api/v1/ and returns the response."""

    def get(address: str, **headers: str) -> Any:
        path = address.removeprefix(HOST)
        return client.get(path if path.startswith("/api/") else f"/api/v1/{path}", headers=headers or None)

    return get


def as_bytes(body: Any) -> bytes:
    """Return the bytes in which the API writes a body: UTF-8, no spaces."""
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()


def refused(response: Any, status: int = 400) -> dict[str, Any]:
    """Check that an answer is a problem of this status, and return it."""
    assert (response.status_code, response["Content-Type"]) == (status, "application/problem+json")
    body = response.json()
    assert (body["status"], body["type"]) == (status, "about:blank")
    return body


def found(response: Any) -> list[str]:
    """Return the ids of a list."""
    assert response.status_code == 200, response.content
    return [row["id"] for row in response.json()["results"]]


@pytest.fixture
def send(db: None) -> Callable[..., Any]:
    """Return a function that posts a form without cookies or token, as a client that checks CSRF."""
    client = Client(enforce_csrf_checks=True, headers={"origin": "http://127.0.0.1:3333"})

    def post(**form: Any) -> Any:
        texts = {name: value if isinstance(value, str) else json.dumps(value) for name, value in form.items()}
        return client.post("/api/v1/reconcile/", urlencode(texts), content_type="application/x-www-form-urlencoded")

    return post


@pytest.fixture
def one(send: Any) -> Callable[..., list[dict[str, Any]]]:
    """Return a function that asks one question and returns its candidates."""

    def ask_one(query: str = "", **members: Any) -> list[dict[str, Any]]:
        body = {**({"query": query} if query else {}), **members}
        return checked(send(queries={"q": body}), RESULTS)["q"]["result"]

    return ask_one


def make_two_worlds() -> dict[str, Any]:
    """Make two public worlds' worth of records and return the first, which is asked for."""
    first = publish_world(related=False)
    other = publish_world(2, related=False)
    make.make_affiliation(other["person"], first["organization"], role="archivist")
    make.make_participation(other["person"], first["event"], "attendee")
    first["person"].wikidata, first["organization"].wikidata = "Q42", "Q43"
    first["event"].place, first["event"].certainty, first["event"].note = (
        "Cambridge",
        "disputed",
        "Two places are named.",
    )
    first["organization"].organization_kind, first["event"].event_kind = "company", "workshop"
    for name in ("person", "organization", "event"):
        first[name].save()
    source = first["source"]
    source.language, source.translated_from, source.publisher, source.author = "th", "vi", "Daily", "Ann"
    source.source_kind, source.date = "transcript", "2025-03"
    source.save()
    make.make_name(first["person"], "แอน", "th")
    statement = first["statement"]
    statement.role_at_time, statement.attribution, statement.date = "film director", "anaphoric", "2024-05"
    statement.save()
    make.make_statement(
        None,
        None,
        "Others agree.",
        speaker_organization=other["other"],
        certainty="inferred",
        date="2023",
        note="Nobody is named.",
    )
    return first


@pytest.fixture
def world(db: None) -> dict[str, Any]:
    """Return two public worlds' worth of records; the first is asked for."""
    return make_two_worlds()
