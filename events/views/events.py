"""The pages of events."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.db.models import Count

from base.changes.conditional_pages import cached_for
from base.documents.plan import Document
from base.lists.counting import first_keys
from base.pages.evidence import Evidence
from base.pages.views import RecordDetail, RecordList, site_of
from directory.models import Person, Topic
from events import jsonld
from events.facts import MOST_PARTICIPANTS, EventFacts
from events.filters import EventFilter
from events.models import Event, Statement
from events.models.links import EventInitiativeRole, EventOrganizationRole, ParticipationRole

MOST_PEOPLE, MOST_TOPICS = 20, 10


class EventList(RecordList):
    """Every event on record."""

    model = Event
    filterset_class = EventFilter
    facet_names = ("kind", "organization")
    template_name = "events/event_list.html"


@dataclass
class Row:
    """One speaker's line in the table of who spoke about what."""

    speaker: Person
    cells: list[tuple[Topic, int]]


def by_role(roles: Any, rows: list[Document]) -> list[tuple[str, list[Document]]]:
    """Group rows by their role, in the order in which the roles are defined."""
    groups: dict[str, list[Document]] = defaultdict(list)
    for row in rows:
        groups[row["role"]].append(row)
    return [(role.label, groups[role.value]) for role in roles if role.value in groups]


class EventDetail(RecordDetail):
    """One event: the facts, who spoke about what, the statements, who took part and how."""

    model = Event
    template_name = "events/event_detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Load participants and statements, bounded; an event may have thousands of either."""
        event: Any = self.object
        facts, (statements,) = self.load(EventFacts, "statements", most=12)
        participants = self.first_of(
            "people", facts["participations"], MOST_PARTICIPANTS, event.participations.published
        )
        topics, table = cached_for(self.request, ("spoken about", event.pk), self.who_about_what)
        evidence = Evidence().add(statements.rows, "said").add([facts]).add(facts["names"])
        evidence.add(participants.rows).add(facts["descriptions"]).add(facts["organization_links"])
        evidence.add(facts["initiative_links"]).add(facts["parent_links"]).add(facts["part_links"])
        return super().get_context_data(
            facts=facts,
            statements=statements,
            participants=participants,
            programme=by_role(ParticipationRole, participants.rows),
            organizations=by_role(EventOrganizationRole, facts["organization_links"]),
            initiatives=by_role(EventInitiativeRole, facts["initiative_links"]),
            topics=topics,
            table=table,
            jsonld=jsonld.event(event, site_of(self.request), facts),
            evidence=evidence,
            **kwargs,
        )

    def who_about_what(self) -> tuple[list[Topic], list[Row]]:
        """Count the first statements by speaker and topic, as far as pages count. Three queries."""
        event: Any = self.object
        topics = list(Topic.objects.most_used(event.statements.published(), MOST_TOPICS))
        counted = (
            Statement.objects.filter(
                pk__in=first_keys(event.statements.published()), speaker__isnull=False, topics__in=topics
            )
            .order_by()
            .values_list("speaker", "topics")
            .annotate(n=Count("pk"))
        )
        numbers: dict[int, dict[int, int]] = defaultdict(dict)
        for speaker, topic, n in counted:
            numbers[speaker][topic] = n
        shown = ("slug", "name", "name_language", "labels", "sort_key")
        speakers = Person.objects.published().filter(pk__in=numbers).only(*shown)
        rows = [Row(person, [(topic, numbers[person.pk].get(topic.pk, 0)) for topic in topics]) for person in speakers]
        return topics, sorted(rows, key=lambda row: -sum(n for _topic, n in row.cells))[:MOST_PEOPLE]
