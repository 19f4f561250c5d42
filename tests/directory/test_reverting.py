"""Undoing a change set sets everything back that it changed, or says what stands in the way and changes nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from base.models import ChangeSet
from base.records.change_sets import ChangeAction, change_set
from base.records.merging import merge
from base.records.revert_planning import plan_revert
from base.records.reverting import CannotRevert, revert
from base.records.row_changes import LineKey
from base.records.withdrawing import withdraw_together, withdrawal_of
from directory.models import Passage, Person, PersonName, Topic
from events.models import Event, Statement, Wording
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def dump(tmp_path: Path) -> Any:
    """Return all content as a fixture, and as the API gives it."""

    def everything() -> tuple[str, list[bytes]]:
        call_command("dump_fixtures", str(tmp_path / "all.json"), verbosity=0)
        kinds = ("people", "organizations", "initiatives", "events", "statements", "sources", "topics")
        answers = [Client().get(f"/api/v1/export/{kind}.ndjson") for kind in kinds]
        assert {answer.status_code for answer in answers} == {200}
        return (tmp_path / "all.json").read_text(), [b"".join(answer.streaming_content) for answer in answers]

    return everything


def key(row: Any, column: str = "") -> LineKey:
    return LineKey(row._meta.label, row.pk, column)


def test_uniting_is_undone_to_the_byte(dump: Any) -> None:
    passages = [make.make_passage(words=words) for words in ("Ann spoke.", "Ms Lee spoke.", "Ann listened.")]
    loser = make.make_person("Ann Lee", passages=[passages[0]], wikidata="Q7")
    make.make_name(loser, "แอน ลี", "th", passages=[passages[2]])
    winner = make.make_person("Ann Lee", passages=[passages[1]])
    event, body = make.make_event(), make.make_organization()
    make.make_participation(loser, event, passages=[passages[0]])
    make.make_participation(winner, event, certainty="inferred", note="By her title.", passages=[passages[1]])
    make.make_affiliation(loser, body, end="2020", passages=[passages[0]])
    make.make_affiliation(winner, body, end="2021", note="Until 2021.", passages=[passages[1]])
    make.make_affiliation(loser, role="actor", note="Since ever.", passages=[passages[2]])
    for number in range(3):
        make.make_statement(loser, event, f"I said {number}.")
    make.make_statement(wording="She said so.", about_people=[loser])
    make.make_statement(wording="They said so.", about_people=[loser, winner])
    before = dump()
    merge(loser, winner, reason="The same.")
    merged = dump()
    assert merged != before
    undone = revert(ChangeSet.objects.get(), None, "Two people.")
    assert dump() == before
    assert (undone.action, undone.reason, undone.reverts.action) == ("revert", "Two people.", "merge")
    loser.refresh_from_db()
    assert (loser.status, loser.merged_into, loser.labels) == ("published", None, {"en": "Ann Lee", "th": "แอน ลี"})
    revert(undone)
    assert dump() == merged, "undoing can be undone"


def test_columns_links_and_what_follows_from_them() -> None:
    first, second = make.make_passage(words="Ann spoke."), make.make_passage(words="Ms Lee spoke.")
    event = make.make_event(date="2025-03")
    statement = make.make_statement(event=event, wording="Old words.", passages=[second], topics=[make.make_topic()])
    wording = statement.wordings.get()
    before = Statement.objects.filter(pk=statement.pk).values().get()
    with change_set(action=ChangeAction.SAVE):
        wording.text = "New words."
        wording.save()
        statement.role_at_time = "Director"
        statement.speaker_label = "experts"
        statement.save()
        statement.passages.set([first])
        statement.topics.clear()
        event.date = "2026"
        event.save()
    assert Statement.objects.filter(pk=statement.pk).values().get() != before
    revert(ChangeSet.objects.get())
    assert Statement.objects.filter(pk=statement.pk).values().get() == before
    assert (list(statement.passages.all()), statement.topics.count()) == ([second], 1)
    assert Wording.objects.get().text == "Old words."
    assert Event.objects.get().date == "2025-03"
    assert wording.history.first().history_change_reason == "Undone"


def test_names_are_set_back_with_what_is_made_of_them() -> None:
    person = make.make_person("Ann Lee", passages=[make.make_passage()])
    with change_set(action=ChangeAction.SAVE):
        name = person.names.get()
        name.text = "Ann Li"
        name.save()
        make.make_name(person, "แอน ลี", "th")
    revert(ChangeSet.objects.get())
    person.refresh_from_db()
    assert (person.name, person.labels, person.names.count()) == ("Ann Lee", {"en": "Ann Lee"}, 1)
    assert "แอน" not in person.search


def test_what_was_made_goes_and_what_was_deleted_comes_back() -> None:
    passage = make.make_passage()
    person = make.make_person("Ann Lee")
    gone = make.make_name(person, "A. Lee", passages=[passage])
    identity = (gone.pk, gone.uid)
    with change_set(action=ChangeAction.SAVE):
        gone.delete()
        make.make_name(person, "A. Lee", passages=[passage])
        draft = make.make_topic("Draft", status="draft")
        public = make.make_topic("Public")
    revert(ChangeSet.objects.get(), None, "A mistake.")
    back = person.names.get(text="A. Lee")
    assert (back.pk, back.uid, list(back.passages.all())) == (*identity, [passage])
    assert not Topic.objects.filter(pk=draft.pk).exists()
    public.refresh_from_db()
    assert (public.status, public.withdrawn_reason) == ("withdrawn", "A mistake.")
    undone = ChangeSet.objects.first()
    revert(undone)
    assert Topic.objects.filter(pk=draft.pk, status="draft").exists()
    assert Topic.objects.get(pk=public.pk).status == "published"


def test_what_changed_again_since_is_told_and_kept_if_wanted() -> None:
    person = make.make_person("Ann Lee")
    with change_set(action=ChangeAction.SAVE):
        person.wikidata = "Q1"
        person.save()
        name = person.names.get()
        name.language = "vi"
        name.save()
    act = ChangeSet.objects.get()
    person.refresh_from_db()
    person.wikidata = "Q2"
    person.save()
    versions = Person.history.count(), PersonName.history.count(), ChangeSet.objects.count()
    with pytest.raises(CannotRevert) as refused:
        revert(act)
    [conflict] = refused.value.conflicts
    assert conflict.key == key(person, "wikidata")
    assert conflict.sentence == "“Ann Lee”, Wikidata id: it was changed again since."
    assert (Person.history.count(), PersonName.history.count(), ChangeSet.objects.count()) == versions
    revert(act, keep=[conflict.key])
    assert (Person.objects.get().wikidata, PersonName.objects.get().language) == ("Q2", "en")
    with pytest.raises(CannotRevert, match="Nothing of it is left to undo"):
        revert(act, keep=[conflict.key])


def test_one_line_alone() -> None:
    person = make.make_person("Ann Lee")
    with change_set(action=ChangeAction.SAVE):
        person.wikidata = "Q1"
        person.save()
        name = person.names.get()
        name.language = "vi"
        name.save()
    revert(ChangeSet.objects.get(), only=[key(name, "language")])
    assert (Person.objects.get().wikidata, PersonName.objects.get().language) == ("Q1", "en")
    assert LineKey.parse(str(key(name, "language"))) == key(name, "language")
    assert LineKey.parse("nonsense") is LineKey.parse("directory.Person:x:") is None


def test_what_has_come_to_need_a_row_keeps_it() -> None:
    with change_set(action=ChangeAction.SAVE):
        topic = make.make_topic("Draft", status="draft")
    act = ChangeSet.objects.get()
    make.make_statement(topics=[topic])
    with pytest.raises(CannotRevert, match=r"is needed since: statement"):
        revert(act)
    assert Topic.objects.filter(pk=topic.pk).exists()


def test_what_a_line_named_may_be_gone() -> None:
    statement = make.make_statement(topics=[make.make_topic("Draft", status="draft")])
    with change_set(action=ChangeAction.SAVE):
        statement.topics.clear()
    Topic.objects.all().delete()
    with pytest.raises(CannotRevert, match="A topic that it named is gone"):
        revert(ChangeSet.objects.get())


def test_a_row_that_was_deleted_since_is_told() -> None:
    person = make.make_person("Ann Lee")
    name = make.make_name(person, "A. Lee")
    with change_set(action=ChangeAction.SAVE):
        name.language = "vi"
        name.save()
    name.delete()
    with pytest.raises(CannotRevert, match=r"“A\. Lee” was deleted since"):
        revert(ChangeSet.objects.get())


def test_nothing_public_breaks() -> None:
    person = make.make_person("Ann Lee", status="draft", passages=[make.make_passage()])
    with change_set(action=ChangeAction.SAVE):
        make.make_name(person, "A. Lee", passages=[make.make_passage()])
    act = ChangeSet.objects.get()
    person.names.filter(text="Ann Lee").delete()
    person.refresh_from_db()
    person.publish()
    with pytest.raises(CannotRevert, match="It has no name yet"):
        revert(act)
    assert person.names.count() == 1


def test_publishing_is_undone_by_withdrawing_unless_others_rest_on_it() -> None:
    person = make.make_person("Ann Lee", status="draft")
    with change_set(action=ChangeAction.PUBLISH):
        Person.objects.get().publish()
    act = ChangeSet.objects.get()
    statement = make.make_statement(person)
    with pytest.raises(CannotRevert, match="Withdraw it on its own page"):
        revert(act)
    assert Person.objects.get().status == "published"
    statement.status = "withdrawn"
    statement.withdrawn_reason = "Wrong."
    statement.save()
    revert(act, None, "Too early.")
    person.refresh_from_db()
    assert (person.status, person.withdrawn_reason) == ("withdrawn", "Too early.")


def test_a_withdrawal_is_undone_with_what_went_with_it(dump: Any) -> None:
    person = make.make_person("Ann Lee", passages=[make.make_passage()])
    statement = make.make_statement(person)
    before = dump()
    withdraw_together([person], "Wrong.", None)
    revert(ChangeSet.objects.get())
    assert dump() == before
    assert withdrawal_of(person) is withdrawal_of(statement) is None


def test_an_address_goes_back_and_the_newer_one_leads_on() -> None:
    person = Person.objects.get(pk=make.make_person("Ann Lee").pk)
    with change_set(action=ChangeAction.SAVE):
        person.slug = "ann-li"
        person.save()
    revert(ChangeSet.objects.get())
    person.refresh_from_db()
    assert (person.slug, [str(former) for former in person.former_ids.all()]) == ("ann-lee", ["ann-li"])


def test_a_stand_in_never_comes_back(admin_client: Client) -> None:
    person = Person()
    person.save()
    make.make_name(person, "Ann Lee")
    person = Person.objects.get()
    with change_set(action=ChangeAction.SAVE):
        person.wikidata = "Q1"
        person.save()
    assert [list(change) for change in plan_revert(ChangeSet.objects.get()).columns[Person].values()] == [["wikidata"]]


def test_a_text_that_was_replaced_stays() -> None:
    passage = make.make_passage()
    source = passage.source
    with change_set(action=ChangeAction.SAVE):
        source.text += "More.\n"
        make._measure(source)
        source.save()
    with pytest.raises(CannotRevert, match="take the older text over again"):
        revert(ChangeSet.objects.get())
    assert Passage.objects.get() == passage


def test_a_hundred_rows_cost_no_query_each(django_assert_max_num_queries: Any) -> None:
    loser, winner = make.make_person("Ann Lee"), make.make_person("A. Lee")
    for number in range(100):
        make.make_statement(loser, wording=f"I said {number}.")
    merge(loser, winner, reason="The same.")
    with django_assert_max_num_queries(200):
        revert(ChangeSet.objects.get())
    assert loser.statements.count() == 100
