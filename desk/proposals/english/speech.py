"""Constructions of English in which the subject of the verb is not who speaks, or is no person."""

from __future__ import annotations

import re
from dataclasses import replace

from desk.proposals.article import COVER, COVER_CLOSE, COVER_OPEN, Article, Sentence
from desk.proposals.clauses import Clauses
from desk.proposals.references import SpeakingSubject
from desk.proposals.rules import alternatives, words_pattern
from desk.proposals.spoken_clause import QUOTED, SpokenClause, spoken_clause
from desk.proposals.subjects import Subjects

_PASSIVE = re.compile(
    r"(?<!\w)(?:is|was|are|were|be|been|being)(?: (?:\w+ly|also|once|often|always|never|not|first|later|still|then|since))*\s*$",
    re.IGNORECASE,
)
_BY = re.compile(r" by (?![\w’'-]+ing\b|phone|telephone|email|letter|text|video)")
_BY_LATER = re.compile(
    rf"[^.;:{COVER}{COVER_OPEN}]{{0,60}}?{COVER_OPEN}{COVER}*{COVER_CLOSE}[^.;:{COVER}{COVER_OPEN}]{{0,25}}? by "
    r"(?![\w’'-]+ing\b|phone|telephone|email|letter|text|video)"
)
_WORDS_BEHIND_QUOTE = re.compile(rf"{COVER_CLOSE},?\s+((?!and |but |as |when |while )(?:[\w’'&-]+,? ){{1,7}})$")
_NOT = re.compile(r"(?:(?<!\w)(?:not|never)|n[’']t)(?: (?:yet|even|actually|ever))?\s*$", re.IGNORECASE)
_REST_OF_TAG = 90  # characters between a verb and the words it governs


class EnglishSpeech:
    """Finds passives, studies that find, and speakers with a long description, in one English article."""

    def __init__(self, article: Article, subjects: Subjects, clauses: Clauses, cue: re.Pattern[str]) -> None:
        self.article, self.rules, self.covered = article, article.rules, article.covered
        self.subjects, self.clauses, self._cue = subjects, clauses, cue
        self._finite = words_pattern(self.rules.verbs_finite)
        self._that = re.compile(rf"\s*,?\s*{alternatives(self.rules.speech_that)}(?!\w)\s*", re.IGNORECASE)

    def is_passive(self, start: int, match: re.Match[str]) -> bool:
        """Whether somebody or something is told, called, described: the subject of the verb is not who speaks."""
        before = self.covered[max(start, match.start() - 40) : match.start()]
        return bool(_PASSIVE.search(before) or _BY.match(self.covered[match.end() : match.end() + 24])) and not match[
            0
        ].endswith("ing")

    def is_denied(self, start: int, match: re.Match[str]) -> bool:
        """Whether somebody says something not: “has not said that”, “never told her”."""
        return bool(_NOT.search(self.covered[max(start, match.start() - 30) : match.start()]))

    def inverted(self, sentence: Sentence, match: re.Match[str]) -> SpokenClause | None:
        """Return the quote of “Said one trader: ‘…’”."""
        subject = self.subjects.right_of(match.end(), sentence.end)
        if subject is None:
            return None
        quoted = re.compile(rf"[^{COVER_OPEN}{COVER}.;]{{0,60}}[:,] ?({COVER_OPEN}{COVER}*{COVER_CLOSE}?)").match(
            self.covered, subject.outer[1], sentence.end
        )
        return spoken_clause(self.covered, subject, match.span(), [quoted.span(1)], 0.9) if quoted else None

    def by_agent(self, sentence: Sentence, match: re.Match[str], kind: str) -> SpokenClause | None:
        """Return what somebody says in a passive: “described by Otto Brandt as ‘brave’”, “was told by the bank that …”."""
        end = sentence.end
        agent = _BY.match(self.covered, match.end(), end) or _BY_LATER.match(self.covered, match.end(), end)
        if agent is None or kind == "ask":
            return None
        subject = self.subjects.right_of(agent.end(), end)
        if subject is None:
            return None
        if kind != "call":
            content = self.clauses.clause(subject.outer[1], end, need_that=True)
            return spoken_clause(self.covered, subject, match.span(), [content], 0.7) if content else None
        quoted = QUOTED.search(agent[0]) and QUOTED.search(self.covered, match.end(), agent.end())
        quoted = quoted or QUOTED.search(self.covered, subject.outer[1], min(end, subject.outer[1] + _REST_OF_TAG))
        if not quoted or re.search(r"[.;]", self.covered[subject.outer[1] : quoted.start()]):
            return None
        report = spoken_clause(self.covered, subject, match.span(), [quoted.span()], 0.7)
        return report and replace(report, cue_kind="call")

    def finding(self, sentence: Sentence, match: re.Match[str]) -> SpokenClause | None:
        """Return what a study or a body “found that”."""
        that = self._that.match(self.covered, match.end(), sentence.end)
        subject = self.subjects.left_of(sentence.start, match.start())
        if subject is None or subject.is_person or subject.is_pronoun:
            return None
        head = self.covered[sentence.start : subject.outer[0]].rstrip()
        if head.endswith(",") and self.covered[match.end() : sentence.end].strip() in (".", ","):
            clause = self.clauses.trimmed(
                self.clauses.begin_of_clause(sentence.start, subject.outer[0]), subject.outer[0]
            )
            is_whole = clause is not None and self.clauses.is_clause(clause)
            return spoken_clause(self.covered, subject, match.span(), [clause], 0.65) if is_whole else None
        if that is None or not that[0].strip():
            return None
        content = self.clauses.trimmed(that.end(), self.clauses.end_of_clause(that.end(), sentence.end))
        return spoken_clause(self.covered, subject, match.span(), [content], 0.65) if content else None

    def with_words_before(self, start: int, subject: SpeakingSubject) -> SpeakingSubject:
        """Return a subject with the words between a quotation and it: “…,” union firebrand Terry Doyle warned."""
        begin, place = max(start, subject.outer[0] - _REST_OF_TAG), subject.outer[0]
        words = _WORDS_BEHIND_QUOTE.search(self.covered, begin, place)
        if (
            words is None
            or not self._closes_speech(words.start())
            or self._finite.search(words[1])
            or self._cue.search(words[1])
        ):
            return subject
        return replace(subject, outer=(words.start(1), subject.outer[1]))

    def _closes_speech(self, place: int) -> bool:
        """Whether the quotation that closes here ends with a comma or a stop, as before “she said”."""
        return self.covered[place + 1 : place + 2] == "," or any(
            char in ",.!?…" for char in self.article.text[max(0, place - 1) : place + 1]
        )
