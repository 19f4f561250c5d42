"""What was sent back is settled once its rows are public or deleted, on whatever way."""

from __future__ import annotations

import pytest

from base.records.submissions import ReviewState, Submission, SubmittedRow, open_submission_of
from tests import factories as make
from tests.review.article import browser, make_work, press, submit, url_of

pytestmark = pytest.mark.django_db


def test_what_was_sent_back_and_is_public_meanwhile_is_sent_back_no_longer() -> None:
    work = make_work()
    first, second = make.make_topic("Nets", status="draft"), make.make_topic("Ropes", status="draft")
    submission = submit(work.mai, first)
    SubmittedRow.objects.create(submission=submission, kind=second._meta.label, row=second.pk, label="Ropes")
    press(work.lan, submission, "send-back", answer="Say more.")
    assert open_submission_of(first) == submission
    second.publish()
    submission.refresh_from_db()
    assert (open_submission_of(second), submission.state) == (None, ReviewState.SENT_BACK)
    first.publish()
    submission.refresh_from_db()
    assert (open_submission_of(first), submission.state) == (None, ReviewState.PUBLISHED)
    text = work.mai.get(url_of(submission)).content.decode()
    assert "It was published by Somebody" in text  # who sent it back did not publish it
    assert 'value="again"' not in text


def test_what_was_sent_back_and_submitted_by_another_is_settled_in_both() -> None:
    work = make_work()
    topic = make.make_topic("Nets", status="draft")
    first = submit(work.mai, topic)
    press(work.lan, first, "send-back", answer="Say more.")
    second = submit(browser("tom", "contributor"), topic)
    press(work.lan, second, "publish")
    assert set(Submission.objects.values_list("state", flat=True)) == {ReviewState.PUBLISHED}
    assert open_submission_of(topic) is None


def test_what_was_sent_back_and_deleted_is_settled() -> None:
    work = make_work()
    topic = make.make_topic("Nets", status="draft")
    submission = submit(work.mai, topic)
    press(work.lan, submission, "send-back", answer="Say more.")
    topic.delete()
    submission.refresh_from_db()
    assert submission.state == ReviewState.TAKEN_BACK
