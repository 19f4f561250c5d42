"""Who is linked to whom: people, organizations, initiatives and events, by public links that hold."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import reduce
from operator import attrgetter, or_
from typing import Any

from django.db.models import Q
from django.utils.text import capfirst
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext as _

from base.records.provenance import Certainty
from base.text.languages import name_in
from directory.models import (
    Affiliation,
    Initiative,
    InitiativeOrganization,
    InitiativePart,
    Organization,
    OrganizationLink,
    Person,
)

from .layout import Picture, label_lines, layout
from .models import Event, EventInitiative, EventOrganization, EventPart, Participation

MOST_NODES, MOST_PAIRS = 300, 1500
MOST_READ = 2000  # links of one kind
KINDS: tuple[Any, ...] = (Event, Initiative, Organization, Person)
# The letter in the mark of each kind.
LETTERS = {
    "event": pgettext_lazy("letter for an event in a picture", "E"),
    "initiative": pgettext_lazy("letter for an initiative in a picture", "I"),
    "organization": pgettext_lazy("letter for an organization in a picture", "O"),
    "person": pgettext_lazy("letter for a person in a picture", "P"),
}
# Every kind of link: the end it is listed under, and the other.
TIES: tuple[tuple[Any, str, str], ...] = (
    (Participation, "event", "person"),
    (EventOrganization, "event", "organization"),
    (EventInitiative, "event", "initiative"),
    (EventPart, "event", "parent"),
    (InitiativeOrganization, "initiative", "organization"),
    (InitiativePart, "initiative", "parent"),
    (Affiliation, "organization", "person"),
    (OrganizationLink, "organization", "related"),
)
# Whether a link reads the same from both ends; “part of” does not.
ONE_WAY = (EventPart, InitiativePart, OrganizationLink)

SortKey = tuple[str, str]  # plural and public id: "people", "tony-bui"


@dataclass(frozen=True, order=True)
class Link:
    """One public link: its ends by their keys, what it says and how firmly."""

    of: SortKey
    to: SortKey
    role: str
    certainty: str
    one_way: bool = False
    in_english: bool = False  # a position is written in English; every other role is a word of the interface

    def role_from(self, end: SortKey) -> str:
        """Return what the link says, seen from one of its ends."""
        return _("%(role)s this") % {"role": self.role} if self.one_way and end == self.to else self.role

    def other(self, end: SortKey) -> SortKey:
        """Return the end at the other side."""
        return self.to if end == self.of else self.of


@dataclass
class Node:
    """One record in the picture."""

    record: Any
    links: int
    focused: bool = False
    lines: list[str] = field(default_factory=list)
    x: int = 0
    y: int = 0

    @property
    def key(self) -> SortKey:
        """Its kind and public id."""
        return (self.record.plural, self.record.slug)

    @property
    def focus(self) -> str:
        """How it is named in the address of this page."""
        return f"{self.record.plural}/{self.record.slug}"

    @property
    def kind(self) -> str:
        """Its kind, which gives it shape and colour."""
        return str(self.record.kind)

    @property
    def letter(self) -> str:
        """Its kind, as one letter."""
        return str(LETTERS[self.kind])

    @property
    def told(self) -> str:
        """Its kind and whole name, in words."""
        name = name_in(self.record, get_language() or "en")[0]
        return f"{capfirst(self.record.singular_label())}: {name}"

    @property
    def language(self) -> str:
        """The language of the name that is shown."""
        return name_in(self.record, get_language() or "en")[1]


@dataclass(frozen=True)
class Line:
    """One line of the list: a role, and who or what is linked by it."""

    role: str
    in_english: bool
    others: list[tuple[Node, str]]


@dataclass(frozen=True)
class Entry:
    """One record of the list, and its links."""

    node: Node
    lines: list[Line]


@dataclass(frozen=True)
class Group:
    """The records of one kind in the list."""

    heading: str
    entries: list[Entry]


@dataclass(frozen=True)
class Network:
    """The records and links of one picture, and how many were left out."""

    nodes: list[Node]
    links: list[Link]
    nodes_in_all: int
    pairs_left_out: int
    focus: Node | None = None
    more: bool = False  # whether there are links that were not read: the numbers are the least there are

    @property
    def picture(self) -> Picture:
        """Place every node, so that no two labels overlap. The places follow from the records and links alone."""
        number = {node.key: place for place, node in enumerate(self.nodes)}
        for node in self.nodes:
            node.lines = label_lines(name_in(node.record, get_language() or "en")[0])
        pairs: dict[tuple[int, int], bool] = {}
        for link in self.links:
            one, other = sorted((number[link.of], number[link.to]))
            pairs[(one, other)] = pairs.get((one, other), False) or link.certainty == Certainty.STATED
        drawn = layout(
            tuple(tuple(node.lines) for node in self.nodes),
            tuple(sorted(pairs)),
            frozenset(pair for pair, firm in pairs.items() if firm),
        )
        for node, (x, y) in zip(self.nodes, drawn.points, strict=True):
            node.x, node.y = x, y
        return drawn

    @property
    def groups(self) -> list[Group]:
        """The same links as lists: those of the record in focus first, every other under the end that holds it."""
        groups, rest = [], self.links
        if self.focus is not None:
            mine = [link for link in self.links if self.focus.key in (link.of, link.to)]
            rest = [link for link in self.links if link not in set(mine)]
            if mine:
                groups.append(Group("", [self._entry(self.focus, mine)]))
        held: dict[SortKey, list[Link]] = defaultdict(list)
        for link in rest:
            held[link.of].append(link)
        for kind in KINDS:
            entries = [self._entry(node, held[node.key]) for node in self.nodes if node.key in held]
            entries = [entry for entry in entries if entry.node.kind == kind.kind]
            if entries:
                groups.append(Group(capfirst(kind.plural_label()), entries))
        return groups

    def _entry(self, node: Node, links: list[Link]) -> Entry:
        nodes = {other.key: other for other in self.nodes}
        by_role: dict[tuple[str, bool], list[tuple[Node, str]]] = defaultdict(list)
        for link in links:
            doubt = "" if link.certainty == Certainty.STATED else str(Certainty(link.certainty).label)
            by_role[(link.role_from(node.key), link.in_english)].append((nodes[link.other(node.key)], doubt))
        return Entry(
            node,
            [
                Line(role, english, others)
                for (role, english), others in sorted(by_role.items(), key=lambda item: item[0])
            ],
        )


class Reading:
    """Reads links of every kind, so many of each and no more. `more` says whether any were left unread.

    They are read in the order of their identities, which are the same in every database and say nothing: of a long table
    it is a fair sample, in which whoever has the most links has them too.
    """

    def __init__(self) -> None:
        self.more = False

    def links(self, narrowed: Callable[[Any, str, str], Q] | None = None) -> list[Link]:
        """Return public links that were not rejected, or those of each kind that a condition leaves. One query a kind.

        `narrowed` makes the condition of the model of a kind and the names of its ends.
        """
        found: set[Link] = set()
        for model, of, to in TIES:
            plurals = [end.plural for end in _ends(model, of, to)]
            roles = dict(model._meta.get_field("role").flatchoices) if hasattr(model, "role") else {}
            columns = [f"{of}__slug", f"{to}__slug", "certainty", *(["role"] if hasattr(model, "role") else [])]
            rows = model.objects.firm().filter(narrowed(model, of, to) if narrowed else Q(), **{f"{of}__isnull": False})
            read = list(rows.order_by("uid").values_list(*columns)[: MOST_READ + 1])
            self.more = self.more or len(read) > MOST_READ
            for one, other, certainty, *role in read[:MOST_READ]:
                said = str(roles.get(role[0], role[0])) if role else _("part of")
                pair = (plurals[0], one), (plurals[1], other)
                found.add(Link(*pair, said, certainty, model in ONE_WAY, bool(role) and not roles))
        return sorted(found, key=attrgetter("of", "to", "role", "certainty"))


def _ends(model: Any, of: str, to: str) -> list[Any]:
    """Return the kinds of record at the ends of a link."""
    return [model._meta.get_field(name).related_model for name in (of, to)]


def _touching(record: Any) -> Callable[[Any, str, str], Q]:
    """Return the condition that a link has this record at one of its ends."""

    def condition(model: Any, of: str, to: str) -> Q:
        names = [name for name, end in zip((of, to), _ends(model, of, to), strict=True) if end is type(record)]
        return reduce(or_, (Q(**{name: record}) for name in names), Q(pk__in=[]))

    return condition


def _between(records: Iterable[Any]) -> Callable[[Any, str, str], Q]:
    """Return the condition that a link has two of these records at its ends."""
    keys: dict[Any, list[int]] = defaultdict(list)
    for record in records:
        keys[type(record)].append(record.pk)

    def condition(model: Any, of: str, to: str) -> Q:
        one, other = _ends(model, of, to)
        return Q(**{f"{of}__in": keys[one], f"{to}__in": keys[other]})

    return condition


def network(focus: Any = None) -> Network:
    """Return the links of the whole site, or of one record and its neighbours. A fixed number of queries and of rows."""
    reading = Reading()
    links = reading.links(_touching(focus) if focus is not None else None)
    degrees = Counter(end for link in links for end in (link.of, link.to))
    if focus is not None:
        degrees[(focus.plural, focus.slug)] = len(links) + 1  # it comes first, whatever is left out
    ranked = sorted(degrees, key=lambda key: (-degrees[key], key))
    records = _records(set(ranked[:MOST_NODES]))
    # What was read of a long table does not hold every link between the records that are shown.
    links = reading.links(_between(records.values()))
    pairs = sorted({tuple(sorted((link.of, link.to))) for link in links})
    kept = set(pairs[:MOST_PAIRS])
    links = [link for link in links if tuple(sorted((link.of, link.to))) in kept]
    counted = Counter(end for link in links for end in (link.of, link.to))
    nodes = [Node(records[key], counted[key]) for key in ranked[:MOST_NODES] if key in records]
    centre = nodes[0] if focus is not None and nodes else None
    if centre is not None:
        centre.focused = True
    return Network(nodes, links, len(ranked), len(pairs) - len(kept), centre, reading.more)


def _records(keys: set[SortKey]) -> dict[SortKey, Any]:
    """Load what is shown of these records. One query a kind."""
    found = {}
    for model in KINDS:
        slugs = sorted(slug for plural, slug in keys if plural == model.plural)
        rows = model.objects.published().filter(slug__in=slugs)
        for record in rows.only("slug", "name", "name_language", "labels"):
            found[(model.plural, record.slug)] = record
    return found
