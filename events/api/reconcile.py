"""What events can be asked for in reconciliation."""

from __future__ import annotations

import datetime
from typing import Any

from base.reconcile.matching import EntityKind, Property
from base.text.dates import bounds
from directory.api.reconcile import OTHER_NAMES, with_names
from events.models import Event


def _could_be_on(event: Any, given: str) -> bool:
    """Whether some day can be meant by both dates. What is no EDTF date agrees with nothing."""
    try:
        earliest, latest = bounds(given.strip()[:60])
    except ValueError:
        return False
    first, last = datetime.date.min, datetime.date.max
    return (earliest or first) <= (event.date_latest or last) and (event.date_earliest or first) <= (latest or last)


def _in_a_line(event: Any) -> str:
    """Say what sort of event it is, when and where."""
    return ", ".join(filter(None, (str(event.get_event_kind_display()), event.date, event.place)))


DATE = Property(
    "date",
    "date",
    "EDTF, such as 2025 or 2025-03-14; a date agrees if some day can be meant by both.",
    lambda event: [{"str": event.date}] if event.date else [],
    _could_be_on,
)
KINDS = (EntityKind("Event", Event, with_names, _in_a_line, (DATE, OTHER_NAMES)),)
