"""Which passwords are refused, and that what happens to accounts is logged without them."""

from __future__ import annotations

import logging
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.test import Client

from tests.accounts.people import PASSWORD, make_user, sign_in

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "password",
    [
        "rel1rel1",
        "violet-kett",  # eleven
        "xx-rel1-kettle-harbour",
        "XX-REL-1-kettle-harbour",
        "kettle-1ler-harbour",  # backwards
        "kettle-sœur-marie-7",
        "linh.tran-kettle-77",
        "trần-kettle-7-harbour",
        "passwordpassword",
        "password1234",
        "qwertyuiop12",
        "123456789012",
        "481516234208",
        "abababababab",
        "aaaaaaaaaaaaaaaa1111",
    ],
)
def test_a_password_that_is_easily_guessed_is_refused(password: str) -> None:
    user = User(username="rel1", first_name="Sœur Marie", last_name="Trần", email="linh.tran@example.org")
    with pytest.raises(ValidationError):
        validate_password(password, user)


@pytest.mark.parametrize("password", [PASSWORD, "ม้าสีขาวแปดตัวริมน้ำ", "bốn con ngựa trắng 8", "Twelve-chars"])
def test_any_other_is_taken(password: str) -> None:
    validate_password(password, User(username="rel1", first_name="Bo", email="an@example.org"))


def test_the_forms_say_what_is_wrong(client: Client) -> None:
    client.force_login(make_user("rel1"))
    data = {"old_password": PASSWORD, "new_password1": "rel1rel1", "new_password2": "rel1rel1"}
    page = client.post("/admin/password_change/", data).content.decode()
    assert "The password holds the name of the account." in page
    assert "at least 12 characters" in page


def test_the_first_account_of_a_site_is_made_by_a_command(client: Client, monkeypatch: Any) -> None:
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", PASSWORD)
    call_command("createsuperuser", interactive=False, username="first", email="first@example.org", verbosity=0)
    assert sign_in(client, "first").status_code == 302
    assert client.get("/admin/auth/user/").status_code == 200


def audited(caplog: pytest.LogCaptureFixture) -> list[str]:
    """Return the lines of the log so far, and begin anew."""
    lines = [record.getMessage() for record in caplog.records if record.name == "audit"]
    caplog.clear()
    return lines


def test_what_happens_to_accounts_is_logged(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    logging.getLogger("audit").addHandler(caplog.handler)
    try:
        user = make_user("somchai", "editor")
        assert audited(caplog) == ["groups are now: editor: account “somchai”"]
        sign_in(client, password="guess-1")
        sign_in(client, "my-password-in-the-wrong-field", password="guess-2")
        sign_in(client)
        for n in range(3, 10):  # the last two are not looked at, and leave no line
            sign_in(Client(), password=f"guess-{n}")
        assert audited(caplog) == [
            "sign-in refused: account “somchai” from 192.0.2.7",
            "sign-in refused: account “(none of ours)” from 192.0.2.7",
            "signed in: account “somchai” from 192.0.2.7",
            *["sign-in refused: account “somchai” from 192.0.2.7"] * 4,
            "sign-in locked: account “somchai” from 192.0.2.7",
        ]
        user.groups.add(Group.objects.get(name="keeper"))
        user.is_superuser = True
        user.save()
        client.post("/admin/account/", {"action": "sign_out_elsewhere"})
        user.set_password("blue-lamp-7-orchard")
        user.save()
        client.post("/admin/logout/")
        lines = audited(caplog)
    finally:
        logging.getLogger("audit").removeHandler(caplog.handler)
    assert lines == [
        "groups are now: editor, keeper: account “somchai”",
        "superuser changed to yes: account “somchai”",
        "signed out everywhere else: account “somchai” from 127.0.0.1",
        "password changed: account “somchai”",
    ]
    assert not any(secret in line for line in lines for secret in ("guess", "wrong-field", "orchard"))
    assert not any(secret in record.getMessage() for record in caplog.records for secret in ("guess", "wrong-field"))


def test_new_accounts_are_logged_with_who_made_them(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    client.force_login(make_user("keeper", "keeper"))
    logging.getLogger("audit").addHandler(caplog.handler)
    try:
        caplog.clear()
        weak = {
            "username": "somchai",
            "usable_password": "true",
            "password1": "somchai-1234",
            "password2": "somchai-1234",
        }
        assert "holds the name" in client.post("/admin/auth/user/add/", weak).content.decode()
        strong = {**weak, "password1": PASSWORD, "password2": PASSWORD}
        assert client.post("/admin/auth/user/add/", strong).status_code == 302
        lines = audited(caplog)
    finally:
        logging.getLogger("audit").removeHandler(caplog.handler)
    assert lines == ["account made by “keeper”: account “somchai” from 127.0.0.1"]


def test_keepers_read_the_log_and_editors_do_not(client: Client) -> None:
    user = make_user("somchai", "editor")
    sign_in(client, password="wrong")
    sign_in(client)
    assert client.get("/admin/axes/accesslog/").status_code == 403
    client.force_login(make_user("keeper", "keeper"))
    assert "somchai" in client.get("/admin/axes/accesslog/").content.decode()
    assert "192.0.2.7" in client.get("/admin/axes/accessfailurelog/").content.decode()
    for page in ("accesslog", "accessfailurelog", "accessattempt"):
        assert client.get(f"/admin/axes/{page}/add/").status_code == 403
    for n in range(5):
        sign_in(Client(), password=f"wrong-{n}")
    assert sign_in(Client()).status_code == 429
    client.post("/admin/auth/user/", {"action": "unlock", "_selected_action": [user.pk]})
    assert sign_in(Client()).status_code == 302


def test_the_rules_of_passwords_are_told_as_a_list(admin_client: Client) -> None:
    html = admin_client.get("/admin/auth/user/add/").content.decode()
    assert "<ul><li>" in html
    assert "&lt;ul" not in html
