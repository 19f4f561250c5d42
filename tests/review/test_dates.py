"""An editor sets a date; `manage.py publish_due` publishes what is ready then, as it was when the date was set."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError
from django.urls import reverse
from django.utils import timezone

from base.records.submissions import ReviewState, Submission
from directory.models import Person
from events.models import Statement
from tests import factories as make
from tests.review.article import Work, browser, make_work, move, press, submit, url_of

pytestmark = pytest.mark.django_db
LATER = "2099-05-01T08:00"


def dated() -> tuple[Work, Submission]:
    """Return an article in work whose submission has a date."""
    work = make_work()
    submission = submit(work.mai, work.source)
    assert press(work.lan, submission, "date", moment=LATER).status_code == 302
    submission.refresh_from_db()
    return work, submission


def publish_due(come: bool = True) -> str:
    """Run the command, after the dates have come, and return what it says."""
    if come:
        Submission.objects.exclude(publish_on=None).update(publish_on=timezone.now() - timedelta(minutes=1))
    out = io.StringIO()
    call_command("publish_due", stdout=out, stderr=out)
    return out.getvalue()


def test_what_is_due_is_published_in_the_name_of_who_set_the_date() -> None:
    work, submission = dated()
    assert f"{submission.publish_on:%Y-%m-%d %H:%M %Z}" == "2099-05-01 08:00 UTC"
    for page in (work.lan.get(url_of(submission)), work.mai.get(reverse("admin:index"))):
        assert "8 a.m. UTC" in page.content.decode()
    assert publish_due(come=False) == ""
    assert work.statuses() == {"draft"}
    assert publish_due() == f"Submission {submission.pk}: 7 published, 0 not ready.\n"
    assert work.statuses() == {"published"}
    submission.refresh_from_db()
    assert (submission.state, submission.decided_by, submission.publish_on) == (
        ReviewState.PUBLISHED,
        work.editor,
        None,
    )
    assert work.person.history.first().history_user == work.editor
    assert publish_due() == ""


def test_the_page_names_the_time_zone() -> None:
    work = make_work()
    submission = submit(work.mai, work.source)
    assert "Time zone: UTC." in work.lan.get(url_of(submission)).content.decode()


@pytest.mark.parametrize("moment", ["", "tomorrow", "2099-13-01T08:00", "9999999-01-01T00:00"])
def test_a_date_that_is_none_is_told_and_what_was_typed_stays(moment: str) -> None:
    work = make_work()
    submission = submit(work.mai, work.source)
    response = press(work.lan, submission, "date", moment=moment)
    assert response.status_code == 422
    text = response.content.decode()
    assert ("Write day and time as 2026-12-24T08:00." if moment else "This field is required.") in text
    assert f'value="{moment}"' in text or not moment


def test_a_date_that_has_passed_is_refused_and_what_was_typed_stays() -> None:
    work = make_work()
    submission = submit(work.mai, work.source)
    response = press(work.lan, submission, "date", moment="2001-01-01T08:00")
    assert response.status_code == 409
    assert "This moment has passed." in response.content.decode()
    assert 'value="2001-01-01T08:00"' in response.content.decode()


@pytest.mark.parametrize(
    ("moment", "says"),
    [
        ("2642-05-01T08:00", "2642 is a year of the Buddhist era. Write 2099."),
        ("9999-12-31T23:59", "This is more than 100 years ahead."),
    ],
)
def test_a_year_that_cannot_be_meant_is_refused(moment: str, says: str) -> None:
    work = make_work()
    submission = submit(work.mai, work.source)
    response = press(work.lan, submission, "date", moment=moment)
    assert response.status_code == 422
    assert says in response.content.decode()
    assert f'value="{moment}"' in response.content.decode()
    submission.refresh_from_db()
    assert submission.publish_on is None


def test_what_came_due_while_the_server_was_down_is_told_and_published_then() -> None:
    work, submission = dated()
    Submission.objects.filter(pk=submission.pk).update(publish_on=timezone.now() - timedelta(days=3))
    for page in (work.lan.get(url_of(submission)), work.mai.get(reverse("admin:index"))):
        assert "That time has come" in page.content.decode()
    assert publish_due(come=False) == f"Submission {submission.pk}: 7 published, 0 not ready.\n"
    assert work.statuses() == {"published"}


def test_an_answer_that_comes_too_late_is_not_lost() -> None:
    work, submission = dated()
    page = work.lan.get(url_of(submission))
    press(browser("kai", "editor"), submission, "publish")
    response = work.lan.post(
        url_of(submission), {"action": "send-back", "seen": page.context["seen"], "answer": "Why?"}
    )
    assert response.status_code == 409
    assert "It was published by Kai" in response.content.decode()


def test_what_was_changed_after_the_date_was_set_is_not_published_unseen() -> None:
    work, submission = dated()
    wording = work.statements[0].wordings.get()
    wording.text = "Asks for no tide table."
    wording.save()
    assert publish_due() == f"Submission {submission.pk}: 6 published, 0 not ready.\n"
    assert type(wording.statement).objects.get(pk=work.statements[0].pk).status == "draft"
    submission.refresh_from_db()
    assert (submission.state, submission.publish_on) == (ReviewState.WAITING, None)
    assert submission.missed_on is not None
    for page in (work.lan.get(reverse("admin:index")), work.lan.get(url_of(submission))):
        assert "not all of it was ready" in page.content.decode()
    assert "Changed after it was submitted" in work.lan.get(url_of(submission)).content.decode()
    press(work.lan, submission, "publish")
    submission.refresh_from_db()
    assert (submission.state, submission.missed_on) == (ReviewState.PUBLISHED, None)


def test_what_is_not_ready_by_then_is_told_to_the_editors() -> None:
    work = make_work()
    work.person.names.all().delete()
    submission = submit(work.mai, work.source)
    press(work.lan, submission, "date", moment=LATER)
    assert "not ready" in publish_due()
    assert Person.objects.get(pk=work.person.pk).status == "draft"
    home = work.lan.get(reverse("admin:index")).content.decode()
    assert "not all of it was ready" in home
    assert "It has no name yet." in work.lan.get(url_of(submission)).content.decode()


@pytest.mark.parametrize("loss", ["left", "demoted", "deleted"])
def test_an_editor_who_may_not_publish_any_more_publishes_nothing(loss: str) -> None:
    work, submission = dated()
    if loss == "left":
        work.editor.is_active = False
        work.editor.save()
    elif loss == "demoted":
        work.editor.groups.clear()
    else:
        work.editor.delete()
    assert publish_due() == f"Submission {submission.pk}: 0 published, 0 not ready.\n"
    assert work.statuses() == {"draft"}
    submission.refresh_from_db()
    assert submission.missed_on is not None
    text = browser("kai", "editor").get(url_of(submission)).content.decode()
    sentence = "Who set the date has no account any more."
    if loss != "deleted":
        sentence = "Lan, who set the date, may not publish all of it any more."
    assert sentence in text


def test_a_date_set_by_one_of_two_people_is_told_once_two_are_needed(settings: Any) -> None:
    settings.REVIEW_BY_TWO = False
    work = make_work()
    submission = submit(work.lan, work.source)
    assert press(work.lan, submission, "date", moment=LATER).status_code == 302
    settings.REVIEW_BY_TWO = True
    publish_due()
    assert work.statuses() == {"draft"}
    text = browser("kai", "editor").get(url_of(submission)).content.decode()
    assert "Two people are needed here, and Lan, who set the date, changed or submitted some of it." in text
    press(browser("kai", "editor"), submission, "publish")
    assert work.statuses() == {"published"}


def test_a_date_is_taken_back_by_an_editor_and_ends_with_what_is_sent_or_taken_back() -> None:
    work, submission = dated()
    press(work.lan, submission, "no-date")
    assert publish_due() == ""
    press(work.lan, submission, "date", moment=LATER)
    press(work.mai, submission, "take-back")
    assert publish_due() == ""
    assert work.statuses() == {"draft"}


def test_a_date_is_taken_back_while_nothing_is_ready_too() -> None:
    mai, lan = browser("mai", "contributor"), browser("lan", "editor")
    person = make.make_person("Ola Brun", status="draft")
    submission = submit(mai, person)
    press(lan, submission, "date", moment=LATER)
    assert 'value="no-date"' in lan.get(url_of(submission)).content.decode()
    person.names.all().delete()
    page = lan.get(url_of(submission))
    assert page.context["number_ready"] == 0
    assert 'value="no-date"' in page.content.decode()
    press(lan, submission, "no-date")
    submission.refresh_from_db()
    assert submission.publish_on is None
    assert 'value="no-date"' not in lan.get(url_of(submission)).content.decode()


def test_what_cites_a_passage_that_was_moved_after_the_date_was_set_is_not_published_unseen() -> None:
    work, submission = dated()
    move(work.statements[0].passages.get())
    publish_due()
    assert {Statement.objects.get(pk=row.pk).status for row in work.statements} == {"draft"}
    submission.refresh_from_db()
    assert submission.missed_on is not None
    assert Person.objects.get(pk=work.person.pk).status == "published"  # it cites another one


@pytest.mark.parametrize("fault", [DatabaseError("locked"), ValueError("a fault of a program")])
def test_an_error_leaves_the_others_and_is_told(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, fault: Exception
) -> None:
    work, first = dated()
    topic = make.make_topic("Nets", status="draft")
    second = submit(work.mai, topic)
    press(work.lan, second, "date", moment=LATER)
    from review.management.commands import publish_due as command

    real = command.publish_if_due

    def failing(key: int, now: Any) -> Any:
        if key == first.pk:
            raise fault
        return real(key, now)

    monkeypatch.setattr(command, "publish_if_due", failing)
    with pytest.raises(CommandError, match="1 submissions"):
        publish_due()
    assert [record.exc_info[1] for record in caplog.records if record.exc_info] == [fault]
    assert type(topic).objects.get(pk=topic.pk).status == "published"
    first.refresh_from_db()
    assert first.publish_on is not None
