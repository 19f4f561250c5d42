"""Doubts that somebody looked at and left as they are, for good or for now."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class DoubtAnswer(models.TextChoices):
    """What somebody said to a doubt without changing a record."""

    KEEP = "keep", _("both are kept")
    LATER = "later", _("put off")


class SettledDoubt(models.Model):
    """That a doubt was answered without a change: nobody is asked again, or it stands behind the others.

    A doubt is named by its kind, the model of its rows and their primary keys; `second` is 0 where one row alone is in doubt.
    """

    kind = models.CharField(max_length=12)  # "roles"
    model = models.CharField(max_length=60)  # "directory.Affiliation"
    first = models.BigIntegerField()
    second = models.BigIntegerField(default=0)
    answer = models.CharField(max_length=5, choices=DoubtAnswer)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[Any] = models.Manager()

    class Meta:
        default_permissions = ()
        ordering = ["-at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["kind", "model", "first", "second"], name="settled_doubt_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.model} {self.first} {self.second}: {self.answer}"
