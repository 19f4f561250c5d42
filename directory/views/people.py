"""The pages of people. What they did and said belongs to another app and is reached by the names of the reverse relations."""

from typing import Any

from base.changes.conditional_pages import cached_for
from base.lists.counting import MOST_ROWS
from base.pages.evidence import Evidence
from base.pages.jsonld import held
from base.pages.views import RecordDetail, RecordList, site_of
from directory import jsonld
from directory.facts import PersonFacts, PersonRowSerializer
from directory.filters import PersonFilter
from directory.models import Person, Topic


class PersonList(RecordList):
    """Everybody on record."""

    model = Person
    filterset_class = PersonFilter
    facet_names = ("organization",)
    template_name = "directory/person_list.html"
    shape = PersonRowSerializer


class PersonDetail(RecordDetail):
    """One person: what they said, where they appeared, which positions and spellings are recorded, and with whom."""

    model = Person
    template_name = "directory/person_detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Load statements and appearances, bounded; a person may have made 20,000 statements."""
        person: Any = self.object
        facts, (statements,) = self.load(PersonFacts, "statements")
        appearances = self.first_of("events", facts["participations"], MOST_ROWS, person.participations.published)
        others = Person.objects.published().exclude(pk=person.pk)
        evidence = Evidence().add(statements.rows, "said").add(appearances.rows)
        evidence.add(facts["names"]).add(facts["affiliations"])
        return super().get_context_data(
            facts=facts,
            statements=statements,
            appearances=appearances,
            together=others.filter(pk__in=self.companions([row["event_key"] for row in held(appearances.rows)]))[:24],
            topics=cached_for(self.request, ("speaks about", person.pk), self.topics),
            evidence=evidence,
            jsonld=jsonld.person(person, site_of(self.request), facts),
            **kwargs,
        )

    def topics(self) -> list[Topic]:
        """Return what this person speaks about most."""
        person: Any = self.object
        return list(Topic.objects.most_used(person.statements.published()))

    def companions(self, events: list[int]) -> Any:
        """Return who else took part in these events."""
        participation: Any = Person._meta.get_field("participations").related_model
        return participation.objects.firm().filter(event__in=events).values("person")
