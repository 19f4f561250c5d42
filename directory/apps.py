"""The directory app: who and what."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DirectoryConfig(AppConfig):
    """Registers the signals that keep derived columns true, and the checks of the database."""

    name = "directory"
    verbose_name = _("directory")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Connect what runs on save and at start."""
        from .base import checks, signals  # noqa: F401
