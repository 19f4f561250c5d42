"""Who spoke for whom at an event, what groups said, and what was said about people."""

from __future__ import annotations

import pytest
from django.test import Client

from tests import factories as make

pytestmark = pytest.mark.django_db


def groups_of(client: Client, address: str) -> list[tuple[str, int, int, list[tuple[str, int, int, str]]]]:
    return [
        (
            group.organization["name"],
            group.on_behalf,
            group.own,
            [(each.person["name"], each.statements, each.on_behalf, str(each.certainty)) for each in group.speakers],
        )
        for group in client.get(address).context["by_organization"]
    ]


def test_participants_stand_with_their_organizations_and_their_counts(client: Client) -> None:
    event, board, school = make.make_event("Forum"), make.make_organization("Board"), make.make_organization("School")
    ann, bo, cy = (make.make_person(name) for name in ("Ann Lee", "Bo Ek", "Cy Ost"))
    printed = make.make_passage()
    for person in (ann, bo):
        make.make_participation(person, event, passages=[printed])
    make.make_affiliation(ann, board, passages=[printed])
    make.make_affiliation(bo, school, certainty="disputed", note="Two passages differ.", passages=[printed])
    make.make_affiliation(bo, board, certainty="rejected", note="Another Bo Ek.", passages=[printed])
    for number in range(3):
        make.make_statement(ann, event, f"Thought {number}.", on_behalf_of=board if number else None)
    make.make_statement(cy, event, "For the Board.", on_behalf_of=board)
    make.make_statement(None, event, "The School itself.", speaker_organization=school)
    make.make_statement(ann, None, "Not at the event.", on_behalf_of=board)
    make.make_statement(ann, event, "A draft.", on_behalf_of=board, status="draft")
    assert groups_of(client, event.get_absolute_url()) == [
        ("Board", 3, 0, [("Ann Lee", 3, 2, "stated"), ("Cy Ost", 1, 1, "stated")]),
        ("School", 0, 1, [("Bo Ek", 0, 0, "disputed")]),
    ]
    page = client.get(event.get_absolute_url()).content.decode()
    for query, total in {"on_behalf_of=board": 3, "speaker_organization=school": 1, "speaker=ann-lee": 3}.items():
        assert f"?event=forum&amp;{query}" in page
        assert client.get(f"/statements/?event=forum&{query}").context["paginator"].count == total


def test_an_event_without_organizations_says_nothing_of_them(client: Client) -> None:
    event = make.make_event("Forum")
    assert "Who spoke for whom" not in client.get(event.get_absolute_url()).content.decode()


def facet(client: Client, name: str, query: str = "") -> dict[str, int]:
    facets = {each.name: each for each in client.get(f"/statements/{query}").context["facets"]}
    return {str(getattr(choice.label, "name", choice.label)): choice.count for choice in facets[name].choices}


def test_groups_and_whom_somebody_speaks_for_are_facets(client: Client) -> None:
    board, ann = make.make_organization("Board"), make.make_person("Ann Lee")
    make.make_statement(ann, on_behalf_of=board)
    make.make_statement(ann)
    for _number in range(2):
        make.make_statement(speaker_label="Delegates & guests")
    make.make_statement(None, speaker_organization=board)
    make.make_statement(speaker_label="Experts", status="draft")
    assert facet(client, "speaker_label") == {"Delegates & guests": 2}
    assert sum(facet(client, "on_behalf_of").values()) == 1
    (speakers,) = [each for each in client.get("/statements/").context["facets"] if each.name == "speaker"]
    assert (sum(choice.count for choice in speakers.choices), speakers.without) == (2, 3)
    assert str(speakers.missing) == "no person named"
    (narrowed,) = [
        each for each in client.get("/statements/?speaker=ann-lee").context["facets"] if each.name == "speaker"
    ]
    assert narrowed.without == 3


def test_a_group_leads_to_all_that_it_said(client: Client) -> None:
    statement = make.make_statement(speaker_label="Delegates & guests")
    make.make_statement(speaker_label="Experts")
    address = "/statements/?speaker_label=Delegates%20%26%20guests"
    for page in (statement.get_absolute_url(), "/statements/"):
        assert f'href="{address}"' in client.get(page).content.decode()
    assert client.get(address).context["paginator"].count == 1


def test_people_show_what_was_said_about_them(client: Client) -> None:
    ann, source = make.make_person("Ann Lee"), make.make_source("Minutes")
    own, praise = make.make_passage(source, "I say so."), make.make_passage(source, "She is good.")
    make.make_statement(ann, passages=[own])
    about = make.make_statement(
        make.make_person("Bo Ek"), wording="She is good.", passages=[praise], about_people=[ann]
    )
    answer = client.get(ann.get_absolute_url())
    assert "Said about them" in answer.content.decode()
    assert [card["id"] for card in answer.context["statements_about"].rows] == [about.slug]
    (strip,) = answer.context["evidence"].strips
    assert (strip.with_statements, strip.with_statements_about) == ([1], [2])
    assert "Said about them" not in client.get("/people/bo-ek/").content.decode()
