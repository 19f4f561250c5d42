"""Which rows were withdrawn together, so that they can be published together again."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone


class Withdrawal(models.Model):
    """One decision to withdraw a record and what rested on it."""

    at = models.DateTimeField(default=timezone.now)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    reason = models.TextField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d}: {self.reason}"


class WithdrawnRow(models.Model):
    """A row that was withdrawn with others, in its latest withdrawal. The entry goes when the row is published again."""

    withdrawal = models.ForeignKey(Withdrawal, models.CASCADE, related_name="rows")
    kind = models.CharField(max_length=100)  # the label of its model: "events.Statement"
    row = models.BigIntegerField()  # its primary key

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["kind", "row"], name="withdrawn_row_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.row}"
