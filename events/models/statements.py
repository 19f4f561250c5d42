"""Statements: one attributed claim each."""

from __future__ import annotations

import copy
import datetime
from collections.abc import Iterable, Sequence
from typing import Any, ClassVar, cast

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from base.lists.search import trigram_index
from base.records.history import history
from base.records.kinds import Listings
from base.records.provenance import Cited
from base.records.publishing import Status
from base.records.records import Record
from base.records.resolution import FormerId
from base.records.translations import Translations
from base.text.dates import UNDATED, EDTFField, bounds
from base.text.names import new_uid
from base.text.search_column import search_column
from directory.models import Initiative, Organization, Person, Topic
from events.querysets import StatementManager

from .events import Event


class StatementKind(models.TextChoices):
    """How the source gives the words."""

    DIRECT = "direct", _("direct quote")
    REPORTED = "reported", _("reported speech")
    NARRATED = "narrated", _("narrated")


class Attribution(models.TextChoices):
    """How the source says who spoke."""

    EXPLICIT = "explicit", _("named in the passage")
    ANAPHORIC = "anaphoric", _("by pronoun or title")
    CONTEXTUAL = "contextual", _("from context")


class Nature(models.TextChoices):
    """What a wording is to the words that were printed."""

    VERBATIM = "verbatim", _("words as printed")
    TRANSLATION = "translation", _("translation")
    PARAPHRASE = "paraphrase", _("paraphrase")


# Columns by which statements are listed -> the word for it in the name of an index. Such lists are long and have the order of
# all lists: without an index that has both, all statements of a speaker would be sorted for every page.
LISTED_BY = {
    "speaker": "speaker",
    "speaker_organization": "body",
    "on_behalf_of": "behalf",
    "event": "event",
    "statement_kind": "kind",
    "certainty": "certainty",
    "speaker_label": "label",
    "role_at_time": "role",
    "attribution": "attribution",
}


SEARCHED = ("speaker_label", "attribution_text", "role_at_time")  # the labels by which a statement is found


def searched_labels(labels: Iterable[str], translations: Translations) -> list[str]:
    """Return the labels by which a statement is found, those of SEARCHED, and their translations."""
    translated = [texts[name] for texts in translations.values() for name in SEARCHED if name in texts]
    return [*labels, *translated]


