"""What reading a file gives: lines with what they are, and what the file says of itself."""

from __future__ import annotations

from dataclasses import dataclass, field

TEXT, HEADING, CAPTION, LEFT_OUT = "text", "heading", "caption", "left_out"
KINDS = (TEXT, HEADING, CAPTION, LEFT_OUT)

Line = tuple[str, str]  # a line of text, and its kind as the file says it


@dataclass
class FileReading:
    """What was read of a file, before anything is cleaned or proposed."""

    lines: list[Line] = field(default_factory=list)
    title: str = ""
    date: str = ""  # YYYY-MM-DD
    author: str = ""
    encoding: str = ""  # by which a text was decoded, if that had to be guessed
    is_wrapped: bool = False  # whether the lines end where the page does, as in a PDF
    fault: str = ""  # the code of a reason why it cannot be read; `desk/intake/files.py` has the sentences


def plain_lines(text: str) -> list[Line]:
    """Return the lines of a plain text."""
    return [(line, TEXT) for line in text.split("\n")]
