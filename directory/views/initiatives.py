"""The pages of initiatives."""

from typing import Any

from base.lists.counting import MOST_ROWS
from base.pages.evidence import Evidence
from base.pages.views import RecordDetail, RecordList, site_of
from directory import jsonld
from directory.facts import InitiativeFacts
from directory.filters import InitiativeFilter
from directory.models import Initiative


class InitiativeList(RecordList):
    """Every initiative on record."""

    model = Initiative
    filterset_class = InitiativeFilter
    facet_names = ("organization",)
    template_name = "directory/initiative_list.html"


class InitiativeDetail(RecordDetail):
    """One initiative: what the source says of it, who takes part and how firmly, and what was said about it."""

    model = Initiative
    template_name = "directory/initiative_detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Load what hangs on the initiative, bounded."""
        record: Any = self.object
        facts, (statements,) = self.load(InitiativeFacts, "statements")
        events = self.first_of("events", facts["event_links"], MOST_ROWS, record.event_links.published)
        evidence = Evidence().add(statements.rows, "said").add(facts["names"]).add(events.rows)
        evidence.add(facts["descriptions"]).add(facts["organization_links"])
        evidence.add(facts["parent_links"]).add(facts["part_links"])
        return super().get_context_data(
            facts=facts,
            statements=statements,
            events=events,
            evidence=evidence,
            jsonld=jsonld.initiative(record, site_of(self.request), facts),
            **kwargs,
        )
