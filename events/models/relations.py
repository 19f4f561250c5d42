"""How one statement stands to another: they make the same claim, or contradict each other."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Greatest, Least
from django.utils.translation import gettext_lazy as _

from base.records.history import history
from base.records.provenance import Fact

from .statements import Statement


class StatementRelationKind(models.TextChoices):
    """What two statements are to each other. Each holds in both directions."""

    SAME_CLAIM = "same_claim", _("same claim")
    CONTRADICTS = "contradicts", _("contradiction")


class StatementRelation(Fact):
    """Two statements that make the same claim, or contradict each other. It is stored once, whichever of the two comes first."""

    public_parents = ("statement", "other")
    either_way: ClassVar[tuple[str, ...]] = ("statement", "other")

    statement = models.ForeignKey(Statement, models.CASCADE, related_name="relations", verbose_name=_("statement"))
    kind = models.CharField(
        _("relation"),
        max_length=20,
        choices=StatementRelationKind,
        default=StatementRelationKind.SAME_CLAIM,
        help_text=_(
            "Same claim: both say it, whoever speaks, even if one of them says more. "
            "Contradiction: both cannot be true. The note says what they share and where they differ."
        ),
    )
    other = models.ForeignKey(
        Statement,
        models.CASCADE,
        related_name="relations_from_others",
        verbose_name=_("other statement"),
        help_text=_("Enough at one of the two: both pages show it."),
    )

    history = history("passages")

    class Meta(Fact.Meta):
        verbose_name = _("relation between statements")
        verbose_name_plural = _("relations between statements")
        ordering = ["kind", "uid"]
        constraints = [
            *Fact.Meta.constraints,
            models.UniqueConstraint(
                Least("statement", "other"),
                Greatest("statement", "other"),
                "kind",
                name="statement_relation_once",
                violation_error_message=_(
                    "This is already recorded, here or at the other statement; add the passage to that row."
                ),
            ),
            models.CheckConstraint(
                condition=~Q(statement=F("other")),
                name="statement_relation_to_another",
                violation_error_message=_("A statement cannot be related to itself."),
            ),
            models.CheckConstraint(
                condition=Q(kind__in=StatementRelationKind.values),
                name="statement_relation_kind_known",
                violation_error_message=_("Choose one of the relations."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.statement.slug}, {self.other.slug}"
