"""The admin app, with our own site in place of Django's."""

from django.contrib.admin.apps import AdminConfig


class RecordAdminConfig(AdminConfig):
    """Uses the site that groups models as a curator thinks."""

    default_site = "config.admin.RecordAdminSite"
