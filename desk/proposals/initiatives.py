"""Initiatives: names beside a word such as “programme”, in quotation marks or with capitals."""

from __future__ import annotations

import re

from .article import COVER, COVER_CLOSE, COVER_OPEN, Article
from .proposal import Span
from .rules import alternatives

_NAME = r"[^\W\d_a-z][\w’'-]*(?: (?:in|of|for|the|and|to|on|&|[^\W\d_a-z][\w’'-]*)){0,8} [^\W\d_a-z][\w’'-]*"


def initiative_spans(article: Article) -> list[Span]:
    """Return where initiatives are named."""
    rules, covered = article.rules, article.covered
    words = alternatives(rules.initiatives_word)
    blank = " ?" if article.language == "th" else " "
    quoted = re.compile(
        rf"{words}(?:{blank}[^\s\ue000-\ue002]{{1,14}}){{0,2}}?{blank}({COVER_OPEN}{COVER}{{2,90}}{COVER_CLOSE})",
        re.IGNORECASE,
    )
    found = [(match.start(1) + 1, match.end(1) - 1) for match in quoted.finditer(covered)]
    if article.language == "en":
        before = re.compile(rf"(?<![\w-])({_NAME}), (?:an?|the|its|their) (?:[\w’-]+ ){{0,4}}?{words}(?!\w)")
        behind = re.compile(rf"(?<!\w){words} (?:called |named |known as )({_NAME})")
        found += [match.span(1) for pattern in (before, behind) for match in pattern.finditer(covered)]
    return sorted(set(found))
