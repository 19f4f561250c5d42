"""Every list of the admin has a sheet, and one that nobody changed changes nothing; what it costs does not grow with the list."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.db.models import Model
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from base.admin import CurationAdmin
from base.models import ChangeSet
from directory.models import PersonName, TopicName
from events.models import Wording
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


def test_one_changed_cell_changes_nothing_else(admin_client: Client) -> None:
    add_drafts(publish_world())
    for model in LISTS:
        if not any(field.name == "note" for field in model._meta.fields):
            continue
        before = values(model)
        rows = [row for row in downloaded(admin_client, model) if row.get("passages", "no such column")]
        for row in rows:
            row["note"] = "Seen again."
        if not rows:
            continue
        looked_at = handed_in(admin_client, model, csv_file(rows))
        assert looked_at.status_code == 200, (model, faults(looked_at))
        assert taken_over(admin_client, model, looked_at).status_code == 302
        assert values(model) == before, model
        assert model._base_manager.filter(note="Seen again.").count() == len(rows), model


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


def test_rows_of_which_a_column_changes_cost_the_same_queries(admin_client: Client) -> None:
    passage = make.make_passage()
    for number in range(12):
        make.make_person(f"Ann Lee {number}", passages=[passage])
    rows = [{**row, "note": "Seen again."} for row in downloaded(admin_client, PersonName)]
    counts = []
    for part in (rows[:2], rows[2:]):
        with CaptureQueriesContext(connection) as queries:
            looked_at = handed_in(admin_client, PersonName, csv_file(part))
        with CaptureQueriesContext(connection) as more:
            assert taken_over(admin_client, PersonName, looked_at).status_code == 302
        counts.append((len(queries), len(more)))
    assert counts[0] == counts[1]
    assert set(PersonName.objects.values_list("note", flat=True)) == {"Seen again."}


def test_rows_that_are_saved_together_leave_what_saving_each_would(
    admin_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = [make.make_person(f"Ann Lee {number}", passages=[make.make_passage()]) for number in range(4)]

    def outcome(part: list[dict[str, str]]) -> set[tuple[Any, ...]]:
        looked_at = handed_in(admin_client, PersonName, csv_file(part))
        assert taken_over(admin_client, PersonName, looked_at, "Spelling.").status_code == 302
        names = PersonName.objects.filter(uid__in=[next(iter(row.values())) for row in part])
        return {
            (
                tuple(name.history.values_list("history_type", "history_change_reason", "history_user__username")),
                name.history.latest().passages.count(),
                name.history.latest().change_set.action,
                name.person.name == name.text,
                name.person.search != "",
                LogEntry.objects.filter(object_id=str(name.pk), action_flag=2).count(),
                name.person.updated_at > before,
            )
            for name in names
        }

    before = timezone.now()
    rows = [{**row, "text": f"Anne Lee {number}"} for number, row in enumerate(downloaded(admin_client, PersonName))]
    together = outcome(rows[:2])
    monkeypatch.setattr("base.admin.sheets.importing.may_save_together", lambda *_args: False)
    assert together == outcome(rows[2:])
    assert len(people) == 4


def test_two_rows_that_exchange_what_only_one_may_have_are_told(admin_client: Client) -> None:
    statement = make.make_statement(passages=[make.make_passage()])
    make.make_wording(statement, "A text.", nature="paraphrase", language="fr")
    make.make_wording(statement, "Another text.", nature="paraphrase", language="de")
    rows = downloaded(admin_client, Wording)
    for row in rows:
        row["language"] = {"fr": "de", "de": "fr"}.get(row["language"], row["language"])
    response = handed_in(admin_client, Wording, csv_file(rows))
    assert response.status_code in (200, 422)
    for row in rows:
        row["language"] = "fr"
    wrong = faults(handed_in(admin_client, Wording, csv_file(rows)))
    assert {row for row, _column, _problem in wrong} <= {2, 3, 4}
    assert wrong
