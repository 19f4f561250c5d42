"""Wrong requests, made up from a fixed seed, at every form, action and page of the admin, as every role: never a failure.

`FUZZ=200 pytest tests/guarantees/test_admin_fuzz.py` sends two hundred to each page instead of a few, `FUZZ_SEED=2` others.
"""

from __future__ import annotations

import logging
import os
import random
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Model
from django.test import Client
from pytest_django import DjangoDbBlocker

from accounts.admin import ReadOnlyAdmin
from base.records.records import Record
from tests.accounts.people import PASSWORD
from tests.accounts.test_addresses import accounts_and_rows, browsers, rows_of
from tests.curation import url_of
from tests.fuzzing import Sender, form_of, wrong_request

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
TIMES = int(os.environ.get("FUZZ", "0"))
SEED = os.environ.get("FUZZ_SEED", "1")
ROLES = ("superuser", "keeper", "editor", "contributor")
OTHER_KEYS = ["1", "999999"]


@pytest.fixture(scope="module")
def clients(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[dict[str, Client]]:
    """Make public rows and drafts of everything, and sign in every role, once."""
    with django_db_blocker.unblock(), accounts_and_rows():
        yield browsers()


@pytest.fixture
def sender() -> Iterator[Sender]:
    """Send with the logs off, and say in the end what was wrong."""
    logging.disable(logging.CRITICAL)
    yield (sender := Sender())
    logging.disable(logging.NOTSET)
    assert not sender.faults, "\n\n".join(f"{fault}\n{example}" for fault, example in sender.faults.items())


def send(sender: Sender, clients: dict[str, Client], url: str, data: dict[str, Any], keys: list[str], few: int) -> None:
    """Send some wrong forms to an address: most as somebody who may do everything, so that they get far."""
    chance = random.Random(f"{SEED} {url.strip('/0123456789')}")
    for _number in range(TIMES or few):
        role = chance.choices(ROLES, [6, 2, 1, 1])[0]
        sender.post(clients[role], url, wrong_request(data, keys, chance))


def opened(client: Client, url: str) -> dict[str, Any]:
    """Return what the form at this address holds."""
    with transaction.atomic():
        page = client.get(url)
        transaction.set_rollback(True)
    assert page.status_code == 200, url
    return form_of(page)


def edited() -> list[type[Model]]:
    """Return the models that have forms."""
    return [model for model, page in admin.site._registry.items() if not isinstance(page, ReadOnlyAdmin)]


def test_forms(clients: dict[str, Client], sender: Sender) -> None:
    for model in edited():
        pages = [url_of(model, "add")]
        for row in rows_of(model).values():
            pages.append(url_of(model, "change", row.pk))
        if hasattr(model, "history"):
            pages.append(url_of(model, "simple_history", row.pk, row.history.first().pk))  # type: ignore[attr-defined]
        for url in pages:
            send(sender, clients, url, opened(clients["superuser"], url), [*OTHER_KEYS, str(row.pk)], few=1)


def test_actions(clients: dict[str, Client], sender: Sender) -> None:
    for model, page in admin.site._registry.items():
        keys = [str(key) for key in model._base_manager.order_by("pk").values_list("pk", flat=True)]
        confirmed = {"confirmed": "1", "post": "yes", "reason": "Because.", "answer": "Because.", "index": "0"}
        fields = {
            **confirmed,
            "_selected_action": keys[:2],
            "winner": keys[0],
            "expected": "x",
            "message_is_public": "on",
        }
        names = [action if isinstance(action, str) else action.__name__ for action in page.actions or ()]
        for name in [*names, "no_such"]:
            send(sender, clients, url_of(model, "changelist"), {"action": name, **fields}, keys[:3] + OTHER_KEYS, few=1)
        send(sender, clients, url_of(model, "delete", keys[0]), {"post": "yes"}, OTHER_KEYS, few=1)


def test_withdrawing_and_publishing_again(clients: dict[str, Client], sender: Sender) -> None:
    for model in [model for model in edited() if issubclass(model, Record)]:
        for row in rows_of(model).values():
            fields = {"_selected_action": [str(row.pk)], "confirmed": "1", "reason": "Because.", "expected": "x"}
            for rows in (str(row.pk), f"{row.pk},999999", "abc", "1,,2", "9" * 30):
                send(sender, clients, f"{url_of(model, 'withdrawal')}?rows={rows}", fields, OTHER_KEYS, few=1)
            send(sender, clients, url_of(model, "republication", row.pk), {"a": "1"}, OTHER_KEYS, few=1)


def test_pages_of_accounts(clients: dict[str, Client], sender: Sender) -> None:
    new = {"password1": "violet-kettle-8-harbour", "password2": "violet-kettle-8-harbour", "usable_password": "true"}
    target = User.objects.get(username="target")
    pages = {
        "/admin/account/": {"action": "remove", "otp_token": "123456"},
        "/admin/account/second-factor/": {"otp_token": "123456"},
        "/admin/password_change/": {"old_password": PASSWORD, "new_password1": "x", "new_password2": "x"},
        "/admin/login/": {"username": "x", "password": "y", "otp_token": "1", "next": "/admin/"},
        f"/admin/auth/user/{target.pk}/password/": {**new, "set-password": "1"},
        **{f"/admin/{page}": {"a": "1"} for page in ("", "send-again/", "logout/", "directory/", "jsi18n/")},
        "/admin/autocomplete/": {"term": "a"},
    }
    for url, fields in pages.items():
        send(sender, clients, url, fields, OTHER_KEYS, few=5)
