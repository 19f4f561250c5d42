"""The network: what is linked, drawn and listed; the same picture wherever it is drawn."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from base.records.kinds import kinds
from directory.models import Affiliation, InitiativeOrganization, OrganizationLink
from events.models import EventOrganization
from events.network.edges import Verb
from events.network.graph import MOST_OTHERS, network
from events.network.pictures import pictures
from events.network.ties import ties
from tests import factories as make
from tests.queries import Queries
from tests.world import add_drafts, publish_world

pytestmark = pytest.mark.django_db


def text_of(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def test_every_link_is_drawn_and_listed(client: Client) -> None:
    world = publish_world()
    found = network()
    assert {node.record for node in found.nodes} == {
        world[name] for name in ("person", "organization", "other", "initiative", "whole", "event", "series", "topic")
    }
    # Eight facts; the person speaks at an event, for an organization, and about a topic, an initiative and an organization.
    assert len(ties()) == 8
    assert [sum(edge.verb is verb for edge in found.edges) for verb in (None, *Verb)] == [8, 1, 1, 3]
    page = text_of(client, "/network/")
    for node in found.nodes:
        assert f'href="{node.record.get_absolute_url()}"' in page.partition('class="told"')[2], node.record
        for drawn in svgs(page):
            assert f'href="/network/?focus={node.focus}"' in drawn
    listed = page.partition('class="told"')[2]
    for words in ("director", "Speaker", "Organizer", "Launched", "Lead", "part of"):
        assert words.lower() in listed.lower()
    # A kind is told by shape, by letter and by word.
    for kind, shape in (("person", "<circle"), ("organization", "<rect"), ("initiative", "<path"), ("topic", "<path")):
        mark = page.partition(f'<symbol id="mark-{kind}"')[2].partition("</symbol>")[0]
        assert shape in mark
        assert f">{kind[0].upper()}</text>" in mark
        for drawn in svgs(page):
            node = drawn.partition(f'class="node {kind}"')[2].partition("</a>")[0]
            assert f'aria-label="{kind.capitalize()}: ' in node
            assert f'href="#mark-{kind}"' in node


def test_rejected_links_and_drafts_are_not_there() -> None:
    world = publish_world()
    before = network()
    add_drafts(world)
    after = network()
    assert after.edges == before.edges
    assert pictures(after) == pictures(before)
    Affiliation.objects.update(certainty="rejected", note="Another paragraph overrules it.")
    assert len(network().edges) == len(before.edges) - 1


def test_a_doubtful_link_is_drawn_broken_and_said(client: Client) -> None:
    one, other = make.make_organization("One"), make.make_organization("Other")
    row = OrganizationLink.objects.create(organization=one, role="part_of", related=other)
    assert [line.style for picture in pictures(network()) for line in picture.lines] == ["fact"] * 3
    row.certainty, row.note = "inferred", "So it seems."
    row.save()
    assert [line.style for picture in pictures(network()) for line in picture.lines] == ["fact doubtful"] * 3
    assert "(inferred)" in text_of(client, "/network/")


def test_a_record_in_focus_shows_its_neighbours(client: Client) -> None:
    world = publish_world()
    far = make.make_organization("Far Away")
    OrganizationLink.objects.create(organization=world["other"], role="part_of", related=far)
    found = network(world["person"])
    assert found.nodes[0].record == world["person"]
    near = {world[name] for name in ("organization", "event", "other", "topic", "initiative")}
    assert {node.record for node in found.nodes} == {world["person"], *near}
    assert found.neighbours == {(record.plural, record.slug) for record in near}
    # Seven of the person: two facts, five of a statement. Four between the neighbours.
    assert len(found.edges) == 11
    page = text_of(client, "/network/?focus=people/ann-lee-1")
    assert "5 neighbours" in page
    assert "Far Away" not in page
    # “part of” reads otherwise from the other end.
    assert "part of this" in text_of(client, f"/network/?focus=organizations/{far.slug}")
    for kind in ("person", "organization", "initiative", "event", "topic"):
        address = f"/network/?focus={world[kind].plural}/{world[kind].slug}"
        assert address in text_of(client, world[kind].get_absolute_url())
        assert client.get(address).status_code == 200
    assert "/network/?focus" not in text_of(client, world["source"].get_absolute_url())


def test_addresses_of_the_focus_answer_for_ever(client: Client) -> None:
    person = make.make_person()
    page = text_of(client, "/network/?focus=people/ann-lee")
    assert "No link to another record is public." in page
    person.slug = "anne-lee"
    person.save()
    answer = client.get("/network/?focus=people/ann-lee")
    assert (answer.status_code, answer["Location"]) == (301, "/network/?focus=people/anne-lee")
    person.status, person.withdrawn_reason = "withdrawn", "Somebody else."
    person.save()
    assert client.get("/network/?focus=people/anne-lee").status_code == 410
    make.make_person("Hidden", status="draft")
    for wrong in (
        "people/hidden",
        "people/nobody",
        "people",
        "people/",
        "sources/x",
        "topics/x",
        "\0",
        "people/\0",
        "<b>",
        "/",
    ):
        assert client.get("/network/", {"focus": wrong}).status_code == 404, wrong


def test_nothing_linked_says_so(client: Client) -> None:
    assert "No link to another record is public." in text_of(client, "/network/")


def test_the_picture_is_bounded_and_says_so(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("events.network.graph.MOST_NODES", 3)
    event = make.make_event()
    for n in range(5):
        make.make_participation(make.make_person(f"Person {n}"), event)
    body = make.make_organization()
    EventOrganization.objects.create(event=event, organization=body, role="host")
    EventOrganization.objects.create(event=event, organization=body, role="venue")
    found = network()
    assert [node.record.slug for node in found.nodes] == [event.slug, body.slug, "person-0"]
    page = text_of(client, "/network/")
    assert "7 records are linked. Shown are the 3 with the most links" in page
    # Whoever is left out is still there in focus.
    assert "Person 4" in text_of(client, "/network/?focus=people/person-4")
    monkeypatch.setattr("events.network.graph.MOST_PAIRS", 1)
    assert network().pairs_left_out == 1
    assert "1 link between them is left out" in text_of(client, "/network/")


def test_the_order_of_rows_changes_nothing() -> None:
    """Ids differ from one database to the next; names and links do not."""

    def build(order: list[int]) -> Any:
        people = {n: make.make_person(f"Person {n}") for n in order}
        events = {n: make.make_event(f"Event {n}") for n in order}
        for n in order:
            make.make_participation(people[n], events[n])
            make.make_participation(people[n], events[1], role="attendee")
        drawn = pictures(network())
        for tie in ties():
            tie.model.objects.all().delete()
        for kind in kinds("network"):
            kind.objects.all().delete()
        return [(p.width, p.height, p.lines, [(d.words, d.box) for d in p.nodes]) for p in drawn]

    assert build([1, 2, 3, 4, 5]) == build([5, 3, 1, 2, 4])


def test_statements_are_counted_by_who_speaks_where_for_whom_and_about_what(client: Client) -> None:
    person, board = make.make_person("Ann Lee"), make.make_organization("Film Board")
    event, topic = make.make_event("Film Workshop"), make.make_topic("Training")
    doubtful = {"certainty": "inferred", "note": "By the order of the paragraphs."}
    make.make_statement(person, event, on_behalf_of=board, topics=[topic])
    make.make_statement(person, event, topics=[topic], **doubtful)
    make.make_statement(person, topics=[topic], certainty="rejected", note="Another paragraph overrules it.")
    make.make_statement(None, event, topics=[topic], speaker_organization=board)
    edges = {(edge.of[1], edge.to[1], edge.verb): (edge.number, edge.in_doubt, edge.query) for edge in network().edges}
    assert edges == {
        ("ann-lee", "film-workshop", Verb.AT): (2, 1, "speaker=ann-lee&event=film-workshop"),
        ("ann-lee", "film-board", Verb.FOR): (1, 0, "speaker=ann-lee&on_behalf_of=film-board"),
        ("ann-lee", "training", Verb.ABOUT): (2, 1, "speaker=ann-lee&topic=training"),
        ("film-board", "film-workshop", Verb.AT): (1, 0, "speaker_organization=film-board&event=film-workshop"),
        ("film-board", "training", Verb.ABOUT): (1, 0, "speaker_organization=film-board&topic=training"),
    }
    page = text_of(client, "/network/")
    assert (
        'href="/statements/?speaker=ann-lee&amp;topic=training" rel="nofollow">2\u00a0statements, 1 in doubt</a>'
        in page
    )
    assert "Ann Lee – spoke about – Training – 2\u00a0statements, 1 in doubt" in page
    for _number, _doubt, query in edges.values():
        assert client.get(f"/statements/?{query}").status_code == 200
    focused = text_of(client, "/network/?focus=people/ann-lee")
    assert 'aria-label="Topic: Training. spoke about (2\u00a0statements, 1 in doubt)"' in focused
    assert 'class="link spoke-about own"' in focused


def test_a_line_is_broken_where_every_statement_is_in_doubt() -> None:
    person, event = make.make_person(), make.make_event()
    for certainty in ("inferred", "disputed"):
        make.make_statement(person, event, certainty=certainty, note="Who speaks is not clear.")
    (edge,) = network().edges
    assert (edge.certainty, edge.number, edge.in_doubt) == ("disputed", 2, 2)
    assert {line.style for picture in pictures(network()) for line in picture.lines} == {"spoke-at doubtful"}


def test_a_person_is_shown_with_whom_they_have_something_in_common(client: Client) -> None:
    ann, bob, eve = (make.make_person(name) for name in ("Ann", "Bob", "Eve"))
    event, topic = make.make_event("Film Workshop"), make.make_topic("Training")
    make.make_statement(ann, event, topics=[topic])
    make.make_statement(bob, make.make_event("Another Event"), topics=[topic])
    make.make_participation(bob, event)
    make.make_participation(eve, make.make_event("Elsewhere"))
    found = network(ann)
    assert {key: [node.name for node in nodes] for key, nodes in found.in_common.items()} == {
        ("people", "bob"): ["Film Workshop", "Training"]
    }
    assert "eve" not in [node.record.slug for node in found.nodes]
    page = text_of(client, "/network/?focus=people/ann")
    assert 'aria-label="Person: Bob. 2 in common"' in page
    assert "In common with others" in page
    assert "In common with others" not in text_of(client, "/network/?focus=people/eve")


def test_few_of_those_with_something_in_common_are_shown_and_the_rest_is_told(client: Client) -> None:
    event = make.make_event()
    for number in range(MOST_OTHERS + 3):
        make.make_participation(make.make_person(f"Person {number}"), event)
    page = text_of(client, "/network/?focus=people/person-0")
    assert "2 others who have something in common are left out" in page


def test_statements_of_groups_are_not_drawn_and_the_page_says_so(client: Client) -> None:
    event = make.make_event()
    make.make_statement(make.make_person(), event)
    assert "of a group" not in text_of(client, "/network/")
    make.make_statement(None, event, speaker_label="delegates")
    assert "1 statement of a group, such as delegates, is not drawn" in text_of(client, "/network/")
    assert "1 statement of a group" in text_of(client, "/network/?focus=events/film-workshop")


def test_of_very_many_statements_the_newest_are_read_and_the_page_says_so(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("events.network.spoken.MOST_STATEMENTS", 2)
    monkeypatch.setattr("events.views.network.MOST_STATEMENTS", 2)
    person = make.make_person()
    for year in ("2023", "2024", "2025"):
        make.make_statement(person, make.make_event(f"Event of {year}", date=year))
    for address in ("/network/", "/network/?focus=people/ann-lee"):
        page = text_of(client, address)
        assert "the 2 newest were read" in page
        assert "Event of 2023" not in page
        assert "Event of 2025" in page


def svgs(page: str) -> list[str]:
    """Return the pictures of a page."""
    return [part.partition("</svg>")[0] for part in page.split('<svg class="picture ')[1:]]


@pytest.mark.parametrize("address", ["/network/", "/network/?focus=people/ann-lee-1"])
@pytest.mark.slow
def test_it_costs_the_same_with_one_row_and_with_three(client: Client, queries: Queries, address: str) -> None:
    world = publish_world()
    InitiativeOrganization.objects.create(initiative=world["initiative"], organization=world["other"], role="partner")
    make.make_participation(world["person"], world["series"])
    make.make_affiliation(world["person"], world["other"])
    make.make_participation(make.make_person("Lena Fischer"), world["event"])
    with queries(address):
        client.get(address)
    for number in (2, 3):
        other = publish_world(number)
        make.make_participation(world["person"], other["event"])
    with queries(address):
        client.get(address)
