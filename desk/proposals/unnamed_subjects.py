"""Speakers whom an article does not name, in English: “one of them”, “a man in the crowd”, “water companies”."""

from __future__ import annotations

import re

from .article import COVER, COVER_CLOSE, COVER_OPEN, Article
from .proposal import Span
from .rules import alternatives, words_pattern

_LONGEST = 160  # characters of an apposition
_MOST_WORDS = 12  # of a phrase
_WORD = r"[\w’'&-]+"
_LINKS = re.compile(
    r"(?:^|(?<= ))(?:and|but|while|although|though|because|yet|so|as|when|after|before|that|where|whose) "
)
_NO_HEAD = re.compile(
    r"(?:who|that|which|of|and|or|to|in|on|at|by|for|from|with|as|is|was|are|were|it|they|this|these|those|day|days|"
    r"week|weeks|month|months|year|years|night|morning|afternoon|evening|hours|minutes|times|always|perhaps|besides|"
    r"nevertheless|sometimes|afterwards|this|thus|also|then|later)$",
    re.IGNORECASE,
)


class UnnamedSubjects:
    """Finds the phrases of one article that may name nobody and yet speak."""

    def __init__(self, article: Article) -> None:
        self.article, self.rules, self.covered = article, article.rules, article.covered
        rules = self.rules
        articles = alternatives(rules.reference_the)
        someone = alternatives(rules.reference_someone)
        links = "of|from|at|in|on|for|with|near|behind|inside|outside|among|close to|familiar with"
        belongs = rf"(?: (?:{links}) {_WORD}(?: {_WORD}){{0,6}})?"
        relative = rf"(?: (?:who|that) {_WORD}(?: {_WORD}){{0,7}})?"
        self._someone = re.compile(rf"{someone}(?: of (?:{_WORD} ){{0,4}}{_WORD})?", re.IGNORECASE)
        stop = r"(?=[,.;:!?]|$| (?:at|in|on|after|before|as|from|who|with|when|during|outside|near)\b)"
        self._someone_behind = re.compile(rf"{someone}(?: of (?:{_WORD} ){{0,3}}?{_WORD})?{stop}", re.IGNORECASE)
        self._phrase = re.compile(
            rf"(?:{articles}|\d+) (?:{_WORD} ){{0,4}}?({_WORD}?){belongs}{relative}", re.IGNORECASE
        )
        self._plural = re.compile(
            rf"(?:{_WORD} ){{0,3}}?([\w’'-]+[^s\W]s|people|police|staff|women|men|children){belongs}"
        )
        known = [*rules.roles_word, *rules.reference_group, *rules.names_kin]
        self._known = words_pattern([*known, *(f"{word}s" for word in known)])
        self._finite = words_pattern([word for word in rules.verbs_finite if word not in ("plans", "hopes", "left")])
        self._title = words_pattern(rules.marks_title_before)
        self._beginnings = frozenset(word for word in rules.sentences_begin)

    def ending_at(self, begin: int, place: int) -> Span | None:
        """Return the phrase that is the whole clause before a verb: from a comma, a quotation or a conjunction to `place`."""
        text = self.covered[begin:place]
        cut = max((match.end() for match in re.finditer(r"[,;:(–—]\s|\ue002[,.]?\s?", text)), default=0)
        starts = [cut, *(cut + match.end() for match in _LINKS.finditer(text[cut:]))]
        for start in starts:
            phrase = text[start:].lstrip()
            if len(phrase.split()) <= _MOST_WORDS and self._names_somebody(phrase):
                return place - len(phrase), place
        return None

    def beginning_at(self, start: int, end: int) -> Span | None:
        """Return the phrase that begins here, behind a verb: “said one of them”."""
        match = self._someone_behind.match(self.covered, start, end)
        return match.span() if match else None

    def before_comma(self, begin: int, place: int) -> Span | None:
        """Return the phrase before an apposition that ends with the comma before `place`: “A mother, who was in tears,”."""
        text = self.covered[begin : place - 1]
        found: list[Span] = []
        for match in re.finditer(r"(?:^|, |\ue002 )(?=[^\W\d_])", text):
            comma = text.find(",", match.end())
            rest = text[comma:]
            is_title = not rest.strip(f" ,{COVER}{COVER_OPEN}{COVER_CLOSE}")  # “The study, ‘Cold Rooms’, showed”
            if comma < 0 or len(rest) > _LONGEST or ((COVER in rest or COVER_CLOSE in rest) and not is_title):
                continue
            phrase = text[match.end() : comma]
            if len(phrase.split()) <= _MOST_WORDS and self._names_somebody(phrase):
                found.append((begin + match.end(), begin + comma))
        known = [span for span in found if self._known.search(self.covered[slice(*span)])]
        return next(iter(known or found), None)

    def _names_somebody(self, phrase: str) -> bool:
        if not phrase or COVER in phrase or COVER_CLOSE in phrase:
            return False
        if self._someone.fullmatch(phrase):
            return True
        for pattern in (self._phrase, self._plural):
            match = pattern.fullmatch(phrase)
            if match is None:
                continue
            head = match[1]
            known = self._known.search(phrase)
            if (
                _NO_HEAD.match(head)
                or (self._title.fullmatch(head) and not known)
                or self._finite.search(phrase[: match.end(1)])
                or not head[:1].islower()
            ):
                continue
            if pattern is self._plural and not phrase[0].isupper() and not known:
                continue
            if (
                pattern is self._plural
                and phrase.split()[0] in self._beginnings
                and phrase.split()[0] != head
                and not known
            ):
                continue
            return True
        return False
