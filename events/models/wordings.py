"""Wordings: the texts of a statement, kept apart by language and by what they are to the words that were printed."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from base.records.history import history
from base.records.publishing import Publishable, Status
from base.text.characters import TextKind
from base.text.language_tags import LanguageField
from base.text.names import new_uid
from directory.models import Passage

from .statements import Nature, Statement


class Wording(Publishable):
    """One text of a statement. Only a verbatim one may ever be shown as a quotation, and only while it is proven."""

    public_parents = ("statement", "passage")
    natural_key_fields = ("uid",)

    uid = models.CharField(_("identity"), max_length=80, unique=True, default=new_uid, editable=False)
    statement = models.ForeignKey(Statement, models.CASCADE, related_name="wordings", verbose_name=_("statement"))
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.PUBLISHED)
    language = LanguageField(_("language"), help_text=_("BCP 47: th, vi, en …"))
    nature = models.CharField(
        _("nature"),
        max_length=12,
        choices=Nature,
        help_text=_("Verbatim only for words copied character by character from a direct quote."),
    )
    text = models.TextField(_("text"))
    passage = models.ForeignKey(
        Passage,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="wordings",
        verbose_name=_("printed in"),
        help_text=_("For words as printed: the passage that holds exactly these."),
    )
    by = models.CharField(_("translated by"), max_length=200, blank=True, help_text=_("Empty: by the editors."))
    proven = models.BooleanField(_("proven"), default=False, editable=False, serialize=False)

    history = history(exclude=("proven",))

    class Meta(Publishable.Meta):
        verbose_name = _("wording")
        verbose_name_plural = _("wordings")
        ordering = ["uid"]
        indexes = [
            models.Index(fields=["language"], name="wording_language"),
            models.Index(fields=["nature"], name="wording_nature"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(nature="verbatim") | Q(passage__isnull=False),
                name="wording_verbatim_has_passage",
                violation_error_message=_("Words as printed need the passage they are printed in."),
            ),
            models.CheckConstraint(
                condition=~Q(text=""),
                name="wording_not_empty",
                violation_error_message=_("A wording needs a text."),
            ),
            models.CheckConstraint(
                condition=Q(nature__in=["verbatim", "translation", "paraphrase"]),
                name="wording_nature_known",
                violation_error_message=_("Choose words as printed, translation or paraphrase."),
            ),
            models.UniqueConstraint(
                fields=["statement", "language", "nature"],
                name="wording_once",
                violation_error_message=_(
                    "There already is a wording of this nature in this language; change that one."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.text[:80]

    @classmethod
    def published_q(cls, prefix: str = "", known: tuple[str, ...] = ()) -> Q:
        """Return the condition for being public: words as printed also have to be proven."""
        return super().published_q(prefix, known) & (
            ~Q(**{f"{prefix}nature": Nature.VERBATIM}) | Q(**{f"{prefix}proven": True})
        )

    def text_kinds(self) -> dict[str, TextKind]:
        """Return the kinds of the texts: words as printed are kept as they are, all others are ours."""
        return super().text_kinds() | ({"text": TextKind.WORDS} if self.nature == Nature.VERBATIM else {})

    def derive(self) -> None:
        """Note whether the passage proves the words: only words as printed can be proven."""
        self.proven = self.nature == Nature.VERBATIM and self.passage is not None and self.passage.proves(self.text)

    def clean(self) -> None:
        """Refuse words as printed that are not what the passage prints."""
        super().clean()
        if self.nature == Nature.VERBATIM and self.passage is not None and not self.passage.proves(self.text):
            wrong = _("The passage prints other words. Copy them exactly, or choose the passage that holds only them.")
            raise ValidationError({"text": f"{wrong} {self.passage.near_miss(self.text)}".rstrip()})
