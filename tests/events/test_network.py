"""The network: what is linked, drawn and listed; the same picture wherever it is drawn."""

from __future__ import annotations

import itertools
import re
from typing import Any

import pytest
from django.test import Client

from base.records.kinds import kinds
from directory.models import Affiliation, InitiativeOrganization, OrganizationLink
from events.models import EventOrganization
from events.network import layout as drawing
from events.network.graph import network
from events.network.layout import Picture, label_lines, layout, width_in_cells
from events.network.ties import ties
from tests import factories as make
from tests.queries import Queries
from tests.world import add_drafts, publish_world

pytestmark = pytest.mark.django_db


def text_of(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def boxes_overlap(picture: Picture, labels: list[tuple[str, ...]]) -> list[tuple[int, int]]:
    """Return the pairs of nodes whose marks and labels cover each other."""
    boxes = []
    for (x, y), lines in zip(picture.points, labels, strict=True):
        half = max(drawing.MARK, *(width_in_cells(line) * drawing.CELL for line in lines)) / 2
        boxes.append((x - half, x + half, y - drawing.MARK / 2, y + drawing.MARK / 2 + drawing.LINE * len(lines)))
    numbered = itertools.combinations(enumerate(boxes), 2)
    return [(i, j) for (i, a), (j, b) in numbered if a[0] < b[1] and b[0] < a[1] and a[2] < b[3] and b[2] < a[3]]


def test_every_link_is_drawn_and_listed(client: Client) -> None:
    world = publish_world()
    found = network()
    assert {node.record for node in found.nodes} == {
        world[name] for name in ("person", "organization", "other", "initiative", "whole", "event", "series")
    }
    assert len(found.edges) == len(ties()) == 8
    page = text_of(client, "/network/")
    for node in found.nodes:
        assert page.count(f'href="{node.record.get_absolute_url()}"') >= 2, (
            node.record
        )  # in the picture and in the list
        assert f'href="/network/?focus={node.focus}"' in page
    listed = page.partition('class="told"')[2]
    for words in ("director", "Speaker", "Organizer", "Launched", "Lead", "part of"):
        assert words.lower() in listed.lower()
    # A kind is told by shape, by letter and by word.
    for kind, shape in (("person", "<circle"), ("organization", "<rect"), ("initiative", "<path"), ("event", "<path")):
        node = page.partition(f'class="node {kind}"')[2].partition("</g>")[0]
        assert shape in node
        assert f">{kind[0].upper()}</text>" in node
        assert f"<title>{kind.capitalize()}: " in node


def test_rejected_links_and_drafts_are_not_there() -> None:
    world = publish_world()
    before = network()
    add_drafts(world)
    after = network()
    assert after.edges == before.edges
    assert after.picture == before.picture
    Affiliation.objects.update(certainty="rejected", note="Another paragraph overrules it.")
    assert len(network().edges) == len(before.edges) - 1


def test_a_doubtful_link_is_drawn_broken_and_said(client: Client) -> None:
    one, other = make.make_organization("One"), make.make_organization("Other")
    row = OrganizationLink.objects.create(organization=one, role="part_of", related=other)
    picture = network().picture
    assert (picture.firm != "", picture.doubtful) == (True, "")
    row.certainty, row.note = "inferred", "So it seems."
    row.save()
    picture = network().picture
    assert (picture.firm, picture.doubtful != "") == ("", True)
    assert "(inferred)" in text_of(client, "/network/")


def test_a_record_in_focus_shows_its_neighbours(client: Client) -> None:
    world = publish_world()
    far = make.make_organization("Far Away")
    OrganizationLink.objects.create(organization=world["other"], role="part_of", related=far)
    found = network(world["person"])
    assert found.nodes[0].record == world["person"]
    assert {node.record for node in found.nodes} == {world["person"], world["organization"], world["event"]}
    assert len(found.edges) == 3  # and the link between the neighbours
    page = text_of(client, "/network/?focus=people/ann-lee-1")
    assert "2 neighbours" in page
    assert "Far Away" not in page
    # “part of” reads otherwise from the other end.
    assert "part of this" in text_of(client, f"/network/?focus=organizations/{far.slug}")
    for kind in ("person", "organization", "initiative", "event"):
        address = f"/network/?focus={world[kind].plural}/{world[kind].slug}"
        assert address in text_of(client, world[kind].get_absolute_url())
        assert client.get(address).status_code == 200
    assert "/network/?focus" not in text_of(client, world["topic"].get_absolute_url())


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
    for wrong in ("people/hidden", "people/nobody", "people", "people/", "topics/x", "\0", "people/\0", "<b>", "/"):
        assert client.get("/network/", {"focus": wrong}).status_code == 404, wrong


def test_nothing_linked_says_so(client: Client) -> None:
    assert "No link to another record is public." in text_of(client, "/network/")


def test_the_picture_is_bounded_and_says_so(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("events.network.graph.MOST_NODES", 3)
    monkeypatch.setattr("events.views.network.MOST_NODES", 3)
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


def crowd(size: int) -> tuple[tuple[tuple[str, ...], ...], tuple[tuple[int, int], ...]]:
    """Return labels and pairs of a network with a few hubs, as real ones have."""
    labels = tuple(tuple(label_lines(f"Somebody with quite a long name of number {n}")) for n in range(size))
    pairs = tuple((n % 9, n) for n in range(9, size)) + tuple((n % 23, n) for n in range(30, size, 2))
    return labels, tuple(dict.fromkeys(pairs))


@pytest.mark.parametrize("size", [1, 2, 30, 300])
def test_no_label_covers_another(size: int) -> None:
    labels, pairs = crowd(size)
    picture = layout(labels, pairs, frozenset(pairs))
    assert boxes_overlap(picture, list(labels)) == []
    assert all(0 <= x <= picture.width and 0 <= y <= picture.height for x, y in picture.points)


def test_parts_that_are_not_linked_stand_apart() -> None:
    labels = tuple((f"Node {n}",) for n in range(40))
    picture = layout(labels, tuple((n, n + 1) for n in range(0, 40, 2)), frozenset())
    assert boxes_overlap(picture, list(labels)) == []
    assert picture.width < 1600


def test_the_same_network_is_drawn_the_same() -> None:
    labels, pairs = crowd(60)
    first = layout(labels, pairs, frozenset(pairs))
    layout.cache_clear()
    again = layout(labels, pairs, frozenset(pairs))
    assert again == first
    assert again is not first


def test_the_order_of_rows_changes_nothing() -> None:
    """Ids differ from one database to the next; names and links do not."""

    def build(order: list[int]) -> Any:
        people = {n: make.make_person(f"Person {n}") for n in order}
        events = {n: make.make_event(f"Event {n}") for n in order}
        for n in order:
            make.make_participation(people[n], events[n])
            make.make_participation(people[n], events[1], role="attendee")
        picture = network().picture
        for tie in ties():
            tie.model.objects.all().delete()
        for kind in kinds("network"):
            kind.objects.all().delete()
        return picture

    assert build([1, 2, 3, 4, 5]) == build([5, 3, 1, 2, 4])


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("Ann Lee", ["Ann Lee"]),
        ("Permanent Mission of Viet Nam", ["Permanent Mission of", "Viet Nam"]),
        (
            "Vietnam cooperation in film development in the context of artificial intelligence",
            ["Vietnam cooperation in", "film development in", "the context of …"],
        ),
        ("x" * 30, ["x" * 21 + "…"]),
        ("", []),
    ],
)
def test_long_names_are_broken_at_spaces(name: str, lines: list[str]) -> None:
    assert label_lines(name) == lines


def test_thai_is_never_cut_between_a_letter_and_its_signs() -> None:
    name = "ความร่วมมือในการพัฒนาภาพยนตร์เวียดนามสหรัฐอเมริกา"
    for start in range(len(name) - 25):
        (line,) = label_lines(name[start:])
        if line.endswith("…"):
            rest = name[start:][len(line) - 1 :]
            assert not re.match("[\u0e31\u0e34-\u0e3a\u0e47-\u0e4eะาำ]", rest), line
            assert line[-2] not in "เแโใไ"


@pytest.mark.parametrize("address", ["/network/", "/network/?focus=people/ann-lee-1"])
@pytest.mark.slow
def test_it_costs_the_same_with_one_row_and_with_three(client: Client, queries: Queries, address: str) -> None:
    world = publish_world()
    InitiativeOrganization.objects.create(initiative=world["initiative"], organization=world["other"], role="partner")
    make.make_participation(world["person"], world["series"])
    make.make_affiliation(world["person"], world["other"])
    with queries(address):
        client.get(address)
    for number in (2, 3):
        other = publish_world(number)
        make.make_participation(world["person"], other["event"])
    with queries(address):
        client.get(address)
