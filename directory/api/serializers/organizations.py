"""Organizations: their names, people, initiatives, and how they stand to each other."""

from __future__ import annotations

import functools

from django.db.models import QuerySet, Value
from django.db.models.expressions import Combinable
from rest_framework import serializers

from base.documents.plan import register
from base.documents.rows import EMBEDDED, Rows, number_of
from base.documents.shapes import AddressField, FactSerializer, LabelledSerializer, NameSerializer, RecordRefSerializer
from directory.models import Affiliation, Organization, OrganizationLink
from directory.models.initiatives import InitiativeRole
from directory.models.links import OrganizationRelation
from directory.models.organizations import OrganizationKind

from .people import PositionSerializer


class OrganizationPersonSerializer(PositionSerializer):
    """Somebody who is said to hold a position at an organization."""

    person = RecordRefSerializer()


class OrganizationInitiativeSerializer(FactSerializer):
    """An initiative that an organization has a part in."""

    initiative = RecordRefSerializer()
    role = serializers.ChoiceField(InitiativeRole.choices, help_text="What the organization is to it.")


class RelatedOrganizationSerializer(FactSerializer):
    """How an organization stands to another."""

    organization = RecordRefSerializer(source="other", help_text="The other organization.")
    role = serializers.ChoiceField(OrganizationRelation.choices)
    inverse = serializers.BooleanField(
        help_text="false: this organization is `role` the other. true: the other is `role` this one."
    )


class OrganizationSerializer(LabelledSerializer):
    """A body that is named in a source."""

    kind = serializers.ChoiceField(OrganizationKind.choices, source="organization_kind")
    wikidata = serializers.CharField(help_text="Wikidata id, or empty.")
    names = NameSerializer(many=True)
    people = OrganizationPersonSerializer(
        many=True, source="affiliations", help_text=f"The first {EMBEDDED}; `people_url` has all."
    )
    people_count = serializers.IntegerField(help_text="How many rows `people_url` has.")
    people_url = AddressField("api:{kind}-people")
    initiatives = OrganizationInitiativeSerializer(many=True, source="initiative_links")
    organizations = RelatedOrganizationSerializer(many=True, help_text="Other organizations.")
    statements_url = AddressField("api:statement-list", "organization", help_text="Said by it or on its behalf.")
    events_url = AddressField("api:event-list", "organization")

    @staticmethod
    def rows() -> dict[str, list[Rows]]:
        """Return how the nested lists are read: the first positions, and links in both directions, its own links first."""
        links: tuple[dict[str, str | Combinable], ...] = (
            {"inverse": Value(False), "other_id": "related_id"},
            {"inverse": Value(True), "other_id": "organization_id"},
        )
        return {
            "affiliations": [Rows("organization", positions, cut=EMBEDDED)],
            "organizations": [
                Rows(owner, functools.partial(OrganizationLink.objects.published, (owner,)), columns)
                for owner, columns in zip(("organization", "related"), links, strict=True)
            ],
        }

    @staticmethod
    def expressions() -> dict[str, Combinable]:
        """Return the members that are computed in SQL: the number of positions."""
        return {"people_count": number_of(Affiliation.objects.published(("organization",)), "organization")}


def positions() -> QuerySet[Affiliation]:
    """Return the public positions at public organizations, in the order of the API."""
    rows: QuerySet[Affiliation] = Affiliation.objects.published(("organization",))
    return rows.order_by("position", "person__sort_key", "uid")


register(Organization, OrganizationSerializer)
