"""On whose behalf people spoke at an event, and, apart from that, in which organizations its participants have a position.

Whoever has or had a position in an organization does not speak for it thereby. Rejected statements and positions are not counted.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet
from django.utils.translation import get_language

from base.documents.plan import Document, plan_of
from base.documents.shapes import RecordRefSerializer
from base.lists.counting import first_keys
from base.pages.documents import page_loader
from base.records.provenance import Certainty
from base.records.translations import Translations, in_language
from base.sql.prepared import Row
from base.text.translated_text import TranslatedText
from directory.models import Affiliation, Organization, Person

from .models import Participation, Statement

MOST_ORGANIZATIONS, MOST_POSITIONS = 20, 500
ORGANIZATION = plan_of(RecordRefSerializer, Organization, frozenset(), frozenset())
PERSON = plan_of(RecordRefSerializer, Person, frozenset(), frozenset())


@dataclass(frozen=True)
class HeldPosition:
    """A position of a participant: its role as it was written, in which language, its translations, and how firm it is."""

    role: str
    written_in: str
    translations: Translations
    certainty: str


@dataclass(frozen=True)
class SpokenFor:
    """What was read of an event: keys of people and organizations, and how much was said by and for whom.

    `spoken` has the number of statements of each person, `by_person` that on behalf of an organization by (organization, person),
    `in_doubt` how many of these are inferred or disputed, `behalf` the number on behalf of each organization by whomever, and `own`
    that of organizations that speak themselves. `positions` are those of the participants, by (organization, person).
    `has_rejected` says whether there are rejected statements, which are not counted.
    """

    spoken: Counter[int]
    by_person: Counter[tuple[int, int]]
    in_doubt: Counter[tuple[int, int]]
    behalf: Counter[int]
    own: Counter[int]
    positions: dict[tuple[int, int], list[HeldPosition]]
    organizations: list[Row]
    people: list[Row]
    has_rejected: bool


@dataclass(frozen=True)
class OrganizationSpeaker:
    """A person who spoke on behalf of an organization: how many statements, and how many of them are inferred or disputed."""

    person: Document
    on_behalf: int
    in_doubt: int


@dataclass(frozen=True)
class OrganizationSpeakers:
    """An organization that spoke at an event or was spoken for: by whom, and how much."""

    organization: Document
    speakers: list[OrganizationSpeaker]
    on_behalf: int  # by whomever
    own: int  # by the organization itself


@dataclass(frozen=True)
class MemberRole:
    """The role of a position in the language of the page, and how firm the position is."""

    role: TranslatedText
    certainty: Certainty

    @property
    def is_doubtful(self) -> bool:
        """Whether it is in doubt that the person holds or held the position."""
        return self.certainty != Certainty.STATED


@dataclass(frozen=True)
class OrganizationMember:
    """A participant with a position in an organization: all their statements at the event, and those on its behalf."""

    person: Document
    roles: list[MemberRole]
    statements: int
    on_behalf: int


@dataclass(frozen=True)
class OrganizationMembers:
    """The participants of an event who have or had a position in an organization."""

    organization: Document
    members: list[OrganizationMember]


@dataclass(frozen=True)
class OrganizationsOfEvent:
    """The organizations of an event: those in whose name was spoken, and those in which its participants have positions."""

    speaking: list[OrganizationSpeakers]
    with_members: list[OrganizationMembers]
    has_rejected: bool


def spoken_for(event: int, statements: QuerySet[Statement]) -> SpokenFor:
    """Read who spoke for whom at an event, and where its participants have positions. Four queries."""
    counted = Statement.objects.filter(pk__in=first_keys(statements)).order_by()
    columns = ("speaker", "on_behalf_of", "speaker_organization", "certainty")
    spoken: Counter[int] = Counter()
    by_person: Counter[tuple[int, int]] = Counter()
    in_doubt: Counter[tuple[int, int]] = Counter()
    behalf: Counter[int] = Counter()
    own: Counter[int] = Counter()
    has_rejected = False
    for person, organization, body, certainty, number in counted.values_list(*columns).annotate(n=Count("pk")):
        if certainty == Certainty.REJECTED:
            has_rejected = True
            continue
        if person:
            spoken[person] += number
        if organization:
            behalf[organization] += number
        if organization and person:
            by_person[organization, person] += number
            if certainty != Certainty.STATED:
                in_doubt[organization, person] += number
        if body:
            own[body] += number
    participants = Participation.objects.firm().filter(event=event).values("person")
    rows = Affiliation.objects.firm().filter(Q(person__in=participants) | Q(person__in=list(spoken)))
    texts = ("role", "text_language", "translations", "certainty")
    positions: dict[tuple[int, int], list[HeldPosition]] = defaultdict(list)
    for organization, person, *position in (
        rows.filter(organization__isnull=False)
        .order_by("position", "pk")
        .values_list("organization", "person", *texts)[:MOST_POSITIONS]
    ):
        positions[organization, person].append(HeldPosition(*position))
    named = {*own, *behalf, *(organization for organization, _person in positions)}
    organizations = Organization.objects.published().filter(pk__in=named)
    people = Person.objects.published().filter(pk__in={*spoken, *(person for _organization, person in positions)})
    return SpokenFor(
        *(spoken, by_person, in_doubt, behalf, own, dict(positions)),
        *(ORGANIZATION.read(organizations), PERSON.read(people)),
        has_rejected,
    )


def organizations_of_event(read: SpokenFor) -> OrganizationsOfEvent:
    """Return the organizations, those first in whose name most was said, or whose people said most."""
    loader = page_loader()
    people = {
        row[0]: document for row, document in zip(read.people, loader.documents(PERSON, read.people), strict=True)
    }
    documents = loader.documents(ORGANIZATION, read.organizations)
    bodies = [(row[0], document) for row, document in zip(read.organizations, documents, strict=True)]
    speaking = [
        OrganizationSpeakers(document, _speakers(read, key, people), read.behalf[key], read.own[key])
        for key, document in bodies
        if read.behalf[key] or read.own[key]
    ]
    speaking.sort(key=lambda each: -each.on_behalf - each.own)
    with_members = [OrganizationMembers(document, _members(read, key, people)) for key, document in bodies]
    with_members = [each for each in with_members if each.members]
    with_members.sort(key=lambda each: -sum(member.statements for member in each.members))
    return OrganizationsOfEvent(speaking[:MOST_ORGANIZATIONS], with_members[:MOST_ORGANIZATIONS], read.has_rejected)


def _speakers(read: SpokenFor, organization: int, people: dict[int, Document]) -> list[OrganizationSpeaker]:
    """Return who spoke on behalf of an organization, those who spoke most first."""
    speakers = [
        OrganizationSpeaker(people[person], number, read.in_doubt[body, person])
        for (body, person), number in read.by_person.items()
        if body == organization and person in people
    ]
    return sorted(speakers, key=lambda each: (-each.on_behalf, str(each.person["name"])))


def _members(read: SpokenFor, organization: int, people: dict[int, Document]) -> list[OrganizationMember]:
    """Return the participants with a position in an organization, those who spoke most first."""
    language = get_language() or "en"
    members = [
        OrganizationMember(
            people[person],
            [
                MemberRole(
                    in_language(each.role, "role", each.written_in, each.translations, language),
                    Certainty(each.certainty),
                )
                for each in positions
            ],
            read.spoken[person],
            read.by_person[body, person],
        )
        for (body, person), positions in read.positions.items()
        if body == organization and person in people
    ]
    return sorted(members, key=lambda each: (-each.statements, str(each.person["name"])))
