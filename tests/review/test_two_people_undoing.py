"""Where two people are needed, nobody makes public again by undoing what they changed or withdrew, nor by uniting and splitting."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from base.models import ChangeSet
from base.records.change_sets import ChangeAction, change_set
from base.records.reverting import CannotRevert, revert
from base.records.row_changes import LineKey
from directory.models import Person
from events.models import Statement
from tests import factories as make
from tests.curation import change_url, opened, url_of
from tests.review.article import browser

pytestmark = pytest.mark.django_db
AGAIN = "would be public again. Two people are needed for that here"


@pytest.fixture(autouse=True)
def review_by_two(settings: Any) -> None:
    """Switch the rule on."""
    settings.REVIEW_BY_TWO = True


def undo(client: Client, act: ChangeSet, **more: Any) -> Any:
    """Undo a change set on its page."""
    return client.post(reverse("admin:change_set", args=[act.pk]), {"reason": "A mistake.", **more})


def withdraw(client: Client, row: Any) -> ChangeSet:
    """Withdraw a record by its form, and return the change set."""
    url = change_url(row)
    sent = {**opened(client, url), "withdrawn_reason": "Wrong.", "change_reason": "Wrong.", "_withdraw": "1"}
    assert client.post(url, sent).status_code == 302
    row.refresh_from_db()
    assert row.status == "withdrawn"
    return ChangeSet.objects.order_by("pk").last()  # type: ignore[return-value]


def test_who_withdrew_it_does_not_undo_that_alone() -> None:
    ada, kai = browser("ada", "keeper"), browser("kai", "keeper")
    topic = make.make_topic("Tides")
    act = withdraw(ada, topic)
    page = ada.get(reverse("admin:change_set", args=[act.pk])).content.decode()
    assert f"“Tides” {AGAIN}" in page
    assert 'name="reason"' not in page, "what cannot be done is not offered"
    assert AGAIN in page_of_refusal(undo(ada, act))
    topic.refresh_from_db()
    assert topic.status == "withdrawn"
    assert AGAIN not in kai.get(reverse("admin:change_set", args=[act.pk])).content.decode()
    assert undo(kai, act).status_code == 302
    topic.refresh_from_db()
    assert topic.status == "published"


def page_of_refusal(response: Any) -> str:
    """Return the page of a refusal."""
    assert response.status_code == 409
    return str(response.content.decode())


def test_a_line_alone_is_asked_about_too() -> None:
    ada = browser("ada", "keeper")
    topic = make.make_topic("Tides")
    act = withdraw(ada, topic)
    line = str(LineKey("directory.Topic", topic.pk, "status"))
    assert AGAIN in page_of_refusal(undo(ada, act, line=line))
    topic.refresh_from_db()
    assert topic.status == "withdrawn"


def test_who_united_two_does_not_part_them_alone() -> None:
    ada, kai = browser("ada", "keeper"), browser("kai", "keeper")
    loser, winner = make.make_person("Ann Li"), make.make_person("Ann Lee")
    make.make_statement(loser)
    data = {"action": "merge_doubles", "_selected_action": [loser.pk, winner.pk], "confirmed": "yes"}
    answer = ada.post(url_of(Person, "changelist"), {**data, "winner": winner.pk, "reason": "The same."})
    assert answer.status_code == 302
    act = ChangeSet.objects.get(action="merge")
    assert "“Ann Li”" in page_of_refusal(undo(ada, act))
    assert Statement.objects.get().speaker == winner
    assert undo(kai, act).status_code == 302
    assert Statement.objects.get().speaker == loser


def test_what_was_never_hidden_may_be_undone_by_who_did_it() -> None:
    ada = browser("ada", "keeper")
    user = User.objects.get(username="ada")
    person = make.make_person("Ann Lee", passages=[make.make_passage()])
    spelling = make.make_name(person, "A. Lee", passages=[make.make_passage()])
    with change_set(user, ChangeAction.SAVE):
        person.wikidata = "Q1"
        person._history_user = user  # type: ignore[attr-defined]
        person.save()
        spelling._history_user = user
        spelling.delete()
    assert undo(ada, ChangeSet.objects.get()).status_code == 302
    assert person.names.count() == 2


def test_a_name_of_a_draft_is_no_public_row() -> None:
    browser("ada", "keeper")
    user = User.objects.get(username="ada")
    person = make.make_person("Ann Lee", status="draft")
    row = person.names.get()
    with change_set(user, ChangeAction.SAVE):
        row.status = "draft"
        row._history_user = user
        row.save()
    revert(ChangeSet.objects.get(), user, "A mistake.")
    row.refresh_from_db()
    assert row.status == "published"


def test_a_name_of_a_public_record_is_one() -> None:
    browser("ada", "keeper")
    user = User.objects.get(username="ada")
    person = make.make_person("Ann Lee", passages=[make.make_passage()])
    row = make.make_name(person, "A. Lee", passages=[make.make_passage()])
    with change_set(user, ChangeAction.SAVE):
        row.status = "draft"
        row._history_user = user
        row.save()
    with pytest.raises(CannotRevert, match=r"“A\. Lee” would be public again"):
        revert(ChangeSet.objects.get(), user, "A mistake.")
    row.refresh_from_db()
    assert row.status == "draft"
    revert(ChangeSet.objects.get(), None, "By the site itself.")
    row.refresh_from_db()
    assert row.status == "published"


def own_draft(user: User, text: str) -> Person:
    """Return a draft whose name, public as names are, somebody made."""
    draft = make.make_person(text, status="draft", passages=[make.make_passage()])
    for row in (draft, draft.names.get()):
        for version in row.history.all():
            version.history_user = user
            version.save()
    return draft


def test_names_of_a_draft_of_ones_own_do_not_become_public_by_uniting_it() -> None:
    ada, kai = browser("ada", "keeper"), browser("kai", "keeper")
    draft, public = own_draft(User.objects.get(username="ada"), "Anne Lee"), make.make_person("Ann Lee")
    data = {"action": "merge_doubles", "_selected_action": [draft.pk, public.pk], "confirmed": "yes"}
    sent = {**data, "winner": public.pk, "reason": "The same."}
    refused = ada.post(url_of(Person, "changelist"), sent)
    assert refused.status_code == 409
    assert "Two people are needed here" in refused.content.decode()
    assert public.names.count() == 1
    assert kai.post(url_of(Person, "changelist"), sent).status_code == 302
    assert public.names.count() == 2


def test_nor_by_splitting_it() -> None:
    ada, kai = browser("ada", "keeper"), browser("kai", "keeper")
    draft, public = own_draft(User.objects.get(username="ada"), "Anne Lee"), make.make_person("Ann Lee", slug="ann-lee")
    name = draft.names.get()
    url = url_of(Person, "split", draft.pk)
    sent = {"target": "ann-lee", f"directory.personname.person-{name.pk}": "both", "reason": "Hers.", "show": "yes"}
    assert "Two people are needed here" in page_of_refusal(ada.post(url, sent))
    shown = kai.post(url, sent)
    assert shown.status_code == 200
    expected = shown.context["plan"].digest
    assert kai.post(url, {**sent, "split": "yes", "expected": expected}).status_code == 302
    assert public.names.count() == 2


@pytest.mark.parametrize("rule", [False, True])
def test_the_rule_alone_makes_the_difference(settings: Any, rule: bool) -> None:
    settings.REVIEW_BY_TWO = rule
    ada = browser("ada", "keeper")
    act = withdraw(ada, make.make_topic("Tides"))
    assert undo(ada, act).status_code == (409 if rule else 302)
