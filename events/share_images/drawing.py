"""The picture itself: 1200 by 630 pixels, an SVG of a template, drawn as PNG by resvg."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import resvg_py
from django.template.loader import render_to_string

from base.changes.cache import picture_cache

from .content import Content, Words
from .fonts import BOLD, SANS, SERIF
from .setting import Line, in_one_line, set_in_lines

WIDTH, HEIGHT, MARGIN, TOP = 1200, 630, 72, 64
ROOM = 352  # for the words, in pixels of height
SIZES = (58, 52, 46, 41, 37, 33)  # of the words to read, the first that all fit in
BESIDE = 0.74  # the size of the words as printed that stand below them
SMALLEST = 25
GAP = 22
LEAST_WIDTH = 130  # of a last line
THAI_LEADING, LEADING = 1.62, 1.36
MARKER_TOP, MARKER_HEIGHT = 0.88, 1.18  # of the size: from above the base line, and in all


@dataclass(frozen=True)
class Row:
    """A line of words: its pieces, size, base line, and where the highlighter begins and how high it is."""

    pieces: Line
    size: float
    y: float

    @property
    def marker_y(self) -> float:
        """The upper edge of the highlighter."""
        return self.y - MARKER_TOP * self.size

    @property
    def marker_height(self) -> float:
        """The height of the highlighter, which takes Thai signs below the line."""
        return MARKER_HEIGHT * self.size


def svg_of(content: Content) -> str | None:
    """Return the picture as SVG; None if the fonts lack a letter of it."""
    width = WIDTH - 2 * MARGIN
    rows = word_rows(content.words)
    place = in_one_line(content.place, SANS, 23, width - 260)
    spoken = in_one_line(content.spoken_as, SANS, 25, width)
    lines = (
        (content.speaker, BOLD),
        (spoken, SANS),
        (content.qualifiers, SANS),
        (content.doubt, BOLD),
        (place, SANS),
        (content.site, SERIF),
        *((piece.text, SERIF) for row in rows for piece in row.pieces),
    )
    if not all(font.has(text) for text, font in lines):
        return None
    doubt_width = BOLD.width(f"  {content.doubt}", 25) if content.doubt else 0
    qualifiers = in_one_line(content.qualifiers, SANS, 25, width - doubt_width)
    return render_to_string(
        "events/share_image.svg",
        {
            "rows": rows,
            "speaker": in_one_line(content.speaker, BOLD, 34, width),
            "spoken_as": spoken,
            "speaker_y": 470 if spoken else 500,
            "qualifiers": qualifiers,
            "doubt": content.doubt,
            "doubt_x": MARGIN + SANS.width(f"{qualifiers} · ", 25),
            "place": place,
            "site": content.site,
            "margin": MARGIN,
        },
    )


def png_of(svg: str) -> bytes:
    """Return an SVG as PNG. The same SVG is drawn once, however often the site is written to; that takes some 80 milliseconds."""
    digest = hashlib.sha256(svg.encode()).hexdigest()
    # What is kept follows from the SVG alone, so it is kept under no version of the content.
    return picture_cache.get_or_make(0, ("share image", digest), lambda: _drawn(svg))


def _drawn(svg: str) -> bytes:
    fonts = [str(font.file) for font in (SERIF, SANS, BOLD)]
    return bytes(resvg_py.svg_to_bytes(svg_string=svg, font_files=fonts, skip_system_fonts=True))


def word_rows(words: tuple[Words, ...]) -> list[Row]:
    """Return the lines of the words, as large as all of them have room; too long ones are cut."""
    for size in SIZES:
        rows, is_whole = _rows(words, size)
        if is_whole:
            return rows
    return rows


def _rows(words: tuple[Words, ...], size: float) -> tuple[list[Row], bool]:
    """Return the lines at a size, and whether all words have room. What is read first leaves room for what is printed."""
    rows: list[Row] = []
    y, is_whole, left = float(TOP), True, float(ROOM)
    for number, each in enumerate(words):
        own = size if number == 0 else max(size * BESIDE, SMALLEST)
        leading = own * (THAI_LEADING if _is_thai(each.text.text) else LEADING)
        room = left * 0.56 if number + 1 < len(words) else left
        setting = set_in_lines(each.text, SERIF, own, WIDTH - 2 * MARGIN, max(int(room // leading), 1), each.end)
        # A last line of a few letters looks lost: a smaller size has room for them above.
        is_whole &= setting.is_whole and not (len(setting.lines) > 1 and set_width(setting.lines[-1]) < LEAST_WIDTH)
        for line in setting.lines:
            rows.append(Row(line, own, y + leading * 0.76))
            y += leading
        y += GAP
        left -= leading * len(setting.lines) + GAP
    return rows, is_whole


def set_width(line: Line) -> float:
    """Return the width of a line in pixels."""
    return line[-1].x + line[-1].width


def _is_thai(text: str) -> bool:
    return any("\u0e01" <= character <= "\u0e5b" for character in text)
