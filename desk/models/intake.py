"""Texts that are being taken in, what their paragraphs are, and samples by which an article is found again."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from base.records.texts import CheckedTexts
from base.text.characters import TextKind
from base.text.names import random_key
from directory.models import Source


def new_draft_key() -> str:
    """Return the key of a draft in its address: about 58 random bits."""
    return random_key(12)


class TextDraft(CheckedTexts):
    """A text on its way in, as its curator corrects it. Only whoever took it in sees it."""

    printed_texts: ClassVar[dict[str, TextKind]] = dict.fromkeys(
        ("original", "paragraphs", "before", "facts", "remarks"), TextKind.SOURCE
    )

    key = models.CharField(_("key"), max_length=20, unique=True, default=new_draft_key, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("whose draft it is")
    )
    file_name = models.CharField(_("name of the file"), max_length=200, blank=True)
    original = models.JSONField(_("lines as they were read"), default=list)  # pairs of text and kind
    paragraphs = models.JSONField(_("paragraphs"), default=list)  # of desk.intake.cut.DraftParagraph
    before = models.JSONField(_("paragraphs before the last correction"), default=list)
    facts = models.JSONField(_("facts as they are typed"), default=dict)  # by the names of the form's fields
    remarks = models.JSONField(_("remarks on the text"), default=dict)  # sentences by "changes" and "warnings"; dates
    is_joined = models.BooleanField(_("wrapped lines are joined"), default=False)
    version = models.PositiveIntegerField(_("number of corrections"), default=0)
    created_at = models.DateTimeField(_("taken in"), default=timezone.now, editable=False)
    updated_at = models.DateTimeField(_("last corrected"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("text being taken in")
        verbose_name_plural = _("texts being taken in")
        default_permissions = ()
        ordering = ["-updated_at", "-id"]
        indexes = [
            models.Index(fields=["owner", "-updated_at"], name="text_draft_of_owner"),
            models.Index(fields=["updated_at"], name="text_draft_age"),
        ]

    def __str__(self) -> str:
        return str(self.facts.get("title") or self.file_name or self.key)

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save, and note the time."""
        self.updated_at = timezone.now()
        super().save(*args, **kwargs)


class ArticleLayout(models.Model):
    """Which paragraphs of a stored text are headings and captions, as a curator marked them. Numbers from 1."""

    source = models.OneToOneField(Source, models.CASCADE, related_name="+", verbose_name=_("source"))
    headings = models.JSONField(_("headings"), default=list)
    captions = models.JSONField(_("captions"), default=list)

    class Meta:
        verbose_name = _("layout of an article")
        verbose_name_plural = _("layouts of articles")
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.source)


class ShingleSample(models.Model):
    """How many shingles of a stored text are kept, and of which text."""

    source = models.OneToOneField(
        Source, models.CASCADE, related_name="shingle_sample+", related_query_name="shingle_sample"
    )
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()

    class Meta:
        verbose_name = _("sample of a text")
        verbose_name_plural = _("samples of texts")
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.source_id}: {self.size}"


class TextShingle(models.Model):
    """One of the shingles of a stored text that are kept: nine letters, as their CRC-32."""

    source = models.ForeignKey(Source, models.CASCADE, related_name="+")
    code = models.BigIntegerField()

    class Meta:
        verbose_name = _("shingle of a text")
        verbose_name_plural = _("shingles of texts")
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["code", "source"], name="text_shingle_once")]

    def __str__(self) -> str:
        return f"{self.source_id}: {self.code}"
