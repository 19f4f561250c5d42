"""What each kind in `directory` can be filtered and sorted by."""

from __future__ import annotations

import django_filters
from django.utils.translation import gettext_lazy as _

from .base.filters import BaseFilter, LinkedFilter, ordering
from .models import Affiliation, Initiative, InitiativeOrganization, Organization, Person, Source, Topic
from .models.organizations import OrganizationKind
from .models.sources import SourceKind


class PersonFilter(BaseFilter):
    """People: by name and by organization."""

    organization = LinkedFilter(Organization, Affiliation, of="person", to="organization", label=_("Organization"))
    ordering = ordering(name="sort_key", updated="updated_at")

    class Meta:
        model = Person
        fields: list[str] = []


class OrganizationFilter(BaseFilter):
    """Organizations: by name, kind, person and initiative."""

    kind = django_filters.ChoiceFilter(
        field_name="organization_kind", choices=OrganizationKind.choices, label=_("Kind")
    )
    person = LinkedFilter(Person, Affiliation, of="organization", to="person", label=_("Person"))
    initiative = LinkedFilter(
        Initiative, InitiativeOrganization, of="organization", to="initiative", label=_("Initiative")
    )
    ordering = ordering(name="sort_key", updated="updated_at")

    class Meta:
        model = Organization
        fields: list[str] = []


class InitiativeFilter(BaseFilter):
    """Initiatives: by name and by organization."""

    organization = LinkedFilter(
        Organization, InitiativeOrganization, of="initiative", to="organization", label=_("Organization")
    )
    ordering = ordering(name="sort_key", updated="updated_at")

    class Meta:
        model = Initiative
        fields: list[str] = []


class SourceFilter(BaseFilter):
    """Sources: by title, publisher or author, kind and language."""

    kind = django_filters.ChoiceFilter(field_name="source_kind", choices=SourceKind.choices, label=_("Kind"))
    language = django_filters.CharFilter(field_name="language", max_length=35, label=_("Language"))
    ordering = ordering(title="sort_key", date="date_latest", updated="updated_at")

    class Meta:
        model = Source
        fields: list[str] = []


class TopicFilter(BaseFilter):
    """Topics: by name."""

    ordering = ordering(name="sort_key", updated="updated_at")

    class Meta:
        model = Topic
        fields: list[str] = []
