"""What hangs on people, organizations, initiatives and topics, as their pages show it.

Events belong to another app; they are reached by the names of the reverse relations.
"""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from base.lists.counting import MOST_ROWS
from base.pages.shapes import (
    ChoiceField,
    DescriptionSerializer,
    FactSerializer,
    FactsSerializer,
    LinkedSerializer,
    ListedSerializer,
    NameSerializer,
    ReferredSerializer,
    TagSerializer,
)


class PositionSerializer(FactSerializer):
    """A position that a person is said to hold."""

    role = serializers.CharField()
    certainty_name = ChoiceField("certainty")
    organization = ReferredSerializer()
    start = serializers.CharField()
    end = serializers.CharField()


class AppearanceSerializer(FactSerializer):
    """A part in an event: of a person, an organization or an initiative."""

    event_key = serializers.IntegerField(source="event_id")
    event = LinkedSerializer()
    role = ChoiceField("role")


class ShortPositionSerializer(serializers.Serializer[Any]):
    """A position in a list of people."""

    role = serializers.CharField()
    certainty = serializers.CharField()
    certainty_name = ChoiceField("certainty")
    organization = TagSerializer()


class PersonRowSerializer(ListedSerializer):
    """A person in a list."""

    affiliations = ShortPositionSerializer(many=True)


class PersonFacts(FactsSerializer):
    """What is recorded of a person."""

    lists = {"participations": MOST_ROWS}

    names = NameSerializer(many=True)
    affiliations = PositionSerializer(many=True)
    participations = AppearanceSerializer(many=True)


class MemberSerializer(FactSerializer):
    """Somebody who is said to hold a position at an organization."""

    person = LinkedSerializer()
    role = serializers.CharField()


class OrganizationInitiativeSerializer(FactSerializer):
    """An initiative that an organization has a part in."""

    initiative = LinkedSerializer()
    role = ChoiceField("role")


class OrganizationLinkSerializer(FactSerializer):
    """What the organization is to another one."""

    related = ReferredSerializer()
    role = ChoiceField("role")
    role_code = serializers.CharField(source="role")


class RelatedLinkSerializer(FactSerializer):
    """What another organization is to this one."""

    organization = LinkedSerializer()
    role = ChoiceField("role")


class OrganizationFacts(FactsSerializer):
    """What is recorded of an organization."""

    lists = {"affiliations": MOST_ROWS, "event_links": MOST_ROWS}

    names = NameSerializer(many=True)
    affiliations = MemberSerializer(many=True)
    event_links = AppearanceSerializer(many=True)
    initiative_links = OrganizationInitiativeSerializer(many=True)
    organization_links = OrganizationLinkSerializer(many=True)
    related_links = RelatedLinkSerializer(many=True)


class InitiativeOrganizationSerializer(FactSerializer):
    """An organization's part in an initiative."""

    organization = LinkedSerializer()
    role = ChoiceField("role")


class InitiativeParentSerializer(FactSerializer):
    """The initiative that this one is part of."""

    parent = ReferredSerializer()


class InitiativePartSerializer(FactSerializer):
    """An initiative that is part of this one."""

    initiative = LinkedSerializer()


class InitiativeFacts(FactsSerializer):
    """What is recorded of an initiative."""

    lists = {"event_links": MOST_ROWS}

    names = NameSerializer(many=True)
    descriptions = DescriptionSerializer(many=True)
    organization_links = InitiativeOrganizationSerializer(many=True)
    parent_links = InitiativeParentSerializer(many=True)
    part_links = InitiativePartSerializer(many=True)
    event_links = AppearanceSerializer(many=True)
