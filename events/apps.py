"""The events app: events, who took part in them, and statements."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate
from django.utils.translation import gettext_lazy as _


class EventsConfig(AppConfig):
    """Registers the signals, links of search and checks of texts of statements, and the triggers of their list index."""

    name = "events"
    verbose_name = _("events and statements")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Import the modules that register themselves, and connect the triggers to migrations."""
        from . import list_index, search_links, signals, verification  # noqa: F401

        pre_migrate.connect(list_index.triggers.before_migrate, sender=self)
        post_migrate.connect(list_index.triggers.after_migrate, sender=self)
