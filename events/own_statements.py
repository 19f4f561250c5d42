"""What an event is said to have said itself, as a festival its hope: statements of a group that is called as the event is.

A statement names a person, an organization or a group. Where a source lets the event itself speak, the group is called by a name of
the event, and by that its page and the statement find each other. A name that two public events have says nothing of either.
"""

from __future__ import annotations

from django.db.models import Exists, OuterRef

from base.documents.plan import Document, plan_of
from base.documents.shapes import RecordRefSerializer
from base.pages.documents import page_loader
from base.records.provenance import Certainty
from base.sql.prepared import Row
from base.text.names import fold

from .cards import PLAN
from .models import Event, EventName, Statement

MOST_NAMES, MOST_STATEMENTS = 50, 12
EVENT = plan_of(RecordRefSerializer, Event, frozenset(), frozenset())


def own_statements(key: int) -> list[Row]:
    """Return the first public statements of the event with this key itself, as PLAN reads them. One query."""
    names = EventName.objects.published().exclude(certainty=Certainty.REJECTED)
    of_others = names.filter(folded=OuterRef("folded")).exclude(event=key)
    texts = names.filter(event=key).exclude(Exists(of_others)).order_by().values("text")
    rows = Statement.objects.published().filter(speaker_label__in=texts)
    return PLAN.read(rows.order_by(*Statement._meta.ordering or ())[:MOST_STATEMENTS])


def event_that_speaks(label: str) -> Document | None:
    """Return the one public event that is called as the group that speaks; None if there is none, or several. Two queries."""
    names = EventName.objects.published().exclude(certainty=Certainty.REJECTED).filter(folded=fold(label)[:1000])
    found = list(names.values_list("event", "text")[:MOST_NAMES])
    keys = {key for key, _text in found}
    if len(keys) != 1 or label not in {text for _key, text in found}:
        return None
    return page_loader().documents(EVENT, EVENT.read(Event.objects.filter(pk__in=keys)))[0]
