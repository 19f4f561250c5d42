"""The operations app: logs, health, metrics, error reports, backup and retention."""

from django.apps import AppConfig
from django.conf import settings


class OperationsConfig(AppConfig):
    """Has no models. Starts error reports if the settings ask for them."""

    name = "operations"

    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the check of static files. Load Sentry only where it is wanted: it costs memory and time at the start."""
        from operations import static_files  # noqa: F401  # imported for the check it registers

        if settings.SENTRY_DSN:
            from operations import error_reports

            error_reports.start_reporting(settings.SENTRY_DSN)
