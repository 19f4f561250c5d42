"""The pictures of a network: its records as boxes with their names, its links as lines, for every width they are shown at."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from django.utils.formats import number_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from base.records.kinds import kinds
from base.records.provenance import Certainty
from base.text.line_breaks import NO_BREAK_SPACE
from base.text.translated_text import TranslatedText

from .edges import Edge, NodeKey, Verb
from .graph import Network, Node
from .labels import label_lines
from .layout import FRAMES, Box, Frame, Line, columns_in, layout

# The columns from left to right: who is spoken for, who speaks, where and about what. A kind that is not named stands on the right.
COLUMNS = {"organization": 0, "person": 1}
LAST_COLUMN = 2
FONT_SIZE, LINE_HEIGHT, MOST_LINES = 15, 21, 4
NOTE_SIZE, NOTE_HEIGHT, MOST_NOTE_LINES = 13.5, 19, 3
PADDING, LABEL_X = 8, 34  # pixels: above and below the label, and where it begins beside the mark
ROOM_FOR_LABEL = LABEL_X + 8
MANY, VERY_MANY = 3, 10  # statements from which on a line is thicker


@dataclass(frozen=True)
class DrawnNode:
    """A record in a picture: where its box stands, and the lines of its label with their places below the top of the box."""

    node: Node
    number: int
    box: Box
    language: str
    label: list[tuple[int, str]]
    note: list[tuple[int, str]]
    note_language: str
    words: str  # what the box says, in full: its accessible name
    is_shortened: bool  # whether the label has less


@dataclass(frozen=True)
class DrawnLine:
    """A link in a picture: its path, the classes of its style, the numbers of the records at its ends, and what it says."""

    path: str
    style: str
    ends: str
    words: str


@dataclass(frozen=True)
class Heading:
    """What the records below it are."""

    x: int
    y: int
    text: str


@dataclass(frozen=True)
class Picture:
    """The network drawn for one width."""

    name: str
    width: int
    height: int
    headings: list[Heading]
    nodes: list[DrawnNode]
    lines: list[DrawnLine]


def pictures(network: Network) -> list[Picture]:
    """Return the picture of a network for every width."""
    return [_picture(network, frame) for frame in FRAMES]


def edge_words(edge: Edge) -> str:
    """Return how many statements an edge stands for, and whether it is in doubt; empty for a fact that is stated."""
    doubt = "" if edge.certainty == Certainty.STATED else str(Certainty(edge.certainty).label)
    if not edge.number:
        return doubt
    number = ngettext("%(number)s statement", "%(number)s statements", edge.number) % {"number": _shown(edge.number)}
    number = number.replace(" ", NO_BREAK_SPACE)
    if edge.in_doubt and not doubt:
        doubt = _("%(number)s in doubt") % {"number": _shown(edge.in_doubt)}
    return ", ".join(filter(None, (number, doubt)))


def _shown(number: int) -> str:
    return number_format(number, force_grouping=True)


def _picture(network: Network, frame: Frame) -> Picture:
    nodes = network.nodes
    numbers = {node.key: number for number, node in enumerate(nodes)}
    groups = [model.kind for model in sorted(kinds("network"), key=lambda model: COLUMNS.get(model.kind, LAST_COLUMN))]
    columns = columns_in(frame, [COLUMNS.get(node.kind, LAST_COLUMN) for node in nodes])
    width = frame.column_width(max(columns, default=0) + 1) - ROOM_FOR_LABEL
    notes = _notes(network)
    labels = [label_lines(node.label[0], FONT_SIZE, width, MOST_LINES) or ("",) for node in nodes]
    note_lines = [
        label_lines(note, NOTE_SIZE, width, MOST_NOTE_LINES) if (note := notes.get(node.key, ("", ""))[0]) else ()
        for node in nodes
    ]
    boxes = [
        Box(
            column,
            groups.index(node.kind),
            2 * PADDING + LINE_HEIGHT * len(label) + NOTE_HEIGHT * len(note),
            node.focused,
        )
        for node, column, label, note in zip(nodes, columns, labels, note_lines, strict=True)
    ]
    pairs: dict[tuple[NodeKey, NodeKey], list[Edge]] = defaultdict(list)
    for edge in network.edges:
        pairs[edge.pair].append(edge)
    lines = [
        Line(numbers[one], numbers[other], any(edge.verb for edge in edges)) for (one, other), edges in pairs.items()
    ]
    drawn = layout(frame, boxes, lines)
    focus = network.focus.key if network.focus is not None else None
    names = {node.key: node.name for node in nodes}
    return Picture(
        frame.name,
        drawn.width,
        drawn.height,
        [
            Heading(x, y, capfirst(next(m.plural_label() for m in kinds("network") if m.kind == groups[group])))
            for group, (x, y) in drawn.headings.items()
        ],
        [
            DrawnNode(
                *(node, number, box, node.label[1]),
                [(PADDING + 16 + LINE_HEIGHT * at, text) for at, text in enumerate(labels[number])],
                [
                    (PADDING + 14 + LINE_HEIGHT * len(labels[number]) + NOTE_HEIGHT * at, text)
                    for at, text in enumerate(note_lines[number])
                ],
                notes.get(node.key, ("", ""))[1],
                ". ".join(filter(None, (node.title, notes.get(node.key, ("", ""))[0]))),
                node.label[0] != node.name or any(line.endswith("…") for line in labels[number] + note_lines[number]),
            )
            for number, (node, box) in sorted(
                enumerate(zip(nodes, drawn.boxes, strict=True)), key=lambda item: (item[1][1].column, item[1][1].y)
            )
        ],
        [
            DrawnLine(path, _style(edges, focus), f"{line.one} {line.other}", _sentence(edges, names))
            for path, line, edges in zip(drawn.paths, lines, pairs.values(), strict=True)
        ],
    )


def _style(edges: list[Edge], focus: NodeKey | None) -> str:
    """Return the classes of the line that stands for these links of two records: what kind, how many,
    whether in doubt, and whether one of the two is in focus.
    """
    verbs = {edge.verb for edge in edges}
    style = next((f"spoke-{verb}" for verb in Verb if verb in verbs), "fact")
    number = sum(edge.number for edge in edges)
    if number >= MANY:
        style += " very-many" if number >= VERY_MANY else " many"
    if focus in edges[0].pair:
        style += " own"
    return style if any(edge.certainty == Certainty.STATED for edge in edges) else f"{style} doubtful"


def _sentence(edges: list[Edge], names: dict[NodeKey, str]) -> str:
    return "; ".join(
        " – ".join(filter(None, (names[edge.of], edge.role, names[edge.to], edge_words(edge)))) for edge in edges
    )


def _notes(network: Network) -> dict[NodeKey, tuple[str, str]]:
    """Return what links each record to the one in focus, in words, and the language of these; none without a focus."""
    if network.focus is None:
        return {}
    key, notes, languages = network.focus.key, defaultdict(list), {}
    for edge in sorted(network.edges, key=lambda edge: (edge.verb is None, -edge.number, edge.role)):
        if key in (edge.of, edge.to):
            words = edge_words(edge)
            role = edge.role_from(key)
            notes[edge.other(key)].append(f"{role} ({words})" if words else role)
            if isinstance(edge.role, TranslatedText):
                languages[edge.other(key)] = edge.role.language
    joined = {other: (f"{NO_BREAK_SPACE}· ".join(parts), languages.get(other, "")) for other, parts in notes.items()}
    for other, common in network.in_common.items():
        text = ngettext("%(number)s in common", "%(number)s in common", len(common))
        joined[other] = (text % {"number": _shown(len(common))}, "")
    return joined
