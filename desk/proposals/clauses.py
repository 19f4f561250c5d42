"""Clauses of what is said, in languages with blanks between words."""

from __future__ import annotations

import re

from .article import Article
from .proposal import Span
from .rules import alternatives, words_pattern

_DATELINE = re.compile(r"[^\W\d_a-z][^.!?;\ue000]{2,60}? [—–-] (?=[^\W\d_a-z])")
SHORTEST = 8  # characters of a clause


class Clauses:
    """Finds clauses in the covered text of one article: where what is said begins and ends."""

    def __init__(self, article: Article) -> None:
        self.article, self.rules, self.covered = article, article.rules, article.covered
        rules = self.rules
        words = [getattr(rules, f"speech_{kind}") for kind in ("say", "state", "ask", "quote", "call", "adding")]
        self._cue = words_pattern([word for some in words for word in some])
        self._that = re.compile(rf"\s*,?\s*{alternatives(rules.speech_that)}(?!\w)\s*", re.IGNORECASE)
        self._whether = re.compile(rf"\s*{alternatives(rules.speech_whether)}(?!\w)\s*", re.IGNORECASE)
        comma = ", " if article.language == "vi" else ",? "
        self._new_speech = (
            re.compile(rf"{comma}{alternatives(rules.speech_end)}(?!\w)", re.IGNORECASE) if rules.speech_end else None
        )
        self._finite = words_pattern(rules.verbs_finite)
        self._object = words_pattern(rules.speech_object)

    def clause(self, begin: int, end: int, *, need_that: bool, kind: str = "say") -> Span | None:
        """Return the clause behind a verb, without its “that”."""
        stop = self.end_of_clause(begin, end)
        if whether := self._whether.match(self.covered, begin, stop):
            return self.trimmed(begin, stop) if kind == "ask" and whether else self.clause_if(begin, stop, kind)
        gap = 25 if self.article.language == "vi" else 70
        that = re.compile(
            rf"[^,.;:]{{0,{gap}}}?(?<!\w){alternatives(self.rules.speech_that)}(?!\w)\s*,?\s*", re.IGNORECASE
        ).match(self.covered, begin, stop)
        if that and not self._finite.search(that[0]):
            return self.trimmed(that.end(), stop)
        if kind == "ask":
            match = re.compile(
                rf"[^,.;:]{{0,40}}?(?<!\w){alternatives(self.rules.speech_whether)}(?!\w)", re.IGNORECASE
            ).match(self.covered, begin, stop)
            return self.trimmed(match.end() - len(match[0].split()[-1]), stop) if match else None
        place = self.skip(begin, stop, " ")
        listener = re.compile(
            rf"(?:(?:the|this|our|với|cho) )?{alternatives(self.rules.speech_listener)}(?!\w)(?: [^,.;:]{{0,40}}?,)?\s*",
            re.IGNORECASE,
        ).match(self.covered, place, stop)
        if listener and listener.end() < stop:
            place = listener.end()
        if self.covered[place : place + 1] in (":", ",") and not need_that:
            place = self.skip(place, stop, " :,")
            return self.trimmed(place, stop) if self.is_clause((place, stop)) else None
        if not self.begins_clause(place, stop, need_that):
            return None
        return self.trimmed(place, stop)

    def clause_if(self, begin: int, stop: int, kind: str) -> Span | None:
        return self.trimmed(begin, stop) if kind == "ask" else None

    def begins_clause(self, begin: int, stop: int, need_that: bool) -> bool:
        """Whether a clause begins here: something with a verb of its own, no “on Monday” and no object."""
        text = self.covered[begin:stop]
        first = text.split(" ", 1)[0].casefold().strip(",.")
        if not text.strip() or len(text) < SHORTEST or text[0] in ",.;:)":
            return False
        if self.article.language == "vi" and first in _VIETNAMESE_PREPOSITIONS and len(text.split()) < 6:
            return False
        if (need_that and self._object.match(text)) or (self.article.language == "vi" and first in ("về", "với")):
            return False
        if first in _PREPOSITIONS:
            return (
                bool(re.match(r"\w+ (?:[\w’'-]+ ){0,6}[\w’'-]+, ", text))
                and self.is_clause((begin, stop))
                and not need_that
            )
        words = text[:110].split()[:9] if need_that else text.split()
        return bool(self._finite.search(" ".join(words))) or (not need_that and len(words) >= 4)

    def is_clause(self, span: Span) -> bool:
        text = self.covered[slice(*span)]
        first = text.split(" ", 1)[0].casefold().strip(",")
        return (
            len(text.split()) >= 4
            and first not in _PARTICIPLES
            and (bool(self._finite.search(text)) or (len(text.split()) >= 7 and first not in _PREPOSITIONS))
        )

    def end_of_clause(self, begin: int, end: int) -> int:
        """Return where a clause ends at the latest: at a semicolon, or where somebody else begins to speak."""
        stop = end
        semicolon = self.covered.find(";", begin, end)
        if semicolon >= 0:
            stop = semicolon
        if self._new_speech is not None and (match := self._new_speech.search(self.covered, begin, stop)):
            # In Vietnamese “còn” also goes on with what is said: somebody else speaks only if another verb follows.
            is_new = self.article.language != "vi" or self._cue.search(self.covered, match.end(), stop)
            stop = match.start() if match.start() - begin > SHORTEST and is_new else stop
        limit = (
            re.compile(
                rf"(?:,? (?:and|but) (?:also )?{self._cue.pattern}|"
                rf",? {alternatives(self.rules.speech_adding)}(?!\w)|"
                rf",? (?:and|và) {alternatives(self.rules.speech_that)}(?!\w) )",
                re.IGNORECASE,
            )
            if self.article.rules.speech_that
            else None
        )
        if limit and (match := limit.search(self.covered, begin, stop)) and match.start() - begin > SHORTEST:
            stop = match.start()
        return stop

    def begin_of_clause(self, start: int, before: int) -> int:
        semicolon = self.covered.rfind(";", start, before)
        if semicolon >= 0:
            return self.skip(semicolon + 1, before, " ")
        dateline = _DATELINE.match(self.covered, start, min(before, start + 90))
        return dateline.end() if dateline else start

    def skip(self, place: int, end: int, chars: str) -> int:
        while place < end and self.covered[place] in chars:
            place += 1
        return place

    def trimmed(self, begin: int, end: int) -> Span | None:
        """Return a stretch without blanks and stops round it; None if nothing is left."""
        while begin < end and self.covered[begin] in " ,:;–—-":
            begin += 1
        while end > begin and self.covered[end - 1] in " ,:;–—-.!?…":
            end -= 1
        return (begin, end) if begin < end else None


_PREPOSITIONS = frozenset(
    [
        "in",
        "on",
        "at",
        "by",
        "for",
        "from",
        "with",
        "without",
        "to",
        "of",
        "as",
        "after",
        "before",
        "during",
        "since",
        "until",
        "about",
        "over",
        "under",
        "through",
        "outside",
        "inside",
        "last",
        "next",
        "today",
        "yesterday",
        "later",
        "earlier",
        "when",
        "while",
        "goodbye",
        "hello",
        "yes",
    ]
)
_VIETNAMESE_PREPOSITIONS = frozenset(["tại", "vào", "trong", "sau", "khi", "với", "về", "ở", "từ"])
_PARTICIPLES = frozenset(
    [
        "asked",
        "opening",
        "speaking",
        "addressing",
        "when",
        "while",
        "after",
        "before",
        "although",
        "though",
        "in",
        "on",
        "at",
        "by",
        "for",
        "from",
        "with",
        "as",
        "tại",
        "vào",
        "trong",
        "sau",
        "trước",
        "khi",
        "với",
        "về",
        "trả",
        "phát",
    ]
)
