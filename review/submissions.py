"""What curators do with submissions: submit, take back, send back, publish, set a date. Each is one transaction, all or nothing."""

from __future__ import annotations

import datetime
import secrets
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta

from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from base.admin import may, publish_what_is_ready
from base.records.change_reasons import PUBLISHED_AFTER_REVIEW, REVIEWED
from base.records.change_sets import ChangeAction, change_set
from base.records.curators import curator_name
from base.records.locking import RowsByModel, lock_rows
from base.records.publishing import Publishable, Status
from base.records.publishing_together import PublishedTogether
from base.records.second_person import another_has_to, rows_needing_another
from base.records.submissions import (
    ReviewState,
    Submission,
    SubmittedRow,
    keys_in_review,
    note_outcome,
)
from base.sql.prepared import AnyOf
from review.changes import RowKey, digest_of_versions, version_digests


class ReviewRefused(Exception):
    """What cannot be done with a submission any more, or not by this curator; nothing was changed. The text is for the curator."""


# Submitting -----------------------------------------------------------------------------------------------------------------


def submit(
    user: User, about: Publishable, label: str, rows: RowsByModel, labels: Mapping[RowKey, str], note: str
) -> Submission:
    """Submit drafts for review, without those that are none any more or wait already. Raises ReviewRefused if none is left."""
    try:
        with transaction.atomic():
            lock_rows(rows)
            left = _submittable(rows)
            if not any(left.values()):
                raise ReviewRefused(_("There is nothing to submit: all of it is public, in review, or deleted."))
            submission = Submission.objects.create(
                kind=about._meta.label, row=about.pk, label=label[:500], submitted_by=user, note=note
            )
            _add_rows(submission, left, labels)
    except IntegrityError as error:
        raise ReviewRefused(_("Somebody else has just submitted one of these rows. Look again.")) from error
    return submission


def _submittable(rows: RowsByModel) -> dict[type[Publishable], set[int]]:
    """Return those of the rows that are drafts and wait in no submission. Two queries a model."""
    left = {}
    for model, keys in rows.items():
        drafts = model._base_manager.filter(AnyOf("pk", list(keys)), status=Status.DRAFT)
        left[model] = set(drafts.values_list("pk", flat=True)) - set(keys_in_review(model, keys))
    return left


def _add_rows(submission: Submission, rows: RowsByModel, labels: Mapping[RowKey, str]) -> None:
    SubmittedRow.objects.bulk_create(
        SubmittedRow(
            submission=submission, kind=model._meta.label, row=key, label=labels.get((model, key), str(key))[:500]
        )
        for model, keys in rows.items()
        for key in sorted(keys)
    )


def submit_again(key: int, user: User, rows: RowsByModel, labels: Mapping[RowKey, str], note: str) -> Submission:
    """Submit again what was sent back, with what belongs to it by now."""
    try:
        with _locked(key, ReviewState.SENT_BACK) as submission:
            _require_own(submission, user)
            lock_rows(rows)
            left = _submittable(rows)
            if not any(left.values()):
                raise ReviewRefused(_("There is nothing to submit: all of it is public, in review, or deleted."))
            submission.rows.filter(state=ReviewState.SENT_BACK).delete()
            _add_rows(submission, left, labels)
            submission.state, submission.submitted_at, submission.note = ReviewState.WAITING, timezone.now(), note
            submission.save()
    except IntegrityError as error:
        raise ReviewRefused(_("Somebody else has just submitted one of these rows. Look again.")) from error
    return submission


def take_back(key: int, user: User) -> Submission:
    """Take back what one submitted oneself, while it waits or after it was sent back."""
    with _locked(key, ReviewState.WAITING, ReviewState.SENT_BACK) as submission:
        _require_own(submission, user)
        _end(submission, ReviewState.TAKEN_BACK, user, "")
    return submission


# Deciding -------------------------------------------------------------------------------------------------------------------


def send_back(key: int, user: User, answer: str) -> Submission:
    """Send back what waits, with a word that says what is to be done."""
    with _locked(key, ReviewState.WAITING) as submission:
        require_publisher(user, submission.waiting_rows())
        _end(submission, ReviewState.SENT_BACK, user, answer)
    return submission


