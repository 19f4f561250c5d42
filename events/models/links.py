"""Who took part in an event, and what it had to do with organizations and initiatives."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from base.records.history import history
from base.records.provenance import Fact
from directory.models import Initiative, Organization, Person

from .events import Event


class EventOrganizationRole(models.TextChoices):
    """What an organization was to an event."""

    ORGANIZER = "organizer", _("organizer")
    CO_ORGANIZER = "co_organizer", _("co-organizer")
    HOST = "host", _("host")
    VENUE = "venue", _("venue")
    PARTNER = "partner", _("partner")


class EventOrganization(Fact):
    """An organization's part in an event."""

    public_parents = ("event", "organization")

    event = models.ForeignKey(Event, models.CASCADE, related_name="organization_links", verbose_name=_("event"))
    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="event_links", verbose_name=_("organization")
    )
    role = models.CharField(_("role"), max_length=20, choices=EventOrganizationRole)

    history = history("passages")

    class Meta(Fact.Meta):
        verbose_name = _("organization of an event")
        verbose_name_plural = _("organizations of events")
        ordering = ["role", "organization__sort_key", "uid"]
        constraints = [
            *Fact.Meta.constraints,
            models.UniqueConstraint(
                fields=["event", "organization", "role"],
                name="event_organization_once",
                violation_error_message=_(
                    "This organization already has this role there; add the passage to that row."
                ),
            ),
            models.CheckConstraint(
                condition=Q(role__in=EventOrganizationRole.values),
                name="event_organization_role_known",
                violation_error_message=_("Choose one of the roles."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organization}: {self.get_role_display()}, {self.event}"


class EventInitiativeRole(models.TextChoices):
    """What happened to an initiative at an event."""

    LAUNCHED = "launched", pgettext_lazy("what became of an initiative at an event", "launched")
    ANNOUNCED = "announced", pgettext_lazy("what became of an initiative at an event", "announced")
    DISCUSSED = "discussed", pgettext_lazy("what became of an initiative at an event", "discussed")


class EventInitiative(Fact):
    """An initiative that an event launched, announced or discussed."""

    public_parents = ("event", "initiative")

    event = models.ForeignKey(Event, models.CASCADE, related_name="initiative_links", verbose_name=_("event"))
    initiative = models.ForeignKey(Initiative, models.PROTECT, related_name="event_links", verbose_name=_("initiative"))
    role = models.CharField(_("was"), max_length=20, choices=EventInitiativeRole)

    history = history("passages")

    class Meta(Fact.Meta):
        verbose_name = _("initiative at an event")
        verbose_name_plural = _("initiatives at events")
        ordering = ["role", "initiative__sort_key", "uid"]
        constraints = [
            *Fact.Meta.constraints,
            models.UniqueConstraint(
                fields=["event", "initiative", "role"],
                name="event_initiative_once",
                violation_error_message=_("This is already recorded; add the passage to that row."),
            ),
            models.CheckConstraint(
                condition=Q(role__in=EventInitiativeRole.values),
                name="event_initiative_role_known",
                violation_error_message=_("Choose launched, announced or discussed."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.initiative}: {self.get_role_display()}, {self.event}"


class ParticipationRole(models.TextChoices):
    """What a person did at an event, in the order of a programme."""

    OPENING_SPEAKER = "opening_speaker", _("opening speaker")
    MODERATOR = "moderator", _("moderator")
    SPEAKER = "speaker", pgettext_lazy("a role at an event", "speaker")
    PANELLIST = "panellist", _("panellist")
    CONTRIBUTOR = "contributor", _("contributor")
    ATTENDEE = "attendee", _("attendee")


class Participation(Fact):
    """A person's part in an event."""

    public_parents = ("person", "event")
    admin_group = "happened"

    person = models.ForeignKey(Person, models.PROTECT, related_name="participations", verbose_name=_("person"))
    event = models.ForeignKey(Event, models.CASCADE, related_name="participations", verbose_name=_("event"))
    role = models.CharField(_("role"), max_length=20, choices=ParticipationRole)

    history = history("passages")

    class Meta(Fact.Meta):
        verbose_name = _("participation")
        verbose_name_plural = _("participations")
        ordering = ["role", "person__sort_key", "uid"]
        constraints = [
            *Fact.Meta.constraints,
            models.UniqueConstraint(
                fields=["person", "event", "role"],
                name="participation_once",
                violation_error_message=_("This person already has this role there; add the passage to that row."),
            ),
            models.CheckConstraint(
                condition=Q(role__in=ParticipationRole.values),
                name="participation_role_known",
                violation_error_message=_("Choose one of the roles."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.get_role_display()}, {self.event}"
