"""Lists and details of people, organizations, initiatives, sources and topics."""

from __future__ import annotations

from django.http.response import HttpResponseBase
from rest_framework.decorators import action
from rest_framework.request import Request

from base.api.views import RecordViewSet
from base.documents.shapes import PassageSerializer
from base.lists.paged_rows import PagedRows
from directory.filters import InitiativeFilter, OrganizationFilter, PersonFilter, SourceFilter, TopicFilter
from directory.models import Affiliation, Initiative, Organization, Passage, Person, Source, Topic

from . import serializers


class PersonViewSet(RecordViewSet):
    """People, every spelling of their names, and the positions they are said to hold."""

    model = Person
    tag_description = "Who spoke or took part: every spelling, every position."
    filterset_class = PersonFilter
    serializer_class = serializers.PersonSerializer


class OrganizationViewSet(RecordViewSet):
    """Organizations, their names, people and initiatives."""

    model = Organization
    tag_description = "Bodies that are named, their people and initiatives."
    filterset_class = OrganizationFilter
    serializer_class = serializers.OrganizationSerializer

    @action(detail=True, serializer_class=serializers.OrganizationPersonSerializer, row_model=Affiliation)
    def people(self, request: Request, id: str) -> HttpResponseBase:
        """Everybody who is said to hold a position at the organization."""
        shape = self.shape()
        rows = serializers.positions()
        return self.versioned(
            lambda: self.rows(PagedRows(rows.filter(organization=self.find(Organization.objects.all()).pk)), shape)
        )


class InitiativeViewSet(RecordViewSet):
    """Initiatives, what they are said to be, and who takes part."""

    model = Initiative
    tag_description = "Projects and programmes, and who stands behind them."
    filterset_class = InitiativeFilter
    serializer_class = serializers.InitiativeSerializer


class SourceViewSet(RecordViewSet):
    """Sources that were read: title, date, and what is needed to check a copy. Never the words."""

    model = Source
    tag_description = "What was read, and how to check a copy of it."
    filterset_class = SourceFilter
    serializer_class = serializers.SourceSerializer

    @action(detail=True, serializer_class=PassageSerializer, row_model=Passage)
    def passages(self, request: Request, id: str) -> HttpResponseBase:
        """Every passage on record of the source, in reading order: what a copy of the text is checked with."""
        shape = self.shape()
        rows = Passage.objects.published().order_by("start", "end")
        return self.versioned(
            lambda: self.rows(PagedRows(rows.filter(source=self.find(Source.objects.all()).pk)), shape)
        )


class TopicViewSet(RecordViewSet):
    """Topics: a short controlled list."""

    model = Topic
    tag_description = "What statements are about."
    filterset_class = TopicFilter
    serializer_class = serializers.TopicSerializer
