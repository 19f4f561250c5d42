"""Events as iCalendar files. Only events with a stated day: a year or a month cannot be an entry of a calendar."""

from __future__ import annotations

import datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views import View
from icalendar import Calendar
from icalendar import Event as Entry

from base.documents.plan import Document
from base.pages.documents import list_plan, page_loader
from base.pages.jsonld import first_name
from base.pages.views import RecordDetail, site_of
from base.records.records import Record
from base.text.characters import storable

from .api.serializers import EventSerializer
from .filters import EventFilter
from .models import Event

MOST = 1000
MEMBERS = ("id", "url", "name", "name_language", "date", "date_earliest", "date_latest", "place", "updated_at")


def days_of(event: Document) -> tuple[datetime.date, datetime.date] | None:
    """Return the first and last day of an event, or None if its source states no days."""
    ends = event["date"].split("/")
    if not all(len(end) == 10 and end.replace("-", "").isdigit() for end in ends):
        return None
    return event["date_earliest"], event["date_latest"]


def calendar(events: list[Document], site: str) -> bytes:
    """Return a calendar of these events (RFC 5545) with whole days and stable UIDs; without METHOD, DTSTAMP is the last change."""
    file = Calendar()
    file.add("prodid", "-//On the Record//EN")
    file.add("version", "2.0")
    file.add("name", "On the Record")
    for event in events:
        days = days_of(event)
        if days is None:
            continue
        entry = Entry()
        entry.add("uid", f"{event['id']}@{site.split('://')[1]}")
        entry.add("dtstamp", event["updated_at"])
        entry.add("last-modified", event["updated_at"])
        entry.add("dtstart", days[0])
        entry.add("dtend", days[1] + datetime.timedelta(days=1))
        entry.add("summary", storable(first_name(event)))
        entry.add("url", site + event["url"])
        if event["place"]:
            entry.add("location", storable(event["place"]))
        file.add_component(entry)
    return bytes(file.to_ical())


def _file_response(events: list[Document], request: HttpRequest, name: str) -> HttpResponse:
    return HttpResponse(
        calendar(events, site_of(request)),
        content_type="text/calendar; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}.ics"'},
    )


class EventCalendar(RecordDetail):
    """One event as a calendar file."""

    model = Event
    shape = EventSerializer
    members = MEMBERS

    def address_of(self, record: Record) -> str:
        """Return the address of the file of a renamed event."""
        return f"{record.get_absolute_url().rstrip('/')}.ics"

    def get(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Return the file; 404 if no day is stated."""
        event = self.get_object()
        if days_of(event) is None:
            raise Http404(_("The day of “%s” is not stated, so it cannot be put into a calendar.") % first_name(event))
        return _file_response([event], request, event["id"])


class EventsCalendar(View):
    """The events that match the filters, as one calendar to subscribe to."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Return the file; an invalid filter is answered with 400 and its name."""
        filterset = EventFilter(request.GET, queryset=Event.objects.published())
        if not filterset.form.is_valid():
            errors_of_form = "; ".join(f"{name}: {' '.join(errors)}" for name, errors in filterset.form.errors.items())
            return HttpResponse(f"{errors_of_form}\n", status=400, content_type="text/plain; charset=utf-8")
        plan = list_plan(EventSerializer, Event, MEMBERS)
        rows = plan.read(filterset.qs.exclude(date="")[:MOST])
        return _file_response(page_loader().documents(plan, rows), request, "events")
