"""A Word document (DOCX): its paragraphs as they stand if all tracked insertions and deletions were accepted."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator

from lxml import etree

from desk.intake.reading import CAPTION, HEADING, TEXT, FileReading, Line

MOST_UNPACKED = 20_000_000  # bytes of all files inside
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_SIGNS = {f"{W}tab": "\t", f"{W}br": "\n", f"{W}cr": "\n", f"{W}noBreakHyphen": "\u2011"}
# Moved away, deleted, or the same words again for programs that do not know text boxes.
_NOT_READ = (f"{W}del", f"{W}moveFrom", _FALLBACK)


class UnreadableDocument(ValueError):
    """A file that is no sound DOCX; its only argument is the code of the reason."""


def read_docx(content: bytes) -> FileReading:
    """Return the lines of a document; its fault if it is none, is locked, or too large once it is unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            if sum(entry.file_size for entry in entries) > MOST_UNPACKED:
                return FileReading(fault="zip_bomb")
            if "word/document.xml" not in archive.namelist():
                return FileReading(fault="no_docx")
            styles = _styles(_tree(archive, "word/styles.xml")) if "word/styles.xml" in archive.namelist() else {}
            reading = FileReading()
            for text, style in _paragraphs(_tree(archive, "word/document.xml")):
                kind = _kind_of(styles.get(style, style))
                if kind == "title":
                    reading.title = reading.title or text.strip()
                    kind = HEADING
                reading.lines += [(line, kind) for line in text.split("\n")]
            return reading
    except UnreadableDocument as error:
        return FileReading(fault=str(error))
    except (
        zipfile.BadZipFile,
        zipfile.LargeZipFile,
        NotImplementedError,
        RuntimeError,
        EOFError,
        etree.XMLSyntaxError,
    ):
        return FileReading(fault="broken_docx")


def _tree(archive: zipfile.ZipFile, name: str) -> etree._Element:
    """Return the XML of a file inside, of no more bytes than it says it has. Entities are not resolved, nothing is fetched."""
    with archive.open(name) as file:
        content = file.read(MOST_UNPACKED + 1)
    if len(content) > MOST_UNPACKED:
        raise UnreadableDocument("zip_bomb")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    root = etree.fromstring(content, parser)
    if root.getroottree().docinfo.doctype:
        raise UnreadableDocument("entities")
    return root


def _styles(root: etree._Element) -> dict[str, str]:
    """Return the names of the styles by their ids, which differ by the language of Word."""
    return {
        str(style.get(f"{W}styleId")): str(name.get(f"{W}val"))
        for style in root.iter(f"{W}style")
        if (name := style.find(f"{W}name")) is not None
    }


def _kind_of(style: str) -> str:
    name = style.lower()
    if name == "title":
        return "title"
    if name.startswith("heading") or name == "subtitle":
        return HEADING
    return CAPTION if name == "caption" else TEXT


def _paragraphs(root: etree._Element) -> Iterator[Line]:
    """Yield text and style of every paragraph, those in tables, text boxes and content controls too."""
    for paragraph in root.iter(f"{W}p"):
        if any(paragraph.iterancestors(*_NOT_READ)):
            continue
        style = paragraph.find(f"{W}pPr/{W}pStyle")
        yield "".join(_runs(paragraph)), str(style.get(f"{W}val")) if style is not None else ""


def _runs(element: etree._Element) -> Iterator[str]:
    """Yield the texts of one paragraph, without those of paragraphs inside it."""
    for child in element:
        if child.tag in _NOT_READ or child.tag == f"{W}p":
            continue
        if child.tag == f"{W}t":
            yield child.text or ""
        elif child.tag in _SIGNS:
            yield _SIGNS[child.tag]
        elif child.tag == f"{W}pPr":
            continue
        else:
            yield from _runs(child)
