"""Roles in Thai: the chunk behind a name that begins with a word for a role, or the one before it that does."""

from __future__ import annotations

import re

from django.utils.translation import gettext as _

from desk.proposals.article import Article
from desk.proposals.mentions import Mention, Mentions
from desk.proposals.proposal import Proposal, Span
from desk.proposals.rules import alternatives
from desk.proposals.thai.text import THAI


class ThaiRoles:
    """Finds the roles of one article."""

    def __init__(self, article: Article, mentions: Mentions) -> None:
        self.article, self.mentions, self.covered = article, mentions, article.covered
        roles = alternatives(article.rules.roles_word)
        stop = alternatives([*article.rules.roles_end, "วัย", "จาก"])
        self._behind = re.compile(rf" ?({roles}(?:(?!{stop})[{THAI}])*(?: (?=[A-Z0-9])[A-Za-z0-9.]+)?)")
        self._before = re.compile(rf"(?<![{THAI}])({roles}[{THAI}]{{0,40}}(?: [A-Z][A-Za-z]*)?) $")
        self._glued = re.compile(rf"({roles})$")

    def proposals(self) -> list[Proposal]:
        """Return a proposal for each role, in order; the same words for the same person once."""
        found: dict[tuple[str, str], Proposal] = {}
        for mention in self.mentions.all:
            if mention.kind != "person":
                continue
            for span in self._spans(mention):
                text = self.article.text[slice(*span)]
                reason = _("A word for a role stands beside %(who)s.") % {"who": mention.who}
                found.setdefault((mention.who, text), Proposal("role", (span,), text, reason, 0.7, of=mention.who))
        return list(found.values())

    def _spans(self, mention: Mention) -> list[Span]:
        behind = self._behind.match(self.covered, mention.end)
        if behind:
            return [behind.span(1)]
        head_start = max(0, mention.start - 70)
        head = self.covered[head_start : mention.start]
        before = self._before.search(head) or self._glued.search(head)
        return [(head_start + before.start(1), head_start + before.end(1))] if before else []
