"""Who spoke for whom at an event, what groups said, and what was said about people."""

from __future__ import annotations

import pytest
from django.test import Client

from tests import factories as make

pytestmark = pytest.mark.django_db


def speaking(client: Client, address: str) -> list[tuple[str, int, int, list[tuple[str, int, int]]]]:
    return [
        (
            group.organization["name"],
            group.on_behalf,
            group.own,
            [(each.person["name"], each.on_behalf, each.in_doubt) for each in group.speakers],
        )
        for group in client.get(address).context["organizations_there"].speaking
    ]


def with_members(client: Client, address: str) -> list[tuple[str, list[tuple[str, list[tuple[str, str]], int, int]]]]:
    return [
        (
            group.organization["name"],
            [
                (
                    each.person["name"],
                    [(str(one.role), str(one.certainty)) for one in each.roles],
                    each.statements,
                    each.on_behalf,
                )
                for each in group.members
            ],
        )
        for group in client.get(address).context["organizations_there"].with_members
    ]


def test_who_spoke_for_whom_and_who_has_a_position_stand_apart(client: Client) -> None:
    event, board, school = make.make_event("Forum"), make.make_organization("Board"), make.make_organization("School")
    ann, bo, cy = (make.make_person(name) for name in ("Ann Lee", "Bo Ek", "Cy Ost"))
    printed = make.make_passage()
    for person in (ann, bo):
        make.make_participation(person, event, passages=[printed])
    make.make_affiliation(ann, board, role="former chair", passages=[printed])
    make.make_affiliation(
        bo, school, role="teacher", certainty="disputed", note="Two passages differ.", passages=[printed]
    )
    make.make_affiliation(bo, board, certainty="rejected", note="Another Bo Ek.", passages=[printed])
    for number in range(3):
        make.make_statement(ann, event, f"Thought {number}.")
    doubt = {"certainty": "inferred", "note": "By its place."}
    make.make_statement(cy, event, "For the Board.", on_behalf_of=board)
    make.make_statement(cy, event, "Also for the Board.", on_behalf_of=board, **doubt)
    make.make_statement(None, event, "The School itself.", speaker_organization=school)
    make.make_statement(ann, None, "Not at the event.", on_behalf_of=board)
    make.make_statement(ann, event, "A draft.", on_behalf_of=board, status="draft")
    address = event.get_absolute_url()
    assert speaking(client, address) == [("Board", 2, 0, [("Cy Ost", 2, 1)]), ("School", 0, 1, [])]
    assert with_members(client, address) == [
        ("Board", [("Ann Lee", [("former chair", "stated")], 3, 0)]),
        ("School", [("Bo Ek", [("teacher", "disputed")], 0, 0)]),
    ]
    page = client.get(address).content.decode()
    assert "none of them on its behalf" in page
    assert "1 inferred or disputed" in page
    queries = {
        "on_behalf_of=board": 2,
        "speaker_organization=school": 1,
        "speaker=cy-ost&on_behalf_of=board": 2,
        "speaker=ann-lee": 3,
    }
    for query, total in queries.items():
        assert f"?event=forum&amp;{query.replace('&', '&amp;')}" in page
        assert client.get(f"/statements/?event=forum&{query}").context["paginator"].count == total


def test_a_rejected_statement_is_not_counted_nor_listed_behind_the_count(client: Client) -> None:
    event, board, ann = make.make_event("Forum"), make.make_organization("Board"), make.make_person("Ann Lee")
    make.make_statement(ann, event, "For the Board.", on_behalf_of=board)
    make.make_statement(
        ann, event, "Not hers.", on_behalf_of=board, certainty="rejected", note="Another passage names Bo Ek."
    )
    assert speaking(client, event.get_absolute_url()) == [("Board", 1, 0, [("Ann Lee", 1, 0)])]
    page = client.get(event.get_absolute_url()).content.decode()
    query = "event=forum&on_behalf_of=board&certainty__in=stated,inferred,disputed"
    assert f"?{query.replace('&', '&amp;')}" in page
    assert client.get(f"/statements/?{query}").context["paginator"].count == 1


def test_the_role_of_a_participant_is_in_the_language_of_the_page(client: Client) -> None:
    event, board, ann = make.make_event("Forum"), make.make_organization("Board"), make.make_person("Ann Lee")
    printed = make.make_passage()
    make.make_participation(ann, event, passages=[printed])
    make.make_affiliation(ann, board, role="chair", translations={"vi": {"role": "chủ tịch"}}, passages=[printed])
    assert with_members(client, f"/vi{event.get_absolute_url()}") == [
        ("Board", [("Ann Lee", [("chủ tịch", "stated")], 0, 0)])
    ]


def test_an_event_without_organizations_says_nothing_of_them(client: Client) -> None:
    event = make.make_event("Forum")
    page = client.get(event.get_absolute_url()).content.decode()
    assert "Who spoke for whom" not in page
    assert "Participants by organization" not in page


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
