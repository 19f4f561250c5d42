"""Initiatives: their names, descriptions, organizations and parts."""

from rest_framework import serializers

from base.documents.plan import register
from base.documents.shapes import (
    AddressField,
    DescriptionSerializer,
    FactSerializer,
    LabelledSerializer,
    NameSerializer,
    RecordRefSerializer,
)
from directory.models import Initiative
from directory.models.initiatives import InitiativeRole


class InitiativeOrganizationSerializer(FactSerializer):
    """An organization's part in an initiative."""

    organization = RecordRefSerializer()
    role = serializers.ChoiceField(InitiativeRole.choices)


class InitiativeParentSerializer(FactSerializer):
    """The initiative that this one is part of."""

    initiative = RecordRefSerializer(source="parent")


class InitiativePartSerializer(FactSerializer):
    """An initiative that is part of this one."""

    initiative = RecordRefSerializer()


class InitiativeSerializer(LabelledSerializer):
    """A project, programme or plan that is named in a source."""

    names = NameSerializer(many=True)
    descriptions = DescriptionSerializer(many=True)
    organizations = InitiativeOrganizationSerializer(many=True, source="organization_links")
    part_of = InitiativeParentSerializer(many=True, source="parent_links")
    parts = InitiativePartSerializer(many=True, source="part_links")
    statements_url = AddressField("api:statement-list", "initiative", help_text="Said about it.")
    events_url = AddressField("api:event-list", "initiative", help_text="Events that launched or discussed it.")


register(Initiative, InitiativeSerializer)
