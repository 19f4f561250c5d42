"""Every role at every address of the admin: what each gets is in admin_addresses.txt, and nothing may be missing there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.contrib import admin
from django.contrib.auth.models import Group, User
from django.contrib.contenttypes.models import ContentType
from django.contrib.messages import get_messages
from django.db import transaction
from django.db.models import Model
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoDbBlocker

from base.admin import CurationAdmin
from base.admin.rights import is_public
from base.models import ChangeSet
from base.records.change_sets import change_set
from base.records.publishing import Publishable
from base.records.records import Record
from base.records.submissions import Submission
from directory.models import Passage, Topic
from reports.models import Report
from review.gathering import drafts_to_submit
from review.submissions import submit
from tests import factories as make
from tests.accounts.admin_addresses import FILE, ROLES, addresses, expected
from tests.accounts.deeds import DEEDS, Deed, allowed
from tests.accounts.people import make_user
from tests.factories import make_topic
from tests.world import add_drafts, publish_world

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
SIGN_INS = (AccessLog, AccessFailureLog, AccessAttempt)
# Addresses of a model by the end of their name, and how to call them.
PAGES = (
    "changelist",
    "add",
    "history",
    "delete",
    "change",
    "simple_history",
    "withdrawal",
    "republication",
    "split",
    "sheet",
    "sheet_file",
)
# Addresses that belong to no model. The last stands for all others, which are 404.
SITE = {
    "account": "account/",
    "second_factor": "account/second-factor/",
    "second_factor_key": "account/second-factor/key.svg",
    "send_again": "send-again/",
    "index": "",
    "records": "records/",
    "desk_doubts": "doubts/",
    "desk_guide": "guide/",
    "desk_guide_file": "guide/pictures/name.webp",
    "desk_new": "intake/",
    "desk_cut": "intake/nothing/",
    "desk_suggestions": "lookups/suggestions/?field=speaker&q=a",
    "desk_record": "lookups/record/",
    "desk_token": "lookups/token/",
    "desk_doubles": "lookups/doubles/?kind=person&name=Ann+Lee",
    "desk_read": "desk/nothing/",
    "desk_text": "desk/nothing/text/",
    "desk_marks": "desk/nothing/marks/",
    "desk_paragraph": "desk/nothing/paragraphs/1/",
    "desk_role": "desk/nothing/roles/",
    "desk_cite": "desk/nothing/cards/cite/",
    "desk_card": "desk/nothing/cards/quote/",
    "desk_card_draft": "desk/nothing/drafts/",
    "desk_proposals": "desk/nothing/proposals/",
    "desk_proposals_number": "desk/nothing/proposals/number/",
    "desk_new_text": "desk/nothing/new-text/",
    "review_submissions": "review/",
    "review_submit": "review/submit/?row=directory.topic:{topic}",
    "review_submission": "review/{submission}/",
    "desk_publish": "desk/nothing/publish/",
    "login": "login/",
    "logout": "logout/",
    "password_change": "password_change/",
    "password_change_done": "password_change/done/",
    "autocomplete": "autocomplete/?app_label=directory&model_name=affiliation&field_name=person&term=a",
    "jsi18n": "jsi18n/",
    "form_drafts": "form-drafts/",
    "events_statement_import": "events/statement/import/",
    "events_statement_import_file": "events/statement/import/0/",
    "change_set": "changes/{act}/",
    "view_on_site": "r/{type}/{person}/",
    "app_list": "directory/",
    "auth_user_password_change": "auth/user/{user}/password/",
    "": "nothing/",
}


def family(model: type[Model]) -> str:
    """Return the line of the table that a model belongs to."""
    if issubclass(model, Record):
        return "record"
    if model is Passage:
        return "passage"
    if issubclass(model, Publishable):
        return "fact"
    names = {Report: "report", User: "user", Group: "group", **dict.fromkeys(SIGN_INS, "sign-in")}
    return names[model]  # a new kind of model needs a line of its own


@contextmanager
def accounts_and_rows() -> Iterator[dict[str, Any]]:
    """Make public rows and drafts of everything, and an account of each role; take them back in the end."""
    with transaction.atomic():
        public = publish_world()
        add_drafts(public)
        Report(record_kind="person", record_id="x", record_path="/people/x/", message="Wrong.").move_to("open")
        for model in SIGN_INS:
            model.objects.create(username="x", **({"failures_since_start": 1} if model is AccessAttempt else {}))
        User.objects.create_user("reader")
        for role in ("contributor", "editor", "keeper"):
            make_user(role, role)
        User.objects.create_superuser("superuser")
        make_user("target")
        with change_set():
            make_topic("Before", status="draft")
        yield {
            "person": public["person"].pk,
            "act": ChangeSet.objects.latest("id").pk,
            "user": User.objects.get(username="target").pk,
            "topic": make.make_topic("Not submitted", status="draft").pk,
            "submission": submission_of(make.make_topic("Submitted", status="draft"), "contributor").pk,
        }
        transaction.set_rollback(True)


def submission_of(row: Topic, account: str) -> Submission:
    """Submit a row in the name of an account."""
    return submit(User.objects.get(username=account), row, str(row), drafts_to_submit(row), {}, "")


def browsers() -> dict[str, Client]:
    """Return a browser of each role."""
    found = {role: Client() for role in ROLES}
    for role in ROLES[1:]:
        found[role].force_login(User.objects.get(username=role))
    return found


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[dict[str, Any]]:
    """Make public rows and drafts of everything, and an account of each role, once."""
    with django_db_blocker.unblock(), accounts_and_rows() as keys:
        yield keys


@pytest.fixture(scope="module")
def clients(world: dict[str, Any]) -> dict[str, Client]:
    """Return a browser of each role."""
    return browsers()


def asks_to_sign_in(response: Any) -> bool:
    """Return whether the answer leads to the sign-in page, or is that page."""
    return response.headers.get("Location", "").startswith("/admin/login/") or b'id="login-form"' in response.content


def outcome(client: Client, ask: Callable[[Client], Any]) -> str:
    """Return what came of a request: login, ok, or a status. What it did is taken back, signing out as well."""
    cookies = client.cookies.copy()
    with transaction.atomic():
        response = ask(client)
        transaction.set_rollback(True)
    client.cookies = cookies
    if asks_to_sign_in(response):
        return "login"
    return "ok" if response.status_code in (200, 302) else str(response.status_code)


def action_outcome(client: Client, url: str, action: str, row: Model) -> str:
    """Return whether an action of a list is done for this client: login, ok or no."""
    cookies = client.cookies.copy()
    with transaction.atomic():
        sure = {"post": "yes"} if action == "delete_selected" else {}
        response = client.post(url, {"action": action, "_selected_action": [row.pk], **sure})
        told = [str(text) for text in get_messages(response.wsgi_request)]
        transaction.set_rollback(True)
    client.cookies = cookies
    if asks_to_sign_in(response):
        return "login"
    # Django shows the list again where the user has no action at all.
    done = response.status_code != 403 and "No action selected." not in told and "cl" not in (response.context or ())
    return "ok" if done else "no"


def deed_outcome(client: Client, role: str, deed: Deed) -> str:
    """Return what came of a deed for this role: login, ok, no, or a status."""
    cookies = client.cookies.copy()
    with transaction.atomic():
        response = deed(client, role)
        outcome = "login" if asks_to_sign_in(response) else allowed(response)
        transaction.set_rollback(True)
    client.cookies = cookies
    return outcome


def rows_of(model: type[Model]) -> dict[str, Model]:
    """Return a row of each state that matters for rights: public and draft, or just a row."""
    rows = list(model._base_manager.all())
    if model is User:
        return {"account": User.objects.get(username="target"), "superuser": User.objects.get(username="superuser")}
    if not issubclass(model, Publishable):
        return {"row": rows[0]}
    public = next(row for row in rows if is_public(row))
    if model is Passage:  # of a public source, but nothing cites it
        draft: Model = Passage(source=public.source, paragraph=1, start=0, end=1, sha256="0" * 64)  # type: ignore[attr-defined]
        draft.save()
    else:
        draft = next(row for row in rows if not is_public(row))
    return {"draft": draft, "public": public}


def measured(model: type[Model], clients: dict[str, Client]) -> Iterator[tuple[str, list[str]]]:
    """Yield what each role gets at every address of a model, by page, method and state of the row."""
    page_of = admin.site._registry[model]
    prefix = f"admin:{model._meta.app_label}_{model._meta.model_name}"
    kind = family(model)

    def each(line: str, ask: Callable[[Client], Any]) -> tuple[str, list[str]]:
        return f"{kind} {line}", [outcome(client, ask) for client in clients.values()]

    listing, adding = reverse(f"{prefix}_changelist"), reverse(f"{prefix}_add")
    yield each("list GET", lambda client: client.get(listing))
    yield each("add GET", lambda client: client.get(adding))
    yield each("add POST", lambda client: client.post(adding, {}))
    if isinstance(page_of, CurationAdmin):
        sheet, file = reverse(f"{prefix}_sheet"), reverse(f"{prefix}_sheet_file", args=["csv"])
        yield each("sheet GET", lambda client: client.get(sheet))
        yield each("sheet POST", lambda client: client.post(sheet, {}))
        yield each("sheet_file GET", lambda client: client.get(file))
    for state, row in rows_of(model).items():
        for page in ("change", "delete", "history"):
            url = reverse(f"{prefix}_{page}", args=[row.pk])
            yield each(f"{page} GET {state}", lambda client, url=url: client.get(url))
            if page == "history":
                continue
            data = {"post": "yes"} if page == "delete" else {}
            yield each(f"{page} POST {state}", lambda client, url=url, data=data: client.post(url, data))
        change = reverse(f"{prefix}_change", args=[row.pk])
        for button in ("_publish", "_withdraw") if issubclass(model, Record) else ():
            yield each(f"{button} POST {state}", lambda client, url=change, b=button: client.post(url, {b: "1"}))
        if issubclass(model, Record):
            withdrawal = reverse(f"{prefix}_withdrawal") + f"?rows={row.pk}"
            again = reverse(f"{prefix}_republication", args=[row.pk])
            for name, url in (("withdrawal", withdrawal), ("republication", again)):
                yield each(f"{name} GET {state}", lambda client, url=url: client.get(url))
                yield each(f"{name} POST {state}", lambda client, url=url: client.post(url, {}))
        if getattr(page_of, "may_be_split", False):
            url = reverse(f"{prefix}_split", args=[row.pk])
            yield each(f"split GET {state}", lambda client, url=url: client.get(url))
            yield each(f"split POST {state}", lambda client, url=url: client.post(url, {}))
        if hasattr(model, "history"):
            version = reverse(f"{prefix}_simple_history", args=[row.pk, row.history.first().pk])  # type: ignore[attr-defined]
            yield each(f"version GET {state}", lambda client, url=version: client.get(url))
            yield each(f"version POST {state}", lambda client, url=version: client.post(url, {}))
        for action in page_of.actions or ():
            name = action if isinstance(action, str) else action.__name__
            done = [action_outcome(client, listing, name, row) for client in clients.values()]
            yield f"{kind} action {name} {state}", done


def table(world: dict[str, Any], clients: dict[str, Client]) -> dict[str, dict[str, list[str]]]:
    """Return all that was measured: by line of the table, by model, what each role got."""
    lines: dict[str, dict[str, list[str]]] = {}
    for model in admin.site._registry:
        for line, cells in measured(model, clients):
            lines.setdefault(line, {})[model._meta.label] = cells
    names = {**world, "type": ContentType.objects.get_by_natural_key("directory", "person").pk}
    for name, route in SITE.items():
        url = "/admin/" + route.format(**names)
        for method in ("get", "post"):
            cells = [outcome(c, lambda c, m=method, u=url: getattr(c, m)(u)) for c in clients.values()]
            lines[f"site {name or 'other'} {method.upper()}"] = {"": cells}
    for name, deed in DEEDS.items():
        lines[f"deed {name}"] = {"": [deed_outcome(client, role, deed) for role, client in clients.items()]}
    return lines


@pytest.mark.once  # 5,000 requests, and which database holds the rows changes nobody's rights
def test_each_role_gets_what_the_table_says(world: dict[str, Any], clients: dict[str, Client]) -> None:
    wanted = expected()
    got = table(world, clients)
    wrong = {
        f"{line} ({label})": f"{' '.join(cells)}, by the table {' '.join(wanted.get(line, ['nothing']))}"
        for line, by_model in got.items()
        for label, cells in by_model.items()
        if cells != wanted.get(line)
    }
    assert wrong == {}, f"Columns: {' '.join(ROLES)}. If that is meant, correct {FILE.name}."
    assert sorted(set(wanted) - set(got)) == [], (
        f"Take these lines out of {FILE.name}: there is no such address any more."
    )


def test_no_address_of_the_admin_is_missing_in_the_table() -> None:
    known = {*SITE}
    for model in admin.site._registry:
        known |= {f"{model._meta.app_label}_{model._meta.model_name}_{page}" for page in PAGES}
    unknown = [route for route, name in addresses() if name not in known]
    assert unknown == [], (
        "Add the new address to SITE or PAGES of this test, and what each role gets to admin_addresses.txt."
    )


def test_no_list_is_edited_in_place() -> None:
    assert [page for page in admin.site._registry.values() if page.list_editable] == []
