"""The page of a record lists only so many of its names and links, and says so."""

from __future__ import annotations

import pytest
from django.test import Client

from directory.models import InitiativeOrganization, OrganizationLink
from events.models import EventPart
from tests import factories as make

pytestmark = pytest.mark.django_db

SAID = "At most 50 are listed here; the API has all."


def test_names_and_parts_beyond_fifty_are_left_out_and_it_is_said(client: Client) -> None:
    event = make.make_event("Series")
    for number in range(52):
        make.make_name(event, f"Spelling {number:02}", position=number + 1)
        part = make.make_event(f"Evening {number:02}")
        EventPart.objects.create(event=part, parent=event, certainty="inferred", note="By its title.")
    response = client.get(event.get_absolute_url())
    record, page = response.context["record"], response.content.decode()
    assert [name["text"] for name in record["names"]] == ["Series", *(f"Spelling {n:02}" for n in range(49))]
    assert [row["event"]["name"] for row in record["parts"]] == [f"Evening {n:02}" for n in range(50)]
    assert page.count(SAID) == 2
    assert ("Evening 49" in page, "Evening 50" in page) == (True, False)


def test_links_of_an_organization_are_bounded_each_for_itself(client: Client) -> None:
    body, lead = make.make_organization("Body"), {"certainty": "inferred", "note": "From context."}
    for number in range(51):
        other = make.make_organization(f"Part {number:02}")
        OrganizationLink.objects.create(organization=other, related=body, role="part_of", **lead)
    InitiativeOrganization.objects.create(
        initiative=make.make_initiative("Plan"), organization=body, role="lead", **lead
    )
    page = client.get(body.get_absolute_url()).content.decode()
    assert page.count(SAID) == 1
    assert (sum(f">Part {number:02}<" in page for number in range(51)), "Plan" in page) == (50, True)


def test_a_short_record_says_nothing_of_it(client: Client) -> None:
    event = make.make_event()
    assert SAID not in client.get(event.get_absolute_url()).content.decode()


def test_the_strip_marks_the_paragraphs_of_rows_that_the_page_leaves_out(client: Client) -> None:
    source, event, person = make.make_source("Transcript"), make.make_event("Forum"), make.make_person("Ann Lee")
    for number in range(60):
        passage = make.make_passage(source, f"Words of paragraph {number:02}.")
        make.make_statement(person, event, f"Thought {number:02}.", passages=[passage])
    draft = make.make_passage(source, "Not yet public.")
    make.make_statement(person, event, "A draft.", passages=[draft], status="draft")
    for record in (event, person):
        page = client.get(record.get_absolute_url()).content.decode()
        (strip,) = client.get(record.get_absolute_url()).context["evidence"].strips
        assert (page.count('class="card'), strip.with_statements) != (60, [])
        assert strip.with_statements == list(range(1, 61))
        assert "In 60 of 61 paragraphs" in page


def test_the_strip_marks_what_is_cited_by_names_and_links_that_the_page_leaves_out(client: Client) -> None:
    source, person, body = make.make_source("List"), make.make_person("Ann Lee"), make.make_organization("Body")
    for number in range(55):
        passage = make.make_passage(source, f"Spelling {number:02}")
        make.make_name(person, f"Spelling {number:02}", passages=[passage], position=number + 1)
        other = make.make_organization(f"Part {number:02}")
        ends = {"organization": other, "related": body} if number % 2 else {"organization": body, "related": other}
        make.cite(OrganizationLink.objects.create(role="part_of", **ends), passage)
    for record in (person, body):
        (strip,) = client.get(record.get_absolute_url()).context["evidence"].strips
        assert strip.with_names == list(range(1, 56))


def test_a_strip_counts_every_row_where_there_are_more_than_are_counted(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, event = make.make_source("Transcript"), make.make_event("Forum")
    for number in range(20):
        passage = make.make_passage(source, f"Words {number:02}.")
        make.make_statement(None, event, f"Thought {number}.", passages=[passage])
    make.make_statement(None, event, "A draft.", passages=[make.make_passage(source, "Hidden.")], status="draft")
    make.make_statement(None, None, "Elsewhere.", passages=[make.make_passage(source, "Not at the event.")])
    address, sentence = event.get_absolute_url(), "each with all its paragraphs"
    answer = client.get(address)
    assert (answer.context["evidence"].strips[0].with_statements, sentence in answer.text) == (
        list(range(1, 21)),
        False,
    )
    monkeypatch.setattr("base.lists.counting.MOST_COUNTED", 15)
    make.make_topic("Anything that makes the page anew")
    answer = client.get(address)
    assert (answer.context["evidence"].strips[0].with_statements, sentence in answer.text) == (list(range(1, 21)), True)
