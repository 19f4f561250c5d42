"""Lists and details of people, organizations, initiatives, sources and topics."""

from __future__ import annotations

from typing import Any

from django.db.models import Prefetch, QuerySet
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from directory.base.api.querysets import first_rows, number_of
from directory.base.api.views import RecordViewSet
from directory.base.records import NamedQuerySet
from directory.filters import InitiativeFilter, OrganizationFilter, PersonFilter, SourceFilter, TopicFilter
from directory.models import (
    Affiliation,
    Initiative,
    InitiativeOrganization,
    Organization,
    OrganizationLink,
    Person,
    Source,
    Topic,
)

from . import serializers


class PersonViewSet(RecordViewSet):
    """People, every spelling of their names, and the positions they are said to hold."""

    model = Person
    filterset_class = PersonFilter
    serializer_class = serializers.PersonSerializer


class OrganizationViewSet(RecordViewSet):
    """Organizations, their names, people and initiatives."""

    model = Organization
    filterset_class = OrganizationFilter
    serializer_class = serializers.OrganizationSerializer

    def get_queryset(self) -> QuerySet[Any]:
        """Return the public organizations; of the people of each only the first, and their number."""
        links = OrganizationLink.objects.published().with_passages()
        initiatives = InitiativeOrganization.objects.published().with_passages()
        return (
            NamedQuerySet.for_detail(Organization.objects.published())
            .prefetch_related(
                first_rows("affiliations", self.positions()),
                Prefetch("initiative_links", initiatives.select_related("initiative")),
                Prefetch("organization_links", links.select_related("related")),
                Prefetch("related_links", links.select_related("organization")),
            )
            .annotate(people_count=number_of(Affiliation.objects.published(), "organization"))
        )

    def positions(self) -> Any:
        """Return the public positions at organizations, in the order of an answer."""
        rows = Affiliation.objects.published().with_passages().select_related("person")
        return rows.order_by("position", "person__sort_key", "uid")

    @action(detail=True, serializer_class=serializers.OrganizationPersonSerializer)
    def people(self, request: Request, id: str) -> Response:
        """Everybody who is said to hold a position at the organization."""
        organization = self.find(Organization.objects.all())
        return self.rows(self.positions().filter(organization=organization))


class InitiativeViewSet(RecordViewSet):
    """Initiatives, what they are said to be, and who takes part."""

    model = Initiative
    filterset_class = InitiativeFilter
    serializer_class = serializers.InitiativeSerializer


class SourceViewSet(RecordViewSet):
    """Sources that were read: title, date, and what is needed to check a copy. Never the words."""

    model = Source
    filterset_class = SourceFilter
    serializer_class = serializers.SourceSerializer


class TopicViewSet(RecordViewSet):
    """Topics: a short controlled list."""

    model = Topic
    filterset_class = TopicFilter
    serializer_class = serializers.TopicSerializer
