"""Organizations: their names, people, initiatives, and how they stand to each other."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from directory.base.api.querysets import EMBEDDED
from directory.base.api.serializers import (
    AddressField,
    FactSerializer,
    LabelledSerializer,
    NameSerializer,
    RecordRefSerializer,
)
from directory.models import Organization
from directory.models.initiatives import InitiativeRole
from directory.models.links import OrganizationRelation
from directory.models.organizations import OrganizationKind

from .people import PositionSerializer


class OrganizationPersonSerializer(PositionSerializer):
    """Somebody who is said to hold a position at an organization."""

    person = RecordRefSerializer()


class OrganizationInitiativeSerializer(FactSerializer):
    """An initiative that an organization has a part in."""

    initiative = RecordRefSerializer()
    role = serializers.ChoiceField(InitiativeRole.choices, help_text="What the organization is to it.")


class RelatedOrganizationSerializer(FactSerializer):
    """How an organization stands to another."""

    organization = RecordRefSerializer(source="other", help_text="The other organization.")
    role = serializers.ChoiceField(OrganizationRelation.choices)
    inverse = serializers.BooleanField(
        help_text="false: this organization is `role` the other. true: the other is `role` this one."
    )


class OrganizationSerializer(LabelledSerializer):
    """A body that is named in a source."""

    kind = serializers.ChoiceField(OrganizationKind.choices, source="organization_kind")
    wikidata = serializers.CharField(help_text="Wikidata id, or empty.")
    names = NameSerializer(many=True)
    people = OrganizationPersonSerializer(
        many=True, source="first_affiliations", help_text=f"The first {EMBEDDED}; `people_url` has all."
    )
    people_count = serializers.IntegerField(help_text="How many rows `people_url` has.")
    people_url = AddressField("api:{kind}-people")
    initiatives = OrganizationInitiativeSerializer(many=True, source="initiative_links")
    organizations = serializers.SerializerMethodField(help_text="Other organizations.")
    statements_url = AddressField("api:statement-list", "organization", help_text="Said by it or on its behalf.")
    events_url = AddressField("api:event-list", "organization")

    @extend_schema_field(RelatedOrganizationSerializer(many=True))
    def get_organizations(self, organization: Organization) -> Any:
        """Return the links of both directions, those of this organization first."""
        links: list[Any] = [*organization.organization_links.all(), *organization.related_links.all()]
        for link in links:
            link.inverse = link.related_id == organization.pk
            link.other = link.organization if link.inverse else link.related
        return RelatedOrganizationSerializer(links, many=True, context=self.context).data
