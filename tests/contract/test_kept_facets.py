"""What a facet counted is kept until the next write."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import factories as make

Ask = Callable[..., Any]


@pytest.mark.django_db(transaction=True)  # inside a transaction nothing is kept
def test_what_was_counted_is_kept_until_the_next_write(ask: Ask) -> None:
    def counted() -> tuple[list[dict[str, Any]], int]:
        with CaptureQueriesContext(connection) as captured:
            answer = ask("statements/?facets=kind&count=capped&fields=id").json()
        return [*answer["facets"]["kind"], {"count": answer["count"]}], len(captured)

    make.make_statement()
    once = [{"value": "reported", "label": "reported speech", "count": 1}, {"count": 1}]
    (first, cost), (again, less) = counted(), counted()
    assert (first, again, less) == (once, once, cost - 1)
    make.make_statement(make.make_person("Bo Lin"))
    twice = [{"value": "reported", "label": "reported speech", "count": 2}, {"count": 2}]
    assert counted() == (twice, cost)
    assert counted() == (twice, cost - 1)
