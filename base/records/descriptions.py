"""What a source says of a record in its own voice, paraphrased by the editors."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from base.records.provenance import Fact
from base.text.language_tags import LanguageField


class Description(Fact):
    """One thing a source states of a record without attributing it to anybody. Always a paraphrase, never a quotation."""

    translated_fields: ClassVar[tuple[str, ...]] = ("text", "note")
    language_columns: ClassVar[dict[str, str]] = {"text": "language", "note": "language"}

    text_language = None  # type: ignore[assignment]  # its text and its note are both in `language`
    text = models.TextField(_("text"), help_text=_("In your own words."))
    language = LanguageField(_("language"), default="en")
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta(Fact.Meta):
        abstract = True
        ordering = ["position", "uid"]

    def __str__(self) -> str:
        return self.text[:80]
