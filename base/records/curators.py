"""How curators are called on pages of the admin."""

from __future__ import annotations

from django.contrib.auth.models import AbstractUser
from django.utils.translation import gettext as _


def curator_name(user: AbstractUser | None) -> str:
    """Return the full name of a curator, else the name of the account; “Somebody” where nobody is known any more."""
    return (user.get_full_name() or user.get_username()) if user is not None else _("Somebody")
