"""Events as iCalendar files. Only events with a stated day: a year or a month cannot be an entry of a calendar."""

from __future__ import annotations

import datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from icalendar import Calendar, Timezone, TimezoneStandard
from icalendar import Event as Entry

from base.documents.plan import Document
from base.pages.conditional import ConditionalFile
from base.pages.documents import list_plan, page_loader
from base.pages.jsonld import first_name
from base.pages.outputs import entries_of, open_to_scripts
from base.pages.views import RecordDetail, site_of
from base.records.doubt import certainty_label, is_doubtful, with_doubt
from base.records.permanent_ids import calendar_uid
from base.records.records import Record
from base.text.characters import storable
from base.text.dates import exact_date

from .filters import EventFilter
from .models import Event
from .pages import CALENDAR_MEMBERS, CalendarEventSerializer

MOST = 1000


def days_of(event: Document) -> tuple[datetime.date, datetime.date] | None:
    """Return the first and last day of an event, or None if its source states no days."""
    ends = event["date"].split("/")
    first, last = event["date_earliest"], event["date_latest"]
    if not (first and last and all(len(exact_date(end)) == len("2025-03-14") for end in ends)):
        return None
    return first, last


def calendar(events: list[Document], site: str) -> bytes:
    """Return a calendar of these events (RFC 5545) with whole days and stable UIDs; without METHOD, DTSTAMP is the last change."""
    file = Calendar()
    file.add("prodid", "-//On the Record//EN")
    file.add("version", "2.0")
    file.add("name", "On the Record")
    dated = [event for event in events if days_of(event)]
    for entry in entries_of(dated, "calendar", lambda event: calendar_entry(event, site)):
        file.add_component(entry)
    if not file.subcomponents:  # a calendar has to have a component (RFC 5545, 3.6); this one shows nothing
        file.add_component(utc())
    return bytes(file.to_ical())


def calendar_entry(event: Document, site: str) -> Entry:
    """Return the entry of an event with stated days. A doubtful one is tentative and says so in its summary."""
    days = days_of(event)
    assert days is not None
    entry = Entry()
    entry.add("uid", calendar_uid("event", event["key"]))
    entry.add("dtstamp", event["updated_at"])
    entry.add("last-modified", event["updated_at"])
    entry.add("dtstart", days[0])
    if days[1] < datetime.date.max:
        entry.add("dtend", days[1] + datetime.timedelta(days=1))
    else:  # there is no day behind the last one
        entry.add("duration", days[1] - days[0] + datetime.timedelta(days=1))
    certainty = event["certainty"]
    entry.add("summary", storable(with_doubt(first_name(event), certainty)))
    entry.add("categories", [certainty_label(certainty)])
    if is_doubtful(certainty):
        entry.add("status", "TENTATIVE")
    if event["note"]:
        entry.add("description", storable(event["note"]))
    entry.add("url", site + event["url"])
    if event["place"]:
        entry.add("location", storable(event["place"]))
    entry.to_ical()  # what cannot be written is noticed here, while only this event is concerned
    return entry


def utc() -> Timezone:
    """Return the time zone UTC."""
    zone, standard = Timezone(), TimezoneStandard()
    zone.add("tzid", "Etc/UTC")
    standard.add("dtstart", datetime.datetime(1970, 1, 1))
    standard.add("tzoffsetfrom", datetime.timedelta(0))
    standard.add("tzoffsetto", datetime.timedelta(0))
    zone.add_component(standard)
    return zone


def _file_response(events: list[Document], request: HttpRequest, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}.ics"'}
    body = calendar(events, site_of(request))
    return open_to_scripts(HttpResponse(body, content_type="text/calendar; charset=utf-8", headers=headers))


class EventCalendar(RecordDetail):
    """One event as a calendar file."""

    model = Event
    shape = CalendarEventSerializer
    members = CALENDAR_MEMBERS

    def address_of(self, record: Record) -> str:
        """Return the address of the file of a renamed event."""
        return f"{record.get_absolute_url().rstrip('/')}.ics"

    def get(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Return the file; 404 if no day is stated."""
        event = self.get_object()
        if days_of(event) is None:
            raise Http404(_("The day of “%s” is not stated, so it cannot be put into a calendar.") % first_name(event))
        return _file_response([event], request, event["id"])


class EventsCalendar(ConditionalFile):
    """The events that match the filters, as one calendar to subscribe to."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Return the file; an invalid filter is answered with 400 and its name."""
        filterset = EventFilter(request.GET, queryset=Event.objects.published())
        if not filterset.form.is_valid():
            errors_of_form = "; ".join(f"{name}: {' '.join(errors)}" for name, errors in filterset.form.errors.items())
            return HttpResponse(f"{errors_of_form}\n", status=400, content_type="text/plain; charset=utf-8")
        plan = list_plan(CalendarEventSerializer, Event, CALENDAR_MEMBERS)
        rows = plan.read(filterset.qs.exclude(date="")[:MOST])
        return _file_response(page_loader().documents(plan, rows), request, "events")
