"""The second factor: six digits from an app (TOTP), or a recovery code. django-otp checks and slows them."""

from __future__ import annotations

import base64
import io
import math
import time

import qrcode
import qrcode.image.svg
from django.conf import settings
from django.contrib.auth.models import AbstractUser, AnonymousUser, User
from django.db import transaction
from django.utils import timezone
from django_otp.models import Device
from django_otp.oath import TOTP
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice
from django_otp.util import random_hex

DIGITS = 6
RECOVERY_CODES = 10
# Rights that make somebody an editor in the sense of the setting SECOND_FACTOR.
EDITORS_RIGHTS = ("publish_", "withdraw_", "merge_", "change_user", "add_user", "change_group", "add_group")


class CodeRefused(Exception):
    """A code that does not count; `wait` is in how many seconds the next one is looked at, 0 for at once."""

    def __init__(self, wait: int = 0) -> None:
        super().__init__(wait)
        self.wait = wait


def has_device(user: AbstractUser) -> bool:
    """Return whether the user has set up an app. One query."""
    return TOTPDevice.objects.filter(user=user, confirmed=True).exists()


def is_required(user: AbstractUser) -> bool:
    """Return whether the site asks this user for a second factor (SECOND_FACTOR)."""
    if settings.SECOND_FACTOR != "editors":
        return settings.SECOND_FACTOR == "all"
    rights = (right.partition(".")[2] for right in user.get_all_permissions())
    return user.is_superuser or any(right.startswith(EDITORS_RIGHTS) for right in rights)


def is_satisfied(user: AbstractUser | AnonymousUser) -> bool:
    """Return whether nothing is missing: the session began with a code, or none is asked for."""
    if isinstance(user, AnonymousUser) or not user.is_authenticated:
        return False
    verified = getattr(user, "is_verified", None)  # set by django-otp's middleware
    return bool(verified is not None and verified()) or not is_required(user)


def check_code(user: AbstractUser, code: str) -> Device:
    """Return the device that took this code. Each code is taken once. Raises CodeRefused; failures slow the next attempt."""
    code = "".join(code.split()).replace("-", "").lower()
    from_app = code.isascii() and code.isdecimal() and len(code) == DIGITS
    model = TOTPDevice if from_app else StaticDevice
    with transaction.atomic():
        device = model.objects.select_for_update().filter(user=user, confirmed=True).first()
        if device is None:
            raise CodeRefused
        allowed, state = device.verify_is_allowed()
        taken = allowed and device.verify_token(code)
    if not allowed:
        until = (state or {}).get("locked_until")
        raise CodeRefused(max(1, math.ceil((until - timezone.now()).total_seconds())) if until else 1)
    if not taken:
        raise CodeRefused
    return device


def new_key() -> str:
    """Return a new secret for an app, in hexadecimal digits."""
    return str(random_hex(20))


def key_in_letters(key: str) -> str:
    """Return the secret as one types it into an app, in groups of four letters and digits."""
    letters = base64.b32encode(bytes.fromhex(key)).decode()
    return " ".join(letters[i : i + 4] for i in range(0, len(letters), 4))


def qr_code(user: User, key: str) -> bytes:
    """Return the picture that an app scans, as SVG."""
    address = TOTPDevice(user=user, key=key).config_url
    out = io.BytesIO()
    qrcode.make(address, image_factory=qrcode.image.svg.SvgPathFillImage).save(out)
    return out.getvalue()


def set_up(user: User, key: str, code: str) -> tuple[TOTPDevice, list[str]]:
    """Give the user this secret in place of any former one; return the device and new recovery codes. Raises CodeRefused."""
    totp = TOTP(bytes.fromhex(key), digits=DIGITS)
    totp.time = time.time()
    digits = "".join(code.split())
    if not (digits.isascii() and digits.isdecimal() and totp.verify(int(digits), tolerance=1)):
        raise CodeRefused
    with transaction.atomic():
        remove(user)
        device = TOTPDevice.objects.create(user=user, name="app", key=key, last_t=totp.t(), drift=totp.drift)
        return device, new_recovery_codes(user)


def new_recovery_codes(user: User) -> list[str]:
    """Make new recovery codes; the former ones no longer count."""
    with transaction.atomic():
        StaticDevice.objects.filter(user=user).delete()
        device = StaticDevice.objects.create(user=user, name="recovery codes")
        codes = [StaticToken.random_token() for _number in range(RECOVERY_CODES)]
        StaticToken.objects.bulk_create(StaticToken(device=device, token=code) for code in codes)
    return codes


def recovery_codes_left(user: User) -> int:
    """Return how many recovery codes were not used yet. One query."""
    return StaticToken.objects.filter(device__user=user).count()


def remove(user: User) -> None:
    """Take app and recovery codes from an account."""
    TOTPDevice.objects.filter(user=user).delete()
    StaticDevice.objects.filter(user=user).delete()
