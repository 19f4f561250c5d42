"""Organizations and their names."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from base.admin import FactInline, NameAdmin, NamedRecordAdmin, NameInline
from directory.models import Organization, OrganizationLink, OrganizationName

NAMES_HELP = _(
    "Add one row below for every name, each with the passage that prints it. A department or embassy with a name of its "
    "own is an organization of its own: link it as part of the larger one."
)


class OrganizationNames(NameInline):
    """The names of an organization."""

    model = OrganizationName


class OrganizationLinks(FactInline):
    """How the organization stands to others."""

    model = OrganizationLink
    fk_name = "organization"
    facts = ("role", "related")


@admin.register(Organization)
class OrganizationAdmin(NamedRecordAdmin):
    """A body that is named in a source."""

    looks_for_doubles = True
    fieldsets = [(None, {"fields": ["organization_kind", "wikidata"], "description": NAMES_HELP})]
    list_display = ["shown_name", "organization_kind", "slug", "status", "updated_at"]
    list_filter = ["status", "organization_kind"]
    inlines = [OrganizationNames, OrganizationLinks]


@admin.register(OrganizationName)
class OrganizationNameAdmin(NameAdmin):
    """All names of organizations."""
