"""What curators do with people, organizations, topics and their names."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client

from directory.models import Affiliation, OrganizationLink, Person, PersonName
from tests import factories as make
from tests.curation import change_url, errors, messages, name, opened, url_of, with_row

pytestmark = pytest.mark.django_db


@pytest.fixture
def passage() -> Any:
    return make.make_passage(words="Ann Lee spoke first.")


@pytest.fixture
def ann(passage: Any) -> Person:
    return make.make_person("Ann Lee", passages=[passage])


def staff(client: Client, *codenames: str) -> User:
    """Log a curator in who may do only this."""
    user = User.objects.create_user("curator", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    client.force_login(user)
    return user


# Adding and publishing ----------------------------------------------------------------------------------------------------
def test_a_person_with_two_spellings_is_added_and_published_in_one_go(admin_client: Client, passage: Any) -> None:
    data = opened(admin_client, url_of(Person, "add"))
    data = with_row(data, "names", **name("Nguyễn Thị Ánh", "vi", passages=[passage.pk]))
    data = with_row(
        data, "names", **name("เหงียน ถิ อัญ", "th", kind="transliteration", position=1, passages=[passage.pk])
    )
    response = admin_client.post(url_of(Person, "add"), {**data, "_publish": "1"}, follow=True)
    person = Person.objects.get()
    assert (person.slug, person.status, person.name) == ("nguyen-thi-anh", "published", "Nguyễn Thị Ánh")
    assert "“Nguyễn Thị Ánh” is published." in messages(response)
    assert person.history.first().history_change_reason == "Published"


def test_names_without_a_position_stand_in_the_order_they_were_typed(admin_client: Client, passage: Any) -> None:
    data = opened(admin_client, url_of(Person, "add"))
    for text in ("First", "Second", "Third"):
        data = with_row(data, "names", **name(text, position="", passages=[passage.pk]))
    admin_client.post(url_of(Person, "add"), data)
    person = Person.objects.get()
    row = {"person": person.pk, **name("Fourth", position="", passages=[passage.pk])}
    admin_client.post(url_of(PersonName, "add"), row)
    assert list(person.names.values_list("text", "position")) == [
        ("First", 0),
        ("Second", 1),
        ("Third", 2),
        ("Fourth", 3),
    ]
    assert person.name == "First"


def test_a_person_without_a_name_is_saved_but_not_published_and_told_why(admin_client: Client) -> None:
    data = opened(admin_client, url_of(Person, "add"))
    response = admin_client.post(url_of(Person, "add"), {**data, "_publish": "1"}, follow=True)
    assert Person.objects.get().status == "draft"
    assert "Saved, but not published: It has no name yet." in messages(response)


def test_a_stated_name_needs_a_passage_and_a_doubtful_one_a_note(admin_client: Client) -> None:
    data = opened(admin_client, url_of(Person, "add"))
    data = with_row(data, "names", **name("Ann Lee"))
    data = with_row(data, "names", **name("Anh Lê", "vi", certainty="inferred"))
    data = with_row(data, "names", **name("Ann Leigh", status="draft"))
    found = errors(admin_client.post(url_of(Person, "add"), data))
    assert list(found) == ["names-0-passages", "names-1-note"]
    assert not Person.objects.exists()


def test_the_name_of_a_topic_needs_no_passage(admin_client: Client) -> None:
    from directory.models import Topic

    data = with_row(opened(admin_client, url_of(Topic, "add")), "names", **name("Training"))
    admin_client.post(url_of(Topic, "add"), {**data, "_publish": "1"})
    assert Topic.objects.get().status == "published"


def test_a_date_that_is_no_date_is_refused_at_its_field(admin_client: Client, ann: Person) -> None:
    data = opened(admin_client, change_url(ann))
    row = {"role": "director", "start": "recently", "certainty": "inferred", "note": "n", "status": "published"}
    data = with_row(data, "affiliations", **row, position=0)
    assert list(errors(admin_client.post(change_url(ann), data))) == ["affiliations-0-start"]


# What is public stays fit for it -------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "change",
    [{"names-0-DELETE": "on"}, {"names-0-status": "draft"}, {"names-0-certainty": "rejected", "names-0-note": "no"}],
)
def test_a_published_person_keeps_a_name(admin_client: Client, ann: Person, change: dict[str, str]) -> None:
    data = {**opened(admin_client, change_url(ann)), **change, "wikidata": "Q42"}
    response = admin_client.post(change_url(ann), data)
    assert list(errors(response)) == ["names"]
    assert 'value="Q42"' in response.content.decode(), "what was typed stays in the form"
    ann.refresh_from_db()
    assert (ann.wikidata, ann.name) == ("", "Ann Lee")


def test_the_last_name_cannot_be_taken_on_its_own_page_either(admin_client: Client, ann: Person) -> None:
    row = ann.names.get()
    response = admin_client.post(change_url(row), {**opened(admin_client, change_url(row)), "status": "draft"})
    assert "It has no name yet." in errors(response)[""]
    response = admin_client.post(url_of(PersonName, "delete", row.pk), {"post": "yes"}, follow=True)
    assert "It has no name yet." in messages(response)[0]
    data = {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"}
    response = admin_client.post(url_of(PersonName, "changelist"), data, follow=True)
    assert "It has no name yet." in messages(response)[0]
    row.refresh_from_db()
    assert row.status == "published"


def test_a_draft_may_lose_its_last_name(admin_client: Client) -> None:
    draft = make.make_person("Ann Lee", status="draft")
    data = {**opened(admin_client, change_url(draft)), "names-0-DELETE": "on"}
    assert admin_client.post(change_url(draft), data).status_code == 302
    assert not draft.names.exists()


# Status -------------------------------------------------------------------------------------------------------------------
def test_status_cannot_be_typed_in(admin_client: Client) -> None:
    draft = make.make_person("Ann Lee", status="draft")
    data = opened(admin_client, change_url(draft))
    admin_client.post(change_url(draft), {**data, "status": "published"})
    draft.refresh_from_db()
    assert draft.status == "draft"


def test_withdrawing_asks_for_a_reason_at_its_field(admin_client: Client, ann: Person) -> None:
    data = {**opened(admin_client, change_url(ann)), "_withdraw": "1"}
    assert list(errors(admin_client.post(change_url(ann), data))) == ["withdrawn_reason"]
    response = admin_client.post(change_url(ann), {**data, "withdrawn_reason": "Never spoke."}, follow=True)
    ann.refresh_from_db()
    assert (ann.status, ann.withdrawn_reason) == ("withdrawn", "Never spoke.")
    assert "“Ann Lee” is withdrawn." in messages(response)
    data = {**opened(admin_client, change_url(ann)), "withdrawn_reason": ""}
    assert list(errors(admin_client.post(change_url(ann), data))) == ["withdrawn_reason"]


def test_the_list_publishes_what_is_ready_and_names_what_is_not(admin_client: Client) -> None:
    ready, nameless = make.make_person("Ann Lee", status="draft"), Person.objects.create(slug="nobody")
    data = {"action": "publish_selected", "_selected_action": [ready.pk, nameless.pk]}
    response = admin_client.post(url_of(Person, "changelist"), data, follow=True)
    assert sorted(messages(response)) == ["1 published.", "“nobody”: It has no name yet."]
    assert set(Person.objects.values_list("slug", "status")) == {("ann-lee", "published"), ("nobody", "draft")}


def test_the_list_withdraws_with_one_reason(admin_client: Client, ann: Person) -> None:
    draft = make.make_person("Bo Ek", status="draft")
    data: dict[str, Any] = {"action": "withdraw_selected", "_selected_action": [ann.pk, draft.pk]}
    assert b"Reason for withdrawal" in admin_client.post(url_of(Person, "changelist"), data).content
    data |= {"confirmed": "yes", "reason": ""}
    assert b"This field is required." in admin_client.post(url_of(Person, "changelist"), data).content
    response = admin_client.post(url_of(Person, "changelist"), {**data, "reason": "A mix-up."}, follow=True)
    assert sorted(messages(response)) == [
        "1 withdrawn.",
        "“Bo Ek”: It was never public. Delete it, or leave it as a draft.",
    ]
    ann.refresh_from_db()
    assert (ann.status, ann.withdrawn_reason) == ("withdrawn", "A mix-up.")


def test_what_was_public_cannot_be_deleted(admin_client: Client, ann: Person) -> None:
    told = "“Ann Lee” was public, so its address has to answer: withdraw it instead of deleting it."
    response = admin_client.post(url_of(Person, "delete", ann.pk), {"post": "yes"}, follow=True)
    assert messages(response) == [told]
    data = {"action": "delete_selected", "_selected_action": [ann.pk], "post": "yes"}
    assert messages(admin_client.post(url_of(Person, "changelist"), data, follow=True)) == [told]
    assert "It was public once, so it cannot be deleted." in admin_client.get(change_url(ann)).content.decode()
    assert Person.objects.filter(pk=ann.pk).exists()


def test_a_draft_that_others_rest_on_is_not_deleted(admin_client: Client) -> None:
    draft = make.make_person("Ann Lee", status="draft")
    make.make_statement(draft, status="draft")
    response = admin_client.post(url_of(Person, "delete", draft.pk), {"post": "yes"}, follow=True)
    assert response.status_code == 200
    data = {"action": "delete_selected", "_selected_action": [draft.pk], "post": "yes"}
    assert admin_client.post(url_of(Person, "changelist"), data, follow=True).status_code == 200
    assert Person.objects.filter(pk=draft.pk).exists()


def test_whoever_may_not_delete_learns_nothing(client: Client, ann: Person) -> None:
    staff(client, "view_topic")
    assert client.post(url_of(Person, "delete", ann.pk), {"post": "yes"}).status_code == 403


def test_a_draft_is_deleted(admin_client: Client) -> None:
    draft = make.make_person("Ann Lee", status="draft")
    admin_client.post(url_of(Person, "delete", draft.pk), {"post": "yes"})
    assert not Person.objects.exists()
    assert Person.history.filter(history_type="-").count() == 1


# Two curators -------------------------------------------------------------------------------------------------------------
def test_the_second_of_two_curators_is_told_who_was_quicker_and_loses_nothing(ann: Person, passage: Any) -> None:
    first, second = Client(), Client()
    for client, username in ((first, "somchai"), (second, "linh")):
        client.force_login(User.objects.create_superuser(username))
    mine, theirs = opened(first, change_url(ann)), opened(second, change_url(ann))
    added = with_row(mine, "names", **name("แอน ลี", "th", position=1, passages=[passage.pk]))
    assert first.post(change_url(ann), added).status_code == 302

    response = second.post(change_url(ann), {**theirs, "wikidata": "Q42"})
    [told] = errors(response)[""]
    assert told.startswith("somchai changed this on ")
    assert "what you typed is still here" in told
    assert 'value="Q42"' in response.content.decode()
    assert '<a href="" target="_blank" rel="noopener">open the saved version' in response.content.decode()
    ann.refresh_from_db()
    assert ann.wikidata == ""

    again = {**theirs, "wikidata": "Q42", "seen": response.context["adminform"].form["seen"].value()}
    assert second.post(change_url(ann), again).status_code == 302
    ann.refresh_from_db()
    assert (ann.wikidata, ann.names.count()) == ("Q42", 2), "nor did the first curator lose the name"


def test_a_row_that_somebody_else_deleted_meanwhile_is_no_crash(admin_client: Client, ann: Person) -> None:
    make.make_name(ann, "Anna Lee")
    data = opened(admin_client, change_url(ann))
    ann.names.get(text="Anna Lee").delete()
    assert admin_client.post(change_url(ann), data).status_code == 409


def test_a_collision_between_check_and_save_is_shown_in_the_form(admin_client: Client, monkeypatch: Any) -> None:
    from base.admin import CurationAdmin

    make.make_person("Ann Lee", status="draft")
    data = {**opened(admin_client, url_of(Person, "add")), "slug": "bo"}
    save = CurationAdmin.save_model

    def late(self: Any, request: Any, obj: Any, form: Any, change: bool) -> None:
        obj.slug = "ann-lee"  # as if another curator had taken the address after it was checked
        save(self, request, obj, form, change)

    monkeypatch.setattr(CurationAdmin, "save_model", late)
    response = admin_client.post(url_of(Person, "add"), data)
    assert "Somebody else has just saved something that this collides with." in errors(response)[""][0]


# History ------------------------------------------------------------------------------------------------------------------
def test_history_says_who_when_and_why_and_a_version_comes_back(admin_client: Client, ann: Person) -> None:
    data = {**opened(admin_client, change_url(ann)), "wikidata": "Q1", "slug": "ann-l", "change_reason": "Found her."}
    admin_client.post(change_url(ann), data)
    page = admin_client.get(url_of(Person, "history", ann.pk)).content.decode()
    assert "Found her." in page
    assert "admin" in page
    assert "style=" not in page
    old = ann.history.filter(slug="ann-lee", status="published").first()
    url = url_of(Person, "simple_history", ann.pk, old.pk)
    assert admin_client.post(url, opened(admin_client, url)).status_code == 302
    ann.refresh_from_db()
    assert (ann.wikidata, ann.slug, ann.status) == ("", "ann-lee", "published")
    assert Person.objects.filter(former_ids__slug="ann-l").get() == ann, "the address in between still leads here"
    assert ann.history.first().history_change_reason.startswith("Restored the version of ")


def test_an_old_version_brings_back_passages_but_never_a_status(
    admin_client: Client, ann: Person, passage: Any
) -> None:
    draft = ann.history.filter(status="draft").first()
    url = url_of(Person, "simple_history", ann.pk, draft.pk)
    admin_client.post(url, opened(admin_client, url))
    ann.refresh_from_db()
    assert ann.status == "published"

    row = ann.names.get()
    version = row.history.first()
    row.passages.clear()
    url = url_of(PersonName, "simple_history", row.pk, version.pk)
    admin_client.post(url, opened(admin_client, url))
    assert list(row.passages.all()) == [passage]


def test_a_deleted_draft_comes_back_as_a_draft(admin_client: Client) -> None:
    draft = make.make_person("Ann Lee", status="draft", wikidata="Q5")
    pk, version = draft.pk, draft.history.first()
    draft.delete()
    url = url_of(Person, "simple_history", pk, version.pk)
    assert admin_client.post(url, opened(admin_client, url)).status_code == 302
    back = Person.objects.get(pk=pk)
    assert (back.wikidata, back.status) == ("Q5", "draft")


def test_a_rename_keeps_the_old_address(admin_client: Client, ann: Person) -> None:
    admin_client.post(change_url(ann), {**opened(admin_client, change_url(ann)), "slug": "ann"})
    assert list(ann.former_ids.values_list("slug", flat=True)) == ["ann-lee"]
    assert "ann-lee" in admin_client.get(change_url(ann)).content.decode()


# Search -------------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("query", ["NGUYEN anh", "nguyễn", "อัญ เหงียน", "ann-xyz"])
def test_search_folds_as_the_site_does(admin_client: Client, query: str) -> None:
    person = make.make_person("Nguyễn Thị Ánh", "vi", slug="ann-xyz")
    make.make_name(person, "เหงียน ถิ อัญ", "th")
    make.make_person("Bo Ek")
    response = admin_client.get(url_of(Person, "changelist"), {"q": query})
    assert list(response.context["cl"].queryset) == [person]
    field = {"app_label": "directory", "model_name": "affiliation", "field_name": "person"}
    answer = admin_client.get("/admin/autocomplete/", {"term": query, **field}).json()
    assert [row["text"] for row in answer["results"]] == ["Nguyễn Thị Ánh (ann-xyz)"]


def test_a_link_is_found_by_the_names_at_both_its_ends(admin_client: Client, ann: Person) -> None:
    row = make.make_affiliation(ann, make.make_organization("Film Board"))
    make.make_affiliation(make.make_person("Bo Ek"))
    response = admin_client.get(url_of(Affiliation, "changelist"), {"q": "board ann"})
    assert list(response.context["cl"].queryset) == [row]


# Size and rights ----------------------------------------------------------------------------------------------------------
def test_an_inline_shows_fifty_rows_and_leaves_the_others_alone(admin_client: Client) -> None:
    body = make.make_organization("Body")
    for number in range(60):
        other = make.make_organization(f"Part {number:02}")
        OrganizationLink.objects.create(
            organization=body, related=other, role="related_to", certainty="inferred", note="n"
        )
    page = admin_client.get(change_url(body))
    formsets = {i.formset.prefix: i.formset for i in page.context["inline_admin_formsets"]}
    assert len(formsets["organization_links"].forms) == 50
    assert f"?organization__id__exact={body.pk}" in page.content.decode()
    data = opened(admin_client, change_url(body)) | {
        "organization_links-0-note": "changed",
        "change_reason": "Said better.",
    }
    assert admin_client.post(change_url(body), data).status_code == 302
    assert body.organization_links.count() == 60
    assert body.organization_links.filter(note="changed").count() == 1


def test_rows_that_refer_to_a_record_are_counted_and_linked(admin_client: Client, ann: Person) -> None:
    event = make.make_event()
    for number in range(3):
        make.make_statement(ann, event, f"Words {number}.")
    rows = {row["label"]: row for row in admin_client.get(change_url(ann)).context["related_rows"]}
    assert rows["Statements: speaker"]["count"] == 3
    assert admin_client.get(rows["Statements: speaker"]["url"]).context["cl"].result_count == 3
    assert admin_client.get(rows["Participations: person"]["add_url"]).status_code == 200


def test_a_curator_who_may_only_look_sees_no_buttons(client: Client, ann: Person) -> None:
    staff(client, "view_person", "view_personname")
    page = client.get(change_url(ann)).content.decode()
    assert "Ann Lee" in page
    assert "_publish" not in page
    assert "_withdraw" not in page
    assert client.post(change_url(ann), {"_withdraw": "1", "withdrawn_reason": "x"}).status_code == 403


def test_a_curator_with_rights_edits_and_publishes(client: Client, passage: Any) -> None:
    rights = [f"{do}_{what}" for do in ("add", "change", "view") for what in ("person", "personname", "passage")]
    staff(client, *rights, "publish_person")
    data = with_row(opened(client, url_of(Person, "add")), "names", **name("Ann Lee", passages=[passage.pk]))
    client.post(url_of(Person, "add"), {**data, "_publish": "1"})
    person = Person.objects.get()
    assert person.status == "published"
    assert person.history.first().history_user.username == "curator"
