"""Fixtures are loaded with few queries, and leave what saving every row would leave."""

from __future__ import annotations

import json

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from base.records.kinds import kinds
from base.records.names import NamedRecord
from events.models import Statement

FIXTURE = settings.BASE_DIR / "fixtures" / "film-workshop.json"


@pytest.mark.django_db
def test_a_fixture_asks_little_for_each_row_and_leaves_the_columns_that_saving_leaves() -> None:
    with CaptureQueriesContext(connection) as queries:
        call_command("loaddata", FIXTURE, verbosity=0)
    rows = json.loads(FIXTURE.read_bytes())
    assert len(queries) < 6 * len(rows)  # more than eight for each if every row looks up and refreshes by itself
    for model in kinds():
        if not issubclass(model, NamedRecord | Statement):
            continue
        loaded = list(model._base_manager.order_by("pk").values())
        for row in model._base_manager.all():
            row.refresh_columns()
        assert loaded == list(model._base_manager.order_by("pk").values())
        assert all(row["search"] for row in loaded)
