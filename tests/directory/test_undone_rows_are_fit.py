"""Undoing makes nothing public that no form would let become public, and says what it cannot bring back."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from base.models import ChangeSet
from base.records import reverting
from base.records.change_sets import ChangeAction, change_set
from base.records.revert_planning import plan_revert
from base.records.reverting import CannotRevert, revert
from base.records.row_changes import LineKey
from base.records.withdrawing import PlanChanged, RowsInUse
from directory.models import Source, Topic
from events.models import Wording
from tests import factories as make

pytestmark = pytest.mark.django_db


def last_act() -> ChangeSet:
    """Return the change set that was made last."""
    return ChangeSet.objects.order_by("pk").last()  # type: ignore[return-value]


def test_a_stated_fact_without_a_passage_does_not_come_back() -> None:
    person = make.make_person("Ann Lee", passages=[make.make_passage()])
    name = make.make_name(person, "A. Lee", passages=[make.make_passage()])
    with change_set(action=ChangeAction.SAVE):
        name.certainty, name.note = "inferred", "By her signature."
        name.save()
    act = last_act()
    with change_set(action=ChangeAction.SAVE):
        name.passages.clear()
    with pytest.raises(CannotRevert, match=r"“A\. Lee” would not be fit .* A stated fact needs at least one passage"):
        revert(act)
    name.refresh_from_db()
    assert name.certainty == "inferred"


def test_a_fault_that_was_there_before_is_not_in_the_way() -> None:
    person = make.make_person("Ann Lee", passages=[make.make_passage()])
    name = make.make_name(person, "A. Lee")
    with change_set(action=ChangeAction.SAVE):
        name.language = "vi"
        name.save()
    revert(last_act())
    name.refresh_from_db()
    assert name.language == "en"


def test_words_of_another_passage_do_not_come_back_alone() -> None:
    statement = make.make_statement(wording="She spoke.")
    first, second = make.make_passage(words="Tides rise."), make.make_passage(words="Tides fall.")
    quote = make.make_wording(statement, "Tides rise.", nature="verbatim", passage=first)
    with change_set(action=ChangeAction.SAVE):
        quote.text, quote.passage = "Tides fall.", second
        quote.save()
    act = last_act()
    with pytest.raises(CannotRevert, match=r"The verbatim wording “Tides rise\.…” is not proven"):
        revert(act, only=[LineKey("events.Wording", quote.pk, "text")])
    assert Wording.objects.get(pk=quote.pk).text == "Tides fall."
    revert(act)
    assert Wording.objects.get(pk=quote.pk).proven


def test_all_rows_that_are_needed_since_are_kept_in_one_round(django_assert_max_num_queries: Any) -> None:
    with change_set(action=ChangeAction.SAVE):
        topics = [make.make_topic(f"Topic {number}", status="draft") for number in range(12)]
        make.make_topic("Alone", status="draft")
    act = last_act()
    make.make_statement(topics=topics)
    assert {each.key for each in plan_revert(act).conflicts} >= {LineKey("directory.Topic", row.pk) for row in topics}
    with django_assert_max_num_queries(150):
        plan = plan_revert(act, keep_newer=True)
    assert not plan.conflicts
    revert(act, keep_newer=True)
    assert set(Topic.objects.values_list("pk", flat=True)) == {row.pk for row in topics}


@pytest.mark.parametrize("fault", [RowsInUse, PlanChanged])
def test_rows_in_use_are_told(monkeypatch: pytest.MonkeyPatch, admin_client: Client, fault: type[Exception]) -> None:
    with change_set(action=ChangeAction.SAVE):
        topic = make.make_topic("Tides")

    def refuse(*args: object) -> None:
        raise fault

    monkeypatch.setattr(reverting, "withdraw_together", refuse)
    answer = admin_client.post(reverse("admin:change_set", args=[last_act().pk]), {"reason": "A mistake."})
    assert answer.status_code == 409
    assert "Somebody else has just deleted or changed a row that this needs" in answer.content.decode()
    assert Topic.objects.get(pk=topic.pk).status == "published"


def test_a_source_that_comes_back_without_its_text_is_told(admin_client: Client) -> None:
    source = make.make_source("A letter", text="It was said.\n", status="draft")
    with change_set(action=ChangeAction.SAVE):
        source.delete()
    url = reverse("admin:change_set", args=[last_act().pk])
    assert "Comes back without its stored text, which no history keeps" in admin_client.get(url).content.decode()
    assert admin_client.post(url, {"reason": "A mistake."}).status_code == 302
    assert Source.objects.get().text == ""
