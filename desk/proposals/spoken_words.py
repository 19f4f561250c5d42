"""What is said, in languages with blanks between words: the words a verb of speech governs, and who says them."""

from __future__ import annotations

import re
from dataclasses import replace

from desk.proposals.english.speech import EnglishSpeech
from desk.proposals.vietnamese.subjects import VietnameseSubjects

from .article import COVER, COVER_CLOSE, COVER_OPEN, Article, Sentence
from .bare_quotes import BareQuotes
from .clauses import SHORTEST, Clauses
from .lone_quotes import LoneQuotes
from .mentions import Mentions
from .proposal import Span
from .references import SpeakingSubject
from .rules import alternatives, words_pattern
from .sources import Sources
from .spoken_clause import QUOTED, SpokenClause, spoken_clause
from .subjects import Subjects

_NEXT_QUOTED = re.compile(rf"[\s,]*({COVER_OPEN}{COVER}*{COVER_CLOSE}?)")
_ALSO_QUOTED = re.compile(rf"(?:, | and | or | và )[^.;\ue000-\ue002]{{0,40}}?({COVER_OPEN}{COVER}*{COVER_CLOSE}?)")
_FEWEST_GOVERNED = 4  # words behind a verb that are rather what is said
_INFINITIVE = re.compile(r"[^,.;:]*(?<!\w)(?:not )?to [^,.;:]*$")  # “vowed to ‘hunt down’ the thieves”
_RELATIVE = re.compile(r",? (?:which|who) ")
_OPEN_END = re.compile(
    r"(?<!\w)(?:is|are|was|were|has|had|by|of|in|at|for|with|to|than|as|from|about|on|which|whom|that|where|and|but)$"
)
_SHORT_HEAD = 5  # words before “, she said,” that may be the beginning of what goes on behind it
_REST_OF_TAG = 90  # characters between a verb and the words it governs, or behind it to the end of its sentence


