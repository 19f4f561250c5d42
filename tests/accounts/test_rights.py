"""Whoever may not publish changes nothing that readers see, whichever way it is tried; whoever may, and no more, can."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.core.management import call_command
from django.test import Client

from directory.models import Affiliation, Passage, Person, PersonName
from events.models import Statement, Wording
from reports.models import Report
from tests import factories as make
from tests.accounts.people import make_user
from tests.curation import change_url, errors, messages, name, opened, url_of, with_row

pytestmark = pytest.mark.django_db
REFUSED = "This would be public at once, and you may prepare drafts only. Choose “draft”; an editor publishes it."


@pytest.fixture
def passage() -> Passage:
    return make.make_passage(words="Ann Lee spoke first.")


@pytest.fixture
def ann(passage: Passage) -> Person:
    return make.make_person("Ann Lee", passages=[passage])


@pytest.fixture
def contributor(client: Client) -> Client:
    client.force_login(make_user("somchai", "contributor"))
    return client


@pytest.fixture
def editor(client: Client) -> Client:
    client.force_login(make_user("linh", "editor"))
    return client


@pytest.fixture
def keeper(client: Client) -> Client:
    client.force_login(make_user("mali", "keeper"))
    return client


# Contributors -------------------------------------------------------------------------------------------------------------
def test_a_contributor_prepares_what_an_editor_publishes(contributor: Client, passage: Passage) -> None:
    url = url_of(Person, "add")
    data = with_row(opened(contributor, url), "names", **name("Bo Ek", passages=[passage.pk]))
    assert contributor.post(url, {**data, "_publish": "1"}).status_code == 403
    assert contributor.post(url, data).status_code == 302
    bo = Person.objects.get()
    page = contributor.get(change_url(bo))
    assert "_publish" not in page.content.decode()
    changed = {**opened(contributor, change_url(bo)), "wikidata": "Q7"}
    assert contributor.post(change_url(bo), {**changed, "_publish": "1"}).status_code == 403
    assert contributor.post(change_url(bo), changed).status_code == 302
    contributor.post(url_of(Person, "changelist"), {"action": "publish_selected", "_selected_action": [bo.pk]})
    bo.refresh_from_db()
    assert (bo.status, bo.wikidata) == ("draft", "Q7")
    contributor.force_login(make_user("linh", "editor"))
    contributor.post(url_of(Person, "changelist"), {"action": "publish_selected", "_selected_action": [bo.pk]})
    bo.refresh_from_db()
    assert bo.status == "published"


def test_a_contributor_sees_a_public_record_and_cannot_change_it(contributor: Client, ann: Person) -> None:
    page = contributor.get(change_url(ann)).content.decode()
    assert "Ann Lee" in page
    assert 'name="_save"' not in page
    row = ann.names.get()
    whole = {"names-TOTAL_FORMS": 1, "names-INITIAL_FORMS": 1, "names-0-id": row.pk, "names-0-DELETE": "on"}
    for data in ({"wikidata": "Q7"}, whole, {"_withdraw": "1", "withdrawn_reason": "x"}, {"_popup": "1"}):
        assert contributor.post(change_url(ann), data).status_code == 403


def _edit(row: Any, **values: Any) -> Callable[[Client], Any]:
    return lambda client: client.post(change_url(row), values)


def _every_way_of_changing(person: Person, passage: Passage) -> dict[str, Callable[[Client], Any]]:
    row = person.names.get()
    statement = Statement.objects.get()
    wording = statement.wordings.get()
    version = person.history.last()
    listing = {model: url_of(model, "changelist") for model in (Person, PersonName, Wording)}
    chosen: dict[str, Any] = {"action": "delete_selected", "post": "yes"}
    return {
        "name": _edit(row, text="Another"),
        "wording": _edit(wording, text="Other words."),
        "statement": _edit(statement, note="x"),
        "passage": _edit(passage, start=0, end=2),
        "text of a source": _edit(passage.source, text_typed="Other words."),
        "delete a name": lambda client: client.post(url_of(PersonName, "delete", row.pk), {"post": "yes"}),
        "delete names": lambda client: client.post(listing[PersonName], {**chosen, "_selected_action": [row.pk]}),
        "delete wordings": lambda client: client.post(listing[Wording], {**chosen, "_selected_action": [wording.pk]}),
        "restore": lambda client: client.post(url_of(Person, "simple_history", person.pk, version.pk), {}),
        "restore and publish": lambda client: client.post(
            url_of(Person, "simple_history", person.pk, version.pk), {"_publish": "1"}
        ),
        "restore a name": lambda client: client.post(
            url_of(PersonName, "simple_history", row.pk, row.history.last().pk), {}
        ),
    }


def test_a_contributor_finds_no_way_to_change_what_is_public(
    contributor: Client, ann: Person, passage: Passage
) -> None:
    make.make_statement(ann, passages=[passage])
    before = {model: list(model.objects.values()) for model in (Person, PersonName, Statement, Wording, Passage)}
    versions = Person.history.count(), PersonName.history.count()
    answers = {way: change(contributor).status_code for way, change in _every_way_of_changing(ann, passage).items()}
    assert answers == dict.fromkeys(answers, 403)
    assert {model: list(model.objects.values()) for model in before} == before
    assert (Person.history.count(), PersonName.history.count()) == versions


def test_a_contributor_adds_drafts_to_public_records(contributor: Client, ann: Person, passage: Passage) -> None:
    board = make.make_organization()
    adding = f"{url_of(Affiliation, 'add')}?person={ann.pk}"
    data = opened(contributor, adding) | {"organization": board.pk, "role": "director", "passages": [passage.pk]}
    assert data["status"] == "draft", "what is offered first is what is allowed"
    refused = contributor.post(adding, {**data, "status": "published"})
    assert errors(refused)[""] == [REFUSED]
    assert not Affiliation.objects.exists()
    assert contributor.post(adding, data).status_code == 302
    row = Affiliation.objects.get()
    assert errors(contributor.post(change_url(row), {**opened(contributor, change_url(row)), "status": "published"}))[
        ""
    ] == [REFUSED]
    changed = {**opened(contributor, change_url(row)), "role": "chair"}
    assert contributor.post(change_url(row), changed).status_code == 302
    assert contributor.post(url_of(Affiliation, "delete", row.pk), {"post": "yes"}).status_code == 302
    assert not Affiliation.objects.exists()


def test_a_contributor_cannot_move_a_name_to_a_public_record(
    contributor: Client, ann: Person, passage: Passage
) -> None:
    bo = make.make_person("Bo Ek", status="draft", passages=[passage])
    row = bo.names.get()
    assert row.status == "published", "it becomes public with its record"
    data = opened(contributor, change_url(row))
    assert errors(contributor.post(change_url(row), {**data, "person": ann.pk}))[""] == [REFUSED]
    assert contributor.post(change_url(row), {**data, "text": "Bo Eck"}).status_code == 302


def test_a_contributor_cannot_bring_back_what_would_be_public(
    contributor: Client, ann: Person, passage: Passage
) -> None:
    row = make.make_name(ann, "Anna Lee", passages=[passage])
    version = row.history.first()
    PersonName.objects.filter(pk=row.pk).update(status="draft")
    url = url_of(PersonName, "simple_history", row.pk, version.pk)
    data = {**opened(contributor, url), "status": "published"}
    contributor.post(url, data)
    row.refresh_from_db()
    assert row.status == "draft"
    pk = row.pk
    row.delete()
    contributor.post(url_of(PersonName, "simple_history", pk, version.pk), data)
    assert not PersonName.objects.filter(pk=pk).exists()


def test_a_withdrawn_record_is_no_draft(contributor: Client) -> None:
    gone = make.make_person("Ann Lee", status="withdrawn")
    assert contributor.post(change_url(gone), {"withdrawn_reason": "Because."}).status_code == 403


def test_whoever_may_only_look_restores_nothing(client: Client, ann: Person) -> None:
    user = User.objects.create_user("guest", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=("view_person", "view_report")))
    client.force_login(user)
    report = Report(record_kind="person", record_id="ann-lee", record_path="/people/ann-lee/", message="Wrong.")
    report.move_to("open")
    for row in (ann, report):
        versions = row.history.count()
        url = url_of(type(row), "simple_history", row.pk, row.history.last().pk)
        assert client.get(url).status_code == 200
        assert client.post(url, {}).status_code == 403
        assert row.history.count() == versions


# Editors and keepers ------------------------------------------------------------------------------------------------------
def test_an_editor_changes_what_is_public_and_withdraws_nothing(editor: Client, ann: Person) -> None:
    data = opened(editor, change_url(ann))
    assert editor.post(change_url(ann), {**data, "wikidata": "Q7"}).status_code == 302
    body = editor.get(change_url(ann)).content.decode()
    assert 'name="_withdraw"' not in body
    assert editor.post(change_url(ann), {**data, "_withdraw": "1", "withdrawn_reason": "x"}).status_code == 403
    make.make_person("Ann Lee")
    everyone = [row.pk for row in Person.objects.all()]
    for action in ("withdraw_selected", "merge_doubles", "delete_selected"):
        chosen = {"action": action, "_selected_action": everyone, "confirmed": "yes", "reason": "x", "post": "yes"}
        editor.post(url_of(Person, "changelist"), {**chosen, "winner": ann.pk})
    assert list(Person.objects.values_list("status", flat=True)) == ["published"] * 2
    draft = make.make_person("Bo Ek", status="draft")
    assert editor.post(url_of(Person, "delete", draft.pk), {"post": "yes"}).status_code == 403
    assert editor.get("/admin/auth/user/").status_code == 403


def test_a_keeper_withdraws_unites_and_deletes(keeper: Client, ann: Person) -> None:
    draft = make.make_person("Bo Ek", status="draft")
    assert keeper.post(url_of(Person, "delete", draft.pk), {"post": "yes"}).status_code == 302
    double = make.make_person("Ann Lee")
    chosen = {"action": "merge_doubles", "_selected_action": [ann.pk, double.pk], "confirmed": "yes", "reason": "x"}
    keeper.post(url_of(Person, "changelist"), {**chosen, "winner": ann.pk})
    double.refresh_from_db()
    assert double.merged_into == ann
    data = {**opened(keeper, change_url(ann)), "_withdraw": "1", "withdrawn_reason": "A mix-up."}
    keeper.post(change_url(ann), data)
    ann.refresh_from_db()
    assert ann.status == "withdrawn"


def test_a_keeper_looks_after_accounts_but_makes_nobody_mightier(keeper: Client) -> None:
    root, other = User.objects.create_superuser("root"), make_user("bo")
    for page in ("change", "delete"):
        assert keeper.post(url_of(User, page, root.pk), {"post": "yes"}).status_code == 403
    assert keeper.post(f"/admin/auth/user/{root.pk}/password/", {"password1": "x"}).status_code == 403
    for action in ("reset_second_factor", "sign_out_everywhere", "unlock"):
        assert (
            keeper.post(url_of(User, "changelist"), {"action": action, "_selected_action": [root.pk]}).status_code
            == 403
        )
    editors = Group.objects.get(name="editor")
    data = {**opened(keeper, change_url(other)), "groups": [editors.pk], "is_superuser": "on", "user_permissions": [1]}
    assert keeper.post(change_url(other), data, follow=True).status_code == 200
    other.refresh_from_db()
    assert (list(other.groups.all()), other.is_superuser, other.user_permissions.count()) == ([editors], False, 0)
    mighty = Group.objects.create(name="mighty")
    mighty.permissions.set(Permission.objects.filter(codename="delete_user"))
    refused = keeper.post(change_url(other), {**opened(keeper, change_url(other)), "groups": [editors.pk, mighty.pk]})
    assert list(errors(refused)) == ["groups"]
    other.groups.add(mighty)
    assert keeper.post(change_url(other), {**data, "username": "mine"}).status_code == 403
    assert keeper.post(f"/admin/auth/user/{other.pk}/password/", {"password1": "x"}).status_code == 403
    assert keeper.post(change_url(editors), {"name": "x"}).status_code == 403
    assert keeper.get(url_of(Group, "add")).status_code == 403


# Groups -------------------------------------------------------------------------------------------------------------------
def test_the_ready_groups_get_their_rights_back_with_every_migrate() -> None:
    groups = {group.name: group for group in Group.objects.all()}
    before = {name: set(group.permissions.all()) for name, group in groups.items()}
    assert [len(before[name]) > 50 for name in ("contributor", "editor", "keeper")] == [True] * 3
    assert before["contributor"] < before["editor"] < before["keeper"]
    groups["editor"].permissions.clear()
    groups["contributor"].permissions.set(Permission.objects.all())
    groups["keeper"].delete()
    call_command("migrate", verbosity=0)
    assert {group.name: set(group.permissions.all()) for group in Group.objects.all()} == before


def test_a_group_of_ones_own_is_a_table_of_kinds_and_rights(admin_client: Client) -> None:
    url = url_of(Group, "add")
    page = admin_client.get(url).content.decode()
    assert page.count("<tr>") < 30
    assert 'aria-label="people: publish"' in page
    chosen = ["directory.person:publish", "directory.person:view", "facts:change"]
    assert admin_client.post(url, {"name": "namers", "rights": chosen}).status_code == 302
    group = Group.objects.get(name="namers")
    names = set(group.permissions.values_list("codename", flat=True))
    assert {"publish_person", "view_person", "change_personname", "change_wording"} <= names
    assert not {"change_person", "change_passage", "publish_personname"} & names
    other = Permission.objects.get(codename="delete_session")
    group.permissions.add(other)
    assert opened(admin_client, change_url(group))["rights"] == sorted(chosen, key=page.index)
    admin_client.post(change_url(group), {"name": "namers", "rights": chosen[:1]})
    assert set(group.permissions.values_list("codename", flat=True)) == {"publish_person", "delete_session"}


def test_an_account_shows_what_it_may_do(admin_client: Client) -> None:
    page = admin_client.get(change_url(make_user("bo", "editor"))).content.decode()
    assert "Can add log entry" not in page
    assert page.count('<span title="yes">') > 40
    assert messages(admin_client.get("/admin/")) == []
