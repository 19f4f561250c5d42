"""Roles: the words before or behind a name that say what somebody is."""

from __future__ import annotations

import re
from functools import cached_property

from django.utils.translation import gettext as _

from .article import Article
from .mentions import Mention, Mentions
from .proposal import Proposal, Span
from .rules import alternatives

# Words at which a role before a name begins anew.
_NO_ROLE = "and by with for from when after as of new to than only but under into via".split()  # noqa: SIM905
_BEFORE, _BEHIND = 110, 160  # characters looked at


class Roles:
    """Finds the roles of one article, in languages with blanks between words."""

    def __init__(self, article: Article, mentions: Mentions) -> None:
        self.article, self.rules, self.mentions = article, article.rules, mentions
        self.covered = article.covered

    def proposals(self) -> list[Proposal]:
        """Return a proposal for each role, in order; the same words for the same person once."""
        found: dict[tuple[str, str], Proposal] = {}
        for mention in self.mentions.all:
            if mention.kind != "person":
                continue
            for span in (self._before(mention), self._behind(mention)):
                if span is None:
                    continue
                text = self.article.text[slice(*span)]
                reason = _("A word for a role stands beside %(who)s.") % {"who": mention.who}
                found.setdefault(
                    (mention.who, text.casefold()), Proposal("role", (span,), text, reason, 0.7, of=mention.who)
                )
        return list(found.values())

    @cached_property
    def _word(self) -> str:
        return alternatives(self.rules.roles_word)

    @cached_property
    def _phrase_before(self) -> re.Pattern[str]:
        """A role at the end of a text, with the words that belong to it."""
        titles = alternatives(self.rules.names_title)
        return re.compile(
            rf"(?<![\w’'-])((?:[\w’'-]+ ){{0,5}}?{self._word}(?: (?:of|for) (?:[\w’'-]+ ?){{1,5}})?),? (?:{titles} )?$",
            re.IGNORECASE,
        )

    @cached_property
    def _stop_before(self) -> re.Pattern[str]:
        words = [
            *self.rules.reference_the,
            *self.rules.speech_say,
            *self.rules.speech_state,
            *self.rules.speech_that,
            *self.rules.speech_source,
            *self.rules.names_place_before,
            *self.rules.verbs_finite,
        ]
        return re.compile(
            rf"(?<![\w-])(?:{alternatives([*words, *_NO_ROLE])})(?![\w’'-])",
            re.IGNORECASE,
        )

    def _before(self, mention: Mention) -> Span | None:
        begin = max(self.article.paragraphs[self.article.paragraph_at(mention.start)][0], mention.start - _BEFORE)
        text = self.covered[begin : mention.start]
        match = self._phrase_before.search(text)
        if match is None:
            return None
        phrase, start = match[1], match.start(1)
        head = (
            max(one.end() for one in re.finditer(rf"(?<!\w){self._word}(?!\w)", phrase, re.IGNORECASE))
            if re.search(rf"(?<!\w){self._word}(?!\w)", phrase, re.IGNORECASE)
            else len(phrase)
        )
        for stop in self._stop_before.finditer(phrase[: max(0, head - 2)]):
            if not re.match(rf"{self._word}(?!\w)", phrase[stop.start() :], re.IGNORECASE):
                start = match.start(1) + stop.end()
        while start < len(text) and text[start] in " -–—":
            start += 1
        possessive = [one.end() for one in re.finditer(r"[’']s? ", text[start : match.end(1)])]
        if possessive:
            start += possessive[-1]
        return (begin + start, begin + match.end(1)) if start < match.end(1) else None

    @cached_property
    def _phrase_behind(self) -> re.Pattern[str]:
        stop = alternatives(self.rules.roles_end)
        return re.compile(
            rf"(?: \([^)]{{1,40}}\))?, ((?:(?!{stop}\b)[\w’'-]+ ){{0,6}}?{self._word}(?!\w)(?: (?!{stop}(?!\w))[\w’'&-]+){{0,9}})",
            re.IGNORECASE,
        )

    @cached_property
    def _doing(self) -> re.Pattern[str]:
        return re.compile(rf",? who ({alternatives(self.rules.roles_doing)} [^,.;:“”]{{3,80}})", re.IGNORECASE)

    def _behind(self, mention: Mention) -> Span | None:
        text = self.covered[mention.end : mention.end + _BEHIND]
        match = self._phrase_behind.match(text) or self._doing.match(text)
        if match is None or re.search("[\ue000-\ue002\n]", match[1]):
            return None
        phrase = re.split(r" (?:and|và) (?=[^\W\d_]+(?:ed|s)\b)", match[1])[0]
        return mention.end + match.start(1), mention.end + match.start(1) + len(phrase.rstrip())
