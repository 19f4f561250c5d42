"""Events in reconciliation: how they are matched, described and dated."""

from __future__ import annotations

import datetime

from django.utils.translation import get_language

from base.reconcile.matching import EntityKind, Property
from base.records.doubt import with_doubt
from base.text.dates import plain_bounds
from directory.api.reconcile import OTHER_NAMES, with_names
from events.models import Event


def _could_be_on(event: Event, given: str) -> bool:
    """Return whether both dates can mean the same day. What is no day, month, year or interval between two never does."""
    try:
        days = plain_bounds(given.strip())
    except ValueError:  # 2025-02-30
        return False
    if days is None:
        return False
    earliest, latest = days
    first, last = datetime.date.min, datetime.date.max
    return (earliest or first) <= (event.date_latest or last) and (event.date_earliest or first) <= (latest or last)


def _description(event: Event) -> str:
    """Return the kind, date and place of an event in one line, with its doubt."""
    place = event.text_in("place", get_language() or "en")
    line = ", ".join(filter(None, (str(event.get_event_kind_display()), event.date, place)))
    return with_doubt(line, event.certainty)


DATE = Property(
    "date",
    "date",
    "EDTF: a day, month or year, or an interval between two, such as 2025-03; a date agrees if some day can be meant by both.",
    lambda event: [{"str": event.date}] if event.date else [],
    _could_be_on,
)
KINDS = (EntityKind("Event", Event, with_names, _description, (DATE, OTHER_NAMES)),)
