"""The network as a graph: records as nodes, public links that are not rejected as edges."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import reduce
from operator import attrgetter, or_
from typing import Any

from django.db.models import Q
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from base.records.kinds import kinds
from base.records.names import NamedRecord
from base.records.provenance import Certainty
from base.records.records import Record
from base.records.translations import in_language
from base.text.languages import name_in

from .layout import Picture, label_lines, layout
from .ties import Tie, ties

MOST_NODES, MOST_PAIRS = 300, 1500
MOST_READ = 2000  # links of one kind

NodeKey = tuple[str, str]  # plural and public id: "people", "tony-bui"


@dataclass(frozen=True, order=True)
class Edge:
    """One public link between two records: its role, and how certain it is."""

    of: NodeKey
    to: NodeKey
    role: str
    certainty: str
    one_way: bool = False
    written: bool = False  # whether editors wrote the role, in whatever language; else it is a word of the interface

    @property
    def pair(self) -> tuple[NodeKey, NodeKey]:
        """Both ends in a fixed order, whichever of them the link is listed under."""
        return min(self.of, self.to), max(self.of, self.to)

    def role_from(self, end: NodeKey) -> str:
        """Return the role as seen from one of the ends."""
        return _("%(role)s this") % {"role": self.role} if self.one_way and end == self.to else self.role

    def other(self, end: NodeKey) -> NodeKey:
        """Return the end that is not this one."""
        return self.to if end == self.of else self.of


@dataclass
class Node:
    """A record in the picture, and where it stands."""

    record: NamedRecord
    focused: bool = False
    lines: list[str] = field(default_factory=list)
    x: int = 0
    y: int = 0

    @property
    def key(self) -> NodeKey:
        """The kind of the record, in the plural, and its public id."""
        return (self.record.plural, self.record.slug)

    @property
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

    @property
    def title(self) -> str:
        """The label of the kind, and the full name of the record."""
        name = name_in(self.record, get_language() or "en")[0]
        return f"{capfirst(self.record.singular_label())}: {name}"

    @property
    def language(self) -> str:
        """The language of the name that is shown."""
        return name_in(self.record, get_language() or "en")[1]


@dataclass(frozen=True)
class Network:
    """The records and links of one picture, and how many were left out."""

    nodes: list[Node]
    edges: list[Edge]
    nodes_in_all: int
    pairs_left_out: int
    focus: Node | None = None
    more: bool = False  # whether some links were not read; then the numbers are lower bounds

    @property
    def picture(self) -> Picture:
        """The layout: every node is placed so that no two labels overlap. It depends on the records and links alone."""
        numbers = {node.key: number for number, node in enumerate(self.nodes)}
        for node in self.nodes:
            node.lines = label_lines(name_in(node.record, get_language() or "en")[0])
        pairs: dict[tuple[int, int], bool] = {}
        for edge in self.edges:
            one, other = sorted((numbers[edge.of], numbers[edge.to]))
            pairs[(one, other)] = pairs.get((one, other), False) or edge.certainty == Certainty.STATED
        picture = layout(
            tuple(tuple(node.lines) for node in self.nodes),
            tuple(sorted(pairs)),
            frozenset(pair for pair, firm in pairs.items() if firm),
        )
        for node, (x, y) in zip(self.nodes, picture.points, strict=True):
            node.x, node.y = x, y
        return picture


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

    The number of queries is fixed, and that of rows bounded.
    """
    reader = EdgeReader()
    edges = reader.edges() if focus is None else reader.edges(_touching(focus))
    degrees = Counter(end for edge in edges for end in (edge.of, edge.to))
    if focus is not None:
        degrees[(focus.plural, focus.slug)] = (
            len(edges) + 1
        )  # more than any other, so that it comes first and is never left out
    ranked = sorted(degrees, key=lambda key: (-degrees[key], key))
    records = _records(set(ranked[:MOST_NODES]))
    # Of a long table the first reading is a sample, which may lack links between the records in the picture.
    edges = reader.edges(_between(records.values()))
    pairs = sorted({edge.pair for edge in edges})
    pairs_in_picture = set(pairs[:MOST_PAIRS])
    edges = [edge for edge in edges if edge.pair in pairs_in_picture]
    nodes = [Node(records[key]) for key in ranked[:MOST_NODES] if key in records]
    centre = nodes[0] if focus is not None and nodes else None
    if centre is not None:
        centre.focused = True
    return Network(nodes, edges, len(ranked), len(pairs) - len(pairs_in_picture), centre, reader.more)


def _records(keys: set[NodeKey]) -> dict[NodeKey, NamedRecord]:
    """Load the public records with these keys, with their names alone. One query a kind."""
    records = {}
    for model in kinds("network"):
        slugs = sorted(slug for plural, slug in keys if plural == model.plural)
        rows = model.objects.published().filter(slug__in=slugs)
        for record in rows.only("slug", "name", "name_language", "labels"):
            records[(model.plural, record.slug)] = record
    return records
