"""Links between people and organizations, all rows."""

from django.contrib import admin

from base.admin import FactAdmin
from directory.models import Affiliation, OrganizationLink


@admin.register(Affiliation)
class AffiliationAdmin(FactAdmin):
    """All positions."""

    folded_columns = ("person__search", "organization__search")
    list_display = ["person", "role", "organization", "start", "end", "certainty", "status"]
    facts = ("role", "start", "end", "position")


@admin.register(OrganizationLink)
class OrganizationLinkAdmin(FactAdmin):
    """All links between organizations."""

    folded_columns = ("organization__search", "related__search")
    list_filter = ["role", *FactAdmin.list_filter]
    facts = ("role",)
