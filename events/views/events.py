"""The list of events, and the page of an event."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from django.db.models import Choices, Count
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from base.changes.cache import cached_for
from base.documents.plan import Document, plan_of
from base.documents.shapes import RecordRefSerializer
from base.lists.counting import first_keys
from base.pages.documents import held, page_loader
from base.pages.evidence import Evidence
from base.pages.related import RelatedList
from base.pages.views import LEAD, RecordDetail, RecordList, site_of
from base.sql.prepared import Row
from base.text.names import fold
from directory.models import Person, Topic
from events import jsonld
from events.api.serializers import EventSerializer
from events.cards import cards
from events.filters import EventFilter
from events.models import Event, Statement
from events.models.links import EventInitiativeRole, EventOrganizationRole, ParticipationRole
from events.own_statements import own_statements
from events.spoken_for import organizations_of_event, spoken_for

MOST_PARTICIPANTS, MOST_PEOPLE, MOST_TOPICS = 100, 20, 10
# The nested lists of an event that cite passages -> its relation to the rows.
NESTED = {
    "names": "names",
    "descriptions": "descriptions",
    "organizations": "organization_links",
    "initiatives": "initiative_links",
    "part_of": "parent_links",
    "parts": "part_links",
}
# What stands above initiatives on the page of an event. One word is enough in English; Thai and Vietnamese say of what.
INITIATIVE_HEADINGS: dict[str, Promise] = {
    EventInitiativeRole.LAUNCHED: pgettext_lazy("above the initiatives of an event", "launched"),
    EventInitiativeRole.ANNOUNCED: pgettext_lazy("above the initiatives of an event", "announced"),
    EventInitiativeRole.DISCUSSED: pgettext_lazy("above the initiatives of an event", "discussed"),
}
PERSON = plan_of(RecordRefSerializer, Person, frozenset(), frozenset())
TOPIC = plan_of(RecordRefSerializer, Topic, frozenset(), frozenset())


class EventList(RecordList):
    """Every event on record."""

    model = Event
    filterset_class = EventFilter
    facet_names = ("kind", "organization")
    template_name = "events/event_list.html"
    shape = EventSerializer
    members = ("id", "url", "name", "name_language", "kind", "date", "place", *LEAD)
    usual_order = _("Newest first")


@dataclass(frozen=True)
class SpeakerRow:
    """The row of a speaker in the table of who spoke about what: each topic, with the number of statements about it."""

    speaker: Document
    cells: list[tuple[Document, int]]


@dataclass(frozen=True)
class SpeakerCounts:
    """The data of the table of who spoke about what: topics, speakers, and numbers of statements by speaker and topic."""

    topics: list[Row]
    speakers: list[Row]
    numbers: dict[int, dict[int, int]]


def by_role(
    roles: type[Choices], rows: list[Document], headings: Mapping[str, Promise] = MappingProxyType({})
) -> list[tuple[str, list[Document]]]:
    """Return (label of the role, its rows) for each role that has rows, in the order in which roles are defined.

    `headings` has other words than the label for roles that need them.
    """
    groups: dict[str, list[Document]] = defaultdict(list)
    for row in rows:
        groups[row["role"]].append(row)
    return [(str(headings.get(role.value, role.label)), groups[role.value]) for role in roles if role.value in groups]


def place_is_named(record: Document) -> bool:
    """Return whether the place of an event is nothing but the name of its venue or host, which stands there with its evidence."""
    places = (EventOrganizationRole.VENUE, EventOrganizationRole.HOST)
    names = [row["organization"]["name"] for row in held(record["organizations"]) if row["role"] in places]
    return fold(record["place"]) in {fold(name) for each in names for name in (each, getattr(each, "first", each))}


class EventDetail(RecordDetail):
    """The page of an event: facts, who spoke about what, statements, and who took part in which role."""

    model = Event
    feed_filter = "event"
    template_name = "events/event_detail.html"
    shape = EventSerializer
    members = (
        *("id", "url", "name", "name_language", "kind", "date", "date_earliest", "date_latest", "date_note", "place"),
        *("names", "descriptions", "part_of", "parts", "participants", "organizations", "initiatives"),
        *("certainty", "note", "passages"),
    )
    lists = {"participations": MOST_PARTICIPANTS}
    related = {"statements": RelatedList(("statements",), most=12)}

    def get_context_data(self, **kwargs: object) -> dict[str, Any]:
        """Add the first participants, the table of who spoke about what, the evidence and the structured data."""
        record = self.object
        participants = self.first_of("people", record["participants"], "participations")
        counts = cached_for(self.request, ("spoken about", self.key), self.speaker_counts)
        topics, table = speaker_table(counts)
        spoken = cached_for(
            self.request, ("spoken for", self.key), lambda: spoken_for(self.key, self.all_related("statements"))
        )
        own = cards(cached_for(self.request, ("own statements", self.key), lambda: own_statements(self.key)))
        evidence = (
            Evidence().add_list(self.beside["statements"], "said").add(own, "said").add([record]).add_list(participants)
        )
        for member, relation in NESTED.items():
            evidence.add_list(self.evidence_of(member, relation))
        return super().get_context_data(
            participants=participants,
            programme=by_role(ParticipationRole, participants.rows),
            organizations=by_role(EventOrganizationRole, record["organizations"]),
            initiatives=by_role(EventInitiativeRole, record["initiatives"], INITIATIVE_HEADINGS),
            place_is_named=place_is_named(record),
            topics=topics,
            table=table,
            organizations_there=organizations_of_event(spoken),
            own_statements=own,
            jsonld=jsonld.event({**record, "participants": participants.rows}, site_of(self.request)),
            evidence=evidence,
            **kwargs,
        )

    def speaker_counts(self) -> SpeakerCounts:
        """Count statements by speaker and topic, at most as many as pages count. Three queries."""
        statements = self.all_related("statements")
        topics = TOPIC.read(Topic.objects.most_used(statements, MOST_TOPICS))
        counts = (
            Statement.objects.filter(
                pk__in=first_keys(statements), speaker__isnull=False, topics__in=[row[0] for row in topics]
            )
            .order_by()
            .values_list("speaker", "topics")
            .annotate(n=Count("pk"))
        )
        numbers: dict[int, dict[int, int]] = defaultdict(dict)
        for speaker, topic, n in counts:
            numbers[speaker][topic] = n
        return SpeakerCounts(topics, PERSON.read(Person.objects.published().filter(pk__in=numbers)), numbers)


def speaker_table(counts: SpeakerCounts) -> tuple[list[Document], list[SpeakerRow]]:
    """Return the topics and the rows of the table of who spoke about what; whoever spoke most comes first."""
    loader, numbers = page_loader(), counts.numbers
    topics = loader.documents(TOPIC, counts.topics)
    keys = [row[0] for row in counts.topics]
    most = sorted(counts.speakers, key=lambda row: -sum(numbers[row[0]].get(key, 0) for key in keys))[:MOST_PEOPLE]
    cells = [[numbers[row[0]].get(key, 0) for key in keys] for row in most]
    speakers = loader.documents(PERSON, most)
    return topics, [
        SpeakerRow(speaker, list(zip(topics, row, strict=True))) for speaker, row in zip(speakers, cells, strict=True)
    ]