def publish_submission(key: int, user: User, seen: str, answer: str) -> PublishedTogether:
    """Publish what is ready of a submission; the rest goes on waiting. Says what is not ready and why.

    `seen` is the digest of what the editor looked at. Raises ReviewRefused if something was changed since.
    """
    with _locked(key, ReviewState.WAITING) as submission:
        rows = submission.waiting_rows()
        require_publisher(user, rows)
        lock_rows(rows)
        if digest_of_versions(version_digests(rows)) != seen:
            raise ReviewRefused(
                _("Something of it was changed after you opened the page. Nothing was published; look again.")
            )
        return _publish(submission, rows, user, answer)


def _publish(submission: Submission, rows: RowsByModel, user: User, answer: str) -> PublishedTogether:
    reason = REVIEWED(answer) if answer else PUBLISHED_AFTER_REVIEW()
    with change_set(user, ChangeAction.REVIEW, answer):
        outcome = publish_what_is_ready(rows, reason, user)
    _settle_gone(rows)
    submission.refresh_from_db()
    if outcome.published:
        submission.decided_by, submission.decided_at, submission.answer = user, timezone.now(), answer
    if submission.state == ReviewState.PUBLISHED:
        submission.missed_on = None
    submission.save()
    return outcome


def _settle_gone(rows: RowsByModel) -> None:
    """Note of rows that wait what has become of them, should that have happened past the models: deleted, withdrawn or public."""
    for model, keys in rows.items():
        statuses = dict(model._base_manager.filter(AnyOf("pk", list(keys))).values_list("pk", "status"))
        public = {pk for pk, status in statuses.items() if status == Status.PUBLISHED}
        note_outcome(model, public, ReviewState.PUBLISHED)
        note_outcome(
            model, {pk for pk in keys if statuses.get(pk) not in (*public, Status.DRAFT)} - public, ReviewState.GONE
        )


def set_date(key: int, user: User, seen: str, moment: datetime.datetime) -> Submission:
    """Have a submission published at a moment, as it is now: what is changed after this is not published unseen."""
    with _locked(key, ReviewState.WAITING) as submission:
        rows = submission.waiting_rows()
        require_publisher(user, rows)
        lock_rows(rows)
        versions = version_digests(rows)
        if digest_of_versions(versions) != seen:
            raise ReviewRefused(
                _("Something of it was changed after you opened the page. No date was set; look again.")
            )
        if moment <= timezone.now():
            raise ReviewRefused(_("This moment has passed. Publish it now, or choose a later one."))
        if rows_needing_another(user, rows):
            raise ReviewRefused(another_has_to())
        submission.publish_on, submission.scheduled_by, submission.missed_on = moment, user, None
        submission.save()
        entries = list(submission.rows.filter(state=ReviewState.WAITING))
        by_label = {(model._meta.label, pk): version for (model, pk), version in versions.items()}
        for entry in entries:
            entry.seen = by_label[entry.kind, entry.row]
        SubmittedRow.objects.bulk_update(entries, ["seen"], batch_size=500)
    return submission


def cancel_date(key: int, user: User) -> Submission:
    """Take the date of publication back: it waits for an editor again."""
    with _locked(key, ReviewState.WAITING) as submission:
        require_publisher(user, submission.waiting_rows())
        submission.publish_on = submission.missed_on = submission.scheduled_by = None
        submission.save()
    return submission


def publish_if_due(key: int, now: datetime.datetime) -> PublishedTogether | None:
    """Publish a submission whose date has come, as it was when the date was set; None if it is not due.

    What is not ready, or was changed since, goes on waiting: `missed_on` tells the editors.
    """
    with transaction.atomic():
        submission = (
            Submission.objects.select_for_update(of=("self",)).filter(pk=key, state=ReviewState.WAITING).first()
        )
        if submission is None or submission.publish_on is None or submission.publish_on > now:
            return None
        moment, editor = submission.publish_on, submission.scheduled_by
        rows = submission.waiting_rows()
        lock_rows(rows)
        outcome = PublishedTogether()
        if editor is not None and editor.is_active and may_publish_all(editor, rows):
            outcome = _publish(submission, _as_approved(submission, rows), editor, "")
        left = submission.rows.filter(state=ReviewState.WAITING).exists()
        submission.publish_on, submission.missed_on = None, moment if left else None
        submission.save()
    return outcome


def reasons_missed(submission: Submission, rows: RowsByModel) -> list[str]:
    """Return why who set the date that passed cannot publish these rows, as sentences; none if only the rows were not ready."""
    editor = submission.scheduled_by
    if submission.missed_on is None:
        return []
    if editor is None:
        return [_("Who set the date has no account any more.")]
    if not editor.is_active or not may_publish_all(editor, rows):
        return [_("%s, who set the date, may not publish all of it any more.") % curator_name(editor)]
    if rows_needing_another(editor, rows):
        return [
            _("Two people are needed here, and %s, who set the date, changed or submitted some of it.")
            % curator_name(editor)
        ]
    return []


