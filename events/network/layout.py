"""Where the boxes of the network stand, and which way the lines between them go.

Boxes stand in columns, and lines go through the gutters between columns and beside them, so that no line crosses a label and no
label another. A line between two columns that are not neighbours passes between two boxes of the column in the middle. All of it
depends on the arguments alone: it is the same on every database. Why so: docs/decisions/008.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

HEADING, GAP, MOST_GAP = 34, 12, 40  # pixels: height of a heading, least and most room between two boxes
LANE, LANE_BELOW = 5, 8  # room of a line that passes between two boxes, and where the first of them passes below a box
PORT, MOST_FOR_PORTS = 5, 150  # room of a line at the side of its box, and how high a box becomes for its lines at most
EDGE = 1  # room for the border of a box at the edge of the picture
CORNER = 6  # above and below the lines at the side of a box
LEAST_REACH, MOST_REACH = 5, 120  # how far a line between two boxes of one column goes beside them
SWEEPS = 12


@dataclass(frozen=True)
class Frame:
    """A width that the picture is drawn for, in pixels: beyond `columns` columns records stand below each other.

    `widths` has the width of a column by the number of columns, and `margin` the room for lines beside the outer columns.
    """

    name: str
    width: int
    columns: int
    widths: tuple[int, ...]
    margin: int

    def column_width(self, number: int) -> int:
        """Return the width of each of so many columns."""
        return self.widths[number - 1]


# The narrow one is for phones; the others begin at 48 and 66 rem, see static/css/network.css.
FRAMES = (
    Frame("narrow", 320, 1, (236,), 42),
    Frame("middle", 700, 3, (320, 250, 178), 22),
    Frame("wide", 1112, 3, (440, 380, 280), 34),
)


@dataclass
class Box:
    """A record in the picture: its column and its group (one heading each), its size, and its place."""

    column: int
    group: int
    height: int
    is_first: bool = False  # whether it stands before the others of its group
    x: int = 0
    y: int = 0
    width: int = 0

    @property
    def bottom(self) -> int:
        """Where it ends."""
        return self.y + self.height

    @property
    def right(self) -> int:
        """Where it ends to the right."""
        return self.x + self.width

    @property
    def middle(self) -> float:
        """Half way between top and bottom."""
        return self.y + self.height / 2


@dataclass(frozen=True)
class Line:
    """A link between two boxes, by their numbers. Of links in one column those that `returns` go on the right-hand side."""

    one: int
    other: int
    returns: bool = False


@dataclass
class Layout:
    """The places of boxes and of headings (by group), the paths of lines in their order, and the size of the picture."""

    width: int
    columns: int = 1
    height: int = 0
    boxes: list[Box] = field(default_factory=list)
    headings: dict[int, tuple[int, int]] = field(default_factory=dict)
    paths: list[str] = field(default_factory=list)


def columns_in(frame: Frame, columns: Sequence[int]) -> list[int]:
    """Return the number of the column in the picture for each record: empty columns are left out."""
    used = sorted(set(columns))
    return [min(used.index(column), frame.columns - 1) for column in columns]


def layout(frame: Frame, boxes: list[Box], lines: Sequence[Line]) -> Layout:
    """Place boxes, whose columns are those of `columns_in`, and draw the lines."""
    number = max((box.column for box in boxes), default=0) + 1
    picture = Layout(frame.width, number, boxes=boxes)
    if not boxes:
        return picture
    width, margin = frame.column_width(number), frame.margin if number > 1 or frame.columns == 1 else 0
    step = (frame.width - 2 * margin - width) / (number - 1) if number > 1 else 0
    first = margin if number > 1 else (frame.width - width) // 2
    for box in boxes:
        box.width, box.x = width, first + round(step * box.column)
    for (at, _right), ends in _sides(picture, lines).items():
        boxes[at].height = max(boxes[at].height, min(2 * CORNER + PORT * len(ends), MOST_FOR_PORTS))
    columns = _in_order(boxes, lines, number)
    lanes: dict[tuple[int, int], list[int]] = {}
    _stack(picture, columns, lanes)
    for line_number, line in enumerate(lines):
        if abs(boxes[line.one].column - boxes[line.other].column) == 2:
            lanes.setdefault(_gap_for(line, boxes, columns[1]), []).append(line_number)
    if lanes:
        _stack(picture, columns, lanes)
    picture.paths = _paths(picture, lines, columns, lanes)
    return picture


def _in_order(boxes: list[Box], lines: Sequence[Line], number: int) -> list[list[int]]:
    """Return the numbers of the boxes column by column, group by group, such that linked ones stand near each other.

    Each sweep puts a box at the mean place of those it is linked to.
    """
    linked: dict[int, list[int]] = defaultdict(list)
    for line in lines:
        linked[line.one].append(line.other)
        linked[line.other].append(line.one)
    columns = [
        sorted((at for at, box in enumerate(boxes) if box.column == column), key=lambda at: (boxes[at].group, at))
        for column in range(number)
    ]
    places: dict[int, float] = {}
    for column in columns:
        places.update({at: (place + 0.5) / len(column) for place, at in enumerate(column)})
    for sweep in range(SWEEPS):
        for column in columns if sweep % 2 else columns[::-1]:
            means = {
                at: sum(places[other] for other in linked[at]) / len(linked[at]) if linked[at] else places[at]
                for at in column
            }
            column.sort(key=lambda at: (boxes[at].group, not boxes[at].is_first, means[at], at))
            places.update({at: (place + 0.5) / len(column) for place, at in enumerate(column)})
    return columns


def _stack(picture: Layout, columns: list[list[int]], lanes: dict[tuple[int, int], list[int]]) -> None:
    """Give every box its place and every group its heading. Short columns are spread to the height of the longest."""
    boxes = picture.boxes
    heights = [_height(column, boxes, lanes if at == 1 else {}, GAP) for at, column in enumerate(columns)]
    picture.height = max(heights) + EDGE
    for at, column in enumerate(columns):
        gaps = len(column) - 1
        gap = GAP + min(MOST_GAP - GAP, (max(heights) - heights[at]) // gaps) if gaps else GAP
        y, group = 0, -1
        for one in column:
            box = boxes[one]
            if box.group != group:
                y += HEADING // 2 if group >= 0 else 0
                picture.headings[box.group] = (box.x, y + HEADING - 12)
                y, group = y + HEADING, box.group
            box.y = y
            y = box.bottom + gap + (LANE * len(lanes.get((1, one), ())) if at == 1 else 0)


def _height(column: list[int], boxes: list[Box], lanes: dict[tuple[int, int], list[int]], gap: int) -> int:
    groups = len({boxes[at].group for at in column})
    passing = sum(LANE * len(numbers) for numbers in lanes.values())
    return sum(boxes[at].height + gap for at in column) + passing + groups * HEADING + (groups - 1) * (HEADING // 2)


def _gap_for(line: Line, boxes: list[Box], column: list[int]) -> tuple[int, int]:
    """Return below which box of the column in the middle a line passes: where it goes least out of its way."""
    wanted = (boxes[line.one].middle + boxes[line.other].middle) / 2
    return 1, min(column, key=lambda at: (abs(boxes[at].bottom - wanted), at))


def _paths(
    picture: Layout, lines: Sequence[Line], columns: list[list[int]], lanes: dict[tuple[int, int], list[int]]
) -> list[str]:
    """Return the lines as SVG paths. Lines that meet at one side of a box have a place of their own there."""
    boxes = picture.boxes
    ports: dict[tuple[int, int], float] = {}
    for (at, _right), numbers in _sides(picture, lines).items():
        room = boxes[at].height - 2 * CORNER
        others = {number: lines[number].one + lines[number].other - at for number in numbers}
        numbers.sort(key=lambda number: (boxes[others[number]].middle, number))
        for place, number in enumerate(numbers):
            ports[number, at] = boxes[at].y + CORNER + room * (place + 0.5) / len(numbers)
    reaches = _reaches(picture, lines)
    lane_of = {number: (below, place) for (_c, below), numbers in lanes.items() for place, number in enumerate(numbers)}
    paths = []
    for number, line in enumerate(lines):
        one, other = sorted((line.one, line.other), key=lambda at: (boxes[at].column, boxes[at].x))
        y1, y2 = ports[number, one], ports[number, other]
        if boxes[one].column == boxes[other].column:
            right = _is_right(boxes[one], boxes[other], line, picture)
            x, way = (boxes[one].right, 1) if right else (boxes[one].x, -1)
            reach = x + way * reaches[number] / 0.75  # a curve goes three quarters of the way to its controls
            paths.append(f"M{x} {y1:.0f}C{reach:.0f} {y1:.0f} {reach:.0f} {y2:.0f} {x} {y2:.0f}")
        elif number in lane_of:
            below, place = lane_of[number]
            y = boxes[below].bottom + LANE_BELOW + LANE * place
            begin, end = boxes[below].x, boxes[below].right
            paths.append(
                f"M{boxes[one].right} {y1:.0f}{_curve(boxes[one].right, y1, begin, y)}H{end}"
                f"{_curve(end, y, boxes[other].x, y2)}"
            )
        else:
            paths.append(f"M{boxes[one].right} {y1:.0f}{_curve(boxes[one].right, y1, boxes[other].x, y2)}")
    return paths


def _sides(picture: Layout, lines: Sequence[Line]) -> dict[tuple[int, bool], list[int]]:
    """Return the numbers of the lines that end at each side of a box, by the box and whether it is the right-hand side."""
    boxes, sides = picture.boxes, defaultdict[tuple[int, bool], list[int]](list)
    for number, line in enumerate(lines):
        for at, other in ((line.one, line.other), (line.other, line.one)):
            sides[at, _is_right(boxes[at], boxes[other], line, picture)].append(number)
    return sides


def _reaches(picture: Layout, lines: Sequence[Line]) -> dict[int, float]:
    """Return how far each line between two boxes of one column goes beside it: the longer the farther, no two alike."""
    boxes, beside = picture.boxes, defaultdict[tuple[int, bool], list[int]](list)
    for number, line in enumerate(lines):
        one, other = boxes[line.one], boxes[line.other]
        if one.column == other.column:
            beside[one.column, _is_right(one, other, line, picture)].append(number)
    reaches = {}
    for (column, right), numbers in beside.items():
        box = next(box for box in boxes if box.column == column)
        if not right:
            room = box.x - LEAST_REACH
        elif column == picture.columns - 1:
            room = picture.width - box.right - LEAST_REACH
        else:  # half of the gutter
            room = (min(each.x for each in boxes if each.x > box.x) - box.right) // 2
        room = min(room, MOST_REACH)
        numbers.sort(
            key=lambda number: (abs(boxes[lines[number].one].middle - boxes[lines[number].other].middle), number)
        )
        for place, number in enumerate(numbers, 1):
            reaches[number] = LEAST_REACH + (room - LEAST_REACH) * place / len(numbers)
    return reaches


def _is_right(box: Box, other: Box, line: Line, picture: Layout) -> bool:
    """Return whether a line leaves a box on its right-hand side."""
    if box.column != other.column:
        return box.column < other.column
    return line.returns if picture.columns == 1 else box.column > 0


def _curve(x1: float, y1: float, x2: float, y2: float) -> str:
    half = (x1 + x2) / 2
    return f"C{half:.0f} {y1:.0f} {half:.0f} {y2:.0f} {x2:.0f} {y2:.0f}"
