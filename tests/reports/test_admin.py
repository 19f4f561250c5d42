"""Curators answer reports; every answer is in the log."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from base.records.merging import merge
from reports.models import Report
from tests import factories as make

pytestmark = pytest.mark.django_db
LIST = "/admin/reports/report/"


def report(**columns: object) -> Report:
    made = Report(**{"record_kind": "person", "record_id": "ann-lee", "record_path": "/people/ann-lee/", **columns})
    made.message = "Her name is <b>Anne</b>."
    made.move_to("open")
    return made


def test_several_are_answered_at_once(admin_client: Client) -> None:
    one, two, done = report(), report(), report(answer="Before.")
    done.move_to("declined", "Before.")
    chosen = {"action": "accept", "_selected_action": [one.pk, two.pk, done.pk]}
    asked = admin_client.post(LIST, chosen)
    assert "Public. Say what was changed" in asked.content.decode()
    assert Report.objects.filter(state="accepted").count() == 0
    assert "This field is required" in admin_client.post(LIST, {**chosen, "confirmed": "yes"}).content.decode()
    answered = admin_client.post(LIST, {**chosen, "confirmed": "yes", "answer": "Corrected."}, follow=True)
    assert "2 accepted." in answered.content.decode()
    states = dict(Report.objects.values_list("pk", "state"))
    assert states == {one.pk: "accepted", two.pk: "accepted", done.pk: "declined"}
    assert [(entry.state, entry.note) for entry in one.entries.all()] == [("open", ""), ("accepted", "Corrected.")]
    one.refresh_from_db()
    assert (one.answer, one.message_is_public) == ("Corrected.", False)
    declined = {"action": "decline", "_selected_action": [report().pk], "confirmed": "yes", "answer": "No."}
    assert "1 declined." in admin_client.post(LIST, declined, follow=True).content.decode()


def test_one_is_answered_on_its_page(admin_client: Client) -> None:
    row = report(contact="reader@example.org")
    page = reverse("admin:reports_report_change", args=[row.pk])
    body = admin_client.get(page).content.decode()
    assert "reader@example.org" in body
    assert "&lt;b&gt;Anne" in body
    log = {"entries-TOTAL_FORMS": 0, "entries-INITIAL_FORMS": 0}
    refused = admin_client.post(page, {"state": "accepted", "answer": "", **log})
    assert "Say what was changed, or why nothing was" in refused.content.decode()
    shown = {"state": "accepted", "answer": "Corrected.", "message_is_public": "on", "message": "Changed.", **log}
    assert admin_client.post(page, shown).status_code == 302
    row.refresh_from_db()
    assert (row.state, row.answer, row.message_is_public) == ("accepted", "Corrected.", True)
    assert row.message == "Her name is <b>Anne</b>."  # nobody changes what a reader wrote
    assert row.entries.count() == 2
    assert admin_client.post(page, shown).status_code == 302
    assert row.entries.count() == 2  # nothing was decided, so nothing is logged
    assert [version.state for version in row.history.all()][-1] == "open"
    assert admin_client.get(reverse("admin:reports_report_history", args=[row.pk])).status_code == 200


def test_a_report_that_came_by_letter_is_added_by_hand(admin_client: Client) -> None:
    make.make_person()
    log = {"entries-TOTAL_FORMS": 0, "entries-INITIAL_FORMS": 0}
    page = reverse("admin:reports_report_add")
    typed = {"record_path": "/people/nobody/", "part": "name", "message": "By letter.", **log}
    assert "No record was ever public" in admin_client.post(page, typed).content.decode()
    assert admin_client.post(page, {**typed, "record_path": "/people/ann-lee/"}).status_code == 302
    row = Report.objects.get()
    assert (row.record_kind, row.record_id, row.state, row.sender) == ("person", "ann-lee", "open", "")
    assert row.entries.count() == 1


def test_the_record_and_its_source_stand_beside_a_report(admin_client: Client) -> None:
    source = make.make_source("Tides", text="Ann Lee was the pilot.\n")
    statement = make.make_statement(
        make.make_person("Ann Lee"), None, "She was the pilot.", passages=[make.make_passage(source, "the pilot")]
    )
    row = report(record_kind="statement", record_id=statement.slug, record_path=f"/statements/{statement.slug}/")
    text = admin_client.get(reverse("admin:reports_report_change", args=[row.pk])).content.decode()
    assert reverse("admin:events_statement_change", args=[statement.pk]) in text
    assert "She was the pilot." in text
    assert '<p lang="en">the pilot</p>' in text
    assert reverse("admin:directory_source_change", args=[source.pk]) in text


def test_a_report_finds_its_record_under_another_id_and_after_a_merger(admin_client: Client) -> None:
    person, other = make.make_person("Ann Lee"), make.make_person("Anne Lee")
    person.slug = "ann-b-lee"
    person.save()
    page = reverse("admin:reports_report_change", args=[report().pk])
    assert reverse("admin:directory_person_change", args=[person.pk]) in admin_client.get(page).content.decode()
    merge(person, other, reason="the same")
    assert reverse("admin:directory_person_change", args=[other.pk]) in admin_client.get(page).content.decode()
    gone = reverse("admin:reports_report_change", args=[report(record_id="nobody").pk])
    assert "There is no such record any more." in admin_client.get(gone).content.decode()


def test_the_list_says_what_a_record_is_called(admin_client: Client) -> None:
    statement = make.make_statement(make.make_person("Ann Lee"), wording="The river is low.")
    for kind, slug, path in (
        ("statement", statement.slug, f"/statements/{statement.slug}/"),
        ("person", "ann-lee", "/people/ann-lee/"),
        ("person", "gone", "/people/gone/"),
    ):
        Report(record_kind=kind, record_id=slug, record_path=path, message="Wrong.").move_to("open")
    page = admin_client.get(reverse("admin:reports_report_changelist")).content.decode()
    cells = re.findall(r'class="field-about">([^<]*)<', page)
    assert cells == ["/people/gone/", "Ann Lee", "The river is low."]
