"""Two curators at one submission at once: one waits for the other, sees what was done, and nothing is done twice or lost."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User

from base.records.locking import RowsByModel
from base.records.submissions import ReviewState, Submission, SubmittedRow
from directory.models import Topic
from review.changes import digest_of_versions, version_digests
from review.gathering import drafts_to_submit
from review.submissions import ReviewRefused, publish_submission, send_back, submit, take_back
from tests import factories as make
from tests.accounts.people import make_user
from tests.directory.test_at_the_same_moment import two_connections, uncommitted
from tests.review.article import make_work
from tests.review.article import submit as submit_by_page

pytestmark = two_connections


def submit_rows(user: User, row: Topic, rows: RowsByModel) -> Submission:
    """Submit rows."""
    return submit(user, row, str(row), rows, {}, "")


def test_a_row_is_submitted_once() -> None:
    topic = make.make_topic("Tides", status="draft")
    mai, tom = make_user("mai", "contributor"), make_user("tom", "contributor")
    rows, seen = drafts_to_submit(topic), []  # type: ignore[var-annotated]
    with uncommitted(lambda: submit_rows(mai, topic, rows), lambda: submit_rows(tom, topic, rows), seen):
        assert seen[0] is True
        assert isinstance(seen[1], ReviewRefused)
    assert SubmittedRow.objects.get().submission.submitted_by == mai


@pytest.mark.parametrize("second", ["publish", "send-back", "take-back"])
def test_who_comes_second_is_told_that_it_is_published(second: str) -> None:
    work = make_work()
    submission = submit_by_page(work.mai, work.source)
    kai, mai = make_user("kai", "editor"), User.objects.get(username="mai")
    seen_version = digest_of_versions(version_digests(submission.waiting_rows()))
    ways = {
        "publish": lambda: publish_submission(submission.pk, kai, seen_version, ""),
        "send-back": lambda: send_back(submission.pk, kai, "No."),
        "take-back": lambda: take_back(submission.pk, mai),
    }
    seen: list[object] = []
    with uncommitted(lambda: publish_submission(submission.pk, work.editor, seen_version, ""), ways[second], seen):
        assert seen[0] is True
        assert isinstance(seen[1], ReviewRefused)
        assert "It was published" in str(seen[1])
    submission.refresh_from_db()
    assert (submission.state, submission.decided_by) == (ReviewState.PUBLISHED, work.editor)
    assert work.person.history.filter(status="published").count() == 1


def test_a_row_that_is_being_changed_is_not_published_unseen() -> None:
    work = make_work()
    submission = submit_by_page(work.mai, work.source)
    shown = digest_of_versions(version_digests(submission.waiting_rows()))
    seen: list[object] = []

    def change() -> None:
        work.event.place = "Elsewhere"
        work.event.save()

    with uncommitted(change, lambda: publish_submission(submission.pk, work.editor, shown, ""), seen):
        assert seen[0] is True
        assert isinstance(seen[1], ReviewRefused)
    assert work.statuses() == {"draft"}
