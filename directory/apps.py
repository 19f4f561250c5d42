"""The configuration of the app `directory`."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DirectoryConfig(AppConfig):
    """People, organizations, initiatives, topics, and the sources that name them."""

    name = "directory"
    verbose_name = _("directory")
    default_auto_field = "django.db.models.BigAutoField"
