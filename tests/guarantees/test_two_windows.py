"""Two windows on one row: whatever is edited in the admin, the older form is refused and overwrites nothing."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group, User
from django.db.models import Model
from django.test import Client

from base.admin import RecordAdmin, StaleFormAdmin, StaleRowForm
from events.models import Participation, Wording
from reports.models import Report
from tests import factories as make
from tests.curation import change_url, errors, opened

pytestmark = pytest.mark.django_db
OURS = ("accounts", "base", "desk", "directory", "events", "reports", "review")


def test_every_form_of_the_admin_has_the_guard(admin_client: Client) -> None:
    request = admin_client.get("/admin/").wsgi_request
    unguarded = [
        model._meta.label
        for model, page in admin.site._registry.items()
        if page.__class__.__module__.partition(".")[0] in OURS
        and page.has_change_permission(request)
        and not issubclass(page.form, StaleRowForm)
        and not isinstance(page, StaleFormAdmin)
    ]
    assert unguarded == [], "Build the form on StaleRowForm, or the page on StaleFormAdmin, of base.admin."
    inlines = [inline for page in admin.site._registry.values() for inline in page.inlines if inline.can_delete]
    assert [i.model._meta.label for i in inlines if not issubclass(i.form, StaleRowForm)] == []
    assert any(isinstance(page, RecordAdmin) for page in admin.site._registry.values())


def rows() -> dict[str, tuple[Model, dict[str, Any], dict[str, Any]]]:
    """Return a row of each sort of form, with what one window and what the other types."""
    passage = make.make_passage()
    person, event = make.make_person(passages=[passage]), make.make_event()
    statement = make.make_statement(person, event, passages=[passage])
    report = Report(record_kind="person", record_id="x", record_path="/people/x/", message="Wrong.")
    report.move_to("open")
    return {
        "record": (person, {"wikidata": "Q1"}, {"wikidata": "Q2"}),
        "name": (person.names.get(), {"text": "Anne Lee"}, {"text": "Anna Lee"}),
        "link": (
            make.make_affiliation(person, passages=[passage]),
            {"role": "minister"},
            {"role": "president"},
        ),
        "participation": (
            make.make_participation(person, event, passages=[passage]),
            {"role": "moderator"},
            {"role": "attendee"},
        ),
        "wording": (statement.wordings.get(), {"text": "One."}, {"text": "Other."}),
        "statement": (statement, {"role_at_time": "minister"}, {"role_at_time": "president"}),
        "report": (report, {"state": "declined", "answer": "No."}, {"state": "accepted", "answer": "Yes."}),
    }


KINDS = ["record", "name", "link", "participation", "wording", "statement", "report"]


@pytest.mark.parametrize("kind", KINDS)
def test_the_older_form_is_refused_and_told_why(admin_client: Client, kind: str) -> None:
    row, first, second = rows()[kind]
    url = change_url(row)
    reason = {} if kind == "report" else {"change_reason": "Read again."}
    older = opened(admin_client, url) | reason
    assert admin_client.post(url, {**opened(admin_client, url), **reason, **first}).status_code == 302
    saved = type(row).objects.filter(pk=row.pk).values(*first).get()
    response = admin_client.post(url, {**older, **second})
    assert "after you opened it" in errors(response)[""][0], kind
    assert "admin changed this" in errors(response)[""][0]
    assert type(row).objects.filter(pk=row.pk).values(*first).get() == saved, "nothing is overwritten"
    seen = response.context["adminform"].form["seen"].value()
    assert f'name="seen" value="{seen}"' in response.content.decode()
    again = admin_client.post(url, {**older, **second, "seen": seen})
    assert again.status_code == 302, "with the newer version in view it is taken"
    assert type(row).objects.filter(pk=row.pk).values(*first).get() != saved


def test_a_row_of_an_inline_is_guarded_too(admin_client: Client) -> None:
    draft = make.make_person("Ann Lee", status="draft", passages=[make.make_passage()])
    older = opened(admin_client, change_url(draft))
    spelling = draft.names.get()
    admin_client.post(change_url(spelling), {**opened(admin_client, change_url(spelling)), "text": "Anne Lee"})
    response = admin_client.post(change_url(draft), {**older, "wikidata": "Q1"})
    assert "after you opened it" in errors(response)["names-0-__all__"][0]
    assert draft.names.get().text == "Anne Lee"
    statement = make.make_statement(wording="Old.", status="draft")
    older = opened(admin_client, change_url(statement))
    wording = statement.wordings.get()
    admin_client.post(change_url(wording), {**opened(admin_client, change_url(wording)), "text": "New."})
    admin_client.post(change_url(statement), {**older, "role_at_time": "minister"})
    assert Wording.objects.get().text == "New."


def test_what_both_leave_alone_is_no_conflict(admin_client: Client) -> None:
    """A row is compared by the fields of its form, so nobody is refused for what they could not have overwritten."""
    participation = make.make_participation(make.make_person(), make.make_event(), passages=[make.make_passage()])
    older = opened(admin_client, change_url(participation))
    Participation.objects.filter(pk=participation.pk).update(uid="other")
    assert admin_client.post(change_url(participation), {**older, "role": "moderator"}).status_code == 302


def test_what_an_account_may_do_is_not_overwritten_by_an_older_form(admin_client: Client) -> None:
    account = User.objects.create_user("ann", password="a long enough one", is_staff=True)
    older = opened(admin_client, change_url(account))
    assert (
        admin_client.post(
            change_url(account), {key: value for key, value in older.items() if key != "is_staff"}
        ).status_code
        == 302
    )
    response = admin_client.post(change_url(account), {**older, "first_name": "Ann"})
    assert "after you opened it" in errors(response)[""][0]
    account.refresh_from_db()
    assert (account.is_staff, account.first_name) == (False, "")
    older = opened(admin_client, change_url(account))
    account.set_password("another long one")
    account.save()
    answer = admin_client.post(change_url(account), {**older, "first_name": "Ann"})
    assert answer.status_code == 302, "the form does not write the password"
    account.refresh_from_db()
    assert account.check_password("another long one")


def test_what_a_group_may_do_is_not_overwritten_by_an_older_form(admin_client: Client) -> None:
    group = Group.objects.create(name="translators")
    older = opened(admin_client, change_url(group))
    rights = {"rights": ["passages:view", "facts:view"]}
    assert admin_client.post(change_url(group), {**older, **rights}).status_code == 302
    held = set(group.permissions.values_list("pk", flat=True))
    assert held
    response = admin_client.post(change_url(group), {**older, "name": "Translators"})
    assert "after you opened it" in errors(response)[""][0]
    group.refresh_from_db()
    assert (group.name, set(group.permissions.values_list("pk", flat=True))) == ("translators", held)
