"""Answers about doubles: shown while a name is typed, remembered, asked before a record is published."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client

from base.admin import publication_questions
from base.records.merging import merge
from desk.doubles import doubles_of
from desk.models import DifferentRecords
from directory.models import Organization, Person
from tests import factories as make
from tests.curation import change_url, messages, name, opened, url_of, with_row

pytestmark = pytest.mark.django_db
ADDRESS = "/admin/lookups/doubles/"
LINE = {"HX-Request": "true"}


@pytest.fixture
def user() -> User:
    return User.objects.create_user("mai", is_staff=True)


def sign_in(client: Client, group: str) -> User:
    """Sign somebody in who is in one of the ready groups."""
    person = User.objects.create_user(group, is_staff=True)
    person.groups.add(Group.objects.get(name=group))
    client.force_login(person)
    return person


# What is remembered --------------------------------------------------------------------------------------------------------
def test_a_pair_is_remembered_once_whichever_is_named_first(user: User) -> None:
    one, other = make.make_person("Ann Lee"), make.make_person("Ann Lee")
    DifferentRecords.note(other, one, user)
    DifferentRecords.note(one, other, user)
    pair = DifferentRecords.objects.get()
    assert (pair.first, pair.second, pair.user) == (one.pk, other.pk, user)
    assert doubles_of(one) == doubles_of(other) == []
    DifferentRecords.forget(other, one)
    assert [each.record for each in doubles_of(one)] == [other]


def test_people_and_organizations_of_one_key_are_not_confused(user: User) -> None:
    one, other = make.make_person("Ann Lee"), make.make_person("Ann Lee")
    DifferentRecords.note(one, other, user)
    for number in range(2):
        make.make_organization("Ann Lee", pk=(one.pk, other.pk)[number])
    assert len(doubles_of(Organization.objects.get(pk=one.pk))) == 1


def test_a_record_is_no_other_than_itself_and_none_of_another_kind(user: User) -> None:
    person, body = make.make_person("Ann Lee"), make.make_organization("Ann Lee")
    for other in (person, body):
        with pytest.raises(ValueError, match="one kind"):
            DifferentRecords.note(person, other, user)


def test_what_is_known_of_a_double_holds_for_the_record_that_stays(user: User) -> None:
    stays, double, other = (make.make_person("Ann Lee") for _number in range(3))
    DifferentRecords.note(double, other, user)
    assert [each.record for each in doubles_of(other)] == [stays]
    merge(double, stays, reason="the same")
    assert doubles_of(other) == doubles_of(stays) == []
    DifferentRecords.forget(stays, other)
    assert [each.record for each in doubles_of(other)] == [stays]


def test_a_pair_that_was_united_after_all_is_no_pair(user: User) -> None:
    stays, double = make.make_person("Ann Lee"), make.make_person("Ann Lee")
    DifferentRecords.note(double, stays, user)
    merge(double, stays, reason="the same")
    assert DifferentRecords.objects.keys_for(stays) == set()


# The line and the page -----------------------------------------------------------------------------------------------------
def test_the_line_says_who_with_role_and_place(admin_client: Client) -> None:
    pilot = make.make_person("Tomáš Řeka", "cs")
    make.make_affiliation(pilot, make.make_organization("Port of Sond"), role="pilot")
    response = admin_client.get(ADDRESS, {"kind": "person", "name": "Tomas Reka"}, headers=LINE)
    text = " ".join(response.content.decode().split())
    assert "1 is called nearly so:" in text
    assert "pilot, Port of Sond" in text
    assert "the same but for case, marks, signs or blanks" in text
    assert "<html" not in text
    assert change_url(pilot) in text
    assert "no-store" in response["Cache-Control"]
    nobody = admin_client.get(ADDRESS, {"kind": "person", "name": "Quentin Abernathy"}, headers=LINE)
    assert nobody.content.decode().strip() == ""


def test_names_in_the_line_are_escaped(admin_client: Client) -> None:
    make.make_person("<b>Tomas</b> Reka")
    response = admin_client.get(ADDRESS, {"kind": "person", "name": "<b>Tomas</b> Reka"}, headers=LINE)
    assert b"&lt;b&gt;Tomas" in response.content
    assert b"<b>" not in response.content


def test_the_page_answers_without_a_script(admin_client: Client) -> None:
    one, other = make.make_person("Ann Lee"), make.make_person("Ann Lee")
    page = admin_client.get(ADDRESS, {"kind": "person", "record": one.pk})
    assert page.status_code == 200
    assert b"merge_doubles" in page.content
    data = {"kind": "person", "record": one.pk, "other": other.pk, "answer": "different"}
    page = admin_client.post(ADDRESS, data, follow=True)
    assert messages(page) == ["Remembered: “Ann Lee” (ann-lee) and “Ann Lee” (ann-lee-2) are not the same."]
    assert b"Known not to be the same" in page.content
    assert DifferentRecords.objects.get().user.is_superuser
    page = admin_client.post(ADDRESS, {**data, "answer": "undo"}, follow=True)
    assert messages(page) == ["Taken back: “Ann Lee” (ann-lee) and “Ann Lee” (ann-lee-2) may be the same."]
    assert not DifferentRecords.objects.exists()


@pytest.mark.parametrize(
    ("data", "status", "says"),
    [
        ({}, 400, "“kind” is one of: person, organization, initiative, event."),
        ({"kind": "topic", "name": "x"}, 400, "“kind” is one of"),
        ({"kind": "person"}, 400, "“name”"),
        ({"kind": "person", "name": "x" * 501}, 400, "A name has at most 500 characters; this one has 501."),
        ({"kind": "person", "record": "x"}, 400, "whole number"),
        ({"kind": "person", "record": "1" * 19}, 400, "whole number"),
        ({"kind": "person", "record": "987654321"}, 404, ""),
        ({"kind": "person", "name": "a\0b"}, 400, ""),
    ],
)
def test_what_cannot_be_asked_is_refused_with_a_sentence(
    admin_client: Client, data: dict[str, str], status: int, says: str
) -> None:
    response = admin_client.get(ADDRESS, data)
    assert response.status_code == status
    assert says in response.content.decode()


def test_an_answer_names_two_records_and_one_of_the_answers(admin_client: Client) -> None:
    one, other = make.make_person("Ann Lee"), make.make_person("Ann Lee")
    good = {"kind": "person", "record": one.pk, "other": other.pk, "answer": "different"}
    for change in ({"other": one.pk}, {"other": ""}, {"record": ""}, {"answer": "perhaps"}, {"kind": "x"}):
        assert admin_client.post(ADDRESS, {**good, **change}).status_code == 400, change
    assert admin_client.post(ADDRESS, {**good, "other": 987654321}).status_code == 404
    assert not DifferentRecords.objects.exists()


def test_who_may_look_and_who_may_answer(client: Client) -> None:
    one, other = make.make_person("Ann Lee"), make.make_person("Ann Lee")
    question = {"kind": "person", "record": one.pk}
    answer = {**question, "other": other.pk, "answer": "different"}
    assert client.get(ADDRESS, question).status_code == 302
    assert client.post(ADDRESS, answer).status_code == 403
    client.force_login(User.objects.create_user("nobody", is_staff=True))
    assert client.get(ADDRESS, question).status_code == 403
    assert client.post(ADDRESS, answer).status_code == 403
    assert not DifferentRecords.objects.exists()
    for group, may_merge in (("contributor", False), ("editor", False), ("keeper", True)):
        sign_in(client, group)
        assert (b"merge_doubles" in client.get(ADDRESS, question).content) == may_merge
        assert client.post(ADDRESS, answer).status_code == 302
        assert client.post(ADDRESS, {**answer, "answer": "undo"}).status_code == 302


def test_the_line_costs_the_same_however_many_there_are(
    admin_client: Client, django_assert_max_num_queries: Any
) -> None:
    for number in range(4):
        make.make_affiliation(make.make_person(f"Tomas Reka {number}"), make.make_organization(), role="pilot")
    with django_assert_max_num_queries(9):
        admin_client.get(ADDRESS, {"kind": "person", "name": "Tomas Reka"}, headers=LINE)


# The forms of the admin ----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("model", ["person", "organization", "initiative", "event"])
def test_every_form_of_something_with_names_looks_for_doubles(admin_client: Client, model: str) -> None:
    record = getattr(make, f"make_{model}")()
    for address, key in ((url_of(record, "add"), ""), (change_url(record), str(record.pk))):
        page = admin_client.get(address).content.decode()
        assert f'data-doubles="{ADDRESS}" data-kind="{model}" data-record="{key}"' in page
        assert "js/doubles.js" in page
    assert "data-doubles" not in admin_client.get("/admin/directory/topic/add/").content.decode()


def test_a_form_without_the_line_says_it_once_when_it_is_saved(admin_client: Client) -> None:
    passage = make.make_passage()
    pilot = make.make_person("Tomáš Řeka", "cs")
    make.make_affiliation(pilot, make.make_organization("Port of Sond"), role="pilot")
    data = with_row(opened(admin_client, url_of(Person, "add")), "names", **name("Tomas Reka", passages=[passage.pk]))
    page = admin_client.post(url_of(Person, "add"), {**data, "_continue": "1"}, follow=True)
    person = Person.objects.exclude(pk=pilot.pk).get()
    [said] = [text for text in messages(page) if "called nearly so" in text]
    assert said.startswith("1 is called nearly so: Tomáš Řeka (pilot, Port of Sond).")
    assert f"{ADDRESS}?kind=person&amp;record={person.pk}" in said
    page = admin_client.post(
        change_url(person), {**opened(admin_client, change_url(person)), "wikidata": "Q1"}, follow=True
    )
    assert not [text for text in messages(page) if "called nearly so" in text], "the names did not change"


def test_a_form_that_showed_the_line_says_nothing_and_keeps_the_answers(admin_client: Client) -> None:
    passage, other = make.make_passage(), make.make_person("Tomas Reka")
    data = with_row(opened(admin_client, url_of(Person, "add")), "names", **name("Tomas Reka", passages=[passage.pk]))
    answers = {"doubles_shown": "1", "not_the_same": [other.pk, "x", "9" * 30, "987654321"]}
    page = admin_client.post(url_of(Person, "add"), {**data, **answers, "_publish": "1"}, follow=True)
    person = Person.objects.exclude(pk=other.pk).get()
    assert person.status == "published"
    assert messages(page) == ["“Tomas Reka” is published.", *[t for t in messages(page) if "added" in t]]
    assert DifferentRecords.objects.keys_for(person) == {other.pk}


# Before it is published ----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("typed", ["Tomáš Řeka", "TOMAS REKA"])
def test_a_person_of_the_name_of_a_public_one_is_questioned_first(admin_client: Client, user: User, typed: str) -> None:
    other = make.make_person("Tomáš Řeka")
    draft = make.make_person(typed, status="draft", passages=[make.make_passage()])
    data = opened(admin_client, change_url(draft))
    page = admin_client.post(change_url(draft), {**data, "_publish": "1"}, follow=True)
    draft.refresh_from_db()
    assert draft.status == "draft"
    question = "The public record “Tomáš Řeka” (tomas-reka) has the same name."
    assert any(question in text for text in messages(page))
    assert question in page.content.decode()
    assert f"{ADDRESS}?kind=person&amp;record={draft.pk}" in page.content.decode()
    rows = {"action": "publish_selected", "_selected_action": [draft.pk]}
    page = admin_client.post(url_of(Person, "changelist"), rows, follow=True)
    assert any(question in text for text in messages(page))
    DifferentRecords.note(draft, other, user)
    admin_client.post(change_url(draft), {**opened(admin_client, change_url(draft)), "_publish": "1"})
    draft.refresh_from_db()
    assert draft.status == "published"


def test_nobody_asks_about_drafts_rejected_readings_and_other_kinds() -> None:
    draft = make.make_person("Ann Lee", status="draft")
    make.make_person("Ann Lee", status="draft")
    make.make_person("Ann Lee", status="withdrawn")
    make.make_organization("Ann Lee")
    make.make_name(make.make_person("Nora Stanfield"), "Ann Lee", certainty="rejected", note="Misread.")
    assert publication_questions(draft) == []
    assert publication_questions(make.make_source("Ann Lee", status="draft")) == []
    assert publication_questions(make.make_topic("Ann Lee", status="draft")) == []


# Before uniting --------------------------------------------------------------------------------------------------------------
def test_uniting_two_that_are_not_the_same_has_to_be_confirmed(admin_client: Client, user: User) -> None:
    one, other = make.make_person("Ann Lee"), make.make_person("Ann Lee")
    url = url_of(Person, "changelist")
    data: dict[str, Any] = {"action": "merge_doubles", "_selected_action": [one.pk, other.pk]}
    asked = "all_the_same"
    assert asked not in admin_client.post(url, data).content.decode()
    DifferentRecords.note(one, other, user)
    said = f"that “Ann Lee” ({one.slug}) and “Ann Lee” ({other.slug}) are not the same."
    page = admin_client.post(url, data).content.decode()
    assert "mai said on " in page
    assert said in page
    assert asked in page
    data |= {"confirmed": "yes", "winner": one.pk, "reason": "The same post."}
    answer = admin_client.post(url, data)
    assert answer.status_code == 422
    assert "Nothing was united." in answer.content.decode()
    assert "The same post." in answer.content.decode()
    other.refresh_from_db()
    assert other.merged_into is None
    assert admin_client.post(url, {**data, asked: "on"}).status_code == 302
    other.refresh_from_db()
    assert other.merged_into == one


def test_what_was_said_of_a_united_record_is_said_before_uniting_the_one_that_stayed(
    admin_client: Client, user: User
) -> None:
    one, double, other = (make.make_person("Ann Lee") for _number in range(3))
    DifferentRecords.note(double, other, user)
    merge(double, one, reason="The same post.")
    data: dict[str, Any] = {"action": "merge_doubles", "_selected_action": [one.pk, other.pk]}
    assert "are not the same." in admin_client.post(url_of(Person, "changelist"), data).content.decode()
    DifferentRecords.forget(one, other)
    assert "are not the same." not in admin_client.post(url_of(Person, "changelist"), data).content.decode()
