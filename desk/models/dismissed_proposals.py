"""Proposals that somebody dismissed, so that nobody is asked again."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone

from directory.models import Source


class DismissedProposal(models.Model):
    """That a proposal of a source is not wanted: its kind, and the digest of its spans and words. No words are kept."""

    source = models.ForeignKey(Source, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=20)
    digest = models.CharField(max_length=16)  # `digest_of_proposal`
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[Any] = models.Manager()

    class Meta:
        default_permissions = ()
        ordering = ["-at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["source", "digest"], name="dismissed_proposal_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.digest}"
