"""The pages of people. Events and statements belong to an app above this one; the names of reverse relations lead to them."""

from typing import cast

from base.changes.cache import cached_for
from base.documents.plan import Document, plan_of
from base.documents.shapes import RecordRefSerializer
from base.lists.counting import MOST_ROWS
from base.pages.documents import held, page_loader
from base.pages.evidence import Evidence
from base.pages.related import RelatedList
from base.pages.views import RecordDetail, RecordList, site_of
from base.records.provenance import Fact
from base.sql.prepared import Row
from directory import jsonld
from directory.api.serializers import PersonSerializer
from directory.filters import PersonFilter
from directory.models import Person, Topic
from directory.pages import PersonPageSerializer, StatementCountSerializer

MOST_COMPANIONS, MOST_ABOUT = 24, 12
PERSON_PLAN = plan_of(RecordRefSerializer, Person, frozenset(), frozenset())
TOPIC_PLAN = plan_of(StatementCountSerializer, Topic, frozenset(), frozenset())


class PersonList(RecordList):
    """The list of people."""

    model = Person
    filterset_class = PersonFilter
    facet_names = ("organization", "position_certainty")
    template_name = "directory/person_list.html"
    shape = PersonSerializer
    members = (
        *("id", "url", "name", "name_language"),
        *(f"affiliations.{name}" for name in ("role", "certainty", "organization")),
    )


class PersonDetail(RecordDetail):
    """The page of a person: statements, events, positions, spellings, topics and the people at the same events."""

    model = Person
    feed_filter = "speaker"
    template_name = "directory/person_detail.html"
    shape = PersonPageSerializer
    members = ("id", "url", "name", "name_language", "wikidata", "names", "affiliations", "appearances")
    lists = {"participations": MOST_ROWS}
    related = {
        "statements": RelatedList(("statements",)),
        "statements_about": RelatedList(("statements_about",), most=MOST_ABOUT),
    }

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        """Add the first events, the people met there, the topics, the evidence and the structured data."""
        record = self.object
        appearances = self.first_of("events", record["appearances"], "participations")
        evidence = Evidence().add_list(self.beside["statements"], "said")
        evidence.add_list(self.beside["statements_about"], "about").add_list(appearances)
        evidence.add_list(self.evidence_of("names")).add_list(self.evidence_of("affiliations"))
        topics = cached_for(self.request, ("speaks about", self.key), self.topic_rows)
        return super().get_context_data(
            appearances=appearances,
            companions=self.companions([row["event_key"] for row in held(appearances.rows)]),
            topics=page_loader().documents(TOPIC_PLAN, topics),
            evidence=evidence,
            jsonld=jsonld.person(record, site_of(self.request)),
            **kwargs,
        )

    def topic_rows(self) -> list[Row]:
        """Return the rows of the topics this person speaks about most. One query."""
        return TOPIC_PLAN.read(Topic.objects.most_used(self.all_related("statements")))

    def companions(self, events: list[int]) -> list[Document]:
        """Return the other people who took part in these events. One query; none without events."""
        participation = cast("type[Fact]", Person._meta.get_field("participations").related_model)
        present = participation.objects.firm().filter(event__in=events).values("person")
        others = Person.objects.published().exclude(pk=self.key).filter(pk__in=present)
        return page_loader().documents(PERSON_PLAN, PERSON_PLAN.read(others[:MOST_COMPANIONS]))
