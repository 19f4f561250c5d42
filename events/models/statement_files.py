"""Files of statements that curators hand in on the page of the import, with what became of them."""

from __future__ import annotations

import datetime
import zlib

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy

from base.records.change_sets import ChangeSet

MOST_SECONDS = 60  # of one run; it ends itself then, and nothing of it is written
SECONDS_TO_END = 30  # that a run may take from its last look at the clock until the database has stored it


class FileState(models.TextChoices):
    """How far a file is. It follows from the columns of its row, so a process that is ended leaves no wrong word behind."""

    UNCHECKED = "unchecked", gettext_lazy("not checked to the end")
    CHECKED = "checked", gettext_lazy("checked")
    RUNNING = "running", gettext_lazy("being taken in")
    STOPPED = "stopped", gettext_lazy("stopped before the end; nothing was written")
    IMPORTED = "imported", gettext_lazy("all of it is in")


class StatementFile(models.Model):
    """A file of statements of one curator. Nobody else sees it; its content goes once its statements are in.

    What its check says is kept with it: `counts` by the names of `ImportCounts`, the first of what is new and wrong.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    name = models.CharField(max_length=100)
    packed = models.BinaryField()  # its content, compressed
    lines = models.PositiveIntegerField()
    publish = models.BooleanField(default=False)
    skip = models.BooleanField(default=False)
    far_dates = models.BooleanField(default=False)
    other_languages = models.BooleanField(default=False)
    handed_in_at = models.DateTimeField(default=timezone.now)
    checked_at = models.DateTimeField(null=True)
    counts = models.JSONField(default=dict)
    examples = models.JSONField(default=list)  # of new statements: line, public id, words
    problems = models.JSONField(default=list)  # line, column, value, what is wrong, what would be right
    started_at = models.DateTimeField(null=True)
    refusal = models.TextField(blank=True)  # why the last run wrote nothing
    change_set = models.ForeignKey(ChangeSet, models.SET_NULL, null=True, related_name="+")
    imported_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        ordering = ["-handed_in_at", "-id"]
        indexes = [models.Index(fields=["handed_in_at"], name="statement_file_age")]  # for clear_expired

    def __str__(self) -> str:
        return self.name

    @property
    def content(self) -> bytes:
        """Return the file as it was handed in."""
        return zlib.decompress(bytes(self.packed))

    @property
    def state(self) -> FileState:
        """Return how far the file is. A run that has neither ended nor run out of its time is taken to be going on."""
        if self.imported_at is not None:
            return FileState.IMPORTED
        if self.started_at is not None:
            is_over = timezone.now() > self.certain_at
            return FileState.STOPPED if is_over else FileState.RUNNING
        if self.checked_at is None:
            return FileState.UNCHECKED
        return FileState.STOPPED if self.refusal else FileState.CHECKED

    @property
    def certain_at(self) -> datetime.datetime:
        """Return from when on it is certain that a run that was started does not go on."""
        return (self.started_at or self.handed_in_at) + datetime.timedelta(seconds=MOST_SECONDS + SECONDS_TO_END)
