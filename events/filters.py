"""What events and statements can be filtered and sorted by."""

from __future__ import annotations

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from directory.base.filters import BaseFilter, DayFilter, LinkedFilter, RecordFilter, WholeNumberFilter, ordering
from directory.base.provenance import Certainty
from directory.models import Initiative, Organization, Passage, Person, Source, Topic

from .models import Event, EventInitiative, EventOrganization, Participation, Statement, Wording
from .models.events import EventKind
from .models.statements import Attribution, StatementKind


class EventFilter(BaseFilter):
    """Events: by name, kind, participant, organization, initiative and day."""

    kind = django_filters.ChoiceFilter(field_name="event_kind", choices=EventKind.choices, label=_("Kind"))
    participant = LinkedFilter(Person, Participation, of="event", to="person", label=_("Participant"))
    organization = LinkedFilter(Organization, EventOrganization, of="event", to="organization", label=_("Organization"))
    initiative = LinkedFilter(Initiative, EventInitiative, of="event", to="initiative", label=_("Initiative"))
    after = DayFilter(field_name="date_latest", lookup_expr="gte", label=_("On or after"))
    before = DayFilter(field_name="date_earliest", lookup_expr="lte", label=_("On or before"))
    ordering = ordering(name="sort_key", date="date_latest", updated="updated_at")

    class Meta:
        model = Event
        fields: list[str] = []


class StatementFilter(BaseFilter):
    """Statements: by words, who spoke and for whom, where, about what, how it was said and where it is printed."""

    speaker = RecordFilter(Person, "speaker", label=_("Speaker"))
    organization = RecordFilter(
        Organization, "speaker_organization", "on_behalf_of", label=_("Organization speaking or spoken for")
    )
    on_behalf_of = RecordFilter(Organization, "on_behalf_of", label=_("On behalf of"))
    event = RecordFilter(Event, "event", label=_("Event"))
    initiative = RecordFilter(Initiative, "initiatives", label=_("Initiative"))
    topic = RecordFilter(Topic, "topics", label=_("Topic"))
    about_person = RecordFilter(Person, "about_people", label=_("About person"))
    about_organization = RecordFilter(Organization, "about_organizations", label=_("About organization"))
    kind = django_filters.ChoiceFilter(field_name="statement_kind", choices=StatementKind.choices, label=_("Kind"))
    attribution = django_filters.ChoiceFilter(choices=Attribution.choices, label=_("Attribution"))
    certainty = django_filters.ChoiceFilter(choices=Certainty.choices, label=_("Certainty"))
    source = RecordFilter(Source, method="in_source", label=_("Source"))
    paragraph = WholeNumberFilter(method="in_paragraph", min_value=1, max_value=1_000_000, label=_("Paragraph"))
    language = django_filters.CharFilter(method="in_language", max_length=35, label=_("Language of a wording"))
    ordering = ordering(date="sort_date", position="position", updated="updated_at")

    class Meta:
        model = Statement
        fields: list[str] = []

    def in_source(self, statements: QuerySet[Statement], name: str, source: Source | None) -> QuerySet[Statement]:
        """Keep what cites this source."""
        if source is None:
            return statements
        return statements.filter(
            pk__in=Statement.passages.through.objects.filter(passage__source=source).values("statement")
        )

    def in_paragraph(self, statements: QuerySet[Statement], name: str, number: int) -> QuerySet[Statement]:
        """Keep what cites a paragraph of this number, of the chosen source or of any."""
        passages = Passage.objects.published().filter(paragraph=number)
        if (source := self.form.cleaned_data.get("source")) is not None:
            passages = passages.filter(source=source)
        through = Statement.passages.through.objects.filter(passage__in=passages)
        return statements.filter(pk__in=through.values("statement"))

    def in_language(self, statements: QuerySet[Statement], name: str, language: str) -> QuerySet[Statement]:
        """Keep what has a public wording in this language."""
        wordings = Wording.objects.filter(Wording.published_q() & Q(language=language))
        return statements.filter(pk__in=wordings.values("statement"))
