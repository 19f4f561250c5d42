"""What is said, in Thai: a verb of speech with ว่า before the words, or words in quotation marks with a verb behind them."""

from __future__ import annotations

import re

from desk.proposals.article import COVER, COVER_CLOSE, COVER_OPEN, Article
from desk.proposals.mentions import Mentions
from desk.proposals.proposal import Span
from desk.proposals.references import SpeakingSubject
from desk.proposals.rules import alternatives
from desk.proposals.spoken_clause import SpokenClause
from desk.proposals.subjects import Subjects
from desk.proposals.thai.subjects import NICKNAME, WHOLE, ThaiSubjects, that_pattern
from desk.proposals.thai.text import THAI

_FILLER = 45  # characters between a verb and its ว่า
_SHORT_FILLER = 24  # the same behind a verb that is one of speech only beside words
_LONG_FILLER = 90  # the same where what is spoken of is named: “กล่าวถึง … ว่า”
_TAG = 90  # characters behind a quotation that may say who speaks
_NAME = "\ue003"  # in place of the letters of a name
_QUOTE = re.compile(f"{COVER_OPEN}?{COVER}*{COVER_CLOSE}")
_SUBJECT = 30  # characters of the subject of a clause whose other words are quoted
_PREDICATE = re.compile("(?:คือ|เป็น|เพราะ|ของ|ใน|และ|หรือ)$")
_HOLDS_VERB = re.compile("^(?:ขอ|อยาก|มี|ให้|ควร)|จะ|ไม่|ได้|ยัง|เคย|ต้อง|ก็|เป็น|แล้ว|ถูก")
_IS = re.compile(rf"(?:ถือเป็น|ถือว่าเป็น|เป็น|คือ|นี่คือ|นั่นคือ) ?(?={COVER_OPEN})")
_POLITE = re.compile("ครับ|ค่ะ|นะคะ|จ้ะ")
# “…” เป็นคำพูดติดปากของ นายสมชาย ใจดี
_SAYING = re.compile("(?:คือ|เป็น|นี่คือ|นั่นคือ)(?:เสียง|คำ|ประโยค|ถ้อยคำ|ข้อความ|วาทะ|สิ่งที่)")
_WEAK_ENDS = ("ส่วน", "ด้าน", "ขณะที่", "สำหรับ", "ก่อนที่", "ในขณะที่")
_STANDING = 20  # characters of a quotation that is somebody's words though no verb stands beside it
_OWN_SENTENCE = 22  # characters of a quotation that stands beside a clause and is no part of it
_TERM = 14  # characters of a quotation that is rather a name
_LISTENER = 11  # characters between a verb and the few words that somebody says to another
_SENTENCE = 12  # characters of a quotation that is more than a word


def _without_names(article: Article, mentions: Mentions) -> str:
    """Return the covered text with the names of people covered too, so that no verb is found in or torn by one."""
    pieces, at = [], 0
    for mention in mentions.all:
        if mention.kind == "person":
            pieces += [article.covered[at : mention.start], _NAME * (mention.end - mention.start)]
            at = mention.end
    return "".join([*pieces, article.covered[at:]])


