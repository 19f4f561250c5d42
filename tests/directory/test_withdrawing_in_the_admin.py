"""The pages on which a curator withdraws a record with what rests on it, and publishes it again."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client

from base.models import WithdrawnRow
from directory.models import Person, PersonName, Source, Topic
from events.models import Participation, Statement
from tests import factories as make
from tests.curation import change_url, errors, messages, name, opened, url_of, with_row

pytestmark = pytest.mark.django_db


@pytest.fixture
def source() -> Source:
    """An article that alone carries six statements of a person who has another name elsewhere."""
    source = make.make_source("First article")
    words = make.make_passage(source, "Words of the first article.")
    ann = make.make_person("Ann Lee", passages=[words])
    make.make_name(ann, "แอน ลี", "th", passages=[make.make_passage(make.make_source("Second"), "Other words.")])
    event = make.make_event("Film Day")
    for number in range(6):
        make.make_statement(ann, event, f"Statement {number}.", passages=[words])
    both = [words, Source.objects.get(title="Second").passages.get()]
    make.make_statement(ann, event, "It stands in both.", passages=both)
    make.make_participation(ann, event, passages=both)
    return source


def hidden_fields(page: str) -> dict[str, Any]:
    """Return the hidden fields of the form of a page, as a browser would send them."""
    pairs = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page)
    return {key: [value for other, value in pairs if other == key] for key, _value in pairs}


def test_the_page_of_a_source_says_first_what_rests_on_it(admin_client: Client, source: Source) -> None:
    data = opened(admin_client, change_url(source)) | {"_withdraw": "1", "withdrawn_reason": "It was forged."}
    response = admin_client.post(change_url(source), data, follow=True)
    page = response.content.decode()
    assert Statement.objects.published().count() == 7, "nothing is withdrawn yet"
    assert "Nothing else carries these: 6 statements, 1 name of a person." in page
    assert "Statements: 6" in page
    assert re.search(r"and 1 more\s+<a href=\"[^\"]+show=withdrawn.events.statement\">Show all</a>", page)
    assert "Stays, because another source carries it too" in page
    assert "It was forged.</textarea>" in page, "the reason that was typed is still there"
    assert f'<a href="{change_url(Statement.objects.first())}">' in page
    [url] = re.findall(r'href="([^"]+show=withdrawn.events.statement)"', page)
    assert len(re.findall(r"<li><a href=\"/admin/events/statement/", admin_client.get(url).content.decode())) == 6

    address = response.request["PATH_INFO"]
    done = admin_client.post(address, {**hidden_fields(page), "reason": "It was forged."}, follow=True)
    assert messages(done) == [
        "1 withdrawn.",
        "Withdrawn with it, because nothing else carries it: 6 statements, 1 name of a person.",
    ]
    assert [s.wordings.get().text for s in Statement.objects.published()] == ["It stands in both."]
    assert Participation.objects.published().count() == 1
    withdrawn = Statement.objects.exclude(status="published").first()
    assert withdrawn is not None
    assert withdrawn.history.first().history_user.username == "admin"
    assert b"It was forged." in admin_client.get(withdrawn.get_absolute_url()).content


def test_it_is_published_again_with_what_was_withdrawn_with_it(admin_client: Client, source: Source) -> None:
    data = {"action": "withdraw_selected", "_selected_action": [source.pk], "confirmed": "yes", "reason": "Forged."}
    admin_client.post(url_of(Source, "changelist"), data)
    page = admin_client.post(
        change_url(source), opened(admin_client, change_url(source)) | {"_publish": "1"}, follow=True
    ).content.decode()
    assert Statement.objects.published().count() == 1
    assert "Withdrawn together with it, and still withdrawn: 1 name of a person, 6 statements." in page
    [url] = re.findall(r'href="([^"]+/republication/)"', page)
    assert "Statements: 6" in admin_client.get(url).content.decode()
    assert messages(admin_client.post(url, follow=True)) == ["Published again: 1 name of a person, 6 statements."]
    assert (Statement.objects.published().count(), WithdrawnRow.objects.count()) == (7, 0)
    assert messages(admin_client.post(url, follow=True)) == ["Nothing was withdrawn together with it."]


@pytest.mark.parametrize("rest", [[], ["withdraw_statement", "publish_statement", "publish_personname"]])
def test_who_may_withdraw_a_source_alone_withdraws_nothing_that_rests_on_it(
    client: Client, source: Source, rest: list[str]
) -> None:
    user = User.objects.create_user("somchai", is_staff=True)
    sources = ["view_source", "change_source", "publish_source", "withdraw_source"]
    user.user_permissions.set(Permission.objects.filter(codename__in=[*sources, *rest]))
    client.force_login(user)
    url = url_of(Source, "withdrawal") + f"?rows={source.pk}"
    page = client.get(url).content.decode()
    answer = client.post(url, {**hidden_fields(page), "reason": "Forged."})
    assert answer.status_code == (302 if rest else 403)
    assert Statement.objects.published().count() == (1 if rest else 7)
    assert Source.objects.published().count() == (1 if rest else 2)
    if rest:
        again = url_of(Source, "republication", source.pk)
        user.user_permissions.remove(*Permission.objects.filter(codename="publish_statement"))
        assert client.post(again).status_code == 403
        assert Statement.objects.published().count() == 1


def test_what_changed_meanwhile_is_shown_again_before_anything_is_withdrawn(
    admin_client: Client, source: Source
) -> None:
    url = url_of(Source, "withdrawal") + f"?rows={source.pk}"
    fields = hidden_fields(admin_client.get(url).content.decode())
    make.make_statement(wording="Meanwhile.", passages=[source.passages.get()])
    response = admin_client.post(url, {**fields, "reason": "Forged."})
    assert "Meanwhile other rows rest on it" in response.content.decode()
    assert "7 statements" in response.content.decode()
    assert Statement.objects.published().count() == 8


def test_leaving_it_leaves_everything(admin_client: Client, source: Source) -> None:
    url = url_of(Source, "withdrawal") + f"?rows={source.pk}"
    response = admin_client.post(url, {**hidden_fields(admin_client.get(url).content.decode()), "reason": " "})
    assert "This field is required." in response.content.decode()
    assert Source.objects.published().count() == 2


@pytest.mark.parametrize("rows", ["", "x", "0", "99999999999999999999", "1,,2", "1" * 300])
def test_an_address_that_names_no_row_leads_back_to_the_list(admin_client: Client, rows: str) -> None:
    response = admin_client.get(url_of(Topic, "withdrawal") + f"?rows={rows}", follow=True)
    assert messages(response) == ["There is no such row any more."]


def test_only_so_many_are_withdrawn_at_once(admin_client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("base.admin.withdrawing.MOST_AT_ONCE", 2)
    topics = [make.make_topic(f"Topic {number}").pk for number in range(3)]
    data = {"action": "withdraw_selected", "_selected_action": topics}
    response = admin_client.post(url_of(Topic, "changelist"), data, follow=True)
    assert messages(response) == ["Choose at most 2 rows at once."]


# Publishing asks the same ---------------------------------------------------------------------------------------------------
def test_a_statement_of_a_draft_source_is_not_published(admin_client: Client) -> None:
    draft = make.make_source("Draft article", status="draft")
    statement = make.make_statement(passages=[make.make_passage(draft, "Words.")], status="draft")
    data = {"action": "publish_selected", "_selected_action": [statement.pk]}
    [told] = messages(admin_client.post(url_of(Statement, "changelist"), data, follow=True))
    assert "Every passage that it cites is of a source that is not public. Publish the source first." in told
    statement.refresh_from_db()
    assert statement.status == "draft"


def test_a_person_whose_name_only_a_draft_source_prints_is_not_published(admin_client: Client) -> None:
    words = make.make_passage(make.make_source("Draft article", status="draft"), "Words.")
    person = make.make_person("Ann Lee", passages=[words], status="draft")
    data = opened(admin_client, change_url(person)) | {"_publish": "1"}
    told = messages(admin_client.post(change_url(person), data, follow=True))
    assert any("The name of a person “Ann Lee” cites only passages of sources that are not public." in m for m in told)
    person.refresh_from_db()
    assert person.status == "draft"


def test_a_public_row_is_not_moved_to_a_draft_source(admin_client: Client, source: Source) -> None:
    hidden = make.make_passage(make.make_source("Draft article", status="draft"), "Hidden words.")
    statement = Statement.objects.first()
    assert statement is not None
    data = opened(admin_client, change_url(statement)) | {"passages": [hidden.pk]}
    assert "Every passage that it cites" in " ".join(errors(admin_client.post(change_url(statement), data))[""])
    spelling = PersonName.objects.get(text="Ann Lee")
    data = opened(admin_client, change_url(spelling)) | {"passages": [hidden.pk]}
    assert "cites only passages of sources that are not public" in " ".join(
        errors(admin_client.post(change_url(spelling), data))[""]
    )
    ann = Person.objects.get()
    data = with_row(opened(admin_client, change_url(ann)), "names", **name("Anne", position=5, passages=[hidden.pk]))
    assert "cites only passages" in " ".join(errors(admin_client.post(change_url(ann), data))[""])


def test_a_new_row_of_a_public_record_needs_a_passage_that_readers_see(admin_client: Client, source: Source) -> None:
    hidden = make.make_passage(make.make_source("Draft article", status="draft"), "Hidden words.")
    ann = Person.objects.get()
    row = {"person": ann.pk, **name("Anne", position=5, passages=[hidden.pk])}
    response = admin_client.post(url_of(PersonName, "add"), row)
    assert "cites only passages of sources that are not public" in " ".join(errors(response)[""])
    assert not PersonName.objects.filter(text="Anne").exists()
    assert admin_client.post(url_of(PersonName, "add"), {**row, "status": "draft"}).status_code == 302
