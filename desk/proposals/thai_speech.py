"""What is said, in Thai: a verb of speech with ว่า before the words, or words in quotation marks with a verb behind them."""

from __future__ import annotations

import re

from .article import COVER, COVER_CLOSE, COVER_OPEN, Article
from .mentions import Mention, Mentions
from .proposal import Span
from .rules import alternatives
from .spoken_words import Report
from .subjects import Subject, Subjects

_FILLER = 45  # characters between a verb and its ว่า
_BACK = 220  # characters before a verb in which its subject stands
_TAG = 90  # characters behind a quotation that may say who speaks
_QUOTE = re.compile(f"{COVER_OPEN}?{COVER}*{COVER_CLOSE}")
_SENTENCE = 12  # characters of a quotation that is more than a word


class ThaiSpeech:
    """Finds the reports of one article, in order."""

    def __init__(self, article: Article, mentions: Mentions) -> None:
        self.article, self.rules, self.mentions = article, article.rules, mentions
        self.covered = article.covered
        self.subjects = Subjects(article, mentions)
        rules = self.rules
        self.that = alternatives(rules.speech_that)
        say, state, ask = (alternatives(words) for words in (rules.speech_say, rules.speech_state, rules.speech_ask))
        listener = alternatives(rules.speech_listener)
        self._lead = re.compile(
            rf"(?:{say}|{ask})(?:(?!{self.that})[^\n\ue000-\ue002]){{0,{_FILLER}}}?{self.that}(?!า)|(?:{state})(?: ?{listener})*{self.that}|"
            rf"(?:{say})(?:(?:{listener}) ?)*\s*[:：]?\s*(?={COVER_OPEN})"
        )
        verbs = alternatives([*rules.speech_say, *rules.speech_quote, *rules.speech_ask])
        self._tag = re.compile(verbs)
        self._noun = re.compile(alternatives([*rules.reference_group, *rules.roles_word]))
        self._pronoun = re.compile(alternatives([*rules.reference_he, *rules.reference_she, *rules.reference_anybody, *rules.reference_they]))
        self._between = re.compile(rf"(?:\s|{alternatives(rules.speech_between)})+$")
        self._adding = re.compile(rf"{alternatives(rules.speech_adding)}(?: ?{alternatives(rules.speech_between)})*$")
        self._source = re.compile(alternatives(rules.speech_source))
        self._source_end = re.compile(alternatives(rules.speech_source_end))
        self._end = re.compile(rf" {alternatives(rules.speech_end)}")
        self._connector = re.compile(rf"(?:{alternatives([*rules.speech_end, *rules.speech_adding, 'เพราะ', 'ซึ่ง', 'ที่'])}) ?")

    def reports(self) -> list[Report]:
        """Return the reports of every paragraph."""
        found: list[Report] = []
        for begin, end in self.article.paragraphs:
            found += self._in_paragraph(begin, end)
        return found

    def _in_paragraph(self, begin: int, end: int) -> list[Report]:
        found: list[Report] = []
        previous: Subject | None = None
        at = begin
        leads = list(self._lead.finditer(self.covered, begin, end))
        quoted = [match.span() for match in _QUOTE.finditer(self.covered, begin, end)]
        taken_quotes: set[Span] = set()
        boundaries: list[tuple[int, Subject | None, re.Match[str]]] = []
        for match in leads:
            if match.start() < at:
                continue
            subject = self._subject_before(at, match.start(), begin, previous)
            boundaries.append((subject.outer[0] if subject else match.start(), subject, match))
            if subject is not None:
                previous = subject
                self._remember(subject, match.start())
                at = match.end()
        # A verb without subject begins nothing new.
        spoken = [one for one in boundaries if one[1] is not None]
        for number, (_start, subject, match) in enumerate(spoken):
            stop = spoken[number + 1][0] if number + 1 < len(spoken) else end
            report = self._lead_report(match, max(stop, match.end()), end, subject, quoted, taken_quotes)
            if report is not None:
                found.append(report)
        found += self._sources(begin, end, found)
        found += self._quotations(begin, end, quoted, taken_quotes, found)
        found.sort(key=lambda report: report.cue)
        for report in found:
            if report.subject is not None:
                self._remember(report.subject, report.cue[0])
        return found

    def _remember(self, subject: Subject, place: int) -> None:
        self.subjects.last, self.subjects.last_place = subject, place

    # Words behind a verb

    def _lead_report(
        self, match: re.Match[str], stop: int, end: int, subject: Subject | None, quoted: list[Span], taken: set[Span]
    ) -> Report | None:
        place = match.end()
        while place < end and self.covered[place] in " :：,":
            place += 1
        if self.covered[place : place + 1] == COVER_OPEN:
            spans = []
            while (span := next((one for one in quoted if one[0] == place), None)) is not None:
                spans.append(span)
                taken.add(span)
                place = span[1]
                while place < end and self.covered[place] == " ":
                    place += 1
            return Report(subject, match.span(), tuple(spans), True, 0.95) if spans else None
        if not match[0].endswith(self.rules.speech_that):
            return None
        for span in quoted:
            if place < span[0] < stop and self._ends_clause(span, end):
                stop = span[0]
                break
        ended = self._end.search(self.covered, place + 8, stop)
        if ended:
            stop = ended.start()
        while stop > place and self.covered[stop - 1] in " ,:;|":
            stop -= 1
        caption = re.search(r"\s*\((?:ภาพ|แฟ้มภาพ)[^)]*\)\s*$", self.covered[place:stop])
        if caption:
            stop = place + caption.start()
        if stop - place < 6:
            return None
        taken |= {span for span in quoted if place <= span[0] < stop}
        return Report(subject, match.span(), ((place, stop),), False, 0.8 if subject and subject.who else 0.65)

    def _ends_clause(self, span: Span, end: int) -> bool:
        """Whether a quotation behind a clause is one of its own: a sentence, and its paragraph or a “she said” follows."""
        if span[1] - span[0] <= _SENTENCE or self.covered[span[0] - 1] != " " or self._is_title(span):
            return False
        rest = self.covered[span[1] : end].strip()
        return not rest or self._tag_behind(span, end, None) is not None

    def _is_title(self, span: Span) -> bool:
        before = self.covered[max(0, span[0] - 24) : span[0]].rstrip(" :")
        return bool(re.search(rf"{alternatives(self.rules.marks_title_before)}$", before))

    # Subjects

    def _subject_before(self, floor: int, cue: int, paragraph: int, previous: Subject | None) -> Subject | None:
        """Return who stands before a verb: the last person named, a pronoun, a role; or whoever spoke before “พร้อมย้ำว่า”."""
        floor = max(floor, cue - _BACK)
        close = self.covered.rfind(COVER_CLOSE, floor, cue)
        floor = max(floor, close + 1)
        stripped = self._between.sub("", self.covered[floor:cue])
        place = floor + len(stripped)
        blank = self.covered.rfind(" ", floor, place)
        chunk_start = blank + 1 if blank >= floor else floor
        lead = self._connector.match(self.covered, chunk_start, place)
        noun_start = lead.end() if lead else chunk_start
        if re.match(alternatives([word for word in self.rules.names_not if "ข่าว" in word]), self.covered[noun_start:place]):
            return None
        people = [one for one in self.mentions.between(floor, place) if one.kind == "person"]
        if people and people[-1].end == place:
            return self._of(self._first_of_list(people), place)
        pronoun = self._pronoun.match(self.covered, noun_start, place)
        if pronoun and (pronoun.end() == place or not self.covered[pronoun.end() : place].strip()):
            return self._of_pronoun(pronoun.span(), pronoun[0])
        if people:
            gap = self.covered[people[-1].end : place]
            if self._is_description(gap):
                return self._of(people[-1], place)
        noun = self._noun.match(self.covered, noun_start, place)
        if noun and place - noun_start <= 60:
            return self._of_noun((noun_start, place), noun[0])
        if previous is not None and (not stripped.strip() or self._adding.search(stripped.rstrip()) or self._adding.match(stripped.strip())):
            return previous
        bodies = [one for one in self.mentions.between(floor, place) if one.kind == "organization"]
        if bodies and bodies[-1].end == place:
            return self._of(bodies[-1], place)
        if people and len(self.covered[people[-1].end : place]) < 70:
            return self._of(people[-1], place)
        # A role of several words: “ผู้แทนที่เข้าร่วมการประชุม”.
        nouns = list(self._noun.finditer(self.covered, max(floor, place - 60), place))
        starts = [one for one in nouns if one.start() == floor or self.covered[one.start() - 1] == " " or self._connector.search(self.covered[max(floor, one.start() - 14) : one.start()])]
        if starts:
            return self._of_noun((starts[-1].start(), place), starts[-1][0])
        if previous is not None and len(stripped.strip()) < 25:
            return previous
        return None

    @staticmethod
    def _first_of_list(people: list[Mention]) -> Mention:
        return people[-1]

    def _is_description(self, gap: str) -> bool:
        """Whether what stands between a name and a verb only says who that is."""
        text = gap.strip()
        if not text:
            return True
        rules = self.rules
        words = re.compile(rf"(?:{alternatives([*rules.roles_word, *rules.organizations_word, *rules.roles_before])}|วัย|อายุ|\(|จาก|ซึ่งเป็น|ผู้|หนึ่งใน|แห่ง|สมาชิก|สังกัด|[A-Z])")
        return bool(words.match(text)) and self.that[3:-1] not in text

    def _of(self, mention: Mention, end: int) -> Subject:
        title = re.search(rf"(?:{alternatives(self.rules.names_title)} ?)+$", self.covered[max(0, mention.start - 30) : mention.start])
        start = mention.start - len(title[0]) if title else mention.start
        before = self.covered[max(0, start - 16) : start]
        lead = re.search(rf"(?:{alternatives([*self.rules.speech_end, *self.rules.speech_adding])}) ?$", before)
        start -= len(lead[0]) if lead else 0
        return Subject(mention.span, (start, end), mention.who, mention.record, is_person=mention.kind == "person")

    def _of_pronoun(self, span: Span, word: str) -> Subject:
        gender = "he" if word in self.rules.reference_he else "she" if word in self.rules.reference_she else ""
        if word in self.rules.reference_they:
            return Subject(span, span, None, is_pronoun=True)
        return self.subjects.pronoun_for(span, gender)

    def _of_noun(self, span: Span, noun: str) -> Subject:
        """Return the subject of a role or a group: whoever had this role, or the body whose name begins with it."""
        text = self.covered[slice(*span)]
        earlier = self.mentions.between(0, span[0])[-40:]
        for mention in reversed(earlier):
            if mention.kind == "organization" and noun in self.rules.reference_group and mention.who.startswith(noun):
                return Subject(span, span, mention.who, mention.record)
        if noun in self.rules.roles_word:
            for mention in reversed(earlier):
                near = self.covered[max(0, mention.start - 24) : mention.start] + self.covered[mention.end : mention.end + 24]
                if mention.kind == "person" and noun in near:
                    return Subject(span, span, mention.who, mention.record, is_person=True)
            if re.search(r"วัย ?\d|คนนี้|ผู้นี้|รายนี้", text) or noun in ("โค้ช", "กุนซือ"):
                person = self.subjects.person_before(span[0], "")
                return Subject(span, span, person.who if person else None, person.record if person else None, is_person=True)
        return Subject(span, span, None, is_person=noun in self.rules.roles_word)

    # “ตามที่ … กล่าว”

    def _sources(self, begin: int, end: int, found: list[Report]) -> list[Report]:
        reports = []
        for match in self._source.finditer(self.covered, begin, end):
            people = self.mentions.between(match.end(), min(end, match.end() + 90))
            people = [one for one in people if one.kind in ("person", "organization")]
            if not people:
                continue
            named = next((one for one in people if one.kind == "person"), people[0])
            stop = named.end
            closing = self._source_end.search(self.covered, stop, min(end, stop + 60))
            if closing:
                stop = closing.end()
            elif match[0] == self.rules.speech_source[0]:
                continue  # ตามที่ alone is “as”
            if self.covered[stop : stop + 3] == "ว่า":
                stop += 3
            while stop < end and self.covered[stop] in " ,:":
                stop += 1
            subject = self._of(named, named.end)
            if end - stop >= 8 and match.start() - begin < 40:
                reports.append(Report(subject, match.span(), ((stop, end),), False, 0.75))
            elif match.start() - begin >= 20:
                reports.append(Report(subject, match.span(), ((begin, match.start()),), False, 0.6))
        return [report for report in reports if not any(one.content[0][0] < report.content[0][1] and report.content[0][0] < one.content[-1][1] for one in found)]

    # Quotations with a verb behind them

    def _quotations(self, begin: int, end: int, quoted: list[Span], taken: set[Span], found: list[Report]) -> list[Report]:
        reports: list[Report] = []
        waiting: tuple[Span, Subject, Span, int] | None = None  # the last quotation with its tag, which another may follow
        for number, span in enumerate(quoted):
            if span in taken:
                waiting = None
                continue
            if self._is_title(span) and span[1] - span[0] < 80:
                continue
            following = quoted[number + 1][0] if number + 1 < len(quoted) else end
            tag = self._tag_behind(span, min(end, following), following if following < end else None)
            gap = self.covered[waiting[3] : span[0]].strip() if waiting else "x"
            if waiting is not None and tag is None and len(gap) < 30 and not self._lead.search(gap):
                earlier = reports[-1]
                reports[-1] = Report(earlier.subject, earlier.cue, (*earlier.content, span), True, earlier.strength)
                waiting = None
                continue
            if tag is not None:
                subject, cue = tag
                reports.append(Report(subject, cue, (span,), True, 0.95))
                waiting = (span, subject, cue, cue[1])
                continue
            waiting = None
            before = [one for one in found if one.content[-1][1] <= span[0]]
            last = max(before, key=lambda one: one.content[-1][1], default=None)
            if last is not None and span[0] - last.content[-1][1] <= 3 and span[1] - span[0] > _SENTENCE:
                reports.append(Report(last.subject, last.cue, (span,), True, 0.8))
            elif (opened := self._before(begin, span)) is not None:
                reports.append(opened)
        return reports

    def _before(self, begin: int, span: Span) -> Report | None:
        """Return the report of a verb without ว่า right before a quotation: “กล่าวทิ้งท้าย “…””."""
        window = max(begin, span[0] - 50)
        verbs = list(self._tag.finditer(self.covered, window, span[0]))
        if not verbs or span[1] - span[0] <= _SENTENCE:
            return None
        between = self.covered[verbs[-1].end() : span[0]]
        if COVER_CLOSE in between or len(between.strip()) > 24:
            return None
        first = verbs[-1]
        for verb in reversed(verbs[:-1]):
            if first.start() - verb.end() <= 12:
                first = verb
        subject = self._subject_before(begin, first.start(), begin, None)
        return Report(subject, (first.start(), verbs[-1].end()), (span,), True, 0.75) if subject is not None else None

    def _tag_behind(self, span: Span, end: int, next_quote: int | None) -> tuple[Subject, Span] | None:
        """Return who speaks and the verb behind a quotation; None if there is no such tag."""
        start = span[1]
        while start < end and self.covered[start] in " ,.–—-":
            start += 1
        limit = min(end, start + _TAG)
        opened = self.covered.find(COVER_OPEN, start, limit)
        if opened >= 0:
            limit = opened
        for verb in self._tag.finditer(self.covered, start, limit):
            if self.covered.startswith("ว่า", verb.end()) and not (opened >= 0 and not self.covered[verb.end() + 3 : opened].strip()):
                return None
            subject = self._subject_between(start, verb.start())
            if subject is not None:
                return subject, verb.span()
            if verb.start() - start > 60:
                return None
        return None

    def _subject_between(self, start: int, cue: int) -> Subject | None:
        """Return the subject between a quotation and the verb behind it."""
        stripped = self._between.sub("", self.covered[start:cue])
        place = start + len(stripped)
        if place <= start:
            return None
        people = [one for one in self.mentions.between(start, place) if one.kind == "person"]
        if people and people[0].start - start <= 30:
            return self._of(people[0], place)
        pronoun = self._pronoun.match(self.covered, start, place)
        if pronoun and place - pronoun.end() <= 30 and not (self._noun.match(self.covered, start, place) and pronoun.end() < place - 6):
            return self._of_pronoun(pronoun.span(), pronoun[0])
        noun = self._noun.match(self.covered, start, place)
        if noun and place - start <= 60:
            return self._of_noun((start, place), noun[0])
        bodies = [one for one in self.mentions.between(start, place) if one.kind == "organization"]
        if bodies and bodies[0].start == start:
            return self._of(bodies[0], place)
        return None


