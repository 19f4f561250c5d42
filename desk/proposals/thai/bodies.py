"""Names of bodies and events in Thai."""

from __future__ import annotations

import re

from django.utils.translation import gettext as _

from desk.proposals.article import Article
from desk.proposals.mentions import Mention, NameKind
from desk.proposals.rules import alternatives
from desk.proposals.thai.text import THAI, cut_name, thai_chunk


def thai_bodies(article: Article) -> list[Mention]:
    """Return the mentions of bodies and events: a word for one, and the letters behind it up to a blank or another word."""
    found: list[Mention] = []
    heads = re.compile(
        rf"(?<![\u0e40-\u0e44]){alternatives([*article.rules.organizations_word, *article.rules.events_word])}"
    )
    last = -1
    lead = alternatives(article.rules.speech_end)
    for match in heads.finditer(article.covered):
        if match.start() < last:
            continue
        before = article.covered[match.start() - 1 : match.start()]
        if re.match(f"[{THAI}]", before) and not re.search(
            rf"(?:{lead}|ของ|จาก|ที่|กับ|และ|โดย|ให้|ต่อ|ใน)$", article.covered[max(0, match.start() - 12) : match.start()]
        ):
            continue
        chunk = thai_chunk(article.covered, match.start())
        end = cut_name(article.covered, match.start(), chunk, fewest=match.end() - match.start() + 1)
        if not 2 <= end - match.end() <= 40:
            continue
        kind: NameKind = "event" if match[0] in article.rules.events_word else "organization"
        reason = (
            _("A word for a body is part of the name.")
            if kind == "organization"
            else _("A word for an event is part of the name.")
        )
        found.append(Mention(match.start(), end, kind, article.covered[match.start() : end], 0.5, reason))
        last = end
    for match in re.finditer(
        rf"(?<![{THAI}])[{THAI}]{{2,20}} {alternatives(article.rules.organizations_kind)}(?![{THAI}])", article.covered
    ):
        found.append(
            Mention(
                match.start(),
                match.end(),
                "organization",
                match[0],
                0.6,
                _("A word for a body is part of the name."),
            )
        )
    return found
