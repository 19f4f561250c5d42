"""What events and statements can be filtered and sorted by."""

from __future__ import annotations

import datetime

from django import forms
from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from base.lists.filters import (
    AnyRecordFilter,
    ChoiceFilter,
    DayFilter,
    LanguageFilter,
    RecordFilter,
    TextFilter,
    ValueFilter,
)
from base.lists.filterset import BaseFilterSet
from base.lists.ordering import ordering
from base.lists.relations import firm, pairs, public
from base.records.provenance import Certainty
from base.records.records import Record
from base.sql.lookup_or_scan import LookupOrScan, choose_conditions, linked_row_exists
from base.text.dates import UNDATED
from directory.filters import STATEMENTS, citation_filters, date_filters
from directory.models import Initiative, Organization, Person, Topic

from .models import (
    Event,
    EventInitiative,
    EventName,
    EventOrganization,
    EventPart,
    Participation,
    Statement,
    Wording,
)
from .models.events import EventKind
from .models.links import EventInitiativeRole, EventOrganizationRole, ParticipationRole
from .models.statements import Attribution, Nature, StatementKind


class EventFilter(BaseFilterSet):
    """Events: by name, kind, day, place, who and what had to do with them and as what, and the sources that name them."""

    participations = firm(Participation, "event")
    organizations = firm(EventOrganization, "event")
    initiatives = firm(EventInitiative, "event")
    kind = ChoiceFilter("event_kind", choices=EventKind.choices, label=_("Kind"))
    participant = RecordFilter(Person, "person", links=participations, label=_("Participant"))
    role = ChoiceFilter(
        "role", links=participations, choices=ParticipationRole.choices, label=_("Role of a participant")
    )
    organization = RecordFilter(Organization, "organization", links=organizations, label=_("Organization"))
    organization_role = ChoiceFilter(
        "role", links=organizations, choices=EventOrganizationRole.choices, label=_("Role of an organization")
    )
    initiative = RecordFilter(Initiative, "initiative", links=initiatives, label=_("Initiative"))
    initiative_role = ChoiceFilter(
        "role", links=initiatives, choices=EventInitiativeRole.choices, label=_("What happened to an initiative")
    )
    part_of = RecordFilter(Event, "parent", links=firm(EventPart, "event"), label=_("Part of"))
    place = TextFilter("place", max_length=200, label=_("Place"), example="Cambridge")
    after, before = date_filters()
    certainty = ChoiceFilter("certainty", choices=Certainty.choices, label=_("Certainty"))
    language = LanguageFilter(links=firm(EventName, "event"), label=_("Language of a name"))
    source, paragraph = citation_filters(Event.passages)
    ordering = ordering(name="sort_key", date="date_latest", statements=STATEMENTS, updated="updated_at")

    class Meta:
        model = Event
        fields: list[str] = []


def after(day: datetime.date) -> Q:
    """Return the condition that a statement is sorted by this day or a later one."""
    return Q(sort_date__gte=day, sort_date__gt=UNDATED)


def before(day: datetime.date) -> Q:
    """Return the condition that a statement is sorted by this day or an earlier one."""
    return Q(sort_date__lte=day, sort_date__gt=UNDATED)


class ProvenFilter(ValueFilter):
    """Statements with or without a verbatim wording that its passage proves."""

    field_class = forms.ChoiceField
    wordings = public(Wording, "statement")
    printed = Q(nature=Nature.VERBATIM, proven=True)

    def __init__(self, *, label: str | Promise) -> None:
        super().__init__(facet=False, choices=[("true", _("yes")), ("false", _("no"))], label=label)

    def filter(self, qs: QuerySet[Record], value: str) -> QuerySet[Record]:
        """Keep the statements with proven words, or those without."""
        return qs.filter(*choose_conditions(qs.db, [self.lookup_or_scan(qs, value)])) if value else qs

    def lookup_or_scan(self, rows: QuerySet[Record], value: str) -> LookupOrScan:
        """Return the condition on the statement. Those without proven words are always many, so they are scanned."""
        if value == "true":
            return self.wordings.lookup_or_scan(self.printed)
        return LookupOrScan(
            linked_row_exists(self.wordings.rows().filter(self.printed), self.wordings.of, negated=True)
        )

    def twin(self) -> None:
        """Return nothing: a twin would select “yes” and “no” together, which is everything."""


class StatementFilter(BaseFilterSet):
    """Statements: by words, who spoke and for whom, where, about what, how it was said and where it is printed."""

    wordings = public(Wording, "statement")
    topics = pairs(Statement.topics)
    initiatives = pairs(Statement.initiatives)
    people = pairs(Statement.about_people)
    organizations = pairs(Statement.about_organizations)
    speaker = RecordFilter(Person, "speaker", missing=_("no person named"), label=_("Speaker"))
    organization = RecordFilter(
        Organization, "speaker_organization", "on_behalf_of", label=_("Organization speaking or spoken for")
    )
    speaker_organization = RecordFilter(Organization, "speaker_organization", label=_("Organization speaking"))
    speaker_label = TextFilter("speaker_label", max_length=200, label=_("Group speaking"), example="delegates")
    role_at_time = TextFilter("role_at_time", max_length=200, label=_("Role at the time"), example="film director")
    on_behalf_of = RecordFilter(Organization, "on_behalf_of", label=_("On behalf of"))
    event = RecordFilter(Event, "event", label=_("Event"))
    initiative = RecordFilter(Initiative, "initiative", links=initiatives, label=_("Initiative"))
    topic = RecordFilter(Topic, "topic", links=topics, label=_("Topic"))
    about_person = RecordFilter(Person, "person", links=people, label=_("About person"))
    about_organization = RecordFilter(Organization, "organization", links=organizations, label=_("About organization"))
    about = AnyRecordFilter(
        (Person, people, "person"),
        (Organization, organizations, "organization"),
        (Initiative, initiatives, "initiative"),
        label=_("About"),
        example="aiws-film-park",
    )
    kind = ChoiceFilter("statement_kind", choices=StatementKind.choices, label=_("Kind"))
    attribution = ChoiceFilter("attribution", choices=Attribution.choices, label=_("Attribution"))
    certainty = ChoiceFilter("certainty", choices=Certainty.choices, label=_("Certainty"))
    source, paragraph = citation_filters(Statement.passages)
    language = LanguageFilter(links=wordings, label=_("Language of a wording"))
    nature = ChoiceFilter("nature", links=wordings, choices=Nature.choices, label=_("Nature of a wording"))
    proven = ProvenFilter(label=_("Words as printed, proven"))
    after = DayFilter(after, label=_("On or after"))
    before = DayFilter(before, label=_("On or before"))
    ordering = ordering(date="sort_date", position="position", updated="updated_at")

    class Meta:
        model = Statement
        fields: list[str] = []
