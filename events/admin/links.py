"""Who and what had to do with events, and how statements stand to each other: all rows."""

from django.contrib import admin

from base.admin import FactAdmin
from events.models import EventInitiative, EventOrganization, Participation, StatementRelation


@admin.register(Participation)
class ParticipationAdmin(FactAdmin):
    """All participations."""

    folded_columns = ("person__search", "event__search")
    list_display = ["person", "role", "event", "certainty", "status"]
    list_filter = ["role", *FactAdmin.list_filter]
    facts = ("role",)


@admin.register(EventOrganization)
class EventOrganizationAdmin(FactAdmin):
    """All organizations of events."""

    folded_columns = ("event__search", "organization__search")
    list_display = ["organization", "role", "event", "certainty", "status"]
    list_filter = ["role", *FactAdmin.list_filter]
    facts = ("role",)


@admin.register(EventInitiative)
class EventInitiativeAdmin(FactAdmin):
    """All initiatives at events."""

    folded_columns = ("event__search", "initiative__search")
    list_display = ["initiative", "role", "event", "certainty", "status"]
    list_filter = ["role", *FactAdmin.list_filter]
    facts = ("role",)


@admin.register(StatementRelation)
class StatementRelationAdmin(FactAdmin):
    """All relations between statements."""

    folded_columns = ("statement__search", "other__search")
    list_display = ["__str__", "kind", "certainty", "status"]
    list_filter = ["kind", *FactAdmin.list_filter]
    facts = ("kind",)
