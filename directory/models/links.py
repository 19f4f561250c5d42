"""Links between people and organizations."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from base.lists.search import trigram_index
from base.records.history import history
from base.records.provenance import Fact
from base.text.dates import EDTFField, bounds
from base.text.search_column import search_column

from .organizations import Organization
from .people import Person


class Affiliation(Fact):
    """A position a person is said to hold: a role, usually at an organization."""

    public_parents = ("person", "organization")
    translated_fields: ClassVar[tuple[str, ...]] = ("role", "note")

    person = models.ForeignKey(Person, models.CASCADE, related_name="affiliations", verbose_name=_("person"))
    organization = models.ForeignKey(
        Organization,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="affiliations",
        verbose_name=_("organization"),
        help_text=_("Empty where the source names a profession and no organization."),
    )
    role = models.CharField(_("role"), max_length=200, help_text=_("In plain words: former governor."))
    start = EDTFField(_("from"))
    start_earliest = models.DateField(null=True, blank=True, editable=False, serialize=False)
    end = EDTFField(_("until"))
    end_latest = models.DateField(null=True, blank=True, editable=False, serialize=False)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    search = models.TextField(default="", editable=False, serialize=False)

    history = history("passages", exclude=("start_earliest", "end_latest", "search"))

    class Meta(Fact.Meta):
        verbose_name = _("affiliation")
        verbose_name_plural = _("affiliations")
        ordering = ["position", "uid"]
        indexes = [trigram_index("affiliation_search")]
        constraints = [
            *Fact.Meta.constraints,
            models.UniqueConstraint(
                fields=["person", "organization", "role", "start"],
                name="affiliation_once",
                violation_error_message=_("This position is already recorded; add the passage there."),
            ),
            models.UniqueConstraint(
                fields=["person", "role", "start"],
                condition=Q(organization__isnull=True),
                name="affiliation_profession_once",
                violation_error_message=_("This profession is already recorded; add the passage there."),
            ),
            models.CheckConstraint(
                condition=~Q(role=""),
                name="affiliation_has_role",
                violation_error_message=_("Name the role; “member” if the source says no more."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.role}" + (f", {self.organization}" if self.organization_id else "")

    def derive(self) -> None:
        """Fill the first and the last day that the position may cover, and the role in every language, as it is searched."""
        self.start_earliest, self.end_latest = bounds(self.start)[0], bounds(self.end)[1]
        self.search = search_column(self.texts_in_every_language("role"))


class OrganizationRelation(models.TextChoices):
    """What one organization is to another."""

    PART_OF = "part_of", _("part of")
    ACCREDITED_TO = "accredited_to", _("accredited to")
    RELATED_TO = "related_to", _("related to")


class OrganizationLink(Fact):
    """How one organization stands to another."""

    public_parents = ("organization", "related")

    organization = models.ForeignKey(
        Organization, models.CASCADE, related_name="organization_links", verbose_name=_("organization")
    )
    role = models.CharField(_("is"), max_length=20, choices=OrganizationRelation)
    related = models.ForeignKey(
        Organization, models.PROTECT, related_name="related_links", verbose_name=_("organization")
    )

    history = history("passages")

    class Meta(Fact.Meta):
        verbose_name = _("link between organizations")
        verbose_name_plural = _("links between organizations")
        ordering = ["role", "related__sort_key", "uid"]
        constraints = [
            *Fact.Meta.constraints,
            models.UniqueConstraint(
                fields=["organization", "role", "related"],
                name="organization_link_once",
                violation_error_message=_("This is already recorded; add the passage to that row."),
            ),
            models.CheckConstraint(
                condition=~Q(organization=F("related")),
                name="organization_link_to_another",
                violation_error_message=_("An organization cannot be linked to itself."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organization}: {self.get_role_display()} {self.related}"
