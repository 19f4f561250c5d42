"""The pages of initiatives."""

from typing import Any

from directory import jsonld
from directory.base.evidence import Evidence
from directory.base.views import RecordDetail, RecordList, shown, shown_statements, site_of
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
        (statements,) = shown_statements(record.statements)
        events = shown(record.event_links.published().select_related("event").with_passages())
        evidence = Evidence().add(statements.rows, "said").add(record.names.all()).add(events.rows)
        evidence.add(record.descriptions.all()).add(record.organization_links.all())
        evidence.add(record.parent_links.all()).add(record.part_links.all())
        return super().get_context_data(
            statements=statements,
            events=events,
            evidence=evidence,
            jsonld=jsonld.initiative(self.object, site_of(self.request)),
            **kwargs,
        )
