"""What hangs on events, as their pages show it."""

from __future__ import annotations

from rest_framework import serializers

from base.pages.shapes import (
    CitedSerializer,
    DescriptionSerializer,
    FactSerializer,
    FactsSerializer,
    LinkedSerializer,
    NameSerializer,
    ReferredSerializer,
)

MOST_PARTICIPANTS = 100


class ParticipantSerializer(FactSerializer):
    """A person's part in an event."""

    person = ReferredSerializer()
    role = serializers.CharField()


class OrganizationSerializer(FactSerializer):
    """An organization's part in an event."""

    organization = ReferredSerializer()
    role = serializers.CharField()


class InitiativeSerializer(FactSerializer):
    """What happened to an initiative at an event."""

    initiative = LinkedSerializer()
    role = serializers.CharField()


class ParentSerializer(FactSerializer):
    """The event that this one is part of."""

    parent = ReferredSerializer()


class PartSerializer(FactSerializer):
    """An event that is part of this one."""

    event = LinkedSerializer()


class EventFacts(CitedSerializer, FactsSerializer):
    """What is recorded of an event."""

    lists = {"participations": MOST_PARTICIPANTS}

    names = NameSerializer(many=True)
    descriptions = DescriptionSerializer(many=True)
    participations = ParticipantSerializer(many=True)
    organization_links = OrganizationSerializer(many=True)
    initiative_links = InitiativeSerializer(many=True)
    parent_links = ParentSerializer(many=True)
    part_links = PartSerializer(many=True)
