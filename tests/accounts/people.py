"""Accounts for tests: one of each role, a way to sign in by the form, and codes as an app gives them."""

from __future__ import annotations

import time
from typing import Any

from django.contrib.auth.models import Group, User
from django.test import Client
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice

LOGIN = "/admin/login/"
PASSWORD = "violet-kettle-9-harbour"


def make_user(name: str = "somchai", *groups: str, **columns: Any) -> User:
    """Make an account that may use the admin, with these of the ready groups."""
    user = User.objects.create_user(name, password=PASSWORD, **{"is_staff": True, **columns})
    user.groups.set(Group.objects.filter(name__in=groups))
    return user


def sign_in(client: Client, name: str = "somchai", password: str = PASSWORD, **more: Any) -> Any:
    """Send the sign-in form. `address` is where from; other values are fields of the form."""
    address = more.pop("address", "192.0.2.7")
    return client.post(LOGIN, {"username": name, "password": password, **more}, REMOTE_ADDR=address)


def code_of(key: str, later: int = 0) -> str:
    """Return the code that an app with this secret shows, `later` steps of 30 seconds from now."""
    totp = TOTP(bytes.fromhex(key))
    totp.time = time.time() + 30 * later
    return f"{totp.token():06d}"


def give_app(user: User) -> str:
    """Give the user an app, and return its secret."""
    return TOTPDevice.objects.create(user=user, name="app").key
