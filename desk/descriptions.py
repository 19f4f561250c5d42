"""What tells records of one name apart, in a line: a person's role and organization, an event's date and place."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence

from base.records.doubt import with_doubt
from base.records.names import NamedRecord
from base.records.provenance import Certainty, Fact
from base.records.publishing import Status
from base.text.date_words import date_in_words
from directory.models import Affiliation, Initiative, InitiativeOrganization, Organization, OrganizationLink, Person
from events.models import Event, Participation

MOST_PARTS = 2  # in a line
MOST_ROWS = 200  # looked at for all records together


def descriptions_of(model: type[NamedRecord], keys: Sequence[int]) -> dict[int, str]:
    """Return a line for each of these few records of a kind; none for one of which nothing is known.

    It is for curators: drafts are told too. At most two queries.
    """
    return _DESCRIBED[model](keys) if keys else {}


def _held(model: type[Fact], **conditions: object) -> Iterable[Fact]:
    """Yield the links of a kind that are neither withdrawn nor rejected."""
    rows = model._base_manager.filter(**conditions).exclude(status=Status.WITHDRAWN)
    return rows.exclude(certainty=Certainty.REJECTED).select_related(*model.public_parents).order_by("pk")[:MOST_ROWS]


def _joined(parts: Iterable[tuple[int, str]]) -> dict[int, str]:
    """Return the first parts of each record in one line."""
    lines: dict[int, list[str]] = defaultdict(list)
    for key, part in parts:
        if part not in lines[key] and len(lines[key]) < MOST_PARTS:
            lines[key].append(part)
    return {key: "; ".join(line) for key, line in lines.items()}


def _people(keys: Sequence[int]) -> dict[int, str]:
    """Return what people do and where; of whom that is not known, at which events they were."""
    positions = [
        (row.person_id, with_doubt(f"{row.role}, {row.organization}" if row.organization else row.role, row.certainty))
        for row in _held(Affiliation, person__in=keys)
        if isinstance(row, Affiliation)
    ]
    others = {*keys} - {key for key, _position in positions}
    events = [
        (row.person_id, f"{row.get_role_display()}, {row.event}")
        for row in (_held(Participation, person__in=others) if others else ())
        if isinstance(row, Participation)
    ]
    return _joined([*positions, *events])


def _organizations(keys: Sequence[int]) -> dict[int, str]:
    """Return what sort of bodies these are, and what they belong to."""
    kinds = [(row.pk, row.get_organization_kind_display()) for row in Organization.objects.filter(pk__in=keys)]
    links = [
        (row.organization_id, f"{row.get_role_display()} {row.related}")
        for row in _held(OrganizationLink, organization__in=keys)
        if isinstance(row, OrganizationLink)
    ]
    return _joined([*kinds, *links])


def _initiatives(keys: Sequence[int]) -> dict[int, str]:
    """Return which organizations initiatives are of."""
    return _joined(
        (row.initiative_id, f"{row.organization} ({row.get_role_display()})")
        for row in _held(InitiativeOrganization, initiative__in=keys)
        if isinstance(row, InitiativeOrganization)
    )


def _events(keys: Sequence[int]) -> dict[int, str]:
    """Return when and where events took place."""
    events = Event.objects.filter(pk__in=keys)
    return {row.pk: ", ".join(filter(None, [date_in_words(row.date), row.place])) for row in events}


_DESCRIBED: dict[type[NamedRecord], Callable[[Sequence[int]], dict[int, str]]] = {
    Person: _people,
    Organization: _organizations,
    Initiative: _initiatives,
    Event: _events,
}
