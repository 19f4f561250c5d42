"""Events, their names and what belongs to them. Who took part is listed on a page of its own: it can be thousands."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from base.admin import (
    EVIDENCE_HELP,
    CitedRecordForm,
    FactAdmin,
    FactInline,
    NameAdmin,
    NamedRecordAdmin,
    NameInline,
)
from events.models import (
    Event,
    EventDescription,
    EventInitiative,
    EventName,
    EventOrganization,
    EventPart,
)

DATE_HELP = _(
    "Never guess a date. “Recently” and the year of an anniversary are no date of the event: leave the date empty and "
    "write what the source says into the note beside it. Partly known dates have a notation: 2025-03, 2025~ (about), "
    "2025-03/2025-06 (from, until)."
)


class EventNames(NameInline):
    """The names of an event."""

    model = EventName


class EventDescriptions(FactInline):
    """What sources say of an event."""

    model = EventDescription
    facts = ("text", "language", "position")


class EventOrganizations(FactInline):
    """Who organized, hosted or supported the event."""

    model = EventOrganization
    facts = ("organization", "role")


class EventInitiatives(FactInline):
    """What was launched, announced or discussed."""

    model = EventInitiative
    facts = ("initiative", "role")


class EventParents(FactInline):
    """The larger events it is part of."""

    model = EventPart
    fk_name = "event"
    facts = ("parent",)


@admin.register(Event)
class EventAdmin(NamedRecordAdmin):
    """Something that took place."""

    looks_for_doubles = True
    form = CitedRecordForm
    fieldsets = [
        (None, {"fields": [("event_kind", "short_name"), ("date", "date_note"), "place"], "description": DATE_HELP}),
        (_("Evidence"), {"fields": ["passages", "certainty", "note", "text_language"], "description": EVIDENCE_HELP}),
    ]
    list_display = ["shown_name", "event_kind", "date", "place", "slug", "status", "updated_at"]
    list_filter = ["status", "event_kind", "certainty"]
    inlines = [EventNames, EventDescriptions, EventOrganizations, EventInitiatives, EventParents]


@admin.register(EventName)
class EventNameAdmin(NameAdmin):
    """All names of events."""


@admin.register(EventDescription)
class EventDescriptionAdmin(FactAdmin):
    """All descriptions of events."""

    folded_columns = ("event__search",)
    list_display = ["__str__", "event", "language", "certainty", "status"]
    facts = ("text", "language", "position")


@admin.register(EventPart)
class EventPartAdmin(FactAdmin):
    """All parts of events."""

    folded_columns = ("event__search", "parent__search")
