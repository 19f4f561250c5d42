"""Withdrawing a record withdraws what rests on it, and says before what that is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command

from base.models import Withdrawal, WithdrawnRow
from base.records.support import all_unsupported
from base.records.withdrawal_plan import plan_withdrawal
from base.records.withdrawing import (
    PlanChanged,
    publish_together,
    rows_still_withdrawn,
    withdraw_together,
    withdrawal_of,
)
from directory.models import Affiliation, Organization, Person, PersonName, Source, Topic
from events.models import Event, Participation, Statement
from tests import factories as make

pytestmark = pytest.mark.django_db


def resting_on_nothing() -> dict[str, list[str]]:
    """Return the public rows that nothing public carries, by model; there should never be any."""
    found = {model.__name__: [str(row) for row in rows] for model, rows in all_unsupported()}
    return {name: rows for name, rows in found.items() if rows}


def counts(rows: Any) -> dict[str, int]:
    """Return how many rows of each model a part of a plan has."""
    return {model.__name__: len(keys) for model, keys in rows.items()}


@pytest.fixture
def film_workshop() -> Source:
    """Load the article as data."""
    call_command("loaddata", Path(settings.BASE_DIR) / "fixtures" / "film-workshop.json", verbosity=0)
    return Source.objects.get()


def test_nothing_of_the_fixture_rests_on_nothing(film_workshop: Source) -> None:
    assert resting_on_nothing() == {}


def test_the_only_source_takes_every_statement_with_it_and_comes_back_with_them(film_workshop: Source) -> None:
    statements, names = Statement.objects.published().count(), PersonName.objects.published().count()
    outside = PersonName.objects.published().filter(passages=None).count()
    people = set(Person.objects.published().values_list("slug", "name", "search"))
    plan = withdraw_together([film_workshop], "The publisher took it back.")
    assert counts(plan.withdrawn)["Statement"] == statements
    assert not Statement.objects.published().exists()
    assert PersonName.objects.published().count() <= outside, "what the source does not carry stays"
    assert resting_on_nothing() == {}
    statement = Statement.objects.first()
    assert statement is not None
    assert (statement.status, statement.withdrawn_reason) == ("withdrawn", "The publisher took it back.")
    version = statement.history.first()
    assert version.history_change_reason.startswith("Withdrawn with “")
    assert [link.passage_id for link in version.passages.all()] == [p.pk for p in statement.passages.all()]
    withdrawn = Person.objects.filter(status="withdrawn").first()
    assert withdrawn is not None
    assert withdrawn.name, "a curator finds it by the name that was withdrawn with it"

    film_workshop.refresh_from_db()
    withdrawal = withdrawal_of(film_workshop)
    assert withdrawal is not None
    published, left = publish_together(withdrawal)
    assert left == {}
    assert counts(published)["Statement"] == statements == Statement.objects.published().count()
    assert PersonName.objects.published().count() == names
    assert set(Person.objects.published().values_list("slug", "name", "search")) == people
    assert (resting_on_nothing(), WithdrawnRow.objects.count()) == ({}, 0)
    assert statement.history.first().history_change_reason.startswith("Published again")


@pytest.fixture
def two_sources() -> tuple[Source, Source]:
    return make.make_source("First article"), make.make_source("Second article")


def test_what_also_rests_on_another_source_stays(two_sources: tuple[Source, Source]) -> None:
    words = [make.make_passage(source, f"Words of {source.title}.") for source in two_sources]
    event = make.make_event()
    alone = make.make_statement(event=event, wording="Alone.", passages=words[:1])
    both = make.make_statement(event=event, wording="Both.", passages=words)
    plan = plan_withdrawal([two_sources[0]])
    assert plan.withdrawn == {Statement: {alone.pk}}
    assert plan.supported == {Statement: {both.pk}}
    withdraw_together([two_sources[0]], "It was forged.")
    assert list(Statement.objects.published()) == [both]
    second = plan_withdrawal([two_sources[1]])
    assert second.withdrawn == {Statement: {both.pk}}


def test_a_draft_source_carries_nothing(two_sources: tuple[Source, Source]) -> None:
    draft = make.make_source("Draft article", status="draft")
    words = [make.make_passage(source, f"Words of {source.title}.") for source in (two_sources[0], draft)]
    statement = make.make_statement(passages=words)
    assert plan_withdrawal([two_sources[0]]).withdrawn == {Statement: {statement.pk}}


def test_the_last_name_takes_its_person_and_the_person_their_statements(two_sources: tuple[Source, Source]) -> None:
    first, second = (make.make_passage(source, f"Words of {source.title}.") for source in two_sources)
    person, other = make.make_person("Ann Lee", passages=[first]), make.make_person("Bo Ek", passages=[first])
    make.make_name(other, "โบ เอก", "th", passages=[second])
    make.make_name(person, "Anne", certainty="rejected", note="Another person.", passages=[second])
    spoken = make.make_statement(person, passages=[second])
    make.make_statement(other, passages=[second], wording="Stays.")
    plan = withdraw_together([two_sources[0]], "It was forged.")
    assert plan.withdrawn[Person] == {person.pk}
    assert plan.withdrawn[Statement] == {spoken.pk}
    other.refresh_from_db()
    assert (other.status, other.name, other.labels) == ("published", "โบ เอก", {"th": "โบ เอก"})
    assert resting_on_nothing() == {}


def test_a_statement_whose_only_wording_is_printed_in_the_source_goes(two_sources: tuple[Source, Source]) -> None:
    first, second = (make.make_passage(source, f"Words of {source.title}.") for source in two_sources)
    only = make.make_statement(wording="Words of First article.", nature="verbatim", passages=[first, second])
    translated = make.make_statement(wording="Words of First article.", nature="verbatim", passages=[first, second])
    make.make_wording(translated, "Worte.", nature="translation", language="de")
    plan = withdraw_together([two_sources[0]], "It was forged.")
    assert plan.withdrawn == {Statement: {only.pk}}
    assert counts(plan.hidden)["Wording"] == 2
    assert resting_on_nothing() == {}


def test_who_speaks_is_rested_on_and_what_is_spoken_about_is_mentioned() -> None:
    person, body, event, topic = make.make_person(), make.make_organization(), make.make_event(), make.make_topic()
    make.make_affiliation(person, body)
    make.make_participation(person, event)
    statement = make.make_statement(person, event, on_behalf_of=body)
    about = make.make_statement(
        topics=[topic], about_people=[person], about_organizations=[body], wording="Of them.", speaker_label="experts"
    )
    for record in (person, body, event):
        plan = plan_withdrawal([record])
        assert plan.withdrawn == {Statement: {statement.pk}}, record
    hidden = {"PersonName": 1, "Affiliation": 1, "Participation": 1, "Wording": 1}
    assert counts(plan_withdrawal([person]).hidden) == hidden
    for record in (person, body, topic):
        assert plan_withdrawal([record]).mentions == {Statement: {about.pk}}, record
    withdraw_together([person], "She asked for it.")
    assert list(Statement.objects.published()) == [about]
    affiliation, participation = Affiliation.objects.get(), Participation.objects.get()
    assert (affiliation.status, participation.status) == ("published", "published"), "hidden with her, not withdrawn"
    assert not Affiliation.objects.published().exists()


def test_a_statement_that_somebody_withdrew_before_is_not_published_again_with_its_speaker() -> None:
    person = make.make_person()
    before = make.make_statement(person, wording="Before.", status="withdrawn")
    withdrawn = make.make_statement(person, wording="With her.")
    withdraw_together([person], "A mix-up.")
    withdrawal = Withdrawal.objects.get()
    rows = rows_still_withdrawn(withdrawal)
    assert rows == {Person: {person.pk}, Statement: {withdrawn.pk}}
    publish_together(withdrawal)
    before.refresh_from_db()
    assert before.status == "withdrawn"


def test_what_rests_on_something_else_that_is_withdrawn_stays_withdrawn() -> None:
    person, event = make.make_person(), make.make_event()
    statement = make.make_statement(person, event)
    withdraw_together([person], "A mix-up.")
    withdraw_together([event], "It never took place.")
    published, left = publish_together(Withdrawal.objects.earliest("pk"))
    assert (published, left) == ({Person: {person.pk}}, {Statement: {statement.pk}})
    assert not Statement.objects.published().exists()
    assert resting_on_nothing() == {}


def test_a_plan_that_has_changed_withdraws_nothing() -> None:
    person = make.make_person()
    make.make_statement(person)
    shown = plan_withdrawal([person]).digest
    make.make_statement(person, wording="Meanwhile.")
    with pytest.raises(PlanChanged):
        withdraw_together([person], "A mix-up.", expected=shown)
    person.refresh_from_db()
    assert (person.status, Statement.objects.published().count()) == ("published", 2)
    assert Organization.objects.count() == Topic.objects.count() == Event.objects.count() == 0
