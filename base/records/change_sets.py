"""Change sets: all that one act of a curator changed, such as saving a form, uniting two records or importing a file.

Every version in a history names the change set in which it was written, if one was open then. Versions written before there were
change sets, and those of readers and of programs that open none, name none.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db import connection, models, transaction
from django.utils import timezone
from django.utils.translation import pgettext_lazy


class ChangeAction(models.TextChoices):
    """What a curator did. The codes are stored, the words are shown."""

    SAVE = "save", pgettext_lazy("what a curator did", "saved")
    PUBLISH = "publish", pgettext_lazy("what a curator did", "published")
    WITHDRAW = "withdraw", pgettext_lazy("what a curator did", "withdrawn")
    REPUBLISH = "republish", pgettext_lazy("what a curator did", "published again")
    MERGE = "merge", pgettext_lazy("what a curator did", "united")
    SPLIT = "split", pgettext_lazy("what a curator did", "split")
    IMPORT = "import", pgettext_lazy("what a curator did", "imported")
    SHEET = "sheet", pgettext_lazy("what a curator did", "changed by a sheet")
    REVIEW = "review", pgettext_lazy("what a curator did", "reviewed")
    REVERT = "revert", pgettext_lazy("what a curator did", "undone")
    DESK = "desk", pgettext_lazy("what a curator did", "worked on at the desk")
    OTHER = "other", pgettext_lazy("what a curator did", "changed")


# What is known of an act before it does something more definite.
INDEFINITE = (ChangeAction.OTHER, ChangeAction.DESK, ChangeAction.SAVE)


class ChangeSet(models.Model):
    """One act of a curator: who, when, what and why. Stored with the first version that it writes."""

    made_at = models.DateTimeField(default=timezone.now)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    action = models.CharField(max_length=10, choices=ChangeAction, default=ChangeAction.OTHER)
    reason = models.TextField(blank=True)  # as the curator typed it
    reverts = models.ForeignKey("self", models.SET_NULL, null=True, related_name="reverted_by")

    class Meta:
        default_permissions = ()
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.made_at:%Y-%m-%d %H:%M} {self.action}"


class RecordTime(models.Model):
    """When a record had last changed, before and after a change set. An act that is undone takes its times back with it."""

    change_set = models.ForeignKey(ChangeSet, models.CASCADE, related_name="record_times")
    kind = models.CharField(max_length=100)  # the label of its model: "events.Statement"
    row = models.BigIntegerField()  # its primary key
    before = models.DateTimeField()
    after = models.DateTimeField()

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["change_set", "kind", "row"], name="record_time_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.row}: {self.before} – {self.after}"


class VersionInChangeSet(models.Model):
    """What every version in a history has beside the columns of its row."""

    # Like the other keys of a history without a constraint: a version is written once, and no change set is ever deleted.
    change_set = models.ForeignKey(
        ChangeSet, models.DO_NOTHING, null=True, editable=False, related_name="+", db_constraint=False
    )

    class Meta:
        abstract = True


class OpenChangeSet:
    """An act that is going on. Its row is made when the first version asks for it, so that an act without effect leaves none."""

    def __init__(
        self, user: AbstractBaseUser | int | None, action: ChangeAction, reason: str, reverts: ChangeSet | None
    ) -> None:
        self.user = None if isinstance(user, int) else user
        self.user_id = user if isinstance(user, int) or user is None else user.pk
        self.action, self.reason, self.reverts = action, reason, reverts
        self._row: ChangeSet | None = None
        self._is_committed = False

    def describe(self, action: ChangeAction, reason: str = "") -> None:
        """Say more definitely what the act is, and why. What is definite already stays."""
        if self.action in INDEFINITE and action != ChangeAction.OTHER:
            self.action = action
        self.reason = self.reason or reason
        if self._row is not None and (self._row.action, self._row.reason) != (self.action, self.reason):
            self._row.action, self._row.reason = self.action, self.reason
            ChangeSet.objects.filter(pk=self._row.pk).update(action=self.action, reason=self.reason)

    def row(self) -> ChangeSet:
        """Return the stored row. One query the first time, and again after what was written so far was rolled back."""
        if self._row is None or not self._is_stored():
            self._row = ChangeSet.objects.create(
                user_id=self.user_id, action=self.action, reason=self.reason, reverts=self.reverts
            )
            transaction.on_commit(self._note_commit)
        return self._row

    def note_times(self, model: type[models.Model], before: Mapping[int, datetime], after: datetime) -> None:
        """Note that records got a new time of their last change; `before` has the times until now. One or two queries."""
        if not before:
            return
        label, key = model._meta.label, self.row().pk
        RecordTime.objects.bulk_create(
            (RecordTime(change_set_id=key, kind=label, row=row, before=at, after=after) for row, at in before.items()),
            update_conflicts=True,
            unique_fields=["change_set", "kind", "row"],
            update_fields=["after"],
            batch_size=500,
        )

    def _note_commit(self) -> None:
        self._is_committed = True

    def _is_stored(self) -> bool:
        """Whether the row was not rolled back. Django forgets what shall run on commit when it rolls back to a savepoint."""
        return self._is_committed or any(hook[1] == self._note_commit for hook in connection.run_on_commit)


_open: ContextVar[OpenChangeSet | None] = ContextVar("open_change_set", default=None)


def open_change_set() -> OpenChangeSet | None:
    """Return the act that is going on; None if there is none."""
    return _open.get()


@contextmanager
def change_set(
    user: AbstractBaseUser | AnonymousUser | int | None = None,
    action: ChangeAction = ChangeAction.OTHER,
    reason: str = "",
    *,
    reverts: ChangeSet | None = None,
    apart: bool = False,
) -> Iterator[OpenChangeSet]:
    """Put all versions that the block writes into one change set.

    `user` is an account or its primary key. Inside another block it joins that one and says more definitely what it does; with
    `apart` it is a change set of its own.
    """
    outer = _open.get()
    if outer is not None and not apart:
        outer.describe(action, reason)
        yield outer
        return
    act = OpenChangeSet(None if isinstance(user, AnonymousUser) else user, action, reason, reverts)
    token = _open.set(act)
    try:
        yield act
    finally:
        _open.reset(token)


def describe_change_set(action: ChangeAction, reason: str = "") -> None:
    """Say more definitely what the act that is going on does, and why; nothing happens if there is none."""
    if (act := _open.get()) is not None:
        act.describe(action, reason)
