"""Other names of one person in Thai: nicknames before a full name, in marks or brackets, and behind หรือ."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cached_property

from django.utils.translation import gettext as _

from desk.proposals.mentions import Mention
from desk.proposals.rules import alternatives
from desk.proposals.thai.name_shapes import ThaiNameShapes
from desk.proposals.thai.text import THAI

_LONGEST = 14  # characters of a nickname
_MARKS = "“”‘’\"'"


class ThaiNicknames:
    """Finds the nicknames of one article, and full names that only a nickname with a hyphen gives away."""

    def __init__(self, shapes: ThaiNameShapes) -> None:
        self.shapes, self.rules = shapes, shapes.rules
        self.covered, self.text = shapes.covered, shapes.article.text

    @cached_property
    def _loose(self) -> str:
        return rf"(?:{alternatives(self.rules.names_loose)} ?)?"

    def hyphenated(self) -> Iterable[tuple[str, Mention]]:
        """Yield the nickname and the full name of ปลาวาฬ-นภัสสร คำแก้วกูล."""
        pattern = rf"(?<![{THAI}])([{THAI}]{{2,24}}) ?[-–] ?(?=[{THAI}]{{2,16}} [{THAI}]{{3}})"
        lead = re.compile(alternatives([*self.rules.speech_end, *self.rules.names_before]))
        loose = re.compile(self._loose)
        for match in re.finditer(pattern, self.covered):
            name = self.shapes.name_at(match.end(), must_have_surname=True)
            if name is None:
                continue
            who = self.covered[slice(*name)]
            if self.shapes.is_phrase(who.split()):
                continue
            nick = match[1]
            word = lead.match(nick)
            nick = nick[word.end() :] if word and len(nick) - word.end() >= 2 else nick
            title = loose.match(nick)
            nick = nick[title.end() :] if title and len(nick) - title.end() >= 2 else nick
            roles = list(re.finditer(self.shapes.roles, nick))
            if roles and len(nick) - roles[-1].end() >= 2:
                nick = nick[roles[-1].end() :]
            if len(nick) > _LONGEST or not (self._has_evidence(match.start(), name[1]) or self._speaks(nick)):
                continue
            yield nick, Mention(*name, "person", who, 0.8, _("A nickname stands before the name."))

    def _has_evidence(self, begin: int, end: int) -> bool:
        head = self.covered[max(0, begin - 24) : begin]
        return bool(
            self.shapes.role_behind.match(self.covered, end)
            or self.shapes.cue_behind.match(self.covered, end)
            or re.search(rf"(?:{self.shapes.roles}[{THAI}]{{0,20}}|{alternatives(self.rules.names_before)}) ?$", head)
            or re.match(r" (?:ซึ่ง|ที่|เจ้าของ|นัก|ผู้)", self.covered[end : end + 10])
        )

    def _speaks(self, nick: str) -> bool:
        """Whether the nickname has a verb of speech behind it somewhere."""
        return any(
            self.shapes.cue_behind.match(self.covered, place + len(nick))
            for place in self._places(nick)
            if self.shapes.stands_alone(place, place + len(nick))
        )

    def _places(self, nick: str) -> list[int]:
        return [match.start() for match in re.finditer(re.escape(nick), self.covered)]

    def beside(self, mention: Mention) -> Iterable[str]:
        """Yield the nicknames that stand beside a full name."""
        head = self.text[max(0, mention.start - 60) : mention.start]
        tail = self.text[mention.end : mention.end + 60]
        nick = rf"([{THAI}]{{2,{_LONGEST}}})"
        marked = rf"[{_MARKS}]{self._loose}{nick}[{_MARKS}]"
        alias = alternatives(self.rules.names_alias)
        titles = rf"(?:{self.shapes.titles} ?)*"
        patterns_before = [
            rf"{marked} ?{titles}$",
            rf"(?:^|[ \n]|{alternatives(self.rules.speech_end)}){self._loose}{nick} ?{alias} ?{titles}$",
            rf"(?:^|[ \n({_MARKS}]){self._loose}{nick}(?:ค่ะ|ครับ)? \({titles}$",
            rf"(?:^|[ \n]|{self.shapes.roles}){self._loose}([{THAI}]{{2,7}}) $",
        ]
        patterns_behind = [
            rf" ?\((?:{alias} ?)?[{_MARKS}]?{self._loose}{nick}[{_MARKS}]?\)",
            rf" ?{alias} ?[{_MARKS}]?{self._loose}{nick}[{_MARKS}]?(?=[ ,)\n]|$)",
            rf" {marked}",
        ]
        found = [re.search(pattern, head) for pattern in patterns_before]
        found += [re.match(pattern, tail) for pattern in patterns_behind]
        for match in found:
            if match and self._is_nickname(match[1]):
                yield match[1]

    def _is_nickname(self, nick: str) -> bool:
        rules = self.rules
        return not (
            nick in rules.names_before
            or nick in rules.roles_word
            or nick.startswith((*rules.names_common, *rules.sentences_begin))
            or nick in ("สงวนนามสกุล", "นามสมมติ", "นามสมมุติ", "ซ้าย", "ขวา", "กลาง", "คนกลาง", "แฟ้มภาพ")
            or self.shapes.begins_other.match(nick)
            or any(word in nick for word in self.shapes.common_inside if len(word) > 3)
        )

    def mentions(self, nick: str, who: str, gender: str) -> Iterable[Mention]:
        """Yield the places where a nickname stands as a word of its own."""
        for place in self._places(nick):
            if self.shapes.stands_alone(place, place + len(nick)):
                yield Mention(
                    place, place + len(nick), "person", who, 0.65, _("A nickname of a name that is given in full."),
                    None, gender,
                )  # fmt: skip
