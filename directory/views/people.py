"""The pages of people. What they did and said belongs to another app and is reached by the names of the reverse relations."""

from typing import Any

from base.changes.cache import cached_for
from base.documents.plan import Document, plan_of
from base.documents.shapes import RecordRefSerializer
from base.lists.counting import MOST_ROWS
from base.pages.documents import held, page_loader
from base.pages.evidence import Evidence
from base.pages.related import RelatedList
from base.pages.views import RecordDetail, RecordList, site_of
from base.sql.prepared import Row
from directory import jsonld
from directory.api.serializers import PersonSerializer
from directory.filters import PersonFilter
from directory.models import Person, Topic
from directory.pages import PersonPageSerializer, UsedSerializer

MOST_COMPANIONS = 24
PERSON = plan_of(RecordRefSerializer, Person, frozenset(), frozenset())
USED_TOPIC = plan_of(UsedSerializer, Topic, frozenset(), frozenset())


class PersonList(RecordList):
    """Everybody on record."""

    model = Person
    filterset_class = PersonFilter
    facet_names = ("organization",)
    template_name = "directory/person_list.html"
    shape = PersonSerializer
    members = (
        *("id", "url", "name", "name_language"),
        *(f"affiliations.{name}" for name in ("role", "certainty", "organization")),
    )


class PersonDetail(RecordDetail):
    """One person: what they said, where they appeared, which positions and spellings are recorded, and with whom."""

    model = Person
    template_name = "directory/person_detail.html"
    shape = PersonPageSerializer
    members = ("id", "url", "name", "name_language", "wikidata", "names", "affiliations", "appearances")
    lists = {"participations": MOST_ROWS}
    related = {"statements": RelatedList(("statements",))}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add appearances, bounded, companions, topics, the evidence and the structured data."""
        record = self.object
        appearances = self.first_of("events", record["appearances"], "participations")
        evidence = Evidence().add(self.beside["statements"].rows, "said").add(appearances.rows)
        evidence.add(record["names"]).add(record["affiliations"])
        topics = cached_for(self.request, ("speaks about", self.key), self.topics)
        return super().get_context_data(
            appearances=appearances,
            together=self.companions([row["event_key"] for row in held(appearances.rows)]),
            topics=page_loader().documents(USED_TOPIC, topics),
            evidence=evidence,
            jsonld=jsonld.person(record, site_of(self.request)),
            **kwargs,
        )

    def topics(self) -> list[Row]:
        """Return what this person speaks about most. One query."""
        return USED_TOPIC.read(Topic.objects.most_used(self.all_related("statements")))

    def companions(self, events: list[int]) -> list[Document]:
        """Return who else took part in these events. One query, or none for no event."""
        participation: Any = Person._meta.get_field("participations").related_model
        present = participation.objects.firm().filter(event__in=events).values("person")
        others = Person.objects.published().exclude(pk=self.key).filter(pk__in=present)
        return page_loader().documents(PERSON, PERSON.read(others[:MOST_COMPANIONS]))
