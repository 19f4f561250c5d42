"""Who of the participants of an event belongs to which organization, how much each said there, and for whom."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from base.documents.plan import Document, plan_of
from base.documents.shapes import RecordRefSerializer
from base.lists.counting import first_keys
from base.pages.documents import page_loader
from base.records.provenance import Certainty
from base.sql.prepared import Row
from directory.models import Affiliation, Organization, Person

from .models import Participation, Statement

MOST_ORGANIZATIONS, MOST_POSITIONS = 20, 500
ORGANIZATION = plan_of(RecordRefSerializer, Organization, frozenset(), frozenset())
PERSON = plan_of(RecordRefSerializer, Person, frozenset(), frozenset())


@dataclass(frozen=True)
class SpokenFor:
    """What was read of an event: keys of people and organizations, and how much was said by and for whom.

    `spoken` has the number of statements of each person, `by_person` that on behalf of an organization by (organization, person),
    `behalf` that on behalf of each organization by whomever, `own` that of organizations that speak themselves, and `positions` how
    firm it is that a person belongs to an organization.
    """

    spoken: Counter[int]
    by_person: Counter[tuple[int, int]]
    behalf: Counter[int]
    own: Counter[int]
    positions: dict[tuple[int, int], str]
    organizations: list[Row]
    people: list[Row]


@dataclass(frozen=True)
class OrganizationSpeaker:
    """A person in the list of an organization: statements at the event, those on its behalf, and how firm the position is."""

    person: Document
    statements: int
    on_behalf: int
    certainty: Certainty

    @property
    def is_doubtful(self) -> bool:
        """Whether it is in doubt that the person belongs to the organization."""
        return self.certainty != Certainty.STATED


@dataclass(frozen=True)
class OrganizationSpeakers:
    """The participants of an event who belong to an organization or spoke for it, and what was said in its name."""

    organization: Document
    speakers: list[OrganizationSpeaker]
    on_behalf: int  # by whomever
    own: int  # by the organization itself


def spoken_for(event: int, statements: QuerySet[Statement]) -> SpokenFor:
    """Read who spoke for whom at an event, and where its participants belong. Four queries."""
    counted = Statement.objects.filter(pk__in=first_keys(statements)).order_by()
    columns = ("speaker", "on_behalf_of", "speaker_organization")
    spoken: Counter[int] = Counter()
    by_person: Counter[tuple[int, int]] = Counter()
    behalf: Counter[int] = Counter()
    own: Counter[int] = Counter()
    for person, organization, body, number in counted.values_list(*columns).annotate(n=Count("pk")):
        if person:
            spoken[person] += number
        if organization:
            behalf[organization] += number
        if organization and person:
            by_person[organization, person] += number
        if body:
            own[body] += number
    participants = Participation.objects.firm().filter(event=event).values("person")
    rows = Affiliation.objects.firm().filter(Q(person__in=participants) | Q(person__in=list(spoken)))
    positions: dict[tuple[int, int], str] = {}
    for organization, person, certainty in (
        rows.filter(organization__isnull=False)
        .order_by("pk")
        .values_list("organization", "person", "certainty")[:MOST_POSITIONS]
    ):
        if positions.get((organization, person)) != Certainty.STATED:
            positions[organization, person] = certainty
    named = {*own, *behalf, *(organization for organization, _person in positions)}
    organizations = Organization.objects.published().filter(pk__in=named)
    people = Person.objects.published().filter(pk__in={*spoken, *(person for _organization, person in positions)})
    return SpokenFor(spoken, by_person, behalf, own, positions, ORGANIZATION.read(organizations), PERSON.read(people))


def speakers_by_organization(read: SpokenFor) -> list[OrganizationSpeakers]:
    """Return the organizations whose people took part, those first in whose name most was said."""
    loader = page_loader()
    people = {
        row[0]: document for row, document in zip(read.people, loader.documents(PERSON, read.people), strict=True)
    }
    groups: dict[int, list[OrganizationSpeaker]] = defaultdict(list)
    for organization, person in sorted({*read.by_person, *read.positions}):
        if person in people:
            certainty = Certainty(read.positions.get((organization, person), Certainty.STATED))
            on_behalf = read.by_person[organization, person]
            groups[organization].append(OrganizationSpeaker(people[person], read.spoken[person], on_behalf, certainty))
    listed = [
        OrganizationSpeakers(
            document,
            sorted(groups[row[0]], key=lambda each: (-each.on_behalf, -each.statements, str(each.person["name"]))),
            read.behalf[row[0]],
            read.own[row[0]],
        )
        for row, document in zip(read.organizations, loader.documents(ORGANIZATION, read.organizations), strict=True)
        if groups[row[0]] or read.behalf[row[0]] or read.own[row[0]]
    ]
    listed.sort(key=lambda each: (-each.on_behalf - each.own, -sum(one.statements for one in each.speakers)))
    return listed[:MOST_ORGANIZATIONS]
