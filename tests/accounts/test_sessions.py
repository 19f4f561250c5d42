"""Sessions end after idle time; a form that was sent too late is not lost, and nobody else can have it sent."""

from __future__ import annotations

import datetime
import re
from html import unescape
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from accounts import held_forms
from directory.models import Person, Source
from tests import factories as make
from tests.accounts.people import LOGIN, PASSWORD, make_user, sign_in
from tests.curation import change_url, errors, filled, name, opened, url_of, with_row

pytestmark = pytest.mark.django_db
INDEX = "/admin/"
OURS = {"HTTP_ORIGIN": "http://testserver"}


@pytest.fixture
def user() -> User:
    return make_user("somchai", "keeper")


def let_time_pass(minutes: int) -> None:
    """Let all sessions be idle for so long."""
    for session in Session.objects.all():
        session.expire_date -= datetime.timedelta(minutes=minutes)
        data = session.get_decoded()
        data["seen"] -= minutes * 60
        session.session_data = Session.get_session_store_class()().encode(data)
        session.save()


def held_in(page: Any) -> str:
    """Return the form that the sign-in page carries on."""
    found = re.search(r'name="held" value="([^"]+)"', page.content.decode())
    assert found is not None
    return unescape(found[1])


def sign_in_with(client: Client, page: Any) -> Any:
    """Sign in on the page that was the answer to a form."""
    action = re.search(r'<form action="([^"]+)"', page.content.decode())
    assert action is not None
    data = {"username": "somchai", "password": PASSWORD, "held": held_in(page)}
    return client.post(unescape(action[1]), data, follow=True)


def test_a_session_ends_after_an_hour_without_a_request(client: Client, user: User) -> None:
    sign_in(client)
    for _n in range(3):
        let_time_pass(45)
        assert client.get(INDEX).status_code == 200, "every request counts the hour anew"
    let_time_pass(61)
    assert client.get(INDEX).status_code == 302


def test_the_end_is_put_off_once_a_minute_at_most(client: Client, user: User) -> None:
    sign_in(client)
    before = Session.objects.get().expire_date
    client.get(INDEX)
    assert Session.objects.get().expire_date == before
    let_time_pass(2)
    client.get(INDEX)
    assert Session.objects.get().expire_date > timezone.now() + datetime.timedelta(minutes=59)


def test_cookies_of_the_session_are_for_our_pages_alone(client: Client, user: User) -> None:
    cookie = sign_in(client).cookies["sessionid"]
    assert (cookie["httponly"], cookie["samesite"], cookie["expires"], cookie["max-age"]) == (True, "Lax", "", "")


def test_a_form_that_comes_too_late_is_shown_again_as_typed(client: Client, user: User) -> None:
    passage = make.make_passage(words="Ann Lee spoke first.")
    sign_in(client)
    data = with_row(opened(client, url_of(Person, "add")), "names", **name("Ann Lee", passages=[passage.pk]))
    let_time_pass(61)
    asked = client.post(url_of(Person, "add"), {**data, "wikidata": "Q42", "_save": "Save"})
    assert asked.status_code == 403
    assert "Your session has ended, and nothing was saved yet." in asked.content.decode()
    wrong = client.post(f"{LOGIN}?next=/", {"username": "somchai", "password": "x", "held": held_in(asked)})
    assert held_in(wrong) == held_in(asked), "a wrong password loses nothing either"

    page = sign_in_with(client, asked)
    assert page.redirect_chain == [(url_of(Person, "add"), 302)]
    assert not Person.objects.exists(), "nothing is saved before the curator has seen it"
    assert "You are signed in again. This is what you typed" in errors(page)[""][0]
    form = page.context["adminform"].form
    assert form["wikidata"].value() == "Q42"
    assert client.post(url_of(Person, "add"), filled(page)).status_code == 302
    assert [str(row) for row in Person.objects.get().names.all()] == ["Ann Lee"]
    assert client.get(url_of(Person, "add")).context["adminform"].form["wikidata"].value() in ("", None)


def test_a_late_form_of_a_record_keeps_its_place_and_notices_who_was_quicker(client: Client, user: User) -> None:
    ann = make.make_person("Ann Lee")
    sign_in(client)
    data = {**opened(client, change_url(ann)), "wikidata": "Q42"}
    let_time_pass(61)
    asked = client.post(change_url(ann), data)
    ann.wikidata = "Q7"
    ann.save()
    page = sign_in_with(client, asked)
    assert 'value="Q42"' in page.content.decode()
    assert any("changed this on" in text for text in errors(page)[""])
    ann.refresh_from_db()
    assert ann.wikidata == "Q7"


def test_files_cannot_be_kept_and_are_named(client: Client, user: User) -> None:
    sign_in(client)
    data = {**opened(client, url_of(Source, "add")), "title": "A report", "language": "th"}
    let_time_pass(61)
    file = SimpleUploadedFile("article.txt", b"Words.")
    page = sign_in_with(client, client.post(url_of(Source, "add"), {**data, "text_file": file}))
    assert "Files could not be kept; choose them again: article.txt" in errors(page)[""]
    assert page.context["adminform"].form["title"].value() == "A report"


