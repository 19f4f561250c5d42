"""The base app: what all others stand on, and the bookkeeping of what was written."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate


class BaseConfig(AppConfig):
    """Registers what keeps derived columns and the content version true, and the checks of the database."""

    name = "base"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Connect what runs on save, at start and after migrations."""
        from base.changes import triggers
        from base.records import refill, signals  # noqa: F401  # signals: imported for its receivers
        from base.sql import checks, trigrams  # noqa: F401  # checks: imported for the checks it registers

        pre_migrate.connect(triggers.content_triggers.before_migrate, sender=self)
        pre_migrate.connect(trigrams.trigram_indexes.before_migrate, sender=self)
        post_migrate.connect(triggers.content_triggers.after_migrate, sender=self)
        post_migrate.connect(trigrams.trigram_indexes.after_migrate, sender=self)
        post_migrate.connect(refill.after_migrate, sender=self)