class Statement(Cited, Record):
    """One claim that a source attributes to a person, an organization or a group."""

    kind, plural = "statement", "statements"
    sample = "st-0znwh1"
    random_id_prefix = "st"
    listings = Listings(api=50, data=10, fixture=70, menu=50, search=50)
    admin_group = "said"
    counted = ngettext_lazy("%(number)s statement", "%(number)s statements", "total")
    translated_fields: ClassVar[tuple[str, ...]] = ("speaker_label", "role_at_time", "note")
    endless = True
    public_parents = ("speaker", "speaker_organization", "on_behalf_of", "event")
    needs = ("wordings",)
    needs_a_passage = True

    # Nearly always empty: SQLite does not even try an index in which nearly all rows are one value.
    merged_into = cast(models.ForeignKey, copy.deepcopy(Record._meta.get_field("merged_into")))
    merged_into.db_index = False  # type: ignore[attr-defined]  # statement_merged holds the others
    statement_kind = models.CharField(
        _("kind"),
        max_length=10,
        choices=StatementKind,
        default=StatementKind.REPORTED,
        help_text=_(
            "Direct: the source prints the speaker's words in quotation marks. Reported: it tells what was said. "
            "Narrated: the paragraph goes on in the speaker's voice without saying so."
        ),
    )
    speaker = models.ForeignKey(
        Person,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="statements",
        verbose_name=_("speaker"),
        db_index=False,  # here and below: an index of LISTED_BY begins with it
    )
    speaker_organization = models.ForeignKey(
        Organization,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="statements",
        verbose_name=_("organization speaking"),
        db_index=False,
        help_text=_("Where the source lets a body speak and no person."),
    )
    speaker_label = models.CharField(
        _("group speaking"), max_length=200, blank=True, help_text=_("Where a group speaks: delegates, experts.")
    )
    role_at_time = models.CharField(
        _("role at the time"), max_length=200, blank=True, help_text=_("As this source has it, not today's post.")
    )
    on_behalf_of = models.ForeignKey(
        Organization,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="statements_on_behalf",
        verbose_name=_("on behalf of"),
        db_index=False,
    )
    attribution = models.CharField(_("attribution"), max_length=10, choices=Attribution, default=Attribution.EXPLICIT)
    attribution_text = models.CharField(
        _("attributed as"),
        max_length=200,
        blank=True,
        help_text=_("The few words by which the source names the speaker."),
    )
    event = models.ForeignKey(
        Event,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="statements",
        verbose_name=_("event"),
        db_index=False,
    )
    date = EDTFField(_("date"), help_text=_("Only if it differs from the event's."))
    initiatives = models.ManyToManyField(
        Initiative, blank=True, related_name="statements", verbose_name=_("about initiatives")
    )
    topics = models.ManyToManyField(Topic, blank=True, related_name="statements", verbose_name=_("topics"))
    about_people = models.ManyToManyField(
        Person, blank=True, related_name="statements_about", verbose_name=_("about people")
    )
    about_organizations = models.ManyToManyField(
        Organization, blank=True, related_name="statements_about", verbose_name=_("about organizations")
    )
    sort_date = models.DateField(default=UNDATED, editable=False, serialize=False)
    position = models.PositiveIntegerField(
        default=0, editable=False, serialize=False, help_text=_("Where its first passage starts.")
    )
    search = models.TextField(default="", editable=False, serialize=False)

    objects: ClassVar[StatementManager[Statement]] = StatementManager()
    history = history(
        "passages",
        "initiatives",
        "topics",
        "about_people",
        "about_organizations",
        exclude=("sort_date", "position", "search"),
    )

    class Meta(Record.Meta):
        verbose_name = _("statement")
        verbose_name_plural = _("statements")
        ordering = ["-sort_date", "position", "id"]
        indexes = [
            trigram_index("statement_search"),
            models.Index(fields=["-sort_date", "position", "id"], name="statement_order"),
            models.Index(fields=["sort_date", "id"], name="statement_date"),
            models.Index(fields=["updated_at", "id"], name="statement_updated"),
            models.Index(fields=["merged_into"], condition=Q(merged_into__isnull=False), name="statement_merged"),
            # Few rows: what is left out where all of a speaker are counted by an index alone (base/lists/link_counts.py).
            models.Index(fields=["status"], condition=~Q(status=Status.PUBLISHED), name="statement_not_public"),
            *[
                models.Index(fields=[column, "-sort_date", "position", "id"], name=f"statement_{name}_order")
                for column, name in LISTED_BY.items()
            ],
        ]
        constraints = [
            *Record.Meta.constraints,
            *Cited.Meta.constraints,
            models.CheckConstraint(
                condition=~Q(status=Status.PUBLISHED)
                | Q(speaker__isnull=False)
                | Q(speaker_organization__isnull=False)
                | ~Q(speaker_label=""),
                name="statement_has_speaker",
                violation_error_message=_("Say who speaks: a person, an organization or a group by its label."),
            ),
            models.CheckConstraint(
                condition=Q(speaker__isnull=True) | Q(speaker_organization__isnull=True),
                name="statement_one_speaker",
                violation_error_message=_(
                    "A person or an organization speaks, not both; put the organization under “on behalf of”."
                ),
            ),
            models.CheckConstraint(
                condition=Q(statement_kind__in=StatementKind.values) & Q(attribution__in=Attribution.values),
                name="statement_kind_known",
                violation_error_message=_("Choose one of the kinds and one of the attributions."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.speaker_name}: {self.slug}"

    @property
    def speaker_name(self) -> str:
        """Who speaks, as far as it is known."""
        return str(self.speaker or self.speaker_organization or self.speaker_label)

    def derive(self) -> None:
        """Fill the day it is sorted by: its own, else its event's, else the beginning of time."""
        if not self.slug:
            self.slug = self.free_slug(f"{self.random_id_prefix}-{new_uid()[:6]}")
        super().derive()
        self.sort_date = self.day_from(self.date) or (self.day_from(self.event.date) if self.event else None) or UNDATED

    @staticmethod
    def day_from(date: str) -> datetime.date | None:
        """Return the day by which a date in EDTF is sorted; None if it has no bound."""
        earliest, latest = bounds(date)
        return earliest or latest

    def refresh_search(self) -> None:
        """Bring the search column up to date with the public wordings and the labels."""
        labels = searched_labels([getattr(self, name) for name in SEARCHED], self.translations)
        self.search = search_column([*labels, *self.wordings.published().values_list("text", flat=True)])
        Statement.objects.filter(pk=self.pk).update(search=self.search)

    @classmethod
    def search_texts_of(cls, keys: Sequence[int], using: str) -> dict[int, list[str]]:
        """Return what the search columns of the statements with these keys are made of. Two queries."""
        rows = cls._base_manager.using(using).filter(pk__in=keys).values_list("pk", *SEARCHED, "translations")
        texts = {key: searched_labels(labels, translations) for key, *labels, translations in rows}
        wordings: Any = cls._meta.get_field("wordings").related_model
        for key, text in (
            wordings.objects.using(using).published().filter(statement__in=keys).values_list("statement", "text")
        ):
            texts[key].append(text)
        return texts

    def refresh_position(self) -> None:
        """Bring the position up to date: where the printed words start, drafts of them aside, else the first passage."""
        printed = self.wordings.filter(status=Status.PUBLISHED)
        first = printed.aggregate(first=models.Min("passage__start"))["first"]
        if first is None:
            first = self.passages.aggregate(first=models.Min("start"))["first"]
        self.position = first or 0
        Statement.objects.filter(pk=self.pk).update(position=self.position)

    def refresh_columns(self) -> None:
        """Bring the columns that follow from other rows up to date."""
        self.refresh_search()
        self.refresh_position()

    def evidence_problems(self) -> list[str]:
        """Return what is missing of who said it and where it is printed."""
        named = self.speaker_id or self.speaker_organization_id or self.speaker_label
        return [*([] if named else [str(_("Nobody is named as the speaker."))]), *super().evidence_problems()]

    @classmethod
    def problem_q(cls) -> Q:
        """Return the condition for statements with words as printed that are not proven."""
        wordings = cls._meta.get_field("wordings").related_model._base_manager  # type: ignore[union-attr]
        unproven = wordings.filter(status=Status.PUBLISHED, nature=Nature.VERBATIM, proven=False)
        return super().problem_q() | Q(pk__in=unproven.values("statement"))

    def publish_problems(self) -> list[str]:
        """Return what stands in the way: a speaker, a passage, a wording, and verbatim words that can be proven."""
        problems = super().publish_problems()
        wordings = list(self.wordings.filter(status=Status.PUBLISHED)) if self.pk else []
        if not wordings:
            problems.append(str(_("It has no wording.")))
        unproven = [wording for wording in wordings if wording.nature == Nature.VERBATIM and not wording.proven]
        if wordings and not unproven and not self.wordings.published(known=("statement",)).exists():
            problems.append(
                str(_("Every wording is printed in a source that is not public. Publish the source first."))
            )
        text = _("The verbatim wording “%s…” is not proven by its passage.")
        return problems + [text % wording.text[:30] for wording in unproven]


class StatementFormerId(FormerId):
    """An id a statement had before."""

    record = models.ForeignKey(Statement, models.CASCADE, related_name="former_ids")
