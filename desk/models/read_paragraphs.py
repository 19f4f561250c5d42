"""Which paragraphs of a stored text somebody has read; all curators share it."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone

from directory.models import Source


class ReadParagraph(models.Model):
    """That a paragraph with these words was read. No words are kept, so it holds in a newer text with the same paragraph."""

    source = models.ForeignKey(Source, models.CASCADE, related_name="+")
    digest = models.CharField(max_length=16)  # `digest_of_words` of the paragraph
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[Any] = models.Manager()

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["source", "digest"], name="read_paragraph_once")]

    def __str__(self) -> str:
        return f"{self.source_id} {self.digest}"
