"""The ids of all records that rows may name, held in memory: under 200 bytes a record, 8 more for each paragraph of a source."""

from __future__ import annotations

from array import array
from typing import Any

from base.records.records import Record
from base.records.successors import last_in_chain
from base.text.dates import UNDATED
from directory.models import Initiative, Organization, Person, Source, Topic
from events.models import Event

AT_A_TIME = 500
Day = str  # ISO 8601, as both databases take it


class RecordIds:
    """The primary keys of all records of a kind by public id. A former id has the key of the record it leads to today."""

    def __init__(self, model: type[Record]) -> None:
        self.label = str(model._meta.verbose_name)
        self.keys: dict[str, int] = {}
        merged_into: dict[int, int] = {}
        rows = model.objects.order_by().values_list("pk", "slug", "merged_into")
        for key, slug, successor in rows.iterator(AT_A_TIME):
            self.keys[slug] = key
            if successor is not None:
                merged_into[key] = successor
        relation: Any = model._meta.get_field("former_ids")  # type: ignore[misc]  # every kind of record has them
        former_ids = relation.related_model.objects.order_by().values_list("slug", "record")
        for slug, key in former_ids.iterator(AT_A_TIME):
            self.keys.setdefault(slug, key)
        for slug, key in self.keys.items() if merged_into else ():
            self.keys[slug] = last_in_chain(key, merged_into)
        public = model.objects.published().values("pk")
        self.hidden = set(model.objects.exclude(pk__in=public).order_by().values_list("pk", flat=True))


class ParagraphSpans:
    """Where the paragraphs of every source lie, and which sources have their text stored."""

    def __init__(self) -> None:
        self.begin, self.length = array("I"), array("I")
        self.first: dict[
            int, tuple[int, int]
        ] = {}  # by source: where its paragraphs begin in the arrays, and how many there are
        for key, spans in Source.objects.order_by().values_list("pk", "paragraphs").iterator(AT_A_TIME):
            self.first[key] = (len(self.begin), len(spans))
            self.begin.extend(span[0] for span in spans)
            self.length.extend(span[1] for span in spans)
        self.with_text = set(Source.objects.exclude(text="").order_by().values_list("pk", flat=True))

    def holds(self, source: int, paragraph: int, start: int, end: int) -> bool:
        """Return whether this span lies in this paragraph of the source; paragraphs are counted from 1."""
        first, count = self.first[source]
        if not 1 <= paragraph <= count:
            return False
        begin = self.begin[first + paragraph - 1]
        return begin <= start < end <= begin + self.length[first + paragraph - 1]

    def paragraph_of(self, source: int, start: int, end: int) -> int | None:
        """Return the paragraph that holds this span, or None if none does."""
        _first, count = self.first[source]
        return next((number for number in range(1, count + 1) if self.holds(source, number, start, end)), None)


class References:
    """Everything that a row may name, except statements and passages, which are looked up for each batch."""

    def __init__(self) -> None:
        self.people, self.organizations = RecordIds(Person), RecordIds(Organization)
        self.initiatives, self.topics = RecordIds(Initiative), RecordIds(Topic)
        self.events, self.sources = RecordIds(Event), RecordIds(Source)
        self.paragraphs = ParagraphSpans()
        self.languages = dict(Source.objects.order_by().values_list("pk", "language").iterator(AT_A_TIME))
        # The date of an event as text, and the day by which statements without a date of their own are sorted.
        self.dates: dict[int, tuple[str, Day]] = {}
        dated = Event.objects.exclude(date="").order_by().values_list("pk", "date", "date_earliest", "date_latest")
        for key, date, earliest, latest in dated.iterator(AT_A_TIME):
            self.dates[key] = (date, (earliest or latest or UNDATED).isoformat())
