"""Cards that were not saved yet: what was typed into them outlives a closed tab, an ended login and a restarted server."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from directory.models import Source


class CardDraft(models.Model):
    """A card of one curator at one source, as it was last typed. Nobody else sees it; its data go when the card is saved."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("curator"))
    source = models.ForeignKey(Source, models.CASCADE, related_name="+", verbose_name=_("source"))
    kind = models.CharField(_("kind"), max_length=20)
    key = models.CharField(_("key"), max_length=40)
    data = models.TextField(_("what was typed"), help_text=_("The form, as a browser sends it."))
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("unsaved card")
        verbose_name_plural = _("unsaved cards")
        ordering = ["-updated_at", "-id"]
        default_permissions = ()
        indexes = [models.Index(fields=["updated_at"], name="card_draft_updated")]  # for clear_expired
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="card_draft_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"

    @property
    def form_data(self) -> QueryDict:
        """The form, to be shown again."""
        return QueryDict(self.data, mutable=True)
