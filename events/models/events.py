"""Events, their names and what a source says of them."""

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
from base.records.provenance import Cited, Fact
from base.records.resolution import FormerId
from base.text.dates import EDTFField, bounds


class EventKind(models.TextChoices):
    """What sort of event it is."""

    WORKSHOP = "workshop", _("workshop")
    CONFERENCE = "conference", _("conference")
    FESTIVAL = "festival", _("festival")
    SERIES = "series", _("series of events")
    CEREMONY = "ceremony", _("ceremony")
    OTHER = "other", _("other")


class Event(Cited, NamedRecord):
    """Something that took place. Its passages are those that establish it, its date and its place."""

    kind, plural = "event", "events"
    sample = "vietnam-us-film-workshop-harvard"
    listings = Listings(api=10, data=20, fixture=60, menu=10, search=40, network=10)
    admin_group = "happened"
    counted = ngettext_lazy("%(number)s event", "%(number)s events", "total")
    short_field = "short_name"
    translated_fields: ClassVar[tuple[str, ...]] = ("short_name", "date_note", "place", "note")
    letter = pgettext_lazy("letter for an event in a picture", "E")

    short_name = models.CharField(
        _("short name"),
        max_length=80,
        blank=True,
        help_text=_("A few words for lists and lines, where the whole name is too long."),
    )
    event_kind = models.CharField(_("kind"), max_length=12, choices=EventKind, default=EventKind.OTHER)
    date = EDTFField(_("date"), help_text=_("EDTF; empty if no source states one. Never guess from “recently”."))
    date_earliest = models.DateField(null=True, blank=True, editable=False, serialize=False)
    date_latest = models.DateField(null=True, blank=True, editable=False, serialize=False)
    date_note = models.CharField(
        _("what the source says of the date"),
        max_length=200,
        blank=True,
        help_text=_("In your own words, if it gives no date."),
    )
    place = models.CharField(_("place"), max_length=200, blank=True)

    history = history("passages", exclude=("date_earliest", "date_latest", *DERIVED))

    class Meta(NamedRecord.Meta):
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = [F("date_latest").desc(nulls_last=True), "sort_key", "slug"]
        indexes = [trigram_index("event_search")]
        constraints = [*NamedRecord.Meta.constraints, *Cited.Meta.constraints]

    def derive(self) -> None:
        """Fill the sortable days."""
        super().derive()
        self.date_earliest, self.date_latest = bounds(self.date)

    def short_names(self) -> list[str]:
        """Return the short name in every language that has one."""
        return self.texts_in_every_language("short_name")


class EventName(Name):
    """One name of an event."""

    public_parents = ("event",)

    event = models.ForeignKey(Event, models.CASCADE, related_name="names", verbose_name=_("event"))

    history = history("passages", exclude=("folded",))

    class Meta(Name.Meta):
        verbose_name = _("name of an event")
        verbose_name_plural = _("names of events")
        constraints = [
            *Name.Meta.constraints,
            models.UniqueConstraint(
                fields=["event", "text", "language"],
                name="event_name_once",
                violation_error_message=_("This name is already recorded; add the passage there."),
            ),
        ]


class EventFormerId(FormerId):
    """An id an event had before."""

    record = models.ForeignKey(Event, models.CASCADE, related_name="former_ids")


class EventDescription(Description):
    """What a source says of an event in its own voice, in our words."""

    public_parents = ("event",)

    event = models.ForeignKey(Event, models.CASCADE, related_name="descriptions", verbose_name=_("event"))

    history = history("passages")

    class Meta(Description.Meta):
        verbose_name = _("description of an event")
        verbose_name_plural = _("descriptions of events")


class EventPart(Fact):
    """One event that is part of another."""

    public_parents = ("event", "parent")

    event = models.ForeignKey(Event, models.CASCADE, related_name="parent_links", verbose_name=_("event"))
    parent = models.ForeignKey(Event, models.PROTECT, related_name="part_links", verbose_name=_("part of"))

    history = history("passages")

    class Meta(Fact.Meta):
        verbose_name = _("part of an event")
        verbose_name_plural = _("parts of events")
        ordering = ["parent__sort_key", "event__sort_key", "uid"]
        constraints = [
            *Fact.Meta.constraints,
            models.UniqueConstraint(
                fields=["event", "parent"],
                name="event_part_once",
                violation_error_message=_("This is already recorded; add the passage to that row."),
            ),
            models.CheckConstraint(
                condition=~Q(event=F("parent")),
                name="event_part_of_another",
                violation_error_message=_("An event cannot be part of itself."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event} ⊂ {self.parent}"
