"""Lists and details of events and statements."""

from __future__ import annotations

from typing import Any

from django.db.models import Case, QuerySet, Value, When
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from directory.base.api.querysets import first_rows, number_of
from directory.base.api.views import RecordViewSet
from events.filters import EventFilter, StatementFilter
from events.models import Event, Participation, Statement
from events.models.links import ParticipationRole

from .serializers import EventSerializer, ParticipantSerializer, StatementSerializer

# Speakers before the public: alphabetical order would fill the first rows with attendees.
PROGRAMME = Case(*[When(role=role, then=Value(number)) for number, role in enumerate(ParticipationRole.values)])


class EventViewSet(RecordViewSet):
    """Events, who took part, and what they had to do with organizations and initiatives."""

    model = Event
    filterset_class = EventFilter
    serializer_class = EventSerializer

    def get_queryset(self) -> QuerySet[Any]:
        """Return the public events; of the participants of each only the first, and their number."""
        return (
            super()
            .get_queryset()
            .prefetch_related(first_rows("participations", self.participations()))
            .annotate(participants_count=number_of(Participation.objects.published(), "event"))
        )

    def participations(self) -> Any:
        """Return the public participations in the order of a programme."""
        rows = Participation.objects.published().with_passages().select_related("person")
        return rows.order_by(PROGRAMME, "person__sort_key", "uid")

    @action(detail=True, serializer_class=ParticipantSerializer)
    def participants(self, request: Request, id: str) -> Response:
        """Everybody who took part in the event, speakers first."""
        event = self.find(Event.objects.all())
        return self.rows(self.participations().filter(event=event))


class StatementViewSet(RecordViewSet):
    """Statements: who said what, where, on whose behalf, and the passage that proves it."""

    model = Statement
    filterset_class = StatementFilter
    serializer_class = StatementSerializer
