"""What undoing makes public needs the right to publish, two people where the rule says so, and ends its review."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from base.admin.undo_rights import UserGuard
from base.models import ChangeSet
from base.records.change_sets import ChangeAction, change_set
from base.records.reverting import CannotRevert, revert
from base.records.row_changes import LineKey
from base.records.submissions import ReviewState, Submission, SubmittedRow
from directory.models import Person, PersonName
from tests import factories as make
from tests.review.article import browser

pytestmark = pytest.mark.django_db


@pytest.fixture
def spelling() -> PersonName:
    """Return a second public name of a public person."""
    person = make.make_person("Ann Lee", passages=[make.make_passage()])
    return make.make_name(person, "A. Lee", passages=[make.make_passage()])


def saved(row: Any, user: User | None = None, **columns: Any) -> ChangeSet:
    """Change columns of a row in an act of its own."""
    with change_set(user, ChangeAction.SAVE):
        for name, value in columns.items():
            setattr(row, name, value)
        row.save()
    return ChangeSet.objects.order_by("pk").last()  # type: ignore[return-value]


def is_shown(row: PersonName) -> bool:
    """Return whether readers see a name."""
    return bool(PersonName.objects.published().filter(pk=row.pk).exists())


@pytest.mark.parametrize("alone", [False, True])
@pytest.mark.parametrize("how", ["status", "person"])
def test_a_contributor_publishes_nothing_by_undoing(spelling: PersonName, how: str, alone: bool) -> None:
    change = {"status": "draft"} if how == "status" else {"person": make.make_person("Bo Li", status="draft")}
    act = saved(spelling, **change)
    assert not is_shown(spelling)
    line = {"line": str(LineKey("directory.PersonName", spelling.pk, "person_id" if how == "person" else how))}
    url, sent = reverse("admin:change_set", args=[act.pk]), {"reason": "Back.", **(line if alone else {})}
    contributor, editor = browser("mai", "contributor"), browser("lan", "editor")
    assert 'name="reason"' not in contributor.get(url).content.decode()
    assert contributor.post(url, sent).status_code == 403
    assert not is_shown(spelling)
    assert not ChangeSet.objects.filter(reverts=act).exists()
    assert editor.post(url, sent).status_code == 302
    assert is_shown(spelling)


def test_a_contributor_undoes_what_nobody_sees() -> None:
    name = make.make_person("Bo Li", status="draft").names.get()
    act = saved(name, status="draft")
    url = reverse("admin:change_set", args=[act.pk])
    assert browser("mai", "contributor").post(url, {"reason": "Back."}).status_code == 302
    name.refresh_from_db()
    assert name.status == "published"


def test_rights_are_asked_for_again_once_the_rows_are_locked_and_written(spelling: PersonName) -> None:
    browser("mai", "contributor")
    user = User.objects.get(username="mai")
    act = saved(spelling, text="A. Li")
    with pytest.raises(PermissionDenied):
        revert(act, user, "Back.", guard=UserGuard(user))
    statement = make.make_statement(wording="Spoken.")
    quote = make.make_wording(
        statement, "As printed.", nature="verbatim", passage=make.make_passage(words="As printed.")
    )
    act = saved(quote, text="As misprinted.")
    assert not type(quote).objects.published().filter(pk=quote.pk).exists()
    with pytest.raises(PermissionDenied):
        revert(act, user, "Back.", guard=UserGuard(user))
    quote.refresh_from_db()
    assert quote.text == "As misprinted."
    revert(act, None, "Back.")
    assert type(quote).objects.published().filter(pk=quote.pk).exists()


def test_moving_ones_own_row_back_before_readers_needs_another(spelling: PersonName, settings: Any) -> None:
    settings.REVIEW_BY_TWO = True
    for name in ("ada", "kai"):
        browser(name, "keeper")
    ada, kai = User.objects.get(username="ada"), User.objects.get(username="kai")
    act = saved(spelling, ada, person=make.make_person("Bo Li", status="draft"))
    with pytest.raises(CannotRevert, match=r"“A\. Lee” would be public again\. Two people"):
        revert(act, ada, "Back.", guard=UserGuard(ada))
    assert not is_shown(spelling)
    revert(act, kai, "Back.", guard=UserGuard(kai))
    assert is_shown(spelling)


def test_words_that_are_proven_again_need_another_too(settings: Any) -> None:
    settings.REVIEW_BY_TWO = True
    for name in ("ada", "kai"):
        browser(name, "keeper")
    ada, kai = User.objects.get(username="ada"), User.objects.get(username="kai")
    passage = make.make_passage(words="As printed.")
    quote = make.make_wording(make.make_statement(wording="Spoken."), "As printed.", nature="verbatim", passage=passage)
    act = saved(quote, ada, text="As misprinted.")
    with pytest.raises(CannotRevert, match=r"would be public again\. Two people"):
        revert(act, ada, "Back.")
    revert(act, kai, "Back.")
    assert type(quote).objects.published().filter(pk=quote.pk).exists()


def test_what_became_public_by_undoing_is_in_review_no_more(spelling: PersonName) -> None:
    browser("mai", "contributor")
    act = saved(spelling, status="draft")
    submission = Submission.objects.create(
        submitted_by=User.objects.get(username="mai"),
        submitted_at=timezone.now(),
        kind=spelling._meta.label,
        row=spelling.pk,
    )
    entry = SubmittedRow.objects.create(submission=submission, kind=spelling._meta.label, row=spelling.pk)
    revert(act, None, "Back.")
    entry.refresh_from_db()
    submission.refresh_from_db()
    assert (entry.state, submission.state) == (ReviewState.PUBLISHED, ReviewState.PUBLISHED)
    assert Person.objects.count() == 1
