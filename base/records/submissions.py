"""What curators submit for review: drafts that editors are to publish, together, or to send back with a word.

A row keeps its own status, “draft”, until it is published. It is in review while an entry of a submission waits for it; there is
at most one such entry for each row. `review/` has the pages.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable
from functools import reduce
from operator import or_

from django.conf import settings
from django.db import models
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from base.records.publishing import Publishable, Status
from base.records.support import publishable_models
from base.sql.prepared import AnyOf


class ReviewState(models.TextChoices):
    """Where a submission stands, and each of its rows."""

    WAITING = "waiting", _("in review")
    SENT_BACK = "sent-back", _("sent back")
    TAKEN_BACK = "taken-back", _("taken back")
    PUBLISHED = "published", _("published")
    GONE = "gone", _("deleted")  # of a row alone


OPEN = (ReviewState.WAITING, ReviewState.SENT_BACK)  # states in which somebody has still to do something


class Submission(models.Model):
    """Rows that one curator submitted together: all that was made of an article, or one record with what it needs."""

    kind = models.CharField(max_length=100)  # what it is about: the label of a model, such as “directory.Source”,
    row = models.BigIntegerField()  # the primary key of its row,
    label = models.CharField(max_length=500)  # and what the row was called, which may be gone by now
    state = models.CharField(max_length=10, choices=ReviewState, default=ReviewState.WAITING)
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    submitted_at = models.DateTimeField(default=timezone.now)
    note = models.TextField(blank=True)  # from who submitted it
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    answer = models.TextField(blank=True)  # the word of who decided
    publish_on = models.DateTimeField(null=True)  # a date that an editor set; `manage.py publish_due` publishes then
    scheduled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    missed_on = models.DateTimeField(null=True)  # the date that passed although not all of it was ready
    preview_key = models.CharField(max_length=64, blank=True)  # the secret of its preview address
    preview_until = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        indexes = [
            models.Index(fields=["state", "-submitted_at"], name="submission_state"),
            models.Index(fields=["publish_on"], condition=Q(publish_on__isnull=False), name="submission_due"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=[state for state in ReviewState.values if state != ReviewState.GONE]),
                name="submission_state_known",
            ),
            models.CheckConstraint(
                condition=Q(publish_on__isnull=True) | Q(state=ReviewState.WAITING), name="submission_due_waits"
            ),
            models.UniqueConstraint(
                fields=["preview_key"], condition=~Q(preview_key=""), name="submission_preview_key_once"
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def changed_since(self) -> datetime.datetime:
        """The moment after which changes are told to editors: when it was submitted, or sent back before it was submitted again."""
        return min(self.submitted_at, self.decided_at or self.submitted_at)

    @property
    def has_preview(self) -> bool:
        """Whether it has a preview address that works."""
        is_open = self.state == ReviewState.WAITING and self.preview_key != ""
        return is_open and self.preview_until is not None and self.preview_until > timezone.now()

    def waiting_rows(self) -> dict[type[Publishable], set[int]]:
        """Return the keys of the rows that wait, by model. One query."""
        return keys_by_label(self.rows.filter(state=ReviewState.WAITING))


class SubmittedRow(models.Model):
    """A row of a submission."""

    submission = models.ForeignKey(Submission, models.CASCADE, related_name="rows")
    kind = models.CharField(max_length=100)  # the label of its model: "events.Statement"
    row = models.BigIntegerField()  # its primary key
    label = models.CharField(max_length=500)  # what it was called
    state = models.CharField(max_length=10, choices=ReviewState, default=ReviewState.WAITING)
    seen = models.CharField(max_length=32, blank=True)  # its version when an editor set the date of publication

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["kind", "row"], name="submitted_row")]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "row"], condition=Q(state=ReviewState.WAITING), name="submitted_row_waits_once"
            ),
            models.CheckConstraint(condition=Q(state__in=ReviewState.values), name="submitted_row_state_known"),
        ]

    def __str__(self) -> str:
        return self.label


def keys_by_label(entries: QuerySet[SubmittedRow]) -> dict[type[Publishable], set[int]]:
    """Return the keys that entries name, by model; records last, as `publishable_models` has them. One query."""
    by_label: dict[str, set[int]] = {}
    for label, key in entries.values_list("kind", "row"):
        by_label.setdefault(label, set()).add(key)
    return {model: by_label[model._meta.label] for model in publishable_models() if model._meta.label in by_label}


def keys_in_review(model: type[models.Model], keys: Collection[int] | None = None) -> QuerySet[SubmittedRow, int]:
    """Return the primary keys of the rows of a model, or of those with these keys, that are in review; a query."""
    entries = SubmittedRow.objects.filter(kind=model._meta.label, state=ReviewState.WAITING)
    entries = entries if keys is None else entries.filter(AnyOf("row", list(keys)))
    return entries.values_list("row", flat=True)


def rows_in_review(rows: Iterable[Publishable]) -> set[tuple[str, int]]:
    """Return those of these rows that wait, as (label of the model, primary key). One query; none without drafts."""
    keys: dict[str, set[int]] = {}
    for row in rows:
        if row.pk and row.status == Status.DRAFT:
            keys.setdefault(row._meta.label, set()).add(row.pk)
    if not keys:
        return set()
    named = [Q(AnyOf("row", list(of_kind)), kind=label) for label, of_kind in keys.items()]
    entries = SubmittedRow.objects.filter(reduce(or_, named), state=ReviewState.WAITING)
    return set(entries.values_list("kind", "row"))


def open_submission_of(row: Publishable) -> Submission | None:
    """Return the submission that is about a row or holds it, if it waits or was sent back; one that waits before others.

    One query.
    """
    entries = SubmittedRow.objects.filter(kind=row._meta.label, row=row.pk, state__in=OPEN)
    about = Q(kind=row._meta.label, row=row.pk) | Q(pk__in=entries.values("submission"))
    submissions = Submission.objects.filter(about, state__in=OPEN).select_related("submitted_by", "decided_by")
    waiting_first = models.Case(models.When(state=ReviewState.WAITING, then=0), default=1)
    return submissions.order_by(waiting_first, "-submitted_at", "-pk").first()


def note_outcome(model: type[models.Model], keys: Collection[int], state: ReviewState) -> None:
    """Note that rows which waited for review or were sent back are public now, or deleted; a submission without others is settled.

    One query if there are none of them.
    """
    entries = SubmittedRow.objects.filter(AnyOf("row", list(keys)), kind=model._meta.label, state__in=OPEN)
    submissions = set(entries.values_list("submission", flat=True))
    if not submissions:
        return
    entries.update(state=state)
    close_settled(submissions)


def close_settled(keys: Collection[int]) -> None:
    """Close those of these submissions of which no row waits or was sent back any more. Four queries.

    They are published; or taken back, if every row was deleted.
    """
    settled = Submission.objects.filter(pk__in=keys, state__in=OPEN).exclude(rows__state__in=OPEN)
    settled.filter(state=ReviewState.SENT_BACK).update(decided_by=None)  # who sent it back did not do this
    now = timezone.now()
    closed = {"decided_at": now, "publish_on": None, "preview_key": ""}
    of_published = list(settled.filter(rows__state=ReviewState.PUBLISHED).distinct().values_list("pk", flat=True))
    Submission.objects.filter(pk__in=of_published).update(state=ReviewState.PUBLISHED, **closed)
    settled.update(state=ReviewState.TAKEN_BACK, **closed)


def outcome_of(row: Publishable) -> ReviewState | None:
    """Return what has become of a row that was submitted: None while it is a draft."""
    status = getattr(row, "status", Status.DRAFT)
    if status == Status.DRAFT:
        return None
    return ReviewState.PUBLISHED if status == Status.PUBLISHED else ReviewState.GONE
