"""The second factor: set up, asked for, slowed, lost and made compulsory."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.test import Client
from django_otp.plugins.otp_static.models import StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts.second_factor import new_recovery_codes
from tests.accounts.people import PASSWORD, code_of, give_app, make_user, sign_in

pytestmark = pytest.mark.django_db
INDEX, ACCOUNT, SET_UP = "/admin/", "/admin/account/", "/admin/account/second-factor/"


@pytest.fixture
def user() -> User:
    return make_user("somchai", "editor")


def key_on(page: Any) -> str:
    """Return the secret that the page of the set-up shows, in hexadecimal digits."""
    key: str = page.client.session["second_factor_key"]
    return key


def ready_for_next_code(user: User) -> None:
    """Let time pass: the next code is as good as the last, and failures are long ago."""
    for device in TOTPDevice.objects.filter(user=user):
        device.last_t -= 10
        device.throttle_reset()


def test_whoever_has_an_app_needs_its_code(client: Client, user: User) -> None:
    key = give_app(user)
    asked = sign_in(client)
    assert asked.status_code == 200
    assert "Type it once more, and the code as well." in asked.content.decode()
    wrong = sign_in(client, otp_token="000000" if code_of(key) != "000000" else "111111")
    assert "This code is not right, or was used before." in wrong.content.decode()
    assert client.get(INDEX).status_code == 302
    ready_for_next_code(user)
    code = code_of(key)
    assert sign_in(client, otp_token=f"{code[:3]} {code[3:]}").status_code == 302
    assert client.get(INDEX).status_code == 200
    client.logout()
    assert sign_in(client, otp_token=code).status_code == 200, "a code is good for one sign-in"


def test_wrong_codes_count_like_wrong_passwords(client: Client, user: User) -> None:
    key = give_app(user)
    answers = []
    for _n in range(6):
        answers.append(sign_in(client, otp_token="12345x").status_code)
        ready_for_next_code(user)
    assert answers == [200] * 4 + [429] * 2
    assert sign_in(client, otp_token=code_of(key)).status_code == 429


def test_a_second_wrong_code_has_to_wait(client: Client, user: User) -> None:
    give_app(user)
    assert sign_in(client, otp_token="000000").status_code == 200
    again = sign_in(client, otp_token="000001")
    assert (again.status_code, again.headers["Retry-After"]) == (429, "1")
    assert "Try again in 1 second." in again.content.decode()


def test_the_code_of_somebody_else_is_none(client: Client, user: User) -> None:
    give_app(user)
    other = give_app(make_user("linh"))
    assert sign_in(client, otp_token=code_of(other)).status_code == 200


def test_an_app_is_set_up_and_its_recovery_codes_work_once(client: Client, user: User) -> None:
    elsewhere = Client()
    sign_in(client)
    sign_in(elsewhere)
    page = client.get(SET_UP)
    key = key_on(page)
    letters = re.search(r"<code>([A-Z2-7 ]+)</code>", page.content.decode())
    assert letters is not None
    assert len(letters[1].replace(" ", "")) == 32
    picture = client.get(f"{SET_UP}key.svg")
    assert picture.headers["Content-Type"] == "image/svg+xml"
    assert picture.content.startswith(b"<?xml")
    assert b"style=" not in picture.content
    refused = client.post(SET_UP, {"otp_token": "00000x"})
    assert "The app shows another code." in refused.content.decode()
    assert key_on(refused) == key
    assert not TOTPDevice.objects.exists()

    done = client.post(SET_UP, {"otp_token": code_of(key)})
    codes = re.findall(r"<li><code>([a-z2-7]{8})</code>", done.content.decode())
    assert len(set(codes)) == 10
    assert client.get(INDEX).status_code == 200, "this session goes on"
    assert elsewhere.get(INDEX).status_code == 302, "those without a code end"
    assert not any(code in client.get(ACCOUNT).content.decode() for code in codes)
    assert "10 recovery codes are left." in client.get(ACCOUNT).content.decode()
    assert client.get(f"{SET_UP}key.svg").status_code == 404
    client.logout()
    assert sign_in(client, otp_token=codes[0].upper()).status_code == 302
    client.logout()
    assert sign_in(client, otp_token=codes[0]).status_code == 200
    assert StaticToken.objects.count() == 9


@pytest.mark.parametrize("action", ["new_codes", "replace", "remove"])
def test_what_weakens_an_account_asks_for_a_code(client: Client, user: User, action: str) -> None:
    key = give_app(user)
    old = new_recovery_codes(user)
    sign_in(client, otp_token=code_of(key))
    for code in ("", "12345x"):
        assert client.post(ACCOUNT, {"action": action, "otp_token": code}).status_code == 200
    assert (TOTPDevice.objects.count(), StaticToken.objects.count()) == (1, 10)
    assert client.get(SET_UP).status_code == 302, "nor is the app replaced by going there"
    ready_for_next_code(user)
    answer = client.post(ACCOUNT, {"action": action, "otp_token": code_of(key)})
    left = set(StaticToken.objects.values_list("token", flat=True))
    if action == "new_codes":
        assert (answer.status_code, len(left), left & set(old)) == (200, 10, set())
    elif action == "remove":
        assert (answer.status_code, TOTPDevice.objects.exists(), left) == (302, False, set())
    else:
        assert answer.headers["Location"] == SET_UP
        new = key_on(client.get(SET_UP))
        client.post(SET_UP, {"otp_token": code_of(new)})
        assert [device.key for device in TOTPDevice.objects.all()] == [new]
    assert client.get(INDEX).status_code == 200


@pytest.mark.parametrize(
    ("setting", "group", "asked"),
    [
        ("optional", "keeper", False),
        ("editors", "contributor", False),
        ("editors", "editor", True),
        ("editors", "keeper", True),
        ("all", "contributor", True),
    ],
)
def test_a_setting_makes_it_compulsory(client: Client, settings: Any, setting: str, group: str, asked: bool) -> None:
    settings.SECOND_FACTOR = setting
    make_user("linh", group)
    assert sign_in(client, "linh").status_code == 302
    pages = [INDEX, "/admin/directory/person/", "/admin/password_change/", ACCOUNT, "/admin/jsi18n/", "/admin/nothing/"]
    answers = [client.get(page) for page in pages]
    if not asked:
        assert [answer.status_code for answer in answers] == [200] * 5 + [404]
        return
    assert {answer.headers["Location"] for answer in answers} == {SET_UP}, "led there, whatever is asked for"
    assert client.post("/admin/directory/person/add/", {"_save": "1"}).headers["Location"] == SET_UP
    assert "This site asks for a second factor." in client.get(SET_UP).content.decode()
    client.post(SET_UP, {"otp_token": code_of(key_on(client.get(SET_UP)))})
    assert client.get(INDEX).status_code == 200
    assert "Remove the second factor" not in client.get(ACCOUNT).content.decode()


def test_whoever_has_to_set_it_up_can_sign_out(client: Client, settings: Any) -> None:
    settings.SECOND_FACTOR = "all"
    make_user("linh")
    sign_in(client, "linh")
    client.post("/admin/logout/")
    assert "_auth_user_id" not in client.session


def test_a_session_without_a_code_is_no_session_where_one_is_asked_for(
    client: Client, settings: Any, user: User
) -> None:
    settings.SECOND_FACTOR = "editors"
    give_app(user)
    client.force_login(user)
    assert client.get(INDEX).headers["Location"] == "/admin/login/?next=/admin/"


def test_a_keeper_helps_somebody_who_lost_the_phone(client: Client, user: User) -> None:
    key = give_app(user)
    victim = Client()
    sign_in(victim, otp_token=code_of(key))
    client.force_login(make_user("keeper", "keeper"))
    chosen = {"_selected_action": [user.pk]}
    client.post("/admin/auth/user/", {"action": "reset_second_factor", **chosen})
    assert not TOTPDevice.objects.exists()
    assert victim.get(INDEX).status_code == 302
    assert sign_in(victim).status_code == 302
    client.post("/admin/auth/user/", {"action": "sign_out_everywhere", **chosen})
    assert victim.get(INDEX).status_code == 302
    assert client.get(INDEX).status_code == 200
    history = client.get(f"/admin/auth/user/{user.pk}/history/").content.decode()
    assert "Second factor removed" in history
    assert "Signed out everywhere" in history


def test_secrets_of_apps_are_nowhere_in_the_admin(admin_client: Client, user: User) -> None:
    key = give_app(user)
    for page in ("/admin/otp_totp/totpdevice/", "/admin/otp_static/staticdevice/"):
        assert admin_client.get(page).status_code == 404
    assert key not in admin_client.get(f"/admin/auth/user/{user.pk}/change/").content.decode()


def test_every_admin_site_asks_for_the_code() -> None:
    from django.contrib.admin import sites

    from accounts.site import AccountsSite

    assert [site for site in sites.all_sites if not isinstance(site, AccountsSite)] == []


def test_all_other_sessions_of_an_account_end_at_once(client: Client, user: User) -> None:
    others, stranger = [Client(), Client()], Client()
    for browser in (client, *others):
        sign_in(browser)
    make_user("linh")
    sign_in(stranger, "linh")
    assert Session.objects.count() == 4
    client.post(ACCOUNT, {"action": "sign_out_elsewhere"})
    assert [browser.get(INDEX).status_code for browser in (client, *others, stranger)] == [200, 302, 302, 200]


def test_a_new_password_ends_the_other_sessions(client: Client, user: User) -> None:
    other = Client()
    sign_in(client)
    sign_in(other)
    new = "blue-lamp-7-orchard"
    client.post("/admin/password_change/", {"old_password": PASSWORD, "new_password1": new, "new_password2": new})
    assert [browser.get(INDEX).status_code for browser in (client, other)] == [200, 302]
    assert sign_in(other, password=new).status_code == 302
