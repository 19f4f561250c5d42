"""The events app: what happened and was said."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EventsConfig(AppConfig):
    """Registers the signals of statements."""

    name = "events"
    verbose_name = _("events and statements")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Connect what runs on save."""
        from . import signals, verification  # noqa: F401