class ThaiSpeech:
    """Finds the reports of one article, in order."""

    def __init__(self, article: Article, mentions: Mentions) -> None:
        self.article, self.rules, self.mentions = article, article.rules, mentions
        self.covered = article.covered
        self.verbs = _without_names(article, mentions)
        self.subjects = Subjects(article, mentions)
        self.speakers = ThaiSubjects(article, mentions, self.subjects)
        rules = self.rules
        self.that = that_pattern(rules)
        say, state, ask = (alternatives(words) for words in (rules.speech_say, rules.speech_state, rules.speech_ask))
        listener = alternatives(rules.speech_listener)
        long_say = alternatives([word for word in rules.speech_say if len(word) > 3])
        stop = rf"{self.that}|{WHOLE}{long_say}(?!การณ์)|{WHOLE}{ask}| (?:และ|พร้อม|โดย|ก่อน|แต่|แล้ว)"
        short = f"{COVER_OPEN}{COVER}{{0,40}}{COVER_CLOSE}(?= )"  # the title of what somebody speaks at
        quote = alternatives([word for word in rules.speech_quote if word not in rules.speech_that])
        self._lead = re.compile(
            rf"{WHOLE}(?:{say}|{ask})(?:(?!{stop})(?:[^\n\ue000-\ue002]|{short})){{0,{_FILLER}}}?{self.that}|"
            rf"{WHOLE}(?:{say})(?:ถึง|เกี่ยวกับ|กรณี)(?:(?!{stop})[^\n\ue000-\ue002]){{0,{_LONG_FILLER}}}?{self.that}|"
            rf"{WHOLE}{alternatives(rules.speech_bare)} (?=[{THAI}])|"
            rf"(?<= )(?:และ|พร้อม|ทั้งยัง){self.that}|"
            rf"{WHOLE}(?<!ไม่)(?P<inner>(?:{state}))(?!ง)(?: ?{listener})*{self.that}|"
            rf"{WHOLE}(?:{quote})(?:(?!{stop})[^\n\ue000-\ue002]){{0,{_SHORT_FILLER}}}?{self.that}|"
            rf"{WHOLE}(?:{say}|{alternatives(rules.speech_bare)})(?:(?:{listener}) ?)*\s*[:：]?\s*(?={COVER_OPEN})"
        )
        verbs = [*rules.speech_say, *rules.speech_quote, *rules.speech_ask]
        verb = alternatives([word for word in verbs if word not in rules.speech_that])
        self._tag = re.compile(rf"{WHOLE}(?:{verb}(?!แพร่)|{self.that})")
        calls = alternatives([word for word in rules.speech_call if word not in rules.speech_state])
        self._calls = re.compile(rf"{calls}(?!ร้อง|เสียง)")
        self._source = re.compile(alternatives(rules.speech_source))
        self._source_end = re.compile(alternatives(rules.speech_source_end))
        self._end = re.compile(rf" {alternatives(rules.speech_end)}")

    def reports(self) -> list[SpokenClause]:
        """Return the reports of every paragraph."""
        found: list[SpokenClause] = []
        for begin, end in self.article.stretches:
            found += self._in_paragraph(begin, end)
        return found

    def _in_paragraph(self, begin: int, end: int) -> list[SpokenClause]:
        found: list[SpokenClause] = []
        previous: SpeakingSubject | None = None
        at = begin
        leads = list(self._lead.finditer(self.verbs, begin, end))
        quoted = [match.span() for match in _QUOTE.finditer(self.covered, begin, end)]
        taken_quotes: set[Span] = set()
        boundaries: list[tuple[int, SpeakingSubject | None, re.Match[str]]] = []
        for match in leads:
            if match.start() < at or self._is_tag(begin, match):
                continue
            subject = self.speakers.before(at, match.start(), begin, previous)
            # Whoever is named before the verb before speaks on.
            goes_on = subject is not None and (subject is previous or (previous is not None and subject.outer[0] < at))
            if goes_on and self._is_inside(at, match):
                continue
            if boundaries and subject is not None and 0 <= subject.outer[0] - at <= 2 and boundaries[-1][2].end() == at:
                continue  # what somebody says that another says belongs to what is said
            start = subject.outer[0] if subject is not None and not goes_on else self._without_adding(at, match.start())
            boundaries.append((start, subject, match))
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

    def _is_inside(self, at: int, match: re.Match[str]) -> bool:
        """Whether a verb goes on with what is said, and says nothing new: “กล่าวว่าจะสร้าง โดยคาดว่าจะเสร็จปีหน้า”."""
        between = self.covered[at : match.start()]
        return (
            len(between.strip()) > _SENTENCE
            and COVER not in between
            and bool(match["inner"] or (match[0].startswith("อ้าง") and between.endswith("โดย")))
        )

    def _is_tag(self, begin: int, match: re.Match[str]) -> bool:
        """Whether a verb without ว่า rather belongs to the quotation right before it: “…” นายสมชายเผย “…”."""
        close = self.covered.rfind(COVER_CLOSE, begin, match.start())
        return not match[0].endswith(self.rules.speech_that) and close >= 0 and match.start() - close < 45

    def _without_adding(self, floor: int, place: int) -> int:
        """Return where “พร้อม” or “แต่ก็” begins before a verb that goes on with the same speaker."""
        stripped = self.speakers.words_between.sub("", self.covered[max(floor, place - 60) : place])
        adding = self.speakers.adding.search(stripped)
        return max(floor, place - 60) + (adding.start() if adding else len(stripped))

    def _remember(self, subject: SpeakingSubject, place: int) -> None:
        self.subjects.last, self.subjects.last_place = subject, place

    # Words behind a verb

    def _lead_report(
        self,
        match: re.Match[str],
        stop: int,
        end: int,
        subject: SpeakingSubject | None,
        quoted: list[Span],
        taken: set[Span],
    ) -> SpokenClause | None:
        place = match.end()
        while place < end and self.covered[place] in " :：,":
            place += 1
        if predicate := _IS.match(self.covered, place, end):
            place = predicate.end()
        if self.covered[place : place + 1] == COVER_OPEN:
            spans = []
            while (span := next((one for one in quoted if one[0] == place), None)) is not None:
                spans.append(span)
                taken.add(span)
                place = span[1]
                while place < end and self.covered[place] == " ":
                    place += 1
            return SpokenClause(subject, match.span(), tuple(spans), True, 0.95) if spans else None
        if not match[0].endswith(self.rules.speech_that) and not (match[0].endswith(" ") and subject and subject.who):
            return None
        for span in quoted:
            if place < span[0] < stop and self._ends_clause(place, span, end):
                stop = span[0]
                break
        stop = self._end_of_clause(place, stop, end)
        while stop > place and self.covered[stop - 1] in " ,:;|":
            stop -= 1
        caption = re.search(r"\s*\((?:ภาพ|แฟ้มภาพ)[^)]*\)\s*$", self.covered[place:stop])
        if caption:
            stop = place + caption.start()
        if stop - place < 6:
            return None
        taken |= {span for span in quoted if place <= span[0] < stop}
        return SpokenClause(subject, match.span(), ((place, stop),), False, 0.8 if subject and subject.who else 0.65)

    def _end_of_clause(self, place: int, stop: int, end: int) -> int:
        """Return where a word begins that ends what is said; “ส่วน” does so only if somebody is named or speaks behind it."""
        for ended in self._end.finditer(self.covered, place + 8, stop):
            if ended[0].strip() not in _WEAK_ENDS:
                return ended.start()
            people = [
                one for one in self.mentions.between(ended.end(), min(end, ended.end() + 60)) if one.kind == "person"
            ]
            if people or self._lead.search(self.verbs, ended.end(), min(end, ended.end() + _LONG_FILLER)):
                return ended.start()
        return stop

    def _ends_clause(self, place: int, span: Span, end: int) -> bool:
        """Whether a quotation behind a clause is one of its own: a sentence, and its paragraph or a “she said” follows."""
        before = self.covered[place : span[0]].strip()
        is_subject = len(before) <= _SUBJECT and " " not in before and not _HOLDS_VERB.search(before)
        if is_subject or _PREDICATE.search(before) or self._is_title(span):
            return False
        if self._tag_behind(span, end, None) is not None:
            return True
        is_sentence = span[1] - span[0] > _OWN_SENTENCE and self.covered[span[0] - 1] == " "
        return is_sentence and not self.covered[span[1] : end].strip()

    def _is_called(self, begin: int, span: Span) -> bool:
        """Whether words in marks are what a thing is called: “เรียกถังขยะของตัวเองว่า “…””."""
        head = self.covered[max(begin, span[0] - 60) : span[0]].rstrip()
        return head.endswith(self.rules.speech_that) and self._calls.search(head) is not None

    def _addresses(self, span: Span) -> bool:
        """Whether words in marks are spoken to somebody: they are long and hold a word of politeness."""
        return span[1] - span[0] > _STANDING and bool(_POLITE.search(self.article.text, *span))

    def _is_title(self, span: Span) -> bool:
        before = self.covered[max(0, span[0] - 24) : span[0]].rstrip(" :")
        return bool(re.search(rf"{alternatives(self.rules.marks_title_before)}$", before))

    # Subjects

    def _sources(self, begin: int, end: int, found: list[SpokenClause]) -> list[SpokenClause]:
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
            subject = self.speakers.of_mention(named, named.end)
            if end - stop >= 8 and match.start() - begin < 40:
                reports.append(SpokenClause(subject, match.span(), ((stop, end),), False, 0.75))
            elif match.start() - begin >= 20:
                reports.append(SpokenClause(subject, match.span(), ((begin, match.start()),), False, 0.6))
        return [
            report
            for report in reports
            if not any(
                one.content[0][0] < report.content[0][1] and report.content[0][0] < one.content[-1][1] for one in found
            )
        ]

    # Quotations with a verb behind them

    def _quotations(
        self, begin: int, end: int, quoted: list[Span], taken: set[Span], found: list[SpokenClause]
    ) -> list[SpokenClause]:
        reports: list[SpokenClause] = []
        waiting: tuple[Span, SpeakingSubject, Span, int] | None = (
            None  # the last quotation with its tag, which another may follow
        )
        for number, span in enumerate(quoted):
            if span in taken:
                waiting = None
                continue
            if self._is_called(begin, span):
                continue
            if self._is_title(span) and span[1] - span[0] < 80 and not self._addresses(span):
                continue
            following = quoted[number + 1][0] if number + 1 < len(quoted) else end
            tag = self._tag_behind(span, min(end, following), following if following < end else None)
            gap = self.covered[waiting[3] : span[0]].strip() if waiting else "x"
            if waiting is not None and tag is None and len(gap) < 30 and not self._lead.search(gap):
                earlier = reports[-1]
                reports[-1] = SpokenClause(
                    earlier.subject, earlier.cue, (*earlier.content, span), True, earlier.strength
                )
                waiting = None
                continue
            if tag is not None:
                subject, cue = tag
                reports.append(SpokenClause(subject, cue, (span,), True, 0.95))
                waiting = (span, subject, cue, cue[1])
                continue
            waiting = None
            before = [one for one in found if one.content[-1][1] <= span[0]]
            last = max(before, key=lambda one: one.content[-1][1], default=None)
            if last is not None and span[0] - last.content[-1][1] <= 3 and span[1] - span[0] > _SENTENCE:
                reports.append(SpokenClause(last.subject, last.cue, (span,), True, 0.8))
            elif (opened := self._before(begin, span)) is not None:
                reports.append(opened)
            elif (standing := self._standing(begin, end, span)) is not None:
                reports.append(standing)
        return reports

    def _standing(self, begin: int, end: int, span: Span) -> SpokenClause | None:
        """Return the report of a quotation that begins or ends a paragraph, beside the person of whom the paragraph tells."""
        if span[1] - span[0] <= _STANDING:
            return None
        before, behind = self.covered[begin : span[0]], self.covered[span[1] : end]
        if not before.strip() and behind.strip():
            start = span[1] + len(behind) - len(behind.lstrip(" ,–—-"))
            if _SAYING.match(self.covered, start, end):
                subject = self.speakers.first_named(start, min(end, start + _TAG))
            else:
                subject = self.speakers.beside(start, end)
        elif not behind.strip() and before.endswith(" ") and COVER_CLOSE not in before:
            subject = (
                self.speakers.beside(begin, span[0])
                or self.speakers.first_of(begin, span[0])
                or self.speakers.first_named(begin, span[0])
            )
            if subject is None and span[1] - span[0] > _OWN_SENTENCE and not self._is_title(span):
                return SpokenClause(None, (span[0], span[0]), (span,), True, 0.45)
        else:
            return None
        return SpokenClause(subject, (span[0], span[0]), (span,), True, 0.6) if subject is not None else None

    def _before(self, begin: int, span: Span) -> SpokenClause | None:
        """Return the report of a verb without ว่า right before a quotation: “กล่าวทิ้งท้าย “…””."""
        window = max(begin, span[0] - 50)
        verbs = list(self._tag.finditer(self.verbs, window, span[0]))
        if not verbs or span[1] - span[0] <= _SENTENCE:
            return None
        between = self.covered[verbs[-1].end() : span[0]]
        is_last = self.covered[span[0] - 1] == " " and self.covered[span[1] : span[1] + 1] in ("", "\n")
        most = 24 if span[1] - span[0] > _STANDING or is_last else _LISTENER
        if COVER_CLOSE in between or len(between.strip()) > most:
            return None
        first = verbs[-1]
        for verb in reversed(verbs[:-1]):
            if first.start() - verb.end() <= 12:
                first = verb
        subject = self.speakers.before(begin, first.start(), begin, None)
        return (
            SpokenClause(subject, (first.start(), verbs[-1].end()), (span,), True, 0.75)
            if subject is not None
            else None
        )

    def _tag_behind(self, span: Span, end: int, next_quote: int | None) -> tuple[SpeakingSubject, Span] | None:
        """Return who speaks and the verb behind a quotation; None if there is no such tag."""
        start = span[1]
        while start < end and self.covered[start] in " ,.–—-":
            start += 1
        limit = min(end, start + (_TAG if span[1] - span[0] > _OWN_SENTENCE else 45))
        opened = self.covered.find(COVER_OPEN, start, limit)
        while opened >= 0 and 0 <= self.covered.find(COVER_CLOSE, opened, end) - opened <= NICKNAME:
            opened = self.covered.find(COVER_OPEN, opened + 1, limit)
        if opened >= 0:
            limit = opened
        for verb in self._tag.finditer(self.verbs, start, limit):
            if self.covered.startswith("ว่า", verb.end()) and not (
                opened >= 0 and not self.covered[verb.end() + 3 : opened].strip()
            ):
                return None
            subject = self.speakers.between(start, verb.start())
            is_named = subject is not None and (subject.who is not None or subject.is_pronoun)
            if span[1] - span[0] <= _TERM and not is_named and " " in self.verbs[start : verb.start()].strip():
                return None  # a name in marks, with a sentence behind it
            if subject is not None:
                return subject, verb.span()
            if verb.start() - start > 60:
                return None
        return None
