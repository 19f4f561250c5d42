"""Every list of the admin has a sheet, and one that nobody changed changes nothing; what it costs does not grow with the list."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib import admin
from django.db import connection
from django.db.models import Model
from django.test import Client
from django.test.utils import CaptureQueriesContext

from base.admin import CurationAdmin
from base.models import ChangeSet
from directory.models import TopicName
from tests import factories as make
from tests.curation import url_of
from tests.sheets import csv_file, downloaded, faults, handed_in, taken_over
from tests.world import add_drafts, publish_world

pytestmark = pytest.mark.django_db

# Lists without a sheet: who may sign in and what they may do, and what nobody changes but by answering it.
WITHOUT = {"auth.User", "auth.Group", "axes.AccessAttempt", "axes.AccessFailureLog", "axes.AccessLog", "reports.Report"}
LISTS = [model for model, page in admin.site._registry.items() if isinstance(page, CurationAdmin)]


def test_every_list_has_a_sheet() -> None:
    without = {model._meta.label for model, page in admin.site._registry.items() if model not in LISTS}
    assert without == WITHOUT, "base.admin.CurationAdmin gives a list its sheet."


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_a_sheet_of_any_list_that_nobody_changed_changes_nothing(admin_client: Client, ending: str) -> None:
    add_drafts(publish_world())
    for model in LISTS:
        content = admin_client.get(url_of(model, "sheet_file", ending)).content
        response = handed_in(admin_client, model, content, f"sheet.{ending}")
        assert response.status_code == 200, (model, faults(response))
        outcome = response.context["outcome"]
        assert (outcome.changes, outcome.unchanged) == ([], model._base_manager.count()), model
    assert not ChangeSet.objects.exists()


def values(model: type[Model]) -> list[dict[str, Any]]:
    """Return all columns of all rows but those that saving changes by itself, and how many links each row has."""
    always = {"note", "updated_at"}
    rows = model._base_manager.order_by("pk")
    columns = [field.attname for field in model._meta.concrete_fields if field.name not in always]
    links = [field.name for field in model._meta.many_to_many]
    return [
        {name: getattr(row, name) for name in columns}
        | {name: sorted(getattr(row, name).values_list("pk", flat=True)) for name in links}
        for row in rows
    ]


@pytest.mark.parametrize(
    "model", [model for model in LISTS if any(field.name == "note" for field in model._meta.fields)]
)
def test_one_changed_cell_changes_nothing_else(admin_client: Client, model: type[Model]) -> None:
    add_drafts(publish_world())
    before = values(model)
    rows = downloaded(admin_client, model)
    for row in rows:
        row["note"] = "Seen again."
    response = taken_over(admin_client, model, handed_in(admin_client, model, csv_file(rows)))
    assert response.status_code == 302
    assert values(model) == before
    assert set(model._base_manager.values_list("note", flat=True)) == {"Seen again."}


def queries_for(client: Client, model: type[Model], rows: list[dict[str, str]], column: str) -> int:
    """Return how many queries it takes to look at a sheet in which this column of all rows was changed."""
    for number, row in enumerate(rows):
        row[column] = f"{row[column]} {number}"
    with CaptureQueriesContext(connection) as queries:
        response = handed_in(client, model, csv_file(rows))
    assert response.status_code == 200, faults(response)
    return len(queries)


def test_rows_that_nobody_touched_cost_nothing(admin_client: Client) -> None:
    topic = make.make_topic("Film")
    for number in range(30):
        make.make_name(topic, f"Film {number}")
    rows = downloaded(admin_client, TopicName)
    with CaptureQueriesContext(connection) as of_few:
        handed_in(admin_client, TopicName, csv_file(rows[:2]))
    with CaptureQueriesContext(connection) as of_many:
        handed_in(admin_client, TopicName, csv_file(rows))
    assert len(of_many) == len(of_few)
