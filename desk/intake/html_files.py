"""A saved web page: the article out of it, with its captions, without what stands round it. Nothing in it is run or fetched."""

from __future__ import annotations

from collections.abc import Iterator

import trafilatura
from lxml import etree
from lxml import html as lxml_html

from desk.intake.encodings import decode
from desk.intake.reading import CAPTION, HEADING, TEXT, FileReading, Line

# Before a caption while trafilatura looks for the article: it drops captions, and keeps paragraphs. A word, because it takes out
# what is no letter.
_MARK = "CaptionOfAFigure "
_LEAST = 200  # letters, below which the whole page is taken instead of what trafilatura took for the article
_BLOCKS = (
    "p",
    "li",
    "dt",
    "dd",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "figcaption",
    "blockquote",
    "div",
    "td",
    "th",
    "pre",
)
_NEVER_SHOWN = ("script", "style", "template", "noscript", "svg", "head", "iframe", "object", "select", "textarea")


def read_html(content: bytes) -> FileReading:
    """Return the lines of the article in a page, with title, day and author as the page says them. Raises ValueError."""
    text, encoding = decode(content, is_page=True)
    # A declaration of XML names the encoding of bytes, of which lxml wants to hear nothing where there are characters.
    text = text.lstrip("\ufeff \t\r\n")
    if text.startswith("<?xml"):
        text = text.partition("?>")[2]
    tree = lxml_html.document_fromstring(text)
    reading = FileReading(encoding=encoding)
    facts = trafilatura.extract_metadata(text)
    if facts is not None:
        reading.title, reading.date, reading.author = facts.title or "", facts.date or "", facts.author or ""
    whole = list(_lines_of_page(tree))
    _keep_captions(tree)
    article = trafilatura.bare_extraction(tree, include_comments=False, include_tables=True)
    body = getattr(article, "body", None)
    reading.lines = list(_lines_of_article(body)) if body is not None else []
    if sum(len(line) for line, _kind in reading.lines) < _LEAST:
        reading.lines = whole
    heading = tree.find(".//h1")
    title = " ".join("".join(heading.itertext()).split()) if heading is not None else ""
    if title and all(title != line for line, _kind in reading.lines[:5]):
        reading.lines.insert(0, (title, HEADING))
    return reading


def _keep_captions(tree: lxml_html.HtmlElement) -> None:
    """Make paragraphs of the captions of figures, with a mark before each."""
    for caption in list(tree.iter("figcaption")):
        caption.tag, caption.text = "p", _MARK + (caption.text or "").lstrip()
        parent = caption.getparent()
        while parent is not None and parent.tag != "figure":
            parent = parent.getparent()
        if parent is not None:
            parent.tag = "div"


def _lines_of_article(body: etree._Element) -> Iterator[Line]:
    """Yield the lines of what trafilatura took for the article: its elements are p, head, quote, list, item, row, cell and lb."""
    for element in body.iter("p", "head", "quote", "item", "cell", "code"):
        if any(element.iterancestors("p", "head", "item", "cell", "code")):
            continue
        if element.tag in ("quote", "item", "cell") and element.find(".//p") is not None:
            continue
        for text in _text_of(element).split("\n"):
            if line := " ".join(text.split()):
                kind = HEADING if element.tag == "head" else TEXT
                yield (line.removeprefix(_MARK), CAPTION) if line.startswith(_MARK) else (line, kind)


def _text_of(element: etree._Element) -> str:
    """Return the text of an element, with a line end for every break in it."""
    parts = [element.text or ""]
    for child in element:
        if child.tag in ("lb", "br"):
            parts.append("\n")
        elif isinstance(child.tag, str):
            parts.append(_text_of(child))
        parts.append(child.tail or "")
    return "".join(parts)


def _lines_of_page(tree: lxml_html.HtmlElement) -> Iterator[Line]:
    """Yield every line of a page that a reader would see, for pages of which no article can be made out."""
    for element in tree.iter(*_BLOCKS):
        if any(element.iterancestors(*_NEVER_SHOWN)) or element.find(".//" + "p") is not None:
            continue
        if any(child.tag in _BLOCKS for child in element.iterdescendants()):
            continue
        kind = HEADING if str(element.tag)[0] == "h" else CAPTION if element.tag == "figcaption" else TEXT
        for text in _text_of(element).split("\n"):
            if line := " ".join(text.split()):
                yield line, kind
