"""The operations app: logs, health, metrics, error reports, backup and retention."""

from django.apps import AppConfig
from django.conf import settings


class OperationsConfig(AppConfig):
    """Has no models. Starts error reports if the settings ask for them."""

    name = "operations"

    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Load Sentry only where it is wanted: it costs memory and time at the start."""
        if settings.SENTRY_DSN:
            from operations import error_reports

            error_reports.start(settings.SENTRY_DSN)
