"""Passwords are not guessed without end, and nobody is locked out without end; no password is hashed during a lock."""

from __future__ import annotations

import datetime
import threading
from pathlib import Path
from typing import Any

import pytest
from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.test import Client
from django.utils import timezone

from accounts import hashers, throttle
from tests.accounts.people import LOGIN, PASSWORD, make_user, sign_in

pytestmark = pytest.mark.django_db
HASHER = ["accounts.hashers.OneAtATimeHasher"]


@pytest.fixture
def hashed(monkeypatch: Any) -> list[str]:
    """Return the passwords that are hashed from now on. Hashing is the product's, with few rounds."""
    passwords: list[str] = []
    encode = PBKDF2PasswordHasher.encode

    def counted(self: Any, password: str, salt: str, iterations: int | None = None) -> str:
        passwords.append(password)
        return encode(self, password, salt, iterations)

    monkeypatch.setattr(PBKDF2PasswordHasher, "encode", counted)
    monkeypatch.setattr(PBKDF2PasswordHasher, "iterations", 1)
    return passwords


def pass_minutes(minutes: int) -> None:
    """Let the failures become older."""
    for row in AccessAttempt.objects.all():
        AccessAttempt.objects.filter(pk=row.pk).update(
            attempt_time=row.attempt_time - datetime.timedelta(minutes=minutes)
        )


def test_the_fifth_wrong_password_is_the_last_for_a_quarter_of_an_hour(
    client: Client, settings: Any, hashed: list[str]
) -> None:
    settings.PASSWORD_HASHERS = HASHER
    make_user()
    assert [sign_in(client, password=f"wrong-{n}").status_code for n in range(7)] == [200] * 4 + [429] * 3
    assert [p for p in hashed if p.startswith("wrong")] == [f"wrong-{n}" for n in range(5)]
    refused = sign_in(client)
    assert (refused.status_code, PASSWORD in hashed[1:]) == (429, False)
    assert 800 < int(refused.headers["Retry-After"]) <= 900
    assert "Too many attempts to sign in. Try again in 15 minutes." in refused.content.decode()
    pass_minutes(15)
    assert sign_in(client).status_code == 302
    assert AccessAttempt.objects.count() == 0


def test_attempts_during_a_lock_do_not_make_it_longer(client: Client) -> None:
    make_user()
    for n in range(5):
        sign_in(client, password=f"wrong-{n}")
    pass_minutes(10)
    for _n in range(3):
        assert sign_in(client).status_code == 429
    pass_minutes(5)
    assert sign_in(client).status_code == 302


def test_a_lock_of_one_address_is_not_one_of_another(client: Client) -> None:
    make_user()
    for n in range(6):
        sign_in(client, password=f"wrong-{n}", address="198.51.100.1")
    assert sign_in(client, address="198.51.100.1").status_code == 429
    assert sign_in(client, address="192.0.2.7").status_code == 302


def test_one_address_that_tries_many_names_is_stopped(client: Client) -> None:
    make_user()
    answers = [sign_in(client, f"name-{n}", "wrong").status_code for n in range(22)]
    assert answers == [200] * 19 + [429] * 3
    assert sign_in(client).status_code == 429, "the right password from there as well"


def test_many_addresses_at_one_account_are_stopped_but_its_owner_gets_in(client: Client) -> None:
    make_user()
    assert sign_in(client, address="192.0.2.7").status_code == 302
    client.logout()
    answers = [sign_in(client, password="wrong", address=f"198.51.100.{n}").status_code for n in range(52)]
    assert answers == [200] * 49 + [429] * 3
    assert sign_in(client, address="203.0.113.9").status_code == 429, "from where it was never signed in"
    assert sign_in(client, address="192.0.2.7").status_code == 302, "nobody can lock an account out of its own address"


def test_a_network_of_ipv6_counts_as_one(client: Client) -> None:
    make_user()
    for n in range(5):
        sign_in(client, password="wrong", address=f"2001:db8:1:2::{n}")
    assert sign_in(client, address="2001:db8:1:2:ffff::1").status_code == 429
    assert sign_in(client, address="2001:db8:1:3::1").status_code == 302
    assert set(AccessLog.objects.values_list("ip_address", flat=True)) == {"2001:db8:1:3::"}


def test_behind_a_proxy_the_address_is_the_one_it_wrote(client: Client, settings: Any) -> None:
    settings.TRUSTED_PROXIES = 1
    make_user()
    for n in range(5):
        client.post(
            LOGIN, {"username": "somchai", "password": "wrong"}, HTTP_X_FORWARDED_FOR=f"10.0.0.{n}, 198.51.100.1"
        )
    data = {"username": "somchai", "password": PASSWORD}
    assert client.post(LOGIN, data, HTTP_X_FORWARDED_FOR="10.0.0.9, 198.51.100.1").status_code == 429
    assert client.post(LOGIN, data, HTTP_X_FORWARDED_FOR="198.51.100.1, 198.51.100.2").status_code == 302


def test_without_a_proxy_nobody_gets_a_new_address_by_saying_so(client: Client) -> None:
    make_user()
    for n in range(5):
        data = {"username": "somchai", "password": "wrong"}
        client.post(LOGIN, data, REMOTE_ADDR="192.0.2.7", HTTP_X_FORWARDED_FOR=f"10.0.0.{n}")
    assert sign_in(client).status_code == 429


