"""Initiatives: projects and programmes, what they are said to be, who takes part and how firmly."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy, pgettext_lazy

from base.lists.search import trigram_index
from base.records.descriptions import Description
from base.records.history import DERIVED, history
from base.records.kinds import Listings
from base.records.names import Name, NamedRecord
from base.records.provenance import Fact
from base.records.resolution import FormerId
from directory.querysets import AboutManager

from .organizations import Organization


class Initiative(NamedRecord):
    """A project, programme or plan that is named in a source."""

    kind, plural = "initiative", "initiatives"
    sample = "aiws-film-park"
    listings = Listings(api=40, data=50, fixture=50, menu=40, search=30, network=20)
    admin_group = "who"
    counted = ngettext_lazy("%(number)s initiative", "%(number)s initiatives", "total")
    letter = pgettext_lazy("letter for an initiative in a picture", "I")

    objects: ClassVar[AboutManager[Initiative]] = AboutManager()
    history = history(exclude=DERIVED)

    class Meta(NamedRecord.Meta):
        verbose_name = _("initiative")
        verbose_name_plural = _("initiatives")
        ordering = ["sort_key", "slug"]
        indexes = [trigram_index("initiative_search")]


class InitiativeName(Name):
    """One name of an initiative."""

    public_parents = ("initiative",)

    initiative = models.ForeignKey(Initiative, models.CASCADE, related_name="names", verbose_name=_("initiative"))

    history = history("passages", exclude=("folded",))

    class Meta(Name.Meta):
        verbose_name = _("name of an initiative")
        verbose_name_plural = _("names of initiatives")
        constraints = [
            *Name.Meta.constraints,
            models.UniqueConstraint(
                fields=["initiative", "text", "language"],
                name="initiative_name_once",
                violation_error_message=_("This name is already recorded; add the passage there."),
            ),
        ]


class InitiativeFormerId(FormerId):
    """A former public id of an initiative."""

    record = models.ForeignKey(Initiative, models.CASCADE, related_name="former_ids")


class InitiativeDescription(Description):
    """What a source says of an initiative in its own voice, in our words."""

    public_parents = ("initiative",)

    initiative = models.ForeignKey(
        Initiative, models.CASCADE, related_name="descriptions", verbose_name=_("initiative")
    )

    history = history("passages")

    class Meta(Description.Meta):
        verbose_name = _("description of an initiative")
        verbose_name_plural = _("descriptions of initiatives")


class InitiativePart(Fact):
    """One initiative that is part of another."""

    public_parents = ("initiative", "parent")

    initiative = models.ForeignKey(
        Initiative, models.CASCADE, related_name="parent_links", verbose_name=_("initiative")
    )
    parent = models.ForeignKey(Initiative, models.PROTECT, related_name="part_links", verbose_name=_("part of"))

    history = history("passages")

    class Meta(Fact.Meta):
        verbose_name = _("part of an initiative")
        verbose_name_plural = _("parts of initiatives")
        ordering = ["parent__sort_key", "initiative__sort_key", "uid"]
        constraints = [
            *Fact.Meta.constraints,
            models.UniqueConstraint(
                fields=["initiative", "parent"],
                name="initiative_part_once",
                violation_error_message=_("This is already recorded; add the passage to that row."),
            ),
            models.CheckConstraint(
                condition=~Q(initiative=F("parent")),
                name="initiative_part_of_another",
                violation_error_message=_("An initiative cannot be part of itself."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.initiative} ⊂ {self.parent}"


class InitiativeRole(models.TextChoices):
    """What an organization is to an initiative."""

    LEAD = "lead", _("lead")
    PARTNER = "partner", _("partner")
    INTENDED_PARTNER = "intended_partner", _("intended partner")


class InitiativeOrganization(Fact):
    """An organization's part in an initiative."""

    public_parents = ("initiative", "organization")

    initiative = models.ForeignKey(
        Initiative, models.CASCADE, related_name="organization_links", verbose_name=_("initiative")
    )
    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="initiative_links", verbose_name=_("organization")
    )
    role = models.CharField(_("role"), max_length=20, choices=InitiativeRole)

    history = history("passages")

    class Meta(Fact.Meta):
        verbose_name = _("organization of an initiative")
        verbose_name_plural = _("organizations of initiatives")
        ordering = ["role", "organization__sort_key", "uid"]
        constraints = [
            *Fact.Meta.constraints,
            models.UniqueConstraint(
                fields=["initiative", "organization", "role"],
                name="initiative_organization_once",
                violation_error_message=_(
                    "This organization already has this role there; add the passage to that row."
                ),
            ),
            models.CheckConstraint(
                condition=Q(role__in=InitiativeRole.values),
                name="initiative_organization_role_known",
                violation_error_message=_("Choose one of the roles."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organization}: {self.get_role_display()}, {self.initiative}"
