"""Clauses of what is said, in languages with blanks between words."""

from __future__ import annotations

import re

from .article import COVER, Article
from .proposal import Span
from .rules import alternatives, words_pattern

_DATELINE = re.compile(r"[^\W\d_a-z][^.!?;\ue000]{2,90}? [—–-] (?=[^\W\d_a-z])")
_TELLING = re.compile(r"(?:tell|told|assur|remind|inform|warn|ask|advis|caution|promis|notif|urg|show)", re.IGNORECASE)
_NO_LEAD = re.compile(r"at (?:least|most|first|last|times|one point)\b", re.IGNORECASE)
_VERB = re.compile(
    r"(?:is|was|isn[’']t|wasn[’']t|would|will|has|had|makes|made|means|meant)\b"
)  # “thinks that is unlikely”
_SHORT_CLAUSE = 8  # words of what may be an object rather than a clause: “thừa nhận toàn bộ hành vi”
SHORTEST = 8  # characters of a clause


class Clauses:
    """Finds clauses in the covered text of one article: where what is said begins and ends."""

    def __init__(self, article: Article) -> None:
        self.article, self.rules, self.covered = article, article.rules, article.covered
        rules = self.rules
        words = [
            getattr(rules, f"speech_{kind}") for kind in ("say", "state", "ask", "quote", "call", "adding", "finding")
        ]
        self._cue = words_pattern([word for some in words for word in some])
        self._that = re.compile(rf"\s*,?\s*{alternatives(rules.speech_that)}(?!\w)\s*", re.IGNORECASE)
        self._whether = re.compile(rf"\s*{alternatives(rules.speech_whether)}(?!\w)\s*", re.IGNORECASE)
        comma = ", " if article.language == "vi" else ",? "
        self._new_speech = (
            re.compile(rf"{comma}{alternatives(rules.speech_end)}(?!\w)", re.IGNORECASE) if rules.speech_end else None
        )
        self._fewest = 5 if article.language == "en" else 7  # words of a clause that has none of the verbs
        self._say = words_pattern(rules.speech_say)
        self._finite = words_pattern(rules.verbs_finite)
        self._object = words_pattern(rules.speech_object)
        # In English “and reported them” goes on with what somebody did.
        listener = r"(?: [^\W\d_]+){0,3}?"
        that = alternatives(rules.speech_that)
        begins = "the|he|she|it|they|there|his|her|their|this|we|I"
        clause = rf"(?={listener},? {that}\b|{listener}[,:]? ?[\ue000\ue001]| (?:{begins})\b)"
        self._speech_follows = clause if article.language == "en" else ""

    def clause(self, begin: int, end: int, *, need_that: bool, kind: str = "say") -> Span | None:
        """Return the clause behind a verb, without its “that”."""
        stop = self.end_of_clause(begin, end)
        if whether := self._whether.match(self.covered, begin, stop):
            return self.trimmed(begin, stop) if kind == "ask" and whether else self.clause_if(begin, stop, kind)
        gap = 25 if self.article.language == "vi" else 70
        that = re.compile(
            rf"[^,.;:]{{0,{gap}}}?(?<!\w){alternatives(self.rules.speech_that)}(?!\w)\s*,?\s*", re.IGNORECASE
        ).match(self.covered, begin, stop)
        if that and self._finite.search(that[0]):
            that = None
        if that and self.article.language == "en" and self._is_relative(begin, that, stop):
            if need_that:
                return None
            that = None
        if that:
            is_pronoun = self.article.language == "en" and _VERB.match(self.covered, that.end(), stop)
            return self.trimmed(that.end() - len("that ") if is_pronoun else that.end(), stop)
        if kind == "ask":
            match = re.compile(
                rf"[^,.;:]{{0,40}}?(?<!\w){alternatives(self.rules.speech_whether)}(?!\w)", re.IGNORECASE
            ).match(self.covered, begin, stop)
            return self.trimmed(match.end() - len(match[0].split()[-1]), stop) if match else None
        place = self.skip(begin, stop, " ")
        listener = not self._without_listener(begin) and re.compile(
            rf"(?:(?:the|this|our|với|cho) )?{alternatives(self.rules.speech_listener)}(?!\w)(?: [^,.;:]{{0,40}}?,)?\s*",
            re.IGNORECASE,
        ).match(self.covered, place, stop)
        if listener and listener.end() < stop:
            place = listener.end()
        is_colon = self.article.language == "vi" and self.covered[place : place + 1] == ":"
        if is_colon or (self.covered[place : place + 1] in (":", ",") and not need_that):
            place = self.skip(place, stop, " :,")
            return self.trimmed(place, stop) if self.is_clause((place, stop)) else None
        if not self.begins_clause(place, stop, need_that):
            return None
        return self.trimmed(place, stop)

    def _is_relative(self, begin: int, that: re.Match[str], stop: int) -> bool:
        """Whether “that” belongs to a noun: “proposed a law that would ban it”, “recalled the day that she left”."""
        gap = that[0].strip()[: -len("that")].strip().casefold()
        if not gap or (gap.split()[-1] in _TIMES and len(gap.split()) != len(("the", "day"))):
            return False  # “announced the following day that”
        has_noun = gap.split()[0] in _DETERMINERS and self._without_listener(begin)
        return has_noun or bool(_VERB.match(self.covered, that.end(), stop))

    def _without_listener(self, begin: int) -> bool:
        """Whether the verb that ends here is none that names a listener: “said her husband was ill”."""
        verb = re.search(r"[\w’']+$", self.covered[max(0, begin - 20) : begin])
        return self.article.language == "en" and verb is not None and not _TELLING.match(verb[0])

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
        is_said = self.covered[max(0, begin - 8) : begin].rstrip().endswith((" rằng", " là"))
        is_short = self.article.language == "vi" and len(text.split()) < _SHORT_CLAUSE and not is_said
        if is_short and self._object.match(text):
            return bool(self._finite.search(text))
        words = text[:110].split(",")[0].split()[:9] if need_that else text.split()
        if self._finite.search(" ".join(words)) or (not need_that and len(words) >= 4):
            return True
        return not need_that and COVER in text and bool(self._finite.search(self.article.text[begin:stop]))

    def is_clause(self, span: Span) -> bool:
        text = self.covered[slice(*span)]
        first = text.split(" ", 1)[0].casefold().strip(",")
        return (
            len(text.split()) >= 4
            and (first not in _PARTICIPLES or _NO_LEAD.match(text) is not None)
            and (
                bool(self._finite.search(text))
                or (
                    len(text.split()) >= self._fewest
                    and (first not in _PREPOSITIONS or _NO_LEAD.match(text) is not None)
                )
            )
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
                rf"(?:,? (?:and|but) (?:also )?(?:{self._say.pattern}|{self._cue.pattern}{self._speech_follows})|"
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
        marks = (";", ": ") if self.article.language == "en" else (";",)
        mark = max(self.covered.rfind(mark, start, before) for mark in marks)
        if mark >= 0:
            return self.skip(mark + 1, before, " ")
        dateline = _DATELINE.match(self.covered, start, min(before, start + 120))
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


_DETERMINERS = frozenset(["a", "an", "the", "his", "her", "its", "their", "this", "some", "any", "no", "new"])
_TIMES = frozenset(["day", "week", "month", "year", "morning", "evening", "night", "afternoon", "time"])
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
