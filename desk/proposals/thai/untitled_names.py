"""Thai names without a title: two words with a role, an age, a verb of speech or a word such as ของ beside them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cached_property

from django.utils.translation import gettext as _

from desk.proposals.article import COVER_CLOSE, COVER_OPEN
from desk.proposals.mentions import Mention
from desk.proposals.proposal import Span
from desk.proposals.rules import alternatives, rules_for
from desk.proposals.thai.name_shapes import LATIN_NAME, ThaiNameShapes
from desk.proposals.thai.text import THAI

_FEWEST_PLACES = 2  # of a word that nothing but its verb of speech makes a name
_SHORT_PART = 14  # characters of a part of a name that has little beside it
_NOUN_MAKERS = ("การ", "ความ")  # with a verb behind them they are nouns: “การบอกว่า …”
_BODY_ENDS = frozenset(["AS", "AG", "AB", "SA", "NV", "BV", "Ltd", "Inc", "LLC", "Corp", "Plc", "PLC", "GmbH", "FC"])


class ThaiUntitledNames:
    """Finds the names of one article that have no title before them."""

    def __init__(self, shapes: ThaiNameShapes) -> None:
        self.shapes, self.rules, self.covered = shapes, shapes.rules, shapes.covered

    @cached_property
    def _opening(self) -> re.Pattern[str]:
        """What begins the clause of a name."""
        lead = alternatives([*self.rules.speech_end, *self.rules.names_kin, *self.rules.names_before])
        return re.compile(rf"(?:^|\n|{lead} ?|[,:;|({COVER_CLOSE}] ?)$")

    @cached_property
    def _before_with_blank(self) -> re.Pattern[str]:
        """A word with a blank behind it, which Thai prints before names: “ของ อาทร ดำรงฤทธิ์”."""
        return re.compile(rf"{alternatives(self.rules.names_before)} $")

    @cached_property
    def _role_before(self) -> re.Pattern[str]:
        roles = self.shapes.roles
        return re.compile(
            rf"(?:{roles}(?:[{THAI}]{{0,40}}|[{THAI}A-Za-z. ]{{0,24}}) |(?:ภาพ|เรื่อง|เขียนโดย|ถ่ายภาพ) ?: ?)$"
        )

    @cached_property
    def _lead_start(self) -> re.Pattern[str]:
        """A word that is glued to the name behind it: ขณะที่โอบเอื้อ เบญจกุล."""
        return re.compile(alternatives([*self.rules.speech_end, "โดย", "จน", "คือ", "ซึ่ง", "ฝั่ง"]))

    @cached_property
    def _parent(self) -> re.Pattern[str]:
        """A word such as แม่ that Thai puts before the names of older people, with a name behind it that is long enough."""
        return re.compile(rf"(?:แม่|พ่อ)(?=[ก-ฮเแโใไ][{THAI}]{{3}})")

    @cached_property
    def _title_inside(self) -> re.Pattern[str]:
        hard = [title for title in self.rules.names_title if title not in self.rules.names_loose]
        return re.compile(alternatives([title for title in hard if len(title) > 2]))

    @cached_property
    def _goes_on(self) -> re.Pattern[str]:
        """What stands behind a name of nickname, given name and surname."""
        return re.compile(r" (?:ซึ่ง|ที่|และ|กับ|หรือ|นัก|ผู้)|[)\n]|$")

    def mentions(self) -> Iterable[Mention]:
        """Yield the names in Thai letters, then those in Latin letters."""
        for match in re.finditer(rf"(?<![{THAI}])[{THAI}]{{2,22}}(?= [{THAI}])", self.covered):
            begin = match.start()
            word = self._lead_start.match(self.covered, begin, match.end())
            if word and match.end() - word.end() >= 2:
                begin = word.end()
            name = self.shapes.name_at(begin, must_have_surname=True)
            if name is None or self.shapes.begins_other.match(self.covered, begin):
                continue
            full = self._without_nickname(name)
            if full != name or self._is_name(name, glued=word is not None):
                parent = self._parent.match(self.covered, *full)
                yield self._mention(parent.end() if parent else full[0], full[1], 0.75)
        yield from self._without_surname()
        yield from self._latin()

    def _without_surname(self) -> Iterable[Mention]:
        """Yield the one word behind “ด้าน” that speaks, and those of whom the article keeps the surname back."""
        leads = alternatives(word for word in self.rules.speech_end if len(word) <= 8)
        kept_back = r"(?= ?\((?:ขอ)?(?:สงวนนามสกุล|นามสมม[ตุ]))"
        alone = rf"(?:^|[\n ])(?:{leads} |(?<=\n))(?P<one>[{THAI}]{{2,10}})(?= )"
        age = rf"(?<![{THAI}])(?P<old>[{THAI}]{{2,10}})(?= (?:วัย|อายุ) ?\d+ ปี)"
        for match in re.finditer(rf"(?<![{THAI}])(?P<kept>[{THAI}]{{2,20}}){kept_back}|{alone}|{age}", self.covered):
            begin, end = match.span(match.lastgroup or 0)
            word = self.covered[begin:end]
            if match.lastgroup == "kept":
                title = self._any_title.match(word)
                begin += title.end() if title and len(word) - title.end() >= 2 else 0
                if end - begin <= _SHORT_PART:
                    yield self._mention(begin, end, 0.6)
                continue
            begins = word.startswith(self.rules.sentences_begin)
            is_other = (
                begins
                or self.shapes.is_phrase([word])
                or self.shapes.begins_other.match(word)
                or self._any_noun.match(word)
            )
            if not is_other and self.shapes.speaks_later.match(self.covered, end):
                yield self._mention(begin, end, 0.5)

        yield from self._speaking_words()

    def _speaking_words(self) -> Iterable[Mention]:
        """Yield short words that speak and stand as words of their own more than once: “…” ไลลาบอก."""
        rules = self.rules
        verbs = alternatives([*rules.speech_say, *rules.speech_quote])
        leads = alternatives(rules.speech_end)
        speaks = re.compile(
            rf"(?:(?<=[\n{COVER_CLOSE}])|(?<={COVER_CLOSE} )|(?<=[\n ]){leads}|^)(?P<one>[{THAI}]{{2,10}}?)"
            rf"(?:{alternatives(rules.speech_between)})?{verbs}(?=[ \n{COVER_OPEN}]|ว่า|$)"
        )
        no_names = (
            *rules.sentences_begin, *rules.speech_adding, *rules.speech_between, *rules.speech_state,
            *rules.names_before, *rules.names_doing, *rules.names_end,
        )  # fmt: skip
        for word in dict.fromkeys(match["one"] for match in speaks.finditer(self.covered)):
            if (
                word.startswith(no_names)
                or word.endswith(_NOUN_MAKERS)
                or self.shapes.is_phrase([word])
                or self._any_noun.match(word)
                or self.shapes.begins_other.match(word)
            ):
                continue
            places = [one.start() for one in re.finditer(re.escape(word), self.covered)]
            alone = [place for place in places if self.shapes.stands_alone(place, place + len(word))]
            if len(alone) >= _FEWEST_PLACES:
                for place in alone:
                    yield self._mention(place, place + len(word), 0.5)

    @cached_property
    def _any_title(self) -> re.Pattern[str]:
        return re.compile(rf"(?:{self.shapes.titles})+")

    @cached_property
    def _any_noun(self) -> re.Pattern[str]:
        rules = self.rules
        return re.compile(
            alternatives([*rules.reference_group, *rules.reference_he, *rules.reference_she, *rules.reference_anybody,
                          *rules.reference_they, *rules.events_word, *rules.names_title])
        )  # fmt: skip

    def _mention(self, begin: int, end: int, score: float) -> Mention:
        reason = _("A role, an age or a verb of speech stands beside two words.")
        return Mention(begin, end, "person", self.covered[begin:end], score, reason)

    def _without_nickname(self, name: Span) -> Span:
        """Return the given name and the surname of มิ้นท์ ลลิล พันธุ์เพ็ง, a nickname with the full name behind it."""
        begin, end = name
        parts = self.covered[begin:end].split(" ")
        if len(parts) != 2 or len(parts[0]) > 7:
            return name
        second = end - len(parts[1])
        full = self.shapes.name_at(second, must_have_surname=True)
        if full is None or full[1] == end or self.shapes.is_phrase(self.covered[slice(*full)].split()):
            return name
        head = self.covered[max(0, begin - 60) : begin]
        has_evidence = (
            self.shapes.cue_behind.match(self.covered, full[1])
            or self.shapes.role_behind.match(self.covered, full[1])
            or (self._goes_on.match(self.covered, full[1]) and (self._role_before.search(head) or not head.strip()))
        )
        return full if has_evidence else name

    def _is_name(self, name: Span, *, glued: bool) -> bool:
        begin, end = name
        who = self.covered[begin:end]
        parts = who.split()
        if any(part.startswith("การ") and len(part) > 9 for part in parts) or self._title_inside.search(who):
            return False
        if self.shapes.is_phrase(parts) or self.shapes.is_body(begin, parts):
            return False
        head = self.covered[max(0, begin - 60) : begin]
        follows_role = bool(self.shapes.role_behind.match(self.covered, end))
        follows_cue = bool(self.shapes.cue_behind.match(self.covered, end))
        leads = bool(self._opening.search(head)) or begin == 0 or glued
        has_role = bool(self._role_before.search(head))
        is_short = all(len(part) <= _SHORT_PART for part in parts) and self.covered[begin - 1 : begin] == " "
        is_pair = len(parts) == 2 and is_short
        return (
            (follows_role and not follows_cue and is_pair and self.covered[end] == " ")
            or (follows_role and (leads or has_role))
            or (follows_cue and (leads or has_role))
            or (is_pair and bool(re.search(r"ชื่อ(?:ว่า)? $", head)))
            or (is_pair and bool(self._before_with_blank.search(head)) and self.covered[end : end + 1] in " ,)\n")
            or (
                has_role
                and bool(re.match(r"[\s)|]|$", self.covered[end : end + 1]))
                and len(who) <= 26
                and (follows_cue or "ภาพ" in head[-8:])
            )
        )

    def _latin(self) -> Iterable[Mention]:
        """Yield names in Latin letters with a title before them, or a role or a verb of speech behind them."""
        before = re.compile(rf"{self.shapes.titles} ?$")
        bodies = {*rules_for("en").organizations_word, *rules_for("en").events_word, *_BODY_ENDS}
        last = -1
        for match in LATIN_NAME.finditer(self.covered):
            head = self.covered[max(0, match.start() - 60) : match.start()]
            words = match[0].split()
            begin = match.start()
            if words[0] in ("Mr", "Ms", "Mrs", "Dr", "Prof", "Miss"):
                begin += len(words[0]) + 1
                words = words[1:]
            if bodies.intersection(words) or len(words) < 2:
                continue
            role_of_another = (
                last >= 0 and match.start() - last < 120 and self._role_before.search(head) and "\n" not in head
            )
            if begin > match.start() or before.search(head):
                pass
            elif role_of_another or not (
                self.shapes.cue_behind.match(self.covered, match.end())
                or self.shapes.role_behind.match(self.covered, match.end())
            ):
                continue
            last = match.end()
            yield self._mention(begin, match.end(), 0.8)
