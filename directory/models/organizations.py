"""Organizations and every name they go by."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy, pgettext_lazy

from base.lists.search import trigram_index
from base.records.history import DERIVED, history
from base.records.kinds import Listings
from base.records.names import Name, NamedRecord
from base.records.resolution import FormerId
from base.text.validators import validate_wikidata


class OrganizationKind(models.TextChoices):
    """What sort of body an organization is."""

    ASSOCIATION = "association", _("association")
    COMPANY = "company", _("company")
    EDUCATION = "education", _("university or school")
    FORUM = "forum", _("forum or think tank")
    GOVERNMENT = "government", _("government body")
    INTERGOVERNMENTAL = "intergovernmental", _("intergovernmental organization")
    MEDIA = "media", _("media outlet")
    OTHER = "other", _("other")


class Organization(NamedRecord):
    """A body that is named in a source."""

    kind, plural = "organization", "organizations"
    sample = "vfda"
    listings = Listings(api=30, data=40, fixture=30, menu=30, search=20, network=30)
    admin_group = "who"
    counted = ngettext_lazy("%(number)s organization", "%(number)s organizations", "total")
    letter = pgettext_lazy("letter for an organization in a picture", "O")

    organization_kind = models.CharField(
        _("kind"), max_length=20, choices=OrganizationKind, default=OrganizationKind.OTHER
    )
    wikidata = models.CharField(_("Wikidata id"), max_length=20, blank=True, validators=[validate_wikidata])

    history = history(exclude=DERIVED)

    class Meta(NamedRecord.Meta):
        verbose_name = _("organization")
        verbose_name_plural = _("organizations")
        ordering = ["sort_key", "slug"]
        indexes = [
            trigram_index("organization_search"),
            models.Index(fields=["sort_key", "slug"], name="organization_order"),
        ]


class OrganizationName(Name):
    """One name of an organization."""

    public_parents = ("organization",)

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="names", verbose_name=_("organization"))

    history = history("passages", exclude=("folded",))

    class Meta(Name.Meta):
        verbose_name = _("name of an organization")
        verbose_name_plural = _("names of organizations")
        constraints = [
            *Name.Meta.constraints,
            models.UniqueConstraint(
                fields=["organization", "text", "language"],
                name="organization_name_once",
                violation_error_message=_("This name is already recorded; add the passage there."),
            ),
        ]


class OrganizationFormerId(FormerId):
    """A former public id of an organization."""

    record = models.ForeignKey(Organization, models.CASCADE, related_name="former_ids")
