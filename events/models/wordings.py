"""Wordings: the texts of a statement, kept apart by language and by what they are to the words that were printed."""

from __future__ import annotations

from collections.abc import Sequence

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

from .segments import JOINER, are_proven, fault_of_passages, in_reading_order, place_of, printed_words, segments_of
from .statements import Nature, Statement


class Wording(Publishable):
    """One text of a statement. Only a verbatim one may ever be shown as a quotation, and only while it is proven.

    A verbatim one is a list of segments, in the order of reading (`segments.py`): nearly always one, in `passage`; those of a
    divided quote go on in `further_passages`.
    """

    public_parents = ("statement", "passage")
    natural_key_fields = ("uid",)
    own_links = ("further_passages",)

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
    further_passages = models.ManyToManyField(
        Passage,
        blank=True,
        related_name="wordings_continued",
        verbose_name=_("goes on in"),
        help_text=_(
            "For a quote that is interrupted, as by “she said”: a passage for each further part, exactly its words. It is shown "
            "as “first … second”."
        ),
    )
    by = models.CharField(_("translated by"), max_length=200, blank=True, help_text=_("Empty: by the editors."))
    proven = models.BooleanField(_("proven"), default=False, editable=False, serialize=False)

    # Further passages that a form is about to store, where they are not those that are stored.
    chosen_passages: Sequence[Passage] | None = None

    history = history("further_passages", exclude=("proven",))

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

    def passages_in_order(self) -> list[Passage]:
        """Return the passages of its segments in the order of reading; none if it is printed nowhere. At most one query."""
        if self.passage is None:
            return []
        further = self.chosen_passages
        if further is None:
            further = list(self.further_passages.all()) if self.pk and self.nature == Nature.VERBATIM else []
        return [self.passage, *in_reading_order(further)]

    def derive(self) -> None:
        """Note whether the passages prove the words: only words as printed can be proven."""
        self.proven = self.nature == Nature.VERBATIM and are_proven(self.text, self.passages_in_order())

    def clean(self) -> None:
        """Refuse words as printed that are not what the passages print, and passages that are not those of one quote."""
        super().clean()
        passages = self.passages_in_order()
        if self.nature != Nature.VERBATIM:
            if len(passages) > 1 or (self.passage is None and self.chosen_passages):
                wrong = _("Only words as printed go on in further passages.")
                raise ValidationError({"further_passages": wrong})
            return
        if fault := fault_of_passages(passages):
            raise ValidationError({"further_passages": fault})
        if passages and not are_proven(self.text, passages):
            raise ValidationError({"text": self.mismatch(passages)})

    def mismatch(self, passages: Sequence[Passage]) -> str:
        """Return a sentence for curators about words as printed that these passages do not print."""
        if len(passages) == 1:
            wrong = _("The passage prints other words. Copy them exactly, or choose the passage that holds only them.")
            return f"{wrong} {passages[0].near_miss(self.text)}".rstrip()
        for number, (passage, text) in enumerate(segments_of(self.text, passages), 1):
            if not passage.proves(text):
                wrong = _("Part %(number)s of the quote is not what %(place)s prints.")
                values = {"number": number, "place": place_of(passage)}
                return f"{wrong % values} {passage.near_miss(text)}".rstrip()
        if words := printed_words(passages):
            return _("A quote in %(count)s passages reads: %(words)s") % {"count": len(passages), "words": f"“{words}”"}
        wrong = _(
            "A quote in %(count)s passages has a part for each, of as many characters as the passage: here %(lengths)s."
        )
        lengths = JOINER.join(str(each.end - each.start) for each in passages)
        return wrong % {"count": len(passages), "lengths": lengths}
