"""The pages of organizations."""

from typing import Any

from django.db.models import Q

from directory import jsonld
from directory.base.evidence import Evidence
from directory.base.views import RecordDetail, RecordList, shown, shown_statements, site_of
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
        statements: Any = record.statements.model.objects.published()
        by_it = statements.filter(Q(speaker_organization=record) | Q(on_behalf_of=record))
        spoken, about = shown_statements(by_it, record.statements_about)
        people = shown(record.affiliations.published().select_related("person").with_passages())
        events = shown(record.event_links.published().select_related("event").with_passages())
        evidence = Evidence().add(spoken.rows, "said").add(about.rows, "said").add(record.names.all())
        evidence.add(people.rows).add(events.rows).add(record.initiative_links.all())
        evidence.add(record.organization_links.all()).add(record.related_links.all())
        return super().get_context_data(
            spoken=spoken,
            about=about,
            people=people,
            events=events,
            evidence=evidence,
            jsonld=jsonld.organization(self.object, site_of(self.request)),
            **kwargs,
        )
