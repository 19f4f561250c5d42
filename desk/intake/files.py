"""Files that are handed in: what they are, whether they are read at all, and the process that reads each of them."""

from __future__ import annotations

import json
import re
import threading
from pathlib import PurePath

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from base.text.files import HEAD, kind_of_binary
from base.text.limited_process import output_of_module
from desk.intake.encodings import utf16_without_mark
from desk.intake.reading import FileReading

MOST_BYTES = 5_000_000  # of a file
AT_ONCE = 2  # files that one server process has read at the same time
WAIT = 10  # seconds for one of these places

_KINDS = {
    ".txt": "plain",
    ".text": "plain",
    ".md": "plain",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".pdf": "pdf",
    ".docx": "docx",
}
_ENDINGS = {"plain": ".txt", "html": ".html", "pdf": ".pdf", "docx": ".docx"}
_HTML = re.compile(rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.I | re.S)
_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"RIFF", b"II*\0", b"MM\0*")
_ONLY_KINDS = gettext_lazy("Take in a TXT, HTML, PDF or DOCX file, or paste the text.")

# Why a file is refused, by code, and what would be right.
REFUSALS: dict[str, Promise] = {
    "empty": gettext_lazy("There is no text in it."),
    "too_big": gettext_lazy(
        "The file is larger than 5 MB. Save the article alone, without pictures, or paste its text."
    ),
    "old_word": gettext_lazy(
        "This is an old Word document (.doc), or a document with a password. Open it, take the password off, and save it as .docx."
    ),
    "rtf": gettext_lazy("This is a document in RTF. Save it as .docx or .txt."),
    "picture": gettext_lazy("This is a picture: there are no letters in it. Find the article as a text."),
    "archive": gettext_lazy("This is an archive and no Word document. Unpack it, and take in what is inside."),
    "binary": gettext_lazy("This is no text."),
    "unknown": gettext_lazy("Files of this kind are not read."),
    "no_docx": gettext_lazy("This is an archive or another kind of document, and no DOCX. Save it as .docx."),
    "broken_docx": gettext_lazy("This DOCX is damaged or locked. Open it in a word processor, and save it anew."),
    "entities": gettext_lazy(
        "This DOCX declares entities of its own, as no word processor does. Nothing of it was read."
    ),
    "zip_bomb": gettext_lazy("Unpacked, this DOCX is larger than 20 MB. Save it without pictures, or paste its text."),
    "locked": gettext_lazy("This PDF is locked by a password. Save it without one, or paste its text."),
    "broken_pdf": gettext_lazy(
        "This PDF is damaged. Open it in a browser, print it into a new PDF, or paste its text."
    ),
    "only_pictures": gettext_lazy(
        "This PDF holds pictures of pages, without letters. Find the article as a text: letters are never guessed here."
    ),
    "no_pdftotext": gettext_lazy(
        "PDFs cannot be read here: the program pdftotext is not installed on the server. Whoever runs the site can install "
        "poppler-utils. Until then paste the text, or take in another kind of file."
    ),
    "too_costly": gettext_lazy(
        "Reading this file took too long or too much memory, so it was stopped. Save the article alone, or paste its text."
    ),
    "broken": gettext_lazy("This file is damaged, or is not what its name says."),
    "busy": gettext_lazy("Other files are being read just now. Try again in a few seconds; nothing was lost."),
}
_ADD_KINDS = ("binary", "unknown", "picture", "broken")


class FileRefused(ValueError):
    """A file that cannot be read; the message says why and what would be right."""

    def __init__(self, code: str, sentence: str = "") -> None:
        self.code = code
        right = f" {_ONLY_KINDS}" if code in _ADD_KINDS else ""
        super().__init__(sentence or f"{REFUSALS[code]}{right}")


def kind_of_file(name: str, content: bytes) -> str:
    """Return what a file is: plain, html, pdf or docx. Raises FileRefused if it is none, or not what its name says."""
    if not content.strip(b"\0 \t\r\n\f\xef\xbb\xbf"):
        raise FileRefused("empty")
    ending = PurePath(name).suffix.lower()
    held = _kind_of_content(content, ending)
    named = _KINDS.get(ending, "" if ending else held)
    if not named:
        raise FileRefused("unknown")
    if held == named or {held, named} == {"plain", "html"}:
        return "html" if "html" in (held, named) else named
    raise FileRefused(
        "wrong_ending",
        _(
            "The name of this file ends in %(ending)s, but it is a %(kind)s file. Rename it so that it ends in %(right)s."
        )
        % {"ending": ending, "kind": _ENDINGS[held].lstrip(".").upper(), "right": _ENDINGS[held]},
    )


def _kind_of_content(content: bytes, ending: str) -> str:
    """Return what a file is by its first bytes. Raises FileRefused for what is known not to be read."""
    if b"%PDF-" in content[:1024]:
        return "pdf"
    if content.startswith(b"PK\x03\x04"):
        if ending == ".docx" or b"word/" in content:
            return "docx"
        raise FileRefused("archive")
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise FileRefused("old_word")
    if content.startswith(b"{\\rtf"):
        raise FileRefused("rtf")
    if content.startswith(_PICTURES):
        raise FileRefused("picture")
    if _HTML.match(content[:HEAD].removeprefix(b"\xef\xbb\xbf")):
        return "html"
    kind = kind_of_binary(content[:HEAD])
    if kind and not kind.startswith("UTF-") and not utf16_without_mark(content):
        raise FileRefused("binary")
    return "plain"


_places = threading.BoundedSemaphore(AT_ONCE)


def read_file(name: str, content: bytes) -> FileReading:
    """Return what a file holds, read in a process of its own. Raises FileRefused."""
    if len(content) > MOST_BYTES:
        raise FileRefused("too_big")
    kind = kind_of_file(name, content)
    if not _places.acquire(timeout=WAIT):
        raise FileRefused("busy")
    try:
        output = output_of_module("desk.intake.worker", kind, content=content)
    finally:
        _places.release()
    try:
        reading = FileReading(**json.loads(output))
    except (ValueError, TypeError):
        raise FileRefused("too_costly") from None
    if reading.fault:
        raise FileRefused(reading.fault)
    reading.lines = [(text, kind) for text, kind in reading.lines]  # JSON has no tuples
    return reading
