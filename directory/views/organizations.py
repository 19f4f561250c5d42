"""The pages of organizations."""

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
    """The list of organizations."""

    model = Organization
    filterset_class = OrganizationFilter
    facet_names = ("kind", "initiative")
    template_name = "directory/organization_list.html"
    shape = OrganizationSerializer
    members = ("id", "url", "name", "name_language", "kind")


class OrganizationDetail(RecordDetail):
    """The page of an organization: its people, events, initiatives, and statements by it, for it and about it."""

    model = Organization
    feed_filter = "organization"
    template_name = "directory/organization_detail.html"
    shape = OrganizationPageSerializer
    members = (
        *("id", "url", "name", "name_language", "kind", "wikidata", "names"),
        *("people", "initiatives", "organizations", "events"),
    )
    lists = {"affiliations": MOST_ROWS, "event_links": MOST_ROWS}
    related = {
        "statements": RelatedList(("statements", "statements_on_behalf")),
        "statements_about": RelatedList(("statements_about",)),
    }

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        """Add the first people and events, the evidence and the structured data."""
        record = self.object
        people = self.first_of("people", record["people"], "affiliations")
        events = self.first_of("events", record["events"], "event_links")
        evidence = Evidence().add_list(self.beside["statements"], "said")
        evidence.add_list(self.beside["statements_about"], "about").add_list(people).add_list(events)
        evidence.add_list(self.evidence_of("names")).add_list(self.evidence_of("initiatives", "initiative_links"))
        evidence.add_list(self.evidence_of("organizations", "organization_links", "related_links"))
        return super().get_context_data(
            people=people,
            events=events,
            own_links=[row for row in record["organizations"] if not row["inverse"]],
            inverse_links=[row for row in record["organizations"] if row["inverse"]],
            evidence=evidence,
            jsonld=jsonld.organization(record, site_of(self.request)),
            **kwargs,
        )
