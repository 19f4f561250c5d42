"""The pages of organizations."""

from typing import Any

from base.lists.counting import MOST_ROWS
from base.pages.evidence import Evidence
from base.pages.related import RelatedList
from base.pages.views import RecordDetail, RecordList, site_of
from directory import jsonld
from directory.api.serializers import OrganizationSerializer
from directory.filters import OrganizationFilter
from directory.models import Organization
from directory.pages import OrganizationPageSerializer


class OrganizationList(RecordList):
    """Every organization on record."""

    model = Organization
    filterset_class = OrganizationFilter
    facet_names = ("kind", "initiative")
    template_name = "directory/organization_list.html"
    shape = OrganizationSerializer
    members = ("id", "url", "name", "name_language", "kind")


class OrganizationDetail(RecordDetail):
    """One organization: its people, events, initiatives, what was said for it and about it."""

    model = Organization
    template_name = "directory/organization_detail.html"
    shape = OrganizationPageSerializer
    members = (
        *("id", "url", "name", "name_language", "kind", "wikidata", "names"),
        *("people", "initiatives", "organizations", "events"),
    )
    lists = {"affiliations": MOST_ROWS, "event_links": MOST_ROWS}
    related = {
        "spoken": RelatedList(("statements", "statements_on_behalf")),
        "about": RelatedList(("statements_about",)),
    }

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add people and events, bounded, the evidence and the structured data."""
        record = self.object
        people = self.first_of("people", record["people"], "affiliations")
        events = self.first_of("events", record["events"], "event_links")
        evidence = Evidence().add(self.beside["spoken"].rows, "said").add(self.beside["about"].rows, "said")
        for rows in (record["names"], people.rows, events.rows, record["initiatives"], record["organizations"]):
            evidence.add(rows)
        return super().get_context_data(
            people=people,
            events=events,
            own_links=[row for row in record["organizations"] if not row["inverse"]],
            inverse_links=[row for row in record["organizations"] if row["inverse"]],
            evidence=evidence,
            jsonld=jsonld.organization(record, site_of(self.request)),
            **kwargs,
        )
