"""Who speaks, in Thai: whoever is named or meant beside a verb of speech."""

from __future__ import annotations

import re

from desk.proposals.article import COVER_CLOSE, COVER_OPEN, Article
from desk.proposals.mentions import Mention, Mentions
from desk.proposals.proposal import Span
from desk.proposals.references import SpeakingSubject
from desk.proposals.rules import Rules, alternatives
from desk.proposals.subjects import Subjects
from desk.proposals.thai.text import THAI

_BACK = 260  # characters before a verb in which its subject stands
_HEAD = 60  # characters of a role before the name with which a clause begins
_FEWEST_UNKNOWN, _MOST_UNKNOWN = 2, 20  # characters of a word that nothing is known of
NICKNAME = 16  # characters of a nickname with its marks
_MOST_NOUN = 60  # characters of a role or group of several words
_CAUSES = ("ทำให้", "จนทำให้", "จน", "กระทั่ง", "ส่งผลให้")
# A verb inside another word, such as ดังกล่าว or นักเขียน, is none; nor is ถูกถาม.
WHOLE = "(?<!ดัง)(?<!ส่ง)(?<!มุ่ง)(?<!คำ)(?<!ความ)(?<!ข้อ)(?<!กระ)(?<!นัก)(?<!ผู้)(?<!ถูก)"


def that_pattern(rules: Rules) -> str:
    """Return a regular expression for ว่า as a word of its own: not in กว่า, ระหว่าง or ผู้ว่าการ, but behind รับปาก and แก."""
    verbs = (*rules.speech_say, *rules.speech_state, *rules.speech_ask, *rules.speech_quote)
    words = (*verbs, *rules.speech_listener, *rules.reference_anybody, *rules.names_kin)
    behind = "|".join(f"(?<={word})" for word in sorted(set(words)) if word.endswith("ก"))
    return rf"(?:{behind}|(?<![^อ]ก))(?<!ระห)(?<!รัฐมนตรี)(?<!ผู้){alternatives(rules.speech_that)}"


