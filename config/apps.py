"""The admin app, with our own site in place of Django's."""

from django.contrib.admin.apps import AdminConfig


class RecordAdminConfig(AdminConfig):
    """Uses the admin site that groups models by a curator's tasks."""

    default_site = "config.admin.RecordAdminSite"
