"""Where a fact was read: passages, certainty and a note, for every row that states one."""

from __future__ import annotations

import hashlib
from typing import Any, ClassVar, Self

from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models import Prefetch, Q
from django.utils.translation import gettext_lazy as _

from base.records.publishing import Publishable, PublishableQuerySet, Status
from base.records.translations import TranslatedTexts
from base.text.names import new_uid


class Certainty(models.TextChoices):
    """How firmly the cited passages carry the fact."""

    STATED = "stated", _("stated")
    INFERRED = "inferred", _("inferred")
    DISPUTED = "disputed", _("disputed")
    REJECTED = "rejected", _("rejected")


def sha256_of(text: str) -> str:
    """Return the SHA-256 of a text as UTF-8, in 64 hexadecimal digits."""
    return hashlib.sha256(text.encode()).hexdigest()


def get_passage_model() -> Any:
    """Return the model of passages, which the setting PASSAGE_MODEL names. It has a foreign key `source`."""
    return apps.get_model(settings.PASSAGE_MODEL)


def get_source_model() -> Any:
    """Return the model of the sources that passages are part of."""
    return get_passage_model()._meta.get_field("source").related_model


class Cited(TranslatedTexts):
    """A row that states something: it cites passages and says how certain the statement is.

    It rests on its passages: a row that cites some is not public unless one of them is.
    """

    rests_on_passages: ClassVar[bool] = True
    translated_fields: ClassVar[tuple[str, ...]] = ("note",)
    needs_a_passage: ClassVar[bool] = False  # whether it may not even be public if it cites none

    passages: models.ManyToManyField[Any, Any] = models.ManyToManyField(
        settings.PASSAGE_MODEL,
        blank=True,
        related_name="%(class)s_rows",
        verbose_name=_("passages"),
        help_text=_("Where the source says so. A stated fact needs at least one."),
    )
    certainty = models.CharField(
        _("certainty"),
        max_length=10,
        choices=Certainty,
        default=Certainty.STATED,
        help_text=_(
            "Stated: the passage says it. Inferred: you concluded it. Disputed: passages contradict each other. "
            "Rejected: a reading that other passages overrule, kept so that readers see both."
        ),
    )
    note = models.TextField(
        _("note"), blank=True, help_text=_("Why it is inferred, disputed or rejected; any doubt a reader should know.")
    )

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(certainty=Certainty.STATED) | ~Q(note=""),
                name="%(app_label)s_%(class)s_doubt_says_why",
                violation_error_message=_("Say in the note why this is inferred, disputed or rejected."),
            ),
            models.CheckConstraint(
                condition=Q(certainty__in=Certainty.values),
                name="%(app_label)s_%(class)s_certainty_known",
                violation_error_message=_("Certainty is stated, inferred, disputed or rejected."),
            ),
        ]

    def public_passages(self) -> models.QuerySet[Any]:
        """Return those of its passages that readers may look up."""
        return self.passages.filter(get_passage_model().published_q())

    def evidence_problems(self) -> list[str]:
        """Return a sentence if the row cites passages and readers would see none of them, or if it cites none and has to."""
        if not self.rests_on_passages or (self.pk and self.public_passages().exists()):
            return []
        if self.pk and self.passages.exists():
            return [str(_("Every passage that it cites is of a source that is not public. Publish the source first."))]
        return [str(_("No passage is cited."))] if self.needs_a_passage else []


def with_passages(*prefixes: str) -> list[Prefetch]:
    """Return prefetches of the public passages of cited rows, each with its source, in reading order.

    Each prefix is a relation that leads to a cited row ("names__"), or "" for the rows of the query themselves.
    """
    rows = (
        get_passage_model()
        .objects.published()
        .select_related("source")
        .defer("source__text")
        .order_by("source_id", "start", "end")
    )
    return [Prefetch(f"{prefix}passages", queryset=rows) for prefix in prefixes]


class FactQuerySet(PublishableQuerySet):
    """Selects facts by how firm they are."""

    def firm(self) -> Self:
        """Return the public facts that hold: a rejected reading is shown, but nothing is found or counted by it."""
        return self.published().exclude(certainty=Certainty.REJECTED)

    def with_passages(self) -> Self:
        """Load the public passages of every row."""
        return self.prefetch_related(*with_passages(""))


class Fact(Cited, Publishable):
    """A cited row that hangs on records: a name, a link, a description. Public by default, once its records are."""

    natural_key_fields = ("uid",)

    uid = models.CharField(
        _("identity"),
        max_length=80,
        unique=True,
        default=new_uid,
        editable=False,
        help_text=_("Permanent, for programs."),
    )
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.PUBLISHED)

    objects: ClassVar[Any] = FactQuerySet.as_manager()

    class Meta(Cited.Meta, Publishable.Meta):
        abstract = True

    @classmethod
    def problem_q(cls) -> Q:
        """Return the condition for stated facts without a passage."""
        return super().problem_q() | Q(certainty=Certainty.STATED, passages__isnull=True)

    def publish_problems(self) -> list[str]:
        """Return what stands in the way; a stated fact needs a passage, and what cites any needs one that readers see."""
        problems = super().publish_problems() + self.evidence_problems()
        if self.certainty == Certainty.STATED and not (self.pk and self.passages.exists()):
            problems.append(str(_("A stated fact needs at least one passage.")))
        return problems
