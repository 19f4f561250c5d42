"""The desk app: intake of texts, reading view, cards and proposals."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DeskConfig(AppConfig):
    """The curators' workplace. The app depends on `events` and `directory`; neither knows of it."""

    name = "desk"
    verbose_name = _("desk")
    default_auto_field = "django.db.models.BigAutoField"
