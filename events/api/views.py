"""Lists and details of events and statements."""

from __future__ import annotations

from django.http.response import HttpResponseBase
from rest_framework.decorators import action
from rest_framework.request import Request

from base.api.views import RecordViewSet
from base.lists.paged_rows import PagedRows
from events.filters import EventFilter, StatementFilter
from events.models import Event, Participation, Statement

from .serializers import EventSerializer, ParticipantSerializer, StatementSerializer, participations


class EventViewSet(RecordViewSet):
    """Events, who took part, and what they had to do with organizations and initiatives."""

    model = Event
    tag_description = "What took place, who took part, and what it launched."
    filterset_class = EventFilter
    serializer_class = EventSerializer

    @action(detail=True, serializer_class=ParticipantSerializer, row_model=Participation)
    def participants(self, request: Request, id: str) -> HttpResponseBase:
        """Everybody who took part in the event, speakers first."""
        shape, rows = self.shape(), participations()
        return self.versioned(lambda: self.rows(PagedRows(rows.filter(event=self.find(Event.objects.all()))), shape))


class StatementViewSet(RecordViewSet):
    """Statements: who said what, where, on whose behalf, and the passage that proves it."""

    model = Statement
    tag_description = "Who said what, and the passage that proves it."
    filterset_class = StatementFilter
    serializer_class = StatementSerializer
