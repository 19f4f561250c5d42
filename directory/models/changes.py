"""Bookkeeping of what readers may see: the content version, and what the change feed has still to tell."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class ContentVersion(models.Model):
    """One row: the number that is another after every write. Raised by triggers, see `base/triggers.py`."""

    version = models.BigIntegerField()

    class Meta:
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
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.transaction)


class TouchedRow(models.Model):
    """A row whose record may look different now; the change feed has still to look. Written by triggers.

    Without `row_id`, any row of the table may.
    """

    relation = models.CharField(max_length=63)
    row_id = models.BigIntegerField(null=True)

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["relation", "row_id"], name="touched_row")]

    def __str__(self) -> str:
        return f"{self.relation} {self.row_id}"
