"""Initiatives, their names, and who takes part in them."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from base.admin import FactAdmin, FactInline, NameAdmin, NamedRecordAdmin, NameInline
from directory.models import (
    Initiative,
    InitiativeDescription,
    InitiativeName,
    InitiativeOrganization,
    InitiativePart,
)

NAMES_HELP = _(
    "A source may call one initiative by several names: add a row for each. If it only says “this initiative”, look for "
    "the name before that; write in the note how you found it."
)


class InitiativeNames(NameInline):
    """The names of an initiative."""

    model = InitiativeName


class InitiativeDescriptions(FactInline):
    """What sources say of an initiative."""

    model = InitiativeDescription
    facts = ("text", "language", "position")


class InitiativeOrganizations(FactInline):
    """Who leads an initiative or takes part in it."""

    model = InitiativeOrganization
    facts = ("organization", "role")


class InitiativeParents(FactInline):
    """The larger initiatives it is part of."""

    model = InitiativePart
    fk_name = "initiative"
    facts = ("parent",)


@admin.register(Initiative)
class InitiativeAdmin(NamedRecordAdmin):
    """A project, programme or plan that is named in a source."""

    looks_for_doubles = True

    fieldsets = [(_("Names and links are below"), {"fields": [], "description": NAMES_HELP})]
    inlines = [InitiativeNames, InitiativeDescriptions, InitiativeOrganizations, InitiativeParents]


@admin.register(InitiativeName)
class InitiativeNameAdmin(NameAdmin):
    """All names of initiatives."""


@admin.register(InitiativeDescription)
class InitiativeDescriptionAdmin(FactAdmin):
    """All descriptions of initiatives."""

    folded_columns = ("initiative__search",)
    list_display = ["__str__", "initiative", "language", "certainty", "status"]
    facts = ("text", "language", "position")


@admin.register(InitiativeOrganization)
class InitiativeOrganizationAdmin(FactAdmin):
    """All organizations of initiatives."""

    folded_columns = ("initiative__search", "organization__search")
    list_filter = ["role", *FactAdmin.list_filter]
    facts = ("role",)


@admin.register(InitiativePart)
class InitiativePartAdmin(FactAdmin):
    """All parts of initiatives."""

    folded_columns = ("initiative__search", "parent__search")
