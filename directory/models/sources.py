"""Sources, and passages of sources, which prove facts."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext, ngettext_lazy
from django.utils.translation import gettext_lazy as _

from base.lists.search import trigram_index
from base.records.history import DERIVED, history
from base.records.kinds import Listings
from base.records.names import NamedRecord
from base.records.provenance import sha256_of
from base.records.publishing import Publishable
from base.records.resolution import FormerId
from base.records.translations import TranslatedTexts
from base.text.characters import TextKind
from base.text.dates import EDTFField, bounds
from base.text.language_tags import LanguageField
from base.text.letters import cut_letter, is_inside_letter, place_of_words
from base.text.names import fold_letters
from base.text.near_misses import near_miss
from base.text.validators import validate_sha256
from base.text.web_addresses import WebAddressField, is_web_address_q
from directory.querysets import SourceManager


class SourceKind(models.TextChoices):
    """What sort of text a source is."""

    ARTICLE = "article", _("news article")
    TRANSCRIPT = "transcript", _("transcript")
    RELEASE = "release", _("press release")
    RECORDING = "recording", _("recording")
    REPORT = "report", _("report")
    OTHER = "other", _("other")


class Source(TranslatedTexts, NamedRecord):
    """A text that was read. It is stored only if a curator attached it, and shown only if its licence allows that."""

    kind, plural = "source", "sources"
    sample = "film-workshop"
    listings = Listings(api=60, data=70, fixture=10, menu=60, search=60)
    admin_group = "sources"
    counted = ngettext_lazy("%(number)s source", "%(number)s sources", "total")
    needs = ()  # its title is its name
    short_field = "short_title"
    translated_fields: ClassVar[tuple[str, ...]] = ("title", "short_title", "note")
    language_columns: ClassVar[dict[str, str]] = {"title": "title_language"}
    follow_stored_text = ("sha256", "length", "paragraphs")
    printed_texts: ClassVar[dict[str, TextKind]] = {"text": TextKind.SOURCE}
    private_columns: ClassVar[dict[str, str | None]] = {"text": "text_is_public"}

    title = models.CharField(_("title"), max_length=500)
    title_language = LanguageField(_("language of the title"), default="en")
    title_supplied = models.BooleanField(
        _("title is ours"), default=False, help_text=_("The source prints no title; this one describes it.")
    )
    short_title = models.CharField(
        _("short title"),
        max_length=80,
        blank=True,
        help_text=_("A few words for lists and lines, where the whole title is too long."),
    )
    source_kind = models.CharField(_("kind"), max_length=12, choices=SourceKind, default=SourceKind.ARTICLE)
    language = LanguageField(_("language"))
    translated_from = LanguageField(_("translated from"), blank=True, help_text=_("If it is a translation."))
    publisher = models.CharField(_("publisher"), max_length=300, blank=True)
    author = models.CharField(_("author"), max_length=300, blank=True)
    date = EDTFField(_("date"), help_text=_("EDTF; empty if the source states none."))
    date_earliest = models.DateField(null=True, blank=True, editable=False, serialize=False)
    date_latest = models.DateField(null=True, blank=True, editable=False, serialize=False)
    url = WebAddressField(_("address"), max_length=1000, blank=True)
    licence = models.CharField(_("licence"), max_length=200, blank=True)
    note = models.TextField(_("note"), blank=True)
    sha256 = models.CharField(_("SHA-256 of the text"), max_length=64, validators=[validate_sha256])
    length = models.PositiveIntegerField(_("length"), help_text=_("Code points in the whole text."))
    paragraphs = models.JSONField(
        _("paragraphs"),
        default=list,
        help_text=_("[start, length] of every paragraph, in code points of the whole text."),
    )
    text = models.TextField(
        _("text"), blank=True, editable=False, serialize=False, help_text=_("Stored by attach_text; never exported.")
    )
    compared_on = models.DateField(
        _("compared on"),
        null=True,
        blank=True,
        editable=False,
        help_text=_("The last day on which every passage on record was compared with the text, and agreed."),
    )
    text_is_public = models.BooleanField(
        _("words may be shown"), default=False, help_text=_("Only if the licence allows publishing the whole text.")
    )

    objects: ClassVar[SourceManager[Source]] = SourceManager()
    history = history(exclude=("text", "date_earliest", "date_latest", *DERIVED))

    class Meta(NamedRecord.Meta):
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        ordering = ["sort_key", "slug"]
        indexes = [
            trigram_index("source_search"),
            models.Index(fields=["sort_key", "slug"], name="source_order"),
        ]
        constraints = [
            *NamedRecord.Meta.constraints,
            models.CheckConstraint(
                condition=Q(text_is_public=False) | ~Q(licence=""),
                name="source_public_text_has_licence",
                violation_error_message=_("Name the licence before the words of a source are shown."),
            ),
            models.CheckConstraint(
                condition=is_web_address_q("url"),
                name="source_url_of_the_web",
                violation_error_message=_("An address begins with https:// or http://."),
            ),
        ]

    def derive(self) -> None:
        """Fill the columns that are derived from others."""
        super().derive()
        self.date_earliest, self.date_latest = bounds(self.date)

    def name_rows(self) -> list[tuple[str, str]]:
        """Return the title, the only name of a source, and its translations."""
        titles = ((texts["title"], language) for language, texts in self.translations.items() if "title" in texts)
        return [(self.title, self.title_language), *titles] if self.title else []

    def has_public_name(self) -> bool:
        """Whether it has a title."""
        return bool(self.title)

    def search_texts(self) -> list[str]:
        """Return the texts under which a search finds the source."""
        titles = [title for title, _language in self.name_rows()]
        return [text for text in (*titles, *self.short_names(), self.publisher, self.author) if text]

    def short_names(self) -> list[str]:
        """Return the short title in every language that has one."""
        return self.texts_in_every_language("short_title")

    def names_and_texts(self) -> tuple[list[tuple[str, str]], list[str]]:
        """Return what `name_rows` and `search_texts` return. No query."""
        return self.name_rows(), self.search_texts()

    @classmethod
    def search_texts_of(cls, keys: Sequence[int], using: str) -> dict[int, list[str]]:
        """Return what `search_texts` returns, for the sources with these keys. One query."""
        return {source.pk: source.search_texts() for source in cls._base_manager.using(using).filter(pk__in=keys)}

    def paragraph_of(self, start: int, end: int) -> int | None:
        """Return the number (from 1) of the paragraph that holds this span, or None if none does."""
        for number, (begin, length) in enumerate(self.paragraphs, 1):
            if begin <= start < end <= begin + length:
                return number
        return None


class SourceFormerId(FormerId):
    """An id a source had before."""

    record = models.ForeignKey(Source, models.CASCADE, related_name="former_ids")


class PassageCheck(models.TextChoices):
    """Whether a passage still matches the text that is stored."""

    UNVERIFIED = "unverified", _("unverified")
    VERIFIED = "verified", _("verified")
    CHANGED = "changed", _("changed")


class Passage(Publishable):
    """A span of one source within one paragraph, and the SHA-256 of its exact words.

    `start` and `end` count code points of the whole text from 0, end exclusive.
    """

    public_parents = ("source",)
    admin_group = "sources"
    natural_key_fields = ("uid",)

    source = models.ForeignKey(Source, models.PROTECT, related_name="passages", verbose_name=_("source"))
    uid = models.CharField(_("identity"), max_length=140, unique=True, editable=False)
    status = None  # type: ignore[assignment]  # a passage is as public as its source
    paragraph = models.PositiveIntegerField(_("paragraph"), help_text=_("From 1."))
    start = models.PositiveIntegerField(_("start"), help_text=_("Code points from the beginning of the whole text."))
    end = models.PositiveIntegerField(_("end"), help_text=_("Exclusive."))
    sha256 = models.CharField(_("SHA-256"), max_length=64, validators=[validate_sha256])
    check_state = models.CharField(
        _("check"),
        max_length=10,
        choices=PassageCheck,
        default=PassageCheck.UNVERIFIED,
        editable=False,
        serialize=False,
    )

    history = history(exclude=("check_state",))

    class Meta(Publishable.Meta):
        verbose_name = _("passage")
        verbose_name_plural = _("passages")
        ordering = ["source", "start", "end"]
        indexes = [
            models.Index(fields=["paragraph"], name="passage_paragraph"),
            models.Index(fields=["check_state"], name="passage_check"),  # for the list of changed passages in the admin
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(start__lt=F("end")),
                name="passage_is_not_empty",
                violation_error_message=_("A passage ends after it starts."),
            ),
            models.CheckConstraint(
                condition=Q(paragraph__gte=1),
                name="passage_paragraph_from_one",
                violation_error_message=_("Paragraphs are numbered from 1."),
            ),
            models.UniqueConstraint(
                fields=["source", "start", "end"],
                name="passage_once",
                violation_error_message=_("This passage is already recorded; choose the existing one."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source.slug} ¶{self.paragraph} [{self.start}–{self.end}]"

    def derive(self) -> None:
        """Give a new passage an identity made of its place. The identity stays when the source is renamed."""
        if not self.uid:
            self.uid = f"{self.source.slug}.p{self.paragraph}.{self.start}-{self.end}"

    def clean(self) -> None:
        """Refuse a span outside its paragraph, and a SHA-256 that differs from that of the stored text."""
        super().clean()
        if self.source_id is None or self.start is None or self.end is None or self.start >= self.end:
            return
        paragraph = self.source.paragraph_of(self.start, self.end)
        if paragraph is None:
            raise ValidationError(
                {"end": _("No paragraph of this source holds all of %(start)s–%(end)s.") % vars(self)}, code="span"
            )
        if paragraph != self.paragraph:
            raise ValidationError(
                {"paragraph": _("%(start)s–%(end)s lies in paragraph %(held)s.") % {**vars(self), "held": paragraph}}
            )
        if self.source.text and sha256_of(self.source.text[self.start : self.end]) != self.sha256:
            raise ValidationError({"sha256": _("The stored text has other words there than this SHA-256 says.")})
        if letter := cut_letter(self.source.text, self.start, self.end):
            name = "start" if is_inside_letter(self.source.text, self.start) else "end"
            raise ValidationError({name: _("A passage of whole letters: this cuts “%s”.") % letter}, code="letter")

    @classmethod
    def published_q(cls, prefix: str = "", known: tuple[str, ...] = ()) -> Q:
        """Return the condition for being public: a passage is as public as its source."""
        return Source.published_q(f"{prefix}source__")

    def examine(self, text: str) -> PassageCheck:
        """Return whether the passage matches this text of its source."""
        return PassageCheck.VERIFIED if sha256_of(text[self.start : self.end]) == self.sha256 else PassageCheck.CHANGED

    def proves(self, words: str) -> bool:
        """Return whether these words are certainly printed in the passage.

        They are if they have the length and the SHA-256 of the whole passage, or if they occur, as whole letters, in the passage of
        a stored text that still matches.
        """
        text = self.source.text
        matches = bool(text) and self.examine(text) == PassageCheck.VERIFIED
        if len(words) == self.end - self.start and sha256_of(words) == self.sha256:
            return not (matches and cut_letter(text, self.start, self.end))
        if not matches:
            return False
        return place_of_words(text, words, self.start, self.end) >= 0

    def near_miss(self, words: str) -> str:
        """Return a sentence for curators about how words differ from what the passage prints; empty if that cannot be told.

        Without the text, its SHA-256 still tells whether the letters are only composed otherwise.
        """
        if self.source.text:
            return near_miss(words, self.source.text[self.start : self.end])
        composed, apart = unicodedata.normalize("NFC", words), unicodedata.normalize("NFD", words)
        if composed != words and self.proves(composed):
            return gettext("The passage prints composed letters (NFC), and you typed them taken apart.")
        if apart != words and self.proves(apart):
            return gettext("The passage prints letters taken apart (NFD), and you typed them composed.")
        return ""


def paragraph_spans(text: str) -> list[list[int]]:
    """Return [start, length] of every line of `text` that is not blank, in code points."""
    spans, start = [], 0
    for line in text.split("\n"):
        if fold_letters(line):
            spans.append([start, len(line)])
        start += len(line) + 1
    return spans
