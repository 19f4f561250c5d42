"""What is not public changes no byte; what once was answers for ever."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from base.documents.plan import plan_of
from directory.models import (
    InitiativeDescription,
    InitiativeOrganization,
    InitiativePart,
    OrganizationLink,
)
from events.models import EventDescription, EventInitiative, EventOrganization, EventPart
from tests import factories as make
from tests.contract.conftest import HOST

pytestmark = pytest.mark.django_db
Ask = Callable[..., Any]
SECRET = "Secret"
LISTS = ["events", "people", "organizations", "initiatives", "statements", "sources", "topics"]


def everything(ask: Ask) -> Iterator[bytes]:
    """Get every list, every detail and every list that belongs to a record."""
    for plural in LISTS:
        answer = ask(f"{plural}/?page_size=200")
        assert answer.status_code == 200
        yield answer.content
        for row in answer.json()["results"]:
            yield ask(row["url"]).content
            for address in (row.get("participants_url"), row.get("people_url")):
                if address:
                    yield ask(address).content


def test_what_is_not_public_changes_no_byte(ask: Ask) -> None:
    person, board = make.make_person(), make.make_organization()
    fund, event, topic = make.make_initiative(), make.make_event(), make.make_topic()
    passage = make.make_passage()
    post = make.make_affiliation(person, board, passages=[passage])
    part = make.make_participation(person, event, passages=[passage])
    statement = make.make_statement(person, event, topics=[topic], initiatives=[fund])
    name = person.names.get()
    before = list(everything(ask))

    for status in ("draft", "withdrawn"):
        _hide(status, person, board, fund, event, topic, statement)
    unread = make.make_passage(make.make_source(f"{SECRET} source", status="draft"), "Secret words")
    for row in (post, part, statement, event, name):
        make.cite(row, unread)

    after = list(everything(ask))
    assert SECRET.lower().encode() not in b"".join(after).lower()
    assert [_timeless(content) for content in after] == [_timeless(content) for content in before]


def _timeless(content: bytes) -> bytes:
    """Leave out when a record was changed: the rows hung on it were saved."""
    return re.sub(rb'"updated_at":"[^"]*"', b"", content)


def _hide(status: str, person: Any, board: Any, fund: Any, event: Any, topic: Any, statement: Any) -> None:
    """Hang rows that are not public on public records, and records that are not public on them by public rows."""
    hidden = {
        "person": make.make_person(f"{SECRET} person", status=status),
        "organization": make.make_organization(f"{SECRET} organization", status=status),
        "initiative": make.make_initiative(f"{SECRET} initiative", status=status),
        "event": make.make_event(f"{SECRET} event", status=status),
        "topic": make.make_topic(f"{SECRET} topic", status=status),
    }
    body, plan, past = hidden["organization"], hidden["initiative"], hidden["event"]
    for record in (person, board, fund, event, topic):
        make.make_name(record, f"{SECRET} name {status}", status=status)
    make.make_affiliation(person, board, role=f"{SECRET} {status}", status=status)
    make.make_affiliation(person, body)
    make.make_affiliation(hidden["person"], board)
    make.make_participation(person, event, "attendee" if status == "draft" else "moderator", status=status)
    make.make_participation(hidden["person"], event)
    make.make_participation(person, past)
    OrganizationLink.objects.create(organization=board, role="part_of", related=body)
    OrganizationLink.objects.create(organization=body, role="part_of", related=board)
    InitiativeOrganization.objects.create(initiative=fund, organization=body, role="lead")
    InitiativeOrganization.objects.create(initiative=plan, organization=board, role="lead")
    InitiativePart.objects.create(initiative=fund, parent=plan)
    InitiativePart.objects.create(initiative=plan, parent=fund)
    InitiativeDescription.objects.create(initiative=fund, text=SECRET, status=status)
    EventDescription.objects.create(event=event, text=SECRET, status=status)
    EventPart.objects.create(event=event, parent=past)
    EventPart.objects.create(event=past, parent=event)
    EventOrganization.objects.create(event=event, organization=body, role="host")
    EventInitiative.objects.create(event=event, initiative=plan, role="launched")
    statement.topics.add(hidden["topic"])
    statement.initiatives.add(plan)
    statement.about_people.add(hidden["person"])
    statement.about_organizations.add(body)
    make.make_wording(statement, SECRET, language="vi" if status == "draft" else "th", status=status)
    make.make_statement(person, event, SECRET, status=status)
    make.make_statement(hidden["person"], event, SECRET)
    make.make_statement(person, past, SECRET)
    make.make_statement(person, event, SECRET, on_behalf_of=body)
    make.make_statement(speaker_organization=body, wording=SECRET)
    make.make_source(f"{SECRET} {status}", status=status)


@pytest.mark.parametrize("parameter", ["organization=secret-board", "q=secret"])
def test_nothing_is_found_by_what_is_not_public(ask: Ask, parameter: str) -> None:
    person = make.make_person()
    make.make_name(person, "Secret", status="draft")
    make.make_affiliation(person, make.make_organization("Secret Board", status="draft"))
    answer = ask(f"people/?{parameter}&count=true")
    assert answer.status_code == 400 or answer.json()["count"] == 0


def test_the_words_of_a_source_are_never_answered(ask: Ask) -> None:
    make.make_source("Free", text="Secret words.", licence="CC0", text_is_public=True)
    make.make_passage(words="Secret words, too.")
    assert not any(b"Secret words" in content for content in everything(ask))


def test_words_that_are_not_proven_are_not_answered(ask: Ask) -> None:
    statement = make.make_statement(wording="She will.")
    passage = make.make_passage(words="We will.")
    make.make_wording(statement, "We shall.", nature="verbatim", passage=passage)
    assert [row["text"] for row in ask(f"statements/{statement.slug}/").json()["wordings"]] == ["She will."]


def test_a_draft_is_not_there(ask: Ask) -> None:
    make.make_person(status="draft")
    assert ask("people/ann-lee/").status_code == 404
    assert ask("people/ann-lee/").json()["detail"] == "There is no person “ann-lee”."


def test_a_withdrawn_record_says_why(ask: Ask) -> None:
    make.make_organization(status="withdrawn", withdrawn_reason="It never existed.")
    for path in ("organizations/film-board/", "organizations/film-board/people/"):
        response = ask(path)
        assert (response.status_code, response["Content-Type"]) == (410, "application/problem+json")
        assert response.json() == {
            "type": "about:blank",
            "title": "Gone",
            "status": 410,
            "detail": "This record was withdrawn.",
            "reason": "It never existed.",
        }


def test_a_renamed_record_redirects(ask: Ask) -> None:
    event = make.make_event()
    event.slug = "the-workshop"
    event.save()
    response = ask("events/film-workshop/")
    assert (response.status_code, response["Location"]) == (308, f"{HOST}/api/v1/events/the-workshop/")
    assert response["Cache-Control"] == "no-cache"
    response = ask("events/film-workshop/participants/?page_size=2")
    assert response["Location"] == f"{HOST}/api/v1/events/the-workshop/participants/?page_size=2"


def test_a_merged_record_redirects_to_the_one_that_is_left(ask: Ask) -> None:
    left, first, second = make.make_person(), make.make_person("A. Lee"), make.make_person("Anne Lee")
    for double, into in ((first, second), (second, left)):
        double.status, double.merged_into = "withdrawn", into
        double.save()
    for slug in ("a-lee", "anne-lee"):
        response = ask(f"people/{slug}/")
        assert (response.status_code, response["Location"]) == (308, f"{HOST}/api/v1/people/ann-lee/")


@pytest.fixture
def two_embedded(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Hold two rows of a long list inside a record. Plans are made with the number, so they are made anew."""
    monkeypatch.setattr("directory.api.serializers.organizations.EMBEDDED", 2)
    monkeypatch.setattr("events.api.serializers.EMBEDDED", 2)
    plan_of.cache_clear()
    yield
    plan_of.cache_clear()


@pytest.mark.usefixtures("two_embedded")
def test_long_lists_inside_a_record_are_cut_and_counted(ask: Ask) -> None:
    events, board = [make.make_event(), make.make_event("Second")], make.make_organization()
    for name, role in (("Ann", "attendee"), ("Bo", "speaker"), ("Cy", "moderator")):
        person = make.make_person(name)
        make.make_affiliation(person, board)
        for event in events:
            make.make_participation(person, event, role)
    for row in ask("events/").json()["results"]:
        assert row["participants_count"] == 3
        assert [part["person"]["id"] for part in row["participants"]] == ["cy", "bo"]
        part = ask(row["participants_url"] + "?count=true&page_size=2").json()
        rest = ask(part["next"]).json()
        assert (part["count"], [part["person"]["id"] for part in rest["results"]]) == (3, ["ann"])
    (row,) = ask("organizations/").json()["results"]
    assert (row["people_count"], [part["person"]["id"] for part in row["people"]]) == (3, ["ann", "bo"])
    assert ask(row["people_url"] + "?count=true").json()["count"] == 3
