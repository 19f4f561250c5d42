"""Curators answer reports; every answer is in the log."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

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
