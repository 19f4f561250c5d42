"""Reads pages as a browser would: their links, their languages, what is highlighted, and whether the HTML is well formed."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urldefrag, urljoin, urlsplit

from django.core.management import call_command
from django.db import transaction
from django.test import Client
from pytest_django import DjangoDbBlocker

PAGES = re.compile(r"/(?:[a-z]+/)?(?:[a-z0-9-]+/)?")
OTHER_LANGUAGES = re.compile(r"/(?:th|vi)/.")
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
NO_BLOCKS_IN = {"p", "h1", "h2", "h3", "a", "span"}
BLOCKS = {"p", "div", "section", "ul", "ol", "table", "h1", "h2", "h3", "dl", "figure", "blockquote", "article"}


def ids_of(rows: Iterable[Any]) -> list[str]:
    """Return the public ids of the rows of a list: records, or cards of statements."""
    return [row.get("id") or row["slug"] if isinstance(row, dict) else row.slug for row in rows]


@contextmanager
def article(blocker: DjangoDbBlocker) -> Iterator[None]:
    """Load the fixture, and take it back in the end; for a fixture of a whole module."""
    with blocker.unblock(), transaction.atomic():
        call_command("loaddata", "film-workshop", verbosity=0)
        yield
        transaction.set_rollback(True)


class Page(HTMLParser):
    """One parsed page. `faults` lists what is not well formed."""

    def __init__(self, html: str, address: str = "/") -> None:
        super().__init__(convert_charrefs=True)
        self.html, self.address = html, address
        self.faults: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.verbatim: list[tuple[str, str]] = []  # (language, highlighted words)
        self.marked: list[tuple[str, str]] = []  # (language, text) of every element with a lang attribute
        self.pieces: list[str] = []
        self.open: list[tuple[str, dict[str, str]]] = []
        self.inside: list[tuple[int, dict[str, str], list[str]]] = []
        self.feed(html)
        self.close()
        self.faults += [f"<{tag}> is never closed" for tag, _attributes in self.open]
        self.faults += [f"id {name} twice" for name in set(self.ids) if self.ids.count(name) > 1]

    @property
    def text(self) -> str:
        """Everything a reader sees or hears, with single spaces."""
        return " ".join("".join(self.pieces).split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        if len(attributes) != len(attrs):
            self.faults.append(f"<{tag}> has an attribute twice")
        parents = [name for name, _attributes in self.open]
        if tag == "a" and "a" in parents:
            self.faults.append("<a> in <a>")
        if tag in BLOCKS and parents and parents[-1] in NO_BLOCKS_IN:
            self.faults.append(f"<{tag}> in <{parents[-1]}>")
        if tag == "li" and parents[-1] not in ("ul", "ol"):
            self.faults.append(f"<li> in <{parents[-1]}>")
        if "id" in attributes:
            self.ids.append(attributes["id"])
        for name in ("href", "src", "action"):
            if name in attributes:
                self.links.append(urljoin(self.address, attributes[name]))
        if tag not in VOID:
            self.open.append((tag, attributes))
            if "lang" in attributes or "verbatim" in attributes.get("class", "").split():
                self.inside.append((len(self.open), attributes, []))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open[-1][0] != tag:
            self.faults.append(f"</{tag}> closes {self.open[-1:]}")
            return
        if self.inside and self.inside[-1][0] == len(self.open):
            _depth, attributes, pieces = self.inside.pop()
            text = "".join(pieces)
            outer = [around.get("lang", "") for _number, around, _texts in self.inside]
            language = next(filter(None, [attributes.get("lang", ""), *reversed(outer)]), "")
            if "lang" in attributes:
                self.marked.append((language, text))
            if "verbatim" in attributes.get("class", "").split():
                self.verbatim.append((language, text))
        self.open.pop()

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1][0] in ("script", "style"):
            return
        self.pieces.append(data)
        for _depth, _attributes, texts in self.inside:
            texts.append(data)


def shape(address: str) -> str:
    """Return what kind of address this is: ids and values put aside, the names of parameters kept."""
    parts = urlsplit(address)
    path = re.sub(r"(?<=/)(?!v1/)[^/.]*[-0-9][^/.]*", "*", parts.path)
    return path + "?" + "&".join(sorted(part.partition("=")[0] for part in parts.query.split("&")))


def crawl(client: Client, start: str = "/", most: int = 6) -> tuple[dict[str, Page], dict[str, tuple[int, str]]]:
    """Fetch every page that pages link to, and of all other addresses (filtered lists, files, API) the first of each shape.

    The pages of other languages are the same pages; of those only the homes are fetched. Links of filtered lists are not
    followed. Returns the pages by address, and (status, the page that links there) of everything that was fetched.
    """
    pages: dict[str, Page] = {}
    fetched: dict[str, tuple[int, str]] = {}
    shapes: Counter[str] = Counter()
    waiting = [(start, "")]
    while waiting:
        address, linked_from = waiting.pop()
        address = urldefrag(address).url
        if address in fetched or OTHER_LANGUAGES.match(address) or address.startswith("/static/"):
            continue
        if not PAGES.fullmatch(address):
            shapes[shape(address)] += 1
            if shapes[shape(address)] > most:
                continue
        response = client.get(address)
        fetched[address] = (response.status_code, linked_from)
        if "text/html" in response.headers["Content-Type"] and not address.startswith(("/api/", "/admin/")):
            pages[address] = Page(response.text, address)
            if not urlsplit(address).query:
                own = [link for link in pages[address].links if not urlsplit(link).netloc]
                waiting += [(link, address) for link in own]
    return pages, fetched
