"""The network as a graph: records as nodes, public links that are not rejected as edges.

Links are facts (positions, parts, roles at events) and what statements say: who spoke where, for whom and about what.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property, reduce
from operator import attrgetter, or_
from typing import Any

from django.db.models import Q
from django.utils.text import capfirst
from django.utils.translation import get_language

from base.records.kinds import kinds
from base.records.names import NamedRecord
from base.records.records import Record
from base.records.translations import in_language
from base.text.languages import name_in
from directory.models import Person
from events.models import Participation

from .edges import Edge, NodeKey
from .spoken import SpokenReader
from .ties import Tie, ties

MOST_NODES, MOST_PAIRS = 60, 240
MOST_READ = 2000  # links of one kind
# Where people meet: of these events, initiatives and topics of a person others are looked for who are there too.
MOST_PLACES, MOST_OTHERS = 8, 12
PEOPLE, PLACES = "people", ("events", "initiatives", "topics")


@dataclass
class Node:
    """A record in the picture."""

    record: NamedRecord
    focused: bool = False

    @property
    def key(self) -> NodeKey:
        """The kind of the record, in the plural, and its public id."""
        return (self.record.plural, self.record.slug)

    @cached_property
    def focus(self) -> str:
        """The value of `focus` in the address of the page that has this record in its middle."""
        return f"{self.record.plural}/{self.record.slug}"

    @property
    def kind(self) -> str:
        """The kind of the record, which decides on shape and colour."""
        return str(self.record.kind)

    @property
    def letter(self) -> str:
        """The letter that stands for the kind of the record."""
        return str(self.record.letter)

    @cached_property
    def name(self) -> str:
        """The full name of the record."""
        return name_in(self.record, get_language() or "en")[0]

    @cached_property
    def title(self) -> str:
        """The label of the kind, and the full name of the record."""
        return f"{capfirst(self.record.singular_label())}: {self.name}"

    @cached_property
    def label(self) -> tuple[str, str]:
        """The short name of the record, or its name where it has none, and its language."""
        language = get_language() or "en"
        if self.record.short_field and getattr(self.record, self.record.short_field):
            short = self.record.text_in(self.record.short_field, language)  # type: ignore[attr-defined]  # of translated texts
            return str(short), short.language
        return name_in(self.record, language)


@dataclass(frozen=True)
class Network:
    """The records and links of one picture, and how much was left out."""

    nodes: list[Node]
    edges: list[Edge]
    nodes_in_all: int
    pairs_left_out: int
    focus: Node | None = None
    more: bool = False  # whether some links were not read; then the numbers are lower bounds
    unnamed: int = 0  # statements of groups, which are no nodes
    statements_left_out: bool = False  # whether some statements were not read
    others_left_out: int = 0  # people who have something in common with the one in focus

    @cached_property
    def neighbours(self) -> set[NodeKey]:
        """The keys of the records that are linked to the one in focus."""
        key = self.focus.key if self.focus is not None else None
        return {edge.other(key) for edge in self.edges if key is not None and key in (edge.of, edge.to)}

    @cached_property
    def in_common(self) -> dict[NodeKey, list[Node]]:
        """What the record in focus has in common with people who are not linked to it: events, initiatives, topics."""
        neighbours, nodes = self.neighbours, {node.key: node for node in self.nodes}
        common: dict[NodeKey, dict[NodeKey, Node]] = defaultdict(dict)
        for edge in self.edges:
            for one, other in ((edge.of, edge.to), (edge.to, edge.of)):
                if one[0] == PEOPLE and one not in neighbours and not nodes[one].focused and other in neighbours:
                    common[one][other] = nodes[other]
        ranks = {node.key: rank for rank, node in enumerate(self.nodes)}
        return {
            key: sorted(common[key].values(), key=lambda node: ranks[node.key])
            for key in sorted(common, key=ranks.__getitem__)
        }


class EdgeReader:
    """Reads links of every kind, at most MOST_READ of each. `more` says whether any were left unread.

    They are read in the order of their `uid`, which is random and the same in every database. So the part that is read of a
    long table is a fair sample: the records with the most links have the most links in it, too.
    """

    def __init__(self) -> None:
        self.more = False

    def edges(self, condition: Callable[[Tie], Q] = lambda tie: Q()) -> list[Edge]:
        """Return the public links, without rejected ones, that meet a condition. One query a kind of link."""
        edges: set[Edge] = set()
        for tie in ties():
            columns = [f"{tie.of}__slug", f"{tie.to}__slug", "certainty"]
            if tie.has_role:
                columns += ["role"] if tie.roles else ["role", "text_language", "translations"]
            facts = tie.model.objects.firm().filter(condition(tie), tie.complete).order_by("uid")
            rows = list(facts.values_list(*columns)[: MOST_READ + 1])
            self.more = self.more or len(rows) > MOST_READ
            edges.update(_edge(tie, *row) for row in rows[:MOST_READ])
        return sorted(edges, key=attrgetter("of", "to", "role", "certainty"))


def _edge(tie: Tie, of: str, to: str, certainty: str, role: str | None = None, *written: Any) -> Edge:
    """Return the link of a row: the public ids at its ends, its certainty and its role.

    A role that editors wrote comes with `written`: its language, and its translations.
    """
    one, other = tie.ends
    label = tie.label if role is None else str(tie.roles.get(role, role))
    if written:
        label = in_language(label, "role", written[0], written[1], get_language() or "en")
    return Edge((one.plural, of), (other.plural, to), label, certainty, tie.one_way, bool(written))


def _touching(record: Record) -> Callable[[Tie], Q]:
    """Return the condition that a link has this record at one of its ends."""

    def condition(tie: Tie) -> Q:
        names = [name for name, end in zip((tie.of, tie.to), tie.ends, strict=True) if end is type(record)]
        return reduce(or_, (Q(**{name: record}) for name in names), Q(pk__in=[]))

    return condition


def _between(records: Iterable[Record]) -> Callable[[Tie], Q]:
    """Return the condition that a link has two of these records at its ends."""
    keys: dict[type[Record], list[int]] = defaultdict(list)
    for record in records:
        keys[type(record)].append(record.pk)

    def condition(tie: Tie) -> Q:
        one, other = tie.ends
        return Q(**{f"{tie.of}__in": keys[one], f"{tie.to}__in": keys[other]})

    return condition


def network(focus: NamedRecord | None = None) -> Network:
    """Return the network of the whole site, or of one record and its neighbours.

    With a person in focus others are shown who spoke at the same events or about the same things. The number of queries is
    fixed for each kind of record in focus, and that of rows bounded.
    """
    reader, spoken = EdgeReader(), SpokenReader()
    if focus is None:
        spoken.read_newest()
        edges = reader.edges() + spoken.edges()
    else:
        spoken.read_touching(focus)
        edges = reader.edges(_touching(focus)) + spoken.edges()
    ranked = _ranked(edges, focus)
    records = _records(set(ranked[:MOST_NODES]))
    others_left_out = 0
    if isinstance(focus, Person):
        others = _others(focus, edges, records, spoken)
        others_left_out = len(others) - MOST_OTHERS
        ranked += others[:MOST_OTHERS]
        records |= _records(set(others[: max(0, min(MOST_OTHERS, MOST_NODES - len(records)))]), (PEOPLE,))
    # Of a long table the first reading is a sample, which may lack links between the records in the picture.
    edges = reader.edges(_between(records.values()))
    edges += [edge for edge in spoken.edges() if edge.of in records and edge.to in records]
    edges.sort(key=attrgetter("of", "to", "role", "certainty"))
    weights: Counter[tuple[NodeKey, NodeKey]] = Counter()
    for edge in edges:
        weights[edge.pair] += max(edge.number, 1) + (
            MOST_READ if focus is not None and focus_key(focus) in edge.pair else 0
        )
    pairs = sorted(weights, key=lambda pair: (-weights[pair], pair))
    pairs_in_picture = set(pairs[:MOST_PAIRS])
    edges = [edge for edge in edges if edge.pair in pairs_in_picture]
    nodes = [Node(records[key]) for key in ranked if key in records]
    centre = nodes[0] if focus is not None and nodes else None
    if centre is not None:
        centre.focused = True
    return Network(
        *(nodes, edges, len(ranked), len(pairs) - len(pairs_in_picture), centre),
        *(reader.more, spoken.unnamed, spoken.more, max(0, others_left_out)),
    )


def focus_key(record: Record) -> NodeKey:
    """Return the key of the node of a record."""
    return (record.plural, record.slug)


def _ranked(edges: list[Edge], focus: NamedRecord | None) -> list[NodeKey]:
    """Return the ends of links, those first that have most of them; before all others the record in focus and its neighbours."""
    degrees = Counter(end for edge in edges for end in (edge.of, edge.to))
    near: set[NodeKey] = set()
    if focus is not None:
        key = focus_key(focus)
        degrees[key] = len(edges) + 1
        near = {key, *(edge.other(key) for edge in edges if key in (edge.of, edge.to))}
    return sorted(degrees, key=lambda key: (key not in near, -degrees[key], key))


def _others(
    focus: Person, edges: list[Edge], records: dict[NodeKey, NamedRecord], spoken: SpokenReader
) -> list[NodeKey]:
    """Return people who are at the same places as a person: events, initiatives and topics. Those with most in common first.

    Looked at are those of the `records` in the picture that the person has most to do with. The statements there are read, too.
    """
    near = {edge.other(focus_key(focus)) for edge in edges if focus_key(focus) in (edge.of, edge.to)}
    degrees = Counter(end for edge in edges for end in (edge.of, edge.to) for _number in range(max(edge.number, 1)))
    places = sorted((key for key in records if key in near and key[0] in PLACES), key=lambda key: (-degrees[key], key))
    places = places[:MOST_PLACES]
    spoken.read_at([records[key] for key in places])
    events = [slug for plural, slug in places if plural == "events"]
    participants = Participation.objects.firm().filter(event__slug__in=events).order_by("uid")
    meetings = {(edge.of, edge.to) for edge in spoken.edges() if edge.to in places}
    for event, person in participants.values_list("event__slug", "person__slug")[:MOST_READ]:
        meetings.add(((PEOPLE, person), ("events", event)))
    common = Counter(who for who, _where in meetings if who[0] == PEOPLE and who not in records)
    return sorted(common, key=lambda key: (-common[key], key))


def _records(keys: set[NodeKey], plurals: tuple[str, ...] = ()) -> dict[NodeKey, NamedRecord]:
    """Load the public records with these keys, with their names alone. One query a kind; `plurals` names the kinds, else all."""
    records = {}
    for model in kinds("network"):
        if plurals and model.plural not in plurals:
            continue
        slugs = sorted(slug for plural, slug in keys if plural == model.plural)
        short = [model.short_field, "text_language", "translations"] if model.short_field else []
        rows = model.objects.published().filter(slug__in=slugs)
        for record in rows.only("slug", "name", "name_language", "labels", *short):
            records[(model.plural, record.slug)] = record
    return records