class SpokenWords:
    """Finds the reports of one article, in order."""

    def __init__(self, article: Article, mentions: Mentions) -> None:
        self.article, self.rules, self.mentions = article, article.rules, mentions
        self.covered = article.covered
        self.subjects = (VietnameseSubjects if article.language == "vi" else Subjects)(article, mentions)
        self.clauses = Clauses(article)
        self.sources = Sources(article, mentions, self.subjects, self.clauses)
        self.bare = BareQuotes(article, mentions, self.subjects)
        subjects = self.subjects
        self.lone = LoneQuotes(article, self.bare, subjects) if isinstance(subjects, VietnameseSubjects) else None
        rules = self.rules
        self._kinds: dict[str, str] = {}
        self._acting: SpeakingSubject | None = None  # who stood before an earlier verb of the sentence
        for kind in ("say", "state", "ask", "quote", "call", "adding", "finding"):
            for word in getattr(rules, f"speech_{kind}"):
                self._kinds.setdefault(word.casefold(), kind)
        self._cue = words_pattern(self._kinds)
        if article.language == "vi":  # any verb may stand before “rằng”
            self._cue = re.compile(rf"{self._cue.pattern}|(?<!\w)[^\W\d_]+(?= rằng(?!\w))", re.IGNORECASE)
        self.english = EnglishSpeech(article, self.subjects, self.clauses, self._cue)
        self._never = words_pattern(rules.speech_never)
        self._second = re.compile(rf",? (?:and|và) {alternatives(rules.speech_that)}(?!\w) ", re.IGNORECASE)
        self._adjunct = re.compile(rf"\s*{alternatives(rules.reference_adjunct)}(?!\w)", re.IGNORECASE)
        self._finite = words_pattern(rules.verbs_finite)
        self._small_words = words_pattern([*rules.speech_then, *rules.speech_between, *rules.speech_end])
        self._that_is = re.compile(
            rf"(?<={COVER_CLOSE})\s*[,–-]?\s*{alternatives([*rules.speech_that_is, *rules.speech_then])}"
            r"(?: [^\W\d_]+){0,4}$"
        )
        self._that = re.compile(rf"\s*,?\s*{alternatives(rules.speech_that)}(?!\w)\s*", re.IGNORECASE)
        self._whether = re.compile(rf"\s*{alternatives(rules.speech_whether)}(?!\w)\s*", re.IGNORECASE)

    def reports(self) -> list[SpokenClause]:
        """Return the reports of every sentence."""
        found: list[SpokenClause] = []
        for sentence in self.article.sentences:
            reports = self._in_sentence(sentence)
            found += reports or self._without_verb(sentence)
            if reports and reports[-1].subject is not None and self.lone is not None:
                self.lone.remember(sentence.paragraph, reports[-1].subject)
        return found

    def _without_verb(self, sentence: Sentence) -> list[SpokenClause]:
        """Return the quote of a sentence that has a person beside it, and no verb of speech."""
        found = []
        lone = self.lone.find(sentence) if self.lone is not None else None
        if lone is not None:
            words, subject = lone
            report = self._report(subject, (words[0], words[0]), [words], 0.6)
            if report is not None:
                self._remember(report)
            return [report] if report else []
        for person, cue, words in self.bare.find(sentence):
            report = self._report(person, cue, [words], 0.7)
            if report is not None:
                found.append(report)
                self._remember(report)
        return found

    def _in_sentence(self, sentence: Sentence) -> list[SpokenClause]:
        found: list[SpokenClause] = []
        taken = sentence.start  # up to here the sentence is somebody's words already
        for sourced in self.sources.find(sentence):
            found.append(sourced)
            self._remember(sourced)
            taken = max(taken, sourced.content[-1][1])
        if found and taken >= sentence.end - 2:
            return found
        previous: SpeakingSubject | None = None
        self._acting = None
        never = [one.span() for one in self._never.finditer(self.covered, sentence.start, sentence.end)]
        matches = [
            one
            for one in self._cue.finditer(self.covered, sentence.start, sentence.end)
            if not any(begin < one.end() and one.start() < stop for begin, stop in never)
            and not self.subjects.is_inside_role(*one.span())
        ]
        for number, match in enumerate(matches):
            if (match.start() < taken and not (found and previous is not None)) or self.mentions.covers(match.start()):
                continue
            following = matches[number + 1].start() if number + 1 < len(matches) else sentence.end
            report = self._at_cue(sentence, match, previous, following, found)
            if report is None:
                continue
            if found and self._overlaps(found[-1], report):
                continue
            found.append(report)
            found += self._and_that(report, sentence)
            if report.subject is not None:
                previous = report.subject
                self._remember(report)
            taken = max(taken, min(report.content[-1][1], sentence.end))
        return found

    def _and_that(self, report: SpokenClause, sentence: Sentence) -> list[SpokenClause]:
        """Return the second clause of “said that … and that …”."""
        place = report.content[-1][1]
        match = self._second.match(self.covered, place, sentence.end)
        if report.is_whole_quote or match is None:
            return []
        content = self.clauses.trimmed(match.end(), self.clauses.end_of_clause(match.end(), sentence.end))
        second = self._report(report.subject, report.cue, [content], report.strength - 0.05) if content else None
        return [second] if second else []

    def _remember(self, report: SpokenClause) -> None:
        if report.subject is not None:
            self.subjects.last = report.subject
            self.subjects.last_place = report.cue[0]

    @staticmethod
    def _overlaps(earlier: SpokenClause, later: SpokenClause) -> bool:
        return any(
            begin < end and start < stop
            for begin, end in earlier.content
            for start, stop in later.content
            if begin < stop and start < end
        )

    # Verbs

    def _at_cue(
        self,
        sentence: Sentence,
        match: re.Match[str],
        previous: SpeakingSubject | None,
        following: int,
        found: list[SpokenClause],
    ) -> SpokenClause | None:
        kind = self._kinds.get(re.sub(r"\s+", " ", match[0].casefold()), "state")
        start, end = sentence.start, sentence.end
        if self.article.language == "en":
            if self.english.is_passive(start, match):
                return self.english.by_agent(sentence, match, kind)
            if kind == "finding":
                return self.english.finding(sentence, match)
            if match.start() == start and match[0][0].isupper() and kind in ("say", "state", "ask", "quote"):
                return self.english.inverted(sentence, match)
            if kind == "say" and self.english.is_denied(start, match):
                return None
        if kind == "adding":
            if previous is None:
                previous = self.subjects.left_of(start, match.start()) or self._first_person(start, match.start())
            return self._leading(sentence, match, kind, previous, match.start()) if previous else None
        before = self.covered[max(start, match.start() - 40) : match.start()].rstrip()
        between = re.sub(
            rf"(?:(?<!\w){alternatives(self.rules.speech_between)}\s*|\w+ly\s*)+$", "", before, flags=re.IGNORECASE
        ).rstrip()
        behind_quote = between.endswith(COVER_CLOSE) or (
            between.endswith((",", "–", "—", "-")) and between.rstrip(",–—- ").endswith(COVER_CLOSE)
        )
        behind_comma = between.endswith(",") and not behind_quote
        if behind_quote and kind != "call":
            subject = self.subjects.right_of(match.end(), end)
            if subject is not None:
                return self._tag(
                    sentence, match.span(), subject, match.start(), max(match.end(), subject.outer[1]), 0.95
                )
        subject = self.subjects.left_of(start, match.start())
        if subject is None and behind_comma and kind in ("say", "state"):
            subject = self.subjects.right_of(match.end(), end)
            if subject is not None and match.start() - start > 20:
                content = self.clauses.trimmed(self.clauses.begin_of_clause(start, match.start()), match.start())
                return self._report(subject, match.span(), [content], 0.7) if content else None
        if subject is not None:
            self._acting = subject
        previous = previous or self._acting
        if (
            subject is None
            and previous is not None
            and re.search(r"(?<!\w)(?:and|but|then|và|nhưng|rồi|đồng thời)$", between, re.IGNORECASE)
        ):
            subject = previous
            return self._leading(sentence, match, kind, subject, match.start())
        if subject is None:
            if (
                re.search(r"(?<!\w)(?:and|but|then|before|và|rồi|nhưng)$", between, re.IGNORECASE)
                or between.endswith(",")
                or re.match(rf"[^,.;]{{0,30}}:\s*{COVER_OPEN}", self.covered[match.end() : match.end() + 60])
            ):
                subject = self._first_person(start, match.start())
            subject = subject or self._same_as_before(sentence, match)
            if subject is None:
                return None
            return self._leading(sentence, match, kind, subject, match.start())
        return self._with_subject_before(sentence, match, kind, subject)

    def _same_as_before(self, sentence: Sentence, match: re.Match[str]) -> SpeakingSubject | None:
        """Return the last speaker for a Vietnamese sentence without a subject: “Nhưng rồi lại cười: …”."""
        last = self.subjects.last
        if self.article.language != "vi" or last is None or not last.is_person:
            return None
        before = self.covered[sentence.start : match.start()]
        is_same_paragraph = self.article.paragraph_at(self.subjects.last_place) == sentence.paragraph
        is_quote = re.match(rf"[^,.;]{{0,30}}:\s*{COVER_OPEN}", self.covered[match.end() : match.end() + 60])
        nothing = not self._small_words.sub("", before).strip(" ,")
        return last if is_same_paragraph and is_quote and nothing else None

    def _first_person(self, start: int, before: int) -> SpeakingSubject | None:
        """Return the person with whom a sentence begins: “She shook her head and said”."""
        people = [one for one in self.mentions.between(start, before) if one.kind == "person"]
        words = alternatives([*self.rules.reference_he, *self.rules.reference_she])
        pronoun = re.match(rf"{words}(?!\w)", self.covered[start:before], re.IGNORECASE)
        if pronoun and not (people and people[0].start - start - pronoun.end() <= 1):
            return self.subjects.of_pronoun((start, start + pronoun.end()), pronoun[0])
        if people and people[0].start - start < 60:
            return SpeakingSubject(people[0].span, people[0].span, people[0].who, people[0].record, is_person=True)
        if self.article.language == "en" and (phrase := self.subjects.noun_at(start, before)):
            return phrase
        bodies = [one for one in self.mentions.between(start, before) if one.kind == "organization"]
        if bodies and self.article.language == "en" and self.covered[start : bodies[0].start] in ("", "The ", "the "):
            return SpeakingSubject(bodies[0].span, bodies[0].span, bodies[0].who, bodies[0].record)
        return None

    def _with_subject_before(
        self, sentence: Sentence, match: re.Match[str], kind: str, subject: SpeakingSubject
    ) -> SpokenClause | None:
        start, end = sentence.start, sentence.end
        if self.article.language == "en":
            subject = self.english.with_words_before(start, subject)
        head = self.covered[start : subject.outer[0]].rstrip()
        behind = self.covered[match.end() : end]
        head = self._that_is.sub("", head)
        if head.rstrip(",–—- ").endswith(COVER_CLOSE) or (head.endswith(COVER)):
            if kind == "call" and not QUOTED.search(behind):
                return None
            if not self._governs_clause(match.end(), end, kind):
                return self._tag(sentence, match.span(), subject, start + len(head), match.end(), 0.95)
        if head.endswith(",") and kind in ("say", "state", "ask"):
            report = self._between_commas(sentence, match, kind, subject)
            if report is not None:
                return report
        return self._leading(sentence, match, kind, subject, subject.outer[0])

    def _between_commas(
        self, sentence: Sentence, match: re.Match[str], kind: str, subject: SpeakingSubject
    ) -> SpokenClause | None:
        """Return the report of “…, she said” and “…, she said, …”."""
        before, end = subject.outer[0], sentence.end
        behind = self.covered[match.end() : end]
        begin = self.clauses.begin_of_clause(sentence.start, before)
        rest: Span | None = None
        if kind != "ask" and re.match(rf"\s*,\s*(?!{COVER_OPEN})\S", behind):
            rest = self.clauses.trimmed(match.end() + 1, self.clauses.end_of_clause(match.end() + 1, end))
            if (
                rest
                and (cue := self._cue.match(self.covered, rest[0]))
                and self._kinds.get(cue[0].casefold()) == "adding"
            ):
                rest = None
        clause = self.clauses.trimmed(begin, before)
        if clause is None:
            return None
        words = self.covered[slice(*clause)].split()
        if rest is not None and self.article.language == "en":
            if len(words) > _SHORT_HEAD and _OPEN_END.search(self.covered[slice(*clause)]):
                return self._report(subject, match.span(), [rest], 0.6)  # “was seen by, she reckons, four hundred”
            relative = list(_RELATIVE.finditer(self.covered, *clause))
            if relative and clause[1] - relative[-1].end() < _REST_OF_TAG:
                return self._report(subject, match.span(), [(relative[-1].end(), clause[1]), rest], 0.6)
        if self.clauses.is_clause(clause):
            if rest is not None and rest[1] - rest[0] >= SHORTEST:
                return self._report(subject, match.span(), [clause, rest], 0.6)
            governs = self._governs_clause(match.end(), end, kind) or self._goes_on(behind)
            if not governs and not QUOTED.search(behind):
                return self._report(subject, match.span(), [clause], 0.8)
        elif (
            rest is not None
            and len(words) <= _SHORT_HEAD
            and (self.clauses.is_clause(rest) or (kind == "say" and len(self.covered[slice(*rest)].split()) > 2))
        ):
            return self._report(subject, match.span(), [clause, rest], 0.6)
        return None

    def _tag(
        self, sentence: Sentence, cue: Span, subject: SpeakingSubject, before: int, behind: int, strength: float
    ) -> SpokenClause | None:
        """Return the report of “…,” she said, “…”: the words before the tag, and quoted words that go on behind it."""
        first = self.clauses.trimmed(sentence.start, before)
        if first is None:
            return None
        content: list[Span | None] = [first]
        rest = self.covered[behind : sentence.end]
        go_on = re.match(
            rf"[^{COVER_OPEN}{COVER}]{{0,{_REST_OF_TAG}}}?[,:–—-]\s*({COVER_OPEN}{COVER}*{COVER_CLOSE}?)", rest
        )
        if go_on and not self._cue.search(go_on[0]):
            content.append((behind + go_on.start(1), behind + go_on.end(1)))
        return self._report(subject, cue, content, strength)

    def _leading(
        self, sentence: Sentence, match: re.Match[str], kind: str, subject: SpeakingSubject, before: int
    ) -> SpokenClause | None:
        """Return the report whose words stand behind the verb."""
        begin, end = match.end(), sentence.end
        quoted = QUOTED.search(self.covered, begin, end)
        if kind == "call":
            if (
                quoted is None
                or quoted.start() - begin > 70
                or re.search(r"[.;]|, (?:who|which)", self.covered[begin : quoted.start()])
            ):
                return None
            spans: list[Span | None] = [quoted.span()]
            stop = quoted.end()
            while (more := _ALSO_QUOTED.match(self.covered, stop, end)) and not self._cue.search(more[0]):
                spans.append(more.span(1))
                stop = more.end()
            report = self._report(subject, match.span(), spans, 0.7)
            return report and replace(report, cue_kind="call")
        own = quoted is not None and not self._cue.search(self.covered, begin + 1, quoted.start())
        if quoted is not None and own and self._introduces(begin, quoted.start(), kind):
            stop = quoted.end()
            spans = [quoted.span()]
            while next_quoted := _NEXT_QUOTED.match(self.covered, stop, end):
                spans.append(next_quoted.span(1))
                stop = next_quoted.end()
            tail = self.covered[stop:end].strip(" .,!?…")
            inner = self.article.text[quoted.start() + 1 : quoted.end() - 1]
            is_sentence = inner[:1].isupper() or self.covered[begin : quoted.start()].rstrip().endswith((":", ","))
            if self.article.language == "vi" and not self.covered[begin : quoted.start()].strip():
                is_sentence = is_sentence or len(inner.split()) >= _FEWEST_GOVERNED
            if is_sentence and (not tail or len(tail) < 120 or inner[-1:] in ".!?"):
                return self._report(subject, match.span(), spans, 0.9)
        if kind in ("say", "state") and quoted is not None and own and self.article.language == "en":
            between = self.covered[begin : quoted.start()]
            if len(between) <= _REST_OF_TAG and _INFINITIVE.match(between):
                report = self._report(subject, match.span(), [quoted.span()], 0.65)
                return report and replace(report, cue_kind="call")
        if kind == "quote" and not (self.article.language == "vi" and self._that.match(self.covered, begin, end)):
            return None
        content = self.clauses.clause(begin, end, need_that=kind == "state", kind=kind)
        return self._report(subject, match.span(), [content], 0.8) if content else None

    def _goes_on(self, behind: str) -> bool:
        """Whether more stands behind a Vietnamese verb than a time, a place or a listener, so that it is no mere tag."""
        words = re.split(r"[,.;:!?]", behind, maxsplit=1)[0].split()
        return self.article.language == "vi" and bool(words) and not self._adjunct.match(behind)

    def _introduces(self, begin: int, quoted: int, kind: str) -> bool:
        """Whether nothing but a listener, a place or a time stands between a verb and words in quotation marks."""
        between = self.covered[begin:quoted]
        if len(between) > _REST_OF_TAG:
            return False
        stripped = between.strip()
        if stripped in ("", ",", ":"):
            return True
        if self._that.match(between) and len(stripped.split()) <= 1:
            return False
        if stripped.endswith(":"):
            return True
        return stripped.endswith(",") and not self._finite.search(between) and not self._that.match(between)

    def _governs_clause(self, begin: int, end: int, kind: str) -> bool:
        return self.clauses.clause(begin, end, need_that=True, kind=kind) is not None

    def _report(
        self, subject: SpeakingSubject | None, cue: Span, content: list[Span | None], strength: float
    ) -> SpokenClause | None:
        return spoken_clause(self.covered, subject, cue, content, strength)
