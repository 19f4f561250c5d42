"""What happens to accounts, as lines of the logger `audit`, and for keepers on the history page of the account.

No line holds a password, a code or a name that belongs to no account. docs/operating.md lists the lines.
"""

from __future__ import annotations

import logging

from axes.signals import user_locked_out
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import AbstractUser, Group, User
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.db.models.signals import m2m_changed, post_save, pre_save
from django.dispatch import receiver
from django.http import HttpRequest

from base.fair_use import network_of

log = logging.getLogger("audit")

# Columns of an account whose changes are logged, and in what words.
WATCHED = {
    "password": "password changed",
    "is_active": "active changed to {}",
    "is_staff": "may use the admin changed to {}",
    "is_superuser": "superuser changed to {}",
}


def write_line(event: str, account: str, request: HttpRequest | None = None) -> None:
    """Write a line: what happened to which account, and from which address if a request did it."""
    address = network_of(request) if request is not None else ""
    fields = {"event": event, "account": account, "address": address}
    log.info("%s: account “%s”%s", event, account, f" from {address}" if address else "", extra=fields)


def note_change(event: str, account: AbstractUser, request: HttpRequest) -> None:
    """Write a line, and note on the history page of the account that the user of this request did it."""
    actor = request.user if request.user.is_authenticated else account
    by = "" if actor.pk == account.pk else f" by “{actor.get_username()}”"
    write_line(event + by, account.get_username(), request)
    LogEntry.objects.log_actions(actor.pk, [account], CHANGE, change_message=event.capitalize(), single_object=True)


@receiver(user_logged_in)
def signed_in(request: HttpRequest, user: AbstractUser, **kwargs: object) -> None:
    """Log a sign-in, and whether a code was asked for."""
    with_code = getattr(user, "otp_device", None) is not None
    write_line("signed in with a code" if with_code else "signed in", user.get_username(), request)


@receiver(user_logged_out)
def signed_out(request: HttpRequest, user: AbstractUser | None, **kwargs: object) -> None:
    """Log the end of a session."""
    if user is not None:
        write_line("signed out", user.get_username(), request)


def _known(name: object) -> str:
    """Return the name if an account has it. People type passwords into the field of the name."""
    return str(name) if User.objects.filter(username=name).exists() else "(none of ours)"


@receiver(user_login_failed)
def refused(credentials: dict[str, object], request: HttpRequest | None = None, **kwargs: object) -> None:
    """Log a wrong password or code; the one that begins a lock is logged by `locked`, attempts during it are not."""
    if request is not None and not getattr(request, "axes_locked_out", False):
        write_line("sign-in refused", _known(credentials.get("username")), request)


@receiver(user_locked_out)
def locked(request: HttpRequest, username: str | None, **kwargs: object) -> None:
    """Log that no more attempts are looked at for now."""
    write_line("sign-in locked", _known(username), request)


@receiver(pre_save, sender=User)
def remember_account(instance: User, raw: bool = False, **kwargs: object) -> None:
    """Keep how an account was before it is saved. One query."""
    before = None if raw or instance.pk is None else User.objects.filter(pk=instance.pk).values(*WATCHED).first()
    instance.__dict__["_before"] = before


@receiver(post_save, sender=User)
def account_saved(instance: User, update_fields: frozenset[str] | None = None, **kwargs: object) -> None:
    """Log changes of password and standing, whoever makes them. New accounts are logged where the admin makes them."""
    before = instance.__dict__.pop("_before", None) or {}
    for name, old in before.items():
        value = getattr(instance, name)
        if value != old and (update_fields is None or name in update_fields):
            write_line(WATCHED[name].format("yes" if value else "no"), instance.get_username())


@receiver(m2m_changed, sender=User.groups.through)
def groups_changed(instance: User | Group, action: str, **kwargs: object) -> None:
    """Log which groups an account is in after a change."""
    if not action.startswith("post_"):
        return
    if isinstance(instance, Group):
        write_line(f"members of the group “{instance.name}” changed", "(several)")
        return
    names = ", ".join(instance.groups.order_by("name").values_list("name", flat=True)) or "none"
    write_line(f"groups are now: {names}", instance.get_username())