class ThaiSubjects:
    """Finds who stands before a verb of speech, or between a quotation and the verb behind it."""

    def __init__(self, article: Article, mentions: Mentions, subjects: Subjects) -> None:
        self.article, self.rules, self.mentions, self.subjects = article, article.rules, mentions, subjects
        self.covered = article.covered
        rules = self.rules
        self.that = that_pattern(rules)
        long_say = alternatives([word for word in rules.speech_say if len(word) > 3])
        self._noun = re.compile(alternatives([*rules.reference_group, *rules.roles_word]))
        self._pronoun = re.compile(
            alternatives([*rules.reference_he, *rules.reference_she, *rules.reference_anybody, *rules.reference_they])
        )
        self.words_between = re.compile(rf"(?:\s|{alternatives(rules.speech_between)}|{WHOLE}{long_say})+$")
        self.adding = re.compile(rf"{alternatives(rules.speech_adding)}(?: ?{alternatives(rules.speech_between)})*$")
        lead = alternatives([*rules.speech_end, *rules.speech_adding, *_CAUSES, "เพราะ", "ซึ่ง", "ที่"])
        self._connector = re.compile(rf"{lead} ?")
        self._clause = re.compile(rf"(?:^|(?<=[ \n{COVER_CLOSE}])){alternatives(rules.speech_end)} ?")
        self._no_speaker = re.compile(alternatives([word for word in rules.names_not if "ข่าว" in word]))
        self._before_person = re.compile(
            rf"(?:{alternatives([*rules.roles_word, *rules.roles_before, *rules.names_title, *rules.organizations_word])})"
            rf"|[{THAI}]{{0,8}}$"
        )

    def before(self, floor: int, cue: int, paragraph: int, previous: SpeakingSubject | None) -> SpeakingSubject | None:
        """Return who stands before a verb: a name, a pronoun, a role right before it or at the beginning of its clause.

        `floor` is where the words before this verb begin; `previous` speaks where “พร้อมย้ำว่า” names nobody.
        """
        is_inside = floor > paragraph  # behind another verb of speech
        floor = max(floor, cue - _BACK)
        floor = self._behind_quotation(floor, cue)
        stripped = self.words_between.sub("", self.covered[floor:cue])
        place = floor + len(stripped)
        blank = self.covered.rfind(" ", floor, place)
        chunk_start = blank + 1 if blank >= floor else floor
        lead = self._connector.match(self.covered, chunk_start, place)
        noun_start = lead.end() if lead else chunk_start
        if self._no_speaker.match(self.covered, noun_start, place):
            return None
        people = [one for one in self.mentions.between(floor, place) if one.kind == "person"]
        if people and people[-1].end == place:
            return self.of_mention(people[-1], place)
        pronoun = self._pronoun.match(self.covered, noun_start, place)
        if pronoun and (pronoun.end() == place or not self.covered[pronoun.end() : place].strip()):
            return self._of_pronoun(pronoun.span(), pronoun[0])
        if people and self._is_description(people[-1].end, place):
            return self.of_mention(people[-1], place)
        noun = self._noun.match(self.covered, noun_start, place)
        if noun and noun.end() == place:
            return self._of_noun((noun_start, place), noun[0])
        if people:
            topic = self._topic(people, floor, place)
            if topic is not None and is_inside and not self._begins_words(topic):
                topic = None
            if topic is not None:
                return self.of_mention(topic, place)
        bodies = [one for one in self.mentions.between(floor, place) if one.kind == "organization"]
        if bodies and (bodies[-1].end == place or self._is_description(bodies[-1].end, place)):
            return self.of_mention(bodies[-1], place)
        if noun and place - noun_start <= 60:
            return self._of_noun((noun_start, place), noun[0])
        if bodies and not people and (topic := self._topic(bodies, floor, place)) is not None:
            return self.of_mention(topic, place)
        adds = not stripped.strip() or self.adding.search(stripped.rstrip()) or self.adding.match(stripped.strip())
        if previous is not None and adds:
            return previous
        if people and len(self.covered[people[-1].end : place]) < 70 and not is_inside:
            return self.of_mention(people[-1], place)
        nouns = self._first_noun(floor, place)
        if nouns is not None:
            return nouns
        if previous is not None and lead is not None and len(stripped.strip()) < 25:
            return previous
        if adds or lead is not None:
            return self.first_of(paragraph, cue)
        return None

    def _begins_words(self, mention: Mention) -> bool:
        """Whether a blank, or a word that begins something new, stands before a name with its title."""
        head = self.covered[max(0, mention.start - 40) : mention.start]
        head = re.sub(rf"(?:{alternatives(self.rules.names_title)} ?)+$", "", head)
        return not head or head[-1] == " " or bool(re.search(rf"{alternatives(self.rules.speech_end)}$", head))

    def _behind_quotation(self, floor: int, cue: int) -> int:
        """Return where the last quotation before a verb ends; a nickname in marks is none."""
        close = self.covered.rfind(COVER_CLOSE, floor, cue)
        while close >= 0:
            opened = self.covered.rfind(COVER_OPEN, floor, close)
            if opened < 0 or close - opened > NICKNAME:
                return close + 1
            close = self.covered.rfind(COVER_CLOSE, floor, opened)
        return floor

    def _topic(self, people: list[Mention], floor: int, place: int) -> Mention | None:
        """Return the person with whom the clause of a verb begins: what stands between says who that is, or what that one does."""
        starts = [match.end() for match in self._clause.finditer(self.covered, floor, place)]
        begin = max((start for start in starts if start <= people[-1].start), default=floor)
        first = next((one for one in people if one.start >= begin), None)
        if first is None or re.search(self.that, self.covered[first.end : place]):
            return None
        head = self.covered[begin : first.start].strip()
        if len(head) <= _HEAD and (not head or self._before_person.match(head)):
            return first
        return None

    def _first_noun(self, floor: int, place: int) -> SpeakingSubject | None:
        """Return the role or group of several words that begins a clause: “ผู้แทนที่เข้าร่วมการประชุม”."""
        nouns = list(self._noun.finditer(self.covered, max(floor, place - 90), place))
        starts = [
            one
            for one in nouns
            if one.start() == floor
            or self.covered[one.start() - 1] == " "
            or self._connector.search(self.covered[max(floor, one.start() - 14) : one.start()])
        ]
        if not starts:
            return None
        begin = starts[-1].start()
        is_long = place - begin > _MOST_NOUN and " " in self.covered[begin:place]
        return None if is_long else self._of_noun((begin, place), starts[-1][0])

    def first_of(self, paragraph: int, cue: int) -> SpeakingSubject | None:
        """Return the person or the pronoun with which a paragraph begins, or a phrase of it."""
        people = [one for one in self.mentions.between(paragraph, cue) if one.kind == "person"]
        for match in re.finditer(r"(?:^| )(?=\S)", self.covered[paragraph:cue]):
            place = paragraph + match.end()
            if people and people[0].start - place in range(12):
                return self.of_mention(people[0], people[0].end)
            if pronoun := self._pronoun.match(self.covered, place, cue):
                return self._of_pronoun(pronoun.span(), pronoun[0])
        return None

    def _is_description(self, begin: int, end: int) -> bool:
        """Whether what stands between a name and a verb only says who that is."""
        text = self.covered[begin:end].strip()
        if not text:
            return True
        if self._clause.search(self.covered, begin + 1, end):
            return False
        rules = self.rules
        words = re.compile(
            rf"(?:{alternatives([*rules.roles_word, *rules.organizations_word, *rules.roles_before, *rules.roles_doing])}|"
            rf"วัย|อายุ|\(|จาก|ผู้|หนึ่งใน|แห่ง|สมาชิก|สังกัด|คณะ|ภาควิชา|ในฐานะ|หรือ|ซึ่ง|ที่|ทายาท|[A-Z])"
        )
        return bool(words.match(text)) and not re.search(self.that, text)

    def of_mention(self, mention: Mention, end: int) -> SpeakingSubject:
        title = re.search(
            rf"(?:{alternatives(self.rules.names_title)} ?)+$", self.covered[max(0, mention.start - 30) : mention.start]
        )
        start = mention.start - len(title[0]) if title else mention.start
        before = self.covered[max(0, start - 16) : start]
        lead = re.search(rf"(?:{alternatives([*self.rules.speech_end, *self.rules.speech_adding])}) ?$", before)
        start -= len(lead[0]) if lead else 0
        return SpeakingSubject(
            mention.span, (start, end), mention.who, mention.record, is_person=mention.kind == "person"
        )

    def _of_pronoun(self, span: Span, word: str) -> SpeakingSubject:
        gender = "he" if word in self.rules.reference_he else "she" if word in self.rules.reference_she else ""
        if word in self.rules.reference_they:
            return SpeakingSubject(span, span, None, is_pronoun=True)
        return self.subjects.pronoun_for(span, gender)

    def _of_noun(self, span: Span, noun: str) -> SpeakingSubject:
        """Return the subject of a role or a group: whoever had this role, or the body whose name begins with it."""
        text = self.covered[slice(*span)]
        earlier = self.mentions.before(span[0])
        for mention in reversed(earlier):
            if mention.kind == "organization" and noun in self.rules.reference_group and mention.who.startswith(noun):
                return SpeakingSubject(span, span, mention.who, mention.record)
        if noun in self.rules.roles_word:
            for mention in reversed(earlier):
                is_title = noun in self.rules.names_title and text == noun
                if mention.kind == "person" and is_title and self.covered.endswith(noun, 0, mention.start):
                    return SpeakingSubject(span, span, mention.who, mention.record, is_person=True)
            before = re.compile(rf"{re.escape(noun)}[{THAI}]{{0,40}} ?(?:{alternatives(self.rules.names_title)} ?)*$")
            for mention in reversed(earlier):
                head = self.covered[max(0, mention.start - 70) : mention.start]
                if mention.kind == "person" and before.search(head):
                    return SpeakingSubject(span, span, mention.who, mention.record, is_person=True)
            if re.search(r"วัย ?\d|คนนี้|ผู้นี้|รายนี้", text) or noun in ("โค้ช", "กุนซือ"):
                person = self.subjects.person_before(span[0], "")
                return SpeakingSubject(
                    span, span, person.who if person else None, person.record if person else None, is_person=True
                )
            for mention in reversed(earlier):
                near = (
                    self.covered[max(0, mention.start - 24) : mention.start]
                    + self.covered[mention.end : mention.end + 24]
                )
                if mention.kind == "person" and noun in near:
                    return SpeakingSubject(span, span, mention.who, mention.record, is_person=True)
        return SpeakingSubject(span, span, None, is_person=noun in self.rules.roles_word)

    # “ตามที่ … กล่าว”

    def between(self, start: int, cue: int) -> SpeakingSubject | None:
        """Return the subject between a quotation and the verb behind it."""
        stripped = self.words_between.sub("", self.covered[start:cue])
        place = start + len(stripped)
        if place <= start:
            return None
        people = [one for one in self.mentions.between(start, place) if one.kind == "person"]
        if people and people[0].start - start <= 14:
            return self.of_mention(people[0], place)
        pronoun = self._pronoun.match(self.covered, start, place)
        if (
            pronoun
            and place - pronoun.end() <= 30
            and not (self._noun.match(self.covered, start, place) and pronoun.end() < place - 6)
        ):
            return self._of_pronoun(pronoun.span(), pronoun[0])
        noun = self._noun.match(self.covered, start, place)
        if noun and place - start <= 60:
            return self._of_noun((start, place), noun[0])
        bodies = [one for one in self.mentions.between(start, place) if one.kind == "organization"]
        if bodies and bodies[0].start == start:
            return self.of_mention(bodies[0], place)
        return self._unknown(start, place)

    def _unknown(self, start: int, place: int) -> SpeakingSubject | None:
        """Return the subject of a short word that nothing is known of, between a quotation and its verb: “…” ฮาร์โตโนเขียน."""
        word = self.covered[start:place].rstrip()
        if not _FEWEST_UNKNOWN <= len(word) <= _MOST_UNKNOWN or not re.fullmatch(f"[{THAI}]+", word):
            return None
        if self._connector.match(word) or word.startswith(self.rules.names_common):
            return None
        return SpeakingSubject((start, start + len(word)), (start, place), None, is_person=True)

    def first_named(self, start: int, end: int) -> SpeakingSubject | None:
        """Return the first person named between two places."""
        people = [one for one in self.mentions.between(start, end) if one.kind == "person"]
        return self.of_mention(people[0], people[0].end) if people else None

    def beside(self, start: int, end: int) -> SpeakingSubject | None:
        """Return the person with whom words begin: a name, a pronoun or a role; None if they begin otherwise."""
        lead = self._clause.match(self.covered, start, end)
        start = lead.end() if lead else start
        people = [one for one in self.mentions.between(start, min(end, start + 120)) if one.kind == "person"]
        head = self.covered[start : people[0].start].strip() if people else ""
        if people and len(head) <= _HEAD and (not head or self._before_person.match(head)):
            return self.of_mention(people[0], people[0].end)
        if pronoun := self._pronoun.match(self.covered, start, end):
            return self._of_pronoun(pronoun.span(), pronoun[0])
        noun = self._noun.match(self.covered, start, end)
        if noun is None:
            return None
        stop = self.covered.find(" ", start, end)
        return self._of_noun((start, stop if 0 <= stop - start <= 40 else noun.end()), noun[0])
