"""What one act of a curator changed is one change set, and every change can be traced to the state before it."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import transaction
from django.test import Client

from base.models import ChangeSet, RecordTime
from base.records.change_sets import ChangeAction, change_set, describe_change_set
from base.records.merging import merge
from base.records.withdrawing import publish_together, withdraw_together, withdrawal_of
from directory.models import Passage, Person, PersonName, Topic, TopicName
from events.models import Statement, Wording
from tests import factories as make
from tests.curation import change_url, opened

pytestmark = pytest.mark.django_db


def test_what_a_block_changes_is_one_change_set() -> None:
    user = User.objects.create_user("curator")
    person, topic = make.make_person("Ann Lee"), make.make_topic()
    with change_set(user, ChangeAction.SAVE, "Found her."):
        person.wikidata = "Q1"
        person.save()
        make.make_name(person, "A. Lee")
        with change_set(action=ChangeAction.PUBLISH, reason="Inner."):
            topic.save()
    act = ChangeSet.objects.get()
    assert (act.user, act.action, act.reason) == (user, "publish", "Found her.")
    for model in (Person, PersonName, Topic):
        newest = model.history.first()
        assert (newest.change_set, newest.history_user) == (act, user)
    assert Person.history.filter(change_set=None).exists(), "what was saved before belongs to none"


def test_without_an_effect_there_is_none() -> None:
    with change_set(action=ChangeAction.SAVE):
        describe_change_set(ChangeAction.MERGE)
    describe_change_set(ChangeAction.MERGE)
    make.make_person("Ann Lee")
    assert not ChangeSet.objects.exists()


def test_what_is_rolled_back_does_not_take_the_change_set_with_it() -> None:
    person = make.make_person("Ann Lee")
    with change_set(action=ChangeAction.SAVE, reason="Twice."):
        with transaction.atomic():
            person.save()
            transaction.set_rollback(True)
        assert not ChangeSet.objects.exists()
        with transaction.atomic():
            person.save()
        with transaction.atomic():
            person.save()
            transaction.set_rollback(True)
        describe_change_set(ChangeAction.PUBLISH)
        person.save()
    act = ChangeSet.objects.get()
    assert (act.action, act.reason) == ("publish", "Twice.")
    assert Person.history.filter(change_set=act).count() == 2


def test_bulk_writes_belong_to_it_too() -> None:
    loser, winner = make.make_person("Ann Lee"), make.make_person("A. Lee")
    statement = make.make_statement(loser)
    merge(loser, winner, reason="The same.")
    act = ChangeSet.objects.get()
    assert (act.action, act.reason) == ("merge", "The same.")
    assert Statement.history.filter(id=statement.pk).first().change_set == act
    withdraw_together([winner], "Private.", None)
    act = ChangeSet.objects.first()
    assert act.action == "withdraw"
    assert {row.history.first().change_set for row in (winner, statement)} == {act}
    withdrawal = withdrawal_of(winner)
    assert withdrawal is not None
    publish_together(withdrawal)
    assert ChangeSet.objects.first().action == "republish"
    assert winner.history.first().change_set == ChangeSet.objects.first()


def test_a_form_of_the_admin_is_one_change_set(admin_client: Client) -> None:
    person = make.make_person("Ann Lee", status="draft", passages=[make.make_passage()])
    data = {
        **opened(admin_client, change_url(person)),
        "wikidata": "Q1",
        "change_reason": "Found her.",
        "_publish": "1",
    }
    assert admin_client.post(change_url(person), data).status_code == 302
    act = ChangeSet.objects.get()
    assert (act.user.username, act.action, act.reason) == ("admin", "publish", "Found her.")
    assert Person.history.filter(change_set=act).count() == 2
    assert admin_client.get(change_url(person)).status_code == 200
    assert ChangeSet.objects.count() == 1, "looking makes none"


def test_a_loaded_row_has_a_version_from_before_its_first_change() -> None:
    person = make.make_person("Ann Lee", passages=[make.make_passage()])
    statement = make.make_statement(person)
    for model in (Statement, Wording, Person, PersonName):
        model.history.all().delete()
    name, wording, statement = person.names.get(), statement.wordings.get(), Statement.objects.get()
    with change_set(action=ChangeAction.SAVE):
        name.text = "Ann Li"
        name.save()
        statement.passages.clear()
        wording.delete()
    for model, now in ((PersonName, "Ann Li"), (Statement, None), (Wording, None)):
        new, old = model.history.all()
        assert (old.change_set, old.history_user, old.history_type) == (None, None, "~")
        assert new.change_set is not None
        assert now is None or (old.text, new.text) == ("Ann Lee", now)
    assert Statement.history.last().passages.count() == 1
    assert not Person.history.exists(), "it was not changed itself"


def test_the_times_of_records_are_kept() -> None:
    person, event = make.make_person("Ann Lee"), make.make_event()
    row = make.make_participation(person, event, passages=[make.make_passage()])
    Person.objects.filter(pk=person.pk).update(updated_at="2026-01-01T00:00:00Z")
    with change_set(action=ChangeAction.SAVE):
        row.role = "attendee"
        row.save()
        row.role = "speaker"
        row.save()
    kept = RecordTime.objects.get(kind="directory.Person")
    assert (kept.row, kept.before.isoformat()) == (person.pk, "2026-01-01T00:00:00+00:00")
    assert kept.after == Person.objects.get().updated_at
    assert RecordTime.objects.filter(kind="events.Event", row=event.pk).count() == 1


def test_a_fixture_leaves_no_versions(tmp_path: Path) -> None:
    make.make_statement(make.make_person("Ann Lee"), topics=[make.make_topic()])
    file = tmp_path / "all.json"
    call_command("dump_fixtures", str(file), verbosity=0)
    for model in (Wording, Statement, PersonName, Person, TopicName, Topic, Passage):
        model.objects.all().delete()
        model.history.all().delete()
    call_command("loaddata", str(file), verbosity=0)
    assert Statement.objects.get().passages.count() == 1
    assert [model.history.count() for model in (Statement, Person, PersonName)] == [0, 0, 0]
