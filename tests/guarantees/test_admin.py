"""Every model has its place in the admin, and no list of it asks the database more as it grows."""

from __future__ import annotations

from typing import Any

import pytest
from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.apps import apps
from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteMixin
from django.contrib.auth.models import Group, User
from django.db.models import Model
from django.forms import ModelChoiceField
from django.forms.models import InlineForeignKeyField
from django.test import Client
from django.urls import reverse
from simple_history.models import HistoricalChanges

from base.records.resolution import FormerId
from directory.models import (
    InitiativeDescription,
    InitiativeOrganization,
    InitiativePart,
    OrganizationLink,
)
from events.models import EventDescription, EventInitiative, EventOrganization, EventPart
from reports.models import Report
from tests import factories as make
from tests.queries import Queries

pytestmark = pytest.mark.django_db


# The log of sign-ins: nobody adds a row by hand.
WRITTEN_BY_THE_PROGRAM: list[Any] = [AccessAttempt, AccessLog, AccessFailureLog]


def _some(n: int) -> dict[str, Any]:
    """Make the n-th set of every record; no two sets share one."""
    passage = make.make_passage(make.make_source(f"Source {n}"), f"Words of set {n}.")
    person, event = make.make_person(f"Person {n}"), make.make_event(f"Event {n}")
    organizations = [make.make_organization(f"Body {n}{letter}") for letter in "ab"]
    initiatives = [make.make_initiative(f"Plan {n}{letter}") for letter in "ab"]
    make.make_topic(f"Topic {n}")
    statement = make.make_statement(person, event, passages=[passage], on_behalf_of=organizations[0])
    rows = [
        make.make_statement_relation(statement, make.make_statement(person, event, passages=[passage])),
        make.make_affiliation(person, organizations[0]),
        make.make_participation(person, event),
        OrganizationLink.objects.create(organization=organizations[0], related=organizations[1], role="part_of"),
        InitiativeDescription.objects.create(initiative=initiatives[0], text="It is planned."),
        InitiativeOrganization.objects.create(initiative=initiatives[0], organization=organizations[0], role="lead"),
        InitiativePart.objects.create(initiative=initiatives[0], parent=initiatives[1]),
        EventDescription.objects.create(event=event, text="It was held."),
        EventInitiative.objects.create(event=event, initiative=initiatives[0], role="launched"),
        EventOrganization.objects.create(event=event, organization=organizations[0], role="host"),
        EventPart.objects.create(event=event, parent=make.make_event(f"Series {n}")),
    ]
    for row in rows:
        make.cite(row, passage)
    Report(record_kind="person", record_id="x", record_path="/people/x/", message="Wrong.").move_to("open")
    User.objects.create_user(f"user{n}")
    Group.objects.create(name=f"group {n}")
    for model in WRITTEN_BY_THE_PROGRAM:
        failures = {"failures_since_start": 1} if model is AccessAttempt else {}
        model.objects.create(username=f"user{n}", ip_address="192.0.2.1", **failures)
    return {"statement": statement}


def registered() -> list[type[Model]]:
    """Return every model of the admin."""
    return list(admin.site._registry)


def url_of(model: type[Model], page: str, *args: Any) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


# What triggers, the change feed, withdrawals and `count_quality` keep; nobody edits it.
BOOKKEEPING = {
    "events.StatementFile",
    "events.StatementIndexEntry",
    "events.KeptFigure",
    "desk.CardDraft",
    "desk.DifferentRecords",
    "desk.DismissedProposal",
    "desk.ReadParagraph",
    "desk.SettledDoubt",
    *(f"base.{name}" for name in ("Change", "ContentVersion", "FeedState", "KnownRecord", "OpenWrite", "TouchedRow")),
    *(f"base.{name}" for name in ("ChangeSet", "FormDraft", "RecordTime", "SearchRules", "Submission", "SubmittedRow")),
    *(f"base.{name}" for name in ("Withdrawal", "WithdrawnRow")),
    *(f"desk.{name}" for name in ("ArticleLayout", "ShingleSample", "TextDraft", "TextShingle")),
}


def test_every_model_has_a_page_or_stands_on_one() -> None:
    inlines = {inline.model for page in admin.site._registry.values() for inline in page.inlines}
    ours = [
        m
        for app in ("accounts", "base", "desk", "directory", "events", "reports", "review")
        for m in apps.get_app_config(app).get_models()
    ]
    without = [
        m._meta.label
        for m in ours
        if not issubclass(m, HistoricalChanges | FormerId) and m not in admin.site._registry and m not in inlines
    ]
    assert set(without) == BOOKKEEPING, (
        "Give the new model an admin (base.admin.CurationAdmin) or an inline in the admin/ of its app; "
        "name it in BOOKKEEPING above only if nobody edits it."
    )
    assert [m._meta.label for m in registered() if issubclass(m, FormerId | HistoricalChanges)] == []


def test_no_list_asks_more_often_as_it_grows(admin_client: Client, queries: Queries) -> None:
    """Session, user, number of rows, rows; one more where a filter offers the values it finds. Django's own count all rows."""
    for numbers in ([1], [2, 3]):
        for number in numbers:
            _some(number)
        for model in registered():
            address = url_of(model, "changelist")
            with queries(address):
                response = admin_client.get(address)
            assert response.status_code == 200


def test_the_index_is_grouped_as_curators_think(admin_client: Client, client: Client) -> None:
    groups = admin_client.get(reverse("admin:records")).context["app_list"]
    assert [(str(g["name"]), [m["object_name"] for m in g["models"]]) for g in groups][:4] == [
        ("Sources and passages", ["Source", "Passage"]),
        ("What was said", ["Statement"]),
        ("What happened", ["Event", "Participation"]),
        ("Who and what", ["Person", "Organization", "Initiative", "Topic"]),
    ]
    assert [str(g["name"]) for g in groups][4:] == [
        "What readers report",
        "Names, links and wordings (all rows)",
        "Accounts",
    ]
    listed = [m["model"] for g in groups for m in g["models"]]
    assert sorted(m._meta.label for m in listed) == sorted(m._meta.label for m in registered()), (
        "A model stands in two groups of config/admin.py, or in none."
    )
    client.force_login(User.objects.create_user("guest", is_staff=True))
    assert client.get(reverse("admin:records")).context["app_list"] == []


def test_no_relation_is_a_long_select(admin_client: Client) -> None:
    for model in registered():
        if model._meta.app_label == "auth" or model in WRITTEN_BY_THE_PROGRAM:
            continue
        response = admin_client.get(url_of(model, "add"))
        forms = [response.context["adminform"].form]
        forms += [inline.formset.empty_form for inline in response.context["inline_admin_formsets"]]
        for form in forms:
            for name, field in form.fields.items():
                if (
                    isinstance(field, ModelChoiceField)
                    and not isinstance(field, InlineForeignKeyField)
                    and name != "id"
                ):
                    widget = getattr(field.widget, "widget", field.widget)
                    assert isinstance(widget, AutocompleteMixin), (
                        f"{model._meta.label}.{name} is a select of every row: let its admin or inline be one of base.admin, "
                        "or name it in autocomplete_fields."
                    )


def test_every_page_opens(admin_client: Client) -> None:
    _some(1)
    for model in registered():
        row = model._base_manager.first()
        assert row is not None, f"There is no {model._meta.label} to open: make one in _some() at the top of this file."
        pages = [url_of(model, "change", row.pk), url_of(model, "history", row.pk)]
        for page in pages if model in WRITTEN_BY_THE_PROGRAM else [url_of(model, "add"), *pages]:
            assert admin_client.get(page).status_code == 200, page
