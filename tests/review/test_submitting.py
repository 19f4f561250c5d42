"""A curator submits an article or a record, and takes it back; an editor sends it back with a word, or publishes what is ready."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from base.records.submissions import ReviewState, Submission, SubmittedRow
from directory.models import Person, PersonName
from events.models import Statement
from tests import factories as make
from tests.curation import change_url, messages, opened
from tests.review.article import TEXT, browser, make_work, move, press, submit, submit_url, url_of

pytestmark = pytest.mark.django_db


def test_an_article_is_submitted_with_all_that_was_made_of_it_and_published_in_one_act() -> None:
    work = make_work()
    page = work.mai.get(submit_url(work.source)).content.decode()
    assert "2 statements, 1 event, 1 person, 1 organization, 1 source, 1 topic" in page
    submission = submit(work.mai, work.source)
    assert {(row.kind, row.row) for row in submission.rows.all()} == {(row._meta.label, row.pk) for row in work.drafts}
    assert work.statuses() == {"draft"}

    page = work.lan.get(url_of(submission)).content.decode()
    assert "Please look." in page
    assert "7 rows are ready" in page
    assert "Publish all of it" in page
    response = press(work.lan, submission, "publish", answer="Checked against the recording.")
    assert response.status_code == 302
    assert work.statuses() == {"published"}
    submission.refresh_from_db()
    assert (submission.state, submission.decided_by) == (ReviewState.PUBLISHED, work.editor)
    last = work.statements[0].history.first()
    assert (last.history_user, last.history_change_reason) == (work.editor, "Reviewed: Checked against the recording.")
    assert work.lan.get(f"/people/{work.person.slug}/").status_code == 200


def test_a_record_goes_with_what_it_needs_and_a_public_one_with_its_drafts_alone() -> None:
    work = make_work()
    submission = submit(work.mai, work.statements[0])
    kinds = {row.kind for row in submission.rows.all()}
    assert kinds == {"events.Statement", "events.Event", "directory.Person", "directory.Source", "directory.Topic"}
    assert submission.rows.filter(kind="events.Statement").count() == 1

    known = make.make_person("Ines Aldana", passages=[make.make_passage()])
    spelling = make.make_name(known, "Inés Aldana", "es", status="draft", passages=[make.make_passage()])
    submission = submit(work.mai, known)
    assert [(row.kind, row.row) for row in submission.rows.all()] == [("directory.PersonName", spelling.pk)]
    press(work.lan, submission, "publish")
    assert PersonName.objects.get(pk=spelling.pk).status == "published"
    assert "Inés Aldana" in work.lan.get(f"/people/{known.slug}/").content.decode()


def test_what_is_not_ready_is_told_and_stays_while_the_rest_is_published() -> None:
    work = make_work()
    Statement.objects.get(pk=work.statements[1].pk).wordings.all().delete()
    submission = submit(work.mai, work.source)
    page = work.lan.get(url_of(submission)).content.decode()
    assert "It has no wording." in page
    assert "Publish what is ready" in page
    press(work.lan, submission, "publish")
    statuses = [Statement.objects.get(pk=row.pk).status for row in work.statements]
    assert statuses == ["published", "draft"]
    submission.refresh_from_db()
    assert submission.state == ReviewState.WAITING
    assert "It has no wording." in work.lan.get(url_of(submission)).content.decode()
    press(work.lan, submission, "send-back", answer="The second has no words yet.")
    assert Submission.objects.get().state == ReviewState.SENT_BACK


def test_what_rests_on_a_row_that_is_not_ready_is_not_ready_either() -> None:
    work = make_work()
    work.person.names.all().delete()
    submission = submit(work.mai, work.source)
    press(work.lan, submission, "publish")
    assert Person.objects.get(pk=work.person.pk).status == "draft"
    assert {Statement.objects.get(pk=row.pk).status for row in work.statements} == {"draft"}
    assert type(work.source).objects.get(pk=work.source.pk).status == "published"


def test_what_is_sent_back_comes_with_a_word_and_is_submitted_again_with_what_is_new() -> None:
    work = make_work()
    submission = submit(work.mai, work.source)
    assert press(work.lan, submission, "send-back", answer=" ").status_code == 422
    press(work.lan, submission, "send-back", answer="Name the role, please.")
    home = work.mai.get(reverse("admin:index")).content.decode()
    assert "Name the role, please." in home
    assert "sent back" in work.mai.get(reverse("admin:desk_read", args=[work.source.slug])).content.decode()

    third = make.make_statement(
        work.person, passages=[make.make_passage(work.source, "The towns agreed.")], status="draft"
    )
    press(work.mai, submission, "again", note="Done.")
    submission.refresh_from_db()
    assert (submission.state, submission.note) == (ReviewState.WAITING, "Done.")
    assert submission.rows.filter(kind="events.Statement", row=third.pk, state=ReviewState.WAITING).exists()


def test_one_takes_back_what_one_submitted_and_nobody_else_does() -> None:
    work = make_work()
    submission = submit(work.mai, work.source)
    assert press(work.lan, submission, "take-back").status_code == 403
    press(work.mai, submission, "take-back")
    submission.refresh_from_db()
    assert submission.state == ReviewState.TAKEN_BACK
    assert not SubmittedRow.objects.filter(state=ReviewState.WAITING).exists()
    submit(work.mai, work.source)


def test_contributors_neither_publish_nor_send_back_nor_see_what_others_submitted() -> None:
    work = make_work()
    submission = submit(work.mai, work.source)
    other = browser("tom", "contributor")
    assert other.get(url_of(submission)).status_code == 403
    for client in (work.mai, other):
        for action, data in (
            ("publish", {}),
            ("send-back", {"answer": "No."}),
            ("date", {"moment": "2099-01-01T08:00"}),
        ):
            assert client.post(url_of(submission), {"action": action, "seen": "", **data}).status_code == 403
    assert work.statuses() == {"draft"}
    page = work.mai.get(url_of(submission)).content.decode()
    assert "Take back" in page
    assert "Publish all of it" not in page


def test_who_may_not_change_such_rows_may_not_submit_them() -> None:
    work = make_work()
    assert browser("reader").get(submit_url(work.source)).status_code == 403


@pytest.mark.parametrize(
    "row",
    [
        "",
        "directory.source",
        "directory.source:",
        "directory.source:99999",
        "directory.source:9999999999999999999999",
        "auth.user:1",
        "directory.passage:1",
        "nothing.at:1",
        "directory.source:-1",
        "x:1:2",
        "directory.source:1\u0660",
    ],
)
def test_forged_rows_are_not_there(row: str) -> None:
    response = browser("mai", "contributor").get(reverse("admin:review_submit"), {"row": row})
    assert response.status_code == 404


@pytest.mark.parametrize("number", ["0", "99999", "9" * 40, "x", "-1"])
def test_forged_submissions_are_not_there(number: str) -> None:
    assert browser("lan", "editor").get(f"/admin/review/{number}/").status_code == 404


def test_what_waits_is_not_submitted_twice() -> None:
    work = make_work()
    submit(work.mai, work.source)
    tom = browser("tom", "contributor")
    page = tom.get(submit_url(work.statements[0])).content.decode()
    assert "in review already" in page
    response = tom.post(submit_url(work.statements[0]), {"note": ""})
    assert response.status_code == 409
    assert "There is nothing to submit" in response.content.decode()
    assert Submission.objects.count() == 1


def test_the_same_button_in_two_windows_publishes_once() -> None:
    work = make_work()
    submission = submit(work.mai, work.source)
    seen = work.lan.get(url_of(submission)).context["seen"]
    assert work.lan.post(url_of(submission), {"action": "publish", "seen": seen}).status_code == 302
    again = work.lan.post(url_of(submission), {"action": "publish", "seen": seen})
    assert again.status_code == 409
    assert "It was published by Lan" in again.content.decode()
    assert work.person.history.filter(status="published").count() == 1


def test_a_page_that_is_older_than_a_row_publishes_nothing() -> None:
    work = make_work()
    submission = submit(work.mai, work.source)
    seen = work.lan.get(url_of(submission)).context["seen"]
    wording = work.statements[0].wordings.get()
    wording.text = "Asks for two tide tables."
    wording.save()
    response = work.lan.post(url_of(submission), {"action": "publish", "seen": seen, "answer": "Good."})
    assert response.status_code == 409
    text = response.content.decode()
    assert "Something of it was changed after you opened the page." in text
    assert "Changed after it was submitted: Wording" in text
    assert work.statuses() == {"draft"}
    assert press(work.lan, submission, "publish").status_code == 302
    assert work.statuses() == {"published"}


@pytest.mark.parametrize("cited_by", ["a statement", "a name"])
def test_a_page_that_is_older_than_a_passage_publishes_nothing(cited_by: str) -> None:
    work = make_work()
    if cited_by == "a name":
        make.cite(work.person.names.get(), make.make_passage(work.source, TEXT.splitlines()[2]))
    submission = submit(work.mai, work.source)
    seen = work.lan.get(url_of(submission)).context["seen"]
    cites = work.statements[0] if cited_by == "a statement" else work.person.names.get()
    move(cites.passages.order_by("-start")[0])
    response = work.lan.post(url_of(submission), {"action": "publish", "seen": seen, "answer": "Good."})
    assert response.status_code == 409
    assert "Something of it was changed after you opened the page." in response.content.decode()
    assert work.statuses() == {"draft"}
    assert press(work.lan, submission, "publish").status_code == 302


def test_a_row_that_was_deleted_or_published_elsewhere_waits_no_longer() -> None:
    work = make_work()
    submission = submit(work.mai, work.source)
    label = str(submission.rows.get(kind="events.Statement", row=work.statements[1].pk))
    Statement.objects.get(pk=work.statements[1].pk).delete()
    work.source.publish()
    text = work.lan.get(url_of(submission)).content.decode()
    assert "Deleted meanwhile:" in text
    assert label[:20] in text
    assert "1 row of it is published already" in text
    press(work.lan, submission, "publish")
    assert Submission.objects.get().state == ReviewState.PUBLISHED


def test_a_submission_of_which_everything_was_deleted_is_settled() -> None:
    work = make_work()
    topic = make.make_topic("Nets", status="draft")
    submission = submit(work.mai, topic)
    topic.delete()
    submission.refresh_from_db()
    assert submission.state == ReviewState.TAKEN_BACK
    assert work.lan.get(url_of(submission)).status_code == 200


def test_every_field_of_a_page_has_an_id_of_its_own() -> None:
    work = make_work()
    submission = submit(work.mai, work.source)
    for client in (work.lan, work.mai):
        text = client.get(url_of(submission)).content.decode()
        ids = [found for found in re.findall(r'\sid="([^"]+)"', text) if not found.startswith("icon-")]
        assert sorted(set(ids)) == sorted(ids)


def test_a_button_that_is_none_is_told() -> None:
    work = make_work()
    submission = submit(work.mai, work.source)
    response = work.lan.post(url_of(submission), {"action": "burn"})
    assert response.status_code == 400
    assert "no such button" in response.content.decode()


def test_forms_lists_and_the_desk_show_what_is_in_review() -> None:
    work = make_work()
    assert "Submit for review" in work.mai.get(change_url(work.person)).content.decode()
    submission = submit(work.mai, work.source)
    text = work.mai.get(change_url(work.person)).content.decode()
    assert "in review" in text
    assert url_of(submission) in text
    other = make.make_person("Not Submitted", status="draft")
    listing = reverse("admin:directory_person_changelist")
    text = work.lan.get(listing).content.decode()
    assert text.count("draft, in review") == 1
    text = work.lan.get(f"{listing}?review=waiting").content.decode()
    assert work.person.slug in text
    assert other.slug not in text
    home = work.lan.get(reverse("admin:index"))
    text = home.content.decode()
    assert "Waiting for review" in text
    assert "of “Harbour towns agree”" in text
    assert home.context["header_counts"].submissions == 1
    assert "Review 1" in text
    assert "in review" in work.mai.get(reverse("admin:desk_read", args=[work.source.slug])).content.decode()


def test_a_published_or_withdrawn_record_offers_nothing_to_submit() -> None:
    client = browser("lan", "editor")
    person = make.make_person("Withdrawn One", status="withdrawn")
    assert "Submit for review" not in client.get(change_url(person)).content.decode()


def test_a_form_is_saved_and_submitted_with_one_button() -> None:
    mai = browser("mai", "contributor")
    topic = make.make_topic("Nets", status="draft")
    url = change_url(topic.names.get())
    assert "Save and submit for review" not in mai.get(url).content.decode()  # the name is no draft
    url = change_url(topic)
    assert "Save and submit for review" in mai.get(url).content.decode()
    response = mai.post(url, {**opened(mai, url), "change_reason": "New.", "_submit": "1"})
    assert (response.status_code, response["Location"]) == (302, submit_url(topic))
    assert topic.history.first().history_change_reason == "New."
    submit(mai, topic)
    assert "Save and submit for review" not in mai.get(url).content.decode()


def test_what_is_made_of_an_article_later_is_submitted_by_itself() -> None:
    work = make_work()
    first = submit(work.mai, work.source)
    reading = reverse("admin:desk_read", args=[work.source.slug])
    assert "Submit what is new" in work.mai.get(reading).content.decode()
    third = make.make_statement(
        work.person, passages=[make.make_passage(work.source, "The towns agreed.")], status="draft"
    )
    second = submit(work.mai, work.source)
    assert [row.row for row in second.rows.all()] == [third.pk]
    press(work.lan, first, "publish")
    text = work.mai.get(reading).content.decode()  # the article is public, and what was made of it waits
    assert url_of(second) in text
    press(work.lan, second, "publish")
    assert "in review" not in work.mai.get(reading).content.decode()


def test_what_was_sent_back_to_one_may_be_submitted_by_another() -> None:
    work = make_work()
    submission = submit(work.mai, work.source)
    press(work.lan, submission, "send-back", answer="Not yet.")
    tom = browser("tom", "contributor")
    assert submit_url(work.source) in tom.get(reverse("admin:desk_read", args=[work.source.slug])).content.decode()
    submit(tom, work.source)
    response = press(work.mai, submission, "again")
    assert response.status_code == 409
    assert "There is nothing to submit" in response.content.decode()


def test_the_form_of_a_public_record_tells_that_a_spelling_of_it_waits() -> None:
    mai = browser("mai", "contributor")
    known = make.make_person("Ines Aldana", passages=[make.make_passage()])
    make.make_name(known, "Inés Aldana", "es", status="draft", passages=[make.make_passage()])
    submission = submit(mai, known)
    assert url_of(submission) in mai.get(change_url(known)).content.decode()


def test_the_first_page_costs_the_same_however_much_waits() -> None:
    work = make_work()
    client = browser("lan", "editor")
    costs = []
    for numbers in ((1,), (2, 3, 4)):
        for number in numbers:
            submit(work.mai, make.make_topic(f"Nets {number}", status="draft"))
            submit(work.lan, make.make_topic(f"Boats {number}", status="draft"))
        with CaptureQueriesContext(connection) as queries:
            text = client.get(reverse("admin:index")).content.decode()
        assert "Nets 1" in text
        costs.append(len([query for query in queries if "submi" in query["sql"]]))
    assert costs[0] == costs[1] == 4


def test_the_message_says_what_was_done() -> None:
    work = make_work()
    submission = submit(work.mai, work.source)
    page = work.lan.get(url_of(submission))
    done = work.lan.post(url_of(submission), {"action": "publish", "seen": page.context["seen"]}, follow=True)
    assert messages(done) == ["Published: 2 statements, 1 event, 1 person, 1 organization, 1 source, 1 topic."]
