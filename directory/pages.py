"""The shapes of the pages of people, organizations and initiatives: those of the API, with events.

Events belong to an app above this one, so the shapes reach them through the names of reverse relations.
"""

from __future__ import annotations

from typing import ClassVar

from rest_framework import serializers

from base.documents.shapes import FactSerializer, PassageSerializer, RecordRefSerializer
from base.pages.documents import list_plan
from base.pages.lines import LineKind, register_line

from .api.serializers import InitiativeSerializer, OrganizationSerializer, PersonSerializer
from .models import Passage


class AppearanceSerializer(FactSerializer):
    """An event, and the role there of a person, an organization or an initiative."""

    event = RecordRefSerializer()
    role = serializers.ChoiceField([])  # each kind of record has its own choices, declared on its model


class PersonAppearanceSerializer(AppearanceSerializer):
    """An event, and the role of a person there."""

    event_key = serializers.IntegerField(source="event_id")


class PersonPageSerializer(PersonSerializer):
    """A person, with the events in which they took part."""

    appearances = PersonAppearanceSerializer(many=True, source="participations")


class OrganizationPageSerializer(OrganizationSerializer):
    """An organization, with the events it had a part in."""

    events = AppearanceSerializer(many=True, source="event_links")


class InitiativePageSerializer(InitiativeSerializer):
    """An initiative, with the events that launched or discussed it."""

    events = AppearanceSerializer(many=True, source="event_links")


class StatementCountSerializer(RecordRefSerializer):
    """A topic or initiative, with the number of statements about it that `most_used` counted."""

    annotations: ClassVar[tuple[str, ...]] = ("uses",)
    uses = serializers.IntegerField()


class TopicCountSerializer(StatementCountSerializer):
    """A topic, with the numbers of statements about it and of the people who make them."""

    annotations = ("uses", "people")
    people = serializers.IntegerField()


PASSAGE_MEMBERS = ("source", "paragraph", "start", "end", "check")

register_line(
    LineKind(Passage, list_plan(PassageSerializer, Passage, PASSAGE_MEMBERS), template="directory/_passage_line.html")
)
