"""The filters and sort orders of people, organizations, initiatives, sources and topics.

People, organizations and initiatives can also be filtered by events. Events belong to an app above this one, so the filters
reach them through the names of reverse relations.
"""

from __future__ import annotations

from typing import cast

from django.core.validators import RegexValidator
from django.db.models import Field, Model
from django.db.models.fields.related_descriptors import ManyToManyDescriptor
from django.utils.translation import gettext_lazy as _

from base.lists.filters import (
    ChoiceFilter,
    DayFilter,
    LanguageFilter,
    RecordFilter,
    TextFilter,
    WholeNumberFilter,
    may_be_after,
    may_be_before,
)
from base.lists.filterset import BaseFilterSet
from base.lists.link_counts import LinkCount
from base.lists.ordering import ordering
from base.lists.relations import citations, firm, public, reverse
from base.records.provenance import Certainty
from base.records.records import Record

from .models import (
    Affiliation,
    Initiative,
    InitiativeName,
    InitiativeOrganization,
    InitiativePart,
    Organization,
    OrganizationLink,
    OrganizationName,
    Passage,
    Person,
    PersonName,
    Source,
    Topic,
    TopicName,
)
from .models.initiatives import InitiativeRole
from .models.links import OrganizationRelation
from .models.organizations import OrganizationKind
from .models.sources import SourceKind

MAX_PARAGRAPH = 1_000_000
# Statements belong to an app above this one, too.
STATEMENTS = LinkCount(("statements",))
STATEMENTS_FOR = LinkCount(("statements", "statements_on_behalf"))


def wikidata_filter() -> TextFilter:
    """Return a filter by the Wikidata id."""
    spelling = RegexValidator(r"^Q[1-9][0-9]*\Z", _("A Wikidata id looks like Q42."))
    label = _("Wikidata id")
    return TextFilter("wikidata", max_length=20, validators=[spelling], label=label, example="Q42", facet=False)


def citation_filters(
    passages: ManyToManyDescriptor[Passage, Model], owner: str = ""
) -> tuple[RecordFilter, WholeNumberFilter]:
    """Return the filters by cited source and by paragraph; used together, one and the same passage has to meet both.

    `passages` is the relation of the rows that cite: the records of the list, or, with `owner`, facts whose foreign key of
    that name leads to them.
    """
    cited = citations(passages, owner)
    limits = {"min_value": 1, "max_value": MAX_PARAGRAPH}
    return (
        RecordFilter(Source, "passage__source", links=cited, label=_("Source")),
        WholeNumberFilter("passage__paragraph", links=cited, label=_("Paragraph"), facet=False, example="12", **limits),
    )


def event_filters(model: type[Record], relation: str) -> tuple[RecordFilter, ChoiceFilter]:
    """Return the filters by event and by the role there; used together, one and the same link has to meet both.

    `relation` is the reverse relation of the model to its links with events.
    """
    links = reverse(model, relation)
    link = cast("type[Model]", model._meta.get_field(relation).related_model)
    roles = cast("Field[str, str]", link._meta.get_field("role")).choices
    event = cast("type[Record]", link._meta.get_field("event").related_model)
    return (
        RecordFilter(event, "event", links=links, label=_("Event")),
        ChoiceFilter("role", links=links, choices=roles, label=_("Role at an event")),
    )


def date_filters() -> tuple[DayFilter, DayFilter]:
    """Return the filters by the first and by the last day on which something may have happened."""
    return DayFilter(may_be_after, label=_("On or after")), DayFilter(may_be_before, label=_("On or before"))


class PersonFilter(BaseFilterSet):
    """People: by name, position, event, and where they are named."""

    positions = firm(Affiliation, "person")
    organization = RecordFilter(Organization, "organization", links=positions, label=_("Organization"))
    role = TextFilter("role", links=positions, max_length=200, label=_("Position"), example="director")
    position_certainty = ChoiceFilter(
        "certainty", links=public(Affiliation, "person"), choices=Certainty.choices, label=_("Certainty of a position")
    )
    event, event_role = event_filters(Person, "participations")
    language = LanguageFilter(links=firm(PersonName, "person"), label=_("Language of a name"))
    source, paragraph = citation_filters(PersonName.passages, "person")
    wikidata = wikidata_filter()
    ordering = ordering(name="sort_key", statements=STATEMENTS, updated="updated_at")

    class Meta:
        model = Person
        fields: list[str] = []


class OrganizationFilter(BaseFilterSet):
    """Organizations: by name, kind, people, initiatives, events, other organizations, and where they are named."""

    positions = firm(Affiliation, "organization")
    parts = firm(InitiativeOrganization, "organization")
    relations = firm(OrganizationLink, "organization")
    kind = ChoiceFilter("organization_kind", choices=OrganizationKind.choices, label=_("Kind"))
    person = RecordFilter(Person, "person", links=positions, label=_("Person"))
    initiative = RecordFilter(Initiative, "initiative", links=parts, label=_("Initiative"))
    initiative_role = ChoiceFilter(
        "role", links=parts, choices=InitiativeRole.choices, label=_("Role in an initiative")
    )
    event, event_role = event_filters(Organization, "event_links")
    related = RecordFilter(Organization, "related", links=relations, label=_("Linked to organization"))
    relation = ChoiceFilter("role", links=relations, choices=OrganizationRelation.choices, label=_("Link"))
    language = LanguageFilter(links=firm(OrganizationName, "organization"), label=_("Language of a name"))
    source, paragraph = citation_filters(OrganizationName.passages, "organization")
    wikidata = wikidata_filter()
    ordering = ordering(name="sort_key", statements=STATEMENTS_FOR, updated="updated_at")

    class Meta:
        model = Organization
        fields: list[str] = []


class InitiativeFilter(BaseFilterSet):
    """Initiatives: by name, organizations, events, the whole they are part of, and where they are named."""

    parts = firm(InitiativeOrganization, "initiative")
    organization = RecordFilter(Organization, "organization", links=parts, label=_("Organization"))
    role = ChoiceFilter("role", links=parts, choices=InitiativeRole.choices, label=_("Role of an organization"))
    event, event_role = event_filters(Initiative, "event_links")
    part_of = RecordFilter(Initiative, "parent", links=firm(InitiativePart, "initiative"), label=_("Part of"))
    language = LanguageFilter(links=firm(InitiativeName, "initiative"), label=_("Language of a name"))
    source, paragraph = citation_filters(InitiativeName.passages, "initiative")
    ordering = ordering(name="sort_key", statements=STATEMENTS, updated="updated_at")

    class Meta:
        model = Initiative
        fields: list[str] = []


class SourceFilter(BaseFilterSet):
    """Sources: by title, publisher or author, kind, language and date."""

    kind = ChoiceFilter("source_kind", choices=SourceKind.choices, label=_("Kind"))
    language = LanguageFilter()
    translated_from = LanguageFilter("translated_from", label=_("Translated from"), example="vi")
    publisher = TextFilter("publisher", max_length=300, label=_("Publisher"), example="Film Weekly")
    author = TextFilter("author", max_length=300, label=_("Author"), example="Ann Lee")
    after, before = date_filters()
    ordering = ordering(title="sort_key", date="date_latest", updated="updated_at")

    class Meta:
        model = Source
        fields: list[str] = []


class TopicFilter(BaseFilterSet):
    """Topics: by the language of a name."""

    language = LanguageFilter(links=firm(TopicName, "topic"), label=_("Language of a name"))
    ordering = ordering(name="sort_key", statements=STATEMENTS, updated="updated_at")

    class Meta:
        model = Topic
        fields: list[str] = []
