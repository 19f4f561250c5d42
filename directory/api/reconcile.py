"""The kinds of entity and the properties that the reconciliation service knows of people, organizations and initiatives."""

from __future__ import annotations

from typing import cast

from django.db.models import Prefetch
from django.utils.translation import get_language

from base.reconcile.matching import EntityKind, Property, Value
from base.records.doubt import with_doubt
from base.records.names import Name
from base.records.resolution import RecordQuerySet
from base.text.names import fold
from directory.models import Affiliation, Initiative, Organization, OrganizationName, Person

RecordWithNames = Person | Organization | Initiative


def with_names(records: RecordQuerySet) -> RecordQuerySet:
    """Load each record with its public names that are not rejected."""
    names = cast("type[Name]", records.model._meta.get_field("names").related_model).objects.firm()
    return records.prefetch_related(Prefetch("names", names))


def _with_positions(people: RecordQuerySet) -> RecordQuerySet:
    """Load each person with their names, and with their positions and every name of the organizations there."""
    names = Prefetch("organization__names", OrganizationName.objects.firm())
    positions = Affiliation.objects.firm().select_related("organization").prefetch_related(names)
    return with_names(people).prefetch_related(Prefetch("affiliations", positions))


def _organizations(person: Person) -> list[Organization]:
    positions = person.affiliations.all()
    return list({row.organization.pk: row.organization for row in positions if row.organization}.values())


def _affiliations(person: Person) -> list[Value]:
    return [{"id": f"organizations/{row.slug}", "name": row.name} for row in _organizations(person)]


def _is_affiliated(person: Person, given: str) -> bool:
    """Return whether the person holds a position at the organization with this id or name."""
    folded = fold(given)
    for organization in _organizations(person):
        if given in (organization.slug, f"organizations/{organization.slug}"):
            return True
        if any(name.folded == folded for name in organization.names.all()):
            return True
    return False


def _positions(person: Person) -> str:
    """Return the first two positions of the person, in one line, each with its doubt."""
    positions = []
    for row in person.affiliations.all()[:2]:
        role = row.text_in("role", get_language() or "en")
        position = f"{role}, {row.organization.name}" if row.organization else role
        positions.append(with_doubt(position, row.certainty))
    return "; ".join(positions)


def _names(record: RecordWithNames) -> list[Value]:
    return [{"str": name.text} for name in record.names.all() if name.text != record.name]


def _is_named(record: RecordWithNames, given: str) -> bool:
    folded = fold(given)
    return any(name.folded == folded for name in record.names.all())


OTHER_NAMES = Property(
    "other_names", "other names", "Every other spelling, in any language, that was not rejected.", _names, _is_named
)
WIKIDATA = Property(
    "wikidata",
    "Wikidata id",
    "Q and a number.",
    lambda record: [{"str": record.wikidata}] if record.wikidata else [],
    lambda record, given: bool(given == record.wikidata),
    identifies=True,
)
AFFILIATION = Property(
    "affiliation",
    "affiliation",
    "Organizations at which the person is said to hold a position.",
    _affiliations,
    _is_affiliated,
    entities="Organization",
)

KINDS = (
    EntityKind("Person", Person, _with_positions, _positions, (AFFILIATION, OTHER_NAMES, WIKIDATA)),
    EntityKind(
        "Organization",
        Organization,
        with_names,
        lambda organization: str(organization.get_organization_kind_display()),
        (OTHER_NAMES, WIKIDATA),
    ),
    EntityKind("Initiative", Initiative, with_names, lambda initiative: "", (OTHER_NAMES,)),
)
