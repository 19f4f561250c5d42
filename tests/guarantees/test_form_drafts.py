"""What is typed into a form of the admin is kept until it is saved, for whoever typed it alone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django import forms
from django.contrib import admin
from django.contrib.auth.forms import AdminPasswordChangeForm, AdminUserCreationForm, ReadOnlyPasswordHashWidget
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

import accounts.forms
from base.models import FormDraft
from base.records import form_drafts
from base.records.form_drafts import is_secret
from directory.models import Person
from tests import factories as make

pytestmark = pytest.mark.django_db
KEEP = "/admin/form-drafts/"


@pytest.fixture
def path() -> str:
    """The address of the form of a person."""
    return reverse("admin:directory_person_change", args=[make.make_person("Mai").pk])


def fields_of(client: Client, path: str) -> dict[str, str]:
    """Return what a browser sends of the form at this address."""
    page = client.get(path)
    fields = {"change_reason": "a better source", "wikidata": "Q42"}
    bound = [page.context["adminform"].form]
    for inline in page.context["inline_admin_formsets"]:
        bound += [inline.formset.management_form, *inline.formset.forms]
    for form in bound:
        for field in form:
            value = field.value()
            if value is not None and not isinstance(value, list) and field.name not in fields:
                fields[field.html_name] = str(value)
    return fields


def keep(client: Client, path: str, **fields: str) -> int:
    """Send a form to be kept; return the status of the answer."""
    return client.post(KEEP, {"draft_path": path, **fields}).status_code


def test_what_was_typed_is_offered_shown_and_saved(admin_client: Client, path: str) -> None:
    fields = fields_of(admin_client, path)
    assert keep(admin_client, path, **fields) == 200
    assert "data-form-draft>" in admin_client.get(path).content.decode()
    shown = admin_client.post(KEEP, {"draft_path": path, "draft_action": "show"}, follow=True)
    assert shown.redirect_chain == [(path, 302)]
    assert shown.context["adminform"].form["wikidata"].value() == "Q42"
    assert not Person.objects.filter(wikidata="Q42").exists()
    assert admin_client.post(path, fields).status_code == 302
    assert Person.objects.filter(wikidata="Q42").exists()
    assert not FormDraft.objects.exists()


def test_a_refused_form_stays_kept(admin_client: Client, path: str) -> None:
    fields = {**fields_of(admin_client, path), "wikidata": "no such id"}
    keep(admin_client, path, **fields)
    assert admin_client.post(path, fields).status_code == 200
    assert FormDraft.objects.get().path == path


def test_it_is_one_form_from_whichever_list_it_was_opened(admin_client: Client, path: str) -> None:
    keep(admin_client, path, wikidata="Q42")
    assert "data-form-draft>" in admin_client.get(f"{path}?_changelist_filters=q%3Dmai").content.decode()


def test_what_was_typed_can_be_thrown_away(admin_client: Client, path: str) -> None:
    keep(admin_client, path, wikidata="Q42")
    assert admin_client.post(KEEP, {"draft_path": path, "draft_action": "dismiss"}).url == path
    assert not FormDraft.objects.exists()
    assert "data-form-draft>" not in admin_client.get(path).content.decode()


def test_nobody_sees_what_another_types(admin_client: Client, path: str) -> None:
    keep(admin_client, path, wikidata="Q42")
    other = Client()
    other.force_login(User.objects.create_superuser("other"))
    assert "data-form-draft>" not in other.get(path).content.decode()
    shown = other.post(KEEP, {"draft_path": path, "draft_action": "show"}, follow=True)
    assert "Q42" not in shown.content.decode()
    other.post(KEEP, {"draft_path": path, "draft_action": "dismiss"})
    assert FormDraft.objects.count() == 1


@pytest.mark.parametrize(
    "address", ["", "https://elsewhere.example/", "//elsewhere.example/", "javascript:alert(1)", "/admin/\0"]
)
@pytest.mark.parametrize("action", ["", "show", "dismiss"])
def test_no_address_of_another_site_is_taken(admin_client: Client, address: str, action: str) -> None:
    assert admin_client.post(KEEP, {"draft_path": address, "draft_action": action}).status_code == 422
    assert not FormDraft.objects.exists()


SECRET_WIDGETS = (forms.PasswordInput, ReadOnlyPasswordHashWidget)


def forms_of_the_admin(client: Client) -> Iterator[forms.BaseForm]:
    """Yield every form of a page of the admin, with those for accounts, passwords and codes."""
    request = client.get("/admin/").wsgi_request
    for page in admin.site._registry.values():
        if page.has_add_permission(request):
            yield page.get_form(request)()
        row = page.model._base_manager.first()
        if row is not None and page.has_change_permission(request, row):
            yield page.get_form(request, row, change=True)(instance=row)
    user = User.objects.get(username="admin")
    yield accounts.forms.SignInForm(request)
    yield accounts.forms.CodeForm(request=request)
    yield accounts.forms.FirstCodeForm()
    yield accounts.forms.OwnPasswordForm(user, request=request)
    yield AdminPasswordChangeForm(user)
    yield AdminUserCreationForm()


def holds_a_secret(field: forms.Field) -> bool:
    """Whether a field holds a password or a code, by how it is drawn."""
    is_code = field.widget.attrs.get("autocomplete") in ("one-time-code", "new-password", "current-password")
    return isinstance(field.widget, SECRET_WIDGETS) or is_code


def test_no_password_and_no_code_is_ever_kept(admin_client: Client) -> None:
    secret, other = set(), set()
    for form in forms_of_the_admin(admin_client):
        for name, field in form.fields.items():
            (secret if holds_a_secret(field) else other).add(name)
    assert {"password", "password1", "password2", "old_password", "new_password1", "otp_token"} <= secret
    assert [name for name in secret if not is_secret(name)] == []
    assert {name for name in other if is_secret(name)} <= {"usable_password"}, "all else that is typed is kept"
    path = reverse("admin:auth_user_add")
    keep(admin_client, path, username="mai", **dict.fromkeys(secret, "hunter2 and more"))
    assert FormDraft.objects.get().data == "username=mai"


@pytest.mark.parametrize("model", ["reports_report", "auth_user", "auth_group"])
def test_reports_accounts_and_groups_are_kept_too(admin_client: Client, model: str) -> None:
    path = reverse(f"admin:{model}_add")
    page = admin_client.get(path)
    assert 'data-form-drafts="/admin/form-drafts/"' in page.content.decode()
    assert "js/form-drafts.js" in page.content.decode()
    field = {"reports_report": "message", "auth_user": "username", "auth_group": "name"}[model]
    keep(admin_client, path, **{field: "A few words"})
    assert "data-form-draft>" in admin_client.get(path).content.decode()
    shown = admin_client.post(KEEP, {"draft_path": path, "draft_action": "show"}, follow=True)
    assert shown.context["adminform"].form[field].value() == "A few words"
    assert "This is what you typed the last time" in shown.content.decode()


def test_a_saved_account_is_forgotten(admin_client: Client) -> None:
    account = User.objects.create_user("mai")
    path = reverse("admin:auth_user_change", args=[account.pk])
    fields = fields_of(admin_client, path) | {"first_name": "Mai"}
    keep(admin_client, path, **fields)
    assert admin_client.post(path, fields).status_code == 302
    assert not FormDraft.objects.exists()


def test_too_long_a_form_is_refused_with_a_word(
    admin_client: Client, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(form_drafts, "MOST_BYTES", 100)
    assert keep(admin_client, path, wikidata="x" * 100) == 422
    assert keep(admin_client, "/" + "x" * 600) == 422


def test_the_oldest_form_makes_room(admin_client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(form_drafts, "MOST_DRAFTS", 2)
    for number in range(3):
        keep(admin_client, f"/admin/{number}/", wikidata="Q1")
    assert sorted(FormDraft.objects.values_list("path", flat=True)) == ["/admin/1/", "/admin/2/"]


def test_a_refused_form_is_kept_however_soon_it_was_sent(admin_client: Client, path: str) -> None:
    fields = {**fields_of(admin_client, path), "wikidata": "no such id", "draft_key": "0a0a0a0a"}
    answer = admin_client.post(path, fields)
    assert answer.status_code == 200
    assert answer.context["draft_key"] == "0a0a0a0a"
    assert "wikidata=no+such+id" in FormDraft.objects.get().data
    assert "data-form-draft>" in admin_client.get(path).content.decode()
    assert admin_client.post(path, {**fields, "wikidata": "Q42"}).status_code == 302
    assert not FormDraft.objects.exists()


def test_what_was_typed_before_and_is_offered_is_not_replaced(admin_client: Client, path: str) -> None:
    keep(admin_client, path, wikidata="Q1", draft_key="0a0a0a0a")
    page = admin_client.get(path)
    key = page.context["draft_key"]
    keep(admin_client, path, wikidata="Q2", draft_key=key)
    assert admin_client.get(path).content.decode().count("data-form-draft>") == 2
    for kept, wikidata in (("0a0a0a0a", "Q1"), (key, "Q2")):
        action = {"draft_path": path, "draft_action": "show", "draft_key": kept}
        shown = admin_client.post(KEEP, action, follow=True)
        assert shown.context["adminform"].form["wikidata"].value() == wikidata
        assert shown.context["draft_key"] == kept
    admin_client.post(KEEP, {"draft_path": path, "draft_action": "dismiss", "draft_key": "0a0a0a0a"})
    assert FormDraft.objects.get().key == key


def test_two_pages_of_one_new_row_are_kept_apart(admin_client: Client) -> None:
    path = reverse("admin:directory_person_add")
    keys = [admin_client.get(path).context["draft_key"] for _page in range(2)]
    assert keys[0] != keys[1]
    fields = fields_of(admin_client, path) | {"names-0-text": "Ann Lee", "names-0-language": "en"}
    for key in keys:
        keep(admin_client, path, wikidata="Q42", draft_key=key)
    answer = admin_client.post(path, {**fields, "draft_key": keys[0]})
    assert answer.status_code == 302, answer.context["errors"]
    assert FormDraft.objects.get().key == keys[1]


def test_a_key_that_is_none_of_ours_is_left_out(admin_client: Client, path: str) -> None:
    keep(admin_client, path, wikidata="Q42", draft_key="#' or 1")
    assert FormDraft.objects.get().path == path
