"""The network as lists: the same links as in the picture, in words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.text import capfirst

from base.records.kinds import kinds

from .edges import Edge, NodeKey
from .graph import Network, Node
from .pictures import edge_words


@dataclass(frozen=True)
class Linked:
    """A record at the other end of a link, with how many statements say so and what doubt there is, in words.

    `query` leads to these statements in their list; it is empty for a fact.
    """

    node: Node
    words: str
    query: str


@dataclass(frozen=True)
class RoleLine:
    """One line of the list: a role, whether editors wrote it, and the records that are linked by it."""

    role: str
    written: bool
    others: list[Linked]


@dataclass(frozen=True)
class Entry:
    """A record in the list, and its links by role."""

    node: Node
    lines: list[RoleLine]


@dataclass(frozen=True)
class Section:
    """The part of the list for one kind of record; without heading, the record in focus."""

    heading: str
    entries: list[Entry]


def sections(network: Network) -> list[Section]:
    """Return the links as lists: those of the record in focus first, every other under its end `of`."""
    parts, rest = [], network.edges
    nodes = {node.key: node for node in network.nodes}
    if network.focus is not None:
        own = [edge for edge in network.edges if network.focus.key in (edge.of, edge.to)]
        rest = [edge for edge in network.edges if network.focus.key not in (edge.of, edge.to)]
        if own:
            parts.append(Section("", [_entry(nodes, network.focus, own)]))
    by_holder: dict[NodeKey, list[Edge]] = defaultdict(list)
    for edge in rest:
        by_holder[edge.of].append(edge)
    for model in kinds("network"):
        holders = [node for node in network.nodes if node.kind == model.kind and node.key in by_holder]
        if holders:
            entries = [_entry(nodes, node, by_holder[node.key]) for node in holders]
            parts.append(Section(capfirst(model.plural_label()), entries))
    return parts


def _entry(nodes: Mapping[NodeKey, Node], node: Node, edges: list[Edge]) -> Entry:
    """Return a record and its links, by role, to others of these nodes."""
    by_role: dict[tuple[bool, str, bool], list[Linked]] = defaultdict(list)
    for edge in sorted(edges, key=lambda edge: (-edge.number, edge.of, edge.to)):
        role = (edge.verb is None, edge.role_from(node.key), edge.written)
        by_role[role].append(Linked(nodes[edge.other(node.key)], edge_words(edge), edge.query))
    roles = sorted(by_role.items(), key=lambda item: item[0])
    return Entry(node, [RoleLine(role, written, others) for (_is_fact, role, written), others in roles])