def test_the_old_password_of_the_password_form_is_throttled_too(client: Client) -> None:
    client.force_login(make_user())
    page = "/admin/password_change/"
    data = {"new_password1": "blue-lamp-7-orchard", "new_password2": "blue-lamp-7-orchard"}
    answers = [client.post(page, {**data, "old_password": "wrong"}).status_code for _n in range(6)]
    assert answers == [200] * 4 + [429] * 2
    refused = client.post(page, {**data, "old_password": PASSWORD})
    assert refused.status_code == 429
    assert "Try again in 15 minutes." in refused.content.decode()


def test_the_number_of_attempts_is_bounded_for_an_address_and_for_strangers(
    client: Client, settings: Any, tmp_path: Path, hashed: list[str]
) -> None:
    settings.PASSWORD_HASHERS = HASHER
    settings.LIMITS_FILE = tmp_path / "limits.sqlite3"
    settings.RATE_LIMITS = {**settings.RATE_LIMITS, "sign-in": 3, "strangers": 5}
    make_user()
    assert (
        sign_in(client, address="192.0.2.7").status_code == 302
    )  # 1 of the address, 1 of strangers; known from now on
    client.logout()
    strangers = [sign_in(client, f"n{n}", "wrong", address=f"198.51.100.{n}").status_code for n in range(6)]
    assert strangers == [200] * 4 + [429] * 2
    assert hashed.count("wrong") == 4
    assert sign_in(client, address="192.0.2.7").status_code == 302, (
        "strangers do not use up what is left to those who belong here"
    )
    client.logout()
    assert sign_in(client, address="192.0.2.7").status_code == 302
    client.logout()
    refused = sign_in(client, address="192.0.2.7")
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "20")
    assert "Try again in 20 seconds." in refused.content.decode()


def test_one_password_is_hashed_at_a_time_and_the_next_does_not_wait(
    client: Client, settings: Any, monkeypatch: Any
) -> None:
    settings.PASSWORD_HASHERS = HASHER
    user = make_user()
    hashing, finish = threading.Event(), threading.Event()
    encode = PBKDF2PasswordHasher.encode

    def slow(self: Any, password: str, salt: str, iterations: int | None = None) -> str:
        hashing.set()
        assert finish.wait(10)
        return encode(self, password, salt, iterations)

    monkeypatch.setattr(PBKDF2PasswordHasher, "encode", slow)
    other = threading.Thread(target=hashers.OneAtATimeHasher().encode, args=("any", "salt", 1))
    other.start()
    assert hashing.wait(10)
    busy = sign_in(client)
    client.force_login(user)
    data = {"old_password": PASSWORD, "new_password1": "blue-lamp-7-orchard", "new_password2": "blue-lamp-7-orchard"}
    changing = client.post("/admin/password_change/", data)
    finish.set()
    other.join()
    assert (busy.status_code, busy.headers["Retry-After"]) == (503, "1")
    assert "send it again in a second" in busy.content.decode()
    assert changing.status_code == 503
    assert AccessFailureLog.objects.count() == 0, "that was no failure"
    client.logout()
    assert sign_in(client).status_code == 302


def test_no_more_is_stored_of_a_client_than_its_address(client: Client) -> None:
    make_user()
    client.post(f"{LOGIN}?next=/admin/", {"username": "somchai", "password": "wrong"}, HTTP_USER_AGENT="Browser 1")
    sign_in(client, "typed-my-password-here", "wrong")
    client.post(LOGIN, {"username": "somchai", "password": PASSWORD}, HTTP_USER_AGENT="Browser 1")
    rows = [*AccessLog.objects.values(), *AccessFailureLog.objects.values(), *AccessAttempt.objects.values()]
    assert len(rows) == 4
    for row in rows:
        assert (row["user_agent"], row["http_accept"], row.get("get_data", ""), row.get("post_data", "")) == ("",) * 4
    assert set(AccessFailureLog.objects.values_list("username", flat=True)) == {"somchai", ""}


def test_what_is_old_is_forgotten(client: Client) -> None:
    now = timezone.now()
    for model, failures in ((AccessLog, {}), (AccessFailureLog, {}), (AccessAttempt, {"failures_since_start": 2})):
        for name, days in (("old", 91), ("new", 89)):
            row = model.objects.create(username=name, **failures)
            model.objects.filter(pk=row.pk).update(attempt_time=now - datetime.timedelta(days=days))
    assert throttle.forget_sign_ins(90) == 4
    assert [*AccessLog.objects.values_list("username"), *AccessFailureLog.objects.values_list("username")] == [
        ("new",)
    ] * 2
    assert throttle.forget_sign_ins(0) == 2


@pytest.mark.parametrize(("language", "words"), [("th", "เข้าสู่ระบบ"), ("vi", "Đăng nhập"), ("en", "Log in")], ids=str)
def test_the_sign_in_speaks_the_language_of_the_browser(client: Client, language: str, words: str) -> None:
    page = client.get(LOGIN, HTTP_ACCEPT_LANGUAGE=language)
    assert f'lang="{language}"' in page.content.decode()
    assert words in page.content.decode()
    assert page.headers["Content-Language"] == language
    assert "Accept-Language" in page.headers["Vary"]
