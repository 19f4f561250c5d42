"""What people, organizations and initiatives can be asked for in reconciliation."""

from __future__ import annotations

from typing import Any

from django.db.models import Prefetch, QuerySet

from base.reconcile.matching import EntityKind, Property, Value
from base.text.names import fold
from directory.models import Affiliation, Initiative, Organization, OrganizationName, Person


def with_names(records: QuerySet[Any]) -> QuerySet[Any]:
    """Load the names that hold."""
    names = records.model._meta.get_field("names").related_model.objects.firm()
    return records.prefetch_related(Prefetch("names", names))


def _with_positions(people: QuerySet[Any]) -> QuerySet[Any]:
    """Load names, and positions with every name of the organization."""
    names = Prefetch("organization__names", OrganizationName.objects.firm())
    positions = Affiliation.objects.firm().select_related("organization").prefetch_related(names)
    return with_names(people).prefetch_related(Prefetch("affiliations", positions))


def _organizations(person: Any) -> list[Any]:
    found = {row.organization.pk: row.organization for row in person.affiliations.all() if row.organization}
    return list(found.values())


def _affiliations(person: Any) -> list[Value]:
    return [{"id": f"organizations/{found.slug}", "name": found.name} for found in _organizations(person)]


def _is_affiliated(person: Any, given: str) -> bool:
    """Whether the person holds a position at the organization of this id or name."""
    wanted = fold(given)
    for found in _organizations(person):
        if given in (found.slug, f"organizations/{found.slug}"):
            return True
        if any(name.folded == wanted for name in found.names.all()):
            return True
    return False


def _positions(person: Any) -> str:
    """Say what the person is, in a line."""
    rows = person.affiliations.all()[:2]
    return "; ".join(f"{row.role}, {row.organization.name}" if row.organization else row.role for row in rows)


def _names(record: Any) -> list[Value]:
    return [{"str": name.text} for name in record.names.all() if name.text != record.name]


def _is_named(record: Any, given: str) -> bool:
    wanted = fold(given)
    return any(name.folded == wanted for name in record.names.all())


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
