"""The reports app: what readers say is wrong."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReportsConfig(AppConfig):
    """Reports of problems. The app depends on `directory` and `events`; neither knows of it."""

    name = "reports"
    verbose_name = _("reports of problems")
    default_auto_field = "django.db.models.BigAutoField"