def _as_approved(submission: Submission, rows: RowsByModel) -> RowsByModel:
    """Return those of the waiting rows that are as they were when the date was set."""
    waiting = submission.rows.filter(state=ReviewState.WAITING)
    seen = {(kind, row): version for kind, row, version in waiting.values_list("kind", "row", "seen")}
    versions = version_digests(rows)
    return {
        model: {key for key in keys if versions[model, key] == seen[model._meta.label, key]}
        for model, keys in rows.items()
    }


def due_submissions(now: datetime.datetime) -> list[int]:
    """Return the keys of the submissions whose date has come, the oldest date first. One query."""
    due = Submission.objects.filter(state=ReviewState.WAITING, publish_on__lte=now).order_by("publish_on", "pk")
    return list(due.values_list("pk", flat=True))


# Previews -------------------------------------------------------------------------------------------------------------------


def open_preview(key: int, user: User) -> Submission:
    """Make a secret address for the preview of what waits; one that was made before ends."""
    with _locked(key, ReviewState.WAITING) as submission:
        _require_own_or_publisher(submission, user)
        submission.preview_key = secrets.token_urlsafe(24)
        submission.preview_until = timezone.now() + timedelta(days=settings.PREVIEW_DAYS)
        submission.save()
    return submission


def close_preview(key: int, user: User) -> Submission:
    """End the address of a preview before its time."""
    with _locked(key, ReviewState.WAITING) as submission:
        _require_own_or_publisher(submission, user)
        submission.preview_key = ""
        submission.save()
    return submission


# Conditions -----------------------------------------------------------------------------------------------------------------


@contextmanager
def _locked(key: int, *states: ReviewState) -> Iterator[Submission]:
    """Lock a submission for the block, in a transaction. Raises ReviewRefused if it is in none of these states."""
    with transaction.atomic():
        rows = Submission.objects.select_for_update(of=("self",)).select_related("submitted_by", "decided_by")
        submission = rows.filter(pk=key).first()
        if submission is None:
            raise ReviewRefused(_("There is no such submission any more."))
        if submission.state not in states:
            raise ReviewRefused(state_sentence(submission))
        yield submission


def state_sentence(submission: Submission) -> str:
    """Return what has become of a submission, as a sentence."""
    moment = submission.decided_at or submission.submitted_at
    values = {
        "who": curator_name(submission.decided_by),
        "when": date_format(timezone.localtime(moment), "DATETIME_FORMAT"),
    }
    sentences = {
        ReviewState.WAITING: _("It is in review."),
        ReviewState.SENT_BACK: _("%(who)s sent it back (%(when)s)."),
        ReviewState.TAKEN_BACK: _("It was taken back (%(when)s)."),
        ReviewState.PUBLISHED: _("It was published by %(who)s (%(when)s)."),
    }
    return sentences[ReviewState(submission.state)] % values


def may_publish_all(user: User, rows: Iterable[type[Publishable]]) -> bool:
    """Return whether somebody may publish rows of all these kinds; nobody may if there are none."""
    models = tuple(rows)
    return bool(models) and may(user, "publish", *models)


def require_publisher(user: User, rows: Iterable[type[Publishable]]) -> None:
    """Raise PermissionDenied unless somebody may publish rows of all these kinds."""
    if not may_publish_all(user, rows):
        raise PermissionDenied


def _require_own(submission: Submission, user: User) -> None:
    if submission.submitted_by_id != user.pk:
        raise PermissionDenied


def _require_own_or_publisher(submission: Submission, user: User) -> None:
    if submission.submitted_by_id != user.pk:
        require_publisher(user, submission.waiting_rows())


def _end(submission: Submission, state: ReviewState, user: User, answer: str) -> None:
    """Take a submission out of review; its date and its preview end with it."""
    submission.rows.filter(state__in=(ReviewState.WAITING, ReviewState.SENT_BACK)).update(state=state)
    submission.state, submission.decided_by, submission.decided_at = state, user, timezone.now()
    submission.answer = answer or submission.answer
    submission.publish_on = submission.scheduled_by = submission.missed_on = None
    submission.preview_key = ""
    submission.save()
