"""What pages of people, organizations and initiatives show beyond the shapes of the API.

Events belong to another app; they are reached by the names of the reverse relations.
"""

from __future__ import annotations

from rest_framework import serializers

from base.documents.shapes import FactSerializer, PassageSerializer, RecordRefSerializer
from base.pages.documents import list_plan
from base.pages.lines import LineKind, register_line

from .api.serializers import InitiativeSerializer, OrganizationSerializer, PersonSerializer
from .models import Passage


class AppearanceSerializer(FactSerializer):
    """A part in an event: of a person, an organization or an initiative."""

    event = RecordRefSerializer()
    role = serializers.ChoiceField([])  # those of the model: each kind of record has its own


class PersonAppearanceSerializer(AppearanceSerializer):
    """A person's part in an event."""

    event_key = serializers.IntegerField(source="event_id")


class PersonPageSerializer(PersonSerializer):
    """A person, with the events where they appeared."""

    appearances = PersonAppearanceSerializer(many=True, source="participations")


class OrganizationPageSerializer(OrganizationSerializer):
    """An organization, with the events it had a part in."""

    events = AppearanceSerializer(many=True, source="event_links")


class InitiativePageSerializer(InitiativeSerializer):
    """An initiative, with the events that launched or discussed it."""

    events = AppearanceSerializer(many=True, source="event_links")


class UsedSerializer(RecordRefSerializer):
    """A topic or initiative, and how many of certain statements are about it."""

    annotations = ("uses",)
    uses = serializers.IntegerField()


PASSAGE_MEMBERS = ("source", "paragraph", "start", "end", "check")

register_line(
    LineKind(Passage, list_plan(PassageSerializer, Passage, PASSAGE_MEMBERS), template="directory/_passage_line.html")
)
