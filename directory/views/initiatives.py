"""The pages of initiatives."""

from base.lists.counting import MOST_ROWS
from base.pages.evidence import Evidence
from base.pages.related import RelatedList
from base.pages.views import LEAD, RecordDetail, RecordList, site_of
from directory import jsonld
from directory.api.serializers import InitiativeSerializer
from directory.filters import InitiativeFilter
from directory.models import Initiative
from directory.pages import InitiativePageSerializer

# The nested lists of an initiative that cite passages -> its relation to the rows.
NESTED = {
    "names": "names",
    "descriptions": "descriptions",
    "organizations": "organization_links",
    "part_of": "parent_links",
    "parts": "part_links",
}


class InitiativeList(RecordList):
    """The list of initiatives."""

    model = Initiative
    filterset_class = InitiativeFilter
    facet_names = ("organization",)
    template_name = "directory/initiative_list.html"
    shape = InitiativeSerializer
    members = ("id", "url", "name", "name_language", *LEAD)


class InitiativeDetail(RecordDetail):
    """The page of an initiative: descriptions, organizations, parts, events, and statements about it."""

    model = Initiative
    feed_filter = "initiative"
    template_name = "directory/initiative_detail.html"
    shape = InitiativePageSerializer
    members = (
        *("id", "url", "name", "name_language", "names", "descriptions"),
        *("organizations", "part_of", "parts", "events"),
    )
    lists = {"event_links": MOST_ROWS}
    related = {"statements": RelatedList(("statements",))}

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        """Add the first events, the evidence and the structured data."""
        record = self.object
        events = self.first_of("events", record["events"], "event_links")
        evidence = Evidence().add_list(self.beside["statements"], "said").add_list(events)
        for member, relation in NESTED.items():
            evidence.add_list(self.evidence_of(member, relation))
        return super().get_context_data(
            events=events, evidence=evidence, jsonld=jsonld.initiative(record, site_of(self.request)), **kwargs
        )
