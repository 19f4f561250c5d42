"""Who may do what at the desk, by the rights that the admin asks for too."""

from __future__ import annotations

from django.contrib.auth import get_permission_codename
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser, PermissionsMixin
from django.db.models import Model


def may(user: AbstractBaseUser | AnonymousUser, action: str, *models: type[Model]) -> bool:
    """Return whether somebody has this right on rows of each of these kinds."""
    if not isinstance(user, PermissionsMixin):
        return False
    return all(user.has_perm(f"{m._meta.app_label}.{get_permission_codename(action, m._meta)}") for m in models)
