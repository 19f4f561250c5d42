"""Events as iCalendar. Only events with a stated day: a year or a month is no entry in a calendar."""

from __future__ import annotations

import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views import View
from icalendar import Calendar
from icalendar import Event as Entry

from base.pages.views import RecordDetail, site_of

from .filters import EventFilter
from .models import Event

MOST = 1000


def days_of(event: Any) -> tuple[datetime.date, datetime.date] | None:
    """Return the first and last day of an event, or None if its source states no days."""
    ends = event.date.split("/")
    if not all(len(end) == 10 and end.replace("-", "").isdigit() for end in ends):
        return None
    return event.date_earliest, event.date_latest


def calendar(events: list[Any], site: str) -> bytes:
    """Return a calendar of these events, RFC 5545: whole days, stable UIDs, and no METHOD, so DTSTAMP is the last change."""
    sheet = Calendar()
    sheet.add("prodid", "-//On the Record//EN")
    sheet.add("version", "2.0")
    sheet.add("name", "On the Record")
    for event in events:
        days = days_of(event)
        if days is None:
            continue
        entry = Entry()
        entry.add("uid", f"{event.slug}@{site.split('://')[1]}")
        entry.add("dtstamp", event.updated_at)
        entry.add("last-modified", event.updated_at)
        entry.add("dtstart", days[0])
        entry.add("dtend", days[1] + datetime.timedelta(days=1))
        entry.add("summary", event.name)
        entry.add("url", site + event.get_absolute_url())
        if event.place:
            entry.add("location", event.place)
        sheet.add_component(entry)
    return bytes(sheet.to_ical())


def _answer(events: list[Any], request: HttpRequest, name: str) -> HttpResponse:
    return HttpResponse(
        calendar(events, site_of(request)),
        content_type="text/calendar; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}.ics"'},
    )


class EventCalendar(RecordDetail):
    """One event as a calendar file."""

    model = Event

    def address_of(self, record: Any) -> str:
        """A renamed event keeps its file."""
        return f"{record.get_absolute_url().rstrip('/')}.ics"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Return the file, or say that no day is stated."""
        event: Any = self.get_object()
        if days_of(event) is None:
            raise Http404(_("The day of “%s” is not stated, so it cannot be put into a calendar.") % event)
        return _answer([event], request, event.slug)


class EventsCalendar(View):
    """The events that a filter leaves, as one calendar to subscribe to."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Return the file; a filter that cannot be used is answered with 400 and its name."""
        filterset = EventFilter(request.GET, queryset=Event.objects.published())
        if not filterset.form.is_valid():
            said = "; ".join(f"{name}: {' '.join(errors)}" for name, errors in filterset.form.errors.items())
            return HttpResponse(f"{said}\n", status=400, content_type="text/plain; charset=utf-8")
        dated = filterset.qs.exclude(date="")[:MOST]
        return _answer(list(dated), request, "events")
