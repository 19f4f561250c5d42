"""A small public world with one of everything, and drafts of everything beside it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

from django.db import transaction
from pytest_django import DjangoDbBlocker

from directory.models import (
    InitiativeDescription,
    InitiativeOrganization,
    InitiativePart,
    OrganizationLink,
    Passage,
)
from events.models import EventDescription, EventInitiative, EventOrganization, EventPart, Statement

from . import factories as make


def publish_world(number: int = 1, *, related: bool = True) -> dict[str, Any]:
    """Make one public record of each kind, linked to each other and cited, and return them by kind."""
    source = make.make_source(f"Article {number}")
    words = [make.make_passage(source, f"Words {number}.{part} of the article.") for part in range(6)]
    person = make.make_person(f"Ann Lee {number}", passages=words[:1])
    organization = make.make_organization(f"Film Board {number}", passages=words[1:2])
    other = make.make_organization(f"State {number}", passages=words[1:2])
    initiative = make.make_initiative(f"Film Fund {number}", passages=words[2:3])
    whole = make.make_initiative(f"Film Plan {number}", passages=words[2:3])
    topic = make.make_topic(f"Training {number}")
    event = make.make_event(f"Film Workshop {number}", passages=words[3:4], date="2025")
    series = make.make_event(f"Film Year {number}", passages=words[3:4])
    make.cite(event, words[3])
    make.make_affiliation(person, organization, passages=words[4:5])
    make.make_participation(person, event, passages=words[4:5])
    links = [
        InitiativeDescription(initiative=initiative, text=f"A fund {number}."),
        InitiativeOrganization(initiative=initiative, organization=organization, role="lead"),
        InitiativePart(initiative=initiative, parent=whole),
        OrganizationLink(organization=organization, role="part_of", related=other),
        EventDescription(event=event, text=f"A workshop {number}."),
        EventOrganization(event=event, organization=organization, role="organizer"),
        EventInitiative(event=event, initiative=initiative, role="launched"),
        EventPart(event=event, parent=series),
    ]
    for link in links:
        link.save()
        make.cite(link, words[5])
    statement = make.make_statement(
        person,
        event,
        f"Words {number}.0 of the article.",
        nature="verbatim",
        passages=words[:1],
        on_behalf_of=organization,
        topics=[topic],
        initiatives=[initiative],
        about_people=[person],
        about_organizations=[other],
    )
    make.make_wording(statement, f"A translation {number}.", nature="translation", language="vi")
    again = statement
    if related:
        again = make.make_statement(person, event, f"Words {number}.1 once more.", passages=words[1:2], topics=[topic])
        make.make_statement_relation(statement, again, passages=words[:2])
    return {
        "source": source,
        "person": person,
        "organization": organization,
        "other": other,
        "initiative": initiative,
        "whole": whole,
        "topic": topic,
        "event": event,
        "series": series,
        "statement": statement,
        "again": again,
        "passages": words,
    }


@contextmanager
def shared_rows(blocker: DjangoDbBlocker, make_rows: Callable[[], Any]) -> Iterator[Any]:
    """Make rows once and take them back in the end; for a fixture of a whole module.

    What a test writes is taken back after that test, but not what it changes in Python: give each test a deep copy. A module
    with tests that commit (`transaction=True`) cannot share rows.
    """
    with blocker.unblock(), transaction.atomic():
        yield make_rows()
        transaction.set_rollback(True)


def shared_world(blocker: DjangoDbBlocker) -> AbstractContextManager[dict[str, Any]]:
    """Make one public world and take it back in the end; for a fixture of a whole module."""
    return shared_rows(blocker, publish_world)


def add_drafts(world: dict[str, Any]) -> list[Any]:
    """Add what no reader may see: drafts of every kind, linked to the public rows and to each other; return them."""
    hidden: dict[str, Any] = {"status": "draft"}
    source = make.make_source("Hidden article", **hidden)
    words = make.make_passage(source, "Hidden words of the article.")
    person = make.make_person("Hidden Person", **hidden)
    organization = make.make_organization("Hidden Board", **hidden)
    initiative = make.make_initiative("Hidden Fund", **hidden)
    topic = make.make_topic("Hidden topic", **hidden)
    event = make.make_event("Hidden Workshop", **hidden)
    public = world
    rows: list[Any] = [source, words, person, organization, initiative, topic, event]
    # Draft names of public records.
    for kind in ("person", "organization", "initiative", "topic", "event"):
        rows.append(make.make_name(public[kind], f"Hidden name of {kind}", "en", **hidden))
    # Draft links between public rows, and public links to draft rows.
    rows += [
        make.make_affiliation(public["person"], public["other"], role="hidden role", **hidden),
        make.make_affiliation(public["person"], organization, role="hidden role"),
        make.make_affiliation(person, public["organization"], role="hidden role"),
        make.make_participation(public["person"], public["series"], **hidden),
        make.make_participation(person, public["event"]),
        make.make_participation(public["person"], event),
    ]
    pairs: list[tuple[Any, dict[str, Any], dict[str, Any]]] = [
        (InitiativeDescription, {"initiative": public["initiative"], "text": "Hidden text."}, {}),
        (
            InitiativeOrganization,
            {"initiative": public["initiative"], "organization": public["other"], "role": "partner"},
            {"organization": organization},
        ),
        (InitiativePart, {"initiative": public["whole"], "parent": public["initiative"]}, {"parent": initiative}),
        (
            OrganizationLink,
            {"organization": public["other"], "role": "related_to", "related": public["organization"]},
            {"related": organization},
        ),
        (EventDescription, {"event": public["event"], "text": "Hidden text."}, {}),
        (
            EventOrganization,
            {"event": public["event"], "organization": public["other"], "role": "host"},
            {"organization": organization},
        ),
        (
            EventInitiative,
            {"event": public["event"], "initiative": public["whole"], "role": "discussed"},
            {"initiative": initiative},
        ),
        (EventPart, {"event": public["series"], "parent": public["event"]}, {"parent": event}),
    ]
    for model, columns, ends in pairs:
        rows.append(make.cite(model.objects.create(**columns, **hidden), public["passages"][5]))
        if ends:
            rows.append(make.cite(model.objects.create(**{**columns, **ends}), public["passages"][5]))
    # Draft statements of public people, public statements of hidden ones, hidden wordings, topics and passages.
    cited: dict[str, Any] = {"passages": public["passages"][:1], "topics": [public["topic"]]}
    rows += [
        make.make_statement(public["person"], public["event"], "Hidden words.", **cited, **hidden),
        make.make_statement(person, public["event"], "Words of a hidden person.", **cited),
        make.make_statement(public["person"], event, "Words at a hidden event.", **cited),
        make.make_statement(None, None, "Words for a hidden body.", on_behalf_of=organization, **cited),
        make.make_statement(None, None, "Words of a hidden body.", speaker_organization=organization, **cited),
        make.make_wording(public["statement"], "Hidden wording.", nature="paraphrase", language="th", **hidden),
    ]
    # A draft relation of public statements, and public relations with a statement of every kind that is hidden.
    if public["again"] != public["statement"]:
        rows.append(
            make.make_statement_relation(public["again"], public["statement"], "contradicts", note="Hidden.", **hidden)
        )
    for number, statement in enumerate([row for row in rows if isinstance(row, Statement)]):
        ends = [public["statement"], statement]
        rows.append(make.make_statement_relation(*ends[:: 1 if number % 2 else -1], passages=public["passages"][:1]))
    for name, record in (("topics", topic), ("initiatives", initiative), ("about_people", person)):
        getattr(public["statement"], name).add(record)
    public["statement"].about_organizations.add(organization)
    public["statement"].passages.add(words)
    public["person"].names.first().passages.add(words)
    rows.append(Passage.objects.get(pk=words.pk))
    return rows
