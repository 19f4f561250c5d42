"""Lays out the nodes of a network: a spring layout by networkx, then labels are moved apart until none overlap.

The result depends on its arguments alone, so it is the same on every database and is cached in the process.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from numpy import float64
    from numpy.typing import NDArray

LINE_CELLS, MOST_LINES = 22, 3  # of a label: letters a line, lines
CELL, LINE, MARK, GAP = 6.7, 15, 22, 8  # pixels: width of a letter, height of a line, size of a mark, space round a box
ITERATIONS, MOST_MOVES, SEED = 50, 300, 7
CROWDED = 60  # moves after which boxes that push each other back and forth get more room
SPREAD = (0.8, 0.7)  # width and height of a connected part, as a share of the side of a square as large as its labels

Labels = tuple[tuple[str, ...], ...]
Pairs = tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Picture:
    """The size of the picture, the places of the nodes (the middle of each mark), and the lines between them as SVG paths."""

    width: int
    height: int
    points: tuple[tuple[int, int], ...]
    firm: str  # lines of links that a source states
    doubtful: str  # lines of all other links


def width_in_cells(text: str) -> int:
    """Return the width of a text in letters: combining marks take no room, wide letters take two."""
    return sum(
        0 if unicodedata.category(c) in ("Mn", "Me", "Cf") else 2 if unicodedata.east_asian_width(c) in "WF" else 1
        for c in text
    )


def label_lines(name: str) -> list[str]:
    """Break a name at spaces into at most three short lines; what is longer ends with an ellipsis."""
    lines: list[str] = []
    words = name.split()
    while words and len(lines) < MOST_LINES:
        line = words.pop(0)
        while words and width_in_cells(f"{line} {words[0]}") <= LINE_CELLS:
            line = f"{line} {words.pop(0)}"
        lines.append(_clip(line))
    if words and not lines[-1].endswith("…"):
        if width_in_cells(lines[-1]) + 2 > LINE_CELLS and " " in lines[-1]:
            lines[-1] = lines[-1].rpartition(" ")[0]
        lines[-1] += " …"
    return lines


def _clip(line: str) -> str:
    """Shorten a line that has no space to break at. No letter loses its marks, and no Thai vowel the letter it belongs to."""
    if width_in_cells(line) <= LINE_CELLS:
        return line
    end = len(line)
    while width_in_cells(line[:end]) > LINE_CELLS - 1 or (
        unicodedata.category(line[end]) in ("Mn", "Me", "Cf") or line[end - 1] in "เแโใไ" or line[end] in "ะาำๆ"
    ):
        end -= 1
    return f"{line[:end].rstrip()}…"


@lru_cache(maxsize=64)
def layout(labels: Labels, pairs: Pairs, firm: frozenset[tuple[int, int]]) -> Picture:
    """Place nodes with these labels, linked in these pairs; `firm` has the pairs with a link that a source states."""
    import numpy

    if not labels:
        return Picture(1, 1, (), "", "")
    boxes = numpy.array([_box_size(lines) for lines in labels])
    places = _place_boxes(boxes, pairs)
    corner = (places - boxes / 2).min(axis=0)
    places -= corner - GAP
    size = (places + boxes / 2).max(axis=0) + GAP
    # The mark stands at the top of its box, the label below it.
    points = tuple(
        (round(x), round(y - height / 2 + MARK / 2)) for (x, y), (_w, height) in zip(places, boxes, strict=True)
    )

    def path(chosen: list[tuple[int, int]]) -> str:
        return "".join(f"M{points[a][0]} {points[a][1]}L{points[b][0]} {points[b][1]}" for a, b in chosen)

    return Picture(
        int(size[0]) + 1,
        int(size[1]) + 1,
        points,
        path([pair for pair in pairs if pair in firm]),
        path([pair for pair in pairs if pair not in firm]),
    )


def _box_size(lines: tuple[str, ...]) -> tuple[float, float]:
    """Return width and height of a node with its label."""
    return max(MARK, *(width_in_cells(line) * CELL for line in lines)) + GAP, MARK + LINE * len(lines) + GAP


def _place_boxes(boxes: NDArray[float64], pairs: Pairs) -> NDArray[float64]:
    """Return the middle of every box. Each connected part is laid out on its own, the largest first, the others in rows below."""
    import networkx
    import numpy

    graph = networkx.Graph()
    graph.add_nodes_from(range(len(boxes)))
    graph.add_edges_from(pairs)
    parts = sorted((sorted(part) for part in networkx.connected_components(graph)), key=lambda part: (-len(part), part))
    places = numpy.zeros_like(boxes)
    wide = x = y = row = 0.0
    for part in parts:
        boxes_of_part = boxes[part]
        spots_by_node = networkx.spring_layout(graph.subgraph(part), iterations=ITERATIONS, seed=SEED)
        spread = numpy.sqrt(boxes_of_part.prod(axis=1).sum()) * numpy.array(SPREAD)
        spots = _move_apart(numpy.array([spots_by_node[node] for node in part]) * spread, boxes_of_part)
        low, high = (spots - boxes_of_part / 2).min(axis=0), (spots + boxes_of_part / 2).max(axis=0)
        width, height = high - low
        wide = wide or max(width, 600.0)
        if x and x + width > wide:
            x, y, row = 0.0, y + row, 0.0
        places[part] = spots - low + numpy.array([x, y])
        x, row = x + width + 2 * GAP, max(row, height + 2 * GAP)
    return places


def _move_apart(spots: NDArray[float64], boxes: NDArray[float64]) -> NDArray[float64]:
    """Move boxes that overlap apart, each pair along the shorter way, until none overlap."""
    import numpy

    wide, high = ((boxes[:, None, axis] + boxes[None, :, axis]) / 2 for axis in (0, 1))
    for move in range(MOST_MOVES):
        across, down = (spots[:, None, axis] - spots[None, :, axis] for axis in (0, 1))
        missing = wide - numpy.abs(across), high - numpy.abs(down)
        one, other = numpy.nonzero(numpy.triu((missing[0] > 0.01) & (missing[1] > 0.01), 1))
        if not len(one):
            break
        sideways = missing[0][one, other] < missing[1][one, other]
        for axis, between, chosen in ((0, across, sideways), (1, down, ~sideways)):
            a, b = one[chosen], other[chosen]
            # Of two on the same spot the later one gives way.
            way = numpy.where(between[a, b] > 0, 0.5, -0.5) * missing[axis][a, b]
            numpy.add.at(spots[:, axis], a, way)
            numpy.subtract.at(spots[:, axis], b, way)
        if move > CROWDED:
            spots *= 1.02
    return spots
