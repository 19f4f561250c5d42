"""Bookkeeping of what readers may see: the content version, and the state of the change feed.

The tables keep the names that they had in the app `directory`: no row moves, and triggers in databases name them.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class ContentVersion(models.Model):
    """One row: the number that is another after every write. Raised by triggers, see `triggers.py`."""

    version = models.BigIntegerField()

    class Meta:
        db_table = "directory_contentversion"
        default_permissions = ()
        constraints = [models.CheckConstraint(condition=Q(id=1), name="content_version_is_one_row")]

    def __str__(self) -> str:
        return str(self.version)


class OpenWrite(models.Model):
    """On PostgreSQL, a transaction that wrote and has not yet committed; nobody but itself ever sees the row."""

    transaction = models.BigIntegerField(primary_key=True)
    writes = models.IntegerField()
    closing = models.BooleanField()

    class Meta:
        db_table = "directory_openwrite"
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.transaction)


class TouchedRow(models.Model):
    """A row that was written, whose records the change feed has still to compare. Noted by triggers.

    Without `row_id`, any row of the table may have been written.
    """

    relation = models.CharField(max_length=63)
    row_id = models.BigIntegerField(null=True)

    class Meta:
        db_table = "directory_touchedrow"
        default_permissions = ()
        indexes = [models.Index(fields=["relation", "row_id"], name="touched_row")]

    def __str__(self) -> str:
        return f"{self.relation} {self.row_id}"


class FeedState(models.Model):
    """One row: the last position that was given, and the last one that was pruned. Locked by whoever adds lines."""

    last = models.BigIntegerField(default=0)
    pruned = models.BigIntegerField(default=0)

    class Meta:
        db_table = "directory_feedstate"
        default_permissions = ()
        constraints = [models.CheckConstraint(condition=Q(id=1), name="feed_state_is_one_row")]

    def __str__(self) -> str:
        return str(self.last)


class KnownRecord(models.Model):
    """The state of a record that the change feed last reported."""

    kind = models.CharField(max_length=20)
    record = models.BigIntegerField()
    slug = models.CharField(max_length=100)
    public = models.BooleanField()
    document = models.CharField(max_length=64)  # SHA-256 of the API's answer
    face = models.CharField(max_length=64)  # SHA-256 of what the answers of other records show of it

    class Meta:
        db_table = "directory_knownrecord"
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["kind", "record"], name="known_record_once")]
        indexes = [models.Index(fields=["kind", "slug"], name="known_record_slug")]

    def __str__(self) -> str:
        return f"{self.kind} {self.slug}"


class Action(models.TextChoices):
    """What a reader of the API sees happen to a record."""

    CREATED = "created", "created"
    CHANGED = "changed", "changed"
    RENAMED = "renamed", "renamed"
    MERGED = "merged", "merged"
    WITHDRAWN = "withdrawn", "withdrawn"
    DELETED = "deleted", "deleted"


class Change(models.Model):
    """One line of the change feed. Lines are added in the order of positions, and pruned; never changed."""

    position = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    action = models.CharField(max_length=10, choices=Action)
    kind = models.CharField(max_length=20)
    slug = models.CharField(max_length=100)
    former_slug = models.CharField(max_length=100, blank=True)
    reason = models.TextField(blank=True)

    class Meta:
        db_table = "directory_change"
        default_permissions = ()
        ordering = ["position"]
        constraints = [models.CheckConstraint(condition=Q(action__in=Action.values), name="change_action_known")]

    def __str__(self) -> str:
        return f"{self.action} {self.kind} {self.slug}"
