"""Reported speech whose source is named without a verb: “according to the ministry, …”."""

from __future__ import annotations

import re

from .article import COVER, COVER_CLOSE, Article, Sentence
from .clauses import Clauses
from .mentions import Mentions
from .references import SpeakingSubject
from .rules import alternatives, words_pattern
from .spoken_clause import SpokenClause, spoken_clause
from .subjects import Subjects

_DASH = re.compile(r" [-–—] ")
_SHORT_HEAD = 3  # words before “according to …,” that are no clause by themselves


class Sources:
    """Finds the sources of one article, in languages with blanks between words."""

    def __init__(self, article: Article, mentions: Mentions, subjects: Subjects, clauses: Clauses) -> None:
        self.article, self.rules, self.mentions = article, article.rules, mentions
        self.covered, self.subjects, self.clauses = article.covered, subjects, clauses
        rules = self.rules
        self._source = words_pattern(rules.speech_source)
        self._source_end = words_pattern(rules.speech_source_end)
        self._that = re.compile(rf"\s*,?\s*{alternatives(rules.speech_that)}(?!\w)\s*", re.IGNORECASE)

    def find(self, sentence: Sentence) -> list[SpokenClause]:
        """Return what a sentence reports from sources, in order."""
        found = []
        for match in self._source.finditer(self.covered, sentence.start, sentence.end):
            if (
                self.covered[sentence.start : match.start()].rstrip()[-1:] not in ("", ",", COVER_CLOSE, "-", "–", "—")
                and self.article.language == "vi"
            ):
                continue
            report = self._at(sentence, match)
            if report is not None:
                found.append(report)
        return found

    def _at(self, sentence: Sentence, match: re.Match[str]) -> SpokenClause | None:
        begin, end = match.end(), sentence.end
        leading = (
            not self.covered[sentence.start : match.start()].strip(" \ue000\ue001\ue002,")
            and COVER not in self.covered[sentence.start : match.start()]
        )
        subject_end = self._end_of_source(begin, end)
        subject = self._subject_within(begin, subject_end)
        if subject is None:
            return None
        if leading or (
            match.start() - sentence.start < 25
            and not self.covered[: match.start()].rstrip().endswith((",", COVER_CLOSE))
        ):
            closing = self._source_end.match(self.covered, self.clauses.skip(subject_end, end, " "), end)
            place = self.clauses.skip(closing.end() if closing else subject_end, end, " ,:")
            that = self._that.match(self.covered, place, end)
            begin = that.end() if that else place
            is_vietnamese = self.article.language == "vi"
            content = self.clauses.trimmed(begin, self.clauses.end_of_clause(begin, end) if is_vietnamese else end)
        else:
            content = self.clauses.trimmed(sentence.start, match.start())
            if content and len(self.covered[slice(*content)].split()) <= _SHORT_HEAD and subject_end + 8 < end:
                # “The reason, according to Mr Prell, is …”
                place = self.clauses.skip(subject_end, end, " ,:")
                that = self._that.match(self.covered, place, end)
                content = self.clauses.trimmed(that.end() if that else place, end)
        return spoken_clause(self.covered, subject, match.span(), [content], 0.75) if content else None

    def _end_of_source(self, begin: int, end: int) -> int:
        """Return where the phrase that names a source ends: at a comma, behind the apposition of a name."""
        if dashes := self._between_dashes(begin, end):
            return dashes
        comma = self.covered.find(",", begin, min(end, begin + 220))
        if comma < 0:
            return min(end, begin + 120)
        people = [one for one in self.mentions.between(begin, min(end, comma + 60)) if one.kind == "person"]
        if people and people[0].start > comma and people[0].start - comma <= 3:
            comma = self.covered.find(",", people[0].end, min(end, people[0].end + 120))
            return people[0].end if comma < 0 or comma - people[0].end > 80 else comma
        if people and people[0].end == comma:
            apposition = re.match(
                rf", (?:[\w’'-]+ ){{0,4}}?{alternatives(self.rules.roles_word)}(?!\w)[^,]{{0,80}},",
                self.covered[comma : comma + 160],
                re.IGNORECASE,
            )
            if apposition:
                return comma + len(apposition[0]) - 1
        return comma

    def _between_dashes(self, begin: int, end: int) -> int | None:
        """Return where the apposition of a name ends that stands between dashes: “Theo bà Mơ - Phó Chủ tịch phường -”."""
        name = next((one for one in self.mentions.between(begin, min(end, begin + 80)) if one.kind == "person"), None)
        if name is None or not _DASH.match(self.covered, name.end, end):
            return None
        closing = _DASH.search(self.covered, name.end + 1, min(end, name.end + 160))
        return closing.end() if closing else None

    def _subject_within(self, begin: int, end: int) -> SpeakingSubject | None:
        inside = self.mentions.between(begin, end)
        people = [one for one in inside if one.kind == "person"]
        chosen = people[:1] or [one for one in inside if one.kind == "organization"][:1]
        start = self.clauses.skip(begin, end, " ")
        if chosen and len(self.covered[start : chosen[0].start].split()) <= (
            20 if self.article.language == "vi" else 10
        ):
            return SpeakingSubject(
                chosen[0].span, (start, end), chosen[0].who, chosen[0].record, is_person=bool(people)
            )
        subject = self.subjects.right_of(begin, end)
        if subject is not None:
            return subject
        if self.article.language == "vi":
            return None
        stop = start + len(self.covered[start:end].rstrip(" .!?"))
        if stop <= start or len(self.covered[start:stop]) > 110 or COVER in self.covered[start:stop]:
            return None
        return SpeakingSubject((start, stop), (start, stop), None)
