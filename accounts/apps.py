"""The accounts app: who may sign in, and what they may do."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    """Keeps the ready groups up to date and logs what happens to accounts. It has no table of its own."""

    name = "accounts"
    verbose_name = _("accounts")

    def ready(self) -> None:
        """Connect what runs after migrations and when somebody signs in."""
        from accounts import audit  # noqa: F401  # imported for its receivers
        from accounts.groups import update_ready_groups

        post_migrate.connect(update_ready_groups, sender=self)
