"""What is said, in languages with blanks between words: the words a verb of speech governs, and who says them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from .article import COVER, COVER_CLOSE, COVER_OPEN, Article, Sentence
from .mentions import Mentions
from .proposal import Span
from .rules import alternatives, words_pattern
from .subjects import Subject, Subjects

_QUOTED = re.compile(f"{COVER_OPEN}?{COVER}+{COVER_CLOSE}?|{COVER_OPEN}{COVER}*{COVER_CLOSE}?")
_REST_OF_TAG = 90  # characters between a verb and the words it governs, or behind it to the end of its sentence
_SHORTEST = 8  # characters of a clause


@dataclass(frozen=True)
class Report:
    """A verb of speech with its subject and the stretches of the text that it governs."""

    subject: Subject | None
    cue: Span
    content: tuple[Span, ...]  # of the covered text, in order
    is_whole_quote: bool  # the content is nothing but quotations
    strength: float


class SpokenWords:
    """Finds the reports of one article, in order."""

    def __init__(self, article: Article, mentions: Mentions) -> None:
        self.article, self.rules, self.mentions = article, article.rules, mentions
        self.covered = article.covered
        self.subjects = Subjects(article, mentions)
        rules = self.rules
        self._kinds: dict[str, str] = {}
        for kind in ("say", "state", "ask", "quote", "call", "adding"):
            for word in getattr(rules, f"speech_{kind}"):
                self._kinds.setdefault(word.casefold(), kind)
        self._cue = words_pattern(self._kinds)
        self._source = words_pattern(rules.speech_source)
        self._finite = words_pattern(rules.verbs_finite)
        self._that = re.compile(rf"\s*,?\s*{alternatives(rules.speech_that)}(?!\w)\s*", re.IGNORECASE)
        self._whether = re.compile(rf"\s*{alternatives(rules.speech_whether)}(?!\w)\s*", re.IGNORECASE)

    def reports(self) -> list[Report]:
        """Return the reports of every sentence."""
        found: list[Report] = []
        for sentence in self.article.sentences:
            found += self._in_sentence(sentence)
        return found

    def _in_sentence(self, sentence: Sentence) -> list[Report]:
        found: list[Report] = []
        taken = sentence.start  # up to here the sentence is somebody's words already
        for match in self._source.finditer(self.covered, sentence.start, sentence.end):
            report = self._from_source(sentence, match)
            if report is not None:
                found.append(report)
                self._remember(report)
                taken = max(taken, report.content[-1][1])
        if found and taken >= sentence.end - 2:
            return found
        previous: Subject | None = None
        matches = list(self._cue.finditer(self.covered, sentence.start, sentence.end))
        for number, match in enumerate(matches):
            if match.start() < taken and not (found and previous is not None):
                continue
            following = matches[number + 1].start() if number + 1 < len(matches) else sentence.end
            report = self._at_cue(sentence, match, previous, following, found)
            if report is None:
                continue
            if found and self._overlaps(found[-1], report):
                continue
            found.append(report)
            if report.subject is not None:
                previous = report.subject
                self._remember(report)
            taken = max(taken, min(report.content[-1][1], sentence.end))
        return found

    def _remember(self, report: Report) -> None:
        if report.subject is not None:
            self.subjects.last = report.subject
            self.subjects.last_place = report.cue[0]

    @staticmethod
    def _overlaps(earlier: Report, later: Report) -> bool:
        return any(begin < end and start < stop for begin, end in earlier.content for start, stop in later.content if begin < stop and start < end)

    # “According to …”

    def _from_source(self, sentence: Sentence, match: re.Match[str]) -> Report | None:
        begin, end = match.end(), sentence.end
        leading = not self.covered[sentence.start : match.start()].strip(" \ue000\ue001\ue002,") and COVER not in self.covered[sentence.start : match.start()]
        subject_end = self._end_of_source(begin, end)
        subject = self._subject_within(begin, subject_end)
        if subject is None:
            return None
        if leading or (match.start() - sentence.start < 25 and not self.covered[: match.start()].rstrip().endswith((",", COVER_CLOSE))):
            closing = words_pattern(self.rules.speech_source_end).match(self.covered, self._skip(subject_end, end, " "), end)
            place = self._skip(closing.end() if closing else subject_end, end, " ,:")
            that = self._that.match(self.covered, place, end)
            content = self._trimmed(that.end() if that else place, end)
        else:
            content = self._trimmed(sentence.start, match.start())
        return self._report(subject, match.span(), [content], 0.75) if content else None

    def _end_of_source(self, begin: int, end: int) -> int:
        """Return where the phrase that names a source ends: at a comma, behind the apposition of a name."""
        comma = self.covered.find(",", begin, min(end, begin + 220))
        if comma < 0:
            return min(end, begin + 120)
        people = [one for one in self.mentions.between(begin, min(end, comma + 60)) if one.kind == "person"]
        if people and people[0].start > comma and people[0].start - comma <= 3:
            comma = self.covered.find(",", people[0].end, min(end, people[0].end + 120))
            return people[0].end if comma < 0 or comma - people[0].end > 80 else comma
        if people and people[0].end == comma:
            apposition = re.match(
                rf", (?:[\w’'-]+ ){{0,4}}?{alternatives(self.rules.roles_word)}(?!\w)[^,]{{0,80}},", self.covered[comma : comma + 160], re.IGNORECASE
            )
            if apposition:
                return comma + len(apposition[0]) - 1
        return comma

    def _subject_within(self, begin: int, end: int) -> Subject | None:
        inside = self.mentions.between(begin, end)
        people = [one for one in inside if one.kind == "person"]
        chosen = people[:1] or [one for one in inside if one.kind == "organization"][:1]
        start = self._skip(begin, end, " ")
        if chosen and len(self.covered[start : chosen[0].start].split()) <= 10:
            return Subject(chosen[0].span, (start, end), chosen[0].who, chosen[0].record, is_person=bool(people))
        subject = self.subjects.right_of(begin, end)
        if subject is not None:
            return subject
        stop = start + len(self.covered[start:end].rstrip(" .!?"))
        if stop <= start or len(self.covered[start:stop]) > 110 or COVER in self.covered[start:stop]:
            return None
        return Subject((start, stop), (start, stop), None)

    # Verbs

    def _at_cue(self, sentence: Sentence, match: re.Match[str], previous: Subject | None, following: int, found: list[Report]) -> Report | None:
        kind = self._kinds[re.sub(r"\s+", " ", match[0].casefold())]
        start, end = sentence.start, sentence.end
        if kind == "adding":
            if previous is None:
                previous = self.subjects.left_of(start, match.start())
            content = self._clause(match.end(), end, need_that=False)
            return self._report(previous, match.span(), [content], 0.7) if content and previous else None
        before = self.covered[max(start, match.start() - 40) : match.start()].rstrip()
        between = re.sub(rf"(?:(?<!\w){alternatives(self.rules.speech_between)}\s*|\w+ly\s*)+$", "", before, flags=re.IGNORECASE).rstrip()
        behind_quote = between.endswith(COVER_CLOSE) or (between.endswith((",", "–", "—", "-")) and between.rstrip(",–—- ").endswith(COVER_CLOSE))
        behind_comma = between.endswith(",") and not behind_quote
        if behind_quote and kind != "call":
            subject = self.subjects.right_of(match.end(), end)
            if subject is not None:
                return self._tag(sentence, match.span(), subject, match.start(), max(match.end(), subject.outer[1]), 0.95)
        subject = self.subjects.left_of(start, match.start())
        if subject is None and behind_comma and kind in ("say", "state"):
            subject = self.subjects.right_of(match.end(), end)
            if subject is not None and match.start() - start > 20:
                content = self._trimmed(self._begin_of_clause(start, match.start()), match.start())
                return self._report(subject, match.span(), [content], 0.7) if content else None
        if subject is None and previous is not None and re.search(r"(?<!\w)(?:and|but|then|và|nhưng|rồi|đồng thời)$", between, re.IGNORECASE):
            subject = previous
            return self._leading(sentence, match, kind, subject, match.start())
        if subject is None:
            if re.search(r"(?<!\w)(?:and|but|then|before|và|rồi|nhưng)$", between, re.IGNORECASE) or between.endswith(","):
                first = [one for one in self.mentions.between(start, match.start()) if one.kind == "person"]
                pronoun = re.match(rf"{alternatives([*self.rules.reference_he, *self.rules.reference_she])}(?!\w)", self.covered[start:end], re.IGNORECASE)
                if pronoun:
                    subject = self.subjects._of_pronoun((start, start + pronoun.end()), pronoun[0])
                elif first and first[0].start - start < 60:
                    subject = Subject(first[0].span, first[0].span, first[0].who, first[0].record, is_person=True)
            if subject is None:
                return None
            return self._leading(sentence, match, kind, subject, match.start())
        return self._with_subject_before(sentence, match, kind, subject)

    def _with_subject_before(self, sentence: Sentence, match: re.Match[str], kind: str, subject: Subject) -> Report | None:
        start, end = sentence.start, sentence.end
        head = self.covered[start : subject.outer[0]].rstrip()
        behind = self.covered[match.end() : end]
        if head.rstrip(",–—- ").endswith(COVER_CLOSE) or (head.endswith(COVER)):
            if kind == "call" and not _QUOTED.search(behind):
                return None
            if not self._governs_clause(match.end(), end, kind):
                return self._tag(sentence, match.span(), subject, subject.outer[0], match.end(), 0.95)
        if head.endswith(",") and kind in ("say", "state", "ask"):
            begin = self._begin_of_clause(start, subject.outer[0])
            clause = self._trimmed(begin, subject.outer[0])
            if clause and self._is_clause(clause):
                if re.match(r"\s*,\s*\S", behind) and not re.match(rf"\s*,\s*{COVER_OPEN}", behind) and kind in ("say", "state"):
                    rest = self._trimmed(match.end() + 1, self._end_of_clause(match.end() + 1, end))
                    if rest and rest[1] - rest[0] >= _SHORTEST:
                        return self._report(subject, match.span(), [clause, rest], 0.6)
                if not self._governs_clause(match.end(), end, kind) and not _QUOTED.search(behind):
                    return self._report(subject, match.span(), [clause], 0.8)
            elif clause and re.match(r"\s*,\s*[^\W\d_]", behind) and kind in ("say", "state") and len(self.covered[clause[0]:clause[1]].split()) <= 5:
                rest = self._trimmed(match.end() + 1, self._end_of_clause(match.end() + 1, end))
                if rest and self._is_clause(rest):
                    return self._report(subject, match.span(), [clause, rest], 0.6)
        return self._leading(sentence, match, kind, subject, subject.outer[0])

    def _tag(self, sentence: Sentence, cue: Span, subject: Subject, before: int, behind: int, strength: float) -> Report | None:
        """Return the report of “…,” she said, “…”: the words before the tag, and quoted words that go on behind it."""
        first = self._trimmed(sentence.start, before)
        if first is None:
            return None
        content = [first]
        rest = self.covered[behind : sentence.end]
        go_on = re.match(rf"[^{COVER_OPEN}{COVER}]{{0,{_REST_OF_TAG}}}?[,:–—-]\s*({COVER_OPEN}{COVER}*{COVER_CLOSE}?)", rest)
        if go_on and not self._cue.search(go_on[0]):
            content.append((behind + go_on.start(1), behind + go_on.end(1)))
        return self._report(subject, cue, content, strength)

    def _leading(self, sentence: Sentence, match: re.Match[str], kind: str, subject: Subject, before: int) -> Report | None:
        """Return the report whose words stand behind the verb."""
        begin, end = match.end(), sentence.end
        quoted = _QUOTED.search(self.covered, begin, end)
        if kind == "call":
            if quoted is None or quoted.start() - begin > 70 or re.search(r"[.;]|, (?:who|which)", self.covered[begin : quoted.start()]):
                return None
            return self._report(subject, match.span(), [quoted.span()], 0.7, partial=True)
        if quoted is not None and self._introduces(begin, quoted.start(), kind):
            stop = quoted.end()
            spans = [quoted.span()]
            while more := re.compile(rf"[\s,]*({COVER_OPEN}{COVER}*{COVER_CLOSE}?)").match(self.covered, stop, end):
                spans.append(more.span(1))
                stop = more.end()
            tail = self.covered[stop:end].strip(" .,!?…")
            inner = self.article.text[quoted.start() + 1 : quoted.end() - 1]
            is_sentence = inner[:1].isupper() or self.covered[begin : quoted.start()].rstrip().endswith((":", ","))
            if is_sentence and (not tail or len(tail) < 120 or inner[-1:] in ".!?"):
                return self._report(subject, match.span(), spans, 0.9)
        if kind == "quote":
            return None
        content = self._clause(begin, end, need_that=kind == "state", kind=kind)
        return self._report(subject, match.span(), [content], 0.8) if content else None

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
        return self._clause(begin, end, need_that=True, kind=kind) is not None

    def _clause(self, begin: int, end: int, *, need_that: bool, kind: str = "say") -> Span | None:
        """Return the clause behind a verb, without its “that”."""
        stop = self._end_of_clause(begin, end)
        if whether := self._whether.match(self.covered, begin, stop):
            return self._trimmed(begin, stop) if kind == "ask" and whether else self._clause_if(begin, stop, kind)
        that = re.compile(rf"[^,.;:]{{0,70}}?(?<!\w){alternatives(self.rules.speech_that)}(?!\w)\s*,?\s*", re.IGNORECASE).match(self.covered, begin, stop)
        if that and not self._finite.search(that[0]):
            return self._trimmed(that.end(), stop)
        if kind == "ask":
            match = re.compile(rf"[^,.;:]{{0,40}}?(?<!\w){alternatives(self.rules.speech_whether)}(?!\w)", re.IGNORECASE).match(self.covered, begin, stop)
            return self._trimmed(match.end() - len(match[0].split()[-1]), stop) if match else None
        place = self._skip(begin, stop, " ")
        listener = re.compile(rf"(?:(?:the|this|our|với|cho) )?{alternatives(self.rules.speech_listener)}(?!\w)(?: [^,.;:]{{0,40}}?,)?\s*", re.IGNORECASE).match(self.covered, place, stop)
        if listener and listener.end() < stop:
            place = listener.end()
        if self.covered[place : place + 1] in (":", ","):
            place = self._skip(place, stop, " :,")
            return self._trimmed(place, stop) if self._is_clause((place, stop)) else None
        if not self._begins_clause(place, stop, need_that):
            return None
        return self._trimmed(place, stop)

    def _clause_if(self, begin: int, stop: int, kind: str) -> Span | None:
        return self._trimmed(begin, stop) if kind == "ask" else None

    def _begins_clause(self, begin: int, stop: int, need_that: bool) -> bool:
        """Whether a clause begins here: something with a verb of its own, no “on Monday” and no object."""
        text = self.covered[begin:stop]
        first = text.split(" ", 1)[0].casefold().strip(",.")
        if not text.strip() or len(text) < _SHORTEST or text[0] in ",.;:)":
            return False
        if first in _PREPOSITIONS:
            return bool(re.match(r"\w+ (?:[\w’'-]+ ){0,6}[\w’'-]+, ", text)) and self._is_clause((begin, stop)) and not need_that
        words = text[:110].split()[:9] if need_that else text.split()
        return bool(self._finite.search(" ".join(words))) or (not need_that and len(words) >= 4)

    def _is_clause(self, span: Span) -> bool:
        text = self.covered[slice(*span)]
        first = text.split(" ", 1)[0].casefold().strip(",")
        return len(text.split()) >= 4 and first not in _PARTICIPLES and (bool(self._finite.search(text)) or (len(text.split()) >= 7 and first not in _PREPOSITIONS))

    def _end_of_clause(self, begin: int, end: int) -> int:
        """Return where a clause ends at the latest: at a semicolon, or where somebody else begins to speak."""
        stop = end
        semicolon = self.covered.find(";", begin, end)
        if semicolon >= 0:
            stop = semicolon
        limit = re.compile(rf"(?:,? (?:and|but) (?:also )?{self._cue.pattern}|,? {alternatives(self.rules.speech_adding)}(?!\w)|,? and {alternatives(self.rules.speech_that)}(?!\w) )", re.IGNORECASE) if self.article.rules.speech_that else None
        if limit and (match := limit.search(self.covered, begin, stop)) and match.start() - begin > _SHORTEST:
            stop = match.start()
        return stop

    def _begin_of_clause(self, start: int, before: int) -> int:
        semicolon = self.covered.rfind(";", start, before)
        return self._skip(semicolon + 1, before, " ") if semicolon >= 0 else start

    # Stretches

    def _skip(self, place: int, end: int, chars: str) -> int:
        while place < end and self.covered[place] in chars:
            place += 1
        return place

    def _trimmed(self, begin: int, end: int) -> Span | None:
        """Return a stretch without blanks and stops round it; None if nothing is left."""
        while begin < end and self.covered[begin] in " ,:;–—-":
            begin += 1
        while end > begin and self.covered[end - 1] in " ,:;–—-.!?…":
            end -= 1
        return (begin, end) if begin < end else None

    def _report(self, subject: Subject | None, cue: Span, content: list[Span | None], strength: float, *, partial: bool = False) -> Report | None:
        spans = [span for span in content if span is not None]
        if not spans:
            return None
        whole = all(not _QUOTED.sub("", self.covered[slice(*span)]).strip(" ,.:;–—-!?…") for span in spans)
        if not whole and COVER in self.covered[slice(*spans[0])] and len(spans) == 1:
            spans = self._without_quoted_sentences(spans[0])
        if subject is not None and subject.who is None and not whole:
            strength -= 0.15
        return Report(subject, cue, tuple(spans), whole, strength) if spans else None

    def _without_quoted_sentences(self, span: Span) -> list[Span]:
        return [span]

    @cached_property
    def text(self) -> str:
        """The text of the article."""
        return self.article.text


_PREPOSITIONS = frozenset(
    ["in", "on", "at", "by", "for", "from", "with", "without", "to", "of", "as", "after", "before", "during", "since", "until", "about", "over", "under", "through", "outside", "inside", "last", "next", "today", "yesterday", "later", "earlier", "when", "while", "goodbye", "hello", "yes", "no", "tại", "vào", "trong", "sau", "trước", "khi", "với", "về"]
)
_PARTICIPLES = frozenset(["asked", "opening", "speaking", "addressing", "when", "while", "after", "before", "although", "though", "in", "on", "at", "by", "for", "from", "with", "as", "tại", "vào", "trong", "sau", "trước", "khi", "với", "về", "trả", "phát"])