def test_anything_else_is_sent_again_by_one_button(client: Client, user: User) -> None:
    ann = make.make_person("Ann Lee")
    sign_in(client)
    let_time_pass(61)
    data = {"action": "withdraw_selected", "_selected_action": [ann.pk], "confirmed": "yes", "reason": "A mix-up."}
    page = sign_in_with(client, client.post(url_of(Person, "changelist"), data))
    ann.refresh_from_db()
    assert ann.status == "published"
    body = page.content.decode()
    assert f'action="{url_of(Person, "changelist")}"' in body
    sent = dict(
        re.findall(r'name="(\w+)" value="([^"]*)"', body[body.index('<form method="post" action="/admin/directory') :])
    )
    del sent["csrfmiddlewaretoken"]
    client.post(url_of(Person, "changelist"), sent)
    ann.refresh_from_db()
    assert (ann.status, ann.withdrawn_reason) == ("withdrawn", "A mix-up.")
    assert client.get("/admin/send-again/").status_code == 302, "it is shown once"


def test_a_form_too_large_to_be_kept_is_said_to_be(client: Client, user: User, monkeypatch: Any) -> None:
    monkeypatch.setattr(held_forms, "MOST_BYTES", 100)
    sign_in(client)
    let_time_pass(61)
    page = client.post(url_of(Person, "add"), {"wikidata": "Q" * 100})
    assert "too long to be kept: go back and copy it" in page.content.decode()
    assert 'name="held"' not in page.content.decode()


def test_a_late_form_of_a_report_or_an_account_is_shown_again_without_passwords(client: Client) -> None:
    root = User.objects.create_superuser("root", password=PASSWORD)
    for page, field in (("/admin/auth/user/add/", "username"), ("/admin/reports/report/add/", "message")):
        asked = client.post(page, {field: "Words that were typed", "password1": "hunter2", "usable_password": "true"})
        assert asked.status_code == 403
        held = held_forms.read_signed(held_in(asked))
        assert held is not None
        assert "hunter2" not in held["post"]
        answer = client.post(
            LOGIN, {"username": root.username, "password": PASSWORD, "held": held_in(asked)}, follow=True
        )
        assert answer.redirect_chain == [(page, 302)]
        assert answer.context["adminform"].form[field].value() == "Words that were typed"
        assert "You are signed in again. This is what you typed" in answer.content.decode()
        client.logout()


def test_forms_that_hold_passwords_alone_are_never_kept(client: Client, user: User) -> None:
    for page in ("/admin/auth/user/1/password/", "/admin/auth/user/", "/admin/password_change/", "/admin/account/"):
        answer = client.post(page, {"password1": "secret", "otp_token": "123456"})
        assert answer.status_code == 302
        assert answer.headers["Location"] == f"/admin/login/?next={page}"


@pytest.mark.parametrize("text", ["", "x", "eyJwYXRoIjoiL2FkbWluLyJ9:1vY:abc", "a" * 5000])
def test_what_we_did_not_sign_is_not_taken(client: Client, user: User, text: str) -> None:
    answer = sign_in(client, held=text, next="/admin/directory/person/")
    assert answer.headers["Location"] == "/admin/directory/person/"
    assert "held_form" not in client.session


def test_what_is_kept_leads_nowhere_but_to_our_own_pages(client: Client, user: User) -> None:
    held = held_forms.sign({"path": "/nowhere/at/all/", "post": "a=1", "files": []})
    assert sign_in(client, held=held).headers["Location"] == "/admin/send-again/"


def test_a_form_from_before_another_window_signed_in_is_shown_again(user: User) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(user)
    data = {**opened(strict, url_of(Person, "add")), "wikidata": "Q42", "csrfmiddlewaretoken": "x" * 64}
    answer = strict.post(url_of(Person, "add"), data, follow=True, **OURS)
    assert answer.redirect_chain == [(url_of(Person, "add"), 302)]
    assert answer.context["adminform"].form["wikidata"].value() == "Q42"
    assert not Person.objects.exists()
    strict.logout()
    assert strict.post(url_of(Person, "add"), data, **OURS).status_code == 403
    assert 'name="held"' in strict.post(url_of(Person, "add"), data, **OURS).content.decode()


@pytest.mark.parametrize(
    "origin",
    [{}, {"HTTP_ORIGIN": "https://evil.example"}, {"HTTP_ORIGIN": "null"}, {"HTTP_SEC_FETCH_SITE": "cross-site"}],
    ids=str,
)
def test_a_forged_form_is_refused_and_shown_to_nobody(user: User, origin: dict[str, str]) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(user)
    answer = strict.post(url_of(Person, "add"), {"wikidata": "Q42"}, **origin)
    assert answer.status_code == 403
    assert "Q42" not in answer.content.decode()
    assert "held_form" not in strict.session


def test_a_sign_in_form_from_before_another_window_signed_in_goes_on(user: User) -> None:
    strict = Client(enforce_csrf_checks=True)
    held = held_forms.sign({"path": url_of(Person, "add"), "post": "wikidata=Q42", "files": []})
    stale = {"username": "somchai", "password": PASSWORD, "csrfmiddlewaretoken": "x" * 64}
    assert strict.post(LOGIN, stale, **OURS).headers["Location"] == LOGIN
    asked = strict.post(LOGIN, {**stale, "held": held}, **OURS)
    assert held_forms.read_signed(held_in(asked)) == held_forms.read_signed(held)
    strict.force_login(user)
    assert strict.post(LOGIN, stale, **OURS).headers["Location"] == INDEX
    page = strict.post(LOGIN, {**stale, "held": held}, follow=True, **OURS)
    assert page.context["adminform"].form["wikidata"].value() == "Q42"
    assert strict.post(LOGIN, {**stale, "held": held}, HTTP_ORIGIN="https://evil.example").status_code == 403
