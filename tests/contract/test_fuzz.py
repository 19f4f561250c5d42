"""A short walk of schemathesis over the description: the same questions every time. `scripts/fuzz` asks many more."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase
from hypothesis import settings as examples
from pytest_django import DjangoDbBlocker

from tests.reading import article

FILE = Path(settings.BASE_DIR) / "docs" / "openapi.yaml"
schema = schemathesis.openapi.from_path(FILE)
schema.app = WSGIHandler()
CHECKS = [
    schemathesis.checks.not_a_server_error,
    *schemathesis.checks.CHECKS.get_by_names(
        ["status_code_conformance", "content_type_conformance", "response_schema_conformance"]
    ),
]


@pytest.fixture(scope="module", autouse=True)
def film_workshop(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Load the article once, and keep its transaction open: a request would close the connection, as on a server."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    with article(django_db_blocker):
        yield
    for signal in signals:
        signal.connect(close_old_connections)


@pytest.mark.django_db
@schema.parametrize()
@examples(
    max_examples=6,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
@pytest.mark.slow
def test_nothing_but_documented_answers(case: Any) -> None:
    case.call_and_validate(checks=CHECKS, headers={"Accept-Encoding": "identity"})
