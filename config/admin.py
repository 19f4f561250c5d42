"""The admin site of the curators."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _


class RecordAdminSite(admin.AdminSite):
    """Django's admin under our name."""

    site_header = _("On the Record: curation")
    site_title = _("On the Record")
    index_title = _("What would you like to do?")
