"""The reports app: what readers say is wrong."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReportsConfig(AppConfig):
    """Sits on top of both other apps and is known to neither."""

    name = "reports"
    verbose_name = _("reports of problems")
    default_auto_field = "django.db.models.BigAutoField"
