"""The pages of organizations."""

from typing import Any

from base.lists.counting import MOST_ROWS
from base.pages.evidence import Evidence
from base.pages.views import RecordDetail, RecordList, site_of
from directory import jsonld
from directory.facts import OrganizationFacts
from directory.filters import OrganizationFilter
from directory.models import Organization


class OrganizationList(RecordList):
    """Every organization on record."""

    model = Organization
    filterset_class = OrganizationFilter
    facet_names = ("kind", "initiative")
    template_name = "directory/organization_list.html"


class OrganizationDetail(RecordDetail):
    """One organization: its people, events, initiatives, what was said for it and about it."""

    model = Organization
    template_name = "directory/organization_detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Load what hangs on the organization, bounded."""
        record: Any = self.object
        facts, (spoken, about) = self.load(OrganizationFacts, "statements statements_on_behalf", "statements_about")
        people = self.first_of("people", facts["affiliations"], MOST_ROWS, record.affiliations.published)
        events = self.first_of("events", facts["event_links"], MOST_ROWS, record.event_links.published)
        evidence = Evidence().add(spoken.rows, "said").add(about.rows, "said").add(facts["names"])
        evidence.add(people.rows).add(events.rows).add(facts["initiative_links"])
        evidence.add(facts["organization_links"]).add(facts["related_links"])
        return super().get_context_data(
            facts=facts,
            spoken=spoken,
            about=about,
            people=people,
            events=events,
            evidence=evidence,
            jsonld=jsonld.organization(record, site_of(self.request), facts),
            **kwargs,
        )
