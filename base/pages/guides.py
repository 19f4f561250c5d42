"""Guides of docs/ as pages: Markdown as HTML, with links that lead where readers of the site can go."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

from django.utils.safestring import SafeString, mark_safe
from django.utils.text import slugify
from markdown_it import MarkdownIt

ADDRESS_IN_EXAMPLES = "http://127.0.0.1:8000"
THAI = re.compile(r"[\u0e01-\u0e5b](?:[\u0e01-\u0e5b ]*[\u0e01-\u0e5b])?")  # in addresses it is percent-encoded


@lru_cache(maxsize=32)  # one of each guide, language and address of the site
def guide_html(file: Path, links: tuple[tuple[str, str], ...] = (), site: str = ADDRESS_IN_EXAMPLES) -> SafeString:
    """Return a guide as HTML. Its headings have the ids that links within it name; the title of the page is its first heading.

    `links` are pairs of an address in the file, such as that of another file beside it, and the one that stands for it;
    `site` is what the examples ask.
    """
    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = parser.parse(file.read_text(encoding="utf-8").replace(ADDRESS_IN_EXAMPLES, site))
    for heading, words in pairwise(tokens):
        if heading.type == "heading_open":
            heading.attrSet("id", slugify(words.content))
    addresses: Mapping[str, str] = dict(links)
    for token in tokens:
        if token.type == "th_open":
            token.attrSet("scope", "col")
        for child in token.children or ():
            if child.type == "link_open":
                address = str(child.attrGet("href") or "")
                child.attrSet("href", addresses.get(address, address))
    html = parser.renderer.render(tokens, parser.options, {})
    return mark_safe(THAI.sub(lambda words: f'<span lang="th">{words[0]}</span>', html))
