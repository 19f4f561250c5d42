"""How many queries an answer costs: the same for one row and for three."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from directory.models import InitiativeDescription, InitiativeOrganization, InitiativePart, OrganizationLink
from events.models import EventDescription, EventInitiative, EventOrganization, EventPart
from tests import factories as make
from tests.queries import Queries

pytestmark = pytest.mark.django_db
Ask = Callable[..., Any]

# They cost: the version of the content (1), the rows (1), each kind of row that hangs on them, all their links (1), the passages
# (1), and every record they refer to (1).
LISTS = ("events", "people", "organizations", "initiatives", "statements", "sources", "topics")
# The record that the rows belong to (1) comes before them.
NESTED = ("events/{}/participants/", "organizations/{}/people/")


def grow(number: int) -> None:
    """Add one of everything, each linked with the others and cited."""
    passage = make.make_passage(words=f"Passage {number}.")
    cited = {"passages": [passage]}
    people = [make.make_person(f"Person {number}{letter}", **cited) for letter in "ab"]
    boards = [make.make_organization(f"Board {number}{letter}", **cited) for letter in "abc"]
    funds = [make.make_initiative(f"Fund {number}{letter}", **cited) for letter in "abc"]
    days = [make.make_event(f"Event {number}{letter}", **cited) for letter in "abc"]
    topic = make.make_topic(f"Topic {number}", **cited)
    for record in days:
        make.cite(record, passage)
    for person in people:
        make.make_affiliation(person, boards[1], **cited)
        make.make_participation(person, days[1], **cited)
    rows = [
        OrganizationLink(organization=boards[0], role="part_of", related=boards[1]),
        OrganizationLink(organization=boards[1], role="part_of", related=boards[2]),
        InitiativeDescription(initiative=funds[1], text="Text."),
        InitiativeOrganization(initiative=funds[1], organization=boards[1], role="lead"),
        InitiativePart(initiative=funds[0], parent=funds[1]),
        InitiativePart(initiative=funds[1], parent=funds[2]),
        EventDescription(event=days[1], text="Text."),
        EventOrganization(event=days[1], organization=boards[1], role="host"),
        EventInitiative(event=days[1], initiative=funds[1], role="launched"),
        EventPart(event=days[0], parent=days[1]),
        EventPart(event=days[1], parent=days[2]),
    ]
    for row in rows:
        row.save()
        make.cite(row, passage)
    statements = [
        make.make_statement(people[1], days[0], passages=[passage]),
        make.make_statement(people[1], days[2], passages=[passage]),
    ]
    statement = make.make_statement(
        people[0],
        days[1],
        on_behalf_of=boards[1],
        passages=[passage],
        topics=[topic],
        initiatives=[funds[1]],
        about_people=people,
        about_organizations=boards,
    )
    make.make_statement_relation(statement, statements[0], passages=[passage])
    make.make_statement_relation(statements[1], statement, "contradicts", passages=[passage])


def middle(ask: Ask, plural: str) -> str:
    """Return the id of the record that everything hangs on."""
    ids = [row["id"] for row in ask(f"{plural}/?q=1b").json()["results"]]
    return ids[0] if ids else ask(f"{plural}/").json()["results"][0]["id"]


def test_lists_and_records_cost_the_same_for_one_row_and_for_three(ask: Ask, queries: Queries) -> None:
    for numbers in ([1], [2, 3]):
        for number in numbers:
            grow(number)
        for plural in LISTS:
            record = middle(ask, plural)
            for address in (f"{plural}/", f"{plural}/{record}/"):
                with queries(f"/api/v1/{address.replace(record, '{}')}"):
                    response = ask(address)
                assert response.status_code == 200, response.content
        for address in NESTED:
            record = middle(ask, address.split("/")[0])
            with queries(f"/api/v1/{address}"):
                response = ask(address.format(record))
            assert response.status_code == 200, response.content


def test_refusals_cost_no_query(ask: Ask) -> None:
    with CaptureQueriesContext(connection) as captured:
        for query in ("x=1", "fields=x", "expand=x", "lang=!"):
            assert ask(f"statements/?{query}").status_code == 400
        for address in ("xyz/", "", "openapi.json"):
            ask(address)
    assert [query["sql"] for query in captured] == []


def test_an_answer_that_a_client_has_costs_one_query(ask: Ask) -> None:
    grow(1)
    for address in ("statements/", "statements/?speaker=person-1a&count=true", "people/person-1a/", "events/"):
        etag = ask(address)["ETag"]
        with CaptureQueriesContext(connection) as captured:
            assert ask(address, if_none_match=etag).status_code == 304
        assert len(captured) == 1
