"""Helpers of the API's tests: ask, and compare whole answers."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

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
